"""Articles in their own contract as JSON: one a line, or a list of them, or one over many lines.

Lines are judged one by one: a bad one costs itself. What is written over many lines is read
value by value, up to the first that is no JSON.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import islice

from workers.errors import Unprocessable
from workers.feeds.reader import LONGEST_FRAGMENT, BadItem, Document, Item
from workers.feeds.readers.values import NoJson, unread, values
from workers.state.entries import Entry, article_of
from workers.state.readable_id import readable_id

_REMEDY = "write one JSON object a line, as UTF-8, with 'id' and 'title' or 'text'"
_WORDS = ("title", "text", "status")
"""Fields of which an article has one."""
_MOST_LOOKED_AT = 20_000
"""Lines in which an article stands, if there is any: of ten megabytes without, all would take a
quarter of a minute."""
_FOREIGN = frozenset({"error", "errors", "$schema", "@context"})
"""Names that an answer of an API, a JSON Schema and linked data begin with."""


class JsonLines:
    """Articles as ``{NS}:articles`` takes them; blank lines are no input."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        yield from _lines(document) if is_lines(document.text) else _values(document)


def looks_like(value: object) -> bool:
    """Whether a JSON value is an article by its fields: no API's error, no schema."""
    if not isinstance(value, dict) or "id" not in value or not _FOREIGN.isdisjoint(value):
        return False
    said = [value[name] for name in _WORDS if name in value]
    return bool(said) and not any(isinstance(each, dict | int) for each in said)


def objects(text: bytes) -> Iterator[dict[str, object]]:
    """The JSON objects that stand on a line each, of the first ``_MOST_LOOKED_AT`` lines."""
    for line in islice(BytesIO(text), _MOST_LOOKED_AT):
        stripped = line.strip()
        if stripped.startswith(b"{") and stripped.endswith(b"}"):
            with suppress(ValueError, RecursionError):
                yield json.loads(stripped)


def is_lines(text: bytes) -> bool:
    """Whether it is to be read line by line: the first object ends on its line, or, where that is
    broken, an article does.
    """
    begun = text.lstrip()
    first, _, rest = begun.partition(b"\n")
    if begun.startswith(b"[") and not first.rstrip().endswith(b"]"):
        return False
    return any(True for _ in objects(first)) or any(map(looks_like, objects(rest)))


def _lines(document: Document) -> Iterator[Item]:
    for number, line in enumerate(BytesIO(document.text), start=1):
        if line.strip():
            yield _article(line.removesuffix(b"\n"), f"line {number}")


def _values(document: Document) -> Iterator[Item]:
    text = document.text.decode()
    line, at = 1, 0
    try:
        for found in values(text):
            line, at = line + text.count("\n", at, found.start), found.start
            yield _article(text[found.start : found.stop].encode(), f"line {line}")
    except NoJson as error:
        yield unread(text, error, _REMEDY)


def _article(source: bytes, where: str) -> Item:
    entry = Entry("", {b"data": source})
    try:
        return article_of(entry, len(source))
    except Unprocessable as error:
        fragment = source[:LONGEST_FRAGMENT]
        return BadItem(where, error.detail, _REMEDY, fragment, readable_id(entry))
