"""A time as feeds write it, in UTC.

Read are ISO 8601, extended and basic; RFC 822 and 5322, and what stands in their place: months in
other languages, a clock before the date, ``Thu Nov 26 10:00:00 MSK 2026``; and the seconds,
milliseconds and microseconds since 1970 that some systems put there. A time without a zone is
UTC, a date without a clock its midnight.

What can be read in two ways is not read at all: ``11/06/2026`` is June in London and November in
New York, and an hour of an unknown zone may be half a day away. A wrong time parts an article
from its story; without one the time of its arrival stands in.
"""

import re
from datetime import UTC, datetime, timedelta

from contracts.fields import FIRST_YEAR, LAST_YEAR

_LONGEST = 100
"""Characters. The longest that are sent name the zone in words: about 70."""

_NUMBER = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
_UNITS = {9: 1, 10: 1, 12: 1_000, 13: 1_000, 16: 1_000_000}
"""Digits → parts of a second. So many digits are of the years from 1973 on."""
_BASIC = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:[Tt ]?(\d\d)(\d\d)(?:(\d\d)([.,]\d+)?)?)?(?!\d)", re.ASCII
)
_CLOCK = re.compile(
    r"(?i)(?:(?<=\d)[T ]|(?<![\d:+-]))(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?![\d:])"
    r" ?([ap]\.?m\b\.?)?",
    re.ASCII,
)
_ZONE = re.compile(r" ?(?:\(?([^\W\d_]{1,5})\)? ?)?(?:([+−-])(\d{1,2})(?::?(\d\d))?(?!\d))?")
_COMMENT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[^\W\d_]{1,5}\b")
"""Behind an offset, which says it better: ``(Moscow Standard Time)``, ``[Europe/Moscow]``."""
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)", re.ASCII)
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_FILLERS = frozenset("st nd rd th at of um uhr à le den de г года році року р в о".split())
_HALF_A_DAY = 12

_MONTHS = tuple(
    tuple(stems.split())
    for stems in (
        "jan jän jen ene gen sty янв січ яну сту",
        "feb fév fev фев лют lut",
        "mar mär mrz мар бер сак",
        "apr avr abr апр кві кра kwi",
        "may mai maj mag мая май тра",
        "jun juin giu cze июн чер юни чэр",
        "jul juil lug lip июл лип юли ліп",
        "aug aoû aou ago sie авг сер жні",
        "sep set wrz сен вер сеп",
        "oct okt ott out paź paz окт жов кас",
        "nov lis ноя лис ное ліс",
        "dec dez déc dic gru дек гру сне",
    )
)
"""How the months begin, in English and ten other languages of Europe."""

_ZONES = {
    name: minutes
    for minutes, names in {
        0: "z ut utc gmt wet",
        60: "bst cet met mez west wat",
        120: "cest mest mesz eet sast cat",
        180: "msk мск eest fet trt eat idt",
        240: "msd samt get azt gst",
        300: "yekt uzt tjt tmt pkt",
        330: "ist",
        360: "omst",
        420: "krat novt ict wib",
        480: "irkt hkt sgt awst pht myt",
        540: "yakt jst kst",
        570: "acst",
        600: "vlat aest",
        630: "acdt",
        660: "magt sakt aedt",
        720: "pett nzst",
        780: "nzdt",
        -180: "brt art",
        -240: "edt",
        -300: "est cdt",
        -360: "cst mdt",
        -420: "mst pdt",
        -480: "pst akdt",
        -540: "akst",
        -600: "hst",
    }.items()
    for name in names.split()
}
"""Minutes east of Greenwich. Of names with several meanings: RFC 822 has EST to PDT for North
America; BST is British (Bangladesh's outlets write +0600) and IST Indian (Israel's and Ireland's
write +0200 and GMT). AST is left out, Atlantic and Arabian feeds both send it; so are AMT and
ALMT, and the letters of the military, which RFC 822 had the wrong way round."""
_MOSCOW = frozenset({"msk", "мск"})


def moment_of(text: str) -> datetime | None:
    """The time that a text names; None for one that is none, or of a year that no article has.

    >>> moment_of("Thu, 26 Nov 2026 14:05:00 MSK")
    datetime.datetime(2026, 11, 26, 11, 5, tzinfo=datetime.timezone.utc)
    """
    said = " ".join(text.split()) if len(text) <= _LONGEST else ""
    try:
        read = _since_1970(said) or _of_calendar(_BASIC.sub(_extended, said, count=1))
    except (ValueError, OverflowError):  # no such day, or hour
        return None
    return read if read and FIRST_YEAR <= read.year <= LAST_YEAR else None


def _since_1970(said: str) -> datetime | None:
    found = _NUMBER.fullmatch(said)
    unit = _UNITS.get(len(found[1])) if found else None
    if not found or not unit or _BASIC.fullmatch(said):
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(said) / unit)


def _extended(basic: re.Match[str]) -> str:
    """``20261126T140500`` as ``2026-11-26 14:05:00``."""
    year, month, day, hour, minute, second, fraction = basic.groups(default="")
    clock = f" {hour}:{minute}:{second or '00'}{fraction}" if hour else ""
    return f"{year}-{month}-{day}{clock}"


def _of_calendar(said: str) -> datetime | None:
    clock = _CLOCK.search(said)
    before, behind = (said[: clock.start()], said[clock.end() :]) if clock else ("", said)
    if not clock and (date := _YEAR_FIRST.match(said)):  # xs:date: its zone follows
        before, behind = date[0], said[date.end() :]
    zone, rest = _zoned(behind)
    day = _day(f"{before} {rest}")
    if day is None or zone is None:
        return None
    return day + (_time(clock) if clock else timedelta()) - timedelta(minutes=zone)


def _zoned(said: str) -> tuple[int | None, str]:
    """The zone with which a text begins, in minutes, and what is behind it."""
    found = _ZONE.match(said)
    name = (found[1] or "").lower() if found else ""
    if not found or (name and name not in _ZONES) or not found[0].strip():
        return 0, said
    rest = said[found.end() :]
    if not found[2]:
        return _ZONES[name], rest
    minutes = int(found[3]) * 60 + int(found[4] or 0)
    if int(found[3]) > 14 or int(found[4] or 0) > 59:
        return None, rest
    offset = minutes if found[2] == "+" else -minutes
    if name in _MOSCOW and not found[4]:  # MSK+2 is two hours before Moscow
        offset += _ZONES[name]
    return offset, _COMMENT.sub("", rest, count=1)


def _time(clock: re.Match[str]) -> timedelta:
    """The time of a day; 24:00 ends it, and a leap second is the next minute's first.

    Raises:
        ValueError: no such time.
    """
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if half := clock[5]:
        if not 1 <= hour <= _HALF_A_DAY:
            raise ValueError(clock[0])
        hour = hour % _HALF_A_DAY + (_HALF_A_DAY if half[0] in "pP" else 0)
    if minute > 59 or second > 60 or hour * 60 + minute + second / 60 > 24 * 60:
        raise ValueError(clock[0])
    fraction = float(f"0.{clock[4] or 0}")
    return timedelta(hours=hour, minutes=minute, seconds=second + fraction)


def _day(said: str) -> datetime | None:
    """Midnight of a date, whatever way it is written.

    Raises:
        ValueError: there is no such day.
    """
    said = said.strip(" ,")
    if found := _YEAR_FIRST.fullmatch(said):
        return datetime(int(found[1]), int(found[3]), int(found[4]), tzinfo=UTC)
    if found := _YEAR_LAST.fullmatch(said):
        day, mark, month, year = int(found[1]), found[2], int(found[3]), found[4]
        if mark != ".":
            if day <= _HALF_A_DAY and month <= _HALF_A_DAY and day != month:
                return None
            day, month = max(day, month), min(day, month)
        return datetime(_year(year), month, day, tzinfo=UTC)
    return _named(said)


def _named(said: str) -> datetime | None:
    """``Thursday, 26th November 2026``, ``26 ноября 2026 г.``, ``Nov 26, 2026``, ``26-Nov-26``."""
    words = [each for each in _WORDS.findall(said.lower()) if each not in _FILLERS]
    numbers = [each for each in words if each.isdecimal()]
    names = [each for each in words if not each.isdecimal()]
    if len(numbers) != 2 or not 1 <= len(names) <= 2:
        return None
    # Of two the first is a day of the week, also where it looks like a month: mardi, mar.
    month = next((i for i, stems in enumerate(_MONTHS, 1) if names[-1].startswith(stems)), None)
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    return datetime(_year(year), month, int(day), tzinfo=UTC) if month else None


def _year(digits: str) -> int:
    """Of two digits by RFC 5322, 4.3."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)
