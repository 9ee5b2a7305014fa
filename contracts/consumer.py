"""A reference consumer: applies story events and holds the service's partition.

Short enough to be ported to any language. It needs nothing but the events. An event
delivered twice is recognised by its sequence; each article is where the event with the
greatest position put it, so events that were told once more without their text may come
late (``contracts/events.py``).
"""

from dataclasses import dataclass, field

from contracts.events import (
    AnyEvent,
    Change,
    Closure,
    Merger,
    Placement,
    Retraction,
    Revision,
    Split,
)


@dataclass(slots=True)
class Story:
    """A story as a consumer knows it."""

    id: str
    lead: str
    articles: list[str]
    """Article ids in the order in which they came."""
    languages: set[str]
    titles: dict[str, str]


@dataclass(slots=True)
class _Heard:
    """Sequences of one story that were applied."""

    through: int = 0
    """All up to this one."""
    beyond: set[int] = field(default_factory=set)

    def add(self, sequence: int) -> bool:
        """False if it was there."""
        if sequence <= self.through or sequence in self.beyond:
            return False
        self.beyond.add(sequence)
        while self.through + 1 in self.beyond:
            self.through += 1
            self.beyond.remove(self.through)
        return True


@dataclass(frozen=True, slots=True)
class _Place:
    position: int
    story_id: str | None
    """None: killed or held back."""


@dataclass(slots=True)
class _Known:
    """What was told of an article itself."""

    position: int
    """Of the event that told it; later ones say the same, or more."""
    lang: str
    title: str
    version: int


@dataclass(slots=True)
class Partition:
    """Articles in stories, as the events told so far."""

    merged_into: dict[str, str] = field(default_factory=dict)
    """Ids of ended stories → where their articles went."""
    closed: set[str] = field(default_factory=set)
    """Ids of stories whose window passed."""
    _places: dict[str, _Place] = field(default_factory=dict)
    _articles: dict[str, _Known] = field(default_factory=dict)
    _leads: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By story: position and article id."""
    _heard: dict[str, _Heard] = field(default_factory=dict)

    def apply(self, event: AnyEvent) -> bool:
        """Apply one event; False if it was applied before."""
        data = event.data
        if not self._heard.setdefault(data.story_id, _Heard()).add(data.sequence):
            return False
        match data:
            case Placement():
                self._know(data.article_id, data.position, data.lang, data.title, data.version)
                self._put(data.article_id, data.story_id, data.position)
                self._lead(data.story_id, data.lead, data.position)
            case Revision():
                self._revise(data)
            case Merger():
                self.merged_into[data.story_id] = data.merged_into
                self._lead(data.merged_into, data.lead, data.position)
            case Split():
                for article_id in data.article_ids:
                    self._put(article_id, data.moved_to, data.position)
                self._lead(data.story_id, data.lead, data.position)
            case Retraction():
                for article_id in data.article_ids:
                    self._drop(article_id, data.position)
            case Closure():
                self.closed.add(data.story_id)
        return True

    @property
    def incomplete(self) -> list[str]:
        """Ids of the stories of which an event before the last one is missing so far."""
        return [story_id for story_id, heard in self._heard.items() if heard.beyond]

    @property
    def stories(self) -> dict[str, Story]:
        """The stories that are open, by id, in the order in which they were heard of."""
        found = self.all_stories
        return {story_id: found[story_id] for story_id in found if story_id not in self.closed}

    @property
    def all_stories(self) -> dict[str, Story]:
        """These and the closed ones: what an archive that spans several windows comes to.

        They cost nothing more: a story's events may be told once more, without a text, after it
        closed, and only who knows where its articles were puts none of them back. A consumer
        that lives for months may forget a closed story when the stream has
        (``ONESTORY_EVENTS_HOURS``).
        """
        members: dict[str, list[str]] = {story_id: [] for story_id in self._heard}
        for article_id, place in self._places.items():
            if place.story_id is not None:
                members.setdefault(self.resolve(place.story_id), []).append(article_id)
        return {
            story_id: Story(
                story_id,
                self._leads[story_id][1] if story_id in self._leads else articles[0],
                articles,
                {self._articles[each].lang for each in articles if each in self._articles},
                {each: self._articles[each].title for each in articles if each in self._articles},
            )
            for story_id, articles in members.items()
            if articles
        }

    def resolve(self, story_id: str) -> str:
        """The id of the story that an id stands for today."""
        while story_id in self.merged_into:
            story_id = self.merged_into[story_id]
        return story_id

    def version(self, article_id: str) -> int | None:
        """The version of an article that was told last; None if it was never told."""
        known = self._articles.get(article_id)
        return None if known is None else known.version

    def _revise(self, data: Revision) -> None:
        self._lead(data.story_id, data.lead, data.position)
        if data.change is Change.VERSION:
            lang, version = data.lang or "und", data.new_version or 1
            self._know(data.article_id, data.position, lang, data.title, version)
        elif data.change in (Change.RETRACTED, Change.WITHHELD):
            self._drop(data.article_id, data.position)

    def _drop(self, article_id: str, position: int) -> None:
        """Killed or held back: nothing of its text is kept."""
        self._put(article_id, None, position)
        known = self._articles.get(article_id)
        if known is not None and known.position < position:
            del self._articles[article_id]

    def _put(self, article_id: str, story_id: str | None, position: int) -> None:
        held = self._places.get(article_id)
        if held is None or held.position < position:
            self._places[article_id] = _Place(position, story_id)

    def _lead(self, story_id: str, article_id: str, position: int) -> None:
        if self._leads.get(story_id, (0, ""))[0] < position:
            self._leads[story_id] = (position, article_id)

    def _know(self, article_id: str, position: int, lang: str, title: str, version: int) -> None:
        known, place = self._articles.get(article_id), self._places.get(article_id)
        is_gone = place is not None and place.story_id is None and place.position > position
        if not is_gone and (known is None or known.position <= position):
            self._articles[article_id] = _Known(position, lang, title, version)
