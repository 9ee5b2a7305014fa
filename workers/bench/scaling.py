"""What an article costs Redis and the workers, by number of workers and by size of the window.

``python -m workers.bench.scaling`` prints both tables; takes some ten minutes. CPU time, not the
clock: that also holds on a machine with fewer cores than workers.
"""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, cast

from redis import Redis

from workers.bench.corpus import corpus
from workers.bench.measure import feed, live_articles, redis_bytes, resident_bytes
from workers.connection.clients import client
from workers.connection.private_server import EmbeddedRedis
from workers.process.pool import WorkerPool
from workers.settings import Settings

WORKERS = (1, 2, 4)
WINDOWS = (10_000, 50_000, 100_000)
ROUNDS = 3
_FILL, _ROUND = 4_000, 4_000
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one round of articles."""

    per_second: float
    redis_us: float
    """CPU of the server an article."""
    workers_us: float
    """CPU of all workers an article."""


def cpu_s(pid: int) -> float:
    """CPU time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def cost(redis: Redis, settings: Settings, pool: WorkerPool, lines: list[bytes]) -> Cost:
    """Place some articles, and what that took."""
    server = int(cast(Any, redis.info("server"))["process_id"])

    def spent() -> tuple[float, float]:
        return cpu_s(server), sum(map(cpu_s, pool.pids))

    before = spent()
    done = feed(redis, settings, pool, lines, lambda _: None)
    time.sleep(0.5)  # until all have followed
    after = spent()
    redis_us, workers_us = (
        1e6 * (one - other) / len(lines) for one, other in zip(after, before, strict=True)
    )
    return Cost(done.per_second, redis_us, workers_us)


def _filled(count: int, workers: int, stack: ExitStack) -> tuple[Redis, Settings, WorkerPool, Any]:
    server = stack.enter_context(EmbeddedRedis())
    settings = Settings().model_copy(update={"redis_url": server.url, "namespace": "bench"})
    redis = stack.enter_context(client(settings))
    pool = stack.enter_context(WorkerPool(settings, workers))
    total = count + _ROUND * (ROUNDS + 1)
    lines: Iterator[bytes] = corpus(total, timedelta(milliseconds=settings.window_ms / total))
    for start in range(0, count, _FILL):
        feed(redis, settings, pool, list(islice(lines, min(_FILL, count - start))), lambda _: None)
    return redis, settings, pool, lines


def by_workers() -> None:
    """One fresh server for each number of workers, by turns."""
    found: dict[int, list[Cost]] = {workers: [] for workers in WORKERS}
    for _ in range(ROUNDS):
        for workers in WORKERS:
            with ExitStack() as stack:
                redis, settings, pool, lines = _filled(_FILL, workers, stack)
                found[workers].append(cost(redis, settings, pool, list(islice(lines, _ROUND))))
    print("| workers | articles/s | CPU µs of Redis | CPU µs of all workers |\n|---|---|---|---|")
    for workers, costs in found.items():
        figures = [
            statistics.median(values)
            for values in zip(
                *((c.per_second, c.redis_us, c.workers_us) for c in costs), strict=True
            )
        ]
        print(f"| {workers} | " + " | ".join(f"{value:,.0f}" for value in figures) + " |")


def by_window() -> None:
    """Two workers: memory, and what an article costs, as the window grows."""
    print("| window | MB of a worker | Redis bytes an article | CPU µs of Redis | of all workers |")
    print("|---|---|---|---|---|")
    for window in WINDOWS:
        with ExitStack() as stack:
            redis, settings, pool, lines = _filled(window, 2, stack)
            costs = [
                cost(redis, settings, pool, list(islice(lines, _ROUND))) for _ in range(ROUNDS)
            ]
            live = live_articles(redis, settings)
            resident = max(map(resident_bytes, pool.pids)) / 1e6
            used = redis_bytes(redis) / live
        redis_us = statistics.median(each.redis_us for each in costs)
        workers_us = statistics.median(each.workers_us for each in costs)
        print(f"| {live:,} | {resident:,.0f} | {used:,.0f} | {redis_us:,.0f} | {workers_us:,.0f} |")


if __name__ == "__main__":
    by_workers()
    by_window()
