"""Stories and articles as they are shown, and how story events add up to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.events import Placement, Relation, StoryJoined, StoryMerged, StoryOpened


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
    """A story and its articles, in the order in which they came."""

    story_id: str
    articles: tuple[ArticleView, ...]


def article_view(placement: Placement) -> ArticleView:
    """What an event says about its article."""
    return ArticleView(
        article_id=placement.article_id,
        lang=placement.lang,
        title=placement.title,
        source=placement.source,
        published_at=placement.published_at,
        relation=placement.relation,
        score=placement.score,
        summary=placement.evidence.summary,
    )


def story_views(
    events: Iterable[StoryOpened | StoryJoined | StoryMerged],
) -> tuple[StoryView, ...]:
    """The stories that a run of events leaves, oldest first.

    An event that comes twice changes nothing. Of a merged story nothing remains but
    its articles, which follow those of the story they moved to.
    """
    stories: dict[str, dict[str, ArticleView]] = {}
    ended: set[str] = set()
    for event in events:
        story_id = event.data.story_id
        if story_id in ended:
            continue
        if isinstance(event, StoryMerged):
            moved = stories.pop(story_id, {})
            stories.setdefault(event.data.merged_into, {}).update(moved)
            ended.add(story_id)
        else:
            view = article_view(event.data)
            stories.setdefault(story_id, {}).setdefault(view.article_id, view)
    return tuple(
        StoryView(story_id, tuple(articles.values())) for story_id, articles in stories.items()
    )
