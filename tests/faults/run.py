"""A run: traffic, faults by their schedule, and checks whenever all is quiet."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.faults.checks import checked, replayed
from tests.faults.kinds import EXPIRES, FAULTS
from tests.faults.schedule import Slot
from tests.faults.traffic import INTERVAL
from tests.faults.world import Stuck, World

_LOOKS = 20


@dataclass(slots=True)
class Outcome:
    """What a run has come to so far."""

    world: World = field(repr=False)
    """Never shown: a failed assertion would spell out all that was sent and told."""
    times: dict[str, list[float]] = field(default_factory=dict)
    """By kind of fault: seconds from its end to when all before it was done."""
    wrong: list[str] = field(default_factory=list)
    checks: int = 0
    quiet_from: int = 0
    """First article since the last check."""
    began: float = field(default_factory=time.monotonic)

    @property
    def faults(self) -> int:
        return sum(map(len, self.times.values()))


Progress = Callable[[Outcome, str], None]


def run(
    world: World,
    slots: Sequence[Slot],
    progress: Progress = lambda _outcome, _said: None,
    *,
    checked_every: int = 10,
) -> Outcome:
    """Inject, recover, and look, until all lines are sent; stops at the first thing that is stuck.

    Args:
        world: as `world` has started it.
        slots: of the schedule.
        progress: told of every step.
        checked_every: slots between two quiet points.
    """
    outcome = Outcome(world)
    try:
        world.wait(lambda: world.consumer.account.events, "work has begun")
        for number, slot in enumerate(slots, start=1):
            world.wait(partial(_reached, world, slot.at), f"{slot.at} lines are sent")
            _inject(outcome, slot, progress)
            is_due = number % checked_every == 0 or EXPIRES & set(slot.kinds)
            if is_due or world.publisher.since_quiet > world.window / INTERVAL / 2:
                look(outcome, progress)
        world.wait(lambda: world.publisher.is_done, "all is sent")
        look(outcome, progress)
        outcome.wrong += replayed(world)
    except Stuck as error:
        outcome.wrong.append(f"stuck: {error}")
    outcome.wrong += [
        f"a worker took {seconds:.0f} s to stop" for seconds in world.fleet.slow_stops
    ]
    return outcome


def _reached(world: World, lines: int) -> bool:
    return world.publisher.accepted >= lines or world.publisher.is_done


def _inject(outcome: Outcome, slot: Slot, progress: Progress) -> None:
    rng = random.Random(slot.seed)
    for kind in sorted(slot.kinds, key=EXPIRES.__contains__):
        progress(outcome, kind)
        FAULTS[kind](outcome.world, rng)
    began = time.monotonic()
    outcome.world.recover()
    for kind in slot.kinds:
        outcome.times.setdefault(kind, []).append(time.monotonic() - began)
    progress(outcome, "recovered")


def look(outcome: Outcome, progress: Progress) -> None:
    """Wait until all is quiet, and check."""
    world = outcome.world
    progress(outcome, "settling")
    world.publisher.pause()
    try:
        world.settle()
        progress(outcome, "checking")
        found = _checked(outcome)
        fresh = [each for each in found if each not in outcome.wrong]
        outcome.wrong += fresh
        for each in fresh:
            progress(outcome, f"wrong: {each}")
        outcome.quiet_from = world.traffic.articles + 1
        outcome.checks += 1
        world.publisher.is_quiet()
    finally:
        world.publisher.go_on()


def _checked(outcome: Outcome) -> list[str]:
    for _ in range(_LOOKS):
        try:
            return checked(outcome.world, outcome.quiet_from)
        except RuntimeError:  # a sweep told of stories, and a reader took them in just then
            outcome.world.settle()
    return [f"it is not quiet after {_LOOKS} looks"]
