"""Nearest neighbours of embeddings in the worker's memory.

The index holds what the fingerprint log holds; it is rebuilt from the log at start.

Every worker files every article, so filing must cost next to nothing: it takes some 10 µs here, and
310 µs in an HNSW graph of 100,000 (workers/window/DECISIONS.md). Where things lie in the index
hangs on the window itself, so any encoder and any feed will do; and so does which of the farther
neighbours a search in a large window misses.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.batches import fixed_parts
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.layout import LANG
from workers.window.shelves import Shelves

BODY_DIMENSIONS = 96
TITLE_DIMENSIONS = LEAD_DIMENSIONS = 64
"""The leading ones, since the encoder orders its dimensions by variance."""
HEAD_WEIGHT = 0.7
"""Of title and lead each, where the body weighs 1.

One vector of 224 dimensions for all three: on dev, with the hard suites among the feed, the
twin of all but 1 of 1,088 articles is among the 4 nearest, and of flashes and partial
translations always. Two indexes (body 128, head 256) are no better and cost twice as much;
the body alone misses 8 of 127 flashes.
"""
OPINION_DIMENSIONS = 128
"""The leading ones too; none where fingerprints carry no second opinion."""
OPINION_WEIGHT = 2.0
"""Of own reports of one event (``dev/own-reports``, all 2,592 articles of three days), the other is
among the 12 nearest: RU-EN 96 %, 82 without it; EN-EN 99 and 97; RU-RU 100 and 97. A weight of 1.4
or 3 finds the same within 1 %, and hardly more is found with all 192 of its dimensions.
"""
DIMENSIONS = BODY_DIMENSIONS + TITLE_DIMENSIONS + LEAD_DIMENSIONS

_SQUARED_LENGTH = 1 + 2 * HEAD_WEIGHT**2
_SCALE = 250.0
"""From components to int8; they rarely pass 127 / 250, and finer steps order near ties."""


class NearestNeighbours(Protocol):
    """Finds the articles whose retrieval vectors are nearest."""

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        """File articles under their numbers."""

    def remove_below(self, floor: int) -> None:
        """Forget the articles with smaller numbers."""

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget these articles."""

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        """For each query up to ``count`` numbers in its language and half as many in others, with
        their cosines.
        """


class FaissNeighbours:
    """Shelves by language, of retrieval vectors."""

    def __init__(self, *, with_opinions: bool = False) -> None:
        """``with_opinions``: fingerprints carry a second opinion, and are near by it too."""
        squared_length = _SQUARED_LENGTH + (OPINION_WEIGHT**2 if with_opinions else 0)
        self._squared_length = _SCALE**2 * squared_length
        self._shelves = Shelves(DIMENSIONS + (OPINION_DIMENSIONS if with_opinions else 0))

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        """File articles under their numbers, which rise."""
        if numbers:
            ids = np.asarray(numbers, dtype=np.int64)
            self._shelves.add(ids, retrieval_vectors(fingerprints), _languages(fingerprints))

    def remove_below(self, floor: int) -> None:
        """Forget the articles with smaller numbers."""
        self._shelves.remove_below(floor)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget these articles."""
        if numbers:
            self._shelves.remove(np.asarray(numbers, dtype=np.int64))

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        """For each query up to ``count`` numbers in its language and half as many in others, with
        their cosines.
        """
        if not fingerprints or not len(self._shelves):
            return [{} for _ in fingerprints]
        products, numbers = self._shelves.nearest(
            retrieval_vectors(fingerprints), _languages(fingerprints), count
        )
        cosines = products / self._squared_length
        return [
            {number: cosine for number, cosine in zip(*row, strict=True) if number >= 0}
            for row in zip(numbers.tolist(), cosines.tolist(), strict=True)
        ]


def _languages(fingerprints: Sequence[Fingerprint]) -> NDArray[np.bytes_]:
    languages: NDArray[np.bytes_] = np.array([each.payload[LANG] for each in fingerprints])
    return languages


def retrieval_vectors(fingerprints: Sequence[Fingerprint]) -> NDArray[np.float32]:
    """Body, title and lead of each article in one vector, and behind them its second opinion if it
    has one; shape (n, 224) or (n, 352), n > 0.

    Components are scaled to integers from -127 to 127.
    """
    fixed = fixed_parts(fingerprints)
    heads = fixed["head_vector"]
    half = heads.shape[1] // 2
    parts = [
        _unit(fixed["body_vector"][:, :BODY_DIMENSIONS]),
        HEAD_WEIGHT * _unit(heads[:, :TITLE_DIMENSIONS]),
        HEAD_WEIGHT * _unit(heads[:, half : half + LEAD_DIMENSIONS]),
    ]
    if (opinions := fixed["opinion_vector"]).shape[1]:
        parts.append(OPINION_WEIGHT * _unit(opinions[:, :OPINION_DIMENSIONS]))
    scaled: NDArray[np.float32] = np.rint(_SCALE * np.hstack(parts))
    return np.clip(scaled, -127, 127, out=scaled)


def _unit(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    floats = vectors.astype(np.float32)
    norms = np.sqrt(np.einsum("ij,ij->i", floats, floats))
    unit: NDArray[np.float32] = floats / np.maximum(norms, 1.0)[:, None]
    return unit
