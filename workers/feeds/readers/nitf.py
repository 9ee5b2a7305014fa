"""IPTC NITF 3.x, and 2.x as far as it has the same elements: one article a document.

Schema ``nitf-3-6.xsd``, namespace ``http://iptc.org/std/NITF/2006-10-18/``, and the DTDs before
it, which have none; elements are compared by local name. What each field is taken from:

* identity: ``docdata/doc-id/@id-string``, «a unique, persistent identification», else
  ``nitf/@uno``; unique within its source, ``doc-id/@regsrc``, so it stands behind that one's name
* version: ``docdata/du-key/@generation``, which «increments with each instance of a story», else
  its ``@version``, else the time of issue in seconds
* status: ``docdata/@management-status``; embargo: ``docdata/date.release``, «available to be
  released»; both also by what ``ed-msg`` asks of editors
* what it replaces or kills: ``docdata/@management-doc-idref``, «which document the current one is
  an update to», or ``docdata/correction/@id-string``
* language: ``@xml:lang``, ``nitf/@baselang``; time: ``docdata/date.issue``

The text is ``body.content``. Byline, dateline, abstract and tagline are no part of it: two
agencies' copies of one text differ in them. A document of pictures or data is skipped.
"""

from collections.abc import Iterator
from datetime import datetime

from service.text.headline import headline, signalled
from workers.feeds.reader import BadField, Document, Item, Note, Skipped, article, bad, placed
from workers.feeds.readers import fields
from workers.feeds.readers.body import line_of, marked_up
from workers.feeds.readers.ids import hashed, namer, provided
from workers.feeds.readers.release import Said, release
from workers.feeds.readers.xml import Node, another_root, broken, fragment, tree

_REMEDY = "correct it at its source; see the NITF schema"
_UNFILLED = "YYYYMMDD"
"""So begins a time that nobody filled in, as the schema shows its form."""
_READ = 1_000
"""Characters of a note to editors in which it says what it is."""
_SLUGS = ("slug", "slugline", "anpa-keyword")
_LANGUAGES = ("lang", "language", "content-language", "dc.language")


class Nitf:
    """Articles of NITF."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        found = tree(document.text, {"nitf"})
        if found.fault is None and not found.items:
            remedy = "send NITF, or name the format it is"
            yield another_root(document.text, found, "nitf", remedy)
        for node in found.items:
            yield from _items(document, node)
        if found.fault:
            yield broken(document.text, found.fault)


def _items(document: Document, node: Node) -> Iterator[Item]:
    where = f"line {node.line}, nitf"
    source = fragment(document.text, node)
    notes: list[Note] = []
    try:
        mapped = _mapped(node, document.origin, notes)
        kind = None if mapped["status"] == "canceled" else _kind(node, str(mapped["text"]))
        item = Skipped(where, kind) if kind else article(mapped, where, source)
    except BadField as error:
        item = bad(error, where, source)
    yield from placed(notes, where)
    yield item


def _kind(node: Node, text: str) -> str | None:
    """What a document is that holds no article; None for one that does."""
    kind = _attribute(node, "tobject.type", "head", "tobject").lower()
    if kind == "data":
        return kind
    media = next(node.iter("media"), None)
    return None if text or media is None else media.get("media-type") or "media"


def _mapped(node: Node, origin: str, notes: list[Note]) -> dict[str, object]:
    data = node.child("head", "docdata") or Node("docdata", {})
    provider = _provider(node, data)
    title = _headline(node)
    text = _text(node, title)
    status, embargoed = _release(data, notes)
    name, replaces = _names(node, data, status)
    issued = _issued(node, notes)
    feed = namer(provider, origin) or "nitf"
    return {
        "id": provided(name, provider, origin) if name else _nameless(title, text, feed),
        "title": title,
        "text": text,
        "source": provider,
        "lang": _language(node),
        "published_at": issued,
        "version": _version(data, None if status == "canceled" else issued, notes),
        "status": status,
        "embargoed": embargoed,
        "signals": _signals(data),
        "slug": _slug(node, data),
        "replaces": provided(replaces, provider, origin) if replaces else None,
    }


def _names(node: Node, data: Node, status: str | None) -> tuple[str, str | None]:
    """The document's own name, and that of the one that it is an update to or kills.

    ``@management-idref-status`` is «the new status for that referenced document»: a cancellation
    that leaves it usable is not about it.
    """
    own = _attribute(data, "id-string", "doc-id") or node.get("uno", "").strip()
    earlier = data.get("management-doc-idref", "").strip()
    if status == "canceled" and data.get("management-idref-status", "").lower() == "usable":
        earlier = ""
    earlier = earlier or _attribute(data, "id-string", "correction")
    if status == "canceled" and not own:
        own = earlier
        if not own:
            where = "/head/docdata/doc-id/@id-string"
            raise BadField(where, "missing, expected the identifier of what is canceled", _REMEDY)
    return own, earlier if earlier != own else None


def _nameless(title: str, text: str, feed: str) -> str:
    """For a document without an identifier, as agencies send that name it outside of NITF."""
    return f"{feed}#{hashed(f'{title}{chr(0)}{text}')}"


def _provider(node: Node, data: Node) -> str:
    """Who names the document: ``doc-id/@regsrc``, «the source of the document»; where it is not
    said, the first that moved it, distributes it or holds its copyright.
    """
    senders = data.children("del-list", "from-src")
    return (
        _attribute(data, "regsrc", "doc-id")
        or next((name for each in senders if (name := each.get("src-name", "").strip())), "")
        or node.words("body", "body.head", "distributor")
        or _attribute(data, "holder", "doc.copyright")
    )


def _headline(node: Node) -> str:
    """``hl1``; ``hl2`` is subordinate to it, and the head's title often a slug."""
    for each in node.children("body", "body.head", "hedline"):
        if (own := each.child("hl1")) and (found := line_of(own)):
            return found
    return node.words("head", "title") or node.words("body", "body.head", "hedline")


def _text(node: Node, title: str) -> str:
    text = marked_up(node, title) if node.child("body", "body.content") else ""
    return text or node.words("body", "body.head", "abstract")


def _language(node: Node) -> str | None:
    contents = node.children("body", "body.content")
    metas = _metas(node)
    return (
        next((lang for each in contents if (lang := each.get("xml:lang"))), None)
        or node.get("xml:lang")
        or node.get("baselang")
        or next((lang for name in _LANGUAGES if (lang := metas.get(name))), None)
    )


def _issued(node: Node, notes: list[Note]) -> datetime | None:
    """``date.issue``, else when the edition was published, else the dateline's ``story.date``."""
    for attribute, *path in (
        ("norm", "head", "docdata", "date.issue"),
        ("date.publication", "head", "pubdata"),
        ("norm", "body", "body.head", "dateline", "story.date"),
    ):
        said = _time(_attribute(node, attribute, *path))
        if found := fields.moment_or_note(said, f"/{'/'.join(path)}/@{attribute}", notes):
            return found
    return None


def _version(data: Node, issued: datetime | None, notes: list[Note]) -> int | None:
    for name in ("generation", "version"):
        said = _attribute(data, name, "du-key")
        found = fields.version_or_note(said, f"/head/docdata/du-key/@{name}", notes)
        if found is not None:
            return found
    return fields.version_at(issued)


def _release(data: Node, notes: list[Note]) -> tuple[str | None, datetime | None]:
    """A release no later than its issue is no embargo: agencies send both with every document."""
    status = data.get("management-status", "").strip()
    said = None
    if (element := data.child("date.release")) is not None:
        said = _time(element.get("norm", ""))
    issued = _attribute(data, "norm", "date.issue")
    if said and status.lower() != "embargoed" and _is_past(said, issued):
        said = None
    at = "/head/docdata"
    asked = "\n".join(each.get("info", "") for each in data.children("ed-msg"))
    told = Said(status, f"{at}/@management-status", said, f"{at}/date.release/@norm", asked)
    return release(told, notes)


def _time(said: str) -> str:
    return "" if said.upper().startswith(_UNFILLED) else said.strip()


def _is_past(released: str, issued: str) -> bool:
    try:
        return fields.moment(released, "") <= fields.moment(issued, "")
    except BadField:
        return False


def _signals(data: Node) -> list[str]:
    """What ``ed-msg`` says by its type or in its first words, and whether it is a correction."""
    signals = ["correction"] if data.child("correction") else []
    for each in data.children("ed-msg"):
        signals += signalled(each.get("msg-type", "").lower().split(), None)
        signals += headline(each.get("info", "")[:_READ]).tags
    return list(dict.fromkeys(signals))


def _slug(node: Node, data: Node) -> str:
    """The agency's slug among the head's ``meta``; the dynamic-use key stands for it."""
    metas = _metas(node)
    named = next((slug for name in _SLUGS if (slug := metas.get(name, ""))), "")
    return named or _attribute(data, "key", "du-key")


def _metas(node: Node) -> dict[str, str]:
    return {
        each.get("name", "").lower(): each.get("content", "").strip()
        for each in node.children("head", "meta")
    }


def _attribute(node: Node, name: str, *path: str) -> str:
    found = node.child(*path)
    return "" if found is None else found.get(name, "").strip()
