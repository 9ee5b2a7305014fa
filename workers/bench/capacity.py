"""How many Redis nodes, workers and gigabytes a number of articles a day takes.

The tables of ``deploy/CAPACITY.md`` come from what `onestory bench` measured and what is assumed
(`papers` writes them). The model is arithmetic:

* peak: articles a second = articles a day / 86,400 x PEAK.
* held: articles in the window: two epochs, so at most 1.5 windows (contracts/README.md, Time).
* Redis spends redis + followed x workers on an article; a node has one core for that.
* A worker spends own on each of its own articles and filing on each of the others'.
* redis and own grow with the window, in a straight line through what was measured.
* A worker's memory is base + private x held; what the workers of a host share, shared x held, is
  there once.
* The API holds every article that the events stream tells of, which is kept a day longer than
  the window; and at least what is held.
* Each worker holds the whole window. So more workers help until following alone fills a core,
  and no number of workers makes a window smaller: namespaces do.
"""

from collections.abc import Callable
from dataclasses import dataclass

from workers.bench.figures import Figures, Level, spread

DAY_S = 86_400
PEAK = 3.0
"""The busiest minutes of a day beside its mean: assumed."""
LOAD = 0.6
"""Of a core, at the peak: above that, queues grow."""
EPOCH_SLACK = 1.5

API_BASE, API_BYTES, API_REREAD_US = 100e6, 1_925.0, 92.0
"""``python -m tests.benchmarks.board 100000``."""
EVENTS_BEYOND_HOURS = 24.0
"""ONESTORY_EVENTS_HOURS less the window. The default keeps a week."""

NODE_GB, WORKER_GB, MOST_WORKERS = 32.0, 16.0, 8
"""Limits of one namespace: data of a node, memory of a worker, workers."""


@dataclass(frozen=True, slots=True)
class Line:
    """A cost that grows evenly with the articles in the window; never below the measured one."""

    live: float
    cost: float
    """With so many in it."""
    slope: float = 0.0
    """Of each further one."""

    def at(self, held: float) -> float:
        """With so many in it; no less than where measuring began."""
        return self.cost + max(0.0, held - self.live) * self.slope


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured: CPU us an article, and bytes."""

    redis_us: Line
    followed_us: float
    """Of Redis, for each worker that follows."""
    own_us: Line
    filing_us: float
    redis_bytes: float
    base_bytes: float
    """A worker with an empty window."""
    private_bytes: float
    shared_bytes: float
    start_us: float


def costs(figures: Figures) -> Costs:
    """Of one run of the benchmark."""
    last, light = figures.levels[-1], figures.light
    workers = len(light.workers)
    followed, filing = last.joined.start_redis_us, last.joined.filing_us

    def redis_us(level: Level) -> float:
        return spread([each.ours.redis_us for each in level.rounds]).median - followed * workers

    def own_us(level: Level) -> float:
        spent = spread([sum(each.ours.worker_us) for each in level.rounds]).median
        return spent - filing * (workers - 1)

    grown = (figures.private_bytes + figures.shared_bytes) * light.live
    return Costs(
        redis_us=_line(figures, redis_us),
        followed_us=followed,
        own_us=_line(figures, own_us),
        filing_us=filing,
        redis_bytes=last.weight.redis_bytes / last.weight.live,
        base_bytes=max(0.0, max(each.resident for each in light.workers) - grown),
        private_bytes=figures.private_bytes,
        shared_bytes=figures.shared_bytes,
        start_us=figures.alone_us,
    )


def _line(figures: Figures, cost: Callable[[Level], float]) -> Line:
    first, last = figures.levels[0], figures.levels[-1]
    more = last.weight.live - first.weight.live
    slope = max(0.0, cost(last) - cost(first)) / more if more else 0.0
    return Line(first.weight.live, cost(first), slope)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one number of articles a day takes, at one window."""

    costs: Costs
    articles_a_day: float
    window_hours: float
    namespaces: int
    workers: int
    """Of each namespace."""

    @property
    def peak(self) -> float:
        """Articles a second of one namespace."""
        return self.articles_a_day / self.namespaces / DAY_S * PEAK

    @property
    def held(self) -> float:
        """Articles in the window of one namespace."""
        days = self.window_hours / 24 * EPOCH_SLACK
        return self.articles_a_day / self.namespaces * days

    @property
    def redis_load(self) -> float:
        """Of one core."""
        spent = self.costs.redis_us.at(self.held) + self.costs.followed_us * self.workers
        return self.peak * spent / 1e6

    @property
    def worker_load(self) -> float:
        """Of one core."""
        own = self.costs.own_us.at(self.held) / self.workers
        return self.peak * (own + self.costs.filing_us * (1 - 1 / self.workers)) / 1e6

    @property
    def redis_gb(self) -> float:
        """Data of one namespace."""
        return self.held * self.costs.redis_bytes / 1e9

    @property
    def worker_gb(self) -> float:
        """Memory of one worker that has a host for itself."""
        return self.further_gb + self.held * self.costs.shared_bytes / 1e9

    @property
    def further_gb(self) -> float:
        """Memory of each further one on that host."""
        return (self.costs.base_bytes + self.held * self.costs.private_bytes) / 1e9

    @property
    def reread_s(self) -> float:
        """CPU of one worker, until it has read its window anew after a failover."""
        return self.held * self.costs.start_us / 1e6

    @property
    def told(self) -> float:
        """Articles of one namespace that its events stream tells of."""
        days = (self.window_hours + EVENTS_BEYOND_HOURS) / 24
        return max(self.held, self.articles_a_day / self.namespaces * days)

    @property
    def api_gb(self) -> float:
        """Memory of one API process."""
        return (API_BASE + self.told * API_BYTES) / 1e9

    @property
    def api_reread_s(self) -> float:
        """CPU of an API process, until it answers after a start."""
        return self.told * API_REREAD_US / 1e6

    @property
    def fits(self) -> bool:
        """Whether a namespace stays within the limits."""
        return (
            max(self.redis_load, self.worker_load) <= LOAD
            and self.redis_gb <= NODE_GB
            and self.worker_gb <= WORKER_GB
        )


def plan(costs: Costs, articles_a_day: float, window_hours: float) -> Plan:
    """As few namespaces as fit, each with as few workers as fit."""
    namespaces = 1
    while True:
        for workers in range(1, MOST_WORKERS + 1):
            found = Plan(costs, articles_a_day, window_hours, namespaces, workers)
            if found.fits:
                return found
        namespaces += 1


def most_a_second(costs: Costs, workers: int) -> float:
    """What a namespace takes at the limit of `LOAD`, its window no larger than measured."""
    one = Plan(costs, DAY_S / PEAK, 1e-6, 1, workers)
    return LOAD / max(one.redis_load, one.worker_load)
