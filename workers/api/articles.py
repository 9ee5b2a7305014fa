"""Articles: one by itself, its story, what happened to it, and those that are held."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from workers.api.problems import Problem
from workers.api.reading import (
    NOT_FOUND,
    PROBLEM,
    READS,
    BoardOf,
    Cursor,
    Limit,
    PartsOf,
    Responses,
    cursor_checked,
    not_found,
)
from workers.archive.held import Held, held_page
from workers.archive.read import article_fields, story_view
from workers.archive.records import Article
from workers.archive.shelf import Shelf
from workers.archive.texts import text_of
from workers.archive.trace import Trace, state_of, trace_of
from workers.archive.views import ArticleDetail, StoryView
from workers.archive.whereabouts import Whereabouts, whereabouts_of

router = APIRouter(prefix="/v1", tags=["articles"], dependencies=READS)

EntryId = Annotated[
    str | None,
    Query(
        pattern="^[0-9]{1,19}-[0-9]{1,19}$",  # \d would take any script's digits
        description="The stream entry as which it was published, where several were.",
    ),
]
_GONE: Responses = {410: PROBLEM | {"description": "It was killed."}}


@router.get("/articles/{article_id:path}/story", summary="Its story", responses=NOT_FOUND | _GONE)
async def story(parts: PartsOf, board: BoardOf, article_id: str) -> StoryView:
    """The story that an article is in now, wherever it was put before."""
    article = board.shelf.articles.get(article_id)
    if article is None or article.home is None:
        found = await whereabouts_of(parts.redis, parts.settings, article_id, None)
        _refuse_killed(board.shelf, article_id, found)
        raise not_found(f"a story of article {article_id[:100]!r}")
    return story_view(board.shelf, article.home, article.home.id)


@router.get("/articles/{article_id:path}/trace", summary="Where is my item?")
async def trace(parts: PartsOf, board: BoardOf, article_id: str, entry_id: EntryId = None) -> Trace:
    """What happened to an item since it was sent, and where it is; also of one that nobody has
    placed yet. Without ``entry_id`` an item that no worker has registered is looked for among the
    newest 2,000 entries that wait, and as many in work.
    """
    return await trace_of(parts.redis, parts.settings, board, article_id, entry_id)


@router.get("/articles/{article_id:path}", summary="An article", responses=NOT_FOUND | _GONE)
async def article(parts: PartsOf, board: BoardOf, article_id: str) -> ArticleDetail:
    """What is known of an article; its text, where the namespace keeps its input."""
    found = await whereabouts_of(parts.redis, parts.settings, article_id, None)
    _refuse_killed(board.shelf, article_id, found)
    is_dead = any(each.article_id == article_id for each in board.letters())
    state = state_of(found, board.shelf, article_id, is_dead=is_dead)
    if state == "unknown":
        raise not_found(f"article {article_id[:100]!r}")
    known = board.shelf.articles.get(article_id) or Article(article_id)
    text = await text_of(parts.redis, parts.settings, article_id)
    return ArticleDetail(
        **article_fields(board.shelf, known),
        story_id=known.home.id if known.home is not None else None,
        state=state,
        text=text.article.text if text.article is not None else None,
        text_note=text.note,
    )


@router.get("/held", summary="Articles under embargo or held back")
async def held(parts: PartsOf, limit: Limit = 50, cursor: Cursor = None) -> Held:
    """What is kept and shown nowhere, and where it would go."""
    with cursor_checked():
        return await held_page(parts.redis, parts.settings, limit, cursor)


def _refuse_killed(shelf: Shelf, article_id: str, found: Whereabouts) -> None:
    """Of a killed article nothing is told but that it was.

    Raises:
        Problem: it was killed, and no later version is there.
    """
    if state_of(found, shelf, article_id, is_dead=False) == "killed":
        raise Problem(HTTPStatus.GONE, f"article {article_id[:100]!r} was killed")
