"""Times of day, and scores, which look like them.

22:30 = 10:30 p.m. = 10.30pm = half past ten in the evening = в половине одиннадцатого вечера
3-1 = 3:1 = 1:3, whoever tells it       0:40 мск = 21:40 GMT of the day before

A score has the larger figure first, whatever its side. A colon before two digits up to 59 is a
time of day; most scores that look like one (21:18) have the larger figure first anyway.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.text.dates import MONTHS, day_of_month, day_shifted
from service.text.numerals import ORDINALS, SPELLED

_PAIR = re.compile(r"[^\w%$€£¥₽₴]*(\d{1,3})([:–—-])(\d{1,3})[^\w%$€£¥₽₴]*")
_TIME = re.compile(r"(\d{1,2})[:.](\d\d)")
_HOUR = re.compile(r"(\d{1,2})(am|pm)?")
_DAY_MINUTES = 24 * 60

_AFTER_NOON = {
    "am": 0, "утра": 0, "ночи": 0, "pm": 12, "дня": 12, "вечера": 12,
    "in the morning": 0, "in the afternoon": 12, "in the evening": 12,
}  # fmt: skip
_BARE_HOUR = frozenset("am pm утра вечера".split())
"""What makes a time of any number; 3 дня and 3 ночи may be a stay."""
_HOURS = frozenset("час часа часов часам".split())
_MINUTES = frozenset("минута минуты минуту минут".split())
_WRITTEN_TOGETHER = frozenset("gmt utc hrs мск msk".split())
"""Behind figures that are a time only so: 1430 GMT, 14.30 мск."""
_NAMED = {"noon": 720, "midday": 720, "полдень": 720, "midnight": 0, "полночь": 0}
_HALF = frozenset("half половина половине половину".split())

SCORE_BEFORE = frozenset("score scores счет счета счетом счете".split())
"""Before figures: they are a score even if they could be a time of day."""

ZONES: dict[str, tuple[float, ...]] = {
    "gmt": (0,), "utc": (0,), "гмт": (0,), "гринвичу": (0,),
    "мск": (3,), "msk": (3,), "московскому": (3,), "москве": (3,), "moscow time": (3,),
    "киевскому": (2, 3), "kyiv time": (2, 3), "kiev time": (2, 3),
    "bst": (1,), "cet": (1,), "cest": (2,), "eet": (2,), "eest": (3,),
    "et": (-5, -4), "est": (-5,), "edt": (-4,), "eastern time": (-5, -4),
    "pt": (-8, -7), "pst": (-8,), "pdt": (-7,), "pacific time": (-8, -7),
    "пекинскому": (8,), "beijing time": (8,), "токийскому": (9,), "tokyo time": (9,),
    "jst": (9,), "kst": (9,), "aest": (10,),
}  # fmt: skip
"""Hours ahead of UTC; two where summer time is not said."""
ZONE_FIRST = frozenset(zone.split()[0] for zone in ZONES)
_MOSCOW = 3
"""A Russian item's day, where it says none."""
_ZONE_REACH = 4
"""Words between a time of day and its zone: 0:40 по московскому."""
_DAY_REACH = 7
"""Words between a time of day and its date."""

STARTS = frozenset([*_NAMED, *_HALF, *ZONE_FIRST])
"""Words with which a time or zone may begin, beside digits."""
NEIGHBOURS = frozenset([*_AFTER_NOON, *_HOURS, *_WRITTEN_TOGETHER, *SCORE_BEFORE, "o'clock"])
"""Words that make a time, or a score, of figures beside them."""


class Time(NamedTuple):
    """A time of day as the text says it."""

    minutes: int
    """Since midnight."""
    end: int
    """Index behind its last word."""

    @property
    def key(self) -> str:
        """As ``22:30``."""
        return clock_key(self.minutes)


def clock_key(minutes: int) -> str:
    """``clock_key(1350)`` is ``22:30``."""
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


def pair_in(chunk: str, *, is_score: bool = False) -> str | None:
    """The key of a score, range or time of day that fills a chunk.

    >>> pair_in("(2–3)."), pair_in("10:30"), pair_in("4:6"), pair_in("2025")
    ('3:2', '10:30', '6:4', None)
    >>> pair_in("18:21"), pair_in("18:21", is_score=True)
    ('18:21', '21:18')
    """
    if not (found := _PAIR.fullmatch(chunk)):
        return None
    first, second = int(found[1]), int(found[3])
    is_time = found[2] == ":" and len(found[3]) == 2 and first < 24 and second < 60
    if is_time and not is_score:
        return f"{first}:{second:02}"
    return f"{max(first, second)}:{min(first, second)}"


def may_be_time(words: Sequence[str], at: int) -> bool:
    """Whether ``time_at`` is worth asking: most numbers are plain digits before a plain word."""
    return not words[at].isdecimal() or _word(words, at + 1) in NEIGHBOURS


def time_at(words: Sequence[str], at: int) -> Time | None:
    """The time of day that begins at ``words[at]``, where its words say it is one.

    A bare 19:30 is left to ``pair_in``.

    >>> [time_at(text.split(), 0).key for text in ("10.30 pm", "7pm", "1430 gmt", "noon")]
    ['22:30', '19:00', '14:30', '12:00']
    >>> time_at("half past ten in the evening".split(), 0).key
    '22:30'
    >>> time_at("10.30 percent".split(), 0), time_at("3 дня".split(), 0)
    (None, None)
    """
    word = words[at]
    if word in _NAMED:
        return Time(_NAMED[word], at + 1)
    if word in _HALF:
        return _half(words, at)
    if found := _TIME.fullmatch(word):
        hour, minute = int(found[1]), int(found[2])
        is_zoned = _word(words, at + 1) in _WRITTEN_TOGETHER
        return _in_part(words, hour, minute, at + 1) or (
            _time(hour, minute, at + 1) if is_zoned else None
        )
    if len(word) == 4 and word.isdecimal() and _word(words, at + 1) in _WRITTEN_TOGETHER:
        return _time(int(word[:2]), int(word[2:]), at + 1)
    if (found := _HOUR.fullmatch(word)) and found[2]:
        return _time(int(found[1]) % 12 + _AFTER_NOON[found[2]], 0, at + 1)
    hour = int(word) if found else int(SPELLED.get(word, 0))
    return _whole_hour(words, at, hour) if found or hour else None


def _whole_hour(words: Sequence[str], at: int, hour: int) -> Time | None:
    following = _word(words, at + 1)
    if following == "o'clock":
        return _in_part(words, hour, 0, at + 2) or _time(hour, 0, at + 2)
    if following in _HOURS:
        if part := _in_part(words, hour, 0, at + 2):
            return part
        if at and words[at - 1] == "в":
            return _with_minutes(words, at, hour)
    if following in _BARE_HOUR or (following == "ночи" and words[at - 1 : at] == ["в"]):
        return _in_part(words, hour, 0, at + 1)
    return None


def _with_minutes(words: Sequence[str], at: int, hour: int) -> Time | None:
    """В 22 часа, в 22 часа 30 минут."""
    minutes = _word(words, at + 2)
    if minutes.isdecimal() and len(minutes) < 3 and _word(words, at + 3) in _MINUTES:
        return _time(hour, int(minutes), at + 4)
    return _time(hour, 0, at + 2)


def _in_part(words: Sequence[str], hour: int, minute: int, at: int) -> Time | None:
    """A time of which the words from ``at`` on say the part of the day."""
    for length in (1, 3):
        part = " ".join(words[at : at + length])
        if part in _AFTER_NOON:
            later = _AFTER_NOON[part] if hour <= 12 else 0
            return _time(hour % 12 + later if hour <= 12 else hour, minute, at + length)
    return None


def _time(hour: int, minute: int, end: int) -> Time | None:
    return Time(hour % 24 * 60 + minute, end) if hour <= 24 and minute < 60 else None


def _half(words: Sequence[str], at: int) -> Time | None:
    """Half past ten is 10:30, половина одиннадцатого the same."""
    if words[at] == "half":
        hour = _hour(_word(words, at + 2)) if _word(words, at + 1) == "past" else 0
        end = at + 3
    else:
        hour, end = int(ORDINALS.get(_word(words, at + 1), 0)) - 1, at + 2
    if not 1 <= hour <= 12:
        return None
    return _in_part(words, hour, 30, end) or _time(hour, 30, end)


def _hour(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 3 else int(SPELLED.get(word, 0))


def zoned(words: Sequence[str], at: int) -> Iterator[tuple[str, str, bool]]:
    """What a zone at ``words[at]`` makes of the time before it.

    The time as said, a key, and whether that is a day: the time in UTC, and the days of UTC and
    of Moscow, where they are others than those said.

    >>> list(zoned("4 марта в 0:40 по московскому времени".split(), 5))
    [('0:40', '21:40', False), ('0:40', '03-03', True)]
    """
    offsets = ZONES.get(words[at]) or ZONES.get(" ".join(words[at : at + 2]))
    said = _said_before(words, at) if offsets is not None else None
    if offsets is None or said is None:
        return
    minutes, place = said
    day = _day_near(words, place)
    days = set()
    for offset in offsets:
        in_utc = minutes - round(60 * offset)
        if in_utc != minutes:
            yield words[place], clock_key(in_utc % _DAY_MINUTES), False
        days |= {in_utc // _DAY_MINUTES, (in_utc + 60 * _MOSCOW) // _DAY_MINUTES}
    if day:
        for shift in sorted(days - {0}):
            yield words[place], day_shifted(*day, days=shift), True


def _said_before(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Minutes and index of the nearest time before ``words[at]``."""
    for place in range(at - 1, max(-1, at - 1 - _ZONE_REACH), -1):
        if time := time_at(words, place):
            return time.minutes, place
        if (found := _TIME.fullmatch(words[place])) and (
            time := _time(int(found[1]), int(found[2]), place + 1)
        ):
            return time.minutes, place
    return None


def _day_near(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Month and day that stand beside a time of day."""
    for place in range(max(0, at - _DAY_REACH), min(len(words), at + _DAY_REACH)):
        if month := MONTHS.get(words[place]):
            beside = (_word(words, place + 1), words[place - 1] if place else "")
            if day := next(filter(None, map(day_of_month, beside)), 0):
                return month, day
    return None


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
