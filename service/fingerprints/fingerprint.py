"""The fingerprint of an article: a view of the bytes that Redis keeps of it.

    header   layout, counts of names, numbers and items: 1 byte each; token count u32;
             version u64, published ms i64, digest u64; length of the whole u32; widths
             of body and head vector u16; flags u8; language, 3 bytes
    vectors  64 + 16 MinHash rows u8, body and head vector i8
    anchors  ids of names, then of numbers u32; their weights in the same order u8
    text     id, title, source, tag and surfaces, NUL between them

All integers are little-endian. Header and vectors have the same size for all articles
of one model, so a batch of fingerprints becomes arrays by joining slices (``fixed_parts``,
``anchor_parts``): a worker compares a thousand pairs without unpacking any. Text is
Windows-1251 where that holds every character (half the size for Russian), else UTF-8.
A 3 kB article takes about 1.1 kB.
"""

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.minhash import SHINGLE_ROWS

LAYOUT = 2
TEMPLATE_ROWS = 16

_HEADER = struct.Struct("<BBBBIQqQIHHB3s")
_HEADER_FIELDS = [
    ("layout", "u1"), ("names", "u1"), ("numbers", "u1"), ("items", "u1"), ("tokens", "<u4"),
    ("version", "<u8"), ("published_ms", "<i8"), ("digest", "<u8"), ("length", "<u4"),
    ("body_width", "<u2"), ("head_width", "<u2"), ("flags", "u1"), ("lang", "S3"),
]  # fmt: skip
_UNDATED = -(1 << 63)
_HAS_SOURCE, _HAS_TAG, _IS_WIDE, IS_REVISION = 1, 2, 4, 8
_COMPACT, _WIDE = "cp1251", "utf-8"

REVISING = frozenset({"correction", "update", "repeat"})
"""Headline tags that say: this item was sent before."""

Vector = NDArray[np.int8]
Rows = NDArray[np.uint8]
Ids = NDArray[np.uint32]
Weights = NDArray[np.uint8]


class Header(NamedTuple):
    """The fixed beginning of a payload."""

    layout: int
    names: int
    numbers: int
    items: int
    tokens: int
    version: int
    published_ms: int
    digest: int
    length: int
    body_width: int
    head_width: int
    flags: int
    lang: bytes


class Fingerprint:
    """All derived features of one article. Arrays are read-only views of ``payload``."""

    __slots__ = ("_texts", "bands", "payload")

    def __init__(self, payload: bytes, bands: bytes = b"") -> None:
        """A view of what ``pack`` made; ``checked`` is for payloads of unknown origin."""
        self.payload = payload
        self.bands = bands
        """LSH bucket keys, eight bytes each; not packed, so empty on a stored fingerprint."""
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
        if len(payload) < _HEADER.size or len(payload) != cls(payload).header.length:
            raise ValueError(f"fingerprint of {len(payload)} bytes is cut short")
        view = cls(payload)
        header, texts = view.header, len(view._text)
        # Behind the vectors and anchors: id, title, source, tag, and a form of each anchor.
        expected = 4 + header.names + header.numbers
        if _texts_at(header) > len(payload) or texts != expected or not header.lang.isascii():
            raise ValueError(f"fingerprint with {texts} texts, expected {expected} at its end")
        return view

    @classmethod
    def pack(
        cls,
        *,
        article_id: str,
        version: int,
        lang: str,
        title: str,
        source: str | None,
        tag: str | None,
        published_ms: int | None,
        digest: int,
        token_count: int,
        items: int,
        shingle_rows: Rows,
        template_rows: Rows,
        names: Ids,
        name_weights: Weights,
        numbers: Ids,
        number_weights: Weights,
        surfaces: Sequence[str],
        body_vector: Vector,
        head_vector: Vector,
        bands: bytes = b"",
    ) -> Self:
        """The fingerprint with these features; the properties say what they are."""
        encoding, text = _encoded([article_id, title, source or "", tag or "", *surfaces])
        body = b"".join(
            [
                shingle_rows.tobytes(),
                template_rows.tobytes(),
                body_vector.tobytes(),
                head_vector.tobytes(),
                names.tobytes(),
                numbers.tobytes(),
                name_weights.tobytes(),
                number_weights.tobytes(),
                text,
            ]
        )
        header = _HEADER.pack(
            LAYOUT,
            len(names),
            len(numbers),
            items,
            token_count,
            version,
            _UNDATED if published_ms is None else published_ms,
            digest,
            _HEADER.size + len(body),
            len(body_vector),
            len(head_vector),
            _HAS_SOURCE * (source is not None)
            | _HAS_TAG * (tag is not None)
            | _IS_WIDE * (encoding == _WIDE)
            | IS_REVISION * (tag in REVISING),
            lang.encode("ascii"),
        )
        return cls(header + body, bands)

    @property
    def article_id(self) -> str:
        return self._text[0]

    @property
    def version(self) -> int:
        return self.header.version

    @property
    def lang(self) -> str:
        """ISO 639-1, or ``und``."""
        return self.header.lang.rstrip(b"\0").decode()

    @property
    def title(self) -> str:
        return self._text[1]

    @property
    def source(self) -> str | None:
        return self._text[2] if self.header.flags & _HAS_SOURCE else None

    @property
    def tag(self) -> str | None:
        """What the headline said of itself: ``correction``, ``update``, ...; or None."""
        return self._text[3] if self.header.flags & _HAS_TAG else None

    @property
    def published_ms(self) -> int | None:
        """Event time, milliseconds since 1970 UTC."""
        moment = self.header.published_ms
        return None if moment == _UNDATED else moment

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
    def shingle_rows(self) -> Rows:
        """Low bytes of the MinHash over word shingles, shape (64,)."""
        return np.frombuffer(self.payload, np.uint8, SHINGLE_ROWS, _HEADER.size)

    @property
    def template_rows(self) -> Rows:
        """The same with capitalised words and numbers masked, shape (16,)."""
        return np.frombuffer(self.payload, np.uint8, TEMPLATE_ROWS, _HEADER.size + SHINGLE_ROWS)

    @property
    def body_vector(self) -> Vector:
        """Embedding of title and body times 127, shape (256,) for the bundled encoder."""
        return np.frombuffer(self.payload, np.int8, self.header.body_width, _VECTORS)

    @property
    def head_vector(self) -> Vector:
        """Embeddings of title and of lead side by side, times 127; see ``Encoder``."""
        header = self.header
        return np.frombuffer(self.payload, np.int8, header.head_width, _VECTORS + header.body_width)

    @property
    def names(self) -> Ids:
        """Sorted ids of names; see ``AnchorTable`` for ids and weights."""
        header = self.header
        return np.frombuffer(self.payload, np.uint32, header.names, _anchors_at(header))

    @property
    def numbers(self) -> Ids:
        """Sorted ids of numbers and dates."""
        header = self.header
        return np.frombuffer(
            self.payload, np.uint32, header.numbers, _anchors_at(header) + 4 * header.names
        )

    @property
    def name_weights(self) -> Weights:
        header = self.header
        start = _anchors_at(header) + 4 * (header.names + header.numbers)
        return np.frombuffer(self.payload, np.uint8, header.names, start)

    @property
    def number_weights(self) -> Weights:
        header = self.header
        start = _anchors_at(header) + 5 * header.names + 4 * header.numbers
        return np.frombuffer(self.payload, np.uint8, header.numbers, start)

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Original forms of names, then of numbers; empty for those of least weight."""
        return tuple(self._text[4:])

    @property
    def header(self) -> Header:
        return Header._make(_HEADER.unpack_from(self.payload))

    @property
    def _text(self) -> list[str]:
        if self._texts is None:
            header = self.header
            start = _texts_at(header)
            encoding = _WIDE if header.flags & _IS_WIDE else _COMPACT
            self._texts = self.payload[start:].decode(encoding).split("\0")
        return self._texts


_VECTORS = _HEADER.size + SHINGLE_ROWS + TEMPLATE_ROWS
"""Where the vectors begin."""


def _anchors_at(header: Header) -> int:
    return _VECTORS + header.body_width + header.head_width


def _texts_at(header: Header) -> int:
    return _anchors_at(header) + 5 * (header.names + header.numbers)


def _encoded(parts: list[str]) -> tuple[str, bytes]:
    text = "\0".join(parts)
    try:
        return _COMPACT, text.encode(_COMPACT)
    except UnicodeEncodeError:
        return _WIDE, text.encode(_WIDE, "replace")


def fixed_parts(prints: Sequence[Fingerprint]) -> NDArray[np.void]:
    """Header and vectors of at least one fingerprint as an array of records, shape (n,).

    Fields: ``names``, ``numbers`` (their counts), ``items``, ``tokens``, ``digest``, ``flags``,
    ``lang`` (bytes), ``shingle_rows``, ``template_rows``, ``body``, ``head``.

    Raises:
        ValueError: they are of encoders of different widths.
    """
    first = prints[0].header
    size = _anchors_at(first)
    widths = first.body_width, first.head_width
    joined = b"".join([one.payload[:size] for one in prints])
    if len(joined) == size * len(prints):
        records: NDArray[np.void] = np.frombuffer(joined, _record(*widths))
        if ((records["body_width"] == widths[0]) & (records["head_width"] == widths[1])).all():
            return records
    raise ValueError(f"fingerprints of two encoders in one batch; the first has widths {widths}")


_RECORDS: dict[tuple[int, int], np.dtype[np.void]] = {}


def _record(body_width: int, head_width: int) -> np.dtype[np.void]:
    widths = body_width, head_width
    if widths not in _RECORDS:
        vectors: list[Any] = [
            ("shingle_rows", "u1", (SHINGLE_ROWS,)),
            ("template_rows", "u1", (TEMPLATE_ROWS,)),
            ("body", "i1", (body_width,)),
            ("head", "i1", (head_width,)),
        ]
        _RECORDS[widths] = np.dtype([*_HEADER_FIELDS, *vectors])
    return _RECORDS[widths]


def anchor_parts(prints: Sequence[Fingerprint], fixed: NDArray[np.void]) -> tuple[Ids, Weights]:
    """Ids and weights of all anchors, end to end: names, then numbers of each fingerprint.

    Args:
        prints: at least one.
        fixed: their ``fixed_parts``.
    """
    start = fixed.dtype.itemsize
    counts = fixed["names"].astype(np.intp) + fixed["numbers"]
    middles = (start + 4 * counts).tolist()
    ends = (start + 5 * counts).tolist()
    payloads = [one.payload for one in prints]
    ids = b"".join([one[start:middle] for one, middle in zip(payloads, middles, strict=True)])
    weights = b"".join(
        [one[middle:end] for one, middle, end in zip(payloads, middles, ends, strict=True)]
    )
    return np.frombuffer(ids, np.uint32), np.frombuffer(weights, np.uint8)
