"""Makes fingerprints of articles, a batch at a time."""

from collections.abc import Iterator, Sequence
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
from service.fingerprints.anchors import anchor_tables
from service.fingerprints.embedding import MODEL_FILE, Encoder, SecondOpinion, StaticEncoder
from service.fingerprints.fingerprint import About, Fingerprint
from service.fingerprints.keywords import KeywordPicker, Vocabulary
from service.fingerprints.layout import joined
from service.fingerprints.minhash import (
    SHINGLE_ROWS,
    SHINGLE_WORDS,
    TEMPLATE_ROWS,
    permutations,
    shingle_hashes,
    signatures,
)
from service.text.chunks import HASHES
from service.text.document import LONGEST_TEXT, Document, Documents, documents

MASK = np.uint32(0)
"""Stands for every capitalised word and number in a template."""
SHORTEST_BODY = 20
"""Words; a shorter body ("Details to follow") may stand under any headline."""
TOGETHER = 1 << 20
"""Characters of articles that are read together, two thirds of a full batch of usual ones. Numbers
of words are good for so long, so no table can start over within; and a text of nothing but new
words, of which the tables keep everything, has a quarter as many."""
MOST_ITEMS = 255
"""Stored in one byte."""

Rows = NDArray[np.uint32]
Vectors = NDArray[np.int8]


class Fingerprinter:
    """Makes fingerprints in batches; holds the encoder and its memos. Not thread-safe."""

    def __init__(
        self,
        encoder: Encoder,
        model: Model,
        vocabulary: Vocabulary,
        second: SecondOpinion | None = None,
    ) -> None:
        self.model = model
        self.languages = encoder.languages | (second.languages if second else frozenset())
        """Whose vectors mean something, of one encoder or of the other."""
        self._encoder = encoder
        self.second = second
        self._keywords = KeywordPicker(vocabulary)
        self._shingle_draw = permutations(SHINGLE_ROWS)
        self._template_draw = permutations(TEMPLATE_ROWS)

    @property
    def trained_for(self) -> str:
        """What a verifier of these fingerprints names: the model's version, without the way by
        which a second opinion comes.
        """
        return self.model.version.partition("/")[0] if self.second else self.model.version

    def fingerprints(self, articles: Sequence[Article]) -> list[Fingerprint]:
        """One fingerprint an article, in order; empty for no articles."""
        return list(chain.from_iterable(map(self._together, _parts(articles))))

    def _together(self, articles: Sequence[Article]) -> list[Fingerprint]:
        batch = documents(articles)
        hashes = HASHES[batch.words]
        shingles, templates = self._text_rows(batch, hashes)
        anchors = anchor_tables(batch.anchors)
        heads, bodies = map(_as_int8, self._encoder.encode(batch.read))
        opinions = self._opinions(batch.read)
        keywords, keyword_weights = self._keywords.keywords(batch)
        vectors = joined(
            {
                # Of the rows, the low bytes.
                "shingle_rows": shingles.astype(np.uint8),
                "template_rows": templates.astype(np.uint8),
                "keywords": keywords,
                "keyword_weights": keyword_weights,
                "body_vector": bodies,
                "head_vector": heads,
                "opinion_vector": opinions,
            }
        )
        widths = (bodies.shape[1], heads.shape[1], opinions.shape[1])
        about = map(_about, articles, batch.read, _digests(batch, hashes))
        return [
            Fingerprint.pack(*each, widths) for each in zip(about, anchors, vectors, strict=True)
        ]

    @classmethod
    def load(cls, second: SecondOpinion | None = None) -> Self:
        """With the encoder that is bundled with the package; about 0.1 s.

        The first of a process takes half a second more: ``permutations`` loads datasketch.
        """
        encoder = StaticEncoder.load()
        artefact = (files("service.model") / MODEL_FILE).read_bytes()
        model = Model(version=encoder.version, sha256=sha256(artefact).hexdigest()[:16])
        model = model if second is None else _both(model, second)
        return cls(encoder, model, Vocabulary.load(), second)

    def _opinions(self, read: list[Document]) -> Vectors:
        if self.second is None:
            return np.zeros((len(read), 0), np.int8)
        return _as_int8(self.second.opinions(read))

    def _text_rows(self, batch: Documents, hashes: Rows) -> tuple[Rows, Rows]:
        """Signatures over shingles, plain (n, 64) and masked (n, 16)."""
        starts, ends = batch.bounds[:-1], batch.bounds[1:]
        last = np.maximum(starts, ends - (SHINGLE_WORDS - 1))
        masked = hashes.copy()
        masked[batch.varying] = MASK
        return (
            signatures(shingle_hashes(hashes), starts, last, self._shingle_draw),
            signatures(shingle_hashes(masked), starts, last, self._template_draw),
        )


def _parts(articles: Sequence[Article]) -> Iterator[Sequence[Article]]:
    """Articles in order, ``TOGETHER`` characters at a time, or one that has more."""
    start, characters = 0, 0
    for at, article in enumerate(articles):
        own = len(article.title) + min(len(article.text), LONGEST_TEXT)
        if characters + own > TOGETHER and at > start:
            yield articles[start:at]
            start, characters = at, 0
        characters += own
    if start < len(articles):
        yield articles[start:]


def _both(model: Model, second: SecondOpinion) -> Model:
    """What a namespace knows the two encoders by."""
    together = f"{model.sha256}{second.sha256}".encode()
    return Model(
        version=f"{model.version}+{second.version}", sha256=sha256(together).hexdigest()[:16]
    )


def _as_int8(vectors: NDArray[np.float32]) -> Vectors:
    return np.rint(vectors * 127).astype(np.int8)


def _about(article: Article, read: Document, digest: int) -> About:
    return About(
        article_id=article.id,
        version=article.effective_version,
        lang=read.lang,
        title=read.title,
        source=article.source,
        tag=read.headline_tag,
        published_ms=_milliseconds(article.published_at),
        digest=digest,
        token_count=len(read.title_tokens) + len(read.tokens),
        items=min(read.items, MOST_ITEMS),
        cues=read.cues,
    )


def _digests(batch: Documents, hashes: Rows) -> list[int]:
    """Digest of each article; see ``Fingerprint.digest``."""
    octets = hashes.tobytes()
    return [
        xxh3_64_intdigest(
            octets[4 * start + (0 if _is_short(one) else 4 * len(one.title_tokens)) : 4 * end]
        )
        for one, start, end in zip(
            batch.read, batch.bounds[:-1].tolist(), batch.bounds[1:].tolist(), strict=True
        )
    ]


def _is_short(read: Document) -> bool:
    return len(read.tokens) < SHORTEST_BODY


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)
