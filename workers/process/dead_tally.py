"""Dead letters of a run by their reasons: a private Redis is gone before anybody can list them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

from redis import Redis

from contracts.dead_letter import DeadLetter, Reason
from workers.state.letters import Unreadable, letter_in
from workers.state.streams import read_after

_PAGE = 500


@dataclass(slots=True)
class DeadTally:
    """Counts the letters of a stream from the moment when it is made."""

    redis: Redis
    stream: str
    counts: Counter[Reason] = field(default_factory=Counter)
    first: dict[Reason, DeadLetter] = field(default_factory=dict)
    """Of each reason, whole."""
    _last: str = field(init=False)

    def __post_init__(self) -> None:
        newest = cast(Any, self.redis.xrevrange(self.stream, count=1))
        self._last = newest[0][0].decode() if newest else "0"

    def read(self) -> None:
        """Take in those that came since."""
        while entries := read_after(
            self.redis, self.stream, self._last, count=_PAGE, block_ms=None
        ):
            self._last = entries[-1][0].decode()
            for _, fields in entries:
                try:
                    letter = letter_in(fields)
                except Unreadable:
                    continue  # no worker's
                self.counts[letter.reason] += 1
                self.first.setdefault(letter.reason, letter)
