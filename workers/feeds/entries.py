"""Feedparser's feed and entries, in time linear in the length of a document.

It reads more of a feed than is asked for here, and some of that in the square of its length or
worse: a mail address out of each author's name, which tags are new, an encoding out of processing
instructions. What stands before the root element and says nothing is not shown to it, the rest is
left out of its parsers. Attributes and namespaces are bounded by ``workers.feeds.xml``.
"""

import re
from io import BytesIO
from typing import Any

import feedparser
from feedparser.api import LooseFeedParser, StrictFeedParser

_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(<\?xml\s[^<>]{0,200}\?>)")
_PROLOG = re.compile(
    rb"(?s)(?:[^<]++|<!--.*?-->|<\?.*?\?>|<![A-Za-z][^<>\[]*+(?:\[[^\]]*+\][^<>]*+)?>)*+"
)
"""All before the first element: text, comments, instructions, a document type."""
_WIDE = {b"<\0": "utf-16-le", b"\0<": "utf-16-be", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""First two bytes of documents in UTF-16."""


def parsed(document: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Feedparser's feed and entries; both empty where it finds no feed."""
    try:
        # A stream, since bytes could be taken for a file's name. Markup is stripped here anyway.
        found = feedparser.parse(BytesIO(_beginning_at_root(document)), sanitize_html=False)
    except Exception:  # noqa: BLE001 - on garbage feedparser raises what its parts raise
        return {}, []
    entries = [entry for entry in found.entries if dict.keys(entry)]
    if not found.get("version") and not entries:
        return {}, []
    return dict(found.feed) or {"version": found.get("version")}, entries


def _beginning_at_root(document: bytes) -> bytes:
    """The XML declaration, if any, and all from the first element on; as UTF-8 if it was UTF-16."""
    declaration = _DECLARATION.match(document)
    if wide := _WIDE.get(document[:2]):
        document = document.decode(wide, "replace").encode("utf-8", "replace")
    root = _PROLOG.match(document)
    start = root.end() if root else 0
    return (declaration[1] if declaration else b"") + document[start:]


def _nothing(*_args: object, **_kwargs: object) -> None:
    """What feedparser's parsers do about authors and tags: nobody here asks for them."""


for _parser in (StrictFeedParser, LooseFeedParser):
    _parser._sync_author_detail = _nothing  # noqa: SLF001 - there is no other way to turn it off
    _parser._add_tag = _nothing  # noqa: SLF001
