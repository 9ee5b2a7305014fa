"""Formats by name, by media type, and by looking at a document."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import PurePath

from workers.feeds.encoding.charset import decoded
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
from workers.feeds.readers.anpa_1312 import Anpa1312
from workers.feeds.readers.fields import media_type
from workers.feeds.readers.iptc_7901 import Iptc7901
from workers.feeds.readers.json_feed import JsonFeed
from workers.feeds.readers.jsonl import JsonLines
from workers.feeds.readers.newsml_1 import NewsML1
from workers.feeds.readers.newsml_g2 import ROOTS, NewsMLG2
from workers.feeds.readers.ninjs import Ninjs
from workers.feeds.readers.nitf import Nitf
from workers.feeds.readers.syndication.reader import Syndication
from workers.feeds.readers.unknown import (
    Unknown,
    binary_kind,
    first_element,
    root_of,
)
from workers.feeds.readers.values import NoJson, values

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
        """The items of a document, behind what is to be said of its encoding. One that gives no
        good item, and is by its looks something else, is one bad item.
        """
        yield from document.notes
        if document.binary:
            yield from UNKNOWN.reader.read(document)
            return
        if another := self._another_root(document):
            yield self._refused(document, another)
            return
        items = self.reader.read(document)
        begun: list[Item] = []
        for item in items:
            begun.append(item)
            if not isinstance(item, BadItem | Note) or len(begun) == _DOUBTED:
                break
        if other := self._other(document, begun):
            yield other
            return
        yield from begun
        yield from items

    def _another_root(self, document: Document) -> "Format | None":
        """The format whose root element a document has: it may hold one of this format, as
        NewsML-G2 does NITF, but says beside it what counts, such as an embargo.
        """
        beginning = document.text[:_LOOKED_AT].lstrip()
        root = _ROOT.search(beginning) if beginning[:1] == b"<" else None
        if root is None or self._reads_as(_BY_ROOT[root[1].decode()]):
            return None
        found = detected(document)
        return None if found is UNKNOWN or self._reads_as(found) else found

    def _other(self, document: Document, begun: list[Item]) -> Item | None:
        """What a document is that began with these items, if it is none of this format."""
        if not {type(item) for item in begun} <= {BadItem, Note}:
            return None
        found = detected(document)
        if found is UNKNOWN:
            is_whole = len(begun) < _DOUBTED
            no_lines = not begun and not document.text.strip()
            return None if no_lines or not is_whole else next(UNKNOWN.reader.read(document))
        return self._refused(document, found) if begun and not self._reads_as(found) else None

    def _reads_as(self, other: "Format") -> bool:
        return type(self.reader) is type(other.reader)

    def _refused(self, document: Document, found: "Format") -> NotUnderstood:
        return NotUnderstood(
            "document",
            f"{found.name} by its looks, expected {self.name}",
            f"send it as {found.name}, or let its looks decide ({AUTO})",
            document.text[:LONGEST_FRAGMENT],
        )


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
IPTC_7901 = Format("iptc7901", Iptc7901(), ())
ANPA_1312 = Format("anpa1312", Anpa1312(), ())

FORMATS = {
    each.name: each
    for each in (
        *(JSONL, NINJS, NEWSML_G2, NEWSML_1, NITF),
        *(RSS, ATOM, JSON_FEED, IPTC_7901, ANPA_1312),
    )
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
_TELEGRAM = re.compile(rb"\x01[^\n\x1f\x02]{0,200}(\x1f)?")
"""SOH, and in its line the US of ANPA 1312."""
UNKNOWN = Format("unknown", Unknown(f"one of {', '.join(FORMATS)}"), ())
"""What no other reads: its reader says what it seems to be."""


def of_media_type(content_type: str) -> Format | None:
    """The format that a ``Content-Type`` names; None for a general one such as ``text/xml``."""
    return _BY_MEDIA_TYPE.get(media_type(content_type))


def as_document(body: bytes, origin: str, content_type: str = "") -> Document:
    """A document out of the bytes that came. ``content_type``: the header, where there is one."""
    if kind := binary_kind(body):
        return Document(b"", origin, binary=kind)
    found = decoded(body, content_type)
    return Document(found.text, origin, found.notes)


def detected(document: Document, name: str = "") -> Format:
    """The format of a document by its structure; ``UNKNOWN`` where that is no format's.

    XML is known by its root element, also behind what does not belong there; JSON by the names in
    its first objects, and where these fit two formats by the file's ``name``; lines by one that
    is an item, if most of them begin as one.
    """
    text = document.text.lstrip()
    if text[:1] in {b"{", b"["}:
        return _of_values(text, PurePath(name).suffix.lower())
    beginning = text[:_LOOKED_AT]
    if telegram := _TELEGRAM.search(beginning):
        return ANPA_1312 if telegram[1] else IPTC_7901
    found = _BY_ROOT.get(root_of(text)) if beginning[:1] == b"<" else None
    is_page = first_element(beginning) == b"html"
    if not (found or is_page) and (root := _ROOT.search(beginning)):
        found = _BY_ROOT[root[1].decode()]
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
