"""A stuck worker ends itself; one that works is left alone."""

import logging
import threading

import pytest

from tests.support.clocks import Clock
from tests.support.redis.servers import wait_until
from workers.metrics import watchdog
from workers.metrics.pulse import CONSUME, Pulse
from workers.metrics.watchdog import STUCK, Watchdog


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_EVERY_S", 0.001)


class Watched(Pulse):
    """Counts how often it was looked at, and can come back to life at a look."""

    looks = 0
    turns_at = 0

    def stuck(self, limit_s: float) -> dict[str, float]:
        found = super().stuck(limit_s)
        self.looks += 1
        if self.looks == self.turns_at:
            self.turn(CONSUME)
        return found


def test_a_stuck_worker_is_ended_and_where_it_hangs_is_told(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    pulse = Watched(clock)
    pulse.begin(CONSUME)
    ended: list[int] = []
    with Watchdog(pulse, 30.0, ended.append), caplog.at_level(logging.CRITICAL):
        clock.now += 29
        wait_until(lambda: pulse.looks > 10, "it was looked at")
        patient = list(ended)
        clock.now += 2
        wait_until(lambda: ended, "it is ended")

    assert (patient, ended) == ([], [STUCK])
    assert "no sign of life from consume (31 s): ending with exit code 70" in caplog.text
    assert "test_watchdog.py" in capfd.readouterr().err


def test_a_process_that_was_stopped_for_a_while_and_goes_on_is_left_alone() -> None:
    clock = Clock()
    pulse = Watched(clock)
    pulse.begin(CONSUME)
    pulse.turns_at = watchdog._LOOKS - 1
    clock.now += 1_000
    ended: list[int] = []

    with Watchdog(pulse, 30.0, ended.append):
        wait_until(lambda: pulse.looks > 20, "it was looked at")

    assert ended == []


def test_a_limit_of_zero_looks_at_nothing() -> None:
    before = threading.active_count()

    with Watchdog(Pulse(), 0.0):
        assert threading.active_count() == before
