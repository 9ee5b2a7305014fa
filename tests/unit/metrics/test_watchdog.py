"""A stuck worker ends itself; one that works is left alone."""

import logging
import threading

import pytest

from tests.clocks import Clock
from tests.servers import wait_until
from workers.metrics.pulse import CONSUME, Pulse
from workers.metrics.watchdog import STUCK, Watchdog


def test_a_stuck_worker_is_ended_and_where_it_hangs_is_told(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    pulse = Pulse(clock)
    pulse.begin(CONSUME)
    ended: list[int] = []
    with Watchdog(pulse, 30.0, ended.append), caplog.at_level(logging.CRITICAL):
        clock.now += 29
        assert ended == []
        clock.now += 2
        wait_until(lambda: ended, "it is ended")

    assert ended == [STUCK]
    assert "no sign of life from consume (31 s): ending with exit code 70" in caplog.text
    assert "test_watchdog.py" in capfd.readouterr().err


def test_a_limit_of_zero_looks_at_nothing() -> None:
    before = threading.active_count()

    with Watchdog(Pulse(), 0.0):
        assert threading.active_count() == before
