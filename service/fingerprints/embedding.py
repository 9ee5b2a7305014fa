"""Embedding of an article: what it is about, comparable across languages.

The bundled encoder is *static*: a vector for every token feature, learned so
that a Russian and an English text that say the same point the same way. An
article's embedding is the sum of its tokens' vectors, with the common
direction taken out, at unit length. The length of a token's vector is its
learned weight, so stop words cost nothing and need no list. Dimensions are ordered
by variance, so title and lead make do with the first half of them.

A token has one vector:

    known stem      the vector of its Snowball stem            «курсы» -> курс
    unknown word    the mean of the vectors of its consonant   Бездетко -> bzdtk, без,
                    skeleton and of its character 3- and         езд, зде, ..., тко>
                    4-grams, both hashed into fixed buckets
    with a digit    none: numbers are anchors, not meaning

Unknown words are mostly names; their skeletons are equal in both scripts and
the 3- and 4-grams were trained on name pairs, so a name never seen still says
something. Rows are int8 with a scale each: at 256 dimensions an article of 450
tokens is a gather of 115 kB and one matrix product.

Method: symmetric InfoNCE on parallel text (van den Oord et al. 2018), subword
buckets (Bojanowski et al. 2017), all-but-the-top (Mu & Viswanath 2018).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from typing import Any, Protocol, Self

import numpy as np
import Stemmer
import xxhash
from numpy.typing import NDArray
from safetensors import safe_open

from service.text.document import Document
from service.text.names import skeleton

MODEL_FILE = "embedding.safetensors"
MAX_TOKENS = 2000
"""Of a text; the news is in its first thousand words, and a 5 MB text must not stall."""
SMALLEST_NORM = 1e-9
"""Below it a vector has no direction, and the text no embedding: it stays zero."""


class Encoder(Protocol):
    """Turns articles into two unit vectors each; every implementation is deterministic.

    ``StaticEncoder`` is the bundled one; ``service/encoders`` holds those of other models.
    """

    dimensions: int
    """Of a body's vector. Retrieval reads the 96 leading ones, and 64 of title and lead each."""
    version: str
    """Vectors of two versions must never meet in one index."""

    def encode(self, batch: Sequence[Document]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Embeddings of heads, (n, 2h), and of bodies, (n, dimensions); unit vectors.

        A body is title and text, and its first h dimensions are comparable to a title's.

        The first half of a head is its title's vector and the second its lead's, so
        the cosine of two heads is the mean of both cosines, and each can be had alone.
        Where one is missing the other stands in. A text without a single known
        feature gets the zero vector.
        """
        ...


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


_STEMMERS = {True: Stemmer.Stemmer("russian"), False: Stemmer.Stemmer("english")}


def stem(token: str) -> str:
    """Snowball stem, Russian for a token in Cyrillic and English for any other."""
    cyrillic = "\u0400" <= token[-1] <= "\u04ff"
    return str(_STEMMERS[cyrillic].stemWord(token))


def stem_key(token_stem: str) -> int:
    """Name of a stem in the model's vocabulary: 60,000 stems of 2^32 rarely collide."""
    return xxhash.xxh32_intdigest(token_stem.encode())


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


class _TokenRows(dict[str, int]):
    """Memo: token -> its row in ``vectors``, where unknown words get rows of their own.

    Looking up a token seen before is one dict access, which is most of the
    encoder's speed. Memo and added rows are bounded; when one is full both start
    over, and since a row is a function of its token alone, no result changes.
    """

    max_tokens = 1 << 18
    max_unknown = 1 << 15

    def __init__(
        self,
        keys: NDArray[np.uint32],
        buckets: Buckets,
        vectors: NDArray[np.int8],
        scales: NDArray[np.float32],
    ) -> None:
        super().__init__()
        self._stems = dict(zip(keys.tolist(), range(len(keys)), strict=True))
        self._buckets = buckets
        spare = self.max_unknown + 1
        self.vectors = np.concatenate([vectors, np.zeros((spare, vectors.shape[1]), np.int8)])
        self.scales = np.concatenate([scales, np.zeros(spare, np.float32)])
        self._null = buckets.total
        self._next = self._null + 1

    def __missing__(self, token: str) -> int:
        row = self[token] = self._row(token)
        return row

    def make_room(self) -> None:
        """Starts over if the next article might not fit; to be called between articles."""
        if len(self) > self.max_tokens or len(self.scales) - self._next < 3 * MAX_TOKENS:
            self.clear()
            self._next = self._null + 1

    def _row(self, token: str) -> int:
        if not token or any(map(str.isdigit, token)):
            return self._null
        known = self._stems.get(stem_key(stem(token)))
        return self._added(token) if known is None else known

    def _added(self, token: str) -> int:
        parts = subword_rows(token, self._buckets)
        if not parts:
            return self._null
        weights = self.scales[parts] / np.float32(len(parts))
        vector = weights @ self.vectors[parts].astype(np.float32)
        row, self._next = self._next, self._next + 1
        scale = max(float(np.abs(vector).max()) / 127, SMALLEST_NORM)
        self.vectors[row] = np.rint(vector / scale)
        self.scales[row] = scale
        return row


class StaticEncoder:
    """The bundled encoder. One instance per thread: its memo is not locked."""

    def __init__(self, tensors: dict[str, NDArray[Any]], version: str) -> None:
        """``tensors``: keys (v,) uint32, vectors (rows, d) int8, scales (rows,), common
        (1 + k, d), buckets (3,); see ``service/training/embedding.py``, which writes them.
        """
        buckets = Buckets(*(int(size) for size in tensors["buckets"]))
        self.version = version
        self.dimensions = int(tensors["vectors"].shape[1])
        self._common = tensors["common"].astype(np.float32)
        scales = tensors["scales"].astype(np.float32)
        self._rows = _TokenRows(tensors["keys"], buckets, tensors["vectors"], scales)

    @classmethod
    def load(cls) -> Self:
        """Reads the artefact bundled with the package; about 50 ms."""
        with safe_open(str(files("service.model") / MODEL_FILE), framework="numpy") as model:
            tensors = {name: model.get_tensor(name) for name in model.keys()}  # noqa: SIM118
            return cls(tensors, model.metadata()["version"])

    def encode(self, batch: Sequence[Document]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See ``Encoder.encode``. Tokens after the first ``MAX_TOKENS`` are not read."""
        sums = np.zeros((3, len(batch), self.dimensions), np.float32)
        for index, one in enumerate(batch):
            title, lead = one.title_tokens, one.tokens[: one.lead_end]
            parts = (title or lead, lead or title, title + one.tokens)
            sums[:, index] = self._sums([part[:MAX_TOKENS] for part in parts])
        titles, leads, bodies = (centred(one, self._common) for one in sums)
        half = self.dimensions // 2
        return _unit(np.hstack([_unit(titles[:, :half]), _unit(leads[:, :half])])), bodies

    def _sums(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Sum of each text's vectors, shape (texts, d), by one product over all tokens."""
        self._rows.make_room()
        sizes = [len(text) for text in texts]
        tokens = chain.from_iterable(texts)
        rows = np.fromiter(map(self._rows.__getitem__, tokens), np.intp, sum(sizes))
        scales = self._rows.scales[rows]
        weights = np.zeros((len(texts), len(rows)), np.float32)
        start = 0
        for text, size in enumerate(sizes):
            weights[text, start : start + size] = scales[start : start + size]
            start += size
        return weights @ self._rows.vectors[rows].astype(np.float32)
