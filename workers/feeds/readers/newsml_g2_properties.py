"""Properties of NewsML-G2 as its framework has them: ranked, and with codes for values."""

import re

from workers.feeds.readers import fields
from workers.feeds.readers.body import line_of
from workers.feeds.readers.xml import Node

_WHOLE = re.compile(r"[0-9]{1,8}")
_UNRANKED = 10**9


def headline(node: Node) -> str:
    """The main headline in the item's own language, by ``@role`` and ``@rank``."""
    lang = _primary(language(node))
    found: list[tuple[bool, bool, str]] = []
    for each in ranked(node, "contentMeta", "headline"):
        words = line_of(each)
        role = fields.newscode(each.get("role") or each.get("roleuri") or "").lower()
        if words and "sub" not in role:
            foreign = _primary(each.get("xml:lang")) not in {lang, ""}
            found.append((foreign, role not in {"", "main", "headline"}, words))
    return min(found, key=lambda each: each[:2])[2] if found else ""


def description(node: Node) -> str:
    """It stands in for content that is elsewhere; a caption is a picture's."""
    for each in ranked(node, "contentMeta", "description"):
        role = fields.newscode(each.get("role") or each.get("roleuri") or "").lower()
        if role != "caption" and (words := line_of(each)):
            return words
    return ""


def language(node: Node) -> str | None:
    """``contentMeta/language/@tag`` is the content's; ``@xml:lang`` of the item its metadata's."""
    for each in ranked(node, "contentMeta", "language"):
        if tag := each.get("tag"):
            return tag
    content = node.child("contentSet", "inlineXML")
    return (content.get("xml:lang") if content is not None else None) or node.get("xml:lang")


def _primary(lang: str | None) -> str:
    return (lang or "").lower().replace("_", "-").partition("-")[0]


def supplier(node: Node) -> str | None:
    """Who supplied the content, else who released the item, else whom to credit."""
    for path in (("contentMeta", "infoSource"), ("itemMeta", "provider")):
        for party in ranked(node, *path):
            name = line(party, "name") or party.get("literal") or own_code(party, fold=False)
            if name:
                return name
    return line(node, "contentMeta", "creditline") or None


def ranked(node: Node, *path: str) -> list[Node]:
    """Properties of one name by ``@rank``, the lowest first, and those without one last."""
    return sorted(node.children(*path), key=_rank)


def _rank(node: Node) -> int:
    text = node.get("rank", "").strip()
    return int(text) if _WHOLE.fullmatch(text) else _UNRANKED


def line(node: Node, *path: str) -> str:
    """The words of the first such property that has any."""
    return next((words for each in ranked(node, *path) if (words := line_of(each))), "")


def code(node: Node, *path: str) -> str:
    """The code of the first such property; empty without one."""
    found = node.child(*path)
    return "" if found is None else own_code(found)


def own_code(node: Node, *, fold: bool = True) -> str:
    """A property's code, from its QCode, its URI, or what it says in place of them."""
    said = node.get("qcode") or node.get("uri") or node.get("literal") or node.text or ""
    code = fields.newscode(said)
    return code.lower() if fold else code
