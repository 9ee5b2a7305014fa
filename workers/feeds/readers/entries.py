"""Feedparser's feed and entries, in time linear in the length of a document.

It reads more of a feed than is asked for here, and some of that in the square of its length or
worse: a mail address out of each author's name, which tags are new, an encoding out of processing
instructions. What stands before the root element is not shown to it, so it sees no document type;
the rest is left out of its parsers. Attributes and namespaces are bounded by
``workers.feeds.readers.xml``.

Of elements that it does not know it loses the text, if they have attributes, and takes what is
within them for the item's own, such as the links of ``yandex:related`` and what a picture shows:
those are told to it as others, or not at all. A full text that an outlet makes for an aggregator
has ``page`` in its detail.
"""

import re
import sys
from html.entities import html5
from io import BytesIO
from typing import Any

import feedparser
from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.mixin import _FeedParserMixin as FeedParserMixin

_PROLOG = re.compile(
    rb"(?s)(?:[^<]++|<!--.*?-->|<\?.*?\?>|<![A-Za-z][^<>\[]*+(?:\[[^\]]*+\][^<>]*+)?>)*"
)
"""All before the first element: text, comments, instructions, a document type."""
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
    entries = [entry for entry in found.entries if dict.keys(entry)]
    if not found.get("version") and not entries:
        return {}, []
    return {**found.feed, "version": found.get("version")}, entries


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


def _without_detail(_parser: Any, *_args: object, **_said: object) -> None:
    """In place of the search for a mail address in an author's name."""


def _without_tags(parser: Any, *_said: object) -> None:
    """In place of a tag that is compared with all before it; there is a list, and it is empty."""
    parser._get_context().setdefault("tags", [])  # noqa: SLF001 - as the method that it stands for


FeedParserMixin.namespaces["http://turbo.yandex.ru"] = "turbo"
_FULL_TEXT = re.compile(r"(?:.*:)?full[-_]?text|turbo:content", re.DOTALL)
"""Under the prefixes of Yandex, Rambler, Mail.ru and others; ``fullitem`` is feedparser's name for
``content:encoded`` under any prefix."""
_RELATED = re.compile(r".+:related")
_ITEMS = frozenset({"item", "entry"})


def _told(parser: Any, tag: str) -> str:
    prefix, colon, name = tag.rpartition(":")
    name = f"{parser.namespacemap.get(prefix, prefix)}{colon}{name}"
    if _FULL_TEXT.fullmatch(name):
        return "fullitem"
    return "pictured" if name == "media:description" else tag


def _start(parser: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
    if tag in _ITEMS:
        parser.related = None  # one that was not closed ends with its item
    if parser.related is None and _RELATED.fullmatch(tag) and not parser.incontent:
        parser.related = tag
    if parser.related is None:
        told = _told(parser, tag)
        said = [] if told == "pictured" else attributes
        FeedParserMixin.unknown_starttag(parser, told, said)
        if told == "fullitem" and parser.incontent:
            parser.contentparams["page"] = True


def _end(parser: Any, tag: str) -> None:
    if parser.related is None or tag in _ITEMS:
        FeedParserMixin.unknown_endtag(parser, _told(parser, tag))
    if tag == parser.related or tag in _ITEMS:
        parser.related = None


for _parser in (StrictFeedParser, LooseFeedParser):
    _parser.related = None
    _parser.unknown_starttag = _start
    _parser.unknown_endtag = _end
    _parser._sync_author_detail = _without_detail  # noqa: SLF001 - there is no public way
    _parser._add_tag = _without_tags  # noqa: SLF001
