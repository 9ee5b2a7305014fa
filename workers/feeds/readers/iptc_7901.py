"""IPTC 7901, revision 5 (1995): a telegram between control characters.

::

    SOH eca062 4 i 211  dpa 061 CR LF        service and number, priority, category, words; source
        Germany-politics/ CR LF              keywords
    STX Social Democrats: talks could fail = CR LF
        Berlin (dpa) - Negotiations … CR LF
    ETX 131137 GMT Nov 13 EOT                day and time, month, year

What it says of an item:

- Identity: service designator and message number (header); the number counts for a day or less,
  so the time of the trailer belongs to it. Nothing names the item that a correction is of: that
  is found by its text, as a revision is.
- Version, language: none.
- Status: words of its own line in the headline (``REFILE``, ``(Berichtigung: …)``) and in the
  keywords. A kill has a number of its own, so only its text can say whom it means.
- Priority 1 and 2 are flash and urgent. The category has no place in an article.

The headline ends with ``=`` where an agency keeps to that, else with its first line.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from workers.feeds.reader import Document, Item, Note
from workers.feeds.readers.markup import one_line
from workers.feeds.readers.wire_messages import (
    Message,
    behind_tag,
    identity,
    items,
    readable,
    sent_at,
    tags,
    tell_end,
)

_HEADER = re.compile(
    r"\s{0,9}(?P<service>[A-Za-z]{1,8})(?P<number>\d{1,6})[ \t]{1,9}(?P<priority>[0-9])[ \t]{1,9}"
    r"(?P<category>[A-Za-z]{1,8})\b(?:[ \t]{1,9}(?P<words>\d{1,6}))?(?P<rest>[^\n]*)"
)
_SOURCE = re.compile(r"(?:.*[ \t])?(?P<source>[A-Za-z][\w-]{1,15})[ \t]+\d{1,6}[ \t]*")
_TIME = re.compile(
    r"(?<!\d)(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})[ \t]*"
    r"(?:(?P<zone>Z|[A-Z]{3,4})[ \t]+)?(?P<month>[^\W\d]{3,9})\.?[ \t]+(?P<year>(?:\d\d)?\d\d)\b"
)
_KEYWORD = re.compile(r"[^/,;]+")
_BETWEEN_WORDS = re.compile(r"[ -]+")
_MOST_HEAD = 12
"""Lines that a headline with all that stands over it takes."""
_BYLINE = re.compile(r"(?:By|Von|Par|Por|Di) \w|Автор:? |.*, (?:dpa|AFP|APA|ANSA|EFE|ТАСС)$")
_NOTES = re.compile(
    r"\n(?:#{1,2} ?(?:dpa[ -])?(?:not(?:e|iz)b(?:ook|lock)|note\b)|\* \* \* \*\n"
    r"|the following information is not (?:intended )?for publication)",
    re.IGNORECASE,
)
"""Where the notes to editors begin."""
_URGENT = "12"
_EXPECTED = "service and number, priority, category, words (IPTC 7901, revision 5)"


class Iptc7901:
    """Messages of IPTC 7901."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        return items(document, _HEADER, _EXPECTED, _mapped)


def _mapped(
    message: Message, header: re.Match[str], where: str, notes: list[Note]
) -> dict[str, object]:
    time = _TIME.search(readable(message.trailer))
    sent = sent_at(time.groupdict(), time["month"], f"{where}, time", notes) if time else None
    tell_end(message, where, notes, is_timed=time is not None)
    keywords = one_line(readable(message.header[header.end() :])).strip("/ ")
    title, text, signals = _headed(readable(message.body).strip())
    for each in _KEYWORD.findall(keywords):
        words = _BETWEEN_WORDS.split(each.strip())
        in_capitals = [word for word in (words[0], words[-1]) if word.isupper()]
        signals += tags(each) or [tag for word in in_capitals for tag in tags(word)]
    if header["priority"] in _URGENT:
        signals.append("urgent")
    source = _SOURCE.fullmatch(header["rest"].strip())
    return {
        "id": identity("iptc7901", header["service"] + header["number"], sent, message),
        "title": title,
        "text": text,
        "source": source["source"] if source else None,
        "published_at": sent,
        "status": "withheld" if "hold" in signals else None,
        "signals": list(dict.fromkeys(signals)),
        "slug": keywords,
    }


def _headed(text: str) -> tuple[str, str, list[str]]:
    """Headline, text without the notes to editors, and what stands over the headline."""
    head, marked, rest = _head(text)
    body = rest if (found := _NOTES.search(f"\n{rest}")) is None else rest[: max(0, found.start())]
    title: list[str] = []
    signals: list[str] = []
    lines = list(_in_brackets(head))
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        if said := tags(line):
            signals += said
            # Else it says why, and the headline follows.
            if (behind := behind_tag(line)) and (not following or following[0].islower()):
                title.append(behind)
        elif line and not line.startswith("(") and not (marked and title and _BYLINE.match(line)):
            title.append(line)
    paragraphs = (one_line(each) for each in re.split(r"\n[ \t]*\n", body))
    return " ".join(title), "\n".join(filter(None, paragraphs)), signals


def _head(text: str) -> tuple[list[str], bool, str]:
    """The lines of the headline, whether it has its mark, and what is behind it."""
    lines = text.split("\n", _MOST_HEAD)
    for number, line in enumerate(lines[:_MOST_HEAD]):
        if line.rstrip().endswith("="):
            head = [each.strip() for each in [*lines[:number], line.rstrip()[:-1]]]
            return head, True, "\n".join(lines[number + 1 :])
        if not line.strip() and number:
            break  # a blank line before any mark: there is none
    return [lines[0].strip()], False, "\n".join(lines[1:])


def _in_brackets(lines: list[str]) -> Iterator[str]:
    """Lines, those of one pair of brackets as one."""
    held: list[str] = []
    for line in lines:
        held.append(line)
        if not held[0].startswith("(") or line.endswith(")"):
            yield " ".join(held)
            held = []
    yield from held
