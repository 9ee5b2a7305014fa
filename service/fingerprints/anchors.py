"""Anchors as small arrays: ids, weights and original forms."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh32_intdigest

from service.text.anchors import KEYS, Anchors, Kind, Place
from service.text.table import Column, Numbers

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


_HASHES = Column(KEYS, lambda key: xxh32_intdigest(key.encode()), np.uint32)


def anchor_ids(kinds: Numbers, keys: Numbers) -> NDArray[np.uint32]:
    """32 bits; equal for equal keys of names, of dates, and of quantities."""
    hashes: NDArray[np.uint32] = _HASHES[keys]
    return np.where(kinds == Kind.NAME, hashes, hashes & ~np.uint32(1) | (kinds == Kind.DATE))


def anchor_tables(anchors: Anchors) -> list[AnchorTable]:
    """The arrays that each fingerprint keeps of its article's anchors."""
    owners = _owners(anchors)
    is_ahead = anchors.places < Place.BODY
    # Title and lead before the body, weight before frequency.
    importance = is_ahead * 16 + anchors.weights * 4 + np.minimum(anchors.times, 3)
    ranked = np.lexsort((-importance, owners))
    is_name = anchors.kinds[ranked] == Kind.NAME
    is_kept = _counted(is_name, anchors.bounds) < np.where(is_name, MOST_NAMES, MOST_NUMBERS)
    is_shown = np.zeros(len(owners), np.bool_)
    is_shown[ranked[np.arange(len(owners)) - anchors.bounds[owners] < MOST_SURFACES]] = True
    kept = ranked[is_kept]
    ids = anchor_ids(anchors.kinds, anchors.keys)
    ranks = np.minimum(anchors.ranks, LAST_RANK) << RANK_SHIFT
    weights = (anchors.weights | ranks | is_ahead * LEAD).astype(np.uint8)
    sections = owners * 2 + (anchors.kinds != Kind.NAME)
    order = kept[np.lexsort((weights[kept], ids[kept], sections[kept]))]
    surfaces = [
        anchors.surfaces[at][:LONGEST_SURFACE] if shown else ""
        for at, shown in zip(order.tolist(), is_shown[order].tolist(), strict=True)
    ]
    ids, weights = ids[order], weights[order]
    edges = np.searchsorted(sections[order], np.arange(2 * len(anchors.bounds) - 1)).tolist()
    return [
        AnchorTable(
            ids[begin:middle],
            weights[begin:middle],
            ids[middle:end],
            weights[middle:end],
            tuple(surfaces[begin:end]),
        )
        for begin, middle, end in zip(edges[:-1:2], edges[1::2], edges[2::2], strict=True)
    ]


def _owners(anchors: Anchors) -> Numbers:
    """The article of each anchor."""
    return np.repeat(np.arange(len(anchors.bounds) - 1), np.diff(anchors.bounds))


def _counted(is_name: NDArray[np.bool_], bounds: Numbers) -> Numbers:
    """How many of its own kind stand before each in its article."""
    places = np.arange(len(is_name))
    names: Numbers = np.cumsum(is_name) - is_name
    owner_begins = np.repeat(bounds[:-1], np.diff(bounds))
    own_names = names - np.append(names, 0)[owner_begins]
    counted: Numbers = np.where(is_name, own_names, places - owner_begins - own_names)
    return counted
