"""IPTC NewsML-G2 2.x: ``newsItem``, ``newsMessage`` and the items beside a ``packageItem``.

Schema ``NewsML-G2_2.x-spec-All-Power.xsd``, namespace ``http://iptc.org/std/nar/2006-10-01/``;
elements are compared by local name. A ``packageItem`` holds references and no text, so it gives
no article; the items that travel with it in one message do. Items of another ``itemClass`` than
text are skipped.

NewsCodes are compared without their vocabulary's alias; see ``fields.newscode``.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress

from workers.feeds.reader import (
    BadField,
    BadItem,
    Document,
    Item,
    Skipped,
    article,
    bad,
)
from workers.feeds.readers import fields
from workers.feeds.readers.body import marked_up
from workers.feeds.readers.markup import text_of
from workers.feeds.readers.xml import Node, broken, fragment, tree

_OTHERS = frozenset({"packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"})
_ROOTS = _OTHERS | {"newsItem", "newsMessage"}
_REMEDY = "correct it at its source; see the NewsML-G2 schema"
_VERSION = re.compile(r"0*+([1-9][0-9]{0,15})")
"""More digits than the article's contract takes; Python refuses those of thousands."""


class NewsMLG2:
    """Text items of NewsML-G2."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        text = document.text
        found = tree(text, _OTHERS | {"newsItem"})
        if found.root not in _ROOTS and not (found.fault and not found.root):
            yield BadItem(
                "line 1",
                f"root element {found.root!r}, expected newsItem or newsMessage",
                "send NewsML-G2, or name the format it is",
                text[:200],
            )
            return
        for number, node in enumerate(found.items, start=1):
            yield _item(text, node, f"line {node.line}, {node.tag}[{number}]")
        if found.fault:
            yield broken(text, found.fault)
        elif not found.items:
            yield BadItem(
                "line 1", f"{found.root} without an item", "send at least one item", text[:200]
            )


def _item(document: bytes, node: Node, where: str) -> Item:
    kind = _code(node, "itemMeta", "itemClass") if node.tag == "newsItem" else node.tag
    if kind not in {None, "text"}:
        return Skipped(where, str(kind))
    source = fragment(document, node)
    try:
        return article(_mapped(node), where, source)
    except BadField as error:
        return bad(error, where, source, node.get("guid", ""))


def _mapped(node: Node) -> dict[str, object]:
    """``newsItem`` by AnyItemType, ItemMetadataType and ContentMetadataAfDType of the schema."""
    status = _code(node, "itemMeta", "pubStatus")  # absent: usable (NewsCodes pubstatus)
    embargo = node.child("itemMeta", "embargoed")
    embargoed = _moment(embargo, "/itemMeta/embargoed")
    if embargo is not None and embargoed is None and status in {None, "usable"}:
        status = "withheld"  # DateTimeOrNullPropType: an empty one names no end
    return {
        "id": _guid(node),
        "title": _headline(node),
        "text": _content(node) or node.words("contentMeta", "description"),
        "source": _party(node),
        "lang": _language(node),
        "published_at": _published(node),
        "version": _version(node),
        "status": status,
        "embargoed": embargoed,
        "signals": [code for each in node.children("itemMeta", "signal") if (code := _own(each))],
        "slug": node.words("contentMeta", "slugline"),
        "replaces": _replaces(node),
    }


def _guid(node: Node) -> str:
    guid = node.get("guid", "").strip()
    if not guid:
        raise BadField("/@guid", "missing, expected the item's identifier", _REMEDY)
    return guid


def _version(node: Node) -> int | None:
    """``@version``: xs:positiveInteger, for one ``@guid``. AnyItemType's default is 1, as is the
    article's; left unsaid, a kill is of all versions.
    """
    text = node.get("version", "").strip()
    if not text:
        return None
    if not (found := _VERSION.fullmatch(text)):
        raise BadField("/@version", f"{fields.shown(text)}, expected a positive integer", _REMEDY)
    return int(found[1])


def _published(node: Node) -> object:
    """``versionCreated`` is when this version was made; the others stand in where it is missing."""
    for path in (("itemMeta", "versionCreated"), ("itemMeta", "firstCreated")):
        if found := _moment(node.child(*path), f"/{'/'.join(path)}"):
            return found
    with suppress(BadField):  # TruncatedDateTimePropType: a year alone is allowed, and no time
        return _moment(node.child("contentMeta", "contentCreated"), "")
    return None


def _moment(node: Node | None, where: str) -> object:
    text = "" if node is None else node.words()
    return fields.moment(text, where) if text else None


def _headline(node: Node) -> str:
    """The item's headline in its own language; else its ``title``, which is metadata."""
    headlines = node.children("contentMeta", "headline")
    lang = _language(node)
    same = [each for each in headlines if each.get("xml:lang") in {lang, None}]
    chosen = next(iter(same or headlines), None)
    return (chosen.words() if chosen is not None else "") or node.words("itemMeta", "title")


def _language(node: Node) -> str | None:
    """``contentMeta/language/@tag`` is the content's; ``@xml:lang`` of the item its metadata's."""
    declared = node.child("contentMeta", "language")
    content = node.child("contentSet", "inlineXML")
    return (
        (declared.get("tag") if declared is not None else None)
        or (content.get("xml:lang") if content is not None else None)
        or node.get("xml:lang")
    )


def _party(node: Node) -> str | None:
    """Who supplied the content, else who released the item, else whom to credit."""
    for path in (("contentMeta", "infoSource"), ("itemMeta", "provider")):
        for party in node.children(*path):
            name = party.words("name") or party.get("literal") or _own(party)
            if name:
                return name
    return node.words("contentMeta", "creditline") or None


def _replaces(node: Node) -> str | None:
    """``itemMeta/link`` of NewsCodes ``irel:previousVersion``; others (``seeAlso``) only point."""
    for link in node.children("itemMeta", "link"):
        if fields.newscode(link.get("rel") or link.get("reluri") or "") == "previousVersion":
            earlier = link.get("residref") or link.get("href")
            if earlier != node.get("guid"):
                return earlier
    return None


def _content(node: Node) -> str:
    """The first of ``contentSet``'s alternate renditions that has words, XML before data."""
    for each in node.children("contentSet", "inlineXML"):
        if text := marked_up(each):
            return text
    for each in node.children("contentSet", "inlineData"):
        if text := _data(each):
            return text
    return ""


def _data(content: Node) -> str:
    """``inlineData``: plain text, or HTML as text; with ``@encoding`` in base64."""
    text = "".join(content.itertext())
    encoding = content.get("encoding") or content.get("encodinguri")
    if encoding:
        if fields.newscode(encoding) != "base64":
            raise BadField("/contentSet/inlineData/@encoding", f"{encoding!r}, expected base64")
        try:
            text = b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
        except ValueError as error:
            raise BadField("/contentSet/inlineData", f"no base64: {error}") from error
    plain = content.get("contenttype", "text/plain").partition(";")[0].strip() == "text/plain"
    return text.strip() if plain else text_of(text)


def _code(node: Node, *path: str) -> str | None:
    found = node.child(*path)
    return None if found is None else _own(found)


def _own(node: Node) -> str | None:
    """A property's code, from its QCode or its URI."""
    code = fields.newscode(node.get("qcode") or node.get("uri") or "")
    return code or None
