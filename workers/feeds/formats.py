"""Formats by name, by media type, and by looking at a document."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import PurePath

from workers.feeds.charset import decoded
from workers.feeds.reader import (
    LONGEST_FRAGMENT,
    BadItem,
    Document,
    Item,
    Note,
    NotUnderstood,
    Reader,
)
from workers.feeds.readers import json_feed, jsonl, ninjs
from workers.feeds.readers.json_feed import JsonFeed
from workers.feeds.readers.jsonl import JsonLines
from workers.feeds.readers.newsml_1 import NewsML1
from workers.feeds.readers.newsml_g2 import NAMESPACE, ROOTS, NewsMLG2
from workers.feeds.readers.ninjs import Ninjs
from workers.feeds.readers.nitf import Nitf
from workers.feeds.readers.syndication import Syndication
from workers.feeds.readers.unknown import (
    Unknown,
    binary_kind,
    first_element,
)
from workers.feeds.readers.values import NoJson, values
from workers.feeds.readers.xml import tree

AUTO = "auto"
_LOOKED_AT = 4_000
"""Bytes in which a document's first elements stand."""
_MOST_VALUES = 10
"""JSON values that are looked at: a list may begin with an item that is broken."""
_DOUBTED = 1_000
"""Bad items, and nothing else, after which a document of another format is told as that."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format and who reads it."""

    name: str
    reader: Reader
    media_types: tuple[str, ...]
    """The ones that name it alone; the first is the one to send."""
    states_versions: bool = True
    """Whether its items say that they changed. Of those that don't, the poller compares."""

    def read(self, document: Document) -> Iterator[Item]:
        """The items of a document, behind what is to be said of its encoding. One that holds
        nothing but bad items, and is by its looks something else, is one bad item.
        """
        yield from document.notes
        if document.binary:
            yield from UNKNOWN.reader.read(document)
            return
        items = self.reader.read(document)
        begun: list[Item] = []
        for item in items:
            begun.append(item)
            if not isinstance(item, BadItem | Note) or len(begun) == _DOUBTED:
                break
        if {type(item) for item in begun} - {Note} == {BadItem}:
            found = detected(document)
            if found is UNKNOWN and len(begun) < _DOUBTED:
                items, begun = UNKNOWN.reader.read(document), []
            elif found is not UNKNOWN and not isinstance(self.reader, type(found.reader)):
                items, begun = iter([_of_another_format(document, found, self)]), []
        yield from begun
        yield from items


JSONL = Format(
    "jsonl", JsonLines(), ("application/x-ndjson", "application/jsonl", "application/ndjson")
)
NINJS = Format("ninjs", Ninjs(), ("application/vnd.iptc.ninjs+json",))
NEWSML_G2 = Format(
    "newsml-g2",
    NewsMLG2(),
    (
        "application/vnd.iptc.g2.newsitem+xml",
        "application/vnd.iptc.g2.newsmessage+xml",
        "application/vnd.iptc.g2.packageitem+xml",
    ),
)
NITF = Format("nitf", Nitf(), ("application/nitf+xml", "text/vnd.iptc.nitf"))
NEWSML_1 = Format("newsml-1", NewsML1(), ("text/vnd.iptc.newsml",))
RSS = Format("rss", Syndication(), ("application/rss+xml", "application/rdf+xml"), False)
ATOM = Format("atom", Syndication(), ("application/atom+xml",), False)
JSON_FEED = Format("json-feed", JsonFeed(), ("application/feed+json",), False)

FORMATS = {
    each.name: each for each in (JSONL, NINJS, NEWSML_G2, NITF, NEWSML_1, RSS, ATOM, JSON_FEED)
}
_BY_MEDIA_TYPE = {media: each for each in FORMATS.values() for media in each.media_types}
_BY_ROOT = {
    "rss": RSS,
    "RDF": RSS,
    "feed": ATOM,
    "nitf": NITF,
    **dict.fromkeys(("NewsML", "NewsItem"), NEWSML_1),
    **dict.fromkeys(ROOTS, NEWSML_G2),
}
_BY_SUFFIX = {
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".rss": RSS,
    ".atom": ATOM,
    ".json": NINJS,
    ".ninjs": NINJS,
}
_BY_SHAPE: tuple[tuple[Format, Callable[[object], bool]], ...] = (
    (JSON_FEED, json_feed.looks_like),
    (NINJS, ninjs.looks_like),
    (JSONL, jsonl.looks_like),
)
"""JSON formats, by what is so of an item of theirs and of no other's, as far as that can be."""
_ROOT = re.compile(rf"<(?:[\w.-]{{1,40}}:)?({'|'.join(_BY_ROOT)})[\s/>]".encode())
UNKNOWN = Format("unknown", Unknown(f"one of {', '.join(FORMATS)}"), ())
"""What no other reads: its reader says what it seems to be."""


def of_media_type(content_type: str) -> Format | None:
    """The format that a ``Content-Type`` names; None for a general one such as ``text/xml``."""
    return _BY_MEDIA_TYPE.get(content_type.partition(";")[0].strip().lower())


def _of_another_format(document: Document, found: Format, expected: Format) -> NotUnderstood:
    return NotUnderstood(
        "document",
        f"{found.name} by its looks, expected {expected.name}",
        f"send it as {found.name}, or let its looks decide ({AUTO})",
        document.text[:LONGEST_FRAGMENT],
    )


def as_document(body: bytes, origin: str, content_type: str = "") -> Document:
    """A document out of the bytes that came. ``content_type``: the header, where there is one."""
    if kind := binary_kind(body):
        return Document(b"", origin, binary=kind)
    found = decoded(body, content_type)
    return Document(found.text, origin, found.notes)


def detected(document: Document, name: str = "") -> Format:
    """The format of a document by its structure; ``UNKNOWN`` where that is no format's.

    XML is known by its root element, also behind what does not belong there, or by NewsML-G2's
    namespace within an envelope; JSON by the names in its first objects, and where these fit two
    formats by the file's ``name``; lines by one that is an item, if most of them begin as one.
    """
    text = document.text.lstrip()
    if text[:1] in {b"{", b"["}:
        return _of_values(text, PurePath(name).suffix.lower())
    beginning = text[:_LOOKED_AT]
    if first_element(beginning) == b"html":
        return UNKNOWN
    found = _BY_ROOT.get(tree(text, ()).root) if beginning[:1] == b"<" else None
    if found is None and (root := _ROOT.search(beginning)):
        found = _BY_ROOT[root[1].decode()]
    if found is None and beginning[:1] == b"<" and NAMESPACE in beginning:
        found = NEWSML_G2
    return found or _of_lines(text)


def _of_values(text: bytes, suffix: str) -> Format:
    found: list[object] = []
    try:
        for each in islice(values(text.decode()), _MOST_VALUES):
            found.append(each.value)  # noqa: PERF401 - what was read before a fault counts
    except NoJson:
        pass
    else:
        if not found:
            return NINJS  # an empty list: no item is wrong with it
    if not found and json_feed.begins(text[:_LOOKED_AT].decode("utf-8", "replace")):
        return JSON_FEED
    fitting = [each for each, fits in _BY_SHAPE if any(map(fits, found))]
    by_name = _BY_SUFFIX.get(suffix)
    if by_name in fitting and JSON_FEED not in fitting:
        return by_name
    return fitting[0] if fitting else _of_lines(text)


def _of_lines(text: bytes) -> Format:
    """Most of the lines begin as objects, and one is an item."""
    lines = begun = 0
    for line in BytesIO(text):
        lines += not line.isspace()
        begun += line.lstrip()[:1] == b"{"
    if 2 * begun >= lines:
        for value in jsonl.objects(text):
            for each, fits in _BY_SHAPE:
                if fits(value):
                    return each
    return UNKNOWN
