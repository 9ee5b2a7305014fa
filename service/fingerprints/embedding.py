"""Embedding of an article: what it is about, comparable across languages.

The bundled encoder is *static*: a vector for every token feature, learned so
that a Russian and an English text that say the same point the same way. An
article's embedding is the sum of its tokens' vectors, with what all texts
share and what the languages differ in taken out, at unit length. The length of a
token's vector is its learned weight, so stop words cost nothing and need no list.
Leading dimensions are trained to do alone, so title and lead make do with the first
half of them.

A token has one vector:

    known stem      the vector of its Snowball stem            «курсы» -> курс
    unknown word    the mean of the vectors of its consonant   Бездетко -> bzdtk, без,
                    skeleton and of its character 3- and         езд, зде, ..., тко>
                    4-grams, both hashed into fixed buckets
    with a digit    none: numbers are anchors, not meaning

Words of languages near to Russian are looked up as Russian would spell them (``cousins.py``).
Unknown words are mostly names; their skeletons are equal in both scripts and
the 3- and 4-grams were trained on name pairs, so a name never seen still says
something. Rows are int8 with a scale each: at 256 dimensions an article of 450
tokens is a gather of 115 kB and one matrix product.

Method: symmetric InfoNCE on parallel text and news (van den Oord et al. 2018), a
teacher's cosines (``service/training/losses.py``), subword buckets (Bojanowski et al.
2017), all-but-the-top (Mu & Viswanath 2018).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from service.fingerprints.model_rows import SMALLEST_NORM, Buckets, ModelRows
from service.text.cousins import NEAR
from service.text.document import Document
from service.text.table import ranges

MODEL_FILE = "embedding.safetensors"
MAX_WORDS = 2000
"""Of a text; the news is in its first thousand words, and a 5 MB text must not stall."""
_TOGETHER = 16
"""Articles whose words are looked up at once; a full table of unknown words holds those of all."""


class Encoder(Protocol):
    """Turns articles into two unit vectors each; every implementation is deterministic.

    ``StaticEncoder`` is the bundled one; ``service/encoders`` holds those of other models.
    """

    dimensions: int
    """Of a body's vector. Retrieval reads the 96 leading ones, and 64 of title and lead each."""
    version: str
    """Vectors of two versions must never meet in one index."""
    languages: frozenset[str]
    """ISO 639-1 of those it was measured on: articles in them meet by meaning, others by wording
    alone."""

    def encode(self, batch: Sequence[Document]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Embeddings of heads, (n, 2h), and of bodies, (n, dimensions); unit vectors.

        A body is title and text, and its first h dimensions are comparable to a title's.

        The first half of a head is its title's vector and the second its lead's, so
        the cosine of two heads is the mean of both cosines, and each can be had alone.
        Where one is missing the other stands in. A text without a single known
        feature gets the zero vector.
        """
        ...


@dataclass(slots=True)
class Effort:
    """What a second opinion has cost since it was made; read by other threads."""

    texts: int = 0
    """Given to the model, with or without success."""
    known: int = 0
    """Asked for again, and not given to the model."""
    seconds: float = 0.0
    """That the model took for them, by the clock."""
    waiting: int = 0
    """Texts that the model has now."""


class SecondOpinion(Protocol):
    """Another encoder's view of title and lead, beside the vectors of the ``Encoder``.

    Slow and better: it reads the sentence, not its words. ``service/encoders/opinion.py``.
    """

    version: str
    """As an encoder's; part of the model's version."""
    sha256: str
    dimensions: int
    languages: frozenset[str]
    """Those that it was measured on, ISO 639-1."""
    effort: Effort

    def opinions(self, batch: Sequence[Document]) -> NDArray[np.float32]:
        """Unit vectors, shape (n, dimensions), zero for a text without words.

        Of texts that were asked for lately it remembers them, so whoever can wait may ask ahead.
        For many threads.
        """
        ...


LANGUAGES = frozenset({"en", "ru", *NEAR})
"""Those the bundled embedding was trained on, and those whose words it reads as Russian."""


def centred(sums: NDArray[np.float32], common: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors of ``sums`` (n, d) without what all texts share.

    ``common`` (1 + k, d) holds the mean of unit vectors, then k orthonormal directions.
    """
    vectors = _unit(sums)
    empty = ~vectors.any(axis=1)
    vectors = vectors - common[0]
    for direction in common[1:]:
        vectors -= np.outer(vectors @ direction, direction)
    vectors[empty] = 0
    return _unit(vectors)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(norms, SMALLEST_NORM)
    return unit


class StaticEncoder:
    """The bundled encoder. One instance per thread: its rows are not locked."""

    languages = LANGUAGES

    def __init__(self, tensors: dict[str, NDArray[Any]], version: str) -> None:
        """``tensors``: keys (v,) uint32, vectors (rows, d) int8, scales (rows,), common
        (1 + k, d), buckets (3,); see ``service/training/embedding.py``, which writes them.
        """
        buckets = Buckets(*(int(size) for size in tensors["buckets"]))
        self.version = version
        self.dimensions = int(tensors["vectors"].shape[1])
        self._common = tensors["common"].astype(np.float32)
        scales = tensors["scales"].astype(np.float32)
        self._rows = ModelRows(tensors["keys"], buckets, tensors["vectors"], scales)

    @classmethod
    def load(cls) -> Self:
        """Reads the artefact bundled with the package; about 50 ms."""
        with safe_open(str(files("service.model") / MODEL_FILE), framework="numpy") as model:
            tensors = {name: model.get_tensor(name) for name in model.keys()}  # noqa: SIM118
            return cls(tensors, model.metadata()["version"])

    def encode(self, batch: Sequence[Document]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See ``Encoder.encode``. Words after the first ``MAX_WORDS`` are not read."""
        groups = [batch[at : at + _TOGETHER] for at in range(0, len(batch), _TOGETHER)]
        sums = np.concatenate([self._sums(group) for group in groups], axis=1)
        titles, leads, bodies = (centred(one, self._common) for one in sums)
        half = self.dimensions // 2
        return _unit(np.hstack([_unit(titles[:, :half]), _unit(leads[:, :half])])), bodies

    def _sums(self, group: Sequence[Document]) -> NDArray[np.float32]:
        """Sums of the vectors of title, lead and everything of each article, shape (3, n, d)."""
        texts = [
            np.concatenate([one.title_numbers, one.token_numbers])[:MAX_WORDS] for one in group
        ]
        sizes = np.array([len(text) for text in texts])
        owner, place = ranges(np.zeros_like(sizes), sizes)
        rows = self._rows.of(np.concatenate(texts), [one.lang for one in group], owner)
        titles = np.array([len(one.title_numbers) for one in group])
        leads = np.array([one.lead_end for one in group])
        in_title = place < titles[owner]
        in_lead = ~in_title & (place < (titles + leads)[owner])
        has_no_title, has_no_lead = (titles == 0)[owner], ((leads == 0) & (titles > 0))[owner]
        read = [in_title | has_no_title & in_lead, in_lead | has_no_lead & in_title]
        scales = self._rows.scales.take(rows)
        weights = np.stack([*[np.where(each, scales, 0) for each in read], scales])
        sums = np.zeros((3, len(group), self.dimensions), np.float32)
        end = 0
        for at, size in enumerate(sizes.tolist()):
            start, end = end, end + size
            # ``take`` copies rows in half the time of an index.
            vectors = self._rows.vectors.take(rows[start:end], axis=0).astype(np.float32)
            np.matmul(weights[:, start:end], vectors, out=sums[:, at])
        return sums
