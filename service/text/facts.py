"""Numbers and dates at one spot of a text, with their original forms."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.text import clock, measures
from service.text.anchors import Kind
from service.text.clock import SCORE_BEFORE, ZONE_FIRST, may_be_time, pair_in, time_at, zoned
from service.text.currencies import CODES, SIGNS
from service.text.dates import MONTHS, WEEKDAYS, day_in
from service.text.days import (
    ORDINAL_ENDS,
    day_or_age,
    day_or_year,
    days_of_span,
    is_day_beside_month,
    month_said,
)
from service.text.found import FactFound, day_found, numbers_found, shown
from service.text.measures import measured
from service.text.memo import Memo
from service.text.numbers import FRACTIONS, NEIGHBOURS, fraction_at, numeral_at
from service.text.numerals import (
    COUNTED,
    FIRST_OR_SECOND,
    ONE,
    ONE_SCALE,
    ORDINALS,
    SCALES,
    SPELLED,
)
from service.text.quakes import MAGNITUDES, magnitude

_DESIGNATION = re.compile(r"\W*covid-", re.IGNORECASE)
"""Its number says nothing that the name does not: every text of the years 2020 to 2022 would
share it."""
_RANGE = re.compile(r"\W*\d{1,3}[–—-]\d{1,3}\W*")
_CLOCK_WEIGHT = 2
_COARSE_WEIGHT = 2
"""Of a magnitude's grid: two agencies' figures agree by these, or not at all."""
_SHIFTED_WEIGHT = 1
"""Of the day that another zone has."""
NO_SIGN = ("", -1)
_LONGEST_LONE = 40
"""Characters; the facts of a longer chunk are read each time, not kept."""


class _Near(NamedTuple):
    """What stands at a number: its chunk with its signs, and a sign on its own behind it."""

    chunk: str
    own: str
    """Signs in the chunk, see ``signs_in``. They are looked for once: a chunk may hold thousands of
    numbers."""
    sign: str
    sign_at: int
    """Index of the word before which the sign stands; -1 where there is none."""

    def signs(self, end: int) -> str:
        """Of a number that ends before ``words[end]``."""
        return self.own + self.sign if end == self.sign_at else self.own


def signs_in(chunk: str) -> str:
    """Of the signs of a chunk those that have a say: a percent sign, and the first currency's."""
    return "%" * ("%" in chunk) + next(filter(SIGNS.__contains__, chunk), "")


def _whole_chunk(chunk: str) -> tuple[Kind, str, str, int] | None:
    if day := day_in(chunk.strip(".,;:()")):
        return Kind.DATE, day, chunk.strip(".,;:()"), 3
    if pair := pair_in(chunk):
        return Kind.NUMBER, pair, chunk.strip(".,;()"), _CLOCK_WEIGHT
    return None


_WHOLE: Memo[tuple[Kind, str, str, int] | None] = Memo(_whole_chunk)


def facts_at(
    words: Sequence[str],
    start: int,
    chunk: str,
    surfaces: Sequence[str],
    taken: int = 0,
    sign: tuple[str, int] = NO_SIGN,
) -> list[FactFound]:
    """The facts whose first word lies in the chunk that begins at ``words[start]``.

    Several may end at one place: a sum is its number, and its number with the currency.

    Args:
        words: of the text.
        start: index of the chunk's first word.
        chunk: as written.
        surfaces: its words as written.
        taken: words before this index belong to a fact already.
        sign: on its own behind the chunk, and the index of the word before which it stands.
    """
    near = _Near(chunk, signs_in(chunk), *sign)
    if taken <= start and len(surfaces) == 2 and (pair := _two(words, start, surfaces, near)):
        return pair
    if taken <= start and (whole := _whole_near(words, start, chunk)):
        return [(*whole, start + len(surfaces))]
    return list(_facts(words, surfaces, start, taken, near))


def lone_facts(chunk: str, words: Sequence[str], surfaces: Sequence[str]) -> list[FactFound] | None:
    """The facts of a chunk where no neighbour has a say, three cases of four; None where some
    always has.
    """
    if len(chunk) > _LONGEST_LONE or _LOOKS_FURTHER.search(chunk):
        return None
    return facts_at(words, 0, chunk, surfaces) if _LOOK_FURTHER.isdisjoint(words) else None


class Say:
    """What a word beside a chunk has to say of the chunk's facts, as bits.

    Plain integers: operators of flags take a microsecond each.
    """

    BEFORE = 1
    """Before the chunk, it may change them."""
    MONTH = 2
    """Three words before the chunk, it may."""
    MAKES_BEFORE = 4
    """Before a chunk that says nothing without it, it may make a fact of it: of March."""
    BEHIND = 8
    """Behind the chunk, it may change them."""
    MAKES_BEHIND = 16
    """Behind a chunk that says nothing without it, it may: first quarter, II век, March 5."""
    SPANS = 32
    """Two words behind the chunk, it may: 20 to 22 February, two and a half."""


def say(word: str) -> int:
    """``Say`` flags of a word."""
    is_digit = word[0].isdigit()
    return (
        Say.BEFORE * (word in _BEFORE)
        | Say.MONTH * (word in MONTHS)
        | Say.MAKES_BEFORE * (is_digit or word in _BEFORE_MONTH)
        | Say.BEHIND * (word in _BEHIND or (len(word) == _GROUP and word.isdecimal()))
        | Say.MAKES_BEHIND * (is_digit or word in COUNTED)
        | Say.SPANS * (word in _SPANNED)
    )


def _whole_near(words: Sequence[str], start: int, chunk: str) -> tuple[Kind, str, str, int] | None:
    whole = _WHOLE[chunk]
    if whole is None or time_at(words, start):
        return None
    if start and words[start - 1] in SCORE_BEFORE and (score := pair_in(chunk, is_score=True)):
        return Kind.NUMBER, score, whole[2], whole[3]
    return whole


def _two(words: Sequence[str], start: int, surfaces: Sequence[str], near: _Near) -> list[FactFound]:
    """Both days of a span, or both ends of a range of what is counted: 10–15 процентов."""
    if days := days_of_span(words, start, surfaces):
        return days
    if not _RANGE.fullmatch(near.chunk) or float(words[start]) >= float(words[start + 1]):
        return []
    last = _number(words, start + 1, surfaces[1], near)
    end = start + 2
    if last and (last[0][4] > end or "%" in near.signs(end) or _is_counted(words, end)):
        return [*numbers_found(measures.bare(float(words[start])), surfaces[0], start + 1), *last]
    return []


def _is_counted(words: Sequence[str], at: int) -> bool:
    return at < len(words) and words[at] in measures.PLAIN


def _facts(
    words: Sequence[str], surfaces: Sequence[str], start: int, taken: int, near: _Near
) -> Iterator[FactFound]:
    is_named = len(surfaces) > 1 and _DESIGNATION.match(near.chunk) is not None
    for offset, surface in enumerate(surfaces):
        if start + offset < taken:
            continue
        if offset and is_named and surface.isdecimal():
            continue
        if found := _fact(words, start + offset, surface, near):
            taken = found[-1][4]
            yield from found


_LOOKS_FURTHER = re.compile(r"\d(?:[:–—-]\d|st\b|nd\b|rd\b|th\b|-м\b)")
_LOOK_FURTHER = MAGNITUDES | ZONE_FIRST | frozenset([*FRACTIONS, *ONE_SCALE])
"""Chunks that are something only together with what stands around them."""
_BEFORE = frozenset([*MONTHS, *SCORE_BEFORE, *CODES, "war"])
_BEFORE_MONTH = ORDINAL_ENDS | {"of"}
_SPANNED = frozenset([*MONTHS, "half"])
"""Two words behind a number: 20 to 22 February, two and a half."""
_BEHIND = frozenset(
    [
        *MONTHS, *ORDINAL_ENDS, *SPELLED, *ONE, *SCALES, *ORDINALS,
        *FIRST_OR_SECOND, *clock.NEIGHBOURS, *measures.NEIGHBOURS, *NEIGHBOURS,
    ]
)  # fmt: skip
"""Words that may change what a number before or behind them means."""
_GROUP = 3
"""Digits that may continue a number: 10 000."""


def _fact(words: Sequence[str], at: int, surface: str, near: _Near) -> list[FactFound]:
    word = words[at]
    if word in WEEKDAYS:
        return [day_found(f"day{WEEKDAYS[word]}", surface, at + 1, weight=1)]
    if word in MONTHS:
        return month_said(words, at, surface)
    if may_be_time(words, at) and (
        told := _time_or_score(words, at, surface) or _magnitude(words, at, surface)
    ):
        return told
    if is_day_beside_month(words, at):
        return []
    if date := day_or_year(words, at, surface, near.own):
        return [date]
    return _number(words, at, surface, near)


def _time_or_score(words: Sequence[str], at: int, surface: str) -> list[FactFound]:
    if time := time_at(words, at):
        seen = shown(words, at, surface, time.end)
        return numbers_found([(time.key, _CLOCK_WEIGHT)], seen, time.end)
    if ":" in words[at] and (pair := pair_in(words[at])):
        return numbers_found([(pair, _CLOCK_WEIGHT)], surface, at + 1)
    return _zoned(words, at, surface) if words[at] in ZONE_FIRST else []


def _magnitude(words: Sequence[str], at: int, surface: str) -> list[FactFound]:
    if words[at] not in MAGNITUDES:
        return []
    figure, coarse = magnitude(words, at)
    keys = [(key, _COARSE_WEIGHT) for key in coarse]
    return numbers_found(keys, f"{surface} {figure}", at + 1)


def _zoned(words: Sequence[str], at: int, surface: str) -> list[FactFound]:
    """The time before a zone as UTC has it, and the day, where zones differ in it."""
    found: list[FactFound] = []
    for said, key, is_day in zoned(words, at):
        kind, weight = (Kind.DATE, _SHIFTED_WEIGHT) if is_day else (Kind.NUMBER, _CLOCK_WEIGHT)
        found.append((kind, key, f"{said} {surface}", weight, at + 1))
    return found


def _number(words: Sequence[str], at: int, surface: str, near: _Near) -> list[FactFound]:
    if words[at] in FRACTIONS:
        number, begin = fraction_at(words, at)
    else:
        read, begin = numeral_at(words, at, surface, near.chunk), 0
        if read is None:
            return []
        number = read
    if number.is_ordinal and (special := day_or_age(words, at, number, surface)):
        return special
    before = words[at - 1] if at else ""
    keys, end = measured(number, words, near.signs(number.end), before)
    return numbers_found(keys, shown(words, at, surface, end), end) if end > begin else []
