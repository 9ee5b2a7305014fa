"""What the reading endpoints share: a board that has caught up, cursors, and how they say no."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query

from workers.api.access import reader
from workers.api.parts import Parts, parts_of
from workers.api.problems import Problem
from workers.archive.board import Board
from workers.archive.listing import BadCursor

READS = [Depends(reader)]
PartsOf = Annotated[Parts, Depends(parts_of)]
Limit = Annotated[int, Query(ge=1, le=200, description="Most items of a page.")]
Cursor = Annotated[str | None, Query(max_length=4_096, description="`next` of the page before.")]


def board_of(parts: PartsOf) -> Board:
    """The board, caught up.

    Raises:
        Problem: it still reads the events that were there at the start.
    """
    if not parts.board.ready:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "the events that are kept are still being read; ask again in a second",
            headers={"Retry-After": "1"},
        )
    return parts.board


BoardOf = Annotated[Board, Depends(board_of)]


@contextmanager
def cursor_checked() -> Iterator[None]:
    """A cursor that is none is the caller's mistake."""
    try:
        yield
    except BadCursor as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error


def not_found(what: str) -> Problem:
    """Nothing goes by this name, or nothing that is still held."""
    return Problem(HTTPStatus.NOT_FOUND, f"{what} is not known, or was forgotten")
