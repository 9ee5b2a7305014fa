"""Sample documents of every format, written for these tests, and what readers make of them."""

import json
from pathlib import Path

from redis import Redis

from contracts.article import Article
from tests.support.wire import harness
from workers.feeds.formats import FORMATS, as_document
from workers.feeds.reader import BadItem, Item, Note, Skipped
from workers.settings import Settings

FOLDER = Path(__file__).parent / "documents"
SAMPLES = {
    "wire.jsonl": "jsonl",
    "states.jsonl": "jsonl",
    "marked.jsonl": "jsonl",
    "corrupt.jsonl": "jsonl",
    "list.jsonl.json": "jsonl",
    "one.jsonl.json": "jsonl",
    "cut.jsonl.json": "jsonl",
    "item.ninjs2.json": "ninjs",
    "items.ninjs3.json": "ninjs",
    "sms.ninjs1.json": "ninjs",
    "cut.ninjs1.json": "ninjs",
    "metadata.ninjs2.json": "ninjs",
    "embargo.ninjs3.json": "ninjs",
    "events.ninjs3.json": "ninjs",
    "answer.ninjs.json": "ninjs",
    "update.superdesk-ninjs.json": "ninjs",
    "kill.superdesk-ninjs.json": "ninjs",
    "item.newsml-g2.xml": "newsml-g2",
    "message.newsml-g2.xml": "newsml-g2",
    "doctype.nitf.xml": "nitf",
    "embargo.nitf.xml": "nitf",
    "kill.nitf.xml": "nitf",
    "nameless.nitf.xml": "nitf",
    "picture.nitf.xml": "nitf",
    "russian.nitf.xml": "nitf",
    "text.nitf.xml": "nitf",
    "withheld.nitf.xml": "nitf",
    "alternatives.newsml-1.xml": "newsml-1",
    "bad.newsml-1.xml": "newsml-1",
    "doctype.newsml-1.xml": "newsml-1",
    "embargo.newsml-1.xml": "newsml-1",
    "kill.newsml-1.xml": "newsml-1",
    "message.newsml-1.xml": "newsml-1",
    "russian.newsml-1.xml": "newsml-1",
    "withheld.newsml-1.xml": "newsml-1",
    "xhtml.newsml-g2.xml": "newsml-g2",
    "cp1251.newsml-g2.xml": "newsml-g2",
    "envelope.newsml-g2.xml": "newsml-g2",
    "kill.newsml-g2.xml": "newsml-g2",
    "sports.newsml-g2.xml": "newsml-g2",
    "concept.newsml-g2.xml": "newsml-g2",
    "planning.newsml-g2.xml": "newsml-g2",
    "flawed.newsml-g2.xml": "newsml-g2",
    "broken.newsml-g2.xml": "newsml-g2",
    "feed.rss.xml": "rss",
    "fulltext.rss.xml": "rss",
    "netscape.rss.xml": "rss",
    "channel.rdf.xml": "rss",
    "cp1251.rss.xml": "rss",
    "broken-off.rss.xml": "rss",
    "warned.rss.xml": "rss",
    "feed.atom.xml": "atom",
    "text.iptc7901.txt": "iptc7901",
    "correction.iptc7901.txt": "iptc7901",
    "kill.iptc7901.txt": "iptc7901",
    "hold.iptc7901.txt": "iptc7901",
    "messages.iptc7901.txt": "iptc7901",
    "cut.iptc7901.txt": "iptc7901",
    "text.anpa1312.txt": "anpa1312",
    "writethru.anpa1312.txt": "anpa1312",
    "kill.anpa1312.txt": "anpa1312",
    "advance.anpa1312.txt": "anpa1312",
    "table.anpa1312.txt": "anpa1312",
    "messages.anpa1312.txt": "anpa1312",
    "feed.json-feed.json": "json-feed",
    "microblog.json-feed.json": "json-feed",
    "wrong.json-feed.json": "json-feed",
    "broken-off.json-feed.json": "json-feed",
    "corrected.json-feed.json": "json-feed",
    "expired.json-feed.json": "json-feed",
    "kills.atom.xml": "atom",
    "xhtml.atom.xml": "atom",
    "timeless.atom.xml": "atom",
    "prefixed.atom.xml": "atom",
    "broken-off.atom.xml": "atom",
}
"""File name → its format."""


def sample(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def read(format_name: str, body: bytes, origin: str = "wire") -> list[Item]:
    """What the reader of a format makes of a document, whatever that is by its looks."""
    document = as_document(body, origin)
    return [*document.notes, *FORMATS[format_name].reader.read(document)]


def articles(items: list[Item]) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


def bad_items(items: list[Item]) -> list[BadItem]:
    return [item for item in items if isinstance(item, BadItem)]


def skipped(items: list[Item]) -> list[Skipped]:
    return [item for item in items if isinstance(item, Skipped)]


def notes(items: list[Item]) -> list[Note]:
    return [item for item in items if isinstance(item, Note)]


def places(items: list[Item]) -> list[str]:
    """Where each bad item is."""
    return [item.where for item in bad_items(items)]


def said(article: Article) -> dict[str, object]:
    """What the feed said of an article: fields that it left out are not there."""
    return article.model_dump(exclude_unset=True)


def said_of_one(format_name: str, document: bytes) -> dict[str, object]:
    """What was said of the only article of a document."""
    (article,) = articles(read(format_name, document))
    return said(article)


def published(redis: Redis, settings: Settings) -> list[dict[str, object]]:
    """The articles as the stream holds them."""
    found = harness.entries(redis, settings.streams.articles)
    return [json.loads(fields[b"data"]) for _, fields in found]
