"""A worker that works, however slowly, is alive; one that hangs is not."""

import asyncio

import pytest

from tests.support.clocks import Clock
from workers.metrics.health import Trouble, not_alive, not_ready
from workers.metrics.pulse import CONSUME, LOOK, Pulse

LIMIT_S = 60.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pulse(clock: Clock) -> Pulse:
    pulse = Pulse(clock)
    for loop in (CONSUME, "sweep", "release"):
        pulse.begin(loop)
    return pulse


def later(clock: Clock, pulse: Pulse, seconds: float, *turning: str) -> None:
    """Time passes, in which some loops turn."""
    for _ in range(int(seconds)):
        clock.now += 1
        for loop in turning:
            pulse.turn(loop)


def test_loops_that_turn_are_alive(clock: Clock, pulse: Pulse) -> None:
    later(clock, pulse, 300, CONSUME, "sweep", "release")

    assert pulse.stuck(LIMIT_S) == {}


def test_a_loop_that_stands_still_is_stuck(clock: Clock, pulse: Pulse) -> None:
    later(clock, pulse, 61, "sweep", "release")

    assert pulse.stuck(LIMIT_S) == {CONSUME: 61.0}
    assert pulse.ages()["sweep"] == 0


def test_a_blocked_event_loop_is_stuck_with_all_its_loops(clock: Clock, pulse: Pulse) -> None:
    pulse.progress()

    later(clock, pulse, 61)

    assert pulse.stuck(LIMIT_S).keys() == {CONSUME, "sweep", "release"}


def test_a_long_batch_that_goes_on_keeps_those_alive_that_wait_for_it(
    clock: Clock, pulse: Pulse
) -> None:
    for _ in range(10):
        later(clock, pulse, 50, "release")
        pulse.progress()

    assert pulse.stuck(LIMIT_S) == {}


def test_a_batch_keeps_nobody_alive_who_does_not_wait_for_it(clock: Clock, pulse: Pulse) -> None:
    later(clock, pulse, 61, CONSUME, "sweep")
    pulse.progress()

    assert pulse.stuck(LIMIT_S) == {"release": 61.0}


def test_a_slow_encoder_is_waited_for_but_not_for_ever(clock: Clock, pulse: Pulse) -> None:
    with pulse.slow():
        later(clock, pulse, 900, "release")
        patient = pulse.stuck(LIMIT_S)
        later(clock, pulse, 61, "release")
        impatient = pulse.stuck(LIMIT_S)

    assert patient == {}
    assert impatient.keys() == {CONSUME, "sweep"}
    assert pulse.stuck(LIMIT_S) == {}, "it came back"


def test_nobody_is_stuck_while_redis_is_away(clock: Clock, pulse: Pulse) -> None:
    pulse.away("it is loading its data")
    later(clock, pulse, 1_000, "release")
    away = pulse.stuck(LIMIT_S)
    pulse.answered()
    back = pulse.stuck(LIMIT_S)
    later(clock, pulse, 61, "release")

    assert (away, back) == ({}, {})
    assert pulse.stuck(LIMIT_S).keys() == {CONSUME, "sweep"}, "it did not come back to work"


def test_an_event_loop_that_hangs_is_stuck_even_while_redis_is_away(
    clock: Clock, pulse: Pulse
) -> None:
    pulse.away("it is loading its data")

    later(clock, pulse, 61)

    assert pulse.stuck(LIMIT_S).keys() == {"release"}


def test_answers_of_redis_are_signs_of_the_loop_that_asked(clock: Clock, pulse: Pulse) -> None:
    async def sweeps() -> None:
        pulse.begin("sweep")
        for _ in range(5):
            later(clock, pulse, 50)
            pulse.answered()

    asyncio.run(sweeps())

    assert pulse.ages() == {CONSUME: 250.0, "sweep": 0.0, "release": 250.0}


def test_a_pause_between_turns_is_no_hang(clock: Clock, pulse: Pulse) -> None:
    pulse.begin("sweep", pause_s=3_600)

    later(clock, pulse, 3_000, CONSUME, "release")
    paused = pulse.stuck(LIMIT_S)
    later(clock, pulse, 661, CONSUME, "release")

    assert paused == {}
    assert pulse.stuck(LIMIT_S).keys() == {"sweep"}


def test_a_loop_that_is_over_is_not_missed(clock: Clock, pulse: Pulse) -> None:
    for loop in (CONSUME, "sweep", "release"):
        pulse.end(loop)

    later(clock, pulse, 1_000)

    assert pulse.stuck(LIMIT_S) == {}


def test_alive_and_ready_are_two_questions(clock: Clock, pulse: Pulse) -> None:
    starting = not_ready(pulse, LIMIT_S, 10)
    pulse.is_caught_up = True
    caught_up = not_ready(pulse, LIMIT_S, 10)
    pulse.behind = 11
    behind = not_ready(pulse, LIMIT_S, 10)
    pulse.behind = 10
    pulse.away("it is loading its data")
    later(clock, pulse, 1_000, "release")

    assert starting == [
        Trouble("window", "the fingerprint log has not been followed to its end yet")
    ]
    assert caught_up == []
    assert behind == [Trouble("window", "11 entries of the log are missing, expected at most 10")]
    assert not_ready(pulse, LIMIT_S, 10) == [Trouble("redis", "it is loading its data")]
    assert not_alive(pulse, LIMIT_S) == []


def test_a_server_that_drops_all_packets_is_told_before_a_call_has_failed(
    clock: Clock, pulse: Pulse
) -> None:
    pulse.is_caught_up = True
    pulse.begin(LOOK, pause_s=1.0)
    later(clock, pulse, 6, CONSUME, "sweep", "release")
    in_time = not_ready(pulse, LIMIT_S, 10)
    later(clock, pulse, 1, CONSUME, "sweep", "release")

    assert in_time == []
    assert not_ready(pulse, LIMIT_S, 10) == [Trouble("redis", "no answer for 6 s")]
    assert not_alive(pulse, LIMIT_S) == []


def test_troubles_say_what_was_seen_and_expected(clock: Clock, pulse: Pulse) -> None:
    pulse.has_group = False
    later(clock, pulse, 90, "sweep", "release")

    assert not_alive(pulse, LIMIT_S) == [
        Trouble("loop consume", "no sign of life for 90 s, expected within 60 s"),
        Trouble("consumer group", "it is gone, and could not be created anew"),
    ]
