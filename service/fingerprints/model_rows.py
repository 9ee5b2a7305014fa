"""Rows of the bundled encoder's table, by word; those of unknown words are made of parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
import xxhash
from numpy.typing import NDArray

from service.fingerprints.stems import Stems, holds_digit, stem
from service.text.chunks import WORDS
from service.text.cousins import NEAR
from service.text.names import skeleton
from service.text.table import Column, Numbers

SMALLEST_NORM = 1e-9
"""Below it a vector has no direction, and the text no embedding: it stays zero."""
_WORDS_AT_ONCE = 512
"""New words whose rows are made together: each takes 20 kB meanwhile."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """Sizes of the model's three blocks of rows, in this order."""

    stems: int
    skeletons: int
    grams: int

    @property
    def total(self) -> int:
        """Rows of the whole table."""
        return self.stems + self.skeletons + self.grams


def subword_rows(token: str, buckets: Buckets) -> list[int]:
    """Rows of a word that is not in the vocabulary: its skeleton's and its stem's n-grams'.

    >>> len(subword_rows("бездетко", Buckets(10, 100, 100)))  # skeleton, 7 + 6 n-grams
    14
    """
    rows = []
    bones = skeleton(token)
    if len(bones) > 1:
        rows.append(buckets.stems + xxhash.xxh32_intdigest(bones.encode(), 1) % buckets.skeletons)
    fenced = f"<{stem(token)}>"
    first = buckets.stems + buckets.skeletons
    for size in (3, 4):
        for start in range(len(fenced) - size + 1):
            gram = fenced[start : start + size].encode()
            rows.append(first + xxhash.xxh32_intdigest(gram, 2) % buckets.grams)
    return rows


class ModelRows:
    """Rows of the model by word, where unknown words get rows of their own.

    Added rows are bounded: when they are used up all start over, and since a row is a
    function of its word alone, no result changes.
    """

    max_unknown = 1 << 15

    def __init__(
        self,
        keys: NDArray[np.uint32],
        buckets: Buckets,
        vectors: NDArray[np.int8],
        scales: NDArray[np.float32],
    ) -> None:
        self._stems = Stems(keys)
        self._buckets = buckets
        spare = self.max_unknown + 1
        self.vectors = np.concatenate([vectors, np.zeros((spare, vectors.shape[1]), np.int8)])
        self.scales = np.concatenate([scales, np.zeros(spare, np.float32)])
        self._null = buckets.total
        self._next = self._null + 1
        self._new: list[list[int]] = []
        """Subword rows of the words whose own rows, from ``_next`` on, are not written yet."""
        self._as_written = Column(WORDS, self._row, np.intp)
        self._near = {
            lang: Column(WORDS, partial(self._near_row, lang), np.intp) for lang in sorted(NEAR)
        }

    def of(self, words: Numbers, langs: Sequence[str], owner: Numbers) -> Numbers:
        """Rows of at most ``max_unknown`` words of some texts, good until others are asked for.

        Args:
            words: of all the texts.
            langs: of each text.
            owner: of each word, the place of its text.
        """
        if len(self.scales) - self._next < len(words):
            for column in (self._as_written, *self._near.values()):
                column.forget()
            self._next = self._null + 1
        if near := self._near.keys() & set(langs):
            read_as = np.array([lang if lang in near else "" for lang in langs])[owner]
            rows = np.zeros(len(words), np.intp)
            for lang in ("", *near):
                its = read_as == lang
                rows[its] = self._near.get(lang, self._as_written)[words[its]]
        else:
            rows = self._as_written[words]
        if self._new:
            self._fill()
        return rows

    def _row(self, word: str) -> int:
        if not word or holds_digit(word):
            return self._null
        known = self._stems.row(word)
        return self._added(word) if known is None else known

    def _near_row(self, lang: str, word: str) -> int:
        return self._row(self._stems.as_russian(lang, word))

    def _added(self, word: str) -> int:
        parts = subword_rows(word, self._buckets)
        if not parts:
            return self._null
        self._new.append(parts)
        return self._next + len(self._new) - 1

    def _fill(self) -> None:
        """Writes the rows of the words that are new."""
        for start in range(0, len(self._new), _WORDS_AT_ONCE):
            self._write(self._new[start : start + _WORDS_AT_ONCE])
        self._new = []

    def _write(self, words: Sequence[Sequence[int]]) -> None:
        sizes = [len(parts) for parts in words]
        flat = np.fromiter(chain.from_iterable(words), np.intp)
        weights = self.scales.take(flat) / np.repeat(sizes, sizes).astype(np.float32)
        vectors = self.vectors.take(flat, axis=0).astype(np.float32)
        ends = np.cumsum(sizes).tolist()
        means = np.stack(
            [
                weights[end - size : end] @ vectors[end - size : end]
                for end, size in zip(ends, sizes, strict=True)
            ]
        )
        greatest = np.abs(means).max(axis=1).astype(np.float64)
        scales = np.maximum(greatest / 127, SMALLEST_NORM).astype(np.float32)
        added = slice(self._next, self._next + len(sizes))
        self.vectors[added] = np.rint(means / scales[:, None])
        self.scales[added] = scales
        self._next = added.stop
