"""What a shelf keeps of articles, stories and events.

Plain mutable records, a few hundred bytes each: a window of 100,000 articles is that many of
each kind. Times are milliseconds since 1970.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST_MS = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST_MS = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND


def ms_of(time: str) -> int:
    """An ISO 8601 time as milliseconds.

    >>> ms_of("1970-01-01T00:00:01.5Z")
    1500
    """
    return (datetime.fromisoformat(time) - _EPOCH) // _MILLISECOND


def time_of(ms: int) -> datetime:
    """The other way, in UTC; what no calendar holds is the first or last moment of it.

    The id of a stream's entry is whatever its sender says, and one such row must not cost its
    neighbours.

    >>> time_of(2**64).isoformat()
    '9999-12-31T23:59:59.999000+00:00'
    """
    return _EPOCH + timedelta(milliseconds=min(max(ms, _FIRST_MS), _LAST_MS))


def whole_ms(score: float) -> int:
    """Milliseconds from the score of a sorted set, which may be infinite."""
    return int(min(max(score, _FIRST_MS), _LAST_MS))


@dataclass(slots=True)
class Why:
    """Evidence of a placement, packed; equal models and thresholds are shared."""

    rest: bytes
    """The other fields, JSON."""
    thresholds: dict[str, float]
    model: dict[str, Any]


@dataclass(slots=True, eq=False)
class Article:
    """An article as the events tell it."""

    id: str
    position: int = -1
    """Of the event that put it where it is."""
    home: "Story | None" = None
    """None: killed, held back, or its story is forgotten."""
    gone: str = ""
    """``retracted`` or ``withheld``, where that is why it has no home."""
    was: str = ""
    """Id of the story that it was in last."""
    told: int = -1
    """Position of the event that the following is from."""
    lang: str = "und"
    title: str = ""
    source: str | None = None
    url: str | None = None
    published_ms: int | None = None
    placed_ms: int | None = None
    """When it came to where it is, not when its latest version did."""
    version: int | None = None
    relation: str | None = None
    score: float | None = None
    matched: str | None = None
    """Id of the article that it matched, or that came nearest."""
    rule: str | None = None
    why: Why | None = None
    redacted: bool = False
    repaired: str | None = None
    """How its words came broken."""

    def forget_text(self) -> None:
        """Nothing of its words is kept."""
        self.title, self.source, self.url, self.why = "", None, None, None


class Placed(NamedTuple):
    """What history keeps of ``story.opened`` and ``story.joined``."""

    article_id: str
    relation: str | None
    score: float | None
    matched: str | None
    split_from: str | None
    rule: str | None


class Revised(NamedTuple):
    """Of ``story.revised``."""

    change: str
    article_id: str
    old_version: int | None
    new_version: int | None
    lead: str
    old_lead: str | None
    translations: tuple[str, ...]
    copies: tuple[str, ...]
    relation: str | None
    score: float | None
    matched: str | None
    rule: str | None
    article_count: int


class Merged(NamedTuple):
    """Of ``story.merged``."""

    into: str
    article_ids: tuple[str, ...]
    because_of: str
    article_count: int


class Divided(NamedTuple):
    """Of ``story.split``."""

    moved_to: str
    article_ids: tuple[str, ...]
    because_of: str
    lead: str
    old_lead: str | None


class Retracted(NamedTuple):
    """Of ``story.retracted``."""

    article_ids: tuple[str, ...]
    change: str


class Closed(NamedTuple):
    """Of ``story.closed``."""

    article_count: int


Facts = Placed | Revised | Merged | Divided | Retracted | Closed


@dataclass(slots=True)
class Line:
    """One event in a story's history, without words: those are found when it is read, so that
    a text that was withdrawn meanwhile is in none.
    """

    story_id: str
    sequence: int
    position: int
    entry_id: bytes
    """Where the stream holds it; another one since it was told without its text."""
    type: str
    ms: int
    facts: Facts

    @property
    def event_id(self) -> str:
        """The event's own id."""
        return f"{self.story_id}-{self.sequence}"

    @property
    def about(self) -> tuple[str, ...]:
        """Ids of the articles that it is about."""
        match self.facts:
            case Placed(article_id=article_id) | Revised(article_id=article_id):
                return (article_id,)
            case Merged(article_ids=ids) | Divided(article_ids=ids) | Retracted(article_ids=ids):
                return ids
            case Closed():
                return ()


@dataclass(slots=True, eq=False)
class Story:
    """A story as the events tell it; an ended one stays while its id resolves."""

    id: str
    members: dict[str, Article] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    """Its own events by position; not those of stories that merged into it."""
    lead: str = ""
    lead_position: int = 0
    sources: int = 0
    sources_position: int = 0
    opened: int = 0
    """Position of its first event that is known."""
    opened_ms: int = 0
    active: int = 0
    """Position of its last event that was not its closure."""
    active_ms: int = 0
    last_entry: tuple[int, int] = (0, 0)
    """Of its events the newest entry of the stream."""
    closed: bool = False
    retracted: bool = False
    merged_into: str | None = None
    absorbed: list[str] = field(default_factory=list)
    ruled: bool = False
    """Whether an editor's rule had a say in it."""
    row: int = -1
    """In the columns; -1 for none."""
    languages: int = 0
    """Bits of `Columns.bit`."""
    first_published_ms: int | None = None
    is_stale: bool = False
    """Whether the last two must be made anew."""
    heard: int = 0
    """All sequences up to this one were applied."""
    beyond: set[int] | None = None
    """Sequences after a gap that were applied."""

    @property
    def state(self) -> str:
        """``open``, ``closed`` or ``retracted``."""
        if self.retracted and not self.members:
            return "retracted"
        return "closed" if self.closed else "open"

    def hears(self, sequence: int) -> bool:
        """False if the event with this sequence was applied before."""
        if sequence <= self.heard or (self.beyond is not None and sequence in self.beyond):
            return False
        if sequence == self.heard + 1:
            self.heard = sequence
            while self.beyond and self.heard + 1 in self.beyond:
                self.heard += 1
                self.beyond.remove(self.heard)
            return True
        if self.beyond is None:
            self.beyond = set()
        self.beyond.add(sequence)
        return True
