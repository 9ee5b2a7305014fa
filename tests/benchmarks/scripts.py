"""What one article costs the server, in CPU time by script and in bytes by kind of key.

``python -m tests.benchmarks.scripts [ARTICLES BATCH]``: invented articles of a wire's size, which
two workers of this process place by turns on a private redis-server. Nobody else asks that server
anything, and Linux tells its CPU time to the nanosecond, so what it spends between two calls is
known whatever else the machine does; other load shows as colder caches only. The first third of
the articles does not count. Prints two tables.
"""

import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, cast

from redis import Redis

from contracts.streams import GROUP
from workers.bench.corpus import corpus
from workers.connection.clients import client
from workers.connection.private_server import EmbeddedRedis
from workers.process.build import build_worker
from workers.process.reader import Intake
from workers.settings import Settings
from workers.state.scripts import Call, Scripts
from workers.state.streams import publish

_PUBLISH, _ELSE = "(publishing)", "(all else: above all the log that a worker follows)"


class Ledger:
    """What the server has spent, in ns, by who asked."""

    def __init__(self, redis: Redis) -> None:
        pid = cast(Any, redis.info("server"))["process_id"]
        self._told = Path(f"/proc/{pid}/schedstat")
        self._last = 0
        self.spent: dict[str, int] = defaultdict(int)
        self.calls: Counter[str] = Counter()

    def book(self, name: str) -> None:
        """All since the last time was for this."""
        now = int(self._told.read_text().split()[0])
        self.spent[name] += now - self._last
        self._last = now

    def listen(self) -> None:
        """Book what scripts of this process cost from now on."""
        run = Scripts.run

        async def booked(scripts: Scripts, calls: Iterable[Call]) -> list[Any]:
            self.book(_ELSE)
            asked = list(calls)
            answers = await run(scripts, asked)
            for name, *_ in asked[:1]:
                self.book(name)
                self.calls[name] += len(asked)
            return answers

        Scripts.run = booked  # type: ignore[method-assign,assignment]

    def begin(self) -> None:
        """What was so far does not count."""
        self.book(_ELSE)
        self.spent.clear()
        self.calls.clear()


async def place(settings: Settings, redis: Redis, articles: int, batch: int) -> Ledger:
    """Place articles, and what that took."""
    workers = [build_worker(settings, consumer=f"w{number}") for number in range(2)]
    for worker in workers:
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
    ledger = Ledger(redis)
    ledger.listen()
    stream = settings.streams.articles
    lines = corpus(articles, timedelta(milliseconds=settings.window_ms / articles))
    for turn, start in enumerate(range(0, articles, batch)):
        if start <= articles // 3 < start + batch:
            ledger.begin()
        ledger.book(_ELSE)
        publish(redis, settings.streams, list(islice(lines, batch)))
        ledger.book(_PUBLISH)
        worker = workers[turn % 2]
        read = partial(Intake(worker.redis, settings).read, GROUP, worker.consumer)
        while found := await read({stream: ">"}, count=batch, block=1, noack=False):
            await worker.deduplicator.handle([entry for _, entry in found[0][1]])
    ledger.book(_ELSE)
    for worker in workers:
        await worker.redis.aclose()
    return ledger


def bytes_by_kind(redis: Redis, settings: Settings) -> Counter[str]:
    """Memory that keys of each kind take."""
    found: Counter[str] = Counter()
    for key in redis.scan_iter(count=1_000):
        kind = key.decode().removeprefix(settings.keys.prefix).partition(":")[0]
        found[kind] += redis.memory_usage(key, samples=0) or 0
    return found


def main(articles: int, batch: int) -> None:
    """Measure and print."""
    with EmbeddedRedis() as server:
        settings = Settings().model_copy(update={"redis_url": server.url, "namespace": "bench"})
        with client(settings) as redis:
            ledger = asyncio.run(place(settings, redis, articles, batch))
            kinds = bytes_by_kind(redis, settings)
    counted = articles - articles // 3 // batch * batch
    print("| script | calls an article | CPU µs an article |\n|---|---|---|")
    for name, spent in sorted(ledger.spent.items(), key=lambda each: -each[1]):
        print(f"| {name} | {ledger.calls[name] / counted:.3f} | {spent / counted / 1e3:.1f} |")
    print(f"| together | | {sum(ledger.spent.values()) / counted / 1e3:.1f} |\n")
    print("| kind of key | bytes an article |\n|---|---|")
    for kind, used in kinds.most_common(5):
        print(f"| {kind} | {used / articles:,.0f} |")
    print(f"| together | {kinds.total() / articles:,.0f} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or (3_000, 250)))
