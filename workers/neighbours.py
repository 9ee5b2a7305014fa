"""Nearest neighbours of embeddings in the worker's memory (HNSW by usearch).

The index holds what the fingerprint log holds; it is rebuilt from the log at start.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index, Matches

from service.fingerprints.fingerprint import Fingerprint

BODY_DIMENSIONS = 96
TITLE_DIMENSIONS = LEAD_DIMENSIONS = 64
"""The leading ones, since the encoder orders its dimensions by variance."""
HEAD_WEIGHT = 0.7
"""Of title and lead each, where the body weighs 1.

One vector of 224 dimensions for all three: on dev, with the hard suites among the feed, the
twin of all but 1 of 1,088 articles is among the 4 nearest, and of flashes and partial
translations always. Two graphs (body 128, head 256) are no better and take half of a
worker's time at a window of 100,000; the body alone misses 8 of 127 flashes.
"""


class NearestNeighbours(Protocol):
    """Finds the articles whose retrieval vectors are nearest."""

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        """File articles under their numbers."""

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles; unknown numbers are ignored."""

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        """For each query up to ``count`` numbers with their cosines."""


class UsearchNeighbours:
    """An HNSW graph over int8 vectors; about 0.5 kB an article."""

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads
        self._graph = Index(
            ndim=BODY_DIMENSIONS + TITLE_DIMENSIONS + LEAD_DIMENSIONS,
            metric="cos",
            dtype="i8",
            connectivity=12,
            expansion_add=64,
            expansion_search=64,
        )

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        """File articles under their numbers."""
        if numbers:
            keys = np.asarray(numbers, dtype=np.uint64)
            self._graph.add(keys, retrieval_vectors(fingerprints), threads=self._threads)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles; unknown numbers are ignored."""
        if numbers:
            self._graph.remove(np.asarray(numbers, dtype=np.uint64), threads=self._threads)

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        """For each query up to ``count`` numbers with their cosines."""
        if not fingerprints or not len(self._graph):
            return [{} for _ in fingerprints]
        queries = retrieval_vectors(fingerprints)
        matches = self._graph.search(queries, count, threads=self._threads)
        # For a single query usearch answers with a flat result.
        rows = [matches] if isinstance(matches, Matches) else matches
        return [
            dict(zip(row.keys.tolist(), (1.0 - row.distances).tolist(), strict=True))
            for row in rows
        ]


def retrieval_vectors(fingerprints: Sequence[Fingerprint]) -> NDArray[np.int8]:
    """Body, title and lead of each article in one int8 vector; shape (n, 224), n > 0."""
    bodies = np.stack([one.body_vector[:BODY_DIMENSIONS] for one in fingerprints])
    heads = np.stack([one.head_vector for one in fingerprints])
    half = heads.shape[1] // 2
    parts = (
        _unit(bodies),
        HEAD_WEIGHT * _unit(heads[:, :TITLE_DIMENSIONS]),
        HEAD_WEIGHT * _unit(heads[:, half : half + LEAD_DIMENSIONS]),
    )
    scaled: NDArray[np.int8] = np.rint(127 * np.hstack(parts)).astype(np.int8)
    return scaled


def _unit(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    floats = vectors.astype(np.float32)
    norms = np.sqrt(np.einsum("ij,ij->i", floats, floats))
    unit: NDArray[np.float32] = floats / np.maximum(norms, 1.0)[:, None]
    return unit
