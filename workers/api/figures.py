"""Figures: what a namespace holds and does."""

import time
from typing import Annotated

from fastapi import APIRouter, Query

from workers.api.openapi import READING
from workers.api.reading import READS, BoardOf, PartsOf
from workers.archive.figures import Figures, figures_of
from workers.archive.series import MINUTES_KEPT

router = APIRouter(prefix="/v1", tags=["figures"], dependencies=READS, responses=READING)

Minutes = Annotated[int, Query(ge=1, le=MINUTES_KEPT, description="How far back the series goes.")]


@router.get("/figures", summary="Figures, now and minute by minute")
async def figures(parts: PartsOf, board: BoardOf, minutes: Minutes = 180) -> Figures:
    """Open stories by size, articles by language and relation, and what workers do."""
    now_ms = int(time.time() * 1000)
    return await figures_of(
        parts.redis, parts.settings, board.shelf, await board.counts(), minutes, now_ms
    )
