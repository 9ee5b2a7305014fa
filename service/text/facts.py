"""Numbers and dates at one spot of a text, with their original forms."""

from collections.abc import Iterable, Iterator, Sequence

from service.text.anchors import Kind
from service.text.dates import MONTHS, WEEKDAYS, day_in, day_key, day_of_month, is_year
from service.text.memo import Memo
from service.text.numbers import PERCENT, SCALES, number_at, number_weight, pair_in
from service.text.scan import Spot
from service.text.tokens import CHUNKS, Mark

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
        if found := _fact(words, start + offset, surface, cut_from):
            taken = found[4]
            yield found


def _alone(chunk: str) -> tuple[FactFound, ...]:
    words, surfaces, *_ = CHUNKS.held[CHUNKS[chunk]]
    if whole := _WHOLE[chunk]:
        return ((*whole, len(words)),)
    return tuple(_facts(words, surfaces, 0, 0, chunk))


_ALONE: Memo[tuple[FactFound, ...]] = Memo(_alone)
"""Chunk → its facts where no neighbour has a say: nine cases of ten, at a tenth of the price."""


def _matters(word: str) -> bool:
    return word in _TELLING or word[0].isdigit()


_TELLING = frozenset([*MONTHS, *_ORDINAL_ENDS, *SCALES, *PERCENT, "per"])
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
