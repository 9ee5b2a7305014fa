"""The id in an entry that is no article: by it its sender will ask what became of the item.

The body may be broken, or of any size, so it is not parsed: a look at its first tokens finds
``"id"`` among the members of the outermost object. Strings are skipped whole, and a body of
brackets ends the look early, so it costs a copy of the body at the most.
"""

import json
import re
from itertools import islice

from contracts.fields import MAX_ID_BYTES
from workers.state.entries import Entry, body_of

_TOKEN = re.compile(
    rb"""
      "[^"\\]*+(?:\\.[^"\\]*+)*(?:"|\\?\Z)  # a string, or one that is not closed
    | [{}\[\]:,]
    | [^"{}\[\]:,\s]++                       # a number, true, null, or what is no JSON
    """,
    re.DOTALL | re.VERBOSE,
)
_MOST_TOKENS = 10_000
"""An article has some thirty."""
_MOST_WRITTEN = 6 * MAX_ID_BYTES + 2
"""Bytes of an id as JSON: each may be written as ``\\u0000``."""


def readable_id(entry: Entry) -> str | None:
    """The id that an entry gives, as the article's contract would read it; None if it gives none,
    or one that is too long to be one.
    """
    body = body_of(entry)
    if body is None:
        return readable(entry.fields.get(b"id", b"").decode("utf-8", "replace"))
    return _member(body)


def readable(value: str) -> str | None:
    """An id as it is asked for, without lone surrogates, which no address can hold; None of one
    that is empty or too long.
    """
    cleaned = value.encode("utf-8", "replace").decode().strip()
    return cleaned if 0 < len(cleaned.encode()) <= MAX_ID_BYTES else None


def _member(body: bytes) -> str | None:
    depth, name, before = 0, b"", b""
    for token in islice(_TOKEN.finditer(body), _MOST_TOKENS):
        word = token[0]
        if not depth and word != b"{":
            return None
        if depth == 1 and name == b'"id"' and before == b":":
            return _read(word)
        if word in (b"{", b"["):
            depth += 1
        elif word in (b"}", b"]"):
            depth -= 1
        elif word == b":":
            name = before
        before = word
    return None


def _read(word: bytes) -> str | None:
    if len(word) > _MOST_WRITTEN:
        return None
    try:
        value = json.loads(word.decode("utf-8", "replace"), strict=False)
    except ValueError:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return readable(str(value))
