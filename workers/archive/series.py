"""What was decided, minute by minute."""

from collections import OrderedDict
from dataclasses import dataclass

from workers.archive.records import Placed

MINUTE_MS = 60_000
MINUTES_KEPT = 1_440
"""A day."""
NEAR = 0.2
"""A score no further than this from the threshold could have gone the other way."""


@dataclass(slots=True)
class Minute:
    """Counts of one minute of decision time."""

    articles: int = 0
    """Placed, new versions included."""
    opened: int = 0
    joined: int = 0
    cross_lingual: int = 0
    """Of those that joined: a translation, or in another language than its match."""
    scored: int = 0
    near: int = 0
    """Of those that have a score."""
    lag: int | None = None
    """Entries not delivered yet, when it was looked at last; None where nobody looked."""


class Series:
    """The newest day of minutes."""

    def __init__(self) -> None:
        self.minutes: OrderedDict[int, Minute] = OrderedDict()
        """By the minute's number since 1970, ascending but for what came late."""

    def at(self, ms: int) -> Minute:
        """The minute of a time."""
        number = ms // MINUTE_MS
        minute = self.minutes.get(number)
        if minute is None:
            minute = self.minutes[number] = Minute()
            if len(self.minutes) > MINUTES_KEPT:
                del self.minutes[min(self.minutes)]
        return minute

    def placed(self, ms: int, facts: Placed, join: float | None, *, across: bool) -> None:
        """Count a placement.

        Args:
            ms: when.
            facts: what.
            join: threshold in force; None if it isn't known.
            across: whether it is in another language than its match.
        """
        minute = self.at(ms)
        minute.articles += 1
        if facts.split_from is not None:
            return  # a new version, or one of many that an editor or a switch moved
        if facts.relation is None and facts.rule is None:
            minute.opened += 1
        else:
            minute.joined += 1
            minute.cross_lingual += across or facts.relation == "translation"
        if facts.score is not None and join is not None:
            minute.scored += 1
            minute.near += abs(facts.score - join) < NEAR

    def revised(self, ms: int) -> None:
        """Count a new version that stayed."""
        self.at(ms).articles += 1
