"""Measurements on the real path: stream in, events out, worker processes between."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import numpy as np
from redis import Redis

from workers.connection.clients import client
from workers.errors import OnestoryError
from workers.process.pool import WorkerPool
from workers.settings import Settings
from workers.state.schema import Count
from workers.state.streams import publish, read_after

_AHEAD = 4_000
_CHUNK = 200
_POLL_S = 0.01
_ENDS = ("placed", "versions", "held", "killed", "repeated", "dead")
_LONGEST_S = 30


@dataclass(frozen=True, slots=True)
class Latency:
    """From XADD of an article to the arrival of its event, at a steady rate."""

    articles: int
    """That had an event."""
    per_second: float
    p50_ms: float
    p99_ms: float
    longest_ms: float


def feed(
    redis: Redis,
    settings: Settings,
    pool: WorkerPool,
    lines: Iterable[bytes],
    on_progress: Callable[[int], None],
) -> float:
    """Publish lines as fast as they are placed; seconds until the last one is."""
    before = _handled(redis, settings)
    left = iter(lines)
    start = time.perf_counter()
    sent = done = 0
    has_more = True
    while has_more or done < sent:
        while has_more and sent - done < _AHEAD:
            chunk = list(islice(left, _CHUNK))
            has_more = len(chunk) == _CHUNK
            sent += len(publish(redis, settings.streams, chunk))
        time.sleep(_POLL_S)
        done = _handled(redis, settings) - before
        on_progress(done)
        pool.check()
    return time.perf_counter() - start


def steady(redis: Redis, settings: Settings, lines: Sequence[bytes], per_second: float) -> Latency:
    """Publish one article every 1/``per_second`` s and time each until its event arrives; what is
    held back or killed has none.

    Raises:
        OnestoryError: none was handled any more for 30 s, and not all were.
    """
    sent: dict[str, float] = {}
    arrived: dict[str, float] = {}
    done = threading.Event()
    last = _last_event(redis, settings)

    def listen() -> None:
        with client(settings) as reader:
            at = last
            while not done.is_set() or at != _last_event(reader, settings):
                entries = read_after(reader, settings.streams.stories, at, count=100, block_ms=100)
                now = time.perf_counter()
                for entry_id, fields in entries:
                    at = entry_id.decode()
                    article = json.loads(fields[b"data"])["data"].get("article_id")
                    arrived.setdefault(article, now)

    before = _handled(redis, settings)
    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    start = time.perf_counter()
    for place, line in enumerate(lines):
        wait = start + place / per_second - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        article = json.loads(line)["id"]
        sent[article] = time.perf_counter()
        publish(redis, settings.streams, [line])
    published = time.perf_counter() - start
    _await_handled(redis, settings, before + len(lines))
    done.set()
    listener.join()
    took = np.array([arrived[each] - at for each, at in sent.items() if each in arrived]) * 1000
    p50, p99 = np.percentile(took, [50, 99])
    return Latency(len(took), len(lines) / published, float(p50), float(p99), float(took.max()))


def redis_bytes(redis: Redis) -> int:
    """Memory that the server's data take."""
    return int(cast(Any, redis.info("memory"))["used_memory"])


def live_articles(redis: Redis, settings: Settings) -> int:
    """Articles in the window: those in the fingerprint log."""
    return int(cast(Any, redis.xlen(settings.keys.log)))


def _await_handled(redis: Redis, settings: Settings, count: int) -> None:
    """However long it takes, as long as there is progress: others may be at work."""
    handled, since = -1, time.perf_counter()
    while (now := _handled(redis, settings)) < count:
        if now > handled:
            handled, since = now, time.perf_counter()
        elif time.perf_counter() - since > _LONGEST_S:
            raise OnestoryError(f"{count - now} articles were not handled, none for {_LONGEST_S} s")
        time.sleep(_POLL_S)


def _last_event(redis: Redis, settings: Settings) -> str:
    seen = cast(Any, redis.xinfo_stream(settings.streams.stories))
    return cast(str, seen["last-generated-id"].decode())


def _handled(redis: Redis, settings: Settings) -> int:
    """Articles that came to an end; one that was released from an embargo has come to two."""
    counts = cast(list[bytes | None], redis.hmget(settings.keys.counts, [*_ENDS, Count.RELEASED]))
    *ended, released = (int(count or 0) for count in counts)
    return sum(ended) - released
