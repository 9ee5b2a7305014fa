"""What one of feedparser's entries says: its title, its text and its times.

- Title: in Atom what ``@type`` says of it (RFC 4287, 3.1.1): ``text``, or none, is literal, and
  ``<Kino>`` is a word in brackets. RSS has no such word, so there HTML's own tags are markup and
  anything else in angle brackets is words.
- Text: the longest of what the feed offers, so that a teaser never stands for a full text:
  ``atom:content``, ``content:encoded``, the full texts that Russian aggregators ask outlets for
  (``yandex:full-text``, ``turbo:content``, ``rambler:fulltext`` …), ``description`` or ``summary``.
- Times: as ``fields.moment`` reads them. Feedparser takes a zone that it does not know for UTC,
  seconds for a year and this month for one that is not there.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from workers.feeds.reader import Note
from workers.feeds.readers import fields
from workers.feeds.readers.markup import article_of, has_tags, text_of, title_of

Said = dict[str, Any]
"""A feed or an entry as feedparser has it."""

_LITERAL = re.compile(r"text/(?!x?html\b)")
_MARKUP = re.compile(r"text/x?html\b|application/(?:[\w.-]*\+)?xml\b")
_XHTML = "application/xhtml+xml"
_MOST_ESCAPES = 3
"""Programs, each of which escaped what the one before had escaped."""
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")


def title(entry: Said, *, is_atom: bool) -> str:
    """The title of a feed, an entry or its source, in one line."""
    value, kind = _detail(entry, "title")
    if not is_atom:
        words = _read(value, title_of)
    elif kind == _XHTML:
        words = text_of(value)
    else:
        words = value if _LITERAL.match(kind) else _read(value, text_of)
    return " ".join(words.split())


def text(entry: Said) -> str:
    """The article, as far as the feed gives it."""
    contents = get(entry, "content")
    offered = [
        *(_words(value, kind, article_of) for value, kind in map(_typed, contents or [])),
        _words(*_detail(entry, "summary"), text_of),
    ]
    return max(offered, key=len) or _words(said(entry, "pictured"), "", text_of)


def moment(entry: Said, name: str, where: str, notes: list[Note]) -> datetime | None:
    """``published`` or ``updated``, in UTC; None without it, or with a note if it is none."""
    return fields.moment_or_note(said(entry, name), f"{where}/{name}", notes)


def get(entry: Said, name: str) -> Any:
    """What an entry holds under a name. Its own ``get`` answers ``updated`` with ``published``."""
    return dict.get(entry, name)


def said(entry: Said, name: str) -> str:
    """The text of a field; empty without one."""
    value = get(entry, name)
    return value.strip() if isinstance(value, str) else ""


def _detail(entry: Said, name: str) -> tuple[str, str]:
    """A value and its media type, which is that of another element if the values differ."""
    value, detail = said(entry, name), get(entry, f"{name}_detail")
    if isinstance(detail, dict) and said(detail, "value") == value:
        return value, said(detail, "type")
    return value, "text/html"


def _typed(detail: Any) -> tuple[str, str]:
    return (said(detail, "value"), said(detail, "type")) if isinstance(detail, dict) else ("", "")


def _words(value: str, kind: str, reader: Callable[[str], str]) -> str:
    """The words of a value of a media type; of a picture, or another file, none."""
    if kind == _XHTML:
        return reader(value)
    if _LITERAL.match(kind):
        return value
    return _read(value, reader) if not kind or _MARKUP.match(kind) else ""


def _read(value: str, reader: Callable[[str], str]) -> str:
    """Words of HTML. What holds no tag, and read once it does, was escaped twice."""
    words = reader(value)
    for _ in range(_MOST_ESCAPES - 1):
        if has_tags(value) or not (has_tags(words) or _REFERENCE.search(words)):
            break
        value = words
        words = reader(value)
    return words
