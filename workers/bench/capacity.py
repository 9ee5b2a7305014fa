"""How many Redis nodes, workers and gigabytes a number of articles a day takes.

``python -m workers.bench.capacity`` prints the tables of ``deploy/CAPACITY.md`` from what was
measured (``workers/bench/scaling.py``) and what is assumed. The model is arithmetic:

* peak: articles a second = articles a day / 86,400 x PEAK.
* held: articles in the window: two epochs, so at most 1.5 windows (contracts/README.md, Time).
* Redis spends REDIS + FOLLOWED x workers on an article; a node has one core for that.
* A worker spends OWN on each of its own articles and FOLLOWS on each of the others', and more
  than that when the index is large: SCANNED on each vector that a search looks at.
* The API holds every article that the events stream tells of, which is kept a day longer than
  the window; and at least what is held.
* Each worker holds the whole window. So more workers help until following alone fills a core,
  and no number of workers makes a window smaller: namespaces do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DAY_S = 86_400
PEAK = 3.0
"""The busiest minutes of a day beside its mean: assumed."""
LOAD = 0.6
"""Of a core, at the peak: above that, queues grow."""
EPOCH_SLACK = 1.5

REDIS_US, FOLLOWED_US = 433.0, 26.0
OWN_US, FOLLOWS_US = 1_536.0, 201.0
"""At 112,000 live articles with two workers; what each further worker costs, at 4,000."""
SCANNED_US = 0.018
"""A vector of an index of a million; 123 us for 6,250 of them at 100,000, 278 us for 15,600."""
CELLS, PROBED = 1_024, 16
IN_OWN_US = 6_250 * SCANNED_US
"""What of it is in OWN_US already, at most."""
REDIS_BYTES = 2_809.0
WORKER_BASE, WORKER_BYTES = 250e6, 2_100.0
REREAD_US = 27.0
API_BASE, API_BYTES, API_REREAD_US = 100e6, 1_925.0, 92.0
"""``python -m tests.benchmarks.board 100000``."""
EVENTS_BEYOND_HOURS = 24.0
"""ONESTORY_EVENTS_HOURS less the window. The default keeps a week."""

NODE_GB, WORKER_GB, MOST_WORKERS = 32.0, 16.0, 8
"""Limits of one namespace: data of a node, memory of a worker, workers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one number of articles a day takes, at one window."""

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
        return self.peak * (REDIS_US + FOLLOWED_US * self.workers) / 1e6

    @property
    def worker_load(self) -> float:
        """Of one core."""
        search = max(0.0, self.held * PROBED / CELLS * SCANNED_US - IN_OWN_US)
        own = (OWN_US + search) / self.workers
        return self.peak * (own + FOLLOWS_US * (1 - 1 / self.workers)) / 1e6

    @property
    def redis_gb(self) -> float:
        """Data of one namespace."""
        return self.held * REDIS_BYTES / 1e9

    @property
    def worker_gb(self) -> float:
        """Memory of one worker."""
        return (WORKER_BASE + self.held * WORKER_BYTES) / 1e9

    @property
    def reread_s(self) -> float:
        """CPU of one worker, until it has read its window anew after a failover."""
        return self.held * REREAD_US / 1e6

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


def plan(articles_a_day: float, window_hours: float) -> Plan:
    """As few namespaces as fit, each with as few workers as fit."""
    namespaces = 1
    while True:
        for workers in range(1, MOST_WORKERS + 1):
            found = Plan(articles_a_day, window_hours, namespaces, workers)
            if found.fits:
                return found
        namespaces += 1


def most_a_second(workers: int) -> float:
    """What a namespace takes at the limit of `LOAD`, its window no larger than measured."""
    one = Plan(DAY_S / PEAK, 1e-6, 1, workers)
    return LOAD / max(one.redis_load, one.worker_load)


DAYS: Sequence[float] = (1e6, 1e7, 1e8)
HOURS: Sequence[float] = (72.0, 24.0)
COUNTS = (1, 2, 4, 8, 16)
_COLUMNS = (
    *("M a day", "window, h", "namespaces", "workers of each", "peak/s of each"),
    *(
        "held by each, M",
        "Redis, GB each",
        "a worker, GB",
        "an API, GB",
        "cores in all",
        "reread, s",
        "API start, s",
    ),
)


def table() -> str:
    """Both tables, as Markdown."""
    lines = [
        "| workers of a namespace | articles/s at 112,000 live | Redis: load of its core |",
        "|---|---|---|",
    ]
    for workers in COUNTS:
        rate = most_a_second(workers)
        share = rate * (REDIS_US + FOLLOWED_US * workers) / 1e6
        lines.append(f"| {workers} | {rate:,.0f} | {share:.0%} |")
    lines += [
        "",
        f"| {' | '.join(_COLUMNS)} |",
        "|" + "---|" * len(_COLUMNS),
    ]
    for day in DAYS:
        for hours in HOURS:
            one = plan(day, hours)
            cores = one.namespaces * (1 + one.workers)
            lines.append(
                f"| {day / 1e6:,.0f} | {hours:.0f} | {one.namespaces} | {one.workers} "
                f"| {one.peak:,.0f} | {one.held / 1e6:,.1f} | {one.redis_gb:,.1f} "
                f"| {one.worker_gb:,.1f} | {one.api_gb:,.1f} | {cores} | {one.reread_s:,.0f} "
                f"| {one.api_reread_s:,.0f} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
