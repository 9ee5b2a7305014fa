"""One run of the benchmark: windows are filled, then measured."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from rich.progress import Progress

from workers.bench.articles import articles
from workers.bench.beside import Beside
from workers.bench.figures import Conditions, Figures, Level, Weight
from workers.bench.joiner import NAMESPACE
from workers.bench.machine import machine
from workers.bench.measure import redis_bytes
from workers.bench.stages import stages
from workers.bench.turns import Ours, Plan, Theirs, joiner, level, server_pid
from workers.connection.clients import client
from workers.connection.private_server import EmbeddedRedis
from workers.process.pool import WorkerPool
from workers.settings import Settings

LIVE = 100_000
"""The window at which ours and the peer are compared."""


def run(settings: Settings, live: int, workers: int, file: Path | None, bar: Progress) -> Figures:
    """Measure at ``live`` articles in the window; before that at `LIVE`, if that is fewer.

    Every window is filled over the path that is measured. The peer's is filled meanwhile; nothing
    is measured then.

    Args:
        settings: of the workers; the server is a private one.
        live: articles in the window.
        workers: how many processes.
        file: where articles come from; None: they are made up.
        bar: shows how far it is.
    """
    begun, load = time.perf_counter(), os.getloadavg()[0]
    shown = _Shown(bar)
    lines = partial(articles, file, timedelta(milliseconds=settings.window_ms / live))
    with EmbeddedRedis() as server, client(settings := _at(settings, server)) as redis:
        empty = redis_bytes(redis)
        with WorkerPool(settings, workers) as pool:
            ours = Ours(redis, settings, pool, lines(), empty, shown.done)
            light, levels = _levels(ours, live, file, shown)
        shown.step("a worker alone")
        with joiner(settings) as other:
            alone = other.ask()["cpu_us"]
        product = cast(Any, redis.info("server"))
    shown.step("single steps")
    steps = stages(list(islice(lines(), max(400, min(live, LIVE) * 6 // 100))))
    conditions = Conditions(
        day=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command=f"onestory bench --live {live} --workers {workers}",
        machine=machine(),
        load_before=load,
        load_after=os.getloadavg()[0],
        versions=f"onestory {version('onestory')}, Python {platform.python_version()}, "
        f"Redis {product['redis_version']}, datasketch {version('datasketch')}",
        articles="made up" if file is None else file.name,
        minutes=(time.perf_counter() - begun) / 60,
    )
    return Figures(conditions, light, levels, alone, steps)


def _levels(
    ours: Ours, live: int, file: Path | None, shown: "_Shown"
) -> tuple[Weight, tuple[Level, ...]]:
    """What a tenth of the smaller window takes, and all that was measured at each window."""
    first = min(live, LIVE)
    with _peer(file) as theirs:
        theirs.fill(first)
        shown.step("filling the window", first)
        ours.fill(first // 10)
        light = ours.weight()
        ours.fill(first)
        shown.step("filling the peer's window", first)
        theirs.filled(shown.done)
        smaller = level(_plan(first), ours, theirs, shown.step)
    if live == first:
        return light, (smaller,)
    shown.step("filling the window", live)
    ours.fill(live)
    return light, (smaller, level(_plan(live), ours, None, shown.step))


class _Shown:
    """What is done now, on the bar."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=None)

    def step(self, words: str, total: int | None = None) -> None:
        self._bar.reset(self._task, description=words, total=total, start=True)

    def done(self, count: int) -> None:
        self._bar.update(self._task, completed=count)


def _at(settings: Settings, server: EmbeddedRedis) -> Settings:
    return settings.model_copy(update={"redis_url": server.url, "namespace": NAMESPACE})


@contextmanager
def _peer(file: Path | None) -> Iterator[Theirs]:
    with EmbeddedRedis() as server:
        socket = unquote(urlsplit(server.url).path)
        with (
            client(_at(Settings(), server)) as redis,
            Beside("workers.bench.peer", socket, *([str(file)] if file else [])) as process,
        ):
            yield Theirs(process, server_pid(redis))


def _plan(live: int) -> Plan:
    """Rounds take some seconds each, and add a third to the window."""
    size = min(live, LIVE)
    return Plan(
        rounds=7,
        round_articles=size // 20,
        peer_articles=size // 160,
        steady_seconds=max(1, size * 30 // LIVE),
        filed=size // 200,
    )
