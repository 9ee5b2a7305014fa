"""Anchors as small arrays: ids, weights and original forms; and their weighted MinHash.

An anchor of weight w is put into the set w times, as w different hashes, so MinHash
over the set estimates the weighted Jaccard similarity of two articles' facts, whatever
their languages (Chum, Philbin and Zisserman 2008, integer weights).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh32_intdigest

from service.text.anchors import Anchor, Kind, Place
from service.text.memo import Memo

MOST_NAMES = 40
MOST_NUMBERS = 24
"""Anchors kept of an article, those of title and lead first: a fingerprint stays small,
and nine articles of ten hold fewer."""
MOST_SURFACES = 28
"""Anchors whose original form is kept, for evidence; the others show an empty string."""
LONGEST_SURFACE = 24
"""Characters."""

LEAD = 0x80
"""Bit of a weight that says: stands in title or lead."""
HEAVIEST = 4

ANCHOR_ROWS = 24
FEWEST_TELLING = 3
"""Anchors of weight 2 and more below which anchors alone make no candidate."""


class AnchorTable(NamedTuple):
    """Names, then numbers and dates; ids sorted within each."""

    names: NDArray[np.uint32]
    name_weights: NDArray[np.uint8]
    """1 (a country, a two-consonant name) to 3; plus ``LEAD``."""
    numbers: NDArray[np.uint32]
    """The lowest bit of an id is 1 for a date, 0 for a quantity."""
    number_weights: NDArray[np.uint8]
    surfaces: tuple[str, ...]
    """Original forms, aligned with names followed by numbers."""


def _hashes(key: str) -> tuple[int, ...]:
    encoded = key.encode()
    return tuple(xxh32_intdigest(encoded, copy) for copy in range(HEAVIEST))


_HASHES: Memo[tuple[int, ...]] = Memo(_hashes)


def anchor_id(anchor: Anchor) -> int:
    """32 bits; equal for equal keys of names, of dates, and of quantities."""
    hashed = _HASHES[anchor.key][0]
    if anchor.kind is Kind.NAME:
        return hashed
    return hashed & ~1 | (anchor.kind is Kind.DATE)


def weighted_hashes(anchors: list[Anchor]) -> list[int]:
    """The set over which the weighted MinHash runs; empty where anchors tell too little."""
    if sum(anchor.weight > 1 for anchor in anchors) < FEWEST_TELLING:
        return []
    return [hashed for anchor in anchors for hashed in _HASHES[anchor.key][: anchor.weight]]


def anchor_table(anchors: list[Anchor]) -> AnchorTable:
    """The arrays that a fingerprint keeps of its article's anchors."""
    ranked = sorted(anchors, key=_rank, reverse=True)
    shown = {anchor.key for anchor in ranked[:MOST_SURFACES]}
    names = _rows([a for a in ranked if a.kind is Kind.NAME][:MOST_NAMES], shown)
    numbers = _rows([a for a in ranked if a.kind is not Kind.NAME][:MOST_NUMBERS], shown)
    return AnchorTable(
        np.array([row[0] for row in names], np.uint32),
        np.array([row[1] for row in names], np.uint8),
        np.array([row[0] for row in numbers], np.uint32),
        np.array([row[1] for row in numbers], np.uint8),
        tuple([row[2] for row in names] + [row[2] for row in numbers]),
    )


def _rank(anchor: Anchor) -> int:
    return (anchor.place is not Place.BODY) * 16 + anchor.weight * 4 + min(anchor.count, 3)


def _rows(anchors: list[Anchor], shown: set[str]) -> list[tuple[int, int, str]]:
    rows = {}
    for anchor in anchors:
        weight = anchor.weight | (0 if anchor.place is Place.BODY else LEAD)
        surface = anchor.surface[:LONGEST_SURFACE] if anchor.key in shown else ""
        rows[anchor_id(anchor)] = (weight, surface)
    return [(key, *rows[key]) for key in sorted(rows)]
