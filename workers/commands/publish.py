"""``onestory publish``: articles onto the stream."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from workers.commands.console import out, told
from workers.commands.files import Files, readable
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import connected
from workers.errors import OnestoryError
from workers.feeds.deliver import deliver
from workers.feeds.formats import AUTO, FORMATS, JSONL, as_document, detected
from workers.metrics.tracing import publishing
from workers.state.streams import document_of, lines_of
from workers.state.streams import publish as publish_lines

_CHUNK = 500


@told
def publish(
    files: Files,
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
    format_name: Annotated[
        str, typer.Option("--format", help=f"{', '.join(FORMATS)}, or {AUTO} to look at each file.")
    ] = JSONL.name,
) -> None:
    """Append articles to the stream and return; workers elsewhere place them."""
    readable(files)
    if format_name != JSONL.name:
        _publish_documents(files, format_name, redis_url, namespace, data_folder)
        return
    lines: Iterator[bytes] = lines_of(files)
    sent = 0
    with (
        connected(redis_url, namespace, data_folder, writes=True) as (redis, settings),
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
    with connected(redis_url, namespace, data_folder, writes=True) as (redis, settings):
        for file in files:
            document = as_document(document_of(file, settings.max_document_bytes), str(file))
            chosen = FORMATS.get(format_name) or detected(document, file.name.removesuffix(".gz"))
            done = deliver(
                redis,
                settings.streams,
                chosen.read(document),
                format_name=chosen.name,
                origin=str(file),
            )
            for note in done.notes:
                out.print(f"{file}: {note.where}: {note.detail}", markup=False, soft_wrap=True)
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
