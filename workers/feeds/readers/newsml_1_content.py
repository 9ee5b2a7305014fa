"""Which text of a NewsML 1.x item is the article: a tree of components, each with a role.

A ``NewsComponent`` holds components, content items or whole items; its children complement each
other, or with ``EquivalentsList="yes"`` say the same in other languages or formats. Its metadata
is also that of what it holds (functional specification 1.2, 5.7 and 5.9).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workers.feeds.readers import fields
from workers.feeds.readers.body import headline_in, marked_up, of_base64, of_text
from workers.feeds.readers.xml import Node

_MAIN = frozenset("main bodytext body text maintext lead story article content".split())
_ASIDE = frozenset(
    "abstract caption headline infobox keywords related sidebar summary supporting teaser "
    "title".split()
)
"""Roles beside the article; they are the provider's choice, these are IPTC's and common ones."""
_FIRST, _OTHER, _BESIDE = range(3)
"""Ranks of roles: the article or nothing said, a role of the provider's own, beside it."""
_TEXTS = ("text", "nitf", "html", "xml")
_MEDIA = ("image/", "video/", "audio/")


@dataclass(frozen=True, slots=True)
class Piece:
    """A content item, and what is around it."""

    kind: str
    """``MediaType`` as the item names it; empty for text."""
    text: str
    around: tuple[Node, ...]
    """The components that hold it, the innermost first."""
    rank: int
    lang: str | None
    headline: str
    """Its own, within NITF or XHTML."""
    fault: str = ""
    """Why its text can't be read."""


def pieces(item: Node) -> list[Piece]:
    """All that an item holds itself, without the items within it."""
    found: list[Piece] = []
    for component in item.children("NewsComponent"):
        _gather(component, _Place((), _FIRST, item.get("xml:lang")), found)
    return found


def components(item: Node) -> Iterator[Node]:
    """The components of an item, without those of the items within it."""
    waiting = item.children("NewsComponent")
    while waiting:
        component = waiting.pop()
        yield component
        waiting += component.children("NewsComponent")


def article_of(found: list[Piece]) -> list[Piece]:
    """The pieces that are the article: of the best rank that has words, in one language."""
    texts = [each for each in found if each.text]
    best = min((each.rank for each in texts), default=_FIRST)
    if best == _BESIDE and media_of(found):
        return []
    chosen = [each for each in texts if each.rank == best]
    return [each for each in chosen if each.lang in {None, chosen[0].lang}]


def media_of(found: list[Piece]) -> str:
    """What an item shows that is no text; empty where that only goes with an article."""
    return next((each.kind for each in found if each.kind and each.rank < _BESIDE), "")


def headline_of(around: tuple[Node, ...], lang: str | None) -> str:
    """The nearest headline; of several in one place that in the text's language."""
    for component in around:
        lines = [each for each in component.children("NewsLines", "HeadLine") if each.words()]
        same = [each for each in lines if each.get("xml:lang") in {lang, None}]
        for each in same or lines:
            return each.words()
    return ""


def line_of(around: tuple[Node, ...], *names: str) -> str:
    """The nearest news line of the first of these names that there is."""
    found = (each.words("NewsLines", name) for name in names for each in around)
    return next((each for each in found if each), "")


def source_of(around: tuple[Node, ...]) -> str:
    """Who released the item, else who supplied material for it, else whom to credit."""
    for name in ("Provider", "Source"):
        for component in around:
            party = component.child("AdministrativeMetadata", name, "Party")
            if party is not None and (said := party.get("FormalName", "").strip()):
                return said
    return line_of(around, "CreditLine")


def formal_name(node: Node | None) -> str:
    """An element's ``@FormalName``, without the vocabulary that some write before it."""
    return "" if node is None else fields.newscode(node.get("FormalName", ""))


@dataclass(frozen=True, slots=True)
class _Place:
    """What holds for all within a component."""

    around: tuple[Node, ...]
    rank: int
    lang: str | None


def _gather(component: Node, outer: _Place, found: list[Piece]) -> None:
    around = (component, *outer.around)
    place = _Place(around, max(outer.rank, _rank(component)), _language(component) or outer.lang)
    if component.get("EquivalentsList", "").lower() != "yes":
        for each in component.nodes():
            _take(each, place, found)
        return
    equivalents: list[list[Piece]] = []
    for each in component.nodes():
        equivalents.append([])
        _take(each, place, equivalents[-1])
    if equivalents:
        nearest = min(equivalents, key=lambda group: _distance(group, place.lang))
        found += nearest


def _take(node: Node, place: _Place, found: list[Piece]) -> None:
    if node.tag == "NewsComponent":
        _gather(node, place, found)
    elif node.tag == "ContentItem":
        found.append(_piece(node, place))


def _distance(group: list[Piece], lang: str | None) -> int:
    """Of an equivalent: words in the language of the whole, words at all, something, nothing."""
    langs = {each.lang for each in group if each.text}
    return 0 if lang in langs else 1 if langs else 2 if group else 3


def _rank(component: Node) -> int:
    role = formal_name(component.child("Role")).lower()
    if not role or role in _MAIN:
        return _FIRST
    return _BESIDE if role in _ASIDE or role.endswith("caption") else _OTHER


def _language(component: Node) -> str | None:
    declared = formal_name(component.child("DescriptiveMetadata", "Language"))
    lang = declared or component.get("xml:lang", "")
    return None if lang.startswith("x-") else lang or None


def _piece(item: Node, place: _Place) -> Piece:
    around, rank, lang = place.around, place.rank, place.lang
    mime = item.child("MimeType")
    said = (
        formal_name(item.child("MediaType"))
        or ("" if mime is None else mime.get("FormalName", ""))
        or formal_name(item.child("Format"))
    )
    is_text = any(each in said.lower() for each in _TEXTS) or not (said or item.get("Href"))
    if not is_text or said.lower().startswith(_MEDIA):
        return Piece(said or "Href", "", around, rank, lang, "")
    data = item.child("DataContent")
    if data is not None:
        own = headline_in(data)
        return Piece("", marked_up(data, own), around, rank, lang, own)
    encoding = item.child("Encoding")
    text, fault = ("", "") if encoding is None else _decoded(encoding)
    return Piece("", text, around, rank, lang, "", fault)


def _decoded(encoding: Node) -> tuple[str, str]:
    """What ``Encoding`` holds, and what is wrong with it."""
    notation = fields.newscode(encoding.get("Notation", "")).lower()
    if notation != "base64" or (data := encoding.child("DataContent")) is None:
        return "", f"Encoding {fields.shown(notation)}, expected base64 and DataContent in it"
    try:
        return of_text(of_base64(data)), ""
    except ValueError as error:
        return "", str(error)
