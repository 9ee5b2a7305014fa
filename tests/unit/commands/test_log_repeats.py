"""An outage is told once in a while, and nothing else is left out."""

import io
import logging
from collections.abc import Iterator

import pytest

from workers.commands.log_repeats import Sparing


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(clock: Clock, shown: io.StringIO) -> Iterator[logging.Logger]:
    handler = logging.StreamHandler(shown)
    handler.addFilter(Sparing(30.0, clock))
    made = logging.getLogger("onestory.of_this_test")
    made.addHandler(handler)
    yield made
    made.removeHandler(handler)


def test_the_same_warning_is_told_once_in_a_while_and_counted(
    log: logging.Logger, shown: io.StringIO, clock: Clock
) -> None:
    for _ in range(120):
        log.warning("Redis unavailable, trying again: %s", "refused")
        clock.now += 0.5

    assert shown.getvalue().splitlines() == [
        "Redis unavailable, trying again: refused",
        "Redis unavailable, trying again: refused (repeats not shown: 59)",
    ]


def test_what_differs_in_a_word_is_told(log: logging.Logger, shown: io.StringIO) -> None:
    for entry in range(3):
        log.warning("entry %d is a dead letter", entry)

    assert len(shown.getvalue().splitlines()) == 3


def test_errors_and_tracebacks_are_always_told(log: logging.Logger, shown: io.StringIO) -> None:
    for _ in range(3):
        log.error("it failed")
        log.warning("it failed, will be repeated", exc_info=ValueError("a defect"))

    assert shown.getvalue().count("ValueError: a defect") == 3
    assert shown.getvalue().splitlines().count("it failed") == 3


def test_what_it_remembers_is_bounded(log: logging.Logger) -> None:
    spared = log.handlers[0].filters[0]
    assert isinstance(spared, Sparing)

    for entry in range(5_000):
        log.warning("entry %d", entry)

    assert len(spared._told) <= 1_000
