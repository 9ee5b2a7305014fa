"""Feedparser's feed and entries, in time linear in the length of a document.

What it would read in the square of that length or worse is not shown to it: what stands before the
root element, and so no document type, and references to characters that are none. The rest is
left out of its parsers (``parsers``). Attributes and namespaces are bounded by ``xml``.
"""

import re
import sys
from html.entities import html5
from io import BytesIO
from typing import Any

import feedparser

from workers.feeds.readers.syndication.parsers import HEAD, WHOLE
from workers.feeds.readers.syndication.surroundings import NO_ELEMENT

_PROLOG = re.compile(rb"(?s)(?:[^<]++|" + NO_ELEMENT + rb")*")
"""All before the first element, text as well."""
_ELEMENT = re.compile(rb"<[A-Za-z_:\x80-\xff]")
"""The beginning of the root element: behind it feedparser takes no declaration for one."""
_NAMED = re.compile(rb"(?s)<!\[CDATA\[.*?(?:\]\]>|\Z)|&([A-Za-z][A-Za-z0-9]{1,31};)")
"""A reference to a character by its name, where it is one; without a DTD feedparser's strict parser
gives up at those of HTML."""
_NAMED_BY_XML = frozenset(["amp;", "lt;", "gt;", "quot;", "apos;"])
_REFERENCE = re.compile(rb"(?i)&#(?:x0*+([0-9a-f]++)|0*+([0-9]++))|(?<=#)[0-9]{1000,}+")
"""To a character by its number; or a number that may become one, on more digits than Python takes.
For one that is no character feedparser gives up the whole feed."""
_AS_UTF8 = {"content-type": "application/xml; charset=utf-8"}
"""Feedparser would look for an encoding of its own."""
_NO_CHARACTER = b"65533"
_MOST_DIGITS = 7
_SURROGATES = range(0xD800, 0xE000)


def parsed(document: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Feedparser's feed and entries; both empty where it finds no feed."""
    try:
        # A stream, since bytes could be taken for a file's name. Markup is stripped here anyway,
        # so that nothing in it is to be made absolute or harmless: rewriting it costs words.
        found = feedparser.parse(
            BytesIO(_harmless(document)),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers=_AS_UTF8,
        )
    except Exception:  # noqa: BLE001 - on garbage feedparser raises what its parts raise
        return {}, []
    head: dict[str, Any] = next(
        (entry.pop(HEAD) for entry in found.entries[:2] if HEAD in entry), {}
    )
    entries = [dict(entry) for entry in found.entries if dict.keys(entry) - {WHOLE}]
    if not found.get("version") and not entries:
        return {}, []
    return {**found.feed, **head, "version": found.get("version")}, entries


def _harmless(document: bytes) -> bytes:
    """All from the first element on; its references are numbers, of characters that there are."""
    prolog = _PROLOG.match(document)
    root = _ELEMENT.search(document, prolog.end() if prolog else 0)
    shown = document[root.start() :] if root else b""
    return _REFERENCE.sub(_checked, _NAMED.sub(_numbered, shown))


def _numbered(reference: re.Match[bytes]) -> bytes:
    """A character by its number for one that HTML has a name for."""
    name = (reference[1] or b"").decode()
    if name in _NAMED_BY_XML or name not in html5:
        return reference[0]
    return "".join(f"&#{ord(each)};" for each in html5[name]).encode()


def _checked(reference: re.Match[bytes]) -> bytes:
    """A reference to a character that there is."""
    in_hex, in_ten = reference.groups()
    digits = in_hex or in_ten
    if not digits:
        return _NO_CHARACTER
    if len(digits) <= _MOST_DIGITS:
        number = int(digits, 16 if in_hex else 10)
        if number <= sys.maxunicode and number not in _SURROGATES:
            return reference[0]
    return b"&#" + _NO_CHARACTER
