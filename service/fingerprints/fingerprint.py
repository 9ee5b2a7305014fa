"""The fingerprint of an article, and the one that makes fingerprints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from contracts.article import Article
from contracts.events import Model
from service.fingerprints.anchors import ANCHOR_ROWS, anchor_table, weighted_hashes
from service.fingerprints.bands import (
    ANCHOR_BAND_ROWS,
    ANCHOR_SEED,
    SHINGLE_BAND_ROWS,
    band_keys,
)
from service.fingerprints.embedding import MODEL_FILE, Encoder, StaticEncoder
from service.fingerprints.minhash import (
    EMPTY_ROW,
    SHINGLE_ROWS,
    SHINGLE_WORDS,
    permutations,
    shingle_hashes,
    signatures,
)
from service.text.document import Document, document

TEMPLATE_ROWS = 16
MASK = np.uint32(0)
"""Stands for every capitalised word and number in a template."""
SHORTEST_BODY = 20
"""Words; a shorter body ("Details to follow") may stand under any headline."""
MOST_ITEMS = 255
"""Stored in one byte."""

Rows = NDArray[np.uint32]
Vectors = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """All derived features of one article. Arrays are read-only by convention."""

    article_id: str
    version: int
    lang: str
    title: str
    source: str | None
    tag: str | None
    """What the headline said of itself: ``correction``, ``update``, ``repeat``, ...; or None."""
    published_ms: int | None
    """Event time, milliseconds since 1970 UTC."""
    digest: int
    """xxh3_64 of the body's words, so that a reprint under another headline is a copy too;
    of title and body where the body has fewer than ``SHORTEST_BODY`` words."""
    token_count: int
    """Words of title and body."""
    items: int
    """Lines that begin as list items; 0 for running text."""
    shingle_rows: NDArray[np.uint8]
    """Low bytes of the MinHash over word shingles, shape (64,)."""
    template_rows: NDArray[np.uint8]
    """The same with capitalised words and numbers masked, shape (16,)."""
    names: NDArray[np.uint32]
    """Sorted ids of names; see ``AnchorTable`` for ids and weights."""
    name_weights: NDArray[np.uint8]
    numbers: NDArray[np.uint32]
    number_weights: NDArray[np.uint8]
    surfaces: tuple[str, ...]
    """Original forms of names, then of numbers; empty for those of least weight."""
    body_vector: NDArray[np.int8]
    """Embedding of title and body times 127, shape (256,)."""
    head_vector: NDArray[np.int8]
    """Embeddings of title and of lead side by side, times 127, shape (256,); see ``Encoder``."""
    bands: bytes
    """LSH bucket keys, eight bytes each; empty on an unpacked fingerprint."""


class Fingerprinter:
    """Makes fingerprints in batches; holds the encoder and its memos. Not thread-safe."""

    def __init__(self, encoder: Encoder, model: Model) -> None:
        self.model = model
        self._encoder = encoder
        self._shingle_draw = permutations(SHINGLE_ROWS)
        self._template_draw = permutations(TEMPLATE_ROWS)
        self._anchor_draw = permutations(ANCHOR_ROWS)

    def fingerprints(self, articles: Sequence[Article]) -> list[Fingerprint]:
        """One fingerprint an article, in order; empty for no articles."""
        if not articles:
            return []
        documents = [document(article) for article in articles]
        shingles, templates = self._text_rows(documents)
        anchors = self._anchor_rows(documents)
        heads, bodies = self._vectors(documents)
        return [
            _fingerprint(*parts)
            for parts in zip(
                articles, documents, shingles, templates, anchors, heads, bodies, strict=True
            )
        ]

    @classmethod
    def load(cls) -> Self:
        """With the encoder that is bundled with the package; about 0.1 s."""
        encoder = StaticEncoder.load()
        artefact = (files("service.model") / MODEL_FILE).read_bytes()
        return cls(
            encoder, Model(version=encoder.version, sha256=sha256(artefact).hexdigest()[:16])
        )

    def _text_rows(self, documents: list[Document]) -> tuple[Rows, Rows]:
        """Signatures over shingles, plain (n, 64) and masked (n, 16)."""
        words = np.frombuffer(b"".join([one.hashes for one in documents]), np.uint32)
        counts = np.array([len(one.hashes) // 4 for one in documents], np.intp)
        ends = np.cumsum(counts)
        starts = ends - counts
        last = np.maximum(starts, ends - (SHINGLE_WORDS - 1))
        shingles = signatures(shingle_hashes(words), starts, last, self._shingle_draw)
        masked = words.copy()
        for start, one in zip(starts.tolist(), documents, strict=True):
            masked[np.array(one.masked, np.intp) + start] = MASK
        return shingles, signatures(shingle_hashes(masked), starts, last, self._template_draw)

    def _anchor_rows(self, documents: list[Document]) -> Rows:
        """Signatures over weighted anchors, shape (n, 24)."""
        hashes = [weighted_hashes(one.anchors) for one in documents]
        ends = np.cumsum([len(one) for one in hashes])
        starts = np.concatenate([[0], ends[:-1]])
        flat = np.fromiter(chain.from_iterable(hashes), np.uint32, int(ends[-1]))
        return signatures(flat, starts, ends, self._anchor_draw)

    def _vectors(self, documents: list[Document]) -> tuple[Vectors, Vectors]:
        """Embeddings of heads and bodies as int8, shape (n, 256) each for the bundled encoder."""
        heads, bodies = self._encoder.encode(documents)
        return _as_int8(heads), _as_int8(bodies)


def _as_int8(vectors: NDArray[np.float32]) -> Vectors:
    return np.rint(vectors * 127).astype(np.int8)


def _fingerprint(
    article: Article,
    read: Document,
    shingles: NDArray[np.uint32],
    templates: NDArray[np.uint32],
    anchors: NDArray[np.uint32],
    head: NDArray[np.int8],
    body: NDArray[np.int8],
) -> Fingerprint:
    table = anchor_table(read.anchors)
    return Fingerprint(
        article_id=article.id,
        version=article.version,
        lang=read.lang,
        title=read.title,
        source=article.source,
        tag=read.headline_tag,
        published_ms=_milliseconds(article.published_at),
        digest=_digest(read),
        token_count=len(read.hashes) // 4,
        items=min(read.items, MOST_ITEMS),
        shingle_rows=shingles.astype(np.uint8),
        template_rows=templates.astype(np.uint8),
        **table._asdict(),
        body_vector=body,
        head_vector=head,
        bands=_bands(shingles, anchors),
    )


def _bands(shingles: NDArray[np.uint32], anchors: NDArray[np.uint32]) -> bytes:
    """Keys of filled signatures only: two empty ones are not alike."""
    keys = b""
    if shingles[0] != EMPTY_ROW or shingles[1] != EMPTY_ROW:
        keys = band_keys(shingles, SHINGLE_BAND_ROWS)
    if anchors[0] != EMPTY_ROW or anchors[1] != EMPTY_ROW:
        keys += band_keys(anchors, ANCHOR_BAND_ROWS, ANCHOR_SEED)
    return keys


def _digest(read: Document) -> int:
    is_short = len(read.tokens) < SHORTEST_BODY
    return xxh3_64_intdigest(read.hashes if is_short else read.hashes[4 * len(read.title_tokens) :])


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)
