"""A tiny encoder and short cuts, for the tests of this folder."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts.article import Article
from contracts.events import Model
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.fingerprints.keywords import Vocabulary
from service.text.document import Document
from tests.support.builders.fingerprints import FIELDS


class WordCountEncoder:
    """Counts words in as many buckets as there are dimensions, by their length."""

    dimensions = 256
    version = "word-count"
    languages = frozenset({"en", "ru"})

    def encode(self, batch: Sequence[Document]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return (
            np.stack(
                [self._vector([*one.title_tokens, *one.tokens[: one.lead_end]]) for one in batch]
            ),
            np.stack([self._vector([*one.title_tokens, *one.tokens]) for one in batch]),
        )

    def _vector(self, words: Sequence[str]) -> NDArray[np.float32]:
        vector = np.zeros(self.dimensions, np.float32)
        for word in words:
            vector[len(word) % self.dimensions] += 1
        return vector / max(1.0, float(np.linalg.norm(vector)))


def fingerprinter() -> Fingerprinter:
    model = Model(version="word-count", sha256="0" * 16)
    return Fingerprinter(WordCountEncoder(), model, Vocabulary.load())


def fingerprint_of(text: str, **fields: Any) -> Fingerprint:
    (made,) = fingerprinter().fingerprints([Article(**{"id": "a", "text": text, **fields})])
    return made


def as_plain(made: Fingerprint) -> dict[str, Any]:
    """Every field as something ``==`` compares."""
    return {name: as_lists(getattr(made, name)) for name in FIELDS}


def as_lists(value: Any) -> Any:
    """An array as a list; anything else as it is."""
    return value.tolist() if isinstance(value, np.ndarray) else value
