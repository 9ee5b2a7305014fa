"""Names and facts that only the words around a chunk make of it.

They are looked for one by one: some three of the twenty facts of an article, and a phrase or two.
"""

import numpy as np
from numpy.typing import NDArray

from service.text.anchors import KEYS, Kind
from service.text.chunks import CHUNKS, WORDS
from service.text.facts import NO_SIGN, Say, facts_at, say, signs_in
from service.text.known_names import phrase_at
from service.text.scan import Scans
from service.text.spots import Flags, Spots
from service.text.table import Column, Numbers
from service.text.telling import IN_CONTEXT, OPENS, TOLD, Told
from service.text.tokens import Mark

_FACT, _BARE = int(Mark.FACT), int(Mark.BARE)
_SIGN_REACH = 3
"""Words from a number to a sign on its own behind it: 1,5 млн ₽."""
_PHRASE_WEIGHT = 2

_MAKES = Say.BEHIND | Say.MAKES_BEHIND
_SAYS = Column(WORDS, say, np.uint8)

Made = tuple[int, int, int, int, int, str]
"""Index of the spot; number of the key, kind and weight of what it is; the index behind its last
word in the words of all texts; surface."""


def phrases(scans: Scans, spots: Spots, told: Told) -> tuple[list[Made], Flags]:
    """Names of several words, and the spots that they take, whose own names don't count."""
    taken = np.zeros(len(spots.start), np.bool_)
    found: list[Made] = []
    named = 0
    opening = np.flatnonzero(told.flags & OPENS)
    openers = TOLD.items(told.begins[opening]).keys.tolist()
    starts, texts = spots.start[opening].tolist(), spots.text[opening].tolist()
    for at, opener, start, text in zip(opening.tolist(), openers, starts, texts, strict=True):
        if start < named:
            continue
        words, first = scans.texts[text].words, int(scans.bounds[text])
        if phrase := phrase_at(words, start - first, KEYS.texts[opener][1:]):
            key, end = phrase
            surface = " ".join(words[start - first : end])
            named = first + end
            found.append((at, KEYS[key], int(Kind.NAME), _PHRASE_WEIGHT, named, surface))
            behind = int(np.searchsorted(spots.start, named))
            taken[at : max(behind, at + 1)] = True
    return found, taken


def is_asked(scans: Scans, spots: Spots, told: Told) -> Flags:
    """Whether the words around a spot may have a say in its facts."""
    next_is_sign = np.zeros(len(spots.start), np.bool_)
    next_is_sign[:-1] = (spots.marks[1:] & _BARE > 0) & (spots.text[1:] == spots.text[:-1])
    return (told.flags & IN_CONTEXT > 0) | next_is_sign | _is_changed(scans, spots, told)


def facts(scans: Scans, spots: Spots, is_asked: Flags) -> tuple[list[Made], Flags]:
    """Facts of the spots asked, and of those whose words they take; and the other spots, whose
    lone facts count.
    """
    at = np.flatnonzero(spots.marks & _FACT)
    text = spots.text[at]
    columns = (
        at, is_asked[at], text, scans.bounds[text], spots.chunks[at],
        spots.start[at], spots.end[at], _sign_at(spots, at),
    )  # fmt: skip
    found: list[Made] = []
    lone: list[int] = []
    taken = 0
    for spot, asked, of, first, chunk, start, end, sign in zip(
        *[column.tolist() for column in columns], strict=True
    ):
        if start >= taken and not asked:
            lone.append(spot)
        elif end > taken:
            near = NO_SIGN
            if sign >= 0:
                near = signs_in(CHUNKS.texts[spots.chunks[sign]]), int(spots.start[sign]) - first
            words, surfaces = scans.texts[of].words, CHUNKS.held[chunk][1]
            for kind, key, surface, weight, behind in facts_at(
                words, start - first, CHUNKS.texts[chunk], surfaces, taken - first, near
            ):
                taken = first + behind
                found.append((spot, KEYS[key], kind, weight, taken, surface))
    is_lone = np.zeros(len(spots.start), np.bool_)
    is_lone[lone] = True
    return found, is_lone


def _sign_at(spots: Spots, at: Numbers) -> Numbers:
    """The spot that is a sign on its own behind a number, as Russian typography sets it, or -1.

    It stands next, or behind a scale (1,5 млн ₽).
    """
    is_sign = np.append(spots.marks & _BARE > 0, [False, False])
    text = np.append(spots.text, [-1, -1])
    start = np.append(spots.start, [0, 0])
    found = np.full(len(at), -1)
    for sign in (at + 2, at + 1):
        is_own = is_sign[sign] & (text[sign] == text[at]) & (start[sign] <= start[at] + _SIGN_REACH)
        found[is_own] = sign[is_own]
    return found


def _is_changed(scans: Scans, spots: Spots, told: Told) -> Flags:
    """Whether a word around a chunk with facts may change what it says, or make a fact of it."""
    at = np.flatnonzero(spots.marks & _FACT)
    begins, ends = scans.bounds[spots.text[at]], scans.bounds[spots.text[at] + 1]

    def said(places: Numbers) -> NDArray[np.uint8]:
        flags = np.zeros(len(places), np.uint8)
        is_there = (begins <= places) & (places < ends)
        flags[is_there] = _SAYS[scans.words[places[is_there]]]
        return flags

    start, end = spots.start[at], spots.end[at]
    before, behind = said(start - 1), said(end)
    is_fact = told.facts[at] > 0
    is_changed = np.zeros(len(spots.start), np.bool_)
    is_changed[at] = (
        (before & np.where(is_fact, Say.BEFORE, Say.BEFORE | Say.MAKES_BEFORE) > 0)
        | (said(start - 3) & Say.MONTH > 0)
        | (behind & np.where(is_fact, Say.BEHIND, _MAKES) > 0)
        | ((behind & _MAKES == 0) & (said(end + 2) & Say.SPANS > 0))
    )
    return is_changed
