"""Days, months, years and weekdays in one normal form for Russian and English.

9 февраля = February 9 = Feb. 9 = 09.02.2026 → 02-09      понедельник = Monday → day1
в мае 2025 года = May 2025 → 2025-05, and 2025            2025 год = 2025 → 2025
"""

import re
from datetime import date, timedelta

_STEMS = "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split()
_ENDINGS = {"март": ("", "а", "е", "у"), "ма": ("й", "я", "е", "ю"), "август": ("", "а", "е", "у")}
_SHORT = "янв фев мар апр мая июн июл авг сен окт ноя дек".split()
_ENGLISH = (
    "january february march april may june july august september october november december".split()
)

MONTHS: dict[str, int] = {"сент": 9, "sept": 9}
"""Month names as words in any case or abbreviation → 1 to 12."""
for _number, (_stem, _short, _english) in enumerate(zip(_STEMS, _SHORT, _ENGLISH, strict=True), 1):
    for _ending in _ENDINGS.get(_stem, ("ь", "я", "е", "ю")):
        MONTHS[_stem + _ending] = _number
    for _name in (_short, _english, _english[:3]):
        MONTHS[_name] = _number

WEEKDAYS = {
    word: day
    for day, words in enumerate(
        (
            "monday понедельник понедельника",
            "tuesday вторник вторника",
            "wednesday среду",
            "thursday четверг четверга",
            "friday пятница пятницу пятницы",
            "saturday суббота субботу субботы",
            "sunday воскресенье воскресенья",
        ),
        start=1,
    )
    for word in words.split()
}
"""Forms in which Russian and English news name a day of the week → 1 to 7."""

_COMMON_YEAR = 2025
_DAYS = {
    digits + ending: day
    for day in range(1, 32)
    for digits in (str(day), f"{day:02}")
    for ending in ("", "st", "nd", "rd", "th", "го", "е", "ое")
}
_DAY_MONTH_YEAR = re.compile(r"(\d\d?)\.(\d\d?)\.(?:\d{4}|\d\d)")
_ISO = re.compile(r"\W*(\d{4})-(\d\d)-(\d\d)\W*")


def day_key(month: int, day: int) -> str:
    """The key of one day of any year: ``day_key(2, 9)`` is ``02-09``."""
    return f"{month:02}-{day:02}"


def day_shifted(month: int, day: int, *, days: int) -> str:
    """The key of the day so many days later, of a year without February 29.

    >>> day_shifted(3, 1, days=-1), day_shifted(12, 31, days=1), day_shifted(2, 31, days=1)
    ('02-28', '01-01', '02-31')
    """
    try:
        shifted = date(_COMMON_YEAR, month, day) + timedelta(days)
    except ValueError:
        return day_key(month, day)
    return day_key(shifted.month, shifted.day)


def day_of_month(word: str) -> int:
    """1 to 31, or 0 if ``word`` is no day."""
    return _DAYS.get(word, 0)


def is_year(word: str) -> bool:
    """Four digits from 1900 to 2099: what news means by a year."""
    return len(word) == 4 and word.isdecimal() and word[:2] in {"19", "20"}


def day_in(word: str) -> str | None:
    """The day written as ``09.02.2026`` or, by whole chunk, ``2026-02-09``."""
    if found := _DAY_MONTH_YEAR.fullmatch(word):
        month, day = int(found[2]), int(found[1])
    elif found := _ISO.fullmatch(word):
        month, day = int(found[2]), int(found[3])
    else:
        return None
    return day_key(month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
