"""IPTC ninjs 2.x and 3.x, and the names of 1.x: news in JSON.

Schemas: ``ninjs-schema_2.x.json`` and ``ninjs-schema_3.x.json`` of iptc/newsinjson. 3.x has the
properties of 2.x in camelCase (user guide, «Differences between ninjs 1.x, 2.x and 3.x»), so
names are compared in lower case. A document is one item, a list of items, or one item a line;
a text item among ``associations`` that has a body of its own is an item too.

ninjs has no signals and no address of a page: ``uri`` names the item, and the schema says not
to use it for links.
"""

import json
from collections.abc import Iterator
from typing import Any

from workers.feeds.reader import (
    LONGEST_FRAGMENT,
    BadField,
    BadItem,
    Document,
    Item,
    Skipped,
    article,
    bad,
)
from workers.feeds.readers import fields
from workers.feeds.readers.markup import text_of

_TEXT = frozenset({"text", "composite"})
"""Values of ``type`` that carry words of their own; the schema leaves ``type`` optional."""
_PLAIN = frozenset({"text/plain"})
_MAIN = frozenset({"main", "headline", "text", "body", "html", "xhtml", "nitf"})
"""Roles are the provider's choice (schema, ``headlines`` and ``bodies``); these name the whole."""
_DEEPEST = 4
"""Associations within associations that are looked into."""
_REMEDY = "correct it at its source; see the ninjs schema"

Properties = dict[str, Any]


class Ninjs:
    """Items of ninjs."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        for start, value in _values(document.text):
            if isinstance(value, BadItem):
                yield value
            elif isinstance(value, list):
                for number, each in enumerate(value):
                    yield from _items(each, f"{start}$[{number}]", 0)
            else:
                yield from _items(value, f"{start}$", 0)


def looks_like(value: object) -> bool:
    """Whether a JSON value is an item by its names: an identifier, and no article's own."""
    if not isinstance(value, dict):
        return False
    names = {name.lower() for name in value}
    return bool(names & {"uri", "guid"}) and not ("id" in names and names & {"title", "text"})


def _values(document: bytes) -> Iterator[tuple[str, Any]]:
    """The JSON values of a document, each with a prefix of where it is."""
    try:
        yield "", _parsed(document)
    except (ValueError, RecursionError) as error:
        lines = [each for each in enumerate(document.split(b"\n"), start=1) if each[1].strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for _, line in lines):
            yield "", _no_json(error, "document", document)
            return
        for number, line in lines:
            try:
                yield f"line {number}, ", _parsed(line)
            except (ValueError, RecursionError) as fault:
                yield "", _no_json(fault, f"line {number}", line)


def _parsed(source: bytes) -> Any:
    return json.loads(source.decode())


def _no_json(error: Exception, where: str, source: bytes) -> BadItem:
    if isinstance(error, json.JSONDecodeError) and where == "document":
        where = f"line {error.lineno}"
    return BadItem(where, f"not JSON: {error}", _REMEDY, source[:LONGEST_FRAGMENT])


def _items(value: Any, where: str, depth: int) -> Iterator[Item]:
    source = _source_of(value)
    if not isinstance(value, dict):
        detail = f"JSON of type {type(value).__name__}, expected an object"
        yield BadItem(where, detail, _REMEDY, source)
        return
    item = {name.lower(): each for name, each in value.items()}
    try:
        kind = _text(item, "type") or "text"
        yield _article(item, where, source) if kind in _TEXT else Skipped(where, kind)
    except BadField as error:
        uri = item.get("uri")
        yield bad(error, where, source, uri if isinstance(uri, str) else None)
    associations = item.get("associations")
    if depth < _DEEPEST:
        for name, each in _each(associations):
            inner = {key.lower(): own for key, own in each.items()}
            is_text = inner.get("type", "text") == "text"
            if is_text and inner.get("uri") and (inner.get("bodies") or _suffixed(inner, "body")):
                yield from _items(each, f"{where}.associations{name}", depth + 1)


def _source_of(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")[:LONGEST_FRAGMENT]
    except RecursionError:  # writing nests deeper than reading
        return b""


def _article(item: Properties, where: str, source: bytes) -> Item:
    status = _text(item, "pubstatus")
    mapped = {
        "id": _uri(item),
        "title": _one_of(item, "headline") or _text(item, "title"),
        "text": _one_of(item, "body") or _one_of(item, "description"),
        "source": _supplier(item),
        "lang": _text(item, "language"),
        "published_at": _moment(item, "versioncreated", "contentcreated", "firstcreated"),
        "version": _version(item, status),
        "status": status,
        "embargoed": _moment(item, "embargoed"),
        "slug": _text(item, "slugline"),
        "replaces": _replaces(item),
    }
    return article(mapped, where, source)


def _uri(item: Properties) -> str:
    """The one property that the schemas require."""
    uri = _text(item, "uri")
    if not uri:
        raise BadField(".uri", "missing, expected the item's identifier", _REMEDY)
    return uri


def _version(item: Properties, status: str) -> int | None:
    """``version`` is a string of the provider's choice (schema); without one, the time of the
    version in seconds, so that the next one is higher. A kill without one is of all versions.
    """
    value = item.get("version")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
        item = {**item, "version": value}
    if text := _text(item, "version"):
        return fields.version(text, ".version")
    created = None if status == "canceled" else _moment(item, "versioncreated")
    return max(0, int(created.timestamp())) if created else None


def _moment(item: Properties, *names: str) -> Any:
    """The first of these times that the item has."""
    for name in names:
        if text := _text(item, name):
            return fields.moment(text, f".{name}")
    return None


def _supplier(item: Properties) -> str | None:
    """Who supplied the content: ``infosources``, else who owns it."""
    for _, source in _each(item.get("infosources", item.get("infosource"))):
        name = source.get("name") or source.get("literal")
        if isinstance(name, str) and name.strip():
            return name.strip()
    return _text(item, "copyrightholder") or None


def _replaces(item: Properties) -> str | None:
    """3.x: ``associations[].rel``; of the NewsCodes ``itemrelation`` one means the same item."""
    for _, each in _each(item.get("associations")):
        rel, uri = each.get("rel"), each.get("uri")
        if isinstance(rel, str) and fields.newscode(rel) == "previousVersion":
            return uri if isinstance(uri, str) and uri != item.get("uri") else None
    return None


def _one_of(item: Properties, name: str) -> str:
    """The main one of ``headlines``, ``bodies`` or ``descriptions``, without markup.

    2.x and 3.x: objects with ``value``, ``role`` and ``contenttype``; 1.x: ``body_xhtml`` …
    One that is not HTML is taken over one that is, a main role over others, the first else.
    """
    plural = "bodies" if name == "body" else f"{name}s"
    found: list[tuple[bool, bool, str]] = []
    for position, each in _each(item.get(plural), strict=f".{plural}"):
        lowered = {key.lower(): value for key, value in each.items()}
        value = lowered.get("value")
        if not isinstance(value, str):
            raise BadField(
                f".{plural}{position}.value", f"{fields.shown(value)}, expected text", _REMEDY
            )
        plain = str(lowered.get("contenttype", "")).partition(";")[0].strip().lower() in _PLAIN
        main = lowered.get("role") is None or str(lowered["role"]).lower() in _MAIN
        found.append((not main, not plain, value.strip() if plain else text_of(value)))
    found += [
        (False, not key.endswith("text"), text_of(value)) for key, value in _suffixed(item, name)
    ]
    words = [each for each in found if each[2]]
    return min(words, key=lambda each: each[:2])[2] if words else ""


def _suffixed(item: Properties, name: str) -> list[tuple[str, str]]:
    """Of 1.x: ``headline``, ``body_text``, ``description_caption`` and the like."""
    return [
        (key, value)
        for key, value in item.items()
        if (key == name or key.startswith(f"{name}_")) and isinstance(value, str)
    ]


def _each(value: Any, strict: str | None = None) -> Iterator[tuple[str, Properties]]:
    """The objects of a list (2.x, 3.x) or of an object by name (1.x), each with its place.

    Raises:
        BadField: with ``strict``, the path, if it is anything else.
    """
    if isinstance(value, list):
        found = [(f"[{number}]", each) for number, each in enumerate(value)]
    elif isinstance(value, dict):
        found = [(f".{name}", each) for name, each in value.items()]
    else:
        found = []
        if strict and value is not None:
            raise BadField(strict, f"{fields.shown(value)}, expected a list", _REMEDY)
    for place, each in found:
        if isinstance(each, dict):
            yield place, each
        elif strict:
            raise BadField(strict + place, f"{fields.shown(each)}, expected an object", _REMEDY)


def _text(item: Properties, name: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadField(f".{name}", f"{fields.shown(value)}, expected text", _REMEDY)
    return value.strip()
