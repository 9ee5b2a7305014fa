"""``onestory replay``, ``diff`` and ``switch``: try a model or threshold, then go over to it."""

import asyncio
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from redis import Redis

from contracts.streams import Streams
from workers.commands.session import (
    DataFolder,
    RedisUrl,
    connected,
    err,
    out,
    settings_from,
    told,
)
from workers.connection.clients import connect
from workers.errors import OnestoryError
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.render.diff import diff_report, switch_report
from workers.render.progress import run_progress
from workers.render.summary import run_summary
from workers.settings import Settings
from workers.shadow.diff import diff as compared
from workers.shadow.history import History, history_of
from workers.shadow.replay import Replay
from workers.shadow.switch import Switch, Switched
from workers.state.streams import STDIN, lines_of

_NS = "Name of a namespace."


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
            help="Namespace whose editors' rules are copied.  [default: that of --from-stream]"
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an earlier replay into this namespace.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, help="Worker processes; with one, story ids are repeatable.")
    ] = 1,
    redis_url: RedisUrl = None,
    data_folder: DataFolder = None,
) -> None:
    """Put archived articles through a namespace of their own, with this environment's model."""
    if bool(files) == (from_stream is not None):
        raise OnestoryError("what is to be replayed? Name files, or give --from-stream NAMESPACE")
    _readable(files or [])
    with ExitStack() as stack:
        redis, settings = stack.enter_context(connected(redis_url, into, data_folder))
        source, rules = (_streams(name) for name in (from_stream, rules_from or from_stream))
        job = Replay(redis, settings, source, rules)
        job.begin(resume=resume)
        pool = stack.enter_context(WorkerPool(settings, workers))
        show = stack.enter_context(run_progress(err))
        totals = Run(redis, settings, pool, show).run(lines_of(files) if files else job.lines())
        job.done()
    out.print(run_summary(totals, dead_hint=f"onestory dead list --namespace {into}"))
    out.print(f"Next: onestory diff {from_stream or 'NAMESPACE'} {into}", markup=False)
    if totals.unaccounted:
        raise typer.Exit(1)


@told
def diff(
    first: Annotated[str, typer.Argument(help=_NS)],
    second: Annotated[str, typer.Argument(help="Name of the other one.")],
    json_output: Annotated[bool, typer.Option("--json", help="The differences as JSON.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="Groups of stories shown.")] = 20,
    articles: Annotated[
        bool, typer.Option("--articles", help="List all articles of these stories.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit code 1 if any story differs.")
    ] = False,
    redis_url: RedisUrl = None,
    data_folder: DataFolder = None,
) -> None:
    """Say which stories of two namespaces differ, and why."""
    with connected(redis_url, first, data_folder) as (redis, settings):
        other = _named(settings, second)
        found = compared((first, second), _history(redis, settings), _history(redis, other))
    if json_output:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        out.print(diff_report(found, limit=limit, articles=articles))
    if exit_code and found.groups:
        raise typer.Exit(1)


@told
def switch(
    new: Annotated[str, typer.Argument(help="Namespace that is taken over: the shadow.")],
    into: Annotated[str, typer.Option(help="Live namespace that is changed.")],
    redis_url: RedisUrl = None,
    data_folder: DataFolder = None,
) -> None:
    """Go over to another namespace's model and stories; consumers see stories split and merge."""
    with connected(redis_url, into, data_folder) as (redis, live):
        shadow = _named(live, new)
        history = history_of(redis, shadow.streams)
        done = asyncio.run(_switched(live, shadow, history))
    out.print(switch_report(done, into))


async def _switched(live: Settings, shadow: Settings, history: History) -> Switched:
    redis = connect(live)
    try:
        return await Switch(redis, live, shadow, history).run()
    finally:
        await redis.aclose()


def _history(redis: Redis, settings: Settings) -> History:
    if not redis.exists(settings.streams.stories):
        raise OnestoryError(f"namespace {settings.namespace!r} has told no stories yet")
    return history_of(redis, settings.streams)


def _named(settings: Settings, namespace: str) -> Settings:
    """The same server and settings, another namespace."""
    _streams(namespace)
    return settings.model_copy(update={"namespace": namespace})


def _streams(namespace: str | None) -> Streams | None:
    return None if namespace is None else settings_from(None, namespace).streams


def _readable(files: list[Path]) -> None:
    for file in files:
        if file != STDIN and not file.is_file():
            raise OnestoryError(f"{file}: no such file")
