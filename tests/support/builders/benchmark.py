"""Figures of a benchmark that was not run."""

from collections.abc import Sequence

from workers.bench.figures import (
    Conditions,
    Figures,
    Joined,
    Level,
    PeerTurn,
    Round,
    Turn,
    Weight,
)
from workers.bench.machine import Memory
from workers.bench.measure import Latency
from workers.bench.stages import Stages

CONDITIONS = Conditions(
    day="2026-11-26 06:00 UTC",
    command="onestory bench",
    machine="a machine, 2 cores, 24 GB",
    load_before=0.1,
    load_after=2.2,
    versions="onestory 0.1.0, Python 3.11.7, Redis 7.2.4, datasketch 2.0.0",
    articles="made up",
    minutes=5.0,
)


def weight(live: int, *, resident: float = 400e6, private: float = 300e6) -> Weight:
    """Of two workers; 2,500 bytes of Redis an article."""
    each = Memory(int(resident), int(private))
    return Weight(live, 2_500 * live, (each, each))


def one_round(
    *, ours: float = 2_000, peer: float | None = 200, redis_us: float = 150, worker_us: float = 300
) -> Round:
    """Articles a second; each worker takes ``worker_us``, the peer 4,000 us."""
    turn = Turn(ours, 50, (worker_us, worker_us), redis_us)
    return Round(turn, None if peer is None else PeerTurn(peer, 3_000, 1_000), 0.02)


def level(
    at: Weight,
    rounds: Sequence[Round] = (),
    *,
    others: float = 0.02,
    redis_us: float = 150,
    worker_us: float = 300,
) -> Level:
    """Of one size of the window."""
    return Level(
        at,
        tuple(rounds or [one_round(redis_us=redis_us, worker_us=worker_us)]),
        Latency(9_000, 300 - at.live / 1e6, 8, 25, 60),
        others,
        Joined(at.live, 28, 20, 3.0, 40),
    )


def figures(
    *, light: Weight | None = None, levels: Sequence[Level] = (), others: float = 0.02
) -> Figures:
    """Of a run."""
    return Figures(
        CONDITIONS,
        light or weight(10_000),
        tuple(levels or [level(weight(100_000), others=others)]),
        30,
        Stages(300, 7, 3_200),
    )
