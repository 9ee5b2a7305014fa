"""Rows of a list, one by one: a row that can't be shown costs itself alone."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger("onestory.board")

Row = TypeVar("Row")
Shown = TypeVar("Shown")


def shown(
    rows: Iterable[Row], show: Callable[[Row], Shown], name: Callable[[Row], str]
) -> list[Shown]:
    """What can be shown of rows. What a former release wrote, or another client, may be none of
    the contract's: it is left out, and the log names it.
    """
    views = []
    for row in rows:
        try:
            views.append(show(row))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are to be seen
            log.warning("%s can't be shown and is left out: %r", name(row), error)
    return views
