"""``onestory publish``: articles onto the stream."""

import os
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import typer
from redis import Redis

from workers.commands.console import out, told
from workers.commands.files import Files, readable
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import connected
from workers.errors import OnestoryError
from workers.feeds.deliver import deliver
from workers.feeds.formats import AUTO, FORMATS, JSONL, as_document, detected
from workers.feeds.reader import BadItem, Note
from workers.feeds.readers.jsonl import is_lines
from workers.metrics.tracing import publishing
from workers.settings import Settings
from workers.state.streams import document_of, lines_of
from workers.state.streams import publish as publish_lines
from workers.wording import counted

_CHUNK = 500
_LOOKED_AT = 100
"""Lines by which a file is judged to be articles."""
_SHOWN = 3
"""Notes and bad items of a file that are shown, of each; all are counted."""


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
    if format_name != AUTO and format_name not in FORMATS:
        raise OnestoryError(f"--format {format_name}: expected {AUTO}, {', '.join(FORMATS)}")
    sent = bad = 0
    with connected(redis_url, namespace, data_folder, writes=True) as (redis, settings):
        for file in files:
            if format_name != JSONL.name:
                body = document_of(file, settings.max_document_bytes)
                bad += _publish_document(redis, settings, file, body, format_name)
                continue
            lines = lines_of([file])
            begun = list(islice(lines, _LOOKED_AT))
            if not begun or _are_articles(begun):
                sent += _publish_lines(redis, settings, chain(begun, lines))
            else:
                body = _joined(file, chain(begun, lines), settings.max_document_bytes)
                bad += _publish_document(redis, settings, file, body, format_name)
        if format_name == JSONL.name and (sent or not bad):
            out.print(f"{sent:,} articles published to {settings.streams.articles}", markup=False)
    if bad:
        out.print(f"{bad:,} dead letters; see onestory dead list", markup=False)
        raise typer.Exit(1)


def _are_articles(lines: Sequence[bytes]) -> bool:
    """Whether a file is articles in UTF-8, one a line, by its first lines. These are sent as they
    are: what is wrong with one of them its worker says, as of any publisher's.
    """
    text = b"\n".join(lines)
    document = as_document(text, "")
    in_utf8 = document.text.decode() == text.decode("utf-8", "replace")
    return in_utf8 and is_lines(text) and detected(document) is JSONL


def _publish_lines(redis: Redis, settings: Settings, lines: Iterator[bytes]) -> int:
    sent = 0
    with publishing(settings, os.environ.get("TRACEPARENT")) as traceparent:
        while chunk := list(islice(lines, _CHUNK)):
            chunk_ids = publish_lines(
                redis,
                settings.streams,
                chunk,
                replicas=settings.wait_replicas,
                traceparent=traceparent,
            )
            sent += len(chunk_ids)
    return sent


def _joined(file: Path, lines: Iterator[bytes], most_bytes: int) -> bytes:
    """The lines as one document.

    Raises:
        OnestoryError: they are more than ``most_bytes``.
    """
    pieces, size = [], 0
    for line in lines:
        pieces.append(line)
        size += len(line) + 1
        if size > most_bytes:
            raise OnestoryError(
                f"{file}: its first {_LOOKED_AT} lines hold no article, expected one a line, in "
                f"UTF-8; as one document it is over {most_bytes} bytes"
            )
    return b"\n".join(pieces)


def _publish_document(
    redis: Redis, settings: Settings, file: Path, body: bytes, format_name: str
) -> int:
    """A file as one document; how many of its items became dead letters."""
    document = as_document(body, str(file))
    chosen = FORMATS.get(format_name) or detected(document, file.name.removesuffix(".gz"))
    items = chosen.read(document)
    done = deliver(redis, settings.streams, items, format_name=chosen.name, origin=str(file))
    shown: list[Note | BadItem] = [*done.notes[:_SHOWN], *done.rejected[:_SHOWN]]
    for said in shown:
        out.print(f"{file}: {said.where}: {said.detail}", markup=False, soft_wrap=True)
    out.print(
        f"{file}: {chosen.name}, {done.accepted:,} articles published, "
        f"{done.skipped.total():,} items skipped that are no text, {done.bad:,} bad, "
        f"{counted(len(done.notes), 'note')}",
        markup=False,
        soft_wrap=True,
    )
    return done.bad
