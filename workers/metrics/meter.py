"""What a worker says about its work while it works; who listens is not its concern."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

from workers.state.commit import Commit

Stage = Literal[
    "parse",
    "fingerprint",
    "register",
    "follow",
    "candidates",
    "verify",
    "snapshot",
    "decide",
    "commit",
]
"""Of a batch, in this order."""

Outcome = Literal["placed", "versions", "held", "killed", "repeated", "dead", "released"]


class Meter(Protocol):
    """Listens. Calls are a few a batch, and must not cost more than microseconds."""

    def stage(self, name: Stage) -> AbstractContextManager[None]:
        """One stage of a batch, as long as the context is open."""
        ...

    def slow(self) -> AbstractContextManager[None]:
        """What may take very long, outside of the event loop."""
        ...

    def batch(self, articles: int) -> None:
        """A batch begins."""
        ...

    def committed(self, commits: Sequence[Commit], held: Sequence[bool]) -> None:
        """Steps were written, those that held: only what is in these has happened."""
        ...

    def ended(self, outcome: Outcome, count: int) -> None:
        """Entries came to an end without a step."""
        ...

    def unavailable(self) -> None:
        """Redis, or the encoder's endpoint, did not answer."""
        ...

    def clock_is_ahead(self, seconds: float) -> None:
        """How far this machine's clock is ahead of the server's, which dates the entries."""
        ...


class NoMeter:
    """Nobody listens."""

    def stage(self, name: Stage) -> AbstractContextManager[None]:
        del name
        return _NOTHING

    def slow(self) -> AbstractContextManager[None]:
        return _NOTHING

    def batch(self, articles: int) -> None:
        pass

    def committed(self, commits: Sequence[Commit], held: Sequence[bool]) -> None:
        pass

    def ended(self, outcome: Outcome, count: int) -> None:
        pass

    def unavailable(self) -> None:
        pass

    def clock_is_ahead(self, seconds: float) -> None:
        pass


_NOTHING: AbstractContextManager[None] = nullcontext()
NO_METER = NoMeter()
