"""The benchmark's table: Markdown, so that it can stand in workers/bench/README.md as it is."""

import os
import platform
from dataclasses import dataclass
from datetime import date
from statistics import median

from workers.bench.measure import Latency, Throughput
from workers.bench.stages import Stages


@dataclass(frozen=True, slots=True)
class Figures:
    """All that one benchmark measured."""

    window: int
    """Live articles while it was measured."""
    workers: int
    rounds: tuple[Throughput, ...]
    """At full window."""
    latency: Latency
    redis_bytes_per_article: float
    worker_bytes: tuple[int, ...]
    stages: Stages
    peer: tuple[Throughput, ...]
    peer_window: int
    redis_version: str
    day: date

    @property
    def articles_per_second(self) -> float:
        """Median of the rounds."""
        return median(each.per_second for each in self.rounds)

    @property
    def peer_per_second(self) -> float:
        """Median of the peer's rounds."""
        return median(each.per_second for each in self.peer)


def table(figures: Figures) -> str:
    """Figures with their conditions, as a Markdown table."""
    latency = figures.latency
    spread = ", ".join(f"{each.per_second:,.0f}" for each in figures.rounds)
    memory = ", ".join(f"{size / 1e6:,.0f}" for size in figures.worker_bytes)
    longest = f"longest {latency.longest_ms:.0f} ms, of {latency.articles:,}"
    rows = [
        ("live articles in the window", f"{figures.window:,}"),
        ("workers", f"{figures.workers}"),
        (
            "stream to event, articles/s",
            f"**{figures.articles_per_second:,.0f}** (median of {spread})",
        ),
        (
            f"latency at a steady {latency.per_second:,.0f}/s",
            f"p50 **{latency.p50_ms:.0f} ms**, p99 **{latency.p99_ms:.0f} ms**, {longest}",
        ),
        ("Redis bytes an article", f"**{figures.redis_bytes_per_article:,.0f}**"),
        ("resident memory of a worker, MB", memory),
        (
            f"fingerprint of a {figures.stages.text_bytes / 1e3:.1f} kB article, CPU µs",
            f"**{figures.stages.fingerprint_us:,.0f}**",
        ),
        ("verification of a candidate, CPU µs", f"**{figures.stages.candidate_us:,.1f}**"),
        (
            "datasketch MinHashLSH on Redis, insert + query/s",
            f"{figures.peer_per_second:,.0f} (window of {figures.peer_window:,})",
        ),
        (
            "times the peer",
            f"**{figures.articles_per_second / figures.peer_per_second:.1f}**",
        ),
    ]
    conditions = (
        f"{figures.day.isoformat()}, {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, embedded Redis {figures.redis_version}; "
        "publisher and Redis on the same cores."
    )
    lines = [
        "| measure | figure |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in rows),
    ]
    return "\n".join([*lines, "", conditions])
