"""Days and years at one spot of a text: of a month said before, behind, or once for a span."""

from collections.abc import Sequence

from service.text.currencies import SIGNS
from service.text.dates import MONTHS, day_key, day_of_month, is_year
from service.text.found import FactFound, day_found, numbers_found, shown
from service.text.measures import bare, is_unit
from service.text.numbers import Numeral
from service.text.numerals import SCALES

_SPANS_BEFORE_MONTH = frozenset("to through till until and по до и на".split())
_SPANS_AFTER_MONTH = frozenset("to through till until".split())
"""Without ``and``: February 20 and 22 people."""

ORDINAL_ENDS = frozenset("го е ое st nd rd th".split())
"""What a hyphen cuts off a day: 9-го февраля."""
_HIS = frozenset(["his", "her", "their"])
_OF_LIFE = (
    ["году", "жизни"],
    ["м", "году", "жизни"],
    ["ом", "году", "жизни"],
    *(["year", "of", whose, "life"] for whose in _HIS),
    ["year", "of", "life"],
)
"""Behind an ordinal: на 78-м году жизни is 77."""


def days_of_span(words: Sequence[str], start: int, surfaces: Sequence[str]) -> list[FactFound]:
    """Both days of a span in one chunk, beside its month: 20–22 февраля, February 20-22."""
    first, last = day_of_month(words[start]), day_of_month(words[start + 1])
    beside = [*words[start + 2 : start + 3], *words[max(0, start - 1) : start]]
    month = next((MONTHS[word] for word in beside if word in MONTHS), 0)
    if not month or not 0 < first < last:
        return []
    return [
        day_found(day_key(month, day), surface, start + place)
        for place, (day, surface) in enumerate(zip((first, last), surfaces, strict=True), 1)
    ]


def _month_of_span(words: Sequence[str], at: int) -> int:
    """The month of a day whose span says it once, 1 to 12, or 0.

    с 20 по 22 февраля, 20 to 22 February, February 20 to 22: the month stands beside the
    other day.
    """
    day = day_of_month(words[at])
    if not day:
        return 0
    following, other, month = (*words[at + 1 : at + 4], "", "", "")[:3]
    if following in _SPANS_BEFORE_MONTH and month in MONTHS and day < day_of_month(other):
        return MONTHS[month]
    if at < 3 or words[at - 1] not in _SPANS_AFTER_MONTH or words[at - 3] not in MONTHS:
        return 0
    is_day = 0 < day_of_month(words[at - 2]) < day and not _measures(following)
    return MONTHS[words[at - 3]] if is_day else 0


def _measures(word: str) -> bool:
    return word in SCALES or is_unit(word)


def is_day_beside_month(words: Sequence[str], at: int) -> bool:
    """A day in digits, which its month tells of: 9-го февраля, February 9, 9th of February."""
    behind = words[at + 1 : at + 3]
    if behind and (behind[0] in ORDINAL_ENDS or behind[0] == "of"):
        behind = behind[1:]
    beside = (behind and behind[0] in MONTHS) or (at and words[at - 1] in MONTHS)
    return bool(beside) and day_of_month(words[at]) > 0


def day_or_age(words: Sequence[str], at: int, number: Numeral, surface: str) -> list[FactFound]:
    """Of an ordinal: a day in words (двадцать второго февраля), or an age (на 78-м году жизни)."""
    value, end = int(number.value), number.end
    if _is_of_life(words, at, end):
        return numbers_found(bare(value - 1), surface, end)
    behind = end + (words[end : end + 1] == ["of"])
    if (month := _month_at(words, behind)) and 1 <= value <= 31:
        return [day_found(day_key(month, value), shown(words, at, surface, behind + 1), behind + 1)]
    if (month := _month_at(words, at - 1)) and 1 <= value <= 31:
        return [day_found(day_key(month, value), shown(words, at, surface, end), end)]
    return []


def _month_at(words: Sequence[str], at: int) -> int:
    return MONTHS.get(words[at], 0) if 0 <= at < len(words) else 0


def _is_of_life(words: Sequence[str], at: int, end: int) -> bool:
    """Whether an ordinal counts the years of somebody's life: the 78th begins at 77."""
    behind = list(words[end : end + 4])
    return any(behind[: len(life)] == life for life in _OF_LIFE) or (
        behind[:1] == ["year"] and at > 0 and words[at - 1] in _HIS
    )


def day_or_year(words: Sequence[str], at: int, surface: str, signs: str) -> FactFound | None:
    """A day of a span whose month stands elsewhere, or a year; ``signs`` are those of its chunk."""
    if month := _month_of_span(words, at):
        return day_found(day_key(month, day_of_month(words[at])), surface, at + 1)
    following = words[at + 1] if at + 1 < len(words) else ""
    if is_year(surface) and SIGNS.keys().isdisjoint(signs) and not _measures(following):
        return day_found(words[at], surface, at + 1, weight=1)
    return None


def month_said(words: Sequence[str], at: int, surface: str) -> list[FactFound]:
    """What the month at ``words[at]`` makes of the day or year beside it."""
    month = MONTHS[words[at]]
    before = words[at - 1] if at else ""
    if (before in ORDINAL_ENDS or before == "of") and at > 1:
        before = words[at - 2]
    following = words[at + 1] if at + 1 < len(words) else ""
    if day := day_of_month(before):
        return [day_found(day_key(month, day), f"{before} {surface}", at + 1)]
    if day := day_of_month(following):
        return [day_found(day_key(month, day), f"{surface} {following}", at + 1)]
    if is_year(following):
        seen = f"{surface} {following}"
        return [day_found(f"{following}-{month:02}", seen, at + 1, weight=2)]
    return []
