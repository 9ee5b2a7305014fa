"""``onestory bench``: speed, latency and memory at full window, beside the peer."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated, Any, cast
from urllib.parse import unquote, urlsplit

import typer
from rich.progress import Progress

from workers.bench.corpus import corpus
from workers.bench.measure import (
    Throughput,
    feed,
    live_articles,
    redis_bytes,
    resident_bytes,
    steady,
)
from workers.bench.report import Figures, table
from workers.bench.stages import stages
from workers.commands.console import err, told
from workers.commands.session import private, server, settings_from
from workers.connection.clients import client
from workers.connection.private_server import EmbeddedRedis
from workers.process.pool import WorkerPool

ROUNDS = 3
STEADY_PER_SECOND = 300
_LOAD = 5_000
_STAGE_ARTICLES = 6_000


@told
def bench(
    window: Annotated[int, typer.Option(help="Live articles when measuring starts.")] = 100_000,
    round_articles: Annotated[int, typer.Option(help="Articles a round.")] = 7_000,
    steady_seconds: Annotated[int, typer.Option(help="Length of the latency run.")] = 30,
    peer_articles: Annotated[int, typer.Option(help="Articles a round of the peer.")] = 300,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
) -> None:
    """Measure the whole path on a private Redis; takes some minutes."""
    settings = private(settings_from(None, None), namespace="bench")
    interval = timedelta(milliseconds=settings.window_ms / window)
    steady_articles = steady_seconds * STEADY_PER_SECOND
    total = window + ROUNDS * round_articles + steady_articles
    lines = corpus(total, interval)
    with ExitStack() as stack:
        settings = stack.enter_context(server(settings))
        redis = stack.enter_context(client(settings))
        empty = redis_bytes(redis)
        pool = stack.enter_context(WorkerPool(settings, workers))
        bar = stack.enter_context(Progress(console=err, transient=True))
        task = bar.add_task("filling the window", total=total)
        placed = 0

        def placed_now(done: int) -> None:
            bar.update(task, completed=placed + done)

        while placed < window:
            chunk = list(islice(lines, min(_LOAD, window - placed)))
            feed(redis, settings, pool, chunk, placed_now)
            placed += len(chunk)
        live = live_articles(redis, settings)
        used = (redis_bytes(redis) - empty) / live
        bar.update(task, description="throughput")
        rounds = []
        for _ in range(ROUNDS):
            rounds.append(
                feed(redis, settings, pool, list(islice(lines, round_articles)), placed_now)
            )
            placed += round_articles
        bar.update(task, description="latency")
        latency = steady(redis, settings, list(lines), STEADY_PER_SECOND)
        memory = tuple(resident_bytes(pid) for pid in pool.pids)
        version = cast(Any, redis.info("server"))["redis_version"]
    figures = Figures(
        window=live,
        workers=workers,
        rounds=tuple(rounds),
        latency=latency,
        redis_bytes_per_article=used,
        worker_bytes=memory,
        stages=stages(list(corpus(_STAGE_ARTICLES, interval))),
        peer=_peer(window, peer_articles, interval),
        peer_window=window,
        redis_version=version,
        day=datetime.now(UTC).date(),
    )
    typer.echo(table(figures))


def _peer(window: int, round_articles: int, interval: timedelta) -> tuple[Throughput, ...]:
    # Imported here: nothing but the benchmark needs the peer.
    from workers.bench.peer import Peer

    lines = corpus(window + ROUNDS * round_articles, interval)
    with EmbeddedRedis() as embedded, Progress(console=err, transient=True) as bar:
        task = bar.add_task("filling the peer's window", total=window)
        peer = Peer(unquote(urlsplit(embedded.url).path))
        peer.fill(islice(lines, window), lambda done: bar.update(task, completed=done))
        return tuple(
            peer.insert_and_query(list(islice(lines, round_articles))) for _ in range(ROUNDS)
        )
