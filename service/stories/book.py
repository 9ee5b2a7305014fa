"""A book of stories: those that a batch concerns, what changed in them, and what is told.

The steps themselves are in ``ledger.py``; here is what they all do: look a story up, note that it
changes, give it its next revision and sequence, and word the event.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from contracts.events import AnyEvent, event_id
from service.stories.rules import Rules
from service.stories.state import Member, NeedsMembers, StoryState
from service.stories.step import Step, StoryChange


class Book:
    """Stories as they were read, with the changes so far."""

    def __init__(
        self,
        stories: Mapping[str, StoryState],
        source: str,
        mark: str,
        rules: Rules | None = None,
    ) -> None:
        """A book of stories as they were read.

        Args:
            stories: by id.
            source: CloudEvents source of the events, a URI reference.
            mark: no other book's. Revisions carry it, so that a step which follows one that
                was refused is refused too, however far others have come meanwhile.
            rules: the editors' rules in force; they may say who leads.
        """
        self.stories = dict(stories)
        """As the steps so far leave them."""
        self.merged: dict[str, str] = {}
        """Stories that ended in these steps → the stories they merged into."""
        self.rules = rules or Rules()
        self._source = source
        self._mark = mark
        self.changes: dict[str, StoryChange] = {}
        """By story id, since the last `take`."""
        self.moved: dict[str, str] = {}
        """Article id → story, of members that a split took along."""
        self._events: list[AnyEvent] = []

    def take(self) -> Step:
        """What changed since the last call."""
        step = Step(self.changes, tuple(self._events), self.moved)
        self.changes, self._events, self.moved = {}, [], {}
        return step

    def resolve(self, story_id: str) -> str:
        """The story that an id stands for after these steps."""
        while story_id in self.merged:
            story_id = self.merged[story_id]
        return story_id

    def require(self, story_ids: Iterable[str]) -> None:
        """Asks for whole stories before a step of several parts begins.

        Raises:
            NeedsMembers: of some, names them all.
        """
        missing = [each for each in story_ids if self.stories[each].members is None]
        if missing:
            raise NeedsMembers(missing)

    def whole(self, story_id: str) -> tuple[StoryState, Mapping[str, Member]]:
        """A story and its members.

        Raises:
            NeedsMembers: they were not read.
        """
        story = self.stories[story_id]
        if story.members is None:
            raise NeedsMembers([story_id])
        return story, story.members

    def touch(self, story_id: str) -> StoryState:
        """A story that is about to change."""
        story = self.stories[story_id]
        if story_id not in self.changes:
            self.changes[story_id] = StoryChange(story)
        return story

    def bumped(self, story: StoryState, told: int = 0) -> StoryState:
        """A story at its next revision, with so many more events."""
        count = int(story.revision.partition("-")[0] or 0) + 1
        revision = f"{count}-{self._mark}"
        return story._replace(revision=revision, sequence=story.sequence + told)

    def without(self, story: StoryState, gone: set[str]) -> StoryState:
        """A story with these members gone and, if it was among them, a new lead: the oldest."""
        change = self.changes[story.id]
        members = {
            each: member for each, member in (story.members or {}).items() if each not in gone
        }
        for article_id in gone:
            change.put.pop(article_id, None)
        change.dropped |= gone
        ruled = tuple(each for each in story.ruled if each not in gone)
        lead_id = story.lead_id
        if lead_id in gone:
            oldest = min(members.values(), key=lambda member: member.first)
            lead_id = self.rules.lead_of(ruled) or oldest.article_id
        return story._replace(members=members, lead_id=lead_id, ruled=ruled).recounted()

    def tell(
        self, envelope: type[Any], data: type[Any], story: StoryState, time: datetime, **told: Any
    ) -> None:
        """Words an event of a story that goes on, and notes the story as it is after it."""
        story = self.bumped(story, told=1)
        self.stories[story.id] = story
        self.changes[story.id].after = story
        self._word(envelope, data(**story.figures, **told), time)

    def end(self, envelope: type[Any], data: Any, time: datetime) -> None:
        """Words a story's last event, and takes it out of the book."""
        del self.stories[data.story_id]
        self.changes[data.story_id].after = None
        self._word(envelope, data, time)

    def _word(self, envelope: type[Any], data: Any, time: datetime) -> None:
        self._events.append(
            envelope(
                id=event_id(data.story_id, data.sequence),
                source=self._source,
                subject=data.story_id,
                time=time,
                data=data,
            )
        )
