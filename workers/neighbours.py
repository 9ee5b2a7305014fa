"""Nearest neighbours of embeddings in the worker's memory (HNSW by usearch).

The index holds what the fingerprint log holds; it is rebuilt from the log at start.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index, Matches

from service.fingerprints.fingerprint import Fingerprint

BODY_DIMENSIONS = 128
"""The leading ones of a body's vector, whose dimensions are ordered by variance. On dev/feed
every earlier version is among the 8 nearest of 11,395 in 128 dimensions as in 256, at half
the cost; verification compares whole vectors."""
HEAD_DIMENSIONS = 256


class NearestNeighbours(Protocol):
    """Finds the articles whose vectors are nearest."""

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        """File the vectors of articles under their numbers."""

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles; unknown numbers are ignored."""

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        """For each query up to ``count`` numbers a vector kind, with the better cosine."""


class UsearchNeighbours:
    """Two HNSW graphs over int8 vectors: of whole bodies, and of title and lead.

    A flash is little more than a headline: it lies near the *head* of the full report and
    far from its body. Searching both graphs with their own vectors finds either.

    Memory: about 0.7 kB an article.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads
        self._bodies = self._graph(BODY_DIMENSIONS)
        self._heads = self._graph(HEAD_DIMENSIONS)

    @staticmethod
    def _graph(dimensions: int) -> Index:
        return Index(
            ndim=dimensions,
            metric="cos",
            dtype="i8",
            connectivity=12,
            expansion_add=64,
            expansion_search=48,
        )

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        """File the vectors of articles under their numbers."""
        if not numbers:
            return
        keys = np.asarray(numbers, dtype=np.uint64)
        self._bodies.add(keys, _stack(fingerprints, body=True), threads=self._threads)
        self._heads.add(keys, _stack(fingerprints, body=False), threads=self._threads)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles; unknown numbers are ignored."""
        if not numbers:
            return
        keys = np.asarray(numbers, dtype=np.uint64)
        self._bodies.remove(keys, threads=self._threads)
        self._heads.remove(keys, threads=self._threads)

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        """For each query up to ``count`` numbers a vector kind, with the better cosine."""
        found: list[dict[int, float]] = [{} for _ in fingerprints]
        if not fingerprints or not len(self._bodies):
            return found
        for graph, body in ((self._bodies, True), (self._heads, False)):
            queries = _stack(fingerprints, body=body)
            matches = graph.search(queries, count, threads=self._threads)
            # For a single query usearch answers with a flat result.
            rows = [matches] if isinstance(matches, Matches) else matches
            for near, row in zip(found, rows, strict=True):
                cosines = 1.0 - row.distances
                for number, cosine in zip(row.keys.tolist(), cosines.tolist(), strict=True):
                    if cosine > near.get(number, -1.0):
                        near[number] = cosine
        return found


def _stack(fingerprints: Sequence[Fingerprint], *, body: bool) -> NDArray[np.int8]:
    if body:
        return np.stack([one.body_vector[:BODY_DIMENSIONS] for one in fingerprints])
    return np.stack([one.head_vector[:HEAD_DIMENSIONS] for one in fingerprints])
