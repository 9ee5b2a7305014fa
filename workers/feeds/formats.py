"""Formats by name, by media type, and by looking at a document."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from workers.feeds.charset import decoded
from workers.feeds.reader import Document, Item, Reader
from workers.feeds.readers.jsonl import JsonLines
from workers.feeds.readers.newsml_1 import NewsML1
from workers.feeds.readers.newsml_g2 import ROOTS, NewsMLG2
from workers.feeds.readers.ninjs import Ninjs
from workers.feeds.readers.nitf import Nitf
from workers.feeds.readers.syndication import Syndication
from workers.feeds.readers.xml import tree

AUTO = "auto"
_LOOKED_AT = 2_000
"""Bytes in which an XML root element begins; licences in comments before it are short."""


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
        """The items of a document, behind what is to be said of its encoding."""
        yield from document.notes
        yield from self.reader.read(document)


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

FORMATS = {each.name: each for each in (JSONL, NINJS, NEWSML_G2, NITF, NEWSML_1, RSS, ATOM)}
_BY_MEDIA_TYPE = {media: each for each in FORMATS.values() for media in each.media_types}
_BY_ROOT = {
    "rss": RSS,
    "RDF": RSS,
    "feed": ATOM,
    "nitf": NITF,
    "NewsML": NEWSML_1,
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


def of_media_type(content_type: str) -> Format | None:
    """The format that a ``Content-Type`` names; None for a general one such as ``text/xml``."""
    return _BY_MEDIA_TYPE.get(content_type.partition(";")[0].strip().lower())


def as_document(body: bytes, origin: str, content_type: str = "") -> Document:
    """A document out of the bytes that came. ``content_type``: the header, where there is one."""
    found = decoded(body, content_type)
    return Document(found.text, origin, found.notes)


def detected(document: Document, name: str = "") -> Format:
    """The format of a document, by its beginning, and where that is JSON by its file's name.

    XML is known by its root element, or by NewsML-G2's namespace within an envelope; what is
    unknown is taken for RSS, whose reader names the root that it found. JSON is ninjs if its
    first object has ``uri`` and no ``id``.
    """
    text = document.text
    beginning = text[:_LOOKED_AT].lstrip()
    if beginning[:1] in {b"{", b"["}:
        by_name = _BY_SUFFIX.get(PurePath(name).suffix.lower())
        if by_name is JSONL or by_name is NINJS:
            return by_name
        first = beginning.partition(b"}")[0] if b"\n{" in text else beginning
        return NINJS if b'"uri"' in first and b'"id"' not in first else JSONL
    if beginning[:1] == b"<":
        by_namespace = NEWSML_G2 if b"http://iptc.org/std/nar/" in beginning else RSS
        return _BY_ROOT.get(tree(text, ()).root, by_namespace)
    return _BY_SUFFIX.get(PurePath(name).suffix.lower(), JSONL)
