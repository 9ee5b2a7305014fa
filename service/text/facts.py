"""Numbers and dates at one spot of a text, with their original forms."""

import re
from collections.abc import Iterable, Iterator, Sequence
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
from service.text.scan import Spot
from service.text.tokens import Mark, chunk_of

_BARE = int(Mark.BARE)

_DESIGNATION = re.compile(r"\W*covid-", re.IGNORECASE)
"""Its number says nothing that the name does not: every text of the years 2020 to 2022 would
share it."""
_RANGE = re.compile(r"\W*\d{1,3}[–—-]\d{1,3}\W*")
_CLOCK_WEIGHT = 2
_COARSE_WEIGHT = 2
"""Of a magnitude's grid: two agencies' figures agree by these, or not at all."""
_SHIFTED_WEIGHT = 1
"""Of the day that another zone has."""
_SIGN_REACH = 3
"""Words from a number to its sign: 1,5 млн ₽."""


class _Near(NamedTuple):
    """What stands at a number: its chunk with its signs, and a sign on its own behind it."""

    chunk: str
    own: str
    """Signs in the chunk, see ``_signs``. They are looked for once: a chunk may hold thousands of
    numbers."""
    sign: str
    sign_at: int
    """Index of the word before which the sign stands; -1 where there is none."""

    def signs(self, end: int) -> str:
        """Of a number that ends before ``words[end]``."""
        return self.own + self.sign if end == self.sign_at else self.own


def _signs(chunk: str) -> str:
    """Of the signs of a chunk those that have a say: a percent sign, and the first currency's."""
    return "%" * ("%" in chunk) + next(filter(SIGNS.__contains__, chunk), "")


def _whole_chunk(chunk: str) -> tuple[Kind, str, str, int] | None:
    if day := day_in(chunk.strip(".,;:()")):
        return Kind.DATE, day, chunk.strip(".,;:()"), 3
    if pair := pair_in(chunk):
        return Kind.NUMBER, pair, chunk.strip(".,;()"), _CLOCK_WEIGHT
    return None


_WHOLE: Memo[tuple[Kind, str, str, int] | None] = Memo(_whole_chunk)


def facts_at(words: Sequence[str], spots: list[Spot], at: int, taken: int) -> Iterable[FactFound]:
    """The facts whose first word lies in ``spots[at]``, from index ``taken`` on.

    Several may end at one place: a sum is its number, and its number with the currency.
    """
    chunk, start, held, _, _ = spots[at]
    end = start + len(held[0])
    if end <= taken:
        return ()
    if taken > start:
        return _in_context(words, spots, at, taken)
    alone = _ALONE[chunk]
    if (
        alone is None
        or (at + 1 < len(spots) and spots[at + 1][2][2] & _BARE)
        or _is_changed(words, start, end, is_fact=bool(alone))
    ):
        return _in_context(words, spots, at, taken)
    return alone and [
        (kind, key, surface, weight, start + length) for kind, key, surface, weight, length in alone
    ]


def _in_context(
    words: Sequence[str], spots: list[Spot], at: int, taken: int
) -> Iterable[FactFound]:
    """The facts of a chunk whose neighbours have a say."""
    chunk, start, (chunk_words, surfaces, *_), *_ = spots[at]
    near = _Near(chunk, _signs(chunk), *(_sign_near(spots, at) or ("", -1)))
    if taken <= start and len(chunk_words) == 2 and (pair := _two(words, start, surfaces, near)):
        return pair
    if taken <= start and (whole := _whole_near(words, start, chunk)):
        return [(*whole, start + len(chunk_words))]
    return list(_facts(words, surfaces, start, taken, near))


def _is_changed(words: Sequence[str], start: int, end: int, *, is_fact: bool) -> bool:
    """Whether a word around a chunk may change what it says, or make a fact of it."""
    if start:
        before = words[start - 1]
        if before in _BEFORE or (start > 2 and words[start - 3] in MONTHS):
            return True
        if not is_fact and (before[0].isdigit() or before in _BEFORE_MONTH):
            return True
    if end >= len(words):
        return False
    if said := _SAYS[words[end]]:
        return said == _ALWAYS or not is_fact
    return end + 2 < len(words) and words[end + 2] in _SPANNED


def _whole_near(words: Sequence[str], start: int, chunk: str) -> tuple[Kind, str, str, int] | None:
    whole = _WHOLE[chunk]
    if whole is None or time_at(words, start):
        return None
    if start and words[start - 1] in SCORE_BEFORE and (score := pair_in(chunk, is_score=True)):
        return Kind.NUMBER, score, whole[2], whole[3]
    return whole


def _sign_near(spots: list[Spot], at: int) -> tuple[str, int] | None:
    """A sign on its own behind a number, as Russian typography sets it, and its index.

    It stands next, or behind a scale (1,5 млн ₽); a spot without words holds nothing else.
    """
    start = spots[at][1]
    for chunk, index, held, *_ in spots[at + 1 : at + 3]:
        if held[2] & _BARE:
            return (_signs(chunk), index) if index <= start + _SIGN_REACH else None
    return None


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


def _alone(chunk: str) -> tuple[FactFound, ...] | None:
    words, surfaces, *_ = chunk_of(chunk)
    if _LOOKS_FURTHER.search(chunk) or not _LOOK_FURTHER.isdisjoint(words):
        return None
    if whole := _WHOLE[chunk]:
        return ((*whole, len(words)),)
    near = _Near(chunk, _signs(chunk), "", -1)
    pair = _two(words, 0, surfaces, near) if len(words) == 2 else []
    return tuple(pair or _facts(words, surfaces, 0, 0, near))


_LOOKS_FURTHER = re.compile(r"\d(?:[:–—-]\d|st\b|nd\b|rd\b|th\b|-м\b)")
_LOOK_FURTHER = MAGNITUDES | ZONE_FIRST | frozenset([*FRACTIONS, *ONE_SCALE])
"""Chunks that are something only together with what stands around them."""
_ALONE: Memo[tuple[FactFound, ...] | None] = Memo(_alone)
"""Chunk → its facts where no neighbour has a say: three cases of four, at a tenth of the price;
None where some always has."""

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
_ALWAYS, _COUNTS, _DIGITS = 1, 2, 3


def _says(word: str) -> int:
    if word in _BEHIND or (len(word) == _GROUP and word.isdecimal()):
        return _ALWAYS
    return _COUNTS if word in COUNTED else _DIGITS if word[0].isdigit() else 0


_SAYS: Memo[int] = Memo(_says)
"""Word behind a chunk → whether it has a say: ``_ALWAYS``, never (0), or if the chunk says
nothing without it (first quarter, II век, March 5)."""


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
