"""An inverted file that grows with what is in it: cells of near vectors, of which a search scans
the nearest few.

A cell that has got too many articles is halved (2-means), one that has lost most of its articles is
given up and they go where they are nearest now. So there are as many cells as the window needs,
they follow what the news is about, and nothing is ever learned anew: an article moves 2.3 times
while a window fills, and none waits for more than some halvings.

A search looks at less and less, ever more closely: at the means of cells, at the codes of what is
in the nearest (``codes.py``), at the vectors of the nearest of these. What is forgotten stays in
its cell until so much has gone that it pays to look for it in all.
"""

import math
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from workers.window.codes import CODED, MAIN, Codes
from workers.window.scan import NOBODY
from workers.window.vectors import Floats, Numbers, Vectors

LARGEST = 512
"""Articles of a cell, beyond which it is halved; between two looks it may get some more."""
_SMALLEST = LARGEST // 8
_MOST_CELLS = 1 << 14
"""Room for some five million articles; beyond that cells get larger."""
_PROBED_AT_HOME, _PROBED_ABROAD = 2, 3
"""Cells scanned a query, times the root of their number: 97 of 2,335, 146 for a query in another
language than theirs, whose twin lies farther from the mean of its cell."""
_SHORTLIST = 4
"""Vectors looked at for each article that is asked for."""
_LOOK = 1024
"""Articles filed between two looks at the cells' sizes, which take 1 ms at a million articles."""
_SAMPLE = 8192
_AT_ONCE = 1536
"""Vectors that are compared in one product, of 16 queries as a rule: 1.4 MB, which a cache may
hold. Where thousands of articles are equally near, all of them are on the shortlist."""
_CHUNK = 1 << 16
_BULK = 4
"""If a fourth of what is there comes at once, its cells are written anew: that is faster."""
_ROUNDS = 3
"""Of 2-means, and before of turning to the main axis."""
_FAR = 1e9
"""Where the mean of a cell is that is not in use."""


class Cells:
    """Articles by number; their vectors are in ``vectors`` before they are filed here."""

    def __init__(self, vectors: Vectors, numbers: Numbers) -> None:
        """With these articles, some thousand."""
        self._vectors = vectors
        sample = vectors[numbers[:: -(-len(numbers) // _SAMPLE)]]
        self._codes = Codes(sample.astype(np.float32))
        self._to_main = _linear(self._codes.to_main)
        self._means: Any = faiss.IndexFlatL2(MAIN)
        self._coarse: Any = faiss.IndexPreTransform(self._to_main, self._means)
        form = (CODED // 2, 4, faiss.METRIC_INNER_PRODUCT)
        self._index = _coded(
            faiss.IndexIVFPQFastScan(self._coarse, CODED, _MOST_CELLS, *form), self._codes
        )
        self._index.by_residual = False
        self._lists: Any = faiss.downcast_InvertedLists(self._index.invlists)
        self._packer = _coded(faiss.IndexPQ(CODED, *form), self._codes)
        self._unused: list[int] = []
        self._since_look = 0
        self._count = len(numbers)
        self._fill(self._new_cell(), numbers)

    def __len__(self) -> int:
        """Articles here, with those that are forgotten and were not taken out yet."""
        return self._count

    def add(self, numbers: Numbers, vectors: Floats) -> None:
        """File articles."""
        for start in range(0, len(numbers), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            self._add(numbers[chunk], self._codes.turned(vectors[chunk]))
            self._count += len(numbers[chunk])

    def _add(self, numbers: Numbers, turned: Floats) -> None:
        if len(numbers) * _BULK >= len(self):
            self._add_many(numbers, turned)
            return
        self._index.add_with_ids(turned, numbers)
        self._since_look += len(numbers)
        if self._since_look >= _LOOK:
            self._since_look = 0
            for cell, size in enumerate(self._sizes()):
                if size > LARGEST:
                    self._fill(cell, self._held(cell))

    def _add_many(self, numbers: Numbers, turned: Floats) -> None:
        cells = self._coarse.search(turned, 1)[1].ravel()
        order = np.argsort(cells, kind="stable")
        starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
        for group in np.split(order, starts[1:]):
            cell = int(cells[group[0]])
            self._fill(cell, np.concatenate([self._held(cell), numbers[group]]))

    def nearest(
        self, queries: Floats, count: int, is_abroad: NDArray[np.bool_]
    ) -> tuple[Floats, Numbers]:
        """As ``Scan.nearest``, of the cells nearest to each query; more of them for those that are
        in another language than the articles here.
        """
        return self._nearest(queries, count, is_abroad, _SHORTLIST * count)

    def _nearest(
        self, queries: Floats, count: int, is_abroad: NDArray[np.bool_], most: int
    ) -> tuple[Floats, Numbers]:
        """From shortlists of so many."""
        numbers = self._shortlist(self._codes.turned(queries), is_abroad, most)
        is_held = self._vectors.holds(numbers)
        products = np.where(is_held, self._products(queries, numbers), -np.inf)
        best = np.argpartition(products, -count, axis=1)[:, -count:]
        products = np.take_along_axis(products, best, axis=1)
        found = np.take_along_axis(numbers, best, axis=1)
        found[products == -np.inf] = NOBODY
        # What is forgotten may have taken the places of others.
        crowded = np.count_nonzero((numbers >= 0) & ~is_held, axis=1) > most // 2
        if crowded.any():
            products[crowded], found[crowded] = self._nearest(
                queries[crowded], count, is_abroad[crowded], 4 * most
            )
        return products, found

    def _shortlist(self, turned: Floats, is_abroad: NDArray[np.bool_], most: int) -> Numbers:
        root = math.sqrt(self._means.ntotal)
        at_home, abroad = (math.ceil(factor * root) for factor in (_PROBED_AT_HOME, _PROBED_ABROAD))
        self._index.nprobe = abroad if is_abroad.any() else at_home
        distances, cells = self._coarse.search(turned, self._index.nprobe)
        cells[~is_abroad, at_home:] = NOBODY
        numbers: Numbers = self._index.search_preassigned(turned, most, cells, distances)[1]
        return numbers

    def _products(self, queries: Floats, numbers: Numbers) -> Floats:
        products = np.empty(numbers.shape, np.float32)
        step = max(1, _AT_ONCE // numbers.shape[1])
        for start in range(0, len(queries), step):
            block = slice(start, start + step)
            rows = self._vectors[numbers[block]].astype(np.float32)
            products[block] = (rows @ queries[block, :, None])[:, :, 0]
        return products

    def take_out(self, floor: int, numbers: list[int]) -> None:
        """Articles with smaller numbers than the floor, and these; and give up the cells with few
        articles left.
        """
        below = faiss.IDSelectorRange(0, floor)
        these = faiss.IDSelectorBatch(np.array(numbers, np.int64))
        self._index.remove_ids(faiss.IDSelectorOr(below, these))
        sizes, unused = self._sizes(), {*self._unused}
        self._count = sum(sizes)
        few = [cell for cell, size in enumerate(sizes) if size < _SMALLEST and cell not in unused]
        left = np.concatenate([self._held(cell) for cell in few] or [np.empty(0, np.int64)])
        for cell in few:
            self._give_up(cell)
        if len(left):
            self._index.add_with_ids(self._codes.turned(self._vectors[left]), left)

    def _sizes(self) -> list[int]:
        return [self._lists.list_size(cell) for cell in range(self._means.ntotal)]

    def _held(self, cell: int) -> Numbers:
        """Articles in a cell that are not forgotten."""
        size = self._lists.list_size(cell)
        if not size:
            return np.empty(0, np.int64)
        numbers: Numbers = faiss.rev_swig_ptr(self._lists.get_ids(cell), size).copy()
        return numbers[self._vectors.holds(numbers)]

    def _new_cell(self) -> int:
        if self._unused:
            return self._unused.pop()
        self._means.add(np.full((1, MAIN), _FAR, np.float32))
        return int(self._means.ntotal) - 1

    def _fill(self, cell: int, numbers: Numbers) -> None:
        """Put articles in a cell in place of what it had, and in new ones where they are many."""
        if not len(numbers):
            self._give_up(cell)
            return
        turned = self._codes.turned(self._vectors[numbers])
        main = self._to_main.apply(turned)
        left = [(cell, np.arange(len(numbers)))]
        while left:
            cell, rows = left.pop()
            if len(rows) <= LARGEST or not (self._unused or self._means.ntotal < _MOST_CELLS):
                self._write(cell, numbers[rows], turned[rows])
            else:
                is_first = _halves(main[rows])
                left += [(cell, rows[is_first]), (self._new_cell(), rows[~is_first])]

    def _write(self, cell: int, numbers: Numbers, turned: Floats) -> None:
        """Have these articles in a cell, at least one, and no others."""
        self._mean_of(cell)[:] = self._codes.to_main @ turned.mean(axis=0)
        self._packer.reset()
        self._packer.add_sa_codes(self._codes.codes(turned))
        packed = faiss.IndexPQFastScan(self._packer)  # 32 articles side by side
        ids = np.ascontiguousarray(numbers)
        self._lists.resize(cell, 0)
        self._lists.add_entries(cell, len(ids), faiss.swig_ptr(ids), packed.codes.data())

    def _give_up(self, cell: int) -> None:
        """Empty a cell, and have nothing come into it. The first stays: one there must be."""
        self._lists.resize(cell, 0)
        if cell:
            self._mean_of(cell)[:] = _FAR
            self._unused.append(cell)

    def _mean_of(self, cell: int) -> Floats:
        """A view of it."""
        means = faiss.rev_swig_ptr(self._means.get_xb(), self._means.ntotal * MAIN)
        mean: Floats = means[cell * MAIN : (cell + 1) * MAIN]
        return mean


def _linear(matrix: Floats) -> Any:
    """A transform that multiplies by a matrix."""
    transform: Any = faiss.LinearTransform(matrix.shape[1], matrix.shape[0])
    faiss.copy_array_to_vector(matrix.ravel(), transform.A)
    transform.is_trained = True
    return transform


def _coded(index: Any, codes: Codes) -> Any:
    """The index, with these codes in place of such as it would learn."""
    faiss.copy_array_to_vector(codes.values().ravel(), index.pq.centroids)
    index.is_trained = True
    return index


def _halves(places: Floats) -> NDArray[np.bool_]:
    """Which of some places belong to the first of two groups, by 2-means; neither is empty."""
    centred = places - places.mean(axis=0)
    axis = centred[np.argmax(np.einsum("ij,ij->i", centred, centred))]
    for _ in range(_ROUNDS):
        axis = centred.T @ (centred @ axis)
        axis /= max(float(np.linalg.norm(axis)), 1e-9)
    is_first: NDArray[np.bool_] = centred @ axis > 0
    for _ in range(_ROUNDS):
        if is_first.all() or not is_first.any():
            break
        first, second = centred[is_first].mean(axis=0), centred[~is_first].mean(axis=0)
        is_first = centred @ (first - second) > (first @ first - second @ second) / 2
    if is_first.all() or not is_first.any():  # all are alike
        is_first = np.arange(len(places)) % 2 == 0
    return is_first
