"""Feedparser's two parsers, with what this project needs and they lack.

- A tombstone (RFC 6721) is an entry of its own, whatever its prefix and whether or not the feed is
  well-formed. So tombstones and entries come from one parser, in the order of the document.
- An id is what was written: neither ``xml:base`` (RFC 4287, 4.2.6) nor a fault elsewhere in the
  feed changes it.
- An item that does not close what it opens costs no other item, and the last one is known to be
  whole or not.
- An ampersand that begins no reference is one: ``R&D``, and addresses such as ``/?id=1&section=5``
  are why most feeds are not well-formed.
- Full texts under the names that Russian aggregators gave them are content, with ``page`` in its
  detail; the links of ``yandex:related`` and what a picture shows are none of the item's own.
- What grows with the square of a feed's length is left out: the search for a mail address in each
  author's name, and tags that are compared with all before them.
"""

import re
from html import unescape
from typing import Any

import feedparser.api
from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.mixin import _FeedParserMixin as FeedParserMixin

DELETED = "\0deleted"
"""Of an entry that is a tombstone: its attributes. No element has such a name."""
HEAD = "\0head"
"""Of the first entry: what the feed said of itself before it. What an item that is cut short leaves
behind it would be taken for the feed's own, such as its link, and so for the name of all items."""
WHOLE = "\0whole"
"""Of an entry whose end, or its feed's, was seen."""
_TOMBSTONE = "deleted-entry"
_ITEMS = frozenset(["item", "entry"])
_ENDED_BY = _ITEMS | {_TOMBSTONE, "channel", "feed", "rss", "rdf"}
_PICTURED = "pictured"
_NEVER_WITHIN = frozenset(["guid", "id", "pubdate", "description", "published", "updated"])
"""Elements of an item that no markup of HTML has: before them a title or text has ended."""
_ADDRESSES = frozenset(["id", "link"])
_END_TAG = re.compile(r"(</[A-Za-z][\w:.-]*+)[^<>]*+(?:>|(?=<))")
"""With a quotation mark in it, it would reach to the next one, or to the end of the feed."""
_FULL_TEXT = re.compile(r"(?:.*:)?full[-_]?text|turbo:content", re.DOTALL)
"""Under the prefixes of Yandex, Rambler, Mail.ru and others."""
_PAGE = "fullitem"
"""Feedparser's name for ``content:encoded`` under any prefix."""
_RELATED = re.compile(r".+:related")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:\#\d+|\#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]{0,31});)",
    re.DOTALL,
)
"""One that begins no reference; sections where none does."""


_FeedParser: Any = object
FeedParserMixin.namespaces["http://turbo.yandex.ru"] = "turbo"


class _Taught(_FeedParser):  # type: ignore[misc] # mixed in before feedparser's classes, untyped
    """What both parsers are taught."""

    can_be_relative_uri = StrictFeedParser.can_be_relative_uri - {"id"}

    is_within = False
    """Whether the tombstone that is being read stands within an entry."""
    related: str | None = None
    """The element of related links that is being read."""

    def unknown_starttag(self, tag: str, attributes: list[tuple[str, str]]) -> None:
        if tag in _ITEMS:
            self.related = None  # one that was not closed ends with its item
        if self.related is None and _RELATED.fullmatch(tag) and not self.incontent:
            self.related = tag
        if self.related is not None:
            return
        before, name, within = len(self.entries), self._known(tag), self.inentry
        super().unknown_starttag(name, [] if name == _PICTURED else attributes)
        if not before and self.entries:
            self.entries[0][HEAD] = {**self.feeddata, "links": [*self.feeddata.get("links", [])]}
        if name == _PAGE and self.incontent:
            self.contentparams["page"] = True
        # Not in the text of an entry, where it is markup.
        if tag.rpartition(":")[2] == _TOMBSTONE and len(self.entries) > before:
            self.entries[-1][DELETED] = dict(map(self.attribute, attributes))
            self.is_within = bool(within)

    def unknown_endtag(self, tag: str) -> None:
        if self.related is None or tag in _ITEMS:
            super().unknown_endtag(self._known(tag))
        if tag == self.related or tag in _ITEMS:
            self.related = None
        if self.entries and tag.rpartition(":")[2] in _ENDED_BY:
            self.entries[-1][WHOLE] = True
        if self.is_within and tag.rpartition(":")[2] == _TOMBSTONE:
            self.entries[-2:] = self.entries[:-3:-1]  # the entry that it stands in goes on
            self.inentry, self.is_within = 1, False

    def _known(self, tag: str) -> str:
        """A tag under a name that feedparser knows."""
        prefix, colon, name = tag.rpartition(":")
        known = f"{self.namespacemap.get(prefix, prefix)}{colon}{name}"
        if name == _TOMBSTONE:
            return "entry"
        if _FULL_TEXT.fullmatch(known):
            return _PAGE
        return _PICTURED if known == "media:description" else tag

    def _sync_author_detail(self, *_said: object) -> None:
        pass

    def _add_tag(self, *_said: object) -> None:
        # There is a list, and it is empty.
        self._get_context().setdefault("tags", [])


class _Strict(_Taught, StrictFeedParser):  # type: ignore[misc] # published without types
    def attribute(self, said: tuple[str, str]) -> tuple[str, str]:
        return said


class _Loose(_Taught, LooseFeedParser):  # type: ignore[misc] # published without types
    """It reads tags, not their nesting: what one item left open would take in all that follow."""

    def feed(self, data: str) -> None:
        super().feed(_END_TAG.sub(r"\1>", _AMPERSAND.sub(_as_one, data)))

    def attribute(self, said: tuple[str, str]) -> tuple[str, str]:
        return said[0], unescape(said[1])

    def unknown_starttag(self, tag: str, attributes: list[tuple[str, str]]) -> None:
        name = tag.rpartition(":")[2]
        if name in _ITEMS or name == _TOMBSTONE or (self.incontent and tag in _NEVER_WITHIN):
            self._end_what_is_open()
        super().unknown_starttag(tag, attributes)

    def unknown_endtag(self, tag: str) -> None:
        if tag.rpartition(":")[2] in _ITEMS:
            self._end_what_is_open()
        super().unknown_endtag(tag)

    def decode_entities(self, element: str, data: str) -> str:
        """In text of markup they are decoded later; the strict parser has decoded all."""
        return unescape(data) if element in _ADDRESSES else super().decode_entities(element, data)

    def _end_what_is_open(self) -> None:
        while self.inentry and self.elementstack and self.elementstack[-1][0] != "item":
            self.pop(self.elementstack[-1][0])
        self.contentparams.clear()
        self.sourcedata.clear()
        self.incontent = self.insource = self.inimage = self.intextinput = self.svgOK = 0
        self._summaryKey = None


def _as_one(ampersand: re.Match[str]) -> str:
    return "&amp;" if ampersand[0] == "&" else ampersand[0]


# `feedparser.parse` takes them from there.
feedparser.api.StrictFeedParser = _Strict
feedparser.api.LooseFeedParser = _Loose
