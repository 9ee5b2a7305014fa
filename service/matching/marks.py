"""Where two articles say the same names and numbers, for a view of both side by side.

The anchors that both have (Бездетко and Bezdetko, 9 февраля and February 9) are looked for in
title and text as they are shown, not as they are cleaned for a fingerprint. Offsets are Unicode
code points. Some 4 ms for two texts of 3 kB.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from contracts.article import Article
from service.text.document import LONGEST_TEXT, documents
from service.text.facts import facts_at
from service.text.scan import Scan, scan
from service.text.tokens import Mark, word_tokens

_CAPITAL, _FACT = int(Mark.CAPITAL), int(Mark.FACT)
_CHUNK = re.compile(r"\n|\S+")
"""As ``scan`` splits, where a line end is a chunk too."""
_PARTS = re.compile(r"\w+")


class Span(NamedTuple):
    """A piece of a text, ``text[start:end]``; the same group is the same name or number."""

    start: int
    end: int
    group: int


class Marks(NamedTuple):
    """Shared names and numbers of one article; spans do not overlap and ascend."""

    title: tuple[Span, ...]
    text: tuple[Span, ...]


class _Found(NamedTuple):
    start: int
    end: int
    key: str


def shared_marks(first: Article, second: Article) -> tuple[Marks, Marks]:
    """What both articles name or count, in each of them.

    Groups count from 0, in the order in which the first article comes to them.
    """
    keys = [{anchor.key for anchor in one.anchors} for one in documents([first, second]).read]
    shared = keys[0] & keys[1]
    shown = [each[:LONGEST_TEXT] for one in (first, second) for each in (one.title, one.text)]
    found = [
        list(_apart(each for each in _occurrences(text, scanned) if each.key in shared))
        for text, scanned in zip(shown, scan(shown).texts, strict=True)
    ]
    in_both = {each.key for each in found[0] + found[1]} & {
        each.key for each in found[2] + found[3]
    }
    groups: dict[str, int] = {}
    for each in found[0] + found[1]:
        if each.key in in_both:
            groups.setdefault(each.key, len(groups))
    spans = [
        tuple(Span(each.start, each.end, groups[each.key]) for each in one if each.key in groups)
        for one in found
    ]
    return Marks(spans[0], spans[1]), Marks(spans[2], spans[3])


def _apart(found: Iterable[_Found]) -> Iterator[_Found]:
    """In order, and of those that overlap the one that begins first, or is longer."""
    end = 0
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if each.start >= end:
            yield each
            end = each.end


def _occurrences(text: str, scanned: Scan) -> Iterator[_Found]:
    """Every name, number and date of a text with its place, proved or not."""
    if not scanned.spots:
        return
    bounds = [found.span() for found in _CHUNK.finditer(text)]
    chunk_words = [
        0 if text[start] == "\n" else len(word_tokens(text[start:end])) for start, end in bounds
    ]
    ends = list(accumulate(chunk_words))
    chunk_of = [place for place, count in enumerate(chunk_words) for _ in range(count)]
    taken = 0
    for at, (_, word, (_, _, mark, names), _, _) in enumerate(scanned.spots):
        place = chunk_of[word] if word < len(chunk_of) else None
        if place is None or ends[place] <= word:  # a sign on its own: no word, so no name
            continue
        start, end = bounds[place]
        if mark & _CAPITAL:
            yield from _names(text, start, end, names)
        if mark & _FACT:
            for _, key, surface, _, behind in facts_at(scanned.words, scanned.spots, at, taken):
                taken = behind
                last = chunk_of[min(behind, len(chunk_of)) - 1]
                around = bounds[max(0, place - 1)][0], bounds[min(len(bounds) - 1, last + 1)][1]
                yield _Found(*_span(text, (start, max(end, bounds[last][1])), around, surface), key)


def _names(
    text: str, start: int, end: int, names: Sequence[tuple[str, str, int, bool]]
) -> Iterator[_Found]:
    for key, surface, _, _ in names:
        at = text.find(surface, start, end)
        if at < 0:  # written with soft hyphens, or another way that reading straightens
            yield _Found(*_bare(text, start, end), key)
        else:
            yield _Found(at, at + len(surface), key)
            start = at + len(surface)


def _span(
    text: str, within: tuple[int, int], around: tuple[int, int], surface: str
) -> tuple[int, int]:
    """Where a fact stands: in its chunks, or with the one before (9 in «9 февраля») or behind
    (February 9).
    """
    if parts := _PARTS.findall(surface):
        wording = re.compile(r"[^\w\n]*".join(map(re.escape, parts)), re.IGNORECASE)
        for window in (within, (around[0], within[1]), (within[0], around[1])):
            if found := wording.search(text, *window):
                return found.span()
    return _bare(text, *within)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A chunk without the signs around it."""
    words = list(_PARTS.finditer(text, start, end))
    return (words[0].start(), words[-1].end()) if words else (start, end)
