"""One pass over texts: their words, and the places worth a second look."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.text.chunks import CHUNKS, WORDS
from service.text.table import Numbers
from service.text.tokens import Chunk, Mark

_ENDS = int(Mark.ENDS)
_BARE = int(Mark.BARE)
_VARIES = int(Mark.CAPITAL | Mark.FACT)
_TELLING = int(Mark.CAPITAL | Mark.FACT | Mark.SIGNED)

SHORTEST_LEAD = 20
LONGEST_LEAD = 60
"""Words. The lead is the first sentence, or the first few if they are short."""

Spot = tuple[str, int, Chunk, bool, int]
"""A chunk that holds a name, a number or a sign: as written; index of its first word in the
text; what it holds; whether a sentence begins with it, so that a capital says nothing; its
place among the chunks, so that neighbours know each other.
Plain tuples: a named one costs 0.4 µs, and an article has a hundred."""


class Scan(NamedTuple):
    """The words of a text and its spots."""

    words: list[str]
    numbers: Numbers
    """Of the words in ``WORDS``, until the next texts are scanned."""
    spots: list[Spot]
    lead_end: int
    """``words[:lead_end]`` is the lead."""


class Scans(NamedTuple):
    """Texts scanned together; the arrays hold all of them end to end."""

    texts: list[Scan]
    words: Numbers
    """Numbers of the words, shape (words,)."""
    bounds: Numbers
    """Where each text's words begin, and the end of the last; shape (texts + 1,)."""
    varying: Numbers
    """Indices into ``words`` of capitalised words and numbers: what templates vary in."""


def scan(texts: Sequence[str]) -> Scans:
    """Cuts texts into words; a look-up a chunk for those seen before."""
    CHUNKS.make_room()
    numbers, chunk_bounds = CHUNKS.cut(texts)
    marks = CHUNKS.marks(numbers)
    words, counts = CHUNKS.words(numbers)
    starts = _running(counts)
    bounds = starts[chunk_bounds]
    leads = _lead_ends(marks, starts, bounds, chunk_bounds)
    spots, spot_bounds = _spots(numbers, marks, starts, bounds, chunk_bounds)
    spelled = WORDS.spelled(words)
    edges = bounds.tolist()
    return Scans(
        [
            Scan(
                spelled[start:end],
                words[start:end],
                spots[spot_bounds[text] : spot_bounds[text + 1]],
                leads[text],
            )
            for text, (start, end) in enumerate(pairwise(edges))
        ],
        words,
        bounds,
        starts[:-1][(marks & _VARIES > 0) & (counts > 0)],
    )


def _running(sizes: Sequence[int] | Numbers) -> Numbers:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)])


def _lead_ends(
    marks: NDArray[np.uint8], starts: Numbers, bounds: Numbers, chunk_bounds: Numbers
) -> list[int]:
    """Where each text's lead ends: with the first sentence that makes it long enough."""
    text_of = np.repeat(np.arange(len(bounds) - 1), np.diff(chunk_bounds))
    length = starts[1:] - bounds[text_of]
    ends = np.flatnonzero((marks & _ENDS > 0) & (length >= SHORTEST_LEAD))
    first = np.searchsorted(ends, chunk_bounds)
    found = first[1:] > first[:-1]
    longest = np.minimum(np.diff(bounds), LONGEST_LEAD)
    leads = longest.copy()
    leads[found] = np.minimum(length[ends[first[:-1][found]]], longest[found])
    return list(leads.tolist())


def _spots(
    numbers: Numbers,
    marks: NDArray[np.uint8],
    starts: Numbers,
    bounds: Numbers,
    chunk_bounds: Numbers,
) -> tuple[list[Spot], list[int]]:
    """Spots of all texts, and where those of each text begin."""
    places = np.arange(len(marks))
    # A dash alone changes nothing: what was before it still counts.
    speaks = (marks & (_BARE | _ENDS)) != _BARE
    last = np.maximum.accumulate(np.where(speaks, places, -1))
    at = np.flatnonzero(marks & _TELLING)
    text_of = np.searchsorted(chunk_bounds, at, side="right") - 1
    before = np.where(at > 0, last[at - 1], -1)
    is_first = (before < chunk_bounds[text_of]) | (marks[before] & _ENDS > 0)
    chunks = numbers[at]
    spots = list(
        zip(
            CHUNKS.spelled(chunks),
            (starts[at] - bounds[text_of]).tolist(),
            CHUNKS.holding(chunks),
            is_first.tolist(),
            at.tolist(),
            strict=True,
        )
    )
    return spots, np.searchsorted(at, chunk_bounds).tolist()
