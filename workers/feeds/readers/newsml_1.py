"""IPTC NewsML 1.0 to 1.2: ``NewsItem`` in ``NewsML``, also one within another.

``NewsML_1.2.dtd`` and the functional specification to it. What each field is taken from:

* identity: ``NewsIdentifier/PublicIdentifier`` is
  ``urn:newsml:{ProviderId}:{DateId}:{NewsItemId}:{RevisionId}{Update}``; without its last part it
  «designates the most recent revision», so it is the name of the item; else it is made of the parts
* version: ``RevisionId``, where «the larger value must be the more recent revision»
* status: ``NewsManagement/Status``, or an ``Instruction`` to delete; embargo: ``StatusWillChange``
  to usable
* what it replaces: ``AssociatedWith`` or ``DerivedFrom`` whose ``@FormalName`` says so
* signals: ``Instruction``; language: that of the component that holds the text; time:
  ``ThisRevisionCreated``

An item of pictures, a package of references and a set of topics are skipped. One that holds
``Update`` changes words of an earlier revision, which is not here: it is told, not applied.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from service.text.headline import signalled
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
from workers.feeds.readers.ids import provided
from workers.feeds.readers.newsml_1_content import (
    Piece,
    article_of,
    components,
    formal_name,
    headline_of,
    line_of,
    media_of,
    pieces,
    source_of,
)
from workers.feeds.readers.release import Said, asks_to_kill, release
from workers.feeds.readers.xml import Node, another_root, broken, fragment, tree

_ROOTS = frozenset({"NewsML", "NewsItem"})
_REMEDY = "correct it at its source; see the NewsML 1.2 DTD"
_WHOLE = "send the whole revision: RevisionId/@Update N and a NewsComponent"
_REVISION = re.compile(r"0*+([0-9]{1,16})[A-Z]?")
_PROVIDER = ("Identification", "NewsIdentifier", "ProviderId")
_PARTS = 6
"""Of a URN with a revision."""
_SIGNALS = {"rectify": "correction", "correct": "correction", "replace": "update"}
_EARLIER = frozenset("previousversion prevversion replaces replacementfor supersedes".split())
_FOR_EDITORS = ("note", "instruction", "advisory", "embargo")


class NewsML1:
    """Text items of NewsML 1.x."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        text = document.text
        found = tree(text, {"NewsItem"})
        if found.root not in _ROOTS and not (found.fault and not found.root):
            remedy = "send NewsML 1.x, or name the format it is"
            yield another_root(text, found, "NewsML", remedy)
            return
        nodes = (each for item in found.items for each in item.iter("NewsItem"))
        for number, node in enumerate(nodes, start=1):
            if isinstance(node, Node):
                yield from _items(document, node, f"line {node.line}, NewsItem[{number}]")
        if found.fault:
            yield broken(text, found.fault)
        elif not found.items:
            detail = f"{found.root} without a NewsItem"
            yield BadItem("line 1", detail, "send at least one item", text[:200])


def _items(document: Document, node: Node, where: str) -> Iterator[Item]:
    notes: list[Note] = []
    source = fragment(document.text, node)
    name = ""
    try:
        name = _id(node, document.origin)
        status, embargoed = _release(node, notes)
        found = pieces(node)
        text = article_of(found)
        kind = _kind(node, found, text)
        if kind:
            item: Item = Skipped(where, kind)
        else:
            if status != "canceled":
                _check_whole(node, found, text)
            mapped = _mapped(node, text, notes, is_kill=status == "canceled")
            mapped |= {"id": name, "status": status, "embargoed": embargoed}
            mapped["replaces"] = _replaces(node, name)
            item = article(mapped, where, source)
    except BadField as error:
        item = bad(error, where, source, name)
    yield from placed(notes, where)
    yield item


def _kind(node: Node, found: list[Piece], text: list[Piece]) -> str:
    """What an item is that holds no article; empty for one that does, or that holds nothing."""
    if text:
        return ""
    if kind := media_of(found):
        return kind
    if node.child("TopicSet"):
        return "TopicSet"
    component = node.child("NewsComponent")
    if found or component is None:
        return ""
    held = (each.tag for each in component.iter() if each.tag in {"NewsItem", "NewsItemRef"})
    return next(held, "")


def _check_whole(node: Node, found: list[Piece], text: list[Piece]) -> None:
    """What would lose words is told."""
    if node.child("Update"):
        raise BadField("/Update", "changes an earlier revision, expected the whole item", _WHOLE)
    if node.child("NewsComponent") is None:
        raise BadField("", "NewsManagement alone, expected a NewsComponent", _WHOLE)
    fault = next((each.fault for each in found if each.fault), "")
    if fault and not text:
        raise BadField("/NewsComponent/ContentItem", fault, _REMEDY)


def _mapped(
    node: Node, text: list[Piece], notes: list[Note], *, is_kill: bool
) -> dict[str, object]:
    component = node.child("NewsComponent")
    around = text[0].around if text else () if component is None else (component,)
    lang = text[0].lang if text else node.get("xml:lang")
    created = _created(node, notes)
    slug = line_of(around, "SlugLine", "KeywordLine")
    slug = slug or node.words("Identification", "NameLabel")
    # A kill that holds nothing does not say whose it is: the identifier's provider need not be.
    source = source_of(around) or (node.words(*_PROVIDER) if around else "")
    return {
        "title": headline_of(around, lang) or (text[0].headline if text else ""),
        "text": "\n".join(each.text for each in text),
        "source": source,
        "lang": lang,
        "published_at": created,
        "version": _version(node, None if is_kill else created, notes),
        "signals": _signals(node),
        "slug": slug,
    }


def _id(node: Node, origin: str) -> str:
    identifier = node.child("Identification", "NewsIdentifier") or Node("NewsIdentifier", {})
    public = identifier.words("PublicIdentifier")
    provider, date, name = (
        identifier.words(each) for each in ("ProviderId", "DateId", "NewsItemId")
    )
    stem = f"urn:newsml:{provider}:{date}:{name}" if provider and date and name else ""
    if stem and (not public or public == stem or public.startswith(f"{stem}:")):
        return stem
    if not public and not name:
        where = "/Identification/NewsIdentifier/PublicIdentifier"
        raise BadField(where, "missing, expected the item's identifier", _REMEDY)
    own = _without_revision(public, identifier.words("RevisionId"), name) or name
    return provided(own, provider, origin)


def _without_revision(public: str, revision: str = "", name: str = "") -> str:
    """A public identifier without its last part, if that is the revision and not the name."""
    stem, _, last = public.rpartition(":")
    found = _REVISION.fullmatch(last)
    if not found or (name and public.endswith(f":{name}")):
        return public
    if said := _REVISION.fullmatch(revision):
        return stem if said[1] == found[1] else public
    is_urn = public.startswith("urn:newsml:") and public.count(":") + 1 >= _PARTS
    return stem if is_urn else public


def _version(node: Node, created: datetime | None, notes: list[Note]) -> int | None:
    path = ("Identification", "NewsIdentifier", "RevisionId")
    said = node.words(*path).rstrip("NUA")
    found = fields.version_or_note(said, f"/{'/'.join(path)}", notes)
    return fields.version_at(created) if found is None else found


def _release(node: Node, notes: list[Note]) -> tuple[str | None, datetime | None]:
    """An item that is withheld and will be usable is embargoed till then."""
    management = node.child("NewsManagement") or Node("NewsManagement", {})
    status = formal_name(management.child("Status"))
    if _is_deleted(management, node):
        status = "canceled"
    until = None
    for each in management.children("StatusWillChange"):
        if until is None and formal_name(each.child("FutureStatus")).lower() in {"usable", ""}:
            until = each.words("DateAndTime")
    if until and status.lower() == "withheld":
        status = "embargoed"
    told = Said(
        status,
        "/NewsManagement/Status/@FormalName",
        until,
        "/NewsManagement/StatusWillChange/DateAndTime",
        _instructions(node),
    )
    return release(told, notes)


def _is_deleted(management: Node, node: Node) -> bool:
    """Whether an ``Instruction`` deletes the item; with a ``RevisionStatus`` it is about earlier
    revisions, and about all there is where this one holds nothing.
    """
    for each in management.children("Instruction"):
        earlier = [formal_name(one.child("Status")) for one in each.children("RevisionStatus")]
        if not earlier and asks_to_kill(formal_name(each)):
            return True
        if any(map(asks_to_kill, earlier)) and node.child("NewsComponent") is None:
            return True
    return False


def _instructions(node: Node) -> str:
    """Lines for editors: types of lines are the provider's choice."""
    lines = [each for one in components(node) for each in one.children("NewsLines", "NewsLine")]
    return "\n".join(
        each.words("NewsLineText")
        for each in lines
        if any(word in formal_name(each.child("NewsLineType")).lower() for word in _FOR_EDITORS)
    )


def _signals(node: Node) -> list[str]:
    said = [formal_name(each).lower() for each in node.children("NewsManagement", "Instruction")]
    return list(signalled([_SIGNALS.get(each, each) for each in said], None))


def _created(node: Node, notes: list[Note]) -> datetime | None:
    for name in ("ThisRevisionCreated", "FirstCreated"):
        said = node.words("NewsManagement", name)
        if found := fields.moment_or_note(said, f"/NewsManagement/{name}", notes):
            return found
    return None


def _replaces(node: Node, own: str) -> str | None:
    for name in ("AssociatedWith", "DerivedFrom"):
        for each in node.children("NewsManagement", name):
            earlier = _without_revision(each.get("NewsItem", "").strip())
            if earlier not in {"", own} and formal_name(each).lower() in _EARLIER:
                return earlier
    return None
