"""Fields that wires write as text: versions, times, NewsCodes."""

import re
from datetime import datetime

from contracts.article import MAX_VERSION
from workers.feeds.reader import BadField, Note
from workers.feeds.readers.times import moment_of

_SHOWN = 80
_WHOLE = re.compile(r"[vV]?0*(\d{1,16})")
_DOTTED = re.compile(r"[vV]?(\d{1,9})\.(\d{1,3})(?:\.(\d{1,3}))?", re.ASCII)


def version(text: str, where: str) -> int:
    """A version as the whole number that the article's contract compares.

    Digits are themselves. ``1.2`` and ``1.2.3`` become a million for each major step and a
    thousand for each minor one, times their milliseconds since 1970, so each kind grows as
    it should. A feed that changes from one kind to another mid-item can't be followed: the
    number may fall, and a lower version has no effect.

    >>> version("7", ""), version("1.2.3", ""), version("2026-11-22T10:00:00Z", "")
    (7, 1002003, 1795341600000)

    Raises:
        BadField: none of these, or above ``MAX_VERSION``.
    """
    text = text.strip()
    if text.isascii() and (found := _WHOLE.fullmatch(text)):
        number = int(found[1])
    elif found := _DOTTED.fullmatch(text):
        major, minor, patch = found.groups(default="0")
        number = int(major) * 1_000_000 + int(minor) * 1_000 + int(patch)
    else:
        number = _milliseconds(text, where)
    if number > MAX_VERSION:
        raise BadField(where, f"version {number}, expected at most {MAX_VERSION}")
    return number


def _milliseconds(text: str, where: str) -> int:
    try:
        since_1970 = moment(text, where).timestamp()
    except BadField:
        since_1970 = -1
    if since_1970 < 0:
        raise BadField(where, f"version {shown(text)}, expected digits, digits with dots, a time")
    return int(since_1970 * 1000)


def version_or_note(text: str, where: str, notes: list[Note]) -> int | None:
    """A version that costs a note, not its item, where it is none."""
    try:
        return version(text, where) if text.strip() else None
    except BadField as error:
        notes.append(Note(error.where, f"{error.detail}; left out"))
        return None


def version_at(created: datetime | None) -> int | None:
    """The version of an item that counts none: when it was made, in seconds, so that the next one
    is higher.
    """
    return max(0, int(created.timestamp())) if created else None


def moment(text: str, where: str) -> datetime:
    """A time, whichever way feeds write it (``times``), in UTC.

    Raises:
        BadField: no such time, or one of a year that no article has.
    """
    if (read := moment_of(text)) is None:
        raise BadField(where, f"time {shown(text)}, expected one as ISO 8601 or RFC 822 has it")
    return read


def moment_or_note(text: str, where: str, notes: list[Note]) -> datetime | None:
    """A time that costs a note, not its item, where it is none: when something was published is
    worth less than that it was. Not for embargoes: one that can't be read still holds.
    """
    try:
        return moment(text, where) if text.strip() else None
    except BadField as error:
        notes.append(Note(error.where, f"{error.detail}; left out"))
        return None


def newscode(value: str) -> str:
    """A NewsCode without its vocabulary, whether written as QCode or as URI.

    An alias is only known through the item's catalog, and providers do rename them; the
    codes that we compare occur in one vocabulary each.

    >>> newscode("stat:canceled"), newscode("http://cv.iptc.org/newscodes/signal/correction")
    ('canceled', 'correction')
    """
    return re.split(r"[:/#]", value.strip().rstrip("/"))[-1]


def media_type(content_type: str) -> str:
    """Without parameters, in lower case.

    >>> media_type("Text/HTML; charset=koi8-r")
    'text/html'
    """
    return content_type.partition(";")[0].strip().lower()


def shown(value: object) -> str:
    """A value as a message quotes it."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
