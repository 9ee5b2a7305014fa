"""Story events for tests of what reads them: short to write, whole to read."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from contracts.events import (
    AnyEvent,
    Change,
    Closure,
    Evidence,
    Merger,
    Model,
    Placement,
    Relation,
    Retraction,
    Revision,
    Split,
    StoryClosed,
    StoryJoined,
    StoryMerged,
    StoryOpened,
    StoryRetracted,
    StoryRevised,
    StorySplit,
    event_id,
)

AT = datetime(2026, 3, 17, 6, 1, 2, tzinfo=UTC)
EVIDENCE = Evidence(summary="why", model=Model(version="1", sha256="0123456789abcdef"))
_COUNTED: dict[str, Any] = {
    "article_count": 2,
    "languages": ("en",),
    "independent_sources": 1,
    "lead": "a",
}


def opened(story_id: str, article_id: str, **changes: Any) -> StoryOpened:
    """A story's first event."""
    data = _placement(story_id, 1, article_id, {"article_count": 1, "lead": article_id} | changes)
    return StoryOpened(**_envelope(story_id, 1), data=data)


def joined(story_id: str, sequence: int, article_id: str, **changes: Any) -> StoryJoined:
    """By default a translation."""
    changes = {"relation": Relation.TRANSLATION, "score": 0.98765} | changes
    data = _placement(story_id, sequence, article_id, changes)
    return StoryJoined(**_envelope(story_id, sequence), data=data)


def revised(
    story_id: str, sequence: int, change: Change, article_id: str, **changes: Any
) -> StoryRevised:
    """Give it what its change carries: versions, lead, translations, words."""
    fields = _COUNTED | {"change": change, "article_id": article_id} | changes
    data = Revision(story_id=story_id, sequence=sequence, **fields)
    return StoryRevised(**_envelope(story_id, sequence), data=data)


def merged(story_id: str, sequence: int, into: str, *moved: str, **changes: Any) -> StoryMerged:
    """Because of the article ``c``."""
    fields = _COUNTED | {"article_count": 3, "because_of": "c"} | changes
    data = Merger(
        story_id=story_id, sequence=sequence, merged_into=into, article_ids=moved, **fields
    )
    return StoryMerged(**_envelope(story_id, sequence), data=data)


def split(story_id: str, sequence: int, to: str, *moved: str, **changes: Any) -> StorySplit:
    """Because of the first article that moves."""
    fields = _COUNTED | {"because_of": moved[0]} | changes
    data = Split(
        story_id=story_id,
        sequence=sequence,
        split_from=story_id,
        moved_to=to,
        article_ids=moved,
        **fields,
    )
    return StorySplit(**_envelope(story_id, sequence), data=data)


def retracted(story_id: str, sequence: int, *gone: str, **changes: Any) -> StoryRetracted:
    """A kill of the last members."""
    fields = {"change": Change.RETRACTED} | changes
    data = Retraction(story_id=story_id, sequence=sequence, article_ids=gone, **fields)
    return StoryRetracted(**_envelope(story_id, sequence), data=data)


def closed(story_id: str, sequence: int, **changes: Any) -> StoryClosed:
    """With two English articles."""
    data = Closure(story_id=story_id, sequence=sequence, **_COUNTED | changes)
    return StoryClosed(**_envelope(story_id, sequence), data=data)


def in_order(*events: AnyEvent) -> list[AnyEvent]:
    """The events with positions 1, 2, 3, …"""
    return [at_position(event, position) for position, event in enumerate(events, start=1)]


def at_position(event: AnyEvent, position: int) -> AnyEvent:
    """The event at that place in the order of the namespace's events."""
    data: Any = event.data
    return event.model_copy(update={"data": data.model_copy(update={"position": position})})


def articles_of(stories: Iterable[Any]) -> dict[str, list[str]]:
    """Story views as story id → article ids."""
    return {story.story_id: [each.article_id for each in story.articles] for story in stories}


def _placement(story_id: str, sequence: int, article_id: str, changes: Any) -> Placement:
    fields: dict[str, Any] = _COUNTED | {
        "story_id": story_id,
        "article_id": article_id,
        "sequence": sequence,
        "lang": "en",
        "relation": None,
        "score": None,
        "matched_article_id": None,
        "evidence": EVIDENCE,
        "title": f"Title of {article_id}",
        "source": "Harbour Post",
    }
    return Placement(**fields | changes)


def _envelope(story_id: str, sequence: int) -> dict[str, Any]:
    return {
        "id": event_id(story_id, sequence),
        "source": "/onestory",
        "subject": story_id,
        "time": AT,
    }
