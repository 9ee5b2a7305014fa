"""What one run of the benchmark found; kept as JSON, from which papers are written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from pydantic import TypeAdapter

from workers.bench.machine import Memory
from workers.bench.measure import Latency
from workers.bench.stages import Stages

MOST_OTHERS = 0.3
"""Load of others, of each core, above which nothing is told that the clock measured."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Of ours in one round: articles a second by the clock, and CPU µs an article."""

    per_second: float
    publisher_us: float
    worker_us: tuple[float, ...]
    """Each worker's time, by all articles: their sum is what an article costs."""
    redis_us: float

    @property
    def cpu_us(self) -> float:
        """All together."""
        return self.publisher_us + sum(self.worker_us) + self.redis_us


@dataclass(frozen=True, slots=True)
class PeerTurn:
    """The same of the peer."""

    per_second: float
    process_us: float
    redis_us: float

    @property
    def cpu_us(self) -> float:
        """Both together."""
        return self.process_us + self.redis_us


@dataclass(frozen=True, slots=True)
class Round:
    """Ours and the peer, one right behind the other."""

    ours: Turn
    peer: PeerTurn | None
    """None where its window would take too long to fill."""
    others: float
    """Load of others meanwhile, of each core."""

    @property
    def times(self) -> float | None:
        """How many times as fast ours was, by the clock."""
        return self.ours.per_second / self.peer.per_second if self.peer else None

    @property
    def times_cpu(self) -> float | None:
        """How many times ours' CPU time the peer took."""
        return self.peer.cpu_us / self.ours.cpu_us if self.peer else None


@dataclass(frozen=True, slots=True)
class Joined:
    """What a further worker took to read the window, and to file what came then."""

    articles: int
    start_us: float
    """CPU of an article of the window."""
    start_redis_us: float
    """The same, of Redis."""
    seconds: float
    filing_us: float
    """CPU of an article that another worker has placed."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What the window takes, with so many articles in it."""

    live: int
    redis_bytes: int
    """More than an empty server has."""
    workers: tuple[Memory, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """All that was measured at one size of the window."""

    weight: Weight
    """When measuring began; the rounds make it larger."""
    rounds: tuple[Round, ...]
    latency: Latency
    others: float
    """Load of others in rounds and steady run, of each core."""
    joined: Joined


@dataclass(frozen=True, slots=True)
class Conditions:
    """Where and when."""

    day: str
    command: str
    machine: str
    load_before: float
    """Of one minute, as ``uptime`` tells it."""
    load_after: float
    versions: str
    articles: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All that one run found."""

    conditions: Conditions
    light: Weight
    """With a tenth of the window: what one more article takes is told by the difference."""
    levels: tuple[Level, ...]
    """The smaller window first."""
    alone_us: float
    """CPU that an article of the last window takes a worker that starts where no other runs."""
    stages: Stages

    @property
    def others(self) -> float:
        """The highest load of others at one size of the window, of each core."""
        return max(level.others for level in self.levels)

    @property
    def is_quiet(self) -> bool:
        """Whether what the clock measured means anything."""
        return self.others <= MOST_OTHERS

    @property
    def private_bytes(self) -> float:
        """That one more article takes in each worker, up to the largest window."""
        return self._grown(lambda memory: memory.private)

    @property
    def shared_bytes(self) -> float:
        """What it takes besides, once for all workers of a host."""
        return self._grown(lambda memory: memory.resident - memory.private)

    def _grown(self, size: Callable[[Memory], int]) -> float:
        light, full = self.light, self.levels[-1].weight
        before, after = (mean(map(size, weight.workers)) for weight in (light, full))
        return (after - before) / (full.live - light.live)


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some rounds."""

    median: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value."""
    return Spread(median(values), min(values), max(values))


_FIGURES = TypeAdapter(Figures)


def saved(figures: Figures, file: Path) -> None:
    """Write them as JSON."""
    file.write_bytes(_FIGURES.dump_json(figures, indent=1) + b"\n")


def read(file: Path) -> Figures:
    """What `saved` wrote."""
    return _FIGURES.validate_json(file.read_bytes())
