"""What a reader is: one document in; articles, bad items and skipped items out.

A bad item never costs its neighbours: readers yield it and go on. Nothing that a document
holds makes a reader raise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from sys import maxsize
from typing import Protocol

from contracts.article import Article
from workers.errors import Unprocessable
from workers.state.entries import validated
from workers.state.readable_id import readable

LONGEST_FRAGMENT = 4_000
"""Bytes of a bad item that its dead letter shows: enough to see what is wrong, and a
document of nothing but bad items stays bounded."""
REMEDY = "correct it at its source"
_CUT_AT = {"source": 384, "slug": 384}
"""Characters, which take no more bytes than the article's contract lets these fields have."""
_LEFT_OUT_FROM = {"lang": 65, "url": 8_193}
"""Bytes: what is longer is none, and a part of it would be another one."""


@dataclass(frozen=True, slots=True)
class BadItem:
    """An item, or a whole document, that can't become an article."""

    where: str
    """Line, and the element or field: ``line 12, newsItem[2]/@version``."""
    detail: str
    """What was wrong: expected and actual value."""
    remedy: str
    """What a person can do."""
    fragment: bytes
    """The beginning of the item as it came; at most ``LONGEST_FRAGMENT`` bytes."""
    article_id: str | None = None
    """Where it can be read."""


@dataclass(frozen=True, slots=True)
class NotUnderstood(BadItem):
    """A document of none of its items: the whole is something else than what was expected."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that is no text, such as a picture or a list of links: nothing is wrong with it."""

    where: str
    kind: str
    """What it is, in the format's own word."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a document says wrongly and that cost no item: it is counted and shown."""

    where: str
    detail: str
    """What was wrong, and what was taken instead."""


Item = Article | BadItem | Skipped | Note


@dataclass(frozen=True, slots=True)
class Document:
    """A document as readers are given it."""

    text: bytes
    """UTF-8 without a byte order mark, whatever its XML declaration says."""
    origin: str
    """The file or address that it came from; it goes into the ids of items that have none of
    their own, and relative addresses are taken from it."""
    notes: tuple[Note, ...] = ()
    """On how it was decoded."""
    binary: str = ""
    """What it is by its first bytes, such as ``a PDF``, where that is no text; else empty."""


class Reader(Protocol):
    """Reads the documents of one format. Of text that is none of it one bad item is enough."""

    def read(self, document: Document) -> Iterator[Item]:
        """The items of a document, in its order. Never raises."""


class BadField(Exception):
    """A field of an item holds what its standard does not allow."""

    def __init__(self, where: str, detail: str, remedy: str = REMEDY) -> None:
        super().__init__(f"{where}: {detail}")
        self.where = where
        self.detail = detail
        self.remedy = remedy


def article(fields: Mapping[str, object], where: str, fragment: bytes) -> Article | BadItem:
    """The article that mapped fields make, or what is wrong with them.

    Fields that the feed said nothing about (None, or empty) stay unset: a kill without a
    version kills every version, which one of version 1 would not. A source, slug, language or
    address that is too long costs itself, not the text.
    """
    bounded = {name: _bounded(name, value) for name, value in fields.items()}
    said = {name: value for name, value in bounded.items() if value not in (None, "", [])}
    try:
        return validated(said)
    except Unprocessable as error:
        return BadItem(
            where,
            error.detail,
            REMEDY,
            fragment[:LONGEST_FRAGMENT],
            readable(str(fields.get("id") or "")),
        )


def _bounded(name: str, value: object) -> object:
    if not isinstance(value, str) or name not in {*_CUT_AT, *_LEFT_OUT_FROM}:
        return value
    if len(value.encode("utf-8", "replace")) >= _LEFT_OUT_FROM.get(name, maxsize):
        return None
    return value[: _CUT_AT.get(name)]


def bad(error: BadField, where: str, fragment: bytes, article_id: str | None = None) -> BadItem:
    """The bad item for a field of the item at ``where``."""
    return BadItem(
        f"{where}{error.where}",
        error.detail,
        error.remedy,
        fragment[:LONGEST_FRAGMENT],
        readable(article_id or ""),
    )
