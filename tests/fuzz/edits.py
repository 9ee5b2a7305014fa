"""Valid samples with bytes replaced: what is nearly right finds more than what is random."""

import random
from collections.abc import Sequence

Edit = tuple[float, int, bytes]
"""Where, as a part of the length; how many bytes go; what comes."""

PIECES = (
    b"<", b">", b"&", b"\0", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b"\xff", b"\xd0",
    b"<!DOCTYPE a>", b"<!ENTITY a SYSTEM 'file:///etc/passwd'>", b"&#0;", b"&a;", b"</", b"<item>",
    b"<![CDATA[", b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 40, b"-9223372036854775809",
    b"\\ud800", b"\\u0000", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r\n", b"\n", b"\x1b[31m",
    b"2026-11-22T10:00:00Z", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-12:00",
    b"http://[", b"http://127.1/", b"//@", b"%00", b"../", b"[" * 200, b"{" * 200, b"KILL: ",
    "ё".encode(), "İ".encode(), "ﬃ".encode(), "\u202e".encode(), "𝟙".encode(), b"a" * 3_000,
)  # fmt: skip


def edited(document: bytes, edits: Sequence[Edit]) -> bytes:
    """The document with all of them made, one after the other."""
    for where, length, new in edits:
        at = int(where * len(document))
        document = document[:at] + new + document[at + length :]
    return document


def drawn(rng: random.Random, samples: Sequence[bytes]) -> bytes:
    """One input: mostly a sample with some edits or parts of another one, else random bytes."""
    kind = rng.random()
    if kind < 0.08:
        return rng.randbytes(rng.randrange(200))
    document = rng.choice(samples)
    if kind < 0.16:
        return document[: rng.randrange(len(document) + 1)]
    if kind < 0.28:
        other = rng.choice(samples)
        at, upto = rng.randrange(len(document) + 1), rng.randrange(len(other) + 1)
        return document[:at] + other[upto:]
    return edited(document, [_edit(rng, document) for _ in range(rng.randrange(1, 7))])


def _edit(rng: random.Random, document: bytes) -> Edit:
    new = rng.choice(PIECES) if rng.random() < 0.6 else rng.randbytes(rng.randrange(5))
    if rng.random() < 0.2 and document:
        at = rng.randrange(len(document))
        new = document[at : at + rng.randrange(60)]
    return rng.random(), rng.choice([0, 0, 1, len(new), rng.randrange(40)]), new
