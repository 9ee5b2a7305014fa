"""What a reader is: one document in; articles, bad items and skipped items out.

A bad item never costs its neighbours: readers yield it and go on. Nothing that a document
holds makes a reader raise.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from contracts.article import Article
from contracts.fields import Most
from workers.errors import Unprocessable
from workers.state.entries import validated
from workers.state.readable_id import readable

LONGEST_FRAGMENT = 4_000
"""Bytes of a bad item that its dead letter shows: enough to see what is wrong, and a
document of nothing but bad items stays bounded."""
REMEDY = "correct it at its source"
_BESIDE = {
    name: most
    for name in ("source", "slug", "lang", "url")
    for most in Article.model_fields[name].metadata
    if isinstance(most, Most)
}
"""What stands beside a text: too much of it is no reason to refuse the text."""
_NAMES = frozenset({"source", "slug"})
"""Of these a beginning is worth more than nothing."""


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
    version kills every version, which one of version 1 would not. A name that is longer than the
    contract takes is cut, a language or an address left out.
    """
    kept = {name: _bounded(name, value) for name, value in fields.items()}
    said = {name: value for name, value in kept.items() if value not in (None, "", [])}
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
    most = _BESIDE.get(name)
    if most is None or not isinstance(value, str):
        return value
    beginning = (
        value[: most.chars].encode("utf-8", "replace")[: most.size].decode("utf-8", "ignore")
    )
    return value if beginning == value else beginning if name in _NAMES else None


def bad(error: BadField, where: str, fragment: bytes, article_id: str | None = None) -> BadItem:
    """The bad item for a field of the item at ``where``."""
    return BadItem(
        f"{where}{error.where}",
        error.detail,
        error.remedy,
        fragment[:LONGEST_FRAGMENT],
        readable(article_id or ""),
    )


def placed(notes: Iterable[Note], where: str) -> Iterator[Note]:
    """Notes on the fields of the item at ``where``."""
    for each in notes:
        yield Note(f"{where}{each.where}", each.detail)
