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
    "item.ninjs2.json": "ninjs",
    "items.ninjs3.json": "ninjs",
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
    "feed.atom.xml": "atom",
    "feed.json-feed.json": "json-feed",
    "microblog.json-feed.json": "json-feed",
    "wrong.json-feed.json": "json-feed",
    "broken-off.json-feed.json": "json-feed",
    "corrected.json-feed.json": "json-feed",
    "expired.json-feed.json": "json-feed",
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


def published(redis: Redis, settings: Settings) -> list[dict[str, object]]:
    """The articles as the stream holds them."""
    found = harness.entries(redis, settings.streams.articles)
    return [json.loads(fields[b"data"]) for _, fields in found]
