"""``onestory run``, ``publish`` and ``tail``: articles in, story events out."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from redis import Redis

from contracts.consumer import Partition
from contracts.events import STORY_EVENT
from workers.commands.session import (
    DataFolder,
    Namespace,
    RedisUrl,
    connected,
    err,
    out,
    server,
    settings_from,
    told,
)
from workers.connection.clients import client
from workers.errors import OnestoryError
from workers.feeds.deliver import deliver
from workers.feeds.formats import AUTO, FORMATS, JSONL, detected
from workers.metrics.tracing import publishing
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.render.events import event_line
from workers.render.progress import run_progress
from workers.render.summary import run_summary
from workers.settings import Settings
from workers.state.streams import STDIN, document_of, lines_of, read_after
from workers.state.streams import publish as publish_lines

Files = Annotated[
    list[Path], typer.Argument(help="JSON lines, plain or .gz; - reads standard input.")
]
_CHUNK = 500


@told
def run(
    files: Files,
    events: Annotated[
        Path | None, typer.Option(help="Write the events as published, one a line.")
    ] = None,
    stories: Annotated[
        Path | None, typer.Option(help="Write the final partition, one story a line.")
    ] = None,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    data_folder: DataFolder = None,
) -> None:
    """Put articles through the stream and worker processes; wait until all are placed."""
    _readable(files)
    with ExitStack() as stack:
        settings = stack.enter_context(server(settings_from(redis_url, namespace, data_folder)))
        redis = stack.enter_context(client(settings))
        events_to = stack.enter_context(events.open("wb")) if events else None
        pool = stack.enter_context(WorkerPool(settings, workers))
        show = stack.enter_context(run_progress(err))
        job = Run(redis, settings, pool, show, events_to)
        totals = job.run(lines_of(files))
    if stories:
        write_stories(job.partition, stories)
    out.print(run_summary(totals))
    if totals.unaccounted:
        raise typer.Exit(1)


def write_stories(partition: Partition, file: Path) -> None:
    """The partition as JSON lines: ``story_id``, ``lead``, ``articles``, ``languages``."""
    with file.open("w", encoding="utf-8") as stream:
        for story in partition.stories.values():
            line = {
                "story_id": story.id,
                "lead": story.lead,
                "articles": story.articles,
                "languages": sorted(story.languages),
            }
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


@told
def publish(
    files: Files,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
    format_name: Annotated[
        str, typer.Option("--format", help=f"{', '.join(FORMATS)}, or {AUTO} to look at each file.")
    ] = JSONL.name,
) -> None:
    """Append articles to the stream and return; workers elsewhere place them."""
    _readable(files)
    if format_name != JSONL.name:
        _publish_documents(files, format_name, redis_url, namespace, data_folder)
        return
    lines: Iterator[bytes] = lines_of(files)
    sent = 0
    with (
        connected(redis_url, namespace, data_folder) as (redis, settings),
        publishing(settings, os.environ.get("TRACEPARENT")) as traceparent,
    ):
        while chunk := list(islice(lines, _CHUNK)):
            chunk_ids = publish_lines(
                redis,
                settings.streams,
                chunk,
                replicas=settings.wait_replicas,
                traceparent=traceparent,
            )
            sent += len(chunk_ids)
    out.print(f"{sent:,} articles published to {settings.streams.articles}", markup=False)


def _publish_documents(
    files: list[Path],
    format_name: str,
    redis_url: str | None,
    namespace: str | None,
    data_folder: Path | None,
) -> None:
    """Each file as one document; exit code 1 if any item became a dead letter."""
    if format_name != AUTO and format_name not in FORMATS:
        raise OnestoryError(f"--format {format_name}: expected {AUTO}, {', '.join(FORMATS)}")
    bad = 0
    with connected(redis_url, namespace, data_folder) as (redis, settings):
        for file in files:
            document = document_of(file, settings.max_document_bytes)
            chosen = FORMATS.get(format_name) or detected(document, file.name.removesuffix(".gz"))
            done = deliver(
                redis,
                settings.streams,
                chosen.reader.read(document, str(file)),
                format_name=chosen.name,
                origin=str(file),
            )
            bad += done.bad
            out.print(
                f"{file}: {chosen.name}, {done.accepted:,} articles published, "
                f"{done.skipped.total():,} items skipped that are no text, {done.bad:,} bad",
                markup=False,
                soft_wrap=True,
            )
    if bad:
        out.print(f"{bad:,} dead letters; see onestory dead list", markup=False)
        raise typer.Exit(1)


@told
def tail(
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="All events that are kept, then live.")
    ] = False,
    follow: Annotated[bool, typer.Option(help="Go on with new events.")] = True,
    json_lines: Annotated[bool, typer.Option("--json", help="The events themselves.")] = False,
) -> None:
    """Story events, readable, as they happen."""
    with connected(redis_url, namespace, data_folder) as (redis, settings):
        for data in _events(redis, settings, from_start=from_start or not follow, follow=follow):
            if json_lines:
                typer.echo(data.decode())
            else:
                line = event_line(STORY_EVENT.validate_json(data))
                out.print(line, no_wrap=out.is_terminal, soft_wrap=not out.is_terminal)


def _events(redis: Redis, settings: Settings, *, from_start: bool, follow: bool) -> Iterator[bytes]:
    """The events' JSON as they come; without ``follow`` those that are there."""
    last = "0" if from_start else "$"
    while True:
        entries = read_after(
            redis, settings.streams.stories, last, count=100, block_ms=1000 if follow else None
        )
        if not entries and not follow:
            return
        for entry_id, fields in entries:
            last = entry_id.decode()
            yield fields[b"data"]


def _readable(files: list[Path]) -> None:
    for file in files:
        if file != STDIN and not file.is_file():
            raise OnestoryError(f"{file}: no such file")
