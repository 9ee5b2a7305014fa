"""Ours and the peer on one machine, by turns: while one works the other has nothing to do.

A ratio of two runs tells as much of what the machine did meanwhile as of the two. So both stand
ready for the whole run, rounds are seconds long, one right behind the other, who is first changes
with each, and each round has a ratio of its own: their median and spread are told.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from statistics import mean
from typing import Any, cast

from redis import Redis

from workers.bench.beside import Beside
from workers.bench.figures import Joined, Level, PeerTurn, Round, Turn, Weight
from workers.bench.machine import load_of_others, memory, seen
from workers.bench.measure import Latency, feed, live_articles, redis_bytes, steady
from workers.errors import OnestoryError
from workers.process.pool import WorkerPool
from workers.settings import Settings

STEADY_PER_SECOND = 300
_LOAD = 5_000
"""Articles that the peer is asked to take into its window at once."""
_FILINGS = 10
"""How often a joiner catches up with what the others have placed."""
_QUIET_S = 0.5
"""Until workers have followed what they placed last."""


def server_pid(redis: Redis) -> int:
    """Process id of a server on this machine."""
    return int(cast(Any, redis.info("server"))["process_id"])


@dataclass(slots=True)
class Ours:
    """Redis, workers and the articles that they have not had yet."""

    redis: Redis
    settings: Settings
    pool: WorkerPool
    lines: Iterator[bytes]
    empty_bytes: int
    on_progress: Callable[[int], None]
    """Told how many were placed so far."""
    placed: int = 0

    def fill(self, live: int) -> None:
        """Place articles until so many are in the window."""
        while (missing := live - live_articles(self.redis, self.settings)) > 0:
            self._feed(islice(self.lines, missing))

    def turn(self, count: int) -> Turn:
        """Place so many as fast as they are placed.

        Raises:
            OnestoryError: a worker ended meanwhile.
        """
        lines = list(islice(self.lines, count))
        workers, server = self.pool.pids, server_pid(self.redis)
        before = seen()
        seconds = self._feed(lines)
        time.sleep(_QUIET_S)
        after = seen()
        if self.pool.pids != workers:
            raise OnestoryError("a worker ended while it was measured")

        def spent_us(pid: int) -> float:
            return 1e6 * (after.tree_s(pid) - before.tree_s(pid)) / count

        own = 1e6 * (after.spent_s[os.getpid()] - before.spent_s[os.getpid()]) / count
        return Turn(count / seconds, own, tuple(map(spent_us, workers)), spent_us(server))

    def steady(self, count: int, per_second: int) -> Latency:
        """Place so many at a steady rate."""
        lines = list(islice(self.lines, count))
        self.placed += count
        return steady(self.redis, self.settings, lines, per_second)

    def weight(self) -> Weight:
        """What the window takes now."""
        time.sleep(_QUIET_S)
        live = live_articles(self.redis, self.settings)
        used = redis_bytes(self.redis) - self.empty_bytes
        return Weight(live, used, tuple(map(memory, self.pool.pids)))

    def joined(self, filed: int) -> Joined:
        """A further worker comes, and follows the others, so many articles behind each time."""
        server = server_pid(self.redis)
        with joiner(self.settings) as other:
            before = seen()
            start = other.ask()
            redis_s = seen().tree_s(server) - before.tree_s(server)
            filing = []
            for _ in range(_FILINGS):
                self._feed(islice(self.lines, filed))
                filing.append(other.ask())
        return Joined(
            articles=start["articles"],
            start_us=start["cpu_us"],
            start_redis_us=1e6 * redis_s / start["articles"],
            seconds=start["seconds"],
            filing_us=mean(each["cpu_us"] for each in filing),
        )

    def _feed(self, lines: Iterable[bytes]) -> float:
        before = self.placed

        def show(done: int) -> None:
            self.placed = before + done
            self.on_progress(self.placed)

        return feed(self.redis, self.settings, self.pool, lines, show)


@dataclass(slots=True)
class Theirs:
    """The peer's process and its server."""

    process: Beside
    server: int
    """Process id."""
    _asked: int = 0

    def fill(self, live: int) -> None:
        """Tell it to take so many articles into its window; returns at once."""
        for start in range(0, live, _LOAD):
            self.process.tell(count=min(_LOAD, live - start), is_filling=True)
            self._asked += 1

    def filled(self, on_progress: Callable[[int], None]) -> None:
        """Wait until it has; told how many it has taken."""
        for place in range(self._asked):
            self.process.answer()
            on_progress((place + 1) * _LOAD)
        self._asked = 0

    def turn(self, count: int) -> PeerTurn:
        """Let it ask about, and insert, so many."""
        before = seen()
        took = self.process.ask(count=count, is_filling=False)
        redis_s = seen().tree_s(self.server) - before.tree_s(self.server)
        return PeerTurn(count / took["seconds"], took["cpu_us"], 1e6 * redis_s / count)


def joiner(settings: Settings) -> Beside:
    """The process of a worker that follows and takes nothing."""
    return Beside("workers.bench.joiner", str(settings.redis_url))


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of what."""

    rounds: int
    round_articles: int
    peer_articles: int
    """Of a round, so many that it takes about as long as ours."""
    steady_seconds: int
    filed: int
    """Articles that a further worker files at once: a batch of the others."""


def level(plan: Plan, ours: Ours, theirs: Theirs | None, on_step: Callable[[str], None]) -> Level:
    """Measure at the window that there is."""
    weight = ours.weight()
    begun = seen()
    rounds = []
    for place in range(plan.rounds):
        on_step(f"round {place + 1} of {plan.rounds}")
        rounds.append(_round(plan, ours, theirs, is_ours_first=place % 2 == 0))
    on_step("latency")
    latency = ours.steady(plan.steady_seconds * STEADY_PER_SECOND, STEADY_PER_SECOND)
    others = load_of_others(begun, seen())
    on_step("a further worker")
    return Level(weight, tuple(rounds), latency, others, ours.joined(plan.filed))


def _round(plan: Plan, ours: Ours, theirs: Theirs | None, *, is_ours_first: bool) -> Round:
    begun = seen()
    if theirs is None:
        return Round(ours.turn(plan.round_articles), None, load_of_others(begun, seen()))
    if is_ours_first:
        own, peer = ours.turn(plan.round_articles), theirs.turn(plan.peer_articles)
    else:
        peer, own = theirs.turn(plan.peer_articles), ours.turn(plan.round_articles)
    return Round(own, peer, load_of_others(begun, seen()))
