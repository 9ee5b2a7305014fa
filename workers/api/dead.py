"""Dead letters: what could not be placed, why, and what to do about it."""

from collections import Counter

from fastapi import APIRouter

from workers.api.openapi import READING
from workers.api.reading import READS, BoardOf, Cursor, Limit, cursor_checked
from workers.archive.letters import Letters, LetterView
from workers.archive.listing import cursor_of, cursor_word
from workers.archive.records import time_of
from workers.archive.shelf import entry_key

router = APIRouter(prefix="/v1", tags=["dead letters"], dependencies=READS, responses=READING)
_KIND = "dead"


@router.get("/dead", summary="Dead letters, the newest first")
async def dead(board: BoardOf, limit: Limit = 50, cursor: Cursor = None) -> Letters:
    """The newest 10,000 that are there, without their bodies: ``onestory dead show`` has those,
    ``onestory dead retry`` sends a letter again.
    """
    every = board.letters()
    by_reason = dict(Counter(each.reason for each in every).most_common())
    left = every[::-1]
    if cursor is not None:
        with cursor_checked():
            before = entry_key(cursor_word(cursor, _KIND).encode())
        left = [each for each in left if entry_key(each.entry_id.encode()) < before]
    page = left[:limit]
    return Letters(
        letters=[
            LetterView(
                entry_id=each.entry_id,
                article_id=each.article_id,
                reason=each.reason,
                detail=each.detail,
                remedy=each.remedy,
                at=time_of(each.ms),
            )
            for each in page
        ],
        by_reason=by_reason,
        next=cursor_of(_KIND, page[-1].entry_id) if len(left) > limit else None,
    )
