"""ANPA 1312 (NAA 89-3, 1989): the wire format of American agencies.

::

    SYN SYN SOH W2870 US _asian              service level and number, selector
    r a DC3 DC1 BC-US--Ferry-Returns 1stLd-Writethru   11-13 1049
                                             priority, category, keyword, version; date, words
    STX ^BC-US--Ferry Returns, 1st Ld-Writethru,466<
        ^Ferry comes back after a year<      headline
        ^By ANNA SMITH=                      byline, notes to editors
    TAB SYDNEY (AP) _ …                      text, each paragraph behind a tab
    TAB ^ETX AP-WF-11-13-13 1509GMT< EOT     agency, circuit, when

What it says of an item:

- Identity: service level and transmission number (section 2 of the header), which counts from 0001
  to 9999, so when it was sent belongs to it. A new lead has a number of its own and is found by
  its text.
- Version, language: none. The keyword's version (``1st Ld-Writethru``, ``Corrective``) is a signal.
- Status: ``KILL``, ``WITHHOLD``, ``HFR`` in keyword or editors' notes; ``Adv27`` is an embargo
  until that day.
- Priority f, b, u are flash, bulletin and urgent. The category has no place in an article.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

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

_FIRST = re.compile(
    r"[ \t]{0,9}(?P<level>[A-Za-z]?)(?P<number>\d{1,6})\x1f(?P<selector>[^\r\n]{0,40})"
)
_SECOND = re.compile(
    r"(?P<priority>[A-Za-z])[ \t]+(?P<category>[A-Za-z])[\x11-\x14 \t]*(?P<keyword>[^\n]*)"
)
_DATE = re.compile(r"(?<!\S)\d{1,2}-\d{1,2}(?:[ \t]+\d{1,6})?$")
_TIME = re.compile(
    r"(?P<agency>[A-Z]{2,8})-[A-Za-z]{1,4}-(?P<month>\d{1,2})-(?P<day>\d{1,2})-(?P<year>\d{2})"
    r"[ \t]+(?P<hour>\d{2})(?P<minute>\d{2})(?P<zone>[A-Z]{0,4})"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_CYCLE = re.compile(r"(?i)(?:am|pm|bc|ap)-+")
"""For morning or evening papers, or both: it says nothing of the story."""
_WORD_COUNT = re.compile(r",\s*\d{1,5}$")
_VERSION = re.compile(
    r"(?i)(?<=[ ,-])((?:\d+(?:st|nd|rd|th)[ -]?(?:ld|lead|add)?-?)?(?:writethru|ld|lead|add)"
    r"|corrective|correction|(?<=, )kill|withhold|hfr|urgent|advisory)(?=$|[ ,])"
    r"|\b(?-i:KILL)\b"  # in other letters it may be what the story is about
)
_ADVANCE = re.compile(r"(?i)\badv(?:ance)?[ .]?(\d{1,2})\b")
_ASIDE = re.compile(
    r"(?i)(?:\w{2,12} (?:photo|graphic|video|audio)s?\b|\(?eds\b|editors?\b|editor's note|by\b"
    r"|for (?:release|use|global)|adv(?:ance)?[ .]?\d{1,2}$|\w{2,12} \w{2,12} writer$|end$)"
)
"""Pictures, notes to editors, byline: for the desk, not of the text."""
_BYLINE = re.compile(r"(?i)by\b")
_TEXT_MARK = "\t"
_UNDERSCORE = re.compile(r"(?<=\s)_(?=\s)")
_RULE = re.compile(r"\n[ \t]*(?:_{2,}|\^?END)[=< \t]*(?=[\n^]|$)")
_EXPECTED = "service level, number, US (1F) and selector (ANPA 1312)"
_URGENT = "fbu"


class Anpa1312:
    """Messages of ANPA 1312."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        return items(document, _FIRST, _EXPECTED, _mapped)


def _mapped(
    message: Message, header: re.Match[str], where: str, notes: list[Note]
) -> dict[str, object]:
    second = _SECOND.search(message.header[header.end() :].lstrip("\r\n\t "))
    time = _TIME.search(readable(message.trailer))
    sent = _sent(time, where, notes) if time else None
    tell_end(message, where, notes, is_timed=time is not None)
    head, text = _parts(message.body)
    keyword, title, signals, asides, more = _headed(head)
    if second:
        signals += _versions(_DATE.sub("", readable(second["keyword"]).strip()))
        signals += ["urgent"] * (second["priority"].lower() in _URGENT)
    advance = next(filter(None, map(_ADVANCE.search, [keyword, *asides])), None)
    embargoed = _day_after(sent, int(advance[1])) if advance and sent else None
    return {
        "id": identity("anpa1312", f"{header['level']}{header['number']}", sent, message),
        "title": title,
        "text": "\n".join(filter(None, [*more, text])),
        "source": time["agency"] if time else None,
        "published_at": sent,
        "status": "withheld" if "hold" in signals or (advance and not embargoed) else None,
        "embargoed": embargoed,
        "signals": list(dict.fromkeys(signals)),
        "slug": keyword,
    }


def _sent(time: re.Match[str], where: str, notes: list[Note]) -> datetime | None:
    month = int(time["month"])
    if not 1 <= month <= len(_MONTHS):
        notes.append(Note(f"{where}, time", f"month {month}; left out"))
        return None
    return sent_at(time.groupdict(), _MONTHS[month - 1], f"{where}, time", notes)


def _parts(body: str) -> tuple[str, str]:
    """Header lines, each behind a circumflex, and the text from the first tab at a line's start."""
    plain = readable(body.replace("\x08", "\n").replace("\x10", " "))
    head, _, text = f"\n{plain}".partition(f"\n{_TEXT_MARK}")
    return head, _prose(text)


def _prose(text: str) -> str:
    """Paragraphs in lines of their own; the typesetter's quotes, dashes and rules as a reader
    knows them.
    """
    text = _RULE.sub("", f"\n{text.rstrip().removesuffix('^').rstrip()}")
    text = text.replace("``", "“").replace("''", "”").replace("<", "\n").replace("^", "")
    text = _UNDERSCORE.sub("–", text)
    paragraphs = (one_line(each) for each in re.split(r"\n[ \t]*(?=[\n\t])", text))
    return "\n".join(filter(None, paragraphs))


def _headed(head: str) -> tuple[str, str, list[str], list[str], list[str]]:
    """Keyword line, headline, what they say of the item, notes to editors, and lines of the text,
    such as those of a table.
    """
    lines = [one_line(each.strip("<= \n\t")) for each in head.split("^")]
    keyword, *rest = [each for each in lines if each and not each.startswith("*")] or [""]
    signals = _versions(keyword)
    title = behind = above = ""
    asides: list[str] = []
    more: list[str] = []
    for line in rest:
        # Under a byline stands whose it is.
        is_aside, above = bool(_ASIDE.match(line) or _BYLINE.match(above)), line
        if said := tags(line):
            signals += said
            behind = behind or behind_tag(line)
        elif is_aside:
            asides.append(line)
            signals += tags(line.partition(":")[2])
        elif not title:
            title = line
        else:
            more.append(line)
    keyword = _CYCLE.sub("", _WORD_COUNT.sub("", keyword), count=1).rstrip(", ")
    return keyword, title or behind, signals, asides, more


def _versions(keyword: str) -> list[str]:
    return [
        tag for said in _VERSION.finditer(_WORD_COUNT.sub("", keyword)) for tag in tags(said[0])
    ]


def _day_after(sent: datetime, day: int) -> datetime | None:
    """The next such day of a month, at its beginning; None if there is none within two months."""
    midnight = sent.replace(hour=0, minute=0, second=0, microsecond=0)
    days = (midnight + timedelta(days=ahead) for ahead in range(62))
    return next((each for each in days if each.day == day), None)
