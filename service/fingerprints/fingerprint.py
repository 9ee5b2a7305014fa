"""The fingerprint of an article: a view of the bytes that Redis keeps of it.

``service/fingerprints/layout.py`` says which byte is what; ``batches.py`` makes arrays of many. A
3 kB article takes about 1.1 kB.
"""

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.anchors import AnchorTable
from service.fingerprints.layout import (
    ANCHORS,
    FLAGS_AT,
    HEADER,
    LAYOUT,
    WIDTHS,
    Header,
    Widths,
    places,
)

UNDATED = -(1 << 63)
_HAS_SOURCE, _HAS_TAG, IS_WIDE, IS_REVISION = 1, 2, 4, 8
_COMPACT, _WIDE = "cp1251", "utf-8"
_BLANKS = b"\0" + b" " * 255
_TITLE, _SOURCE, _TAG, SURFACES = range(1, 5)
"""Places in the text behind the id, in the order that ``pack`` writes; surfaces are all from theirs
on."""

REVISING = frozenset({"correction", "update", "repeat"})
"""Headline tags that say: this item was sent before."""

Vector = NDArray[np.int8]
Rows = NDArray[np.uint8]
Ids = NDArray[np.uint32]
Weights = NDArray[np.uint8]


class About(NamedTuple):
    """What a fingerprint says of its article in plain values; its properties explain them."""

    article_id: str
    version: int
    lang: str
    title: str
    source: str | None
    tag: str | None
    published_ms: int | None
    digest: int
    token_count: int
    items: int
    cues: int


class Fingerprint:
    """All derived features of one article. Arrays are read-only views of ``payload``."""

    __slots__ = ("_header", "_texts", "payload")

    def __init__(self, payload: bytes) -> None:
        """A view of what ``pack`` made; ``checked`` is for payloads of unknown origin."""
        self.payload = payload
        self._header: Header | None = None
        self._texts: list[str] | None = None

    @classmethod
    def checked(cls, payload: bytes) -> Self:
        """A view of a payload that another version may have written.

        Raises:
            ValueError: the payload has another layout, or is cut short.
        """
        if not payload or payload[0] != LAYOUT:
            found = payload[0] if payload else "nothing"
            raise ValueError(
                f"fingerprint layout {found}: expected {LAYOUT}; was it written by another version?"
            )
        if len(payload) < HEADER.size or len(payload) != cls(payload).header.length:
            raise ValueError(f"fingerprint of {len(payload)} bytes is cut short")
        view = cls(payload)
        header, texts = view.header, len(view._text)
        # Behind the vectors and anchors: id, title, source, tag, and a form of each anchor.
        expected = SURFACES + header.names + header.numbers
        if places(payload).text > len(payload) or texts != expected or not header.lang.isascii():
            raise ValueError(f"fingerprint with {texts} texts, expected {expected} at its end")
        return view

    @classmethod
    def pack(cls, about: About, anchors: AnchorTable, vectors: bytes, widths: Widths) -> Self:
        """The fingerprint with these features; the properties say what they are.

        Args:
            about: of its article.
            anchors: of its article.
            vectors: what ``layout.joined`` makes of them.
            widths: of those that encoders made.
        """
        texts = [about.article_id, about.title, about.source or "", about.tag or ""]
        encoding, text = _encoded([*texts, *anchors.surfaces])
        arrays = [getattr(anchors, part.name).tobytes() for part in ANCHORS]
        behind = b"".join([vectors, *arrays, text])
        header = Header(
            layout=LAYOUT,
            names=len(anchors.names),
            numbers=len(anchors.numbers),
            items=about.items,
            tokens=about.token_count,
            version=about.version,
            published_ms=UNDATED if about.published_ms is None else about.published_ms,
            digest=about.digest,
            length=HEADER.size + len(behind),
            **dict(zip(WIDTHS, widths, strict=True)),
            cues=about.cues,
            flags=_HAS_SOURCE * (about.source is not None)
            | _HAS_TAG * (about.tag is not None)
            | IS_WIDE * (encoding == _WIDE)
            | IS_REVISION * (about.tag in REVISING),
            lang=about.lang.encode("ascii"),
        )
        return cls(HEADER.pack(*header) + behind)

    @property
    def article_id(self) -> str:
        """Read by itself: of most candidates no other word is asked for."""
        payload, start = self.payload, places(self.payload).text
        word = payload[start : payload.index(0, start)]
        # Most are, and a codec for Windows-1251 takes ten times as long.
        return word.decode("ascii" if word.isascii() else _encoding(payload))

    @property
    def version(self) -> int:
        return self.header.version

    @property
    def lang(self) -> str:
        """ISO 639-1, or ``und``."""
        return self.header.lang.rstrip(b"\0").decode()

    @property
    def title(self) -> str:
        return self._text[_TITLE]

    @property
    def source(self) -> str | None:
        return self._text[_SOURCE] if self.header.flags & _HAS_SOURCE else None

    @property
    def tag(self) -> str | None:
        """What the headline said of itself: ``correction``, ``update``, ...; or None."""
        return self._text[_TAG] if self.header.flags & _HAS_TAG else None

    @property
    def published_ms(self) -> int | None:
        """Event time, milliseconds since 1970 UTC."""
        moment = self.header.published_ms
        return None if moment == UNDATED else moment

    @property
    def digest(self) -> int:
        """xxh3_64 of the body's words, so that a reprint under another headline is a copy too;
        of title and body where the body is hardly longer than a headline.
        """
        return self.header.digest

    @property
    def token_count(self) -> int:
        """Words of title and body."""
        return self.header.tokens

    @property
    def items(self) -> int:
        """Lines that begin as list items, at most 255; 0 for running text."""
        return self.header.items

    @property
    def cues(self) -> int:
        """What title and lead say happened, as bits; see ``service/text/cues.py``."""
        return self.header.cues

    @property
    def shingle_rows(self) -> Rows:
        """Low bytes of the MinHash over word shingles, shape (64,)."""
        return self._array("shingle_rows")

    @property
    def template_rows(self) -> Rows:
        """The same with capitalised words and numbers masked, shape (16,)."""
        return self._array("template_rows")

    @property
    def keywords(self) -> Ids:
        """The rarest words of title and lead, shape (16,); see ``keywords.py``."""
        return self._array("keywords")

    @property
    def keyword_weights(self) -> Weights:
        return self._array("keyword_weights")

    @property
    def body_vector(self) -> Vector:
        """Embedding of title and body times 127, shape (256,) for the bundled encoder."""
        return self._array("body_vector")

    @property
    def head_vector(self) -> Vector:
        """Embeddings of title and of lead side by side, times 127; see ``Encoder``."""
        return self._array("head_vector")

    @property
    def opinion_vector(self) -> Vector:
        """A second encoder's embedding of title and lead times 127; of width 0 without one."""
        return self._array("opinion_vector")

    @property
    def names(self) -> Ids:
        """Sorted ids of names; see ``AnchorTable`` for ids and weights."""
        return self._array("names")

    @property
    def numbers(self) -> Ids:
        """Sorted ids of numbers and dates."""
        return self._array("numbers")

    @property
    def name_weights(self) -> Weights:
        return self._array("name_weights")

    @property
    def number_weights(self) -> Weights:
        return self._array("number_weights")

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Original forms of names, then of numbers; empty for those of least weight."""
        return tuple(self._text[SURFACES:])

    @property
    def header(self) -> Header:
        if self._header is None:
            self._header = Header._make(HEADER.unpack_from(self.payload))
        return self._header

    def _array(self, name: str) -> NDArray[Any]:
        return np.frombuffer(self.payload, *places(self.payload).arrays[name])

    @property
    def _text(self) -> list[str]:
        if self._texts is None:
            text = self.payload[places(self.payload).text :]
            self._texts = text.decode(_encoding(self.payload)).split("\0")
        return self._texts


def _encoding(payload: bytes) -> str:
    return _WIDE if payload[FLAGS_AT] & IS_WIDE else _COMPACT


def _encoded(parts: list[str]) -> tuple[str, bytes]:
    text = "\0".join(parts)
    try:
        return _COMPACT, text.encode(_COMPACT)
    except UnicodeEncodeError:
        return _WIDE, text.encode(_WIDE, "replace")


def without_words(payload: bytes) -> bytes:
    """The same payload with blanks for every word: id, headline, source and forms of names."""
    start = places(payload).text
    return payload[:start] + payload[start:].translate(_BLANKS)


def has_words(payload: bytes) -> bool:
    """Whether it is none that ``without_words`` has made: an article's id begins with no blank."""
    return payload[places(payload).text] != _BLANKS[1]
