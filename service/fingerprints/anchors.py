"""Anchors as small arrays: ids, weights and original forms."""

from collections.abc import Mapping
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
"""Bit of a weight's byte that says: stands in title or lead."""
WEIGHT = 0x07
"""Bits of the byte that hold the weight itself."""
RANK = 0x78
RANK_SHIFT = 3
"""Bits that hold a name's rank among the names of the title: 1 for the first, at most
``LAST_RANK``, 0 for one that the title does not say. Who stands first did it to whom."""
LAST_RANK = RANK >> RANK_SHIFT

_NAME, _DATE, _BODY = int(Kind.NAME), int(Kind.DATE), int(Place.BODY)
"""Plain integers: this is the hot path, and a member of an enumeration is two look-ups."""

Row = tuple[int, int, str]
"""Id, weight and surface."""


class AnchorTable(NamedTuple):
    """Names, then numbers and dates; ids sorted within each."""

    names: NDArray[np.uint32]
    name_weights: NDArray[np.uint8]
    """1 (a country, a two-consonant name) to 3; plus rank in the title and ``LEAD``."""
    numbers: NDArray[np.uint32]
    """The lowest bit of an id is 1 for a date, 0 for a quantity."""
    number_weights: NDArray[np.uint8]
    surfaces: tuple[str, ...]
    """Original forms, aligned with names followed by numbers."""


def _hash(key: str) -> int:
    return xxh32_intdigest(key.encode())


_HASHES: Memo[int] = Memo(_hash)


def anchor_id(kind: Kind, key: str) -> int:
    """32 bits; equal for equal keys of names, of dates, and of quantities."""
    hashed = _HASHES[key]
    return hashed if kind == _NAME else hashed & ~1 | (kind == _DATE)


def anchor_table(anchors: list[Anchor], ranks: Mapping[str, int] | None = None) -> AnchorTable:
    """The arrays that a fingerprint keeps of its article's anchors.

    Args:
        anchors: of the article.
        ranks: key of a name → its rank in the title, from 1.
    """
    in_title = ranks or {}
    names: list[Row] = []
    numbers: list[Row] = []
    # Title and lead before the body, weight before frequency.
    importance = [
        (place < _BODY) * 16 + weight * 4 + min(times, 3)
        for _, _, _, weight, place, times in anchors
    ]
    ranked = sorted(range(len(anchors)), key=importance.__getitem__, reverse=True)
    for rank, at in enumerate(ranked):
        kind, key, surface, weight, place, _ = anchors[at]
        shown = surface[:LONGEST_SURFACE] if rank < MOST_SURFACES else ""
        flagged = weight if place == _BODY else weight | LEAD
        if kind == _NAME:
            if key in in_title:
                flagged |= min(in_title[key], LAST_RANK) << RANK_SHIFT
            names.append((_HASHES[key], flagged, shown))
        else:
            numbers.append((anchor_id(kind, key), flagged, shown))
    names, numbers = sorted(names[:MOST_NAMES]), sorted(numbers[:MOST_NUMBERS])
    rows = names + numbers
    ids = np.array([row[0] for row in rows], np.uint32)
    weights = np.array([row[1] for row in rows], np.uint8)
    split = len(names)
    return AnchorTable(
        ids[:split],
        weights[:split],
        ids[split:],
        weights[split:],
        tuple([row[2] for row in rows]),
    )
