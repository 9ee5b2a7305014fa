"""LSH bands: rows of a signature hashed together into the names of buckets.

Two articles share a bucket of r rows with probability J^r; of b bands at least one
is shared with probability 1 - (1 - J^r)^b:

    J                      0.2   0.3   0.4   0.5   0.6   0.8
    shingles, 16 x 4      0.03  0.12  0.34  0.64  0.89  1.00
    anchors,   8 x 3      0.06  0.20  0.41  0.66  0.86  1.00

Keys are made of what a stored fingerprint holds, so whoever follows the log of fingerprints can
file them all. Of the shingles' rows it holds the low bytes: four of them agree by chance once in
2^32. The anchors' rows are made here, of the ids and weights that it holds: an anchor of weight w
is in the set w times, as w different hashes, so MinHash over the set estimates the weighted Jaccard
similarity of two articles' facts, whatever their languages (Chum, Philbin and Zisserman 2008,
integer weights).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.anchors import WEIGHT
from service.fingerprints.batches import anchor_parts, fixed_parts
from service.fingerprints.fingerprint import Fingerprint, Ids, Weights
from service.fingerprints.minhash import (
    EMPTY_ROW,
    SHINGLE_ROWS,
    Permutations,
    fmix32,
    permutations,
    signatures,
)

SHINGLE_BANDS = SHINGLE_ROWS // 4
"""Of four rows, whose low bytes are a key of 32 bits."""
ANCHOR_BANDS = 8
ANCHOR_BAND_ROWS = 3
BANDS = SHINGLE_BANDS + ANCHOR_BANDS
FEWEST_TELLING = 3
"""Anchors of weight 2 and more below which anchors alone make no candidate."""
NO_KEY = np.uint32(0)
"""In place of a key where a signature is empty: two empty ones are not alike."""

_ODD = np.uint32(0x9E3779B1)
_ODDS = np.array([0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], np.uint32)
"""Rows of a band times these, summed up, are as good as all of them (primes of xxHash)."""
_PLACES = np.arange(1, BANDS + 1, dtype=np.uint32) * _ODD
"""Mixed into the keys, so that those of two bands never meet but by a collision."""

Keys = NDArray[np.uint32]


def band_keys(prints: Sequence[Fingerprint]) -> Keys:
    """Bucket keys of at least one fingerprint, shape (n, 24): 16 of shingles, 8 of anchors.

    ``NO_KEY`` throughout a kind whose signature is empty.

    Raises:
        ValueError: they are of encoders of different widths.
    """
    fixed = fixed_parts(prints)
    shingles = np.ascontiguousarray(fixed["shingle_rows"]).view("<u4")
    anchors = _anchor_rows(*anchor_parts(prints, fixed), fixed["names"], fixed["numbers"])
    banded = anchors.reshape(len(prints), ANCHOR_BANDS, ANCHOR_BAND_ROWS) @ _ODDS
    keys = np.maximum(fmix32(np.hstack([shingles, banded]) + _PLACES), NO_KEY + 1)
    # Low bytes of the empty set's rows; of words, not all of 64 minima end alike.
    keys[(shingles == EMPTY_ROW).all(axis=1), :SHINGLE_BANDS] = NO_KEY
    keys[(anchors == EMPTY_ROW).all(axis=1), SHINGLE_BANDS:] = NO_KEY
    return keys


def _anchor_rows(
    ids: Ids, weights: Weights, names: NDArray[np.uint8], numbers: NDArray[np.uint8]
) -> Keys:
    """Signatures over weighted anchors, shape (n, 24); empty where anchors tell too little.

    Takes ids and weights of all articles end to end, and how many each has.
    """
    ends = np.cumsum(names.astype(np.intp) + numbers)
    times = (weights & WEIGHT).astype(np.intp)
    telling, copies = (
        np.append(0, each.cumsum())[np.append(0, ends)] for each in (times > 1, times)
    )
    flat = np.repeat(ids, times)
    first = np.repeat(times.cumsum() - times, times)
    flat += (np.arange(len(flat)) - first).astype(np.uint32) * _ODD
    starts = np.where(np.diff(telling) < FEWEST_TELLING, copies[1:], copies[:-1])
    return signatures(flat, starts, copies[1:], _draw())


@cache
def _draw() -> Permutations:
    return permutations(ANCHOR_BANDS * ANCHOR_BAND_ROWS)
