"""What one of feedparser's entries says: its title, its text and its times.

- Title: in Atom what ``@type`` says of it (RFC 4287, 3.1.1): ``text``, or none, is literal, and
  ``<Kino>`` is a word in brackets. RSS has no such word, so there HTML's own tags are markup and
  anything else in angle brackets is words.
- Text: the longest of ``atom:content``, ``content:encoded`` and the full texts that Russian
  aggregators ask outlets for (``yandex:full-text``, ``turbo:content``, ``rambler:fulltext`` …);
  ``description`` or ``summary`` without one, or where all of them are teasers of it.
- Times: as ``fields.moment`` reads them. Feedparser takes a zone that it does not know for UTC,
  seconds for a year and this month for one that is not there.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from workers.feeds.reader import Note
from workers.feeds.readers import fields
from workers.feeds.readers.markup import article_of, is_markup, one_line, text_of, title_of

Said = dict[str, Any]
"""A feed or an entry as feedparser has it."""

_LITERAL = re.compile(r"text/(?!x?html\b)")
_XHTML = "application/xhtml+xml"
_ESCAPED = re.compile(r"\s*&lt;[A-Za-z]")
"""The beginning of HTML that was put where XHTML belongs: text in XHTML begins with no tag."""
_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]*+={0,2}")
"""What feedparser leaves of a file that is no text."""
_A_BODY = 300
"""Characters that no teaser has; a description of twice a full text's length is one."""
_MOST_ESCAPES = 3
"""Programs, each of which escaped what the one before had escaped."""
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")


def title(entry: Said, *, is_atom: bool) -> str:
    """The title of a feed, an entry or its source, in one line."""
    value, kind = _detail(entry, "title")
    is_literal = is_atom and _LITERAL.match(kind)
    words = value if is_literal else _read(value, text_of if is_atom else title_of)
    return one_line(words)


def text(entry: Said) -> str:
    """The article, as far as the feed gives it."""
    contents = get(entry, "content") or []
    content = max(map(_content, contents), key=len, default="")
    summary = "" if _is_copied(entry, contents) else _words(*_detail(entry, "summary"), text_of)
    return fuller(content, summary) or text_of(said(entry, "pictured"))


def fuller(content: str, summary: str) -> str:
    """An item's content, or its summary where there is none, or where the content is a teaser.

    >>> fuller("It sank.", "What is known so far"), fuller("It sank.", "It sank. All are safe.")
    ('It sank.', 'It sank. All are safe.')
    """
    is_teaser = content in summary or len(summary) > max(2 * len(content), _A_BODY)
    return summary if is_teaser else content


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


def _content(detail: Any) -> str:
    if not isinstance(detail, dict):
        return ""
    reader = article_of if get(detail, "page") else text_of
    return _words(said(detail, "value"), said(detail, "type"), reader)


def _is_copied(entry: Said, contents: Sequence[Any]) -> bool:
    """Whether the summary is a content, which feedparser puts there if an item has none."""
    values = [said(each, "value") for each in contents if isinstance(each, dict)]
    return said(entry, "summary") in values


def _words(value: str, kind: str, reader: Callable[[str], str]) -> str:
    """The words of a value of a media type; of a picture, or another file, none."""
    if _LITERAL.match(kind):
        return value
    if kind == _XHTML and not _ESCAPED.match(value):
        return reader(value)
    return "" if _is_file(kind) and _BASE64.fullmatch(value) else _read(value, reader)


def _is_file(kind: str) -> bool:
    """Whether feedparser reads what is of this media type as base64 (RFC 4287, 4.1.3.3)."""
    return bool(kind) and not (kind.startswith("text/") or kind.endswith(("+xml", "/xml")))


def _read(value: str, reader: Callable[[str], str]) -> str:
    """Words of HTML. What holds no tag, and read once it does, was escaped twice."""
    words = reader(value)
    for _ in range(_MOST_ESCAPES - 1):
        if is_markup(value) or not (is_markup(words) or _REFERENCE.search(words)):
            break
        value = words
        words = reader(value)
    return words
