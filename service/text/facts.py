"""Numbers and dates at one spot of a text, with their original forms."""

from collections.abc import Iterator

from service.text.anchors import Kind
from service.text.dates import MONTHS, WEEKDAYS, day_in, day_key, day_of_month, is_year
from service.text.memo import Memo
from service.text.numbers import number_at, number_weight, pair_in
from service.text.scan import Spot
from service.text.tokens import Mark

_BARE = int(Mark.BARE)
_CURRENCY = frozenset("$€£¥₽₴")

FactFound = tuple[Kind, str, str, int, int]
"""Kind, key, surface, weight, and the index behind its last word."""

_ORDINAL_ENDS = frozenset("го е ое st nd rd th".split())
"""What a hyphen cuts off a day: 9-го февраля."""


def _whole_chunk(chunk: str) -> tuple[Kind, str, str, int] | None:
    if day := day_in(chunk.strip(".,;:()")):
        return Kind.DATE, day, chunk.strip(".,;:()"), 3
    if pair := pair_in(chunk):
        return Kind.NUMBER, pair, chunk.strip(".,;()"), 2
    return None


_WHOLE: Memo[tuple[Kind, str, str, int] | None] = Memo(_whole_chunk)


def facts_at(words: list[str], spots: list[Spot], at: int, taken: int) -> Iterator[FactFound]:
    """The facts whose first word lies in ``spots[at]``, from index ``taken`` on."""
    chunk, start, (chunk_words, surfaces, *_), _ = spots[at]
    if whole := _WHOLE[chunk]:
        yield *whole, start + len(chunk_words)
        return
    cut_from = chunk
    if at + 1 < len(spots) and _is_sign(spots[at + 1], start + len(chunk_words)):
        cut_from += spots[at + 1][0]
    for offset, surface in enumerate(surfaces):
        if start + offset < taken:
            continue
        if found := _fact(words, start + offset, surface, cut_from):
            taken = found[4]
            yield found


def _is_sign(spot: Spot, start: int) -> bool:
    """Whether it is a percent sign on its own, as Russian typography sets it."""
    return spot[1] == start and bool(spot[2][2] & _BARE) and "%" in spot[0]


def _fact(words: list[str], at: int, surface: str, chunk: str) -> FactFound | None:
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
    if is_year(surface) and _CURRENCY.isdisjoint(chunk):
        return Kind.DATE, word, surface, 1, at + 1
    if number := number_at(words, at, chunk):
        key, length = number
        shown = " ".join([surface, *words[at + 1 : at + length]])
        return Kind.NUMBER, key, shown, number_weight(key), at + length
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
