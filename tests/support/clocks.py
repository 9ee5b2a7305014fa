"""A clock that a test sets."""

from dataclasses import dataclass


@dataclass(slots=True)
class Clock:
    """Says what it is set to."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now
