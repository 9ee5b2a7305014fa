"""The rarest words of title and lead, aligned: what two reports say, each in its own words.

Two outlets that report one event share its topic with a hundred others, and few phrases with
each other. What tells them is whether *each* telling word of the one has a counterpart in the
other: the same word, or one that means nearly that in either language. A sum of all words'
vectors hides it; so a fingerprint keeps the ``KEYWORDS`` rarest words, and verification lines
them up (late interaction: Khattab & Zaharia 2020, here over static vectors).

A word is the row of its stem in the bundled vocabulary plus one, whatever encoder is chosen; one
that is not in it is a hash with the highest bit set, and equals nothing but itself. 0 is no word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Self

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from service.fingerprints.embedding import MODEL_FILE
from service.fingerprints.stems import Stems, holds_digit, stem, stem_key
from service.text.chunks import WORDS
from service.text.cousins import NEAR
from service.text.document import Documents
from service.text.table import Column, Numbers, ranges

KEYWORDS = 16
"""Words kept of an article."""
IN_TITLE = 2
"""How much more a word of the title weighs than one of the lead."""
RARITY_STEPS = 15
"""Of a stored weight, in one natural logarithm of rarity."""
RAREST = 8.0
"""Logarithm of articles by articles with the word; of one never seen too."""
DIMENSIONS = 48
"""The leading ones, by which words are compared."""
_UNKNOWN = 1 << 31

Words = NDArray[np.uint32]
Weights = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The bundled embedding's stems."""

    stems: Stems
    rarity: NDArray[np.uint8]
    """Of each row, in ``RARITY_STEPS``."""
    vectors: NDArray[np.int8]
    """Unit vectors times 127, shape (rows + 1, DIMENSIONS); the first is zero, for no word."""

    @classmethod
    @cache
    def load(cls) -> Self:
        """That of the artefact bundled with the package; one a process, read in about 50 ms."""
        with safe_open(str(files("service.model") / MODEL_FILE), framework="numpy") as model:
            keys = model.get_tensor("keys")
            return cls(
                Stems(keys),
                model.get_tensor("rarity"),
                _unit(model.get_slice("vectors")[: len(keys), :DIMENSIONS]),
            )

    def vectors_of(self, words: Words) -> NDArray[np.float32]:
        """Unit vectors of words as fingerprints keep them, shape (*words.shape, DIMENSIONS)."""
        rows = np.where(words < len(self.vectors), words, 0)
        vectors: NDArray[np.float32] = self.vectors.take(rows, axis=0).astype(np.float32)
        vectors /= 127
        return vectors

    def word(self, word: str) -> tuple[int, int]:
        """As a fingerprint keeps it, and its rarity in steps; 0 for a number or a letter."""
        if len(word) < 2 or holds_digit(word):
            return 0, 0
        row = self.stems.row(word)
        if row is None:
            return stem_key(stem(word)) | _UNKNOWN, round(RAREST * RARITY_STEPS)
        return row + 1, int(self.rarity[row])

    def near_word(self, lang: str, word: str) -> tuple[int, int]:
        """The same for a word of a near language: its likeliest Russian spelling that is known."""
        return self.word(self.stems.as_russian(lang, word) if word.isalpha() else word)


class KeywordPicker:
    """Picks the keywords of articles, a batch at a time. Not thread-safe."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._as_written = Column(WORDS, vocabulary.word, np.uint32, (2,))
        self._near = {
            lang: Column(WORDS, partial(vocabulary.near_word, lang), np.uint32, (2,))
            for lang in sorted(NEAR)
        }

    def keywords(self, batch: Documents) -> tuple[Words, Weights]:
        """Words and weights of each article, shape (n, KEYWORDS) both, rarest first, 0 where
        there are no more.
        """
        titles = np.array([len(one.title_tokens) for one in batch.read], np.intp)
        sizes = titles + np.array([one.lead_end for one in batch.read], np.intp)
        owner, at = ranges(batch.bounds[:-1], sizes)
        words, rarity = self._looked_up(batch.words[at], [one.lang for one in batch.read], owner)
        in_title = at < (batch.bounds[:-1] + titles)[owner]
        weights = np.where(in_title, IN_TITLE * rarity, rarity)
        return _rarest(words, weights, owner, len(batch.read))

    def _looked_up(
        self, numbers: Numbers, langs: Sequence[str], owner: NDArray[np.intp]
    ) -> tuple[Words, Words]:
        """Words and rarities; those of a near language as Russian spells them."""
        found = self._as_written[numbers]
        for lang in self._near.keys() & set(langs):
            near = np.array([each == lang for each in langs])[owner]
            found[near] = self._near[lang][numbers[near]]
        return found[:, 0], found[:, 1]


def _unit(vectors: NDArray[np.int8]) -> NDArray[np.int8]:
    floats = vectors.astype(np.float32)
    lengths = np.maximum(np.linalg.norm(floats, axis=1, keepdims=True), 1)
    unit: NDArray[np.int8] = np.rint(127 / lengths * floats).astype(np.int8)
    return np.concatenate([np.zeros((1, unit.shape[1]), np.int8), unit])


def _rarest(
    words: Words, weights: Words, owner: NDArray[np.intp], count: int
) -> tuple[Words, Weights]:
    """The distinct words of greatest weight of each owner."""
    order = np.lexsort((words, -weights.astype(np.int64), owner))
    order = order[words[order] > 0]
    _, first = np.unique((owner[order] << 32) | words[order], return_index=True)
    order = order[np.sort(first)]
    sizes = np.bincount(owner[order], minlength=count)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    kept = order[rank < KEYWORDS]
    place = owner[kept], rank[rank < KEYWORDS]
    found, weighed = np.zeros((count, KEYWORDS), np.uint32), np.zeros((count, KEYWORDS), np.uint8)
    found[place], weighed[place] = words[kept], np.minimum(weights[kept], 255)
    return found, weighed
