"""``onestory demo``: the sample feed on a private Redis, told as stories."""

from contextlib import ExitStack

from workers.commands.session import client, err, out, server, told
from workers.demo.feed import demo_gold, demo_lines
from workers.demo.report import demo_report
from workers.processes import WorkerPool
from workers.render.progress import run_progress
from workers.render.summary import run_summary
from workers.run import Run
from workers.settings import Settings


@told
def demo() -> None:
    """A day of made-up RU and EN wire news becomes stories, before your eyes."""
    with ExitStack() as stack:
        # Always the embedded default: a demo must not write into anybody's server.
        settings = Settings().model_copy(update={"redis_url": None, "namespace": "demo"})
        settings = stack.enter_context(server(settings))
        redis = stack.enter_context(client(settings))
        pool = stack.enter_context(WorkerPool(settings, 1))
        show = stack.enter_context(run_progress(err))
        job = Run(redis, settings, pool, show, keep_events=True)
        totals = job.run(iter(demo_lines()))
    out.print(demo_report(job.events, demo_gold()))
    out.print(run_summary(totals))
