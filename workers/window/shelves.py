"""Vectors by article number, on a shelf for each language.

A small window is scanned whole (``scan.py``), of a large one the cells near a query
(``cells.py``). To search all shelves costs what one shelf for all would, and gives the nearest in
other languages beside those in the query's own, however many these are.
"""

import faiss
import numpy as np
from numpy.typing import NDArray

from workers.window.cells import Cells
from workers.window.scan import NOBODY, Scan
from workers.window.vectors import Floats, Numbers, Vectors

MOST_SCANNED = 16_384
"""Articles up to which a window is scanned whole."""
_LEAST_SHARE = 4
"""A shelf with fewer than a fourth of these is scanned whole: 4,096 in 0.05 ms."""
_MOST_GONE = 8
"""What is forgotten is taken out of the cells when it is one in so many articles."""

Languages = NDArray[np.bytes_]


class Shelves:
    """An article takes 1.1 kB as long as the window is small, then 0.3 kB."""

    def __init__(self, dimensions: int) -> None:
        # Threads of its own would fight the other workers of the machine for its cores.
        faiss.omp_set_num_threads(1)
        self._vectors = Vectors(dimensions)
        self._dimensions = dimensions
        self._shelves: dict[bytes, Scan | Cells] = {}
        """By language, as a fingerprint's header writes it."""
        self._floor, self._removed = 0, list[int]()
        """What is forgotten and may still be in cells: smaller numbers, and these."""
        self._gone = 0
        """How many that are."""

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, numbers: Numbers, vectors: Floats, languages: Languages) -> None:
        """File articles, shape (n,), under rising numbers, n > 0."""
        self._vectors.put(numbers, vectors)
        for language in np.unique(languages).tolist():
            shelf = self._shelves.setdefault(language, Scan(self._dimensions))
            chosen = languages == language
            shelf.add(numbers[chosen], vectors[chosen])
        if len(self) < MOST_SCANNED:
            return
        for language, shelf in self._shelves.items():
            if isinstance(shelf, Scan) and len(shelf) * _LEAST_SHARE >= MOST_SCANNED:
                self._shelves[language] = Cells(self._vectors, shelf.numbers)

    def remove_below(self, floor: int) -> None:
        """Forget the articles with smaller numbers."""
        before, self._floor = len(self), floor
        self._vectors.forget_below(floor)
        self._take_out(before)

    def remove(self, numbers: Numbers) -> None:
        """Forget these articles."""
        before = len(self)
        self._removed += numbers.tolist()
        self._vectors.forget(numbers)
        self._take_out(before)

    def _take_out(self, before: int) -> None:
        """What is forgotten: of a scan at once, of cells when there is much of it."""
        self._gone += before - len(self)
        is_much = self._gone * _MOST_GONE >= len(self)
        for shelf in self._shelves.values():
            if isinstance(shelf, Scan):
                shelf.keep(self._vectors.holds(shelf.numbers))
            elif is_much:
                shelf.take_out(self._floor, self._removed)
        if is_much:
            self._vectors.trim()
            self._floor, self._removed, self._gone = 0, [], 0

    def nearest(self, queries: Floats, languages: Languages, count: int) -> tuple[Floats, Numbers]:
        """Inner products and numbers, shape (queries, some), in no order: for each query up to
        ``count`` in its language and half as many in others. ``NOBODY`` stands where fewer are
        there.
        """
        found = [
            (language, *self._searched(shelf, queries, count, languages != language))
            for language, shelf in self._shelves.items()
            if len(shelf)
        ]
        products, numbers = (np.hstack([each[part] for each in found]) for part in (1, 2))
        if len(found) > 1:
            shelves = np.repeat([each for each, *_ in found], [each[1].shape[1] for each in found])
            abroad = shelves != languages[:, None]
            numbers[_is_too_far(products, abroad, max(1, count // 2))] = NOBODY
        return products, numbers

    @staticmethod
    def _searched(
        shelf: Scan | Cells, queries: Floats, count: int, is_abroad: NDArray[np.bool_]
    ) -> tuple[Floats, Numbers]:
        if isinstance(shelf, Scan):
            return shelf.nearest(queries, count)
        return shelf.nearest(queries, count, is_abroad)


def _is_too_far(products: Floats, abroad: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Those of some neighbours abroad, shape (queries, neighbours), that ``count`` others are
    nearer than.
    """
    theirs = np.where(abroad, products, -np.inf)
    count = min(count, products.shape[1])
    bound = np.partition(theirs, -count, axis=1)[:, [-count]]
    too_far: NDArray[np.bool_] = abroad & (products < bound)
    return too_far
