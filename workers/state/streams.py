"""Files of articles onto the stream, one line an entry; and streams read on from an entry."""

import gzip
import sys
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from redis import Redis

from contracts.streams import Streams
from workers.errors import NotReplicated, OnestoryError
from workers.keys import StreamEntries
from workers.state.marks import marked

STDIN = Path("-")
_PIECE = 1 << 16
"""Bytes of a file in UTF-16 that are decoded at once."""
_REPLICATED_MS = 3_000
"""Below the five seconds after which redis-py gives up on an answer."""


def lines_of(files: Sequence[Path]) -> Iterator[bytes]:
    """The lines of JSON-lines files, plain or ``.gz``, or of standard input (``-``).

    Blank lines are no input, and a byte order mark is none: with the one of UTF-16 or UTF-32 the
    file is read as that. Nothing else is judged here: what is no article becomes a dead letter in
    the worker, as it would from any other publisher.

    Raises:
        OnestoryError: a file can't be unpacked; the lines before its fault were given out.
    """
    for file in files:
        with _opened(file) as stream:
            for line in _unmarked(stream):
                if line.strip():
                    yield line.rstrip(b"\r\n")


def document_of(file: Path, most_bytes: int) -> bytes:
    """A file, plain or ``.gz``, or standard input (``-``), as one document.

    Raises:
        OnestoryError: it is larger than ``most_bytes``, unpacked, or can't be unpacked.
    """
    with _opened(file) as stream:
        document = stream.read(most_bytes + 1)
    if len(document) > most_bytes:
        raise OnestoryError(
            f"{file}: over {most_bytes} bytes; split it, or raise ONESTORY_MAX_DOCUMENT_BYTES"
        )
    return document


def publish(
    redis: Redis,
    streams: Streams,
    lines: Sequence[bytes | Mapping[bytes, bytes]],
    *,
    replicas: int = 0,
    traceparent: Callable[[], str | None] = lambda: None,
) -> list[bytes]:
    """Append lines as entries, in one round trip; returns their entry ids.

    Args:
        redis: a client of the server.
        streams: of the namespace.
        lines: an article each, as JSON, or an entry's fields.
        replicas: that must confirm them.
        traceparent: asked for the trace context of each.

    Raises:
        NotReplicated: fewer than ``replicas`` have them within three seconds.
    """
    pipe = redis.pipeline(transaction=False)
    for line in lines:
        fields: dict[Any, Any] = {"data": line} if isinstance(line, bytes) else {**line}
        if (traced := traceparent()) is not None:
            fields["traceparent"] = traced
        pipe.xadd(streams.articles, fields)
    if replicas:
        pipe.wait(replicas, _REPLICATED_MS)
    answers = pipe.execute()
    if replicas and (held := answers.pop()) < replicas:
        raise NotReplicated(len(lines), held, replicas)
    return cast(list[bytes], answers)


def read_after(
    redis: Redis, stream: str, last: str, *, count: int, block_ms: int | None
) -> StreamEntries:
    """The next entries of a stream behind entry ``last`` (``0``: from the start, ``$``: new ones).

    Waits up to ``block_ms`` for the first one; with None not at all.
    """
    answer = cast(Any, redis.xread({stream: last}, count=count, block=block_ms))
    return cast(StreamEntries, answer[0][1] if answer else [])


def _unmarked(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream in UTF-8 without a mark; in what other encoding the mark names."""
    first = stream.readline()
    encoding, length = marked(first)
    if encoding in {"", "utf-8"}:
        yield first[length:]
        yield from stream
        return
    decode = getincrementaldecoder(encoding)("replace").decode
    begun = [decode(first[length:])]
    while piece := stream.read(_PIECE):
        *ended, rest = decode(piece).split("\n")
        for end in ended:
            yield "".join((*begun, end)).encode("utf-8", "replace")
            begun.clear()
        begun.append(rest)
    yield "".join((*begun, decode(b"", final=True))).encode("utf-8", "replace")


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    if file == STDIN:
        # None where the parent closed it; Typeshed does not know.
        if cast("IO[str] | None", sys.stdin) is None:
            raise OnestoryError("-: standard input is closed")
        yield sys.stdin.buffer
        return
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            yield cast(IO[bytes], stream)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OnestoryError(f"{file}: no whole gzip file: {error}") from error
