"""Nearest neighbours of embeddings in the worker's memory.

The index holds what the fingerprint log holds; it is rebuilt from the log at start.

A small window is scanned whole (``scan.py``), a large one is an inverted file (IVF by faiss),
which cuts the space into cells and scans the few that are nearest to a query. Every worker files
every article, so filing must cost next to nothing: it takes 4 µs here, and 310 µs in an HNSW graph
of 100,000 (workers/placing/DECISIONS.md). Cells are learned from the window itself, anew each time
it has outgrown them, so any encoder and any feed will do. They hang on what the worker held at
that moment, and so does which of the farther neighbours a search misses.

Each language has a shelf of its own. To search all of them costs what one shelf for all would, and
gives the nearest in other languages beside those in the query's own, however many these are.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from service.fingerprints.fingerprint import Fingerprint, fixed_parts
from service.fingerprints.layout import LANG
from workers.placing.scan import NOBODY, Scan

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


class _Cells(NamedTuple):
    """How finely a window is cut."""

    articles: int
    """From this many on."""
    cells: int


MOST_SCANNED = 16_384
"""Articles up to which a window is scanned whole."""
_GROWTH = (_Cells(MOST_SCANNED, 256), _Cells(131_072, 1024))
"""Learning 256 cells takes 0.4 s, and 1024 two seconds, once."""
_LEAST_SHARE = 4
"""A shelf with fewer than a fourth of these is scanned whole: 4,096 in 0.05 ms."""
_PROBED = 16
"""Cells scanned a query: of 100,000 articles a sixteenth, in 0.16 ms."""
_SAMPLE = 20_000
"""Articles from which cells are learned."""
_CHUNK = 10_000


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
    """Shelves by language; an article takes 0.9 kB, 0.25 kB in an inverted file, and half as much
    again with a second opinion.
    """

    def __init__(self, *, with_opinions: bool = False) -> None:
        """``with_opinions``: fingerprints carry a second opinion, and are near by it too."""
        # Threads of its own would fight the other workers of the machine for its cores.
        faiss.omp_set_num_threads(1)
        self._squared_length = _SQUARED_LENGTH + (OPINION_WEIGHT**2 if with_opinions else 0)
        self._dimensions = DIMENSIONS + (OPINION_DIMENSIONS if with_opinions else 0)
        self._shelves: dict[bytes, _Shelf] = {}
        """By language, as a fingerprint's header writes it."""

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        """File articles under their numbers."""
        if not numbers:
            return
        vectors, ids = retrieval_vectors(fingerprints), np.asarray(numbers, dtype=np.int64)
        languages = _languages(fingerprints)
        for language in np.unique(languages).tolist():
            if language not in self._shelves:
                self._shelves[language] = _Shelf(self._dimensions)
            chosen = languages == language
            self._shelves[language].add(ids[chosen], vectors[chosen])
        count = len(self)
        for shelf in self._shelves.values():
            shelf.grow(count)

    def __len__(self) -> int:
        return sum(map(len, self._shelves.values()))

    def remove_below(self, floor: int) -> None:
        """Forget the articles with smaller numbers."""
        for shelf in self._shelves.values():
            shelf.remove_below(floor)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget these articles; takes as long for one as for a thousand."""
        if not numbers:
            return
        for shelf in self._shelves.values():
            shelf.remove(np.asarray(numbers, dtype=np.int64))

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        """For each query up to ``count`` numbers in its language and half as many in others, with
        their cosines.
        """
        if not fingerprints or not len(self):
            return [{} for _ in fingerprints]
        queries, languages = retrieval_vectors(fingerprints), _languages(fingerprints)
        found = [
            (each, *shelf.nearest(queries, count))
            for each, shelf in self._shelves.items()
            if len(shelf)
        ]
        products, numbers = (np.hstack([each[part] for each in found]) for part in (1, 2))
        if len(found) > 1:
            shelves = np.repeat([each for each, *_ in found], [each[1].shape[1] for each in found])
            abroad = shelves != languages[:, None]
            numbers[_is_too_far(products, abroad, max(1, count // 2))] = NOBODY
        cosines = products / (_SCALE**2 * self._squared_length)
        return [
            {number: cosine for number, cosine in zip(*row, strict=True) if number >= 0}
            for row in zip(numbers.tolist(), cosines.tolist(), strict=True)
        ]


class _Shelf:
    """The articles of one language: a matrix, which becomes an inverted file of int8 vectors when
    it has outgrown it.
    """

    def __init__(self, dimensions: int) -> None:
        self._scan = Scan(dimensions)
        self._index: Any = None
        """In place of the scan, once there is one."""
        self._step = 0

    def __len__(self) -> int:
        return len(self._scan) if self._index is None else int(self._index.ntotal)

    def add(self, numbers: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        if self._index is None:
            self._scan.add(numbers, vectors)
        else:
            self._index.add_with_ids(vectors, numbers)

    def remove_below(self, floor: int) -> None:
        if self._index is None:
            self._scan.keep(self._scan.numbers >= floor)
        else:
            self._index.remove_ids(faiss.IDSelectorRange(0, floor))

    def remove(self, numbers: NDArray[np.int64]) -> None:
        if self._index is None:
            self._scan.keep(~np.isin(self._scan.numbers, numbers))
        else:
            self._index.remove_ids(numbers)

    def nearest(
        self, queries: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """As ``Scan.nearest``."""
        search = self._scan.nearest if self._index is None else self._index.search
        products, numbers = search(queries, count)
        return products, numbers

    def grow(self, articles: int) -> None:
        """Cut into cells, or finer ones, if there are so many articles on all shelves, and this one
        has its share of them.
        """
        if self._step == len(_GROWTH) or articles < _GROWTH[self._step].articles:
            return
        if len(self) * _LEAST_SHARE < _GROWTH[self._step].articles:
            return
        if self._index is None:
            vectors, numbers = self._scan.vectors, self._scan.numbers
        else:
            vectors, numbers = _held(self._index)
        self._index = _cut(vectors, numbers, _GROWTH[self._step].cells)
        self._scan = Scan(vectors.shape[1])
        self._step += 1


def _is_too_far(
    products: NDArray[np.float32], abroad: NDArray[np.bool_], count: int
) -> NDArray[np.bool_]:
    """Those of some neighbours abroad, shape (queries, neighbours), that ``count`` others are
    nearer than.
    """
    theirs = np.where(abroad, products, -np.inf)
    count = min(count, products.shape[1])
    bound = np.partition(theirs, -count, axis=1)[:, [-count]]
    too_far: NDArray[np.bool_] = abroad & (products < bound)
    return too_far


def _languages(fingerprints: Sequence[Fingerprint]) -> NDArray[np.bytes_]:
    languages: NDArray[np.bytes_] = np.array([each.payload[LANG] for each in fingerprints])
    return languages


def _cut(vectors: NDArray[np.float32], numbers: NDArray[np.int64], cells: int) -> Any:
    """An inverted file of these articles, its cells learned from a sample of them."""
    dimensions = vectors.shape[1]
    # faiss has no types of its own.
    index: Any = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimensions),
        dimensions,
        cells,
        faiss.ScalarQuantizer.QT_8bit_direct_signed,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.min_points_per_centroid = 1  # else it warns on stderr
    index.nprobe = _PROBED
    index.train(vectors[:: max(1, len(vectors) // _SAMPLE)])
    for start in range(0, len(numbers), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        index.add_with_ids(vectors[chunk], numbers[chunk])
    return index


def _held(index: Any) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Vectors and numbers of an inverted file, in number order."""
    codes, numbers = [], []
    for cell in range(index.nlist):
        size = index.invlists.list_size(cell)
        if size:
            code = faiss.rev_swig_ptr(index.invlists.get_codes(cell), size * index.d)
            codes.append(code.reshape(size, index.d).copy())
            numbers.append(faiss.rev_swig_ptr(index.invlists.get_ids(cell), size).copy())
    ids = np.concatenate(numbers)
    order = np.argsort(ids)
    # Signed codes are kept with 128 added.
    return np.concatenate(codes)[order].astype(np.float32) - np.float32(128), ids[order]


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
