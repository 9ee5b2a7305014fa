"""Numbers and dates at one spot of a text, with their original forms."""

import re
from collections.abc import Iterable, Iterator, Sequence

from service.text.anchors import Kind
from service.text.dates import MONTHS, WEEKDAYS, day_in, day_key, day_of_month, is_year
from service.text.memo import Memo
from service.text.numbers import ONE, PERCENT, SCALES, SPELLED, number_at, number_weight, pair_in
from service.text.scan import Spot
from service.text.tokens import CHUNKS, Mark

_BARE = int(Mark.BARE)
_CURRENCY = frozenset("$€£¥₽₴")

FactFound = tuple[Kind, str, str, int, int]
"""Kind, key, surface, weight, and the index behind its last word."""

_DESIGNATION = re.compile(r"\W*covid-", re.IGNORECASE)
"""Its number says nothing that the name does not: every text of the years 2020 to 2022 would
share it."""
_UNITS = frozenset([*SCALES, *PERCENT])
_SPANS_BEFORE_MONTH = frozenset("to through till until and по до и на".split())
_SPANS_AFTER_MONTH = frozenset("to through till until".split())
"""Without ``and``: February 20 and 22 people."""

_ORDINAL_ENDS = frozenset("го е ое st nd rd th".split())
"""What a hyphen cuts off a day: 9-го февраля."""


def _whole_chunk(chunk: str) -> tuple[Kind, str, str, int] | None:
    if day := day_in(chunk.strip(".,;:()")):
        return Kind.DATE, day, chunk.strip(".,;:()"), 3
    if pair := pair_in(chunk):
        return Kind.NUMBER, pair, chunk.strip(".,;()"), 2
    return None


_WHOLE: Memo[tuple[Kind, str, str, int] | None] = Memo(_whole_chunk)


def facts_at(words: Sequence[str], spots: list[Spot], at: int, taken: int) -> Iterable[FactFound]:
    """The facts whose first word lies in ``spots[at]``, from index ``taken`` on."""
    chunk, start, (chunk_words, surfaces, *_), _, place = spots[at]
    end = start + len(chunk_words)
    is_signed = at + 1 < len(spots) and _is_sign(spots[at + 1], place + 1)
    if (
        taken <= start
        and not is_signed
        and (start == 0 or not _MATTERS[words[start - 1]])
        and (end >= len(words) or not _MATTERS[words[end]])
    ):
        return [
            (kind, key, surface, weight, start + length)
            for kind, key, surface, weight, length in _ALONE[chunk]
        ]
    if len(chunk_words) == 2 and (days := _days(words, start, surfaces)):
        return days
    if whole := _WHOLE[chunk]:
        return [(*whole, end)]
    cut_from = chunk + spots[at + 1][0] if is_signed else chunk
    return list(_facts(words, surfaces, start, taken, cut_from))


def _facts(
    words: Sequence[str], surfaces: Sequence[str], start: int, taken: int, cut_from: str
) -> Iterator[FactFound]:
    for offset, surface in enumerate(surfaces):
        if start + offset < taken:
            continue
        if offset and _DESIGNATION.match(cut_from) and surface.isdecimal():
            continue
        if found := _fact(words, start + offset, surface, cut_from):
            taken = found[4]
            yield found


def _days(words: Sequence[str], start: int, surfaces: Sequence[str]) -> list[FactFound]:
    """Both days of a span in one chunk, beside its month: 20–22 февраля, February 20-22."""
    first, last = day_of_month(words[start]), day_of_month(words[start + 1])
    beside = [*words[start + 2 : start + 3], *words[max(0, start - 1) : start]]
    month = next((MONTHS[word] for word in beside if word in MONTHS), 0)
    if not month or not 0 < first < last:
        return []
    return [
        (Kind.DATE, day_key(month, day), surface, 3, start + place)
        for place, (day, surface) in enumerate(zip((first, last), surfaces, strict=True), 1)
    ]


def _month_of_span(words: Sequence[str], at: int) -> int:
    """The month of a day whose span says it once, 1 to 12, or 0.

    с 20 по 22 февраля, 20 to 22 February, February 20 to 22: the month stands beside the
    other day.
    """
    day = day_of_month(words[at])
    joins, other, month = (*words[at + 1 : at + 4], "", "", "")[:3]
    if joins in _SPANS_BEFORE_MONTH and month in MONTHS and 0 < day < day_of_month(other):
        return MONTHS[month]
    if at > 2 and words[at - 1] in _SPANS_AFTER_MONTH and words[at - 3] in MONTHS:
        following = words[at + 1] if at + 1 < len(words) else ""
        if 0 < day_of_month(words[at - 2]) < day and following not in _UNITS:
            return MONTHS[words[at - 3]]
    return 0


def _alone(chunk: str) -> tuple[FactFound, ...]:
    words, surfaces, *_ = CHUNKS.held[CHUNKS[chunk]]
    if whole := _WHOLE[chunk]:
        return ((*whole, len(words)),)
    return tuple(_facts(words, surfaces, 0, 0, chunk))


_ALONE: Memo[tuple[FactFound, ...]] = Memo(_alone)
"""Chunk → its facts where no neighbour has a say: nine cases of ten, at a tenth of the price."""


def _matters(word: str) -> bool:
    return word in _TELLING or word[0].isdigit()


_TELLING = frozenset(
    [*MONTHS, *_ORDINAL_ENDS, *SCALES, *PERCENT, *SPELLED, *ONE, *_SPANS_BEFORE_MONTH, "per"]
)
_MATTERS: Memo[bool] = Memo(_matters)
"""Whether a word may change what a number or month beside it means."""


def _is_sign(spot: Spot, place: int) -> bool:
    """Whether it is a percent sign on its own, as Russian typography sets it."""
    return spot[4] == place and bool(spot[2][2] & _BARE) and "%" in spot[0]


def _fact(words: Sequence[str], at: int, surface: str, chunk: str) -> FactFound | None:
    word = words[at]
    if word in WEEKDAYS:
        return Kind.DATE, f"day{WEEKDAYS[word]}", surface, 1, at + 1
    before = words[at - 1] if at else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in MONTHS:
        if before in _ORDINAL_ENDS and at > 1:
            before = words[at - 2]
        found = _month(MONTHS[word], before, following, surface)
        return found and (*found, at + 1)
    if following in _ORDINAL_ENDS and at + 2 < len(words):
        following = words[at + 2]
    if (following in MONTHS or before in MONTHS) and day_of_month(word):
        return None
    if day_or_year := _day_or_year(words, at, surface, chunk):
        return day_or_year
    if number := number_at(words, at, chunk):
        key, length = number
        shown = " ".join([surface, *words[at + 1 : at + length]])
        return Kind.NUMBER, key, shown, number_weight(key), at + length
    return None


def _day_or_year(words: Sequence[str], at: int, surface: str, chunk: str) -> FactFound | None:
    if words[at][0].isdigit() and (month := _month_of_span(words, at)):
        return Kind.DATE, day_key(month, day_of_month(words[at])), surface, 3, at + 1
    if is_year(surface) and _CURRENCY.isdisjoint(chunk):
        return Kind.DATE, words[at], surface, 1, at + 1
    return None


def _month(
    month: int, before: str, following: str, surface: str
) -> tuple[Kind, str, str, int] | None:
    if day := day_of_month(before):
        return Kind.DATE, day_key(month, day), f"{before} {surface}", 3
    if day := day_of_month(following):
        return Kind.DATE, day_key(month, day), f"{surface} {following}", 3
    if is_year(following):
        return Kind.DATE, f"{following}-{month:02}", f"{surface} {following}", 2
    return None
