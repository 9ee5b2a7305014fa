"""Every kind of fault once, some right after each other, in the time a suite has."""

import random
from pathlib import Path

import pytest

from tests.faults.kinds import FAULTS
from tests.faults.run import run
from tests.faults.schedule import placed, schedule
from tests.faults.traffic import Traffic
from tests.faults.world import world

LINES = 2_500
SEED = 20261122
AT_ONCE = (
    ("worker killed -9", "connections cut (CLIENT KILL)", "scripts flushed"),
    ("API killed -9", "consumer asleep", "dates that lie"),
    ("Redis killed -9, every write synced", "API stopped (SIGTERM)"),
    ("article that kills its worker", "worker a zombie (SIGSTOP, later SIGCONT)", "memory full"),
    ("power lost, synced every second", "connections reset in mid-answer"),
    ("worker stopped (SIGTERM)", "writes refused (NOREPLICAS)", "flood of broken entries"),
    ("append-only file cut in mid-command", "Redis paused (SIGSTOP)", "all workers killed -9"),
    ("publisher trims the stream (MAXLEN)", "eviction storm, the guard off"),
    ("consumer group destroyed", "consumer starts over", "event clock jumps past the window"),
)


@pytest.mark.slow
def test_every_kind_of_fault_costs_time_and_no_article(tmp_path: Path) -> None:
    assert sorted(each for kinds in AT_ONCE for each in kinds) == sorted(FAULTS)
    slots = placed(random.Random(SEED), LINES, AT_ONCE)

    with world(
        tmp_path,
        seed=SEED,
        articles=LINES,
        # What is sent again after a lost tail must not be past the window.
        window_articles=2 * LINES,
        reclaim_idle_ms=700,
        max_deliveries=3,
    ) as made:
        outcome = run(made, slots, checked_every=100)

        assert outcome.wrong == []
        assert outcome.faults == len(FAULTS)
        assert outcome.checks >= 2
        assert made.consumer.account.events > LINES // 2  # since it started over
        assert made.lost_tails == 2
        assert made.publisher.by_http > 0
        assert made.listener.resumed > 0
        assert made.proxy.resets > 0
        assert made.fleet.tracebacks() == []


def test_a_seed_says_what_is_sent_and_what_is_broken() -> None:
    one, other, another = Traffic(1), Traffic(1), Traffic(2)

    lines = one.take(2_000)

    assert lines == other.take(2_000) != another.take(2_000)
    assert one.expected == other.expected
    assert {each.fate for each in one.expected.values()} == {"placed", "killed", "held"}
    assert schedule(1, 9_000, 60, list(FAULTS)) == schedule(1, 9_000, 60, list(FAULTS))
    assert schedule(1, 9_000, 60, list(FAULTS)) != schedule(2, 9_000, 60, list(FAULTS))
