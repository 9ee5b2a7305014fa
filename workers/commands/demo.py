"""``onestory demo``: the sample feed, or a scripted day, on a private Redis."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
from redis import Redis

from workers.commands.session import err, out, server, told
from workers.connections import client
from workers.demo.day import day_steps
from workers.demo.day_report import StoryNames, day_report, outcome_report
from workers.demo.feed import demo_gold, demo_lines
from workers.demo.play import Play
from workers.demo.report import demo_report
from workers.processes import WorkerPool
from workers.render.progress import run_progress
from workers.render.summary import run_summary
from workers.run import Run
from workers.settings import Settings


@told
def demo(
    day: Annotated[
        bool,
        typer.Option(
            "--day",
            help="Step by step instead: updates, kills, embargoes, holds and editors' rules.",
        ),
    ] = False,
) -> None:
    """A day of made-up RU and EN wire news becomes stories, before your eyes."""
    with _private_worker() as (redis, settings, pool):
        if day:
            _play_day(redis, settings, pool)
        else:
            _run_feed(redis, settings, pool)


@contextmanager
def _private_worker() -> Iterator[tuple[Redis, Settings, WorkerPool]]:
    with ExitStack() as stack:
        # Always the embedded default: a demo must not write into anybody's server.
        settings = Settings().model_copy(update={"redis_url": None, "namespace": "demo"})
        settings = stack.enter_context(server(settings))
        redis = stack.enter_context(client(settings))
        pool = stack.enter_context(WorkerPool(settings, 1))
        yield redis, settings, pool


def _run_feed(redis: Redis, settings: Settings, pool: WorkerPool) -> None:
    with run_progress(err) as show:
        job = Run(redis, settings, pool, show, keep_events=True)
        totals = job.run(iter(demo_lines()))
    out.print(demo_report(job.events, demo_gold()))
    out.print(run_summary(totals))


def _play_day(redis: Redis, settings: Settings, pool: WorkerPool) -> None:
    play = Play(redis, settings, pool)
    names = StoryNames()
    outcomes = []
    for step in day_steps():
        outcomes.append(play.play(step))
        out.print(outcome_report(outcomes[-1], names))
    out.print()
    out.print(day_report(play.events, outcomes, names))
    if any(outcome.broken for outcome in outcomes):
        raise typer.Exit(1)
