"""Ours and the peer work by turns, one right behind the other, and who is first changes."""

from typing import Any, cast

from tests.support.builders.benchmark import figures, one_round, weight
from workers.bench.figures import Joined, PeerTurn, Turn, Weight
from workers.bench.measure import Latency
from workers.bench.turns import Plan, level

PLAN = Plan(rounds=3, round_articles=50, peer_articles=5, steady_seconds=2, filed=10)
LIKE = figures().levels[0]


class _Ours:
    def __init__(self, told: list[str]) -> None:
        self.told = told

    def weight(self) -> Weight:
        self.told.append("weight")
        return weight(100_000)

    def turn(self, count: int) -> Turn:
        self.told.append(f"ours {count}")
        return one_round().ours

    def steady(self, count: int, per_second: int) -> Latency:
        self.told.append(f"steady {count} at {per_second}")
        return LIKE.latency

    def joined(self, filed: int) -> Joined:
        self.told.append(f"joined {filed}")
        return LIKE.joined


class _Theirs:
    def __init__(self, told: list[str]) -> None:
        self.told = told

    def turn(self, count: int) -> PeerTurn:
        self.told.append(f"peer {count}")
        return PeerTurn(100 + len(self.told), 1, 1)


def test_each_round_has_both_and_the_window_is_weighed_first() -> None:
    told: list[str] = []

    found = level(PLAN, cast(Any, _Ours(told)), cast(Any, _Theirs(told)), lambda _: None)

    assert told == [
        "weight",
        *("ours 50", "peer 5"),
        *("peer 5", "ours 50"),
        *("ours 50", "peer 5"),
        *("steady 600 at 300", "joined 10"),
    ]
    assert [each.peer and each.peer.per_second for each in found.rounds] == [103, 104, 107]


def test_without_a_peer_ours_is_measured_alone() -> None:
    told: list[str] = []

    found = level(PLAN, cast(Any, _Ours(told)), None, lambda _: None)

    assert told.count("ours 50") == 3
    assert [each.times for each in found.rounds] == [None] * 3
