"""A fingerprint as bytes and back: what Redis keeps of an article.

    layout  1 byte, 1 for this one
    counts  names, numbers, items: 1 byte each
    header  token count u32, version u64, published ms i64, digest u64, widths of
            body and head vector u16, flags u8, padding
    arrays  names u32, numbers u32, their weights u8, 64 + 16 MinHash rows u8,
            body and head vector i8
    text    id, lang, title, source, tag and surfaces, NUL between them

All integers are little-endian, and ids stand first so that they are aligned. Text is
Windows-1251 where that holds every character (half the size for Russian), else UTF-8.
A 3 kB article takes about 1.1 kB; packing takes some 10 µs, unpacking 20 (shared machine).
"""

import struct

import numpy as np

from service.fingerprints.fingerprint import TEMPLATE_ROWS, Fingerprint
from service.fingerprints.minhash import SHINGLE_ROWS

LAYOUT = 1
_HEADER = struct.Struct("<BBBBIQqQHHBxxx")
_UNDATED = -(1 << 63)
_HAS_SOURCE, _HAS_TAG, _IS_WIDE = 1, 2, 4
_COMPACT, _WIDE = "cp1251", "utf-8"


def pack(fingerprint: Fingerprint) -> bytes:
    """The fingerprint without its bands."""
    encoding, text = _encoded(fingerprint)
    published = fingerprint.published_ms
    header = _HEADER.pack(
        LAYOUT,
        len(fingerprint.names),
        len(fingerprint.numbers),
        fingerprint.items,
        fingerprint.token_count,
        fingerprint.version,
        _UNDATED if published is None else published,
        fingerprint.digest,
        len(fingerprint.body_vector),
        len(fingerprint.head_vector),
        _HAS_SOURCE * (fingerprint.source is not None)
        | _HAS_TAG * (fingerprint.tag is not None)
        | _IS_WIDE * (encoding == _WIDE),
    )
    arrays = (
        fingerprint.names,
        fingerprint.numbers,
        fingerprint.name_weights,
        fingerprint.number_weights,
        fingerprint.shingle_rows,
        fingerprint.template_rows,
        fingerprint.body_vector,
        fingerprint.head_vector,
    )
    return b"".join([header, *[array.tobytes() for array in arrays], text])


def unpack(payload: bytes) -> Fingerprint:
    """The fingerprint of ``pack``; its bands are empty.

    Raises:
        ValueError: the payload has another layout, or is cut short.
    """
    if not payload or payload[0] != LAYOUT:
        found = payload[0] if payload else "nothing"
        raise ValueError(
            f"fingerprint layout {found}: expected {LAYOUT}; was it written by a newer version?"
        )
    try:
        return _unpacked(payload)
    except (struct.error, ValueError, IndexError) as error:
        raise ValueError(f"fingerprint of {len(payload)} bytes is cut short: {error}") from error


def _unpacked(payload: bytes) -> Fingerprint:
    _, names, numbers, items, tokens, version, published, digest, body, head, flags = (
        _HEADER.unpack_from(payload)
    )
    ids = np.frombuffer(payload, np.uint32, names + numbers, _HEADER.size)
    start = _HEADER.size + 4 * (names + numbers)
    ends_text = start + names + numbers + SHINGLE_ROWS + TEMPLATE_ROWS + body + head
    octets = np.frombuffer(payload, np.uint8, ends_text - start, start)
    weights, rows = names + numbers, names + numbers + SHINGLE_ROWS
    vectors = octets[rows + TEMPLATE_ROWS :].view(np.int8)
    article_id, lang, title, source, tag, *surfaces = (
        payload[ends_text:].decode(_WIDE if flags & _IS_WIDE else _COMPACT).split("\0")
    )
    return Fingerprint(
        article_id=article_id,
        version=version,
        lang=lang,
        title=title,
        source=source if flags & _HAS_SOURCE else None,
        tag=tag if flags & _HAS_TAG else None,
        published_ms=None if published == _UNDATED else published,
        digest=digest,
        token_count=tokens,
        items=items,
        shingle_rows=octets[weights:rows],
        template_rows=octets[rows : rows + TEMPLATE_ROWS],
        names=ids[:names],
        name_weights=octets[:names],
        numbers=ids[names:],
        number_weights=octets[names:weights],
        surfaces=tuple(surfaces),
        body_vector=vectors[:body],
        head_vector=vectors[body:],
        bands=b"",
    )


def _encoded(fingerprint: Fingerprint) -> tuple[str, bytes]:
    text = "\0".join(
        [
            fingerprint.article_id,
            fingerprint.lang,
            fingerprint.title,
            fingerprint.source or "",
            fingerprint.tag or "",
            *fingerprint.surfaces,
        ]
    )
    try:
        return _COMPACT, text.encode(_COMPACT)
    except UnicodeEncodeError:
        return _WIDE, text.encode(_WIDE, "replace")
