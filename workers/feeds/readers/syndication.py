"""RSS 0.9x, 1.0 and 2.0, and Atom, by feedparser; tombstones and drafts by the safe parser.

What a feed says of an item's life:

- Identity: ``guid`` (RSS 2.0) or ``id`` (RFC 4287, 4.2.6); else the link; else a hash of title
  and text. A ``guid`` that is no URI is unique in its feed only, so the feed's name goes before.
- Version: the update time in seconds (``atom:updated``, ``dcterms:modified``), so a later update
  is higher. ``pubDate`` is no update: without one there is no version, and the poller counts.
- Status: ``app:draft`` (RFC 5023, 13.1.1) is withheld; ``at:deleted-entry`` (RFC 6721) canceled,
  whatever its version, unless the same feed holds a later entry of that id.

Feeds that are not well-formed are read as far as feedparser makes sense of them, and the fault
is told once; the last item of one that breaks off is not trusted.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from workers.feeds.reader import BadField, BadItem, Document, Item, article, bad
from workers.feeds.readers import fields
from workers.feeds.readers.entries import parsed
from workers.feeds.readers.ids import unique
from workers.feeds.readers.markup import text_of
from workers.feeds.readers.xml import Node, Tree, fragment, tree

_ITEMS = frozenset({"item", "entry", "deleted-entry"})
_ENDS = re.compile(rb"</[\w.-]*:?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_TAIL = 200
"""Bytes at the end of a document in which its root element ends."""
_MOST_LENIENT = 1_000_000
"""Bytes of a feed that is not well-formed and read all the same: on a megabyte of broken tags
feedparser's lenient parser takes six seconds. Feeds of the web have a tenth of that."""
_REMEDY = "send well-formed RSS or Atom"


class Syndication:
    """Items of RSS and Atom."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        text, origin = document.text, document.origin
        found = tree(text, _ITEMS)
        if found.fault and (found.fault.forbidden or len(text) > _MOST_LENIENT):
            yield _broken(text, found)
            return
        feed, entries = parsed(text)
        if not feed and not entries:
            yield _no_feed(text, found)
            return
        nodes: list[Node | None] = [node for node in found.items if node.tag != "deleted-entry"]
        if found.fault:
            yield _broken(text, found)
            nodes = []  # feedparser reads on where the parser ended: they no longer pair
            if not _ENDS.search(text[-_TAIL:]):
                entries = entries[:-1]
        if len(nodes) != len(entries):
            nodes = [None] * len(entries)
        graves = _graves(found)
        for number, (entry, node) in enumerate(zip(entries, nodes, strict=True), start=1):
            if _outlived(entry, graves):
                continue
            where = f"line {node.line}, {node.tag}[{number}]" if node else f"item[{number}]"
            source = fragment(text, node) if node else b""
            yield article(_mapped(entry, node, feed, origin), where, source)
        yield from _deleted(text, found, entries, _said(feed, "link") or origin)


def _mapped(
    entry: dict[str, Any], node: Node | None, feed: dict[str, Any], origin: str
) -> dict[str, object]:
    title, text = text_of(_said(entry, "title")), _content(entry)
    link = _said(entry, "link")
    updated = _moment(entry, "updated_parsed")
    return {
        "id": _id(entry, link, title, text, _said(feed, "link") or origin),
        "title": title,
        "text": text,
        "source": _source(entry) or text_of(_said(feed, "title")),
        "url": link if link.startswith(("http://", "https://")) else None,
        "lang": _language(entry, feed),
        "published_at": _moment(entry, "published_parsed") or updated,
        "version": max(0, int(updated.timestamp())) if updated else None,
        "status": "withheld" if _is_draft(entry, node) else None,
    }


def _id(entry: dict[str, Any], link: str, title: str, text: str, feed: str) -> str:
    guid = _said(entry, "id")
    if guid:
        return unique(guid, feed)
    if link:
        return link
    words = f"{title}\x00{text}".encode("utf-8", "replace")
    return f"{feed}#{sha256(words).hexdigest()[:32]}"


def _content(entry: dict[str, Any]) -> str:
    """``content:encoded`` or ``atom:content``, the longest if there are several; else summary."""
    contents = [_words(each) for each in _get(entry, "content") or [] if isinstance(each, dict)]
    text = max(contents, key=len, default="")
    return text or _words(_get(entry, "summary_detail") or {"value": _said(entry, "summary")})


def _words(detail: dict[str, Any]) -> str:
    value = _said(detail, "value")
    return value if _said(detail, "type") == "text/plain" else text_of(value)


def _language(entry: dict[str, Any], feed: dict[str, Any]) -> str:
    """``dc:language`` of the item, ``xml:lang`` around its title, ``language`` of the feed."""
    detail = _get(entry, "title_detail") or {}
    return _said(entry, "language") or _said(detail, "language") or _said(feed, "language")


def _source(entry: dict[str, Any]) -> str:
    """RSS 2.0 ``source``, Atom ``source/title``: the feed that an item was taken from."""
    source = _get(entry, "source")
    return text_of(_said(source, "title")) if isinstance(source, dict) else ""


def _is_draft(entry: dict[str, Any], node: Node | None) -> bool:
    said = node.words("control", "draft") if node else _said(entry, "app_draft")
    return said.strip().lower() == "yes"


def _graves(found: Tree) -> dict[str, datetime | None]:
    """When each entry was deleted, by ``@ref``; None for a tombstone whose time is no time."""
    graves: dict[str, datetime | None] = {}
    for node in found.items:
        reference = node.get("ref", "").strip()
        if node.tag == "deleted-entry" and reference:
            try:
                graves[reference] = fields.moment(node.get("when", ""), "/@when")
            except BadField:
                graves[reference] = None
    return graves


def _outlived(entry: dict[str, Any], graves: Mapping[str, datetime | None]) -> bool:
    """Whether a tombstone of the same feed outlives an entry: then only the kill is told."""
    name = _said(entry, "id")
    when, updated = graves.get(name), _moment(entry, "updated_parsed")
    return name in graves and not (when and updated and updated > when)


def _deleted(
    document: bytes, found: Tree, entries: list[dict[str, Any]], feed: str
) -> Iterator[Item]:
    graves = _graves(found)
    alive = {_said(entry, "id") for entry in entries if not _outlived(entry, graves)}
    for node in found.items:
        reference = node.get("ref", "").strip()
        if node.tag != "deleted-entry" or (reference and reference in alive):
            continue
        where = f"line {node.line}, deleted-entry"
        source = fragment(document, node)
        if not reference:
            missing = BadField("/@ref", "missing, expected the id of the deleted entry", _REMEDY)
            yield bad(missing, where, source)
            continue
        killed = {
            "id": unique(reference, feed),
            "status": "canceled",
            "published_at": graves[reference],
        }
        yield article(killed, f"{where}/@ref", source)


def _moment(entry: dict[str, Any], name: str) -> datetime | None:
    """Feedparser's time, in UTC; None for one that it could not read."""
    parsed = _get(entry, name)
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _said(entry: dict[str, Any], name: str) -> str:
    value = _get(entry, name)
    return value.strip() if isinstance(value, str) else ""


def _get(entry: dict[str, Any], name: str) -> Any:
    # Its own `get` answers `updated` with `published`, and warns.
    return dict.get(entry, name)


def _broken(document: bytes, found: Tree) -> BadItem:
    fault = found.fault
    assert fault is not None  # noqa: S101 - both callers have looked
    remedy = "send XML without declarations of entities" if fault.forbidden else _REMEDY
    broken = document.split(b"\n", fault.line)[fault.line - 1 : fault.line]
    return BadItem(f"line {fault.line}", fault.detail, remedy, b"".join(broken)[:200])


def _no_feed(document: bytes, found: Tree) -> BadItem:
    if found.fault:
        return _broken(document, found)
    detail = f"root element {found.root!r}, expected rss, feed or RDF"
    return BadItem("line 1", detail, _REMEDY, document[:200])
