"""``onestory replay``: articles once more, through a namespace of their own."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.streams import Streams
from workers.commands.console import err, out, told
from workers.commands.files import readable
from workers.commands.options import NamedDataFolder, NamedRedisUrl
from workers.commands.session import connected, of_namespace, refuse_empty, settings_from
from workers.errors import OnestoryError
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.render.dead import dead_reasons
from workers.render.progress import run_progress
from workers.render.summary import run_summary
from workers.shadow.replay import Replay
from workers.state.streams import lines_of


@told
def replay(
    into: Annotated[str, typer.Option(help="Fresh namespace that is filled.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="JSON lines, plain or .gz; - reads standard input.")
    ] = None,
    from_stream: Annotated[
        str | None, typer.Option(help="Namespace whose kept input is replayed.")
    ] = None,
    rules_from: Annotated[
        str | None,
        typer.Option(
            help="Namespace whose editors' rules are copied.  \\[default: that of --from-stream]"
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an earlier replay into this namespace.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, help="Worker processes; with one, story ids are repeatable.")
    ] = 1,
    redis_url: NamedRedisUrl = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """Put archived articles through a namespace of their own, with this environment's model."""
    if bool(files) == (from_stream is not None):
        raise OnestoryError("what is to be replayed? Name files, or give --from-stream NAMESPACE")
    readable(files or [])
    with ExitStack() as stack:
        redis, settings = stack.enter_context(connected(redis_url, into, data_folder, writes=True))
        source, rules = (_streams(name) for name in (from_stream, rules_from or from_stream))
        for name in filter(None, (from_stream, rules_from)):
            refuse_empty(redis, of_namespace(settings, name))
        job = Replay(redis, settings, source, rules)
        job.begin(resume=resume)
        pool = stack.enter_context(WorkerPool(settings, workers))
        show = stack.enter_context(run_progress(err))
        run = Run(redis, settings, pool, show)
        lines: Iterator[Any] = lines_of(files) if files else job.entries()
        totals = run.run(lines)
        job.done()
    out.print(run_summary(totals, dead_hint=f"see onestory dead list --namespace {into}"))
    if run.dead.counts:
        out.print(dead_reasons(run.dead.counts, run.dead.first))
    out.print(f"Next: onestory diff {from_stream or 'NAMESPACE'} {into}", markup=False)
    if totals.has_failed:
        raise typer.Exit(1)


def _streams(namespace: str | None) -> Streams | None:
    return None if namespace is None else settings_from(None, namespace).streams
