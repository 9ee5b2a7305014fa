"""Dead letters without their bodies, which may be megabytes each."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from pydantic import AwareDatetime
from pydantic_core import from_json

from contracts.dead_letter import Reason
from workers.archive.records import ms_of, time_of
from workers.archive.views import View

LETTERS_KEPT = 10_000
_DETAIL_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Letter:
    """What is kept of one."""

    entry_id: str
    """Its own."""
    input_id: str
    """Of the entry that it was made of."""
    article_id: str | None
    reason: str
    detail: str
    remedy: str
    ms: int


class LetterView(View):
    """A dead letter without its body; ``onestory dead show`` has it."""

    entry_id: str
    """Its own id in the stream of dead letters, by which it is sent again."""
    article_id: str | None
    reason: Reason | str
    detail: str
    remedy: str
    at: AwareDatetime


class Letters(View):
    """A page of dead letters, newest first."""

    letters: list[LetterView]
    by_reason: dict[str, int]
    """How many there are, of those that are known here: the newest 10,000."""
    next: str | None


class LetterBox:
    """The newest letters, by entry id, oldest first."""

    def __init__(self) -> None:
        self.letters: OrderedDict[str, Letter] = OrderedDict()
        self.let_go = 0
        """Older ones that are in the stream and not here."""

    def add(self, entry_id: bytes, body: bytes) -> None:
        """Take in one letter; what is none is kept as one that says so."""
        name = entry_id.decode()
        self.letters[name] = _letter(name, body)
        if len(self.letters) > LETTERS_KEPT:
            self.letters.popitem(last=False)
            self.let_go += 1


def _letter(entry_id: str, body: bytes) -> Letter:
    try:
        found: Any = from_json(body)
        ms = ms_of(found["dead_at"])
        time_of(ms)  # a time that can't be told is refused here, not when all are listed
        return Letter(
            entry_id,
            str(found["entry_id"]),
            _id(found.get("article_id")),
            str(found["reason"]),
            str(found["detail"])[:_DETAIL_CHARS],
            str(found["remedy"])[:_DETAIL_CHARS],
            ms,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        ms = int(entry_id.partition("-")[0])
        return Letter(entry_id, "", None, "unknown", "not a dead letter", "look at it", ms)


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) else None
