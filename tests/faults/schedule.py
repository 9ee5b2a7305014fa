"""When what is broken: a function of the seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

_AT_ONCE = (1, 1, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Slot:
    """Faults that come right after each other, once so many lines are sent."""

    at: int
    kinds: tuple[str, ...]
    seed: int


def schedule(seed: int, articles: int, faults: int, kinds: Sequence[str]) -> list[Slot]:
    """``faults`` faults over ``articles`` lines, every kind equally often but for one."""
    rng = random.Random(f"schedule {seed}")
    drawn: list[str] = []
    while len(drawn) < faults:
        drawn += rng.sample(kinds, len(kinds))
    drawn = drawn[:faults]
    groups: list[tuple[str, ...]] = []
    while drawn:
        size = rng.choice(_AT_ONCE)
        groups.append(tuple(drawn[:size]))
        drawn = drawn[size:]
    return placed(rng, articles, groups)


def placed(rng: random.Random, articles: int, groups: Sequence[tuple[str, ...]]) -> list[Slot]:
    """These groups, at about the same distance from each other."""
    step = articles / (len(groups) + 1)
    return [
        Slot(round((place + 1 + rng.uniform(-0.3, 0.3)) * step), kinds, rng.randrange(2**32))
        for place, kinds in enumerate(groups)
    ]
