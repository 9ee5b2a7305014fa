"""Fingerprints side by side in arrays, and the sets two of them share.

Verification compares a new article with a dozen earlier ones, in batches of a
hundred articles. One set operation a pair costs 10 µs in numpy whatever its size,
so all pairs of a batch are intersected by a single search: ids are prefixed with
their pair's number, and the prefixed ids of all pairs are one sorted array.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.anchors import LEAD, RANK, RANK_SHIFT, WEIGHT
from service.fingerprints.batches import anchor_parts, fixed_parts
from service.fingerprints.fingerprint import (
    IS_REVISION,
    UNDATED,
    Fingerprint,
)
from service.fingerprints.keywords import Vocabulary

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Anchors:
    """The weighted ids of all fingerprints, end to end."""

    ids: NDArray[np.uint64]
    weights: Floats
    leads: Floats
    """1 where the id stands in title or lead."""
    ranks: Floats
    """Of names in the title, from 1; 0 where it does not say them."""
    starts: Indices
    """Where each fingerprint's ids begin; one more than there are fingerprints."""
    totals: Floats
    """Sum of weights of each fingerprint."""
    lead_totals: Floats


@dataclass(frozen=True, slots=True)
class Shared:
    """What pairs share of one kind of anchor; sums of weights, one row a pair."""

    total: Floats
    of_first_lead: Floats
    """Shared, and in title or lead of the first of the pair."""
    of_second_lead: Floats
    of_both_leads: Floats
    order: Floats
    """Correlation of the ranks of what both titles say, -1 to 1; 0 if they share less than two."""


def anchors(ids: NDArray[np.uint32], weights: NDArray[np.uint8], starts: Indices) -> Anchors:
    """The anchors of fingerprints whose ids and weights begin at ``starts``."""
    values = (weights & WEIGHT).astype(np.float32)
    leads = (weights & LEAD > 0).astype(np.float32)
    return Anchors(
        ids=ids.astype(np.uint64),
        weights=values,
        leads=leads,
        ranks=((weights & RANK) >> RANK_SHIFT).astype(np.float32),
        starts=starts,
        totals=_sums(values, starts),
        lead_totals=_sums(values * leads, starts),
    )


def _kinds(
    ids: NDArray[np.uint32], weights: NDArray[np.uint8], fixed: NDArray[np.void]
) -> list[Anchors]:
    """Names, quantities and dates among all anchors of the fingerprints with these records."""
    counts = np.column_stack([fixed["names"], fixed["numbers"]]).astype(np.intp)
    starts = np.concatenate([[0], np.cumsum(counts.sum(axis=1))])
    is_name = np.repeat(np.tile([True, False], len(fixed)), counts.ravel())
    is_date = ~is_name & (ids & np.uint32(1) > 0)
    chosen = (is_name, ~is_name & ~is_date, is_date)
    before = [np.concatenate([[0], np.cumsum(each)]) for each in chosen]
    return [
        anchors(ids[each], weights[each], running[starts])
        for each, running in zip(chosen, before, strict=True)
    ]


def shared(kind: Anchors, first: Indices, second: Indices) -> Shared:
    """What fingerprints ``first[p]`` and ``second[p]`` share, for every pair p."""
    owner, at = _members(kind, first)
    other, other_at = _members(kind, second)
    keys = _keys(kind, owner, at)
    sorted_keys = _keys(kind, other, other_at)
    place = np.searchsorted(sorted_keys, keys)
    place[place == len(sorted_keys)] = 0
    hit = sorted_keys[place] == keys if len(sorted_keys) else np.zeros(len(keys), bool)
    pair, at, match = owner[hit], at[hit], other_at[place[hit]] if len(sorted_keys) else at[hit]
    weight = np.minimum(kind.weights[at], kind.weights[match])
    leads, other_leads = kind.leads[at], kind.leads[match]

    def summed(values: Floats) -> Floats:
        return np.bincount(pair, values, len(first)).astype(np.float32)

    return Shared(
        summed(weight),
        summed(weight * leads),
        summed(weight * other_leads),
        summed(weight * leads * other_leads),
        _order(pair, kind.ranks[at], kind.ranks[match], len(first)),
    )


def _order(pair: Indices, ranks: Floats, other_ranks: Floats, pairs: int) -> Floats:
    """Correlation (Pearson's) of two titles' ranks over the anchors that both say."""
    said = (ranks > 0) & (other_ranks > 0)
    pair, mine, other = pair[said], ranks[said], other_ranks[said]
    count, sums, others, squares, other_squares, products = (
        np.bincount(pair, values, pairs)
        for values in (np.ones_like(mine), mine, other, mine**2, other**2, mine * other)
    )
    spread = (count * squares - sums**2) * (count * other_squares - others**2)
    covariance = count * products - sums * others
    order: Floats = (covariance / np.sqrt(np.maximum(spread, 1))).astype(np.float32)
    return order


def _members(kind: Anchors, rows: Indices) -> tuple[Indices, Indices]:
    """Pair number and position of every id of fingerprints ``rows``, pair after pair."""
    sizes = kind.starts[rows + 1] - kind.starts[rows]
    before = np.cumsum(sizes) - sizes
    positions = np.arange(sizes.sum()) + np.repeat(kind.starts[rows] - before, sizes)
    return np.repeat(np.arange(len(rows)), sizes), positions


def _keys(kind: Anchors, owner: Indices, at: Indices) -> NDArray[np.uint64]:
    keys: NDArray[np.uint64] = (owner.astype(np.uint64) << np.uint64(32)) | kind.ids[at]
    return keys


def _lengths(vectors: Floats) -> Floats:
    squared: Any = np.einsum("ij,ij->i", vectors, vectors)
    lengths: Floats = np.sqrt(squared)
    return lengths


def _unit(vectors: Floats) -> Floats:
    """Of int8 values, whose length is at least 1 unless they are zero."""
    lengths: Any = _lengths(vectors)
    unit: Floats = vectors / np.maximum(lengths, 1)[:, None]
    return unit


def _sums(values: Floats, starts: Indices) -> Floats:
    running = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    sums: Floats = (running[starts[1:]] - running[starts[:-1]]).astype(np.float32)
    return sums


@dataclass(frozen=True, slots=True)
class Columns:
    """A batch of fingerprints as arrays."""

    heads: Floats
    """Titles and leads side by side, shape (n, 2h); each half has length 1."""
    bodies: Floats
    """Shape (n, d), of length 1."""
    opinions: Floats
    """Shape (n, k), of length 1; k is 0 without a second encoder."""
    body_lengths: Floats
    """Of the bodies in the h dimensions that titles and leads have, shape (n,)."""
    words: NDArray[np.uint32]
    """The rarest of title and lead, shape (n, KEYWORDS)."""
    word_weights: Floats
    word_vectors: Floats
    """Shape (n, KEYWORDS, DIMENSIONS), of length 1; zero for a word that is not known."""
    shingle_rows: NDArray[np.uint8]
    template_rows: NDArray[np.uint8]
    names: Anchors
    quantities: Anchors
    dates: Anchors
    hours: NDArray[np.float64]
    """Of event time; not a number where it is not told."""
    tokens: Floats
    items: Floats
    tagged: NDArray[np.bool_]
    titled: NDArray[np.bool_]
    """Whether the title has words that the encoder knows."""
    bare: NDArray[np.bool_]
    """Whether nothing stands below the headline, which is then the lead as well."""
    langs: NDArray[np.str_]
    digests: NDArray[np.uint64]
    cues: NDArray[np.uint64]

    @classmethod
    def of(cls, prints: Sequence[Fingerprint], vocabulary: Vocabulary) -> Self:
        """Columns of at least one fingerprint; ``vocabulary`` is that of their keywords."""
        fixed = fixed_parts(prints)
        names, quantities, dates = _kinds(*anchor_parts(prints, fixed), fixed)
        heads = fixed["head_vector"].astype(np.float32)
        bodies = fixed["body_vector"].astype(np.float32)
        half = heads.shape[1] // 2
        bodies = _unit(bodies)
        return cls(
            heads=np.hstack([_unit(heads[:, :half]), _unit(heads[:, half:])]),
            bodies=bodies,
            opinions=_unit(fixed["opinion_vector"].astype(np.float32)),
            body_lengths=_lengths(bodies[:, :half]),
            words=fixed["keywords"],
            word_weights=fixed["keyword_weights"].astype(np.float32),
            word_vectors=vocabulary.vectors_of(fixed["keywords"]),
            shingle_rows=fixed["shingle_rows"],
            template_rows=fixed["template_rows"],
            names=names,
            quantities=quantities,
            dates=dates,
            hours=np.where(
                fixed["published_ms"] == UNDATED, np.nan, fixed["published_ms"] / _HOUR_MS
            ),
            tokens=fixed["tokens"].astype(np.float32),
            items=fixed["items"].astype(np.float32),
            tagged=fixed["flags"] & IS_REVISION > 0,
            titled=np.any(heads[:, :half] != 0, axis=1),
            bare=np.all(heads[:, :half] == heads[:, half:], axis=1),
            langs=fixed["lang"].astype(np.str_),
            digests=fixed["digest"],
            cues=fixed["cues"],
        )
