"""Dead letters of a run by their reasons: a private Redis is gone before anybody can list them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

from redis import Redis

from contracts.dead_letter import DeadLetter, Reason
from contracts.streams import Streams
from workers.keys import Keys
from workers.state.letters import Unreadable, letter_in
from workers.state.pages import pages_seen

_PAGE = 500


@dataclass(slots=True)
class DeadTally:
    """Counts the letters of a namespace from the moment when it is made."""

    redis: Redis
    streams: Streams
    counts: Counter[Reason] = field(default_factory=Counter)
    first: dict[Reason, DeadLetter] = field(default_factory=dict)
    """Of each reason, whole."""
    _last: str = field(init=False)

    def __post_init__(self) -> None:
        newest = cast(Any, self.redis.xrevrange(self.streams.dead, count=1))
        self._last = newest[0][0].decode() if newest else "0"

    def read(self) -> None:
        """Take in those that came since."""
        stream = self.streams.dead
        for entries in pages_seen(
            self.redis, Keys(self.streams), stream, count=_PAGE, after=self._last
        ):
            self._last = entries[-1].id
            for entry in entries:
                try:
                    letter = letter_in(entry.fields)
                except Unreadable:
                    continue  # no worker's
                self.counts[letter.reason] += 1
                self.first.setdefault(letter.reason, letter)
