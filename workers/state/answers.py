"""What the store is asked, and what it answers; ``lua/register.lua`` and its like explain it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from service.stories.senders import Voice
from service.stories.state import Member, StoryState
from workers.state.story_hash import member_of

UNDECIDED = "?"
"""The place of an article that is registered and not decided yet."""
Found = tuple[str, int | None]
"""Article id, and the number under which it was found; None for whatever version."""


class Kind(StrEnum):
    """How an article was registered."""

    NEW = "new"
    AGAIN = "again"
    """By the same entry before, whose worker did not come to decide."""
    HELD = "held"
    """Only looked up: it is under embargo or held back."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An article's place in the order of registration."""

    kind: Kind
    number: int
    event_ms: int
    floor: int
    """The smallest number that is still held."""
    story_id: str = ""
    """Of the version in force, as it was noted; empty if there is none."""
    old_number: int = 0
    old_version: int = -1
    held_version: int = -1
    """Version that is held back; -1 for none."""
    opened: int = 0
    """How many stories the article opened before."""
    killed: str = ""
    """Version through which it was killed; empty if it was not."""
    replaced_by: str = ""
    """Id of an article that the feed says replaces it, and that came first."""
    replaced_owner: str = ""
    """Who owns the article that it replaces; empty while that is not there."""
    owner: str = ""
    """Who owns it; empty if it comes first, or was there before owners were noted."""
    kills: str = ""
    """Kills of it that came first and do not hold for it, as `schema.Article.KILLS` has them."""

    @property
    def is_first(self) -> bool:
        """Whether the number is beyond all that were there."""
        return self.kind is not Kind.AGAIN


@dataclass(frozen=True, slots=True)
class Seen:
    """Nothing to do: its version is placed, or it was killed. Its entry has been acknowledged."""

    story_id: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Another version of it is registered and not decided; to be tried again."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Its sender may not speak for an owner. Nothing was done."""

    owner: str
    about: str
    """Id of the owner's article: its own, or that of the one which it replaces."""
    number: int
    """Of the version of that which is in force, or is being decided; 0 for none."""
    killed: str = ""
    """Version through which it was killed, if that is all there is of it."""


_READ: dict[bytes, tuple[str, Callable[[Any], Any]]] = {
    **{
        name.encode(): (name, int)
        for name in (
            *("number", "event_ms", "floor"),
            *("old_number", "old_version", "held_version", "opened"),
        )
    },
    **{
        name.encode(): (name, bytes.decode)
        for name in (
            *("story_id", "killed", "replaced_by"),
            *("replaced_owner", "owner", "about", "kills"),
        )
    },
}
"""How each word of an answer is read. Redis holds some of the numbers as text."""
_KINDS = {kind.encode(): kind for kind in Kind}


Answer = Registered | Seen | Busy | Foreign


def registered(answer: Sequence[Any]) -> Answer:
    """What ``lua/register.lua`` answers for one article: names and values by turns, `kind` first.

    >>> registered([b"kind", b"seen", b"story_id", b"s-1"])
    Seen(story_id='s-1')
    """
    _, kind, *rest = answer
    said: dict[str, Any] = {}
    walk = iter(rest)
    for name, value in zip(walk, walk, strict=True):
        field, read = _READ[name]
        said[field] = read(value)
    if kind == b"seen":
        return Seen(said.get("story_id", ""))
    if kind == b"foreign":
        return Foreign(**said)
    return Busy() if kind == b"busy" else Registered(_KINDS[kind], **said)


@dataclass(frozen=True, slots=True)
class Hold:
    """That an article is kept and shown nowhere."""

    until_ms: int | None
    """End of its embargo; None: held back until a later version says otherwise."""
    at_any_version: bool = False
    """Whether it holds also if that version, or a later one, is placed."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What `Store.register` is asked to file."""

    entry_id: str
    article_id: str
    version: int
    published_ms: int | None
    payload: bytes
    voice: Voice
    replaces: str = ""
    """Id of an article that it replaces; empty for none."""
    hold: Hold | None = None
    """None: it is not held back."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article is."""

    story_id: str
    """``UNDECIDED``, or empty if it, or the version that was found, is not held."""
    member: Member | None = None
    pending: int | None = None
    """Number of an undecided one."""

    @classmethod
    def read(cls, article_id: str, story_id: str, rest: bytes) -> Self:
        """As ``lua/stories.lua`` answers it."""
        if story_id == UNDECIDED:
            return cls(UNDECIDED, pending=int(rest))
        return cls(story_id, member_of(article_id, rest) if rest else None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where articles are placed, and their stories, at one moment."""

    places: dict[Found, Place]
    stories: dict[str, StoryState]
    rules_revision: str
    """As the clock's hash has it; empty before the first rule."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Articles' hashes and stories with all their members, at one moment."""

    records: dict[str, dict[str, str]]
    """By article id; empty for one of which nothing is known."""
    stories: dict[str, StoryState]

    def home(self, article_id: str) -> StoryState | None:
        """The story that an article is in, of those that were read."""
        homes = (each for each in self.stories.values() if article_id in (each.members or {}))
        return next(homes, None)
