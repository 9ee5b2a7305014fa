"""Measurements on the real path: stream in, events out, worker processes between."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from redis import Redis

from workers.connection.clients import client
from workers.process.pool import WorkerPool
from workers.settings import Settings
from workers.state.streams import publish, read_after

_AHEAD = 4_000
_CHUNK = 200
_POLL_S = 0.01
_ENDS = ("placed", "repeated", "dead")


@dataclass(frozen=True, slots=True)
class Throughput:
    """How fast a number of articles went from the stream to their events."""

    articles: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds


@dataclass(frozen=True, slots=True)
class Latency:
    """From XADD of an article to the arrival of its event, at a steady rate."""

    articles: int
    per_second: float
    p50_ms: float
    p99_ms: float
    longest_ms: float


def feed(
    redis: Redis,
    settings: Settings,
    pool: WorkerPool,
    lines: Sequence[bytes],
    on_progress: Callable[[int], None],
) -> Throughput:
    """Publish lines as fast as they are placed; ends when the last one is."""
    before = _handled(redis, settings)
    start = time.perf_counter()
    sent = done = 0
    while done < len(lines):
        while sent < len(lines) and sent - done < _AHEAD:
            sent += len(publish(redis, settings.streams, lines[sent : sent + _CHUNK]))
        time.sleep(_POLL_S)
        done = _handled(redis, settings) - before
        on_progress(done)
        pool.check()
    return Throughput(len(lines), time.perf_counter() - start)


def steady(redis: Redis, settings: Settings, lines: Sequence[bytes], per_second: float) -> Latency:
    """Publish one article every 1/``per_second`` s and time each until its event arrives."""
    sent: dict[str, float] = {}
    arrived: dict[str, float] = {}
    stop = threading.Event()
    last = cast(Any, redis.xinfo_stream(settings.streams.stories))["last-generated-id"].decode()

    def listen() -> None:
        with client(settings) as reader:
            at = last
            while not stop.is_set():
                entries = read_after(reader, settings.streams.stories, at, count=100, block_ms=100)
                now = time.perf_counter()
                for entry_id, fields in entries:
                    at = entry_id.decode()
                    article = json.loads(fields[b"data"])["data"].get("article_id")
                    arrived.setdefault(article, now)

    listener = threading.Thread(target=listen)
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
    deadline = time.perf_counter() + 30.0
    while len(arrived.keys() & sent.keys()) < len(sent) and time.perf_counter() < deadline:
        time.sleep(_POLL_S)
    stop.set()
    listener.join()
    missing = sent.keys() - arrived.keys()
    if missing:
        raise RuntimeError(f"{len(missing)} of {len(sent)} articles had no event within 30 s")
    took = np.array([arrived[article] - at for article, at in sent.items()]) * 1000
    p50, p99 = np.percentile(took, [50, 99])
    return Latency(len(lines), len(lines) / published, float(p50), float(p99), float(took.max()))


def redis_bytes(redis: Redis) -> int:
    """Memory that the server's data take."""
    return int(cast(Any, redis.info("memory"))["used_memory"])


def live_articles(redis: Redis, settings: Settings) -> int:
    """Articles in the window: those in the fingerprint log."""
    return int(cast(Any, redis.xlen(settings.keys.log)))


def resident_bytes(pid: int) -> int:
    """Resident memory of a process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no VmRSS for process {pid}")


def _handled(redis: Redis, settings: Settings) -> int:
    counts = cast(list[bytes | None], redis.hmget(settings.keys.counts, list(_ENDS)))
    return sum(int(count or 0) for count in counts)
