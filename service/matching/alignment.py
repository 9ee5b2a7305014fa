"""How well the telling words of two articles line up; see ``service/fingerprints/keywords.py``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.matching.columns import Columns, Floats, Indices

NAMES = (
    "aligned", "aligned_contained", "aligned_weight",
    "words", "words_contained", "words_shared",
)  # fmt: skip
_BLOCK = 256
"""Pairs at a time: their words' vectors fit a processor's cache."""
_EQUAL = 0.999
"""Cosine of a word with itself, as bytes keep it."""
_PRIOR = 20.0
"""Weight of words that count as not contained: a title of two words proves little."""


def alignment(columns: Columns, first: Indices, second: Indices) -> list[Floats]:
    """One column a name of ``NAMES``, shape (pairs,); the order within a pair is no matter.

    ``aligned`` is the mean over both articles of their words' best cosines, weighted by rarity;
    ``aligned_contained`` that of the one whose words are found more; ``words…`` count
    equal words alone.
    """
    found = np.zeros((len(NAMES), len(first)), np.float32)
    for start in range(0, len(first), _BLOCK):
        block = slice(start, start + _BLOCK)
        found[:, block] = _aligned(columns, first[block], second[block])
    return list(found)


def _aligned(columns: Columns, first: Indices, second: Indices) -> NDArray[np.float32]:
    words, others = columns.words.take(first, axis=0), columns.words.take(second, axis=0)
    weights = columns.word_weights.take(first, axis=0)
    other_weights = columns.word_weights.take(second, axis=0)
    equal = words[:, :, None] == others[:, None, :]
    vectors, other_vectors = (columns.word_vectors.take(at, axis=0) for at in (first, second))
    cosines = vectors @ other_vectors.transpose(0, 2, 1)
    np.maximum(cosines, equal, out=cosines)
    best = greatest(np.ascontiguousarray(cosines.transpose(0, 2, 1)))
    other_best = greatest(cosines)
    total, other_total = weights.sum(axis=1), other_weights.sum(axis=1)
    less = np.minimum(total, other_total)
    mine = _mean(weights, best, total)
    theirs = _mean(other_weights, other_best, other_total)
    squares = np.maximum(_summed(weights, best**2), _summed(other_weights, other_best**2))
    shared = _summed(weights, best >= _EQUAL)
    return np.stack([
        (mine + theirs) / 2,
        np.maximum(mine, theirs),
        np.log1p(squares),
        shared / np.maximum(total + other_total - shared, 1),
        shared / (less + _PRIOR),
        np.log1p(shared),
    ]).astype(np.float32)  # fmt: skip


def greatest(values: NDArray[Any]) -> Floats:
    """Maximum over axis 1 by halves of it: ``max`` takes ten times as long over so short a one."""
    while (width := values.shape[1]) > 1:
        half = (width + 1) // 2
        values = np.maximum(values[:, :half], values[:, width - half :])
    return values[:, 0]


def _summed(weights: Floats, values: NDArray[np.generic]) -> Floats:
    summed: Floats = np.einsum("ij,ij->i", weights, values.astype(np.float32))
    return summed


def _mean(weights: Floats, values: Floats, total: Floats) -> Floats:
    mean: Floats = np.divide(_summed(weights, values), np.maximum(total, 1), dtype=np.float32)
    return mean
