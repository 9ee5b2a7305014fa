"""Metrics of a namespace as Redis knows them, for the process that serves its API.

`read` asks Redis, `families` words what it answered for Prometheus, and `NamespaceCollector`
does both, each at most so often, however many scrape.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.core import Metric
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from contracts.dead_letter import Reason
from workers.connection.faults import why_away
from workers.keys import Key
from workers.metrics.families import Families
from workers.metrics.sizes import Sizes
from workers.settings import Settings
from workers.state.backlog import Backlog, backlog
from workers.state.group import connected_workers
from workers.state.schema import Count, names_of
from workers.state.scripts import Scripts

log = logging.getLogger("onestory.metrics")

FRESH_S = 5.0
"""How old figures may be."""
FRESH_SIZES_S = 60.0
"""The same of memory by family, which costs the server milliseconds."""

STREAMS = (Key.ARTICLES, Key.STORIES, Key.DEAD, Key.COMMANDS, Key.RULINGS, Key.LOG)
MOST_LETTERS = 10_000
"""Dead letters of which the reason is counted, the newest."""
_LETTERS_AT_ONCE = 500
_OLDER = "older"
"""In place of the reason of all the others."""

KINDS = tuple(names_of(Count).values())
"""What the scripts count. Each is told from the start: the rate of a series that only appears with
its first event misses that one."""


@dataclass(frozen=True, slots=True)
class NamespaceFigures:
    """A namespace at one moment."""

    lengths: Mapping[str, int]
    """Entries of each of ``STREAMS``."""
    backlog: Backlog
    counts: Mapping[str, int]
    """What the scripts count: ``placed``, ``opened``, ``joined``, …"""
    held: int
    rules: int
    workers: int | None
    """Connected ones; None where the server does not let us look."""
    newest_letter: bytes
    used_memory: int
    max_memory: int
    """0: without a limit."""
    evicted_keys: int
    """Since the server started."""

    @property
    def stories_open(self) -> int:
        """Stories that were opened and did not end."""
        count = self.counts
        ended = sum(count.get(name, 0) for name in ("merged", "retracted", "closed"))
        return count.get("opened", 0) - ended


async def read(redis: Redis, settings: Settings) -> NamespaceFigures:
    """The figures; three round trips.

    Raises:
        RedisError: the server can't be reached.
    """
    answer = await Scripts(redis).answer("figures", settings.keys, *STREAMS)
    lengths, counts, held, rules, newest, used, most, evicted = answer
    return NamespaceFigures(
        lengths=dict(zip(STREAMS, lengths, strict=True)),
        backlog=await backlog(redis, settings),
        counts={
            name.decode(): int(value) for name, value in zip(counts[::2], counts[1::2], strict=True)
        },
        held=held,
        rules=rules,
        workers=await _workers(redis, settings),
        newest_letter=newest,
        used_memory=int(used),
        max_memory=int(most),
        evicted_keys=int(evicted),
    )


async def letters_by_reason(redis: Redis, settings: Settings) -> dict[str, int]:
    """How many of the newest ``MOST_LETTERS`` dead letters have each reason."""
    scripts = Scripts(redis)
    reasons: dict[str, int] = {}
    before, seen = b"", 0
    while seen < MOST_LETTERS:
        before, *found = await scripts.answer(
            "reasons", settings.keys, before, _LETTERS_AT_ONCE, stream=settings.streams.dead
        )
        for reason, count in zip(found[::2], found[1::2], strict=True):
            reasons[reason.decode()] = reasons.get(reason.decode(), 0) + count
            seen += count
        if sum(found[1::2]) < _LETTERS_AT_ONCE:
            break
    return reasons


@dataclass(slots=True, eq=False)
class NamespaceCollector:
    """A collector of Prometheus: ``registry.register(collector)``, and before each scrape
    ``await collector.refresh()``. ``collect`` itself only words what was read last, so it may be
    called from any thread.
    """

    redis: Redis
    settings: Settings
    clock: Callable[[], float] = time.monotonic
    _figures: NamespaceFigures | None = None
    _letters: Mapping[str, int] = field(default_factory=dict)
    _letters_of: tuple[int, bytes] = (0, b"")
    """Length and newest entry of the dead letters' stream when it was read."""
    _sizes: Mapping[str, int] = field(default_factory=dict)
    _measure: Sizes = field(init=False)
    _read_at: float | None = None
    _measured_at: float | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._measure = Sizes(self.redis, self.settings)

    async def refresh(self) -> None:
        """Read again what is too old. Never fails: a server that is away is a figure too."""
        async with self._lock:
            now = self.clock()
            if self._read_at is not None and now - self._read_at < FRESH_S:
                return
            self._read_at = now
            if await why_away(self.redis) is not None:
                # Said within a second: a call would fail after half a minute, and with it a scrape.
                self._figures = None
                return
            try:
                self._figures = await read(self.redis, self.settings)
                await self._read_letters(self._figures)
                if self._measured_at is None or now - self._measured_at >= FRESH_SIZES_S:
                    self._measured_at = now
                    self._sizes = await self._measured()
            except (RedisError, OSError):
                self._figures = None

    async def _measured(self) -> Mapping[str, int]:
        try:
            return await self._measure.read()
        except ResponseError as error:
            # An ACL without MEMORY USAGE or SCAN is no reason to tell nothing.
            log.warning("memory by family can't be told: %s", error)
            return {}

    async def _read_letters(self, figures: NamespaceFigures) -> None:
        current = (figures.lengths["dead"], figures.newest_letter)
        if current == self._letters_of:
            return
        reasons = await letters_by_reason(self.redis, self.settings)
        older = current[0] - sum(reasons.values())
        self._letters = reasons | ({_OLDER: older} if older > 0 else {})
        self._letters_of = current

    def collect(self) -> Iterator[Metric]:
        """What was read last; of a server that is away only that."""
        return families(self.settings.namespace, self._figures, self._letters, self._sizes)


def families(
    namespace: str,
    figures: NamespaceFigures | None,
    letters: Mapping[str, int],
    sizes: Mapping[str, int],
) -> Iterator[Metric]:
    """Figures as Prometheus knows them; with None only that the server is away."""
    words = Families(namespace)
    yield words.gauge("redis_up", "Whether Redis answered.", float(figures is not None))
    if figures is None:
        return
    waiting = figures.backlog
    yield words.gauges("stream_length", "Entries of streams.", "stream", figures.lengths)
    yield words.gauge("stream_lag", "Articles not yet delivered to any worker.", waiting.lag)
    yield words.gauge("pending", "Articles delivered and not yet placed.", waiting.pending)
    yield words.gauge(
        "oldest_idle_seconds",
        "Longest time that no worker touched a pending article.",
        waiting.oldest_idle_ms / 1000,
    )
    yield words.gauge(
        "oldest_waiting_seconds",
        "Age of the oldest article not yet delivered.",
        waiting.oldest_waiting_ms / 1000,
    )
    by_reason = {reason.value: 0 for reason in Reason} | dict(letters)
    yield words.gauges("dead_letters", "Dead letters in the stream.", "reason", by_reason)
    counts = {kind: figures.counts.get(kind, 0) for kind in KINDS}
    yield words.counters("counts", "What became of entries and stories.", "kind", counts)
    yield words.gauge("stories_open", "Stories that are open.", figures.stories_open)
    yield words.gauge("held_articles", "Articles under embargo or held back.", figures.held)
    yield words.gauge("rules", "Editors' rules in force.", figures.rules)
    if figures.workers is not None:
        yield words.gauge("workers", "Workers that are connected.", figures.workers)
    yield words.gauge("window_span", "Articles in the window.", figures.lengths["log"])
    yield words.gauges("redis_memory_bytes", "Memory of the namespace.", "family", sizes)
    yield words.gauge("redis_used_memory_bytes", "Memory of the whole server.", figures.used_memory)
    yield words.gauge("redis_max_memory_bytes", "Its limit; 0: none.", figures.max_memory)
    evicted = "Keys that the server has dropped since it started, to make room."
    yield words.counter("redis_evicted_keys", evicted, figures.evicted_keys)


async def _workers(redis: Redis, settings: Settings) -> int | None:
    try:
        return len({each.consumer for each in await connected_workers(redis, settings.keys)})
    except ResponseError:  # an ACL without CLIENT LIST
        return None
