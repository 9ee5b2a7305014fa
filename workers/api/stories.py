"""Stories: lists, one whole, and its events."""

from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json

from service.stories.withdrawn import without_text
from workers.api.openapi import READING, problems
from workers.api.reading import (
    READS,
    BoardOf,
    Cursor,
    Limit,
    PartsOf,
    cursor_checked,
    not_found,
)
from workers.archive.listing import Query as StoryQuery
from workers.archive.listing import Sort, State, cursor_number, cursor_of, page_of
from workers.archive.read import card_of, lines_of, story_view
from workers.archive.records import Story, ms_of
from workers.archive.rows import shown
from workers.archive.shelf import Shelf
from workers.archive.views import Stories, StoryEvents, StoryView

router = APIRouter(prefix="/v1/stories", tags=["stories"], dependencies=READS, responses=READING)
_UNKNOWN = problems(HTTPStatus.NOT_FOUND)

_EVENTS = "events"


class Asked(BaseModel):
    """Which stories, in which order; all that is given must hold. Times without a zone are UTC."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    q: str = ""
    """Words or their beginnings, in any order, in titles, outlets and ids. Upper and lower case
    are the same, and so are е and ё. The eight longest words count."""
    lang: list[Annotated[str, Field(max_length=20)]] = Field(default=[], max_length=20)
    """Languages that a story must have, all of them."""
    source: str = Field(default="", max_length=1_000)
    """An outlet's name."""
    min_size: int = Field(default=1, ge=1, le=2**31)
    """Articles at least."""
    max_size: int | None = Field(default=None, ge=1, le=2**31)
    since: datetime | None = None
    """Changed at this time or later."""
    until: datetime | None = None
    """Opened before this time."""
    state: State = "open"
    cross_lingual: bool | None = None
    """True: in several languages; false: in one."""
    sort: Sort = "activity"
    """By the latest change, by when it opened, or by articles; the greatest first."""
    limit: int = Field(default=50, ge=1, le=200)
    """Most stories of a page."""
    cursor: str | None = Field(default=None, max_length=4_096)
    """`next` of the page before."""


@router.get("", summary="Stories, the latest first")
async def stories(board: BoardOf, asked: Annotated[Asked, Query()]) -> Stories:
    """Stories that fit all that is asked, and how many there are."""
    given = asked.model_dump(exclude={"lang", "since", "until"})
    query = StoryQuery(
        **given, langs=asked.lang, since_ms=_ms(asked.since), until_ms=_ms(asked.until)
    )
    with cursor_checked():
        page = page_of(board.shelf, query)
    cards = shown(page.stories, partial(card_of, board.shelf), lambda story: f"story {story.id}")
    return Stories(stories=cards, next=page.next, total=page.total)


@router.get("/{story_id}", summary="A story whole", responses=_UNKNOWN)
async def story(board: BoardOf, story_id: str) -> StoryView:
    """A story with its articles, why each is there, and what happened. The id of a story that
    merged into another is answered with that one.
    """
    return story_view(board.shelf, _story(board.shelf, story_id), story_id)


@router.get("/{story_id}/events", summary="A story's events", responses=_UNKNOWN)
async def events(
    parts: PartsOf, board: BoardOf, story_id: str, limit: Limit = 50, cursor: Cursor = None
) -> StoryEvents:
    """The events themselves, as consumers of the stream get them, with those of the stories that
    merged into it; as far back as the stream goes, of one story the newest thousand.
    """
    shelf = board.shelf
    lines = lines_of(shelf, _story(shelf, story_id))
    if cursor is not None:
        with cursor_checked():
            after = cursor_number(cursor, _EVENTS)
        lines = [line for line in lines if line.position > after]
    page = lines[:limit]
    pipe = parts.redis.pipeline(transaction=False)
    for line in page:
        pipe.xrange(parts.settings.streams.stories, min=line.entry_id, max=line.entry_id)
    told = [fields[b"data"] for entries in await pipe.execute() for _, fields in entries]
    following = cursor_of(_EVENTS, page[-1].position) if len(lines) > limit else None
    events = shown(told, partial(_shown, shelf), lambda event: f"event {event[:100]!r}")
    return StoryEvents(events=events, next=following)


def _story(shelf: Shelf, story_id: str) -> Story:
    found = shelf.stories.get(shelf.resolve(story_id))
    if found is None or not (found.lines or found.members):
        raise not_found(f"story {story_id[:100]!r}")
    return found


def _shown(shelf: Shelf, event_json: bytes) -> dict[str, Any]:
    """An event; without the text of articles that were killed since, which may be in the stream
    for some seconds yet.
    """
    event = cast(dict[str, Any], from_json(event_json))
    data = event["data"]
    quoted = [data.get("article_id"), data.get("matched_article_id")]
    position = data.get("position", 0)
    killed = {
        each for each in quoted if each in shelf.killed and shelf.killed[each].position > position
    }
    redacted = without_text(event_json, killed) if killed else None
    return event if redacted is None else cast(dict[str, Any], from_json(redacted))


def _ms(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    return ms_of((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat())
