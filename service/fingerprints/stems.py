"""The bundled vocabulary: which row of the embedding a word has, by its stem."""

import re

import numpy as np
import Stemmer
import xxhash
from numpy.typing import NDArray

from service.text.cousins import spellings

_CYRILLIC_WORD = re.compile("['\u0400-\u04ff]+")
_STEMMERS = {True: Stemmer.Stemmer("russian", 0), False: Stemmer.Stemmer("english", 0)}
"""Without their caches, which cost five times what a stem does where words are new; and others are
not asked for."""


def stem(token: str) -> str:
    """Snowball stem, Russian for a token in Cyrillic and English for any other."""
    cyrillic = "\u0400" <= token[-1] <= "\u04ff"
    return str(_STEMMERS[cyrillic].stemWord(token))


def holds_digit(word: str) -> bool:
    """Whether a word is a number, or holds one, and so has no stem that means anything."""
    return not word.isalpha() and any(map(str.isdigit, word))


def stem_key(token_stem: str) -> int:
    """Name of a stem in the model's vocabulary: 90,000 stems of 2^32 rarely collide."""
    return xxhash.xxh32_intdigest(token_stem.encode())


class Stems:
    """Rows by stem. For the embedding and for keywords alike, so that both know the same words."""

    def __init__(self, keys: NDArray[np.uint32]) -> None:
        """``keys``: ``stem_key`` of each row's stem."""
        self._rows = dict(zip(keys.tolist(), range(len(keys)), strict=True))

    def row(self, word: str) -> int | None:
        """The row of a word, None if its stem is not known."""
        return self._rows.get(stem_key(stem(word))) if word else None

    def as_russian(self, lang: str, word: str) -> str:
        """A word of a near language in its likeliest Russian spelling whose stem is known, else in
        the likeliest; as written if it is not Cyrillic.
        """
        if not _CYRILLIC_WORD.fullmatch(word):
            return word
        offered = list(spellings(word, lang))
        return next((one for one in offered if self.row(one) is not None), offered[0])
