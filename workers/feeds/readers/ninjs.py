"""IPTC ninjs 1.x to 3.x, and as Superdesk writes it: news in JSON.

Schemas: ``ninjs-schema_1.6.json``, ``_2.2`` and ``_3.1`` of iptc/newsinjson. 3.x has the
properties of 2.x in camelCase (user guide, «Differences between ninjs 1.x, 2.x and 3.x»), so
names are compared in lower case; ``embargoed`` is ``embargoedUntil`` there. Superdesk, in whose
editors many agencies write, has ``guid`` in place of ``uri``, ``source``, ``signal``, and
``evolvedfrom`` in an update, which is a new item (its ``docs/superdesk-ninjs-schema.json``).

A document is one item, a list of items, one item a line, or what an API answers around them; a
text item among ``associations`` that has a body of its own is an item too. What the schema calls
metadata costs a note where it is wrong; without an identifier, or without words, there is no item.

There is no address of a page: ``uri`` names the item, and the schema says not to use it for links.
"""

from collections.abc import Iterator
from typing import Any

from workers.feeds.reader import (
    BadField,
    BadItem,
    Document,
    Item,
    Note,
    Skipped,
    article,
    bad,
    placed,
)
from workers.feeds.readers import fields
from workers.feeds.readers.ninjs_item import (
    REMEDY,
    Properties,
    has_body,
    identifier,
    lowered,
    mapped,
    objects,
    status_of,
)
from workers.feeds.readers.values import NoJson, source_of, type_of, unread, values

_TEXT = frozenset({"text", "preformatted"})
"""Values of ``type`` that carry words of their own; the schema leaves ``type`` optional.
Superdesk has the second for text in columns."""
_NO_TEXT = frozenset(
    "picture graphic audio video animation component event planning assignment "
    "image photo gallery".split()
)
"""Those that don't, whatever their body says. Of any other the body tells: a ``composite`` is an
article of many parts or nothing but a list of them, and ``story`` is no value of the schema."""
_MEDIA = {"image": "picture", "audio": "audio", "video": "video"}
_OWN = frozenset(
    "headline headlines bodies body_text body_html body_xhtml pubstatus versioncreated "
    "firstcreated contentcreated representationtype copyrightholder copyrightnotice usageterms "
    "renditions associations infosource infosources eventdetails plannedcoverage "
    "embargoeduntil".split()
)
"""Properties that other JSON does not have."""
_ERRORS = frozenset("error errors message detail code status".split())
_AROUND = ("item", "items", "_items", "data")
"""In which APIs put items, one within the other."""
_DEEPEST = 4
"""Associations within associations that are looked into, and answers around items."""


class Ninjs:
    """Items of ninjs."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        for where, value in _values(document):
            if isinstance(value, BadItem):
                yield value
            else:
                yield from _items(value, where, document.origin)


def looks_like(value: object) -> bool:
    """Whether a JSON value is ninjs by its structure: an item, one that lacks its identifier, a
    list with one, or an answer around them. No article in our own contract, no JSON Feed, no
    error of an API.
    """
    return any(_is_item(each) for _, each in _within(value, "$"))


def _is_item(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    item = lowered(value)
    own = len(_OWN & item.keys())
    if identifier(item):
        is_bare = not item.get("guid") and "id" not in item and not _ERRORS & item.keys()
        return bool(own) or is_bare
    return own > 1 and not item.keys() & {"id", "@context"}


def _within(value: object, where: str, depth: int = 0) -> Iterator[tuple[str, object]]:
    """The items of a list or an answer, each with its place; a value that is neither is itself."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _answered(each, f"{where}[{number}]", depth)
    else:
        yield from _answered(value, where, depth)


def _answered(value: object, where: str, depth: int) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and depth < _DEEPEST and not _is_item(value):
        for name in _AROUND:
            inner = value.get(name)
            if isinstance(inner, dict | list):
                found = list(_within(inner, f"{where}.{name}", depth + 1))
                if any(_is_item(each) for _, each in found):
                    yield from found
                    return
    yield where, value


def _values(document: Document) -> Iterator[tuple[str, object]]:
    """The items of a document, each with its place, and what is no JSON."""
    lines = [each for each in enumerate(document.text.split(b"\n"), start=1) if each[1].strip()]
    if len(lines) > 1 and all(line.lstrip().startswith(b"{") for _, line in lines):
        for number, line in lines:  # a broken one costs itself
            yield from _read(line.decode(), f"line {number}, ", number)
    else:
        yield from _read(document.text.decode(), "", 1)


def _read(text: str, before: str, line: int) -> Iterator[tuple[str, object]]:
    in_list = text.lstrip().startswith("[")
    number = -1
    try:
        for number, found in enumerate(values(text)):
            yield from _answered(found.value, f"{before}${f'[{number}]' if in_list else ''}", 0)
    except NoJson as error:
        yield "", unread(text, error, REMEDY, line)
    else:
        if number < 0 and not in_list:
            yield "", unread(text, NoJson("not JSON: empty", 0), REMEDY, line)


def _items(value: Any, where: str, origin: str, depth: int = 0) -> Iterator[Item]:
    source = source_of(value)
    if not isinstance(value, dict):
        yield BadItem(where, f"{type_of(value)}, expected an object", REMEDY, source)
        return
    item = lowered(value)
    notes: list[Note] = []
    try:
        kind = _other_kind(item)
        found: Item = (
            Skipped(where, kind) if kind else article(mapped(item, origin, notes), where, source)
        )
    except BadField as error:
        found = bad(error, where, source, identifier(item) or None)
    yield from placed(notes, where)
    yield found
    if depth < _DEEPEST:
        for name, each in objects(item.get("associations")):
            inner = lowered(each)
            if identifier(inner) and inner.get("type", "text") == "text" and has_body(inner):
                yield from _items(each, f"{where}.associations{name}", origin, depth + 1)


def _other_kind(item: Properties) -> str | None:
    """What an item is that is no text; without ``type`` by what only such an item has."""
    named = item.get("type")
    if named is None:
        return _untyped(item)
    if not isinstance(named, str):
        raise BadField(".type", f"{fields.shown(named)}, expected text", REMEDY)
    kind = fields.newscode(named).lower() or "text"
    if kind in _NO_TEXT:
        return kind
    # Without an identifier it may be no ninjs, and its words be where nothing here looks.
    if kind in _TEXT or has_body(item) or not identifier(item):
        return None
    return None if kind == "composite" and status_of(item, []) == "canceled" else kind


def _untyped(item: Properties) -> str | None:
    """``eventDetails`` and ``plannedCoverage`` are of 3.x, the other names of Superdesk."""
    if "eventdetails" in item or "occur_status" in item or isinstance(item.get("dates"), dict):
        return "event"
    if "plannedcoverage" in item or "planning_date" in item or "coverages" in item:
        return "planning"
    if has_body(item):
        return None
    media = _media(item)
    if media and media <= _MEDIA.keys():
        return _MEDIA[min(media)]
    words = any(key.startswith(("headline", "title", "description")) for key in item)
    return "renditions" if item.get("renditions") and not words else None


def _media(item: Properties) -> set[str]:
    """What an item is made of: the first half of its media types, and of its renditions'."""
    parts = [item, *(lowered(each) for _, each in objects(item.get("renditions")))]
    types = (each.get(name) for each in parts for name in ("mimetype", "contenttype"))
    return {each.partition("/")[0].lower() for each in types if isinstance(each, str) and each}
