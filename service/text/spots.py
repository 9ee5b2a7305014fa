"""The chunks of texts that are worth a second look: names, numbers, signs.

A fifth of all chunks; the rest are words in lower case, which later stages know by number alone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.text.scan import Scans
from service.text.table import Numbers
from service.text.tokens import Mark

Flags = NDArray[np.bool_]

_CAPITAL = int(Mark.CAPITAL)
_ENDS = int(Mark.ENDS)
_BARE = int(Mark.BARE)
_TELLING = int(Mark.CAPITAL | Mark.FACT | Mark.SIGNED)


class Spots(NamedTuple):
    """In order, of all texts of a scan; shape (spots,) each."""

    places: Numbers
    """Index among the chunks of all texts."""
    chunks: Numbers
    """Numbers in ``CHUNKS``."""
    marks: NDArray[np.uint8]
    text: Numbers
    """Index of the text."""
    start: Numbers
    """Index of the first word in the words of all texts; for a sign on its own, of the next."""
    end: Numbers
    """The index behind the last word."""
    is_first: Flags
    """A sentence begins with it, so a capital says nothing."""
    runs_on: Flags
    """The chunk behind it is the next spot, and capitalised."""


def spots_of(scans: Scans) -> Spots:
    """The spots of scanned texts."""
    marks, starts, bounds = scans.marks, scans.starts, scans.chunk_bounds
    # A dash alone changes nothing: what was before it still counts.
    speaks = (marks & (_BARE | _ENDS)) != _BARE
    last = np.maximum.accumulate(np.where(speaks, np.arange(len(marks)), -1))
    at = np.flatnonzero(marks & _TELLING)
    text = np.searchsorted(bounds, at, side="right") - 1
    before = np.where(at > 0, last[at - 1], -1)
    own = marks[at]
    runs_on = np.zeros(len(at), np.bool_)
    runs_on[:-1] = (np.diff(at) == 1) & (text[1:] == text[:-1]) & (own[1:] & _CAPITAL > 0)
    return Spots(
        at,
        scans.chunks[at],
        own,
        text,
        starts[at],
        starts[at + 1],
        (before < bounds[text]) | (marks[before] & _ENDS > 0),
        runs_on,
    )
