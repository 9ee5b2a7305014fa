"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): RSS in JSON.

What a feed says of an item's life:

- Identity: ``id``, which makes an item one («Items»: one without is discarded); a number is its
  digits. One that is unique in its feed only has the feed's name before it: ``feed_url``, which
  names the feed («Top-level»), else ``home_page_url``, else where it came from.
- Version: ``date_modified`` in seconds, as Atom's ``updated``; without it the poller counts.
- Status, signals, embargo: the format has none, and no word for an item that was deleted.
- Words: ``title`` is plain text, ``content_html`` HTML, ``content_text`` and ``summary`` plain; a
  microblog leaves the title out. The longer content is the text, ``summary`` without one.
- Language: the item's, else the feed's. Authors, tags and extensions (``_name``) are not read.
- Times: RFC 3339 by the specification, whatever ``fields.moment`` reads in practice.

What is of the wrong type costs itself and a note; a wrong ``id`` its item.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from workers.feeds.reader import (
    LONGEST_FRAGMENT,
    BadField,
    BadItem,
    Document,
    Item,
    Note,
    Skipped,
    article,
    bad,
)
from workers.feeds.readers import fields
from workers.feeds.readers.ids import absolute, feed_name, page, unique
from workers.feeds.readers.markup import one_line, text_of
from workers.feeds.readers.syndication.entry_fields import fuller
from workers.feeds.readers.twins import told_apart
from workers.feeds.readers.values import NoJson, source_of, text_at, type_of, values

VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(\d+)")
"""Of ``version``, which says that this is a JSON Feed."""
_BEGINS = re.compile(rf'"version"\s*+:\s*+"{VERSION.pattern}'.replace("/", r"\\?/"))
_ITEMS = re.compile(r'"items"\s*+:\s*+(?=\[)')
_OWN = frozenset({"home_page_url", "feed_url"})
"""Members that no other format has."""
_READ = "1"
_AROUND = 200
"""Characters on both sides of a fault."""
_SHOWN_FILES = ("attachments", "image", "banner_image")
_REMEDY = "correct it at its source; see jsonfeed.org"
_EMBEDDED = re.compile(r"(?i)<(img|picture|video|audio|iframe)\b")

Properties = dict[str, Any]


class JsonFeed:
    """Items of JSON Feed."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        yield from told_apart(self._read(document))

    def _read(self, document: Document) -> Iterator[Item]:
        text = document.text.decode()
        try:
            feed = _parsed(text)
        except (ValueError, RecursionError) as error:
            yield _no_json(error, text)
            feed = _until_it_breaks(text)
            if feed is None:
                return
        yield from _items(feed, document)


def looks_like(value: object) -> bool:
    """Whether a JSON value is a JSON Feed: its ``version`` says so, or names of its own do."""
    if not isinstance(value, dict):
        return False
    version = value.get("version")
    says_so = isinstance(version, str) and bool(VERSION.match(version))
    return says_so or ("items" in value and bool(_OWN & value.keys()))


def begins(beginning: str) -> bool:
    """Whether JSON that may break off begins as a JSON Feed."""
    return bool(_BEGINS.search(beginning))


def _parsed(text: str) -> Any:
    # Numbers as they are written: here they are ids, names and times, never reckoned with.
    return json.loads(text, strict=False, parse_int=str, parse_float=str, parse_constant=str)


def _no_json(error: Exception, text: str) -> BadItem:
    """A letter that shows where it broke: while it is broken there, that is told once."""
    where, at = "document", 0
    if isinstance(error, json.JSONDecodeError):
        where, at = f"line {error.lineno}", max(0, error.pos - _AROUND)
    shown = text[at : at + 2 * _AROUND].encode("utf-8", "replace")
    return BadItem(where, f"not JSON: {error}", _REMEDY, shown)


def _until_it_breaks(text: str) -> Any:
    """The feed with the items that are complete, where it breaks within or behind them."""
    found = _ITEMS.search(text)
    items: list[object] = []
    if found is None:
        return None
    try:
        feed = _parsed(f"{text[: found.end()]}[]}}")
        behind = text[found.end() :]
        for each in values(behind):
            items.append(_parsed(behind[each.start : each.stop]))  # noqa: PERF401 - may raise
    except NoJson:
        pass
    except (ValueError, RecursionError):
        return None
    return {**feed, "items": items} if items else None


def _items(feed: Any, document: Document) -> Iterator[Item]:
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        is_feed = looks_like(feed)
        where, found = ("$.items", items) if is_feed else ("$", feed)
        expected = "a list" if is_feed else "a JSON Feed with a list of items"
        detail = f"{type_of(found)}, expected {expected}"
        yield BadItem(where, detail, _REMEDY, document.text[:LONGEST_FRAGMENT])
        return
    notes: list[Note] = []
    about = _About(feed, document.origin, notes)
    yield from notes
    for number, each in enumerate(items):
        yield from _item(each, f"$.items[{number}]", about)


class _About:
    """What a feed says of all its items."""

    def __init__(self, feed: Properties, origin: str, notes: list[Note]) -> None:
        version = feed.get("version")
        read = VERSION.match(version) if isinstance(version, str) else None
        if read is None or read[1] != _READ:
            detail = f"{fields.shown(version)}, expected one of JSON Feed {_READ}; read as that"
            notes.append(Note("$.version", detail))
        feed_url, home = (text_at(feed, each, "$", notes) for each in ("feed_url", "home_page_url"))
        # What stands behind the question mark may be a subscriber's key.
        names = (each for each in (feed_url, home) if "?" not in each)
        self.title = one_line(text_at(feed, "title", "$", notes))
        self.name = feed_name(*names, origin=origin, title=self.title)
        self.bases = (home, feed_url, origin)
        self.language = text_at(feed, "language", "$", notes)


def _item(item: Any, where: str, about: _About) -> Iterator[Item]:
    source = source_of(item)
    if not isinstance(item, dict):
        yield BadItem(where, f"{type_of(item)}, expected an object", _REMEDY, source)
        return
    notes: list[Note] = []
    try:
        mapped = _mapped(item, where, about, notes)
    except BadField as error:
        yield bad(error, where, source)
        return
    shows = _shows(item)
    if shows and not (mapped["title"] or mapped["text"]):
        yield Skipped(where, shows)
    else:
        yield article(mapped, where, source)
    yield from notes


def _mapped(item: Properties, where: str, about: _About, notes: list[Note]) -> dict[str, object]:
    def text(name: str) -> str:
        return text_at(item, name, where, notes)

    def moment(name: str) -> Any:
        return fields.moment_or_note(text(name), f"{where}.{name}", notes)

    modified = moment("date_modified")
    content = max(text_of(text("content_html")), text("content_text"), key=len)
    return {
        "id": unique(_id(item), about.name),
        "title": one_line(text("title")),
        "text": fuller(content, text("summary")),
        "source": about.title,
        "url": _page(text("url"), about) or _page(text("external_url"), about),
        "lang": text("language") or about.language,
        "published_at": moment("date_published") or modified,
        "version": fields.version_at(modified),
    }


def _id(item: Properties) -> str:
    """«Items»: required; one that is a number is to be read as its digits."""
    value = item.get("id")
    if not isinstance(value, str) or not value.strip():
        expected = "the item's identifier, a string or a number"
        raise BadField(".id", f"{fields.shown(value)}, expected {expected}", _REMEDY)
    return value.strip()


def _page(link: str, about: _About) -> str | None:
    return page(absolute(link, *about.bases))


def _shows(item: Properties) -> str | None:
    """What an item holds that is no text, by its own name."""
    embedded = _EMBEDDED.search(str(item.get("content_html")))
    named = (name for name in _SHOWN_FILES if item.get(name))
    return next(named, embedded[1].lower() if embedded else None)
