"""IPTC NewsML-G2 2.x: ``newsItem``, alone, in a ``newsMessage`` or in another envelope.

Schema ``NewsML-G2_2.35-spec-All-Power.xsd``, namespace ``http://iptc.org/std/nar/2006-10-01/``;
elements are compared by local name. A ``packageItem`` holds references and no text, so it gives
no article; the items that travel with it in one message do. Items of another ``itemClass`` than
text are skipped, and so are those whose content is none, such as SportsML.

NewsCodes are compared without their vocabulary's alias and in lower case; see ``fields.newscode``.
"""

import re
from collections import Counter
from collections.abc import Iterator

from contracts.article import MAX_VERSION
from contracts.fields import MAX_SIGNAL_CHARS, MAX_SIGNALS
from workers.feeds.reader import (
    BadField,
    BadItem,
    Document,
    Item,
    Note,
    Skipped,
    article,
    bad,
)
from workers.feeds.readers import fields
from workers.feeds.readers import newsml_g2_properties as g2
from workers.feeds.readers.body import frame_of, line_of
from workers.feeds.readers.ids import provided
from workers.feeds.readers.newsml_g2_content import Content, content_of
from workers.feeds.readers.release import embargo, pub_status
from workers.feeds.readers.xml import Node, another_root, broken, fragment, tree

_OTHERS = frozenset({"packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"})
ROOTS = _OTHERS | {"newsItem", "newsMessage"}
"""Local names of the elements that a document begins with."""
_REMEDY = "correct it at its source; see the NewsML-G2 schema"
_LONGEST_KIND = 80
"""Characters: kinds are counted and shown, and anybody may send many of them."""
_VERSION = re.compile(r"0*+([1-9][0-9]{0,15})?")
_PREVIOUS = frozenset({"previousversion", "prevversion"})
"""Of NewsCodes ``itemrelation`` the one that names an earlier id of the same item; the second
spelling is Reuters'."""


class NewsMLG2:
    """Text items of NewsML-G2."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        text = document.text
        found = tree(text, _OTHERS | {"newsItem"})
        if found.root and found.root not in ROOTS and not found.items:
            remedy = "send NewsML-G2, or name the format it is"
            yield another_root(text, found, "newsItem or newsMessage", remedy)
            return
        numbers: Counter[str] = Counter()
        for node in found.items:
            numbers[node.tag] += 1
            where = f"line {node.line}, {node.tag}[{numbers[node.tag]}]"
            yield from _items(document, node, where)
        if found.fault:
            yield broken(text, found.fault)
        elif not found.items:
            yield BadItem(
                "line 1", f"{found.root} without an item", "send at least one item", text[:200]
            )


def _items(document: Document, node: Node, where: str) -> Iterator[Item]:
    """An item, behind what is to be said of it."""
    kind = g2.code(node, "itemMeta", "itemClass") if node.tag == "newsItem" else node.tag
    if kind not in {"", "text"}:
        yield Skipped(where, kind[:_LONGEST_KIND])
        return
    source = fragment(document.text, node)
    notes: list[Note] = []
    try:
        mapped, content = _mapped(node, document.origin, where, notes)
    except BadField as error:
        yield from notes
        yield bad(error, where, source, node.get("guid", ""))
        return
    yield from notes
    # The class that an item gives itself counts more than what it points to.
    other = content.inline or ("" if kind else content.remote)
    if other and mapped["status"] != "canceled":
        yield Skipped(where, other[:_LONGEST_KIND])
    else:
        yield article(mapped, where, source)


def _mapped(
    node: Node, origin: str, where: str, notes: list[Note]
) -> tuple[dict[str, object], Content]:
    """``newsItem`` by AnyItemType, ItemMetadataType and ContentMetadataAfDType of the schema.

    Raises:
        BadField: it has no identifier, or content that can't be decoded.
    """
    guid, provider = _guid(node), _provider(node)
    earlier = _earlier(node, guid)
    # By default usable (ItemManagementGroup).
    code = g2.code(node, "itemMeta", "pubStatus")
    status = pub_status(code, f"{where}/itemMeta/pubStatus", notes)
    embargoed, withheld = _embargo(node, where, notes)
    headline = g2.headline(node)
    content = _content(node, headline, status)
    mapped: dict[str, object] = {
        "id": provided(guid, provider, origin),
        "title": headline or content.headline or g2.line(node, "itemMeta", "title"),
        "text": content.text or g2.description(node),
        "source": g2.supplier(node),
        "lang": g2.language(node),
        "published_at": _published(node, where, notes),
        "version": _version(node, where, notes),
        "status": "withheld" if withheld and status in {None, "usable"} else status,
        "embargoed": embargoed,
        "signals": _signals(node),
        "slug": g2.line(node, "contentMeta", "slugline"),
        "replaces": provided(earlier, provider, origin) if earlier else None,
    }
    return mapped, content


def _content(node: Node, headline: str, status: str | None) -> Content:
    """A kill is heard whatever its content."""
    try:
        return content_of(node, headline)
    except BadField:
        if status != "canceled":
            raise
        return Content()


def _guid(node: Node) -> str:
    guid = node.get("guid", "").strip()
    if not guid:
        raise BadField("/@guid", "missing, expected the item's identifier", _REMEDY)
    return guid


def _provider(node: Node) -> str:
    """Whose names those are that are no URIs as AnyItemType demands."""
    provider = node.child("itemMeta", "provider")
    return "" if provider is None else g2.own_code(provider) or g2.line(provider, "name")


def _version(node: Node, where: str, notes: list[Note]) -> int | None:
    """``@version``: xs:positiveInteger, for one ``@guid``. AnyItemType's default is 1, as is the
    article's; left unsaid, a kill is of all versions. 0 is taken, for 1 may follow it.
    """
    text = node.get("version", "").strip()
    if not text:
        return None
    found = _VERSION.fullmatch(text)
    number = int(found[1] or 0) if found else MAX_VERSION + 1
    if not 1 <= number <= MAX_VERSION:
        taken = "left out" if number else "taken as it is"
        detail = f"{fields.shown(text)}, expected a positive integer; {taken}"
        notes.append(Note(f"{where}/@version", detail))
    return number if number <= MAX_VERSION else None


def _embargo(node: Node, where: str, notes: list[Note]) -> tuple[object, bool]:
    """``embargoed`` is of DateTimeOrNullPropType, so it may be empty or not there: then what
    is said to editors counts, in ``edNote``, and where it is empty also around the text.
    """
    element = node.child("itemMeta", "embargoed")
    text = None if element is None else element.words()
    said = [line_of(each) for each in node.children("itemMeta", "edNote")]
    if text == "":
        said += [frame_of(each) for each in node.children("contentSet", "inlineXML")]
    return embargo(text, f"{where}/itemMeta/embargoed", notes, "\n".join(said))


def _published(node: Node, where: str, notes: list[Note]) -> object:
    """``versionCreated`` is when this version was made; the others stand in where it is missing.
    ``contentCreated`` may be a year alone (TruncatedDateTimePropType), and then is no time.
    """
    for name in ("versionCreated", "firstCreated"):
        text = node.words("itemMeta", name)
        if found := fields.moment_or_note(text, f"{where}/itemMeta/{name}", notes):
            return found
    return fields.moment_or_note(node.words("contentMeta", "contentCreated"), where, [])


def _signals(node: Node) -> list[str]:
    """No more and no longer ones than the article's contract takes."""
    codes = (g2.own_code(each) for each in node.children("itemMeta", "signal"))
    said = dict.fromkeys(code for code in codes if 0 < len(code) <= MAX_SIGNAL_CHARS)
    return list(said)[:MAX_SIGNALS]


def _earlier(node: Node, guid: str) -> str | None:
    """``itemMeta/link`` to the previous version; others (``seeAlso``) only point. One that names
    this item, or one of its versions, replaces nothing.
    """
    for link in g2.ranked(node, "itemMeta", "link"):
        if fields.newscode(link.get("rel") or link.get("reluri") or "").lower() in _PREVIOUS:
            earlier = (
                link.get("residref") or link.get("guidref") or link.get("href") or ""
            ).strip()
            if earlier and not re.fullmatch(r"(?:[:#]\d+)?", earlier.removeprefix(guid)):
                return earlier
    return None
