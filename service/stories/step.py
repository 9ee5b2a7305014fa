"""What one step of a ledger changed and tells, for whoever writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.events import AnyEvent
from service.stories.state import Member, StoryState


@dataclass(slots=True)
class StoryChange:
    """One story's part of a step: written only if it is still as it was ``before``."""

    before: StoryState | None
    """None for a story that is opened."""
    after: StoryState | None = None
    """None for a story that ended."""
    put: dict[str, Member] = field(default_factory=dict)
    """Members that came or changed."""
    dropped: set[str] = field(default_factory=set)
    """Ids of members that left."""
    merged_into: str | None = None
    absorbed: tuple[str, ...] = ()
    """Ids that resolve to this story from now on."""
    released: tuple[str, ...] = ()
    """Of an ended story, the ids that resolved to it and are forgotten with it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step changed and tells."""

    stories: Mapping[str, StoryChange]
    events: tuple[AnyEvent, ...]
    moved: Mapping[str, str]
    """Article id → story, of members that a split took along."""
