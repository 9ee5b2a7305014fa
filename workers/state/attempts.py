"""Attempts at a commit that others may overtake."""

from collections.abc import Iterator

MOST_ROUNDS = 1_000
"""A batch of 500 takes a round for each merger in it, and one for each time it was overtaken."""


class Overtaken(Exception):
    """Others changed what a decision was based on, each time it was made."""


def rounds() -> Iterator[int]:
    """Counts attempts at a commit that others may overtake.

    Raises:
        Overtaken: it can't be that often by chance, and must not hold up everything else.
    """
    yield from range(MOST_ROUNDS)
    raise Overtaken(f"a commit did not hold {MOST_ROUNDS} times in a row")
