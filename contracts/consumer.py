"""A reference consumer: applies story events and holds the service's partition.

Short enough to be ported to any language. It needs nothing but the events, in the order
of the stream; an event delivered twice is recognised by its sequence.
"""

from dataclasses import dataclass, field

from contracts.events import Merger, Placement, StoryJoined, StoryMerged, StoryOpened


class SequenceGap(Exception):
    """An event of a story is missing: its sequence does not follow the last one."""


@dataclass(slots=True)
class Story:
    """A story as a consumer knows it."""

    id: str
    lead: str
    articles: list[str]
    """Article ids in the order in which they came; those of merged stories behind."""
    languages: set[str]
    titles: dict[str, str] = field(default_factory=dict)
    sequence: int = 1


@dataclass(slots=True)
class Partition:
    """Articles in stories, as the events told so far."""

    stories: dict[str, Story] = field(default_factory=dict)
    merged_into: dict[str, str] = field(default_factory=dict)
    """Ids of ended stories → where their articles went."""
    _last: dict[str, int] = field(default_factory=dict)

    def apply(self, event: StoryOpened | StoryJoined | StoryMerged) -> bool:
        """Apply one event; False if it was applied before.

        Raises:
            SequenceGap: an earlier event of the story was missed.
        """
        data = event.data
        last = self._last.get(data.story_id, 0)
        if data.sequence <= last:
            return False
        if data.sequence != last + 1:
            raise SequenceGap(
                f"story {data.story_id}: event {data.sequence} after {last}, expected {last + 1}"
            )
        self._last[data.story_id] = data.sequence
        if isinstance(data, Merger):
            self._merge(data)
        else:
            self._place(data)
        return True

    def resolve(self, story_id: str) -> str:
        """The id of the story that an id stands for today."""
        while story_id in self.merged_into:
            story_id = self.merged_into[story_id]
        return story_id

    def _place(self, data: Placement) -> None:
        story = self.stories.get(data.story_id)
        if story is None:
            story = Story(data.story_id, data.article_id, [], set())
            self.stories[data.story_id] = story
        story.articles.append(data.article_id)
        story.languages.add(data.lang)
        story.titles[data.article_id] = data.title
        story.sequence = data.sequence

    def _merge(self, data: Merger) -> None:
        ended = self.stories.pop(data.story_id)
        survivor = self.stories[data.merged_into]
        survivor.articles += data.article_ids
        survivor.languages |= ended.languages
        survivor.titles |= ended.titles
        self.merged_into[data.story_id] = data.merged_into
