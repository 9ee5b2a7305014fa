"""One pass over texts: their words and chunks, by number."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.text.chunks import CHUNKS, WORDS
from service.text.table import Numbers
from service.text.tokens import Mark

_ENDS = int(Mark.ENDS)
_VARIES = int(Mark.CAPITAL | Mark.FACT)

SHORTEST_LEAD = 20
LONGEST_LEAD = 60
"""Words. The lead is the first sentence, or the first few if they are short."""


class Scan(NamedTuple):
    """The words of a text."""

    words: list[str]
    numbers: Numbers
    """Of the words in ``WORDS``, until the next texts are scanned."""
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
    chunks: Numbers
    """Numbers of the chunks, shape (chunks,)."""
    chunk_bounds: Numbers
    """Where each text's chunks begin, and the end of the last; shape (texts + 1,)."""
    starts: Numbers
    """Index into ``words`` of each chunk's first word, and their end; shape (chunks + 1,)."""
    marks: NDArray[np.uint8]
    """``Mark`` flags of each chunk."""
    leads: Numbers
    """Words of each text's lead."""


def scan(texts: Sequence[str]) -> Scans:
    """Cuts texts into words; a look-up a chunk for those seen before."""
    CHUNKS.make_room()
    numbers, chunk_bounds = CHUNKS.cut(texts)
    marks = CHUNKS.marks(numbers)
    words, counts = CHUNKS.words(numbers)
    starts = _running(counts)
    bounds = starts[chunk_bounds]
    leads = _lead_ends(marks, starts, bounds, chunk_bounds)
    spelled = WORDS.spelled(words)
    edges = bounds.tolist()
    return Scans(
        [
            Scan(spelled[start:end], words[start:end], lead)
            for (start, end), lead in zip(pairwise(edges), leads.tolist(), strict=True)
        ],
        words,
        bounds,
        starts[:-1][(marks & _VARIES > 0) & (counts > 0)],
        numbers,
        chunk_bounds,
        starts,
        marks,
        leads,
    )


def _running(sizes: Sequence[int] | Numbers) -> Numbers:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)])


def _lead_ends(
    marks: NDArray[np.uint8], starts: Numbers, bounds: Numbers, chunk_bounds: Numbers
) -> Numbers:
    """Where each text's lead ends: with the first sentence that makes it long enough."""
    text_of = np.repeat(np.arange(len(bounds) - 1), np.diff(chunk_bounds))
    length = starts[1:] - bounds[text_of]
    ends = np.flatnonzero((marks & _ENDS > 0) & (length >= SHORTEST_LEAD))
    first = np.searchsorted(ends, chunk_bounds)
    found = first[1:] > first[:-1]
    longest = np.minimum(np.diff(bounds), LONGEST_LEAD)
    leads = longest.copy()
    leads[found] = np.minimum(length[ends[first[:-1][found]]], longest[found])
    return leads
