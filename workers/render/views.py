"""Stories and articles as they are shown, and how story events add up to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from contracts.consumer import Partition, Story
from contracts.events import (
    AnyEvent,
    Change,
    Closure,
    Merger,
    Placement,
    Relation,
    Retraction,
    Revision,
    Split,
)


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article and why it stands where it stands."""

    article_id: str
    lang: str
    title: str
    source: str | None = None
    published_at: datetime | None = None
    relation: Relation | None = None
    """Null for the article that opened its story."""
    score: float | None = None
    """Probability that it and its match (or the nearest that was none) are one story."""
    summary: str = ""
    """One line why, ``evidence.summary``."""


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story and its articles, in the order in which they came to it."""

    story_id: str
    articles: tuple[ArticleView, ...]
    lead: str = ""
    """Article id."""
    independent_sources: int = 1


def article_view(data: Placement | Revision) -> ArticleView:
    """What an event says about its article."""
    return ArticleView(
        article_id=data.article_id,
        lang=data.lang or "und",
        title=data.title,
        source=data.source,
        published_at=data.published_at,
        relation=data.relation,
        score=data.score,
        summary=data.evidence.summary if data.evidence else "",
    )


def _is_redacted(event: AnyEvent) -> bool:
    """Whether the event was told once more, without text that was withdrawn."""
    return isinstance(event.data, Placement | Revision) and event.data.redacted


def story_views(events: Iterable[AnyEvent]) -> tuple[StoryView, ...]:
    """The open stories that a run of events leaves, oldest first.

    Who is where is the reference consumer's word (`contracts.consumer.Partition`), so an
    event that comes twice changes nothing, one told once more without its text moves
    nothing and takes the text back, and of a killed article nothing remains.
    """
    partition = Partition()
    said = _Said()
    for event in events:
        if partition.apply(event) or _is_redacted(event):
            said.note(event.data)
    views = map(said.view, partition.stories.values())
    return tuple(view for view in views if view.articles)


@dataclass(slots=True)
class _Said:
    """What the partition leaves out: the words about articles, the figures of stories.

    Of each thing the event with the greatest position has the last word.
    """

    _views: dict[str, tuple[int, ArticleView]] = field(default_factory=dict)
    _came: dict[str, int] = field(default_factory=dict)
    """By article: the position that put it into its story."""
    _sources: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By story: position and independent sources."""

    def note(self, data: Placement | Revision | Merger | Split | Retraction | Closure) -> None:
        if not isinstance(data, Retraction):
            story_id = data.merged_into if isinstance(data, Merger) else data.story_id
            told = (data.position, data.independent_sources)
            self._sources[story_id] = max(self._sources.get(story_id, told), told)
        match data:
            case Placement():
                self._describe(data)
                came = self._came.get(data.article_id, 0)
                self._came[data.article_id] = max(came, data.position)
            case Revision(change=Change.VERSION):
                self._describe(data)

    def view(self, story: Story) -> StoryView:
        """The story in words; a member of which nothing was told yet is left out."""
        known = (each for each in story.articles if each in self._views)
        in_order = sorted(known, key=lambda each: self._came.get(each, 0))
        views = tuple(self._views[each][1] for each in in_order)
        # An event of the story may not have come yet: then as many as can be seen.
        _, sources = self._sources.get(story.id, (0, len({view.source for view in views})))
        return StoryView(story.id, views, story.lead, sources)

    def _describe(self, data: Placement | Revision) -> None:
        position, _ = self._views.get(data.article_id, (0, None))
        if position <= data.position:
            self._views[data.article_id] = (data.position, article_view(data))
