"""RSS 0.9x, 1.0 and 2.0, and Atom, by feedparser; tombstones and drafts by the safe parser.

What a feed says of an item's life:

- Identity: ``guid`` (RSS 2.0) or ``id`` (RFC 4287, 4.2.6), as written; else the link, absolute;
  else a hash of title and text. What is unique in its feed only has the feed's name before it.
- Version: the update time in seconds (``atom:updated``, ``dcterms:modified``), so a later update
  is higher. ``pubDate`` is no update: without one there is no version, and the poller counts.
- Status: ``app:draft`` (RFC 5023, 13.1.1) is withheld; ``at:deleted-entry`` (RFC 6721) canceled,
  whatever its version, unless the same feed holds a later entry of that id.

Feeds that are not well-formed are read as far as feedparser makes sense of them, and the fault
is told once; the last item of one that breaks off is not trusted.
"""

from collections.abc import Iterator

from workers.feeds.reader import BadField, BadItem, Document, Item, Note, article, bad
from workers.feeds.readers import fields
from workers.feeds.readers.ids import page, unique
from workers.feeds.readers.syndication import entry_fields
from workers.feeds.readers.syndication.entries import parsed
from workers.feeds.readers.syndication.entry_fields import Said, get, said
from workers.feeds.readers.syndication.identity import Naming, naming
from workers.feeds.readers.syndication.open_sections import with_ends
from workers.feeds.readers.syndication.parsers import WHOLE
from workers.feeds.readers.syndication.surroundings import (
    without_what_is_before,
    without_what_is_behind,
)
from workers.feeds.readers.syndication.tombstones import (
    graves,
    is_outlived,
    is_tombstone,
    reference,
)
from workers.feeds.readers.twins import told_apart
from workers.feeds.readers.xml import Node, Tree, another_root, broken, fragment, tree

_ITEMS = frozenset({"item", "entry", "deleted-entry"})
_MOST_MARKS = 200_000
"""Tags and references in a feed that is not well-formed and read all the same: feedparser's lenient
parser takes 5 seconds for so many in the worst case. A feed of 1,000 full texts has a tenth."""
_REMEDY = "send well-formed RSS or Atom"
_NO_REFERENCE = BadField("/@ref", "missing, expected the id of the deleted entry", _REMEDY)


class Syndication:
    """Items of RSS and Atom."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        yield from told_apart(self._read(document))

    def _read(self, document: Document) -> Iterator[Item]:
        text, before = without_what_is_before(document.text)
        text, ended = with_ends(text)
        found = tree(text, _ITEMS)
        text, found, behind = without_what_is_behind(text, found)
        yield from before + ended + behind
        if found.fault and (found.fault.forbidden or _is_costly(text)):
            yield broken(text, found.fault)
            return
        feed, entries = parsed(text)
        if not feed and not entries:
            yield _no_feed(text, found)
            return
        nodes: list[Node | None] = list(found.items)
        if found.fault:
            yield broken(text, found.fault)
            nodes = []  # feedparser reads on where the parser ended: they no longer pair
            if entries and not (is_tombstone(entries[-1]) or WHOLE in entries[-1]):
                entries = entries[:-1]
        if len(nodes) != len(entries):
            nodes = [None] * len(entries)
        yield from _items(text, feed, list(zip(entries, nodes, strict=True)), document.origin)


def _items(
    text: bytes, feed: Said, pairs: list[tuple[Said, Node | None]], origin: str
) -> Iterator[Item]:
    """What lives, then what was deleted."""
    named = naming(feed, origin)
    notes: list[Note] = []
    dead = graves((entry for entry, _ in pairs), notes)
    yield from notes
    living = [pair for pair in pairs if not is_tombstone(pair[0])]
    alive: set[str] = set()
    for number, (entry, node) in enumerate(living, start=1):
        if is_outlived(entry, entry_fields.moment(entry, "updated", "", []), dead):
            continue
        alive.add(said(entry, "id"))
        where = f"line {node.line}, {node.tag}[{number}]" if node else f"item[{number}]"
        source = fragment(text, node) if node else _shown(entry)
        beside: list[Note] = []
        yield article(_mapped(entry, node, feed, named, where, beside), where, source)
        yield from beside
    told: set[str] = set()
    for tombstone, node in pairs:
        if not is_tombstone(tombstone) or reference(tombstone) in alive | told - {""}:
            continue
        where = f"line {node.line}, deleted-entry" if node else "deleted-entry"
        source = fragment(text, node) if node else b""
        name = reference(tombstone)
        told.add(name)
        if name:
            killed = {"id": unique(name, named.feed), "status": "canceled"}
            yield article({**killed, "published_at": dead[name]}, f"{where}/@ref", source)
        else:
            yield bad(_NO_REFERENCE, where, source)


def _mapped(
    entry: Said, node: Node | None, feed: Said, named: Naming, where: str, notes: list[Note]
) -> dict[str, object]:
    is_atom = said(feed, "version").startswith("atom")
    title, text = entry_fields.title(entry, is_atom=is_atom), entry_fields.text(entry)
    link = named.link(entry)
    updated = entry_fields.moment(entry, "updated", where, notes)
    published = entry_fields.moment(entry, "published", where, notes)
    return {
        "id": named.id(entry, title, text),
        "title": title,
        "text": text,
        "source": _source(entry, is_atom) or entry_fields.title(feed, is_atom=is_atom),
        "url": page(link),
        "lang": _language(entry, feed),
        "published_at": published or updated,
        "version": fields.version_at(updated),
        "status": "withheld" if _is_draft(entry, node) else None,
    }


def _language(entry: Said, feed: Said) -> str:
    """``dc:language`` of the item, ``xml:lang`` around its title, ``language`` of the feed."""
    detail = get(entry, "title_detail") or {}
    return said(entry, "language") or said(detail, "language") or said(feed, "language")


def _source(entry: Said, is_atom: bool) -> str:
    """RSS 2.0 ``source``, Atom ``source/title``: the feed that an item was taken from."""
    source = get(entry, "source")
    return entry_fields.title(source, is_atom=is_atom) if isinstance(source, dict) else ""


def _is_draft(entry: Said, node: Node | None) -> bool:
    draft = node.words("control", "draft") if node else said(entry, "app_draft")
    return draft.strip().lower() == "yes"


def _shown(entry: Said) -> bytes:
    """Of an entry whose place is not known: by this a poller knows it wherever it stands."""
    name = said(entry, "id") or said(entry, "link") or said(entry, "title")
    return name.encode("utf-8", "replace")


def _is_costly(text: bytes) -> bool:
    return text.count(b"<") + text.count(b"&") > _MOST_MARKS


def _no_feed(document: bytes, found: Tree) -> BadItem:
    if found.fault:
        return broken(document, found.fault)
    return another_root(document, found, "rss, feed or RDF", _REMEDY)
