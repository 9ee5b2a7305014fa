"""Numbers in one normal form for Russian and English.

1,5 млн = 1.5 million = 1500000        10 000 = 10,000 = 10 тыс. = 10000
6 млрд 200 млн = 6.2bn                 двадцать второй = 22nd = XXII = 22
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from service.text.numerals import (
    COUNTED,
    FIRST_OR_SECOND,
    ONE,
    ONE_SCALE,
    ORDINALS,
    SCALES,
    SPELLED,
    compound,
    roman,
)

_DIGITS = re.compile(r"(\d+(?:\.\d+)?)([^\W\d_]*)")
_GROUP = re.compile(r"\d{3}")
"""Three digits after a space continue a number: 10 000, but not 2025 300."""
_LARGEST = 1e18
"""Longer runs of digits are identifiers, not quantities."""
_ORDINAL_LETTERS = frozenset("st nd rd th го е ое й я м му х".split())
_ARTICLES = frozenset(["a", "an", *ONE])
_QUARTERS = frozenset(["quarters", "четверти"])
FRACTIONS = {
    **dict.fromkeys("half половина половины половине половину".split(), 0.5),
    **dict.fromkeys("quarter четверть четверти".split(), 0.25),
}
_HALF_MORE = (["and", "a", "half"], ["с", "половиной"])
_FEWER_THAN_A_THOUSAND = range(1, 1000)
_METRES_BEHIND = frozenset(
    "high long wide tall deep below above away race sprint freestyle hurdles butterfly "
    "backstroke breaststroke medley relay final dash".split()
)
"""100m freestyle is no hundred million."""

NEIGHBOURS = _QUARTERS | _METRES_BEHIND | {"с"}
"""Words behind a number that may change it, beside scales and ``and a half``."""
_CONTINUES = _QUARTERS | {"and", "с", *SCALES}


class Numeral(NamedTuple):
    """A number as the text says it, before what it measures."""

    value: float
    end: int
    """Index behind its last word."""
    unit: str = ""
    """Letters that stand behind its digits in one word: ``f`` of 104f."""
    is_ordinal: bool = False


def numeral_at(words: Sequence[str], at: int, surface: str, chunk: str) -> Numeral | None:
    """The number that begins at ``words[at]``.

    ``chunk`` is what the word was cut from, ``surface`` the word as written.

    >>> numeral_at(["1.5", "млн", "рублей"], 0, "1,5", "1,5").value
    1500000.0
    >>> numeral_at("10 000 tonnes".split(), 0, "10", "10").value
    10000.0
    >>> numeral_at("6 млрд 200 млн".split(), 0, "6", "6")[:2]
    (6200000000.0, 4)
    """
    word = words[at]
    if word[0].isdecimal():
        return _in_digits(words, at, chunk)
    if word in SPELLED:
        return _whole(words, *_spelled(words, at))
    if value := ORDINALS.get(word) or _small_ordinal(words, at) or _roman(words, at, surface):
        return Numeral(value, at + 1, is_ordinal=True)
    if word in ONE_SCALE:
        said = not word.isascii() or (at > 0 and words[at - 1] in _ARTICLES)
        return _whole(words, *_spelled(words, at)) if said else None
    value, unit = compound(word)
    return Numeral(value, at + 1, unit) if value else None


def fraction_at(words: Sequence[str], at: int) -> tuple[Numeral, int]:
    """A half or quarter of what follows, and the index where that begins.

    It is one only if a scale or unit does follow: half an inch, четверть пункта.

    >>> fraction_at("half a million".split(), 0)
    (Numeral(value=500000.0, end=3, unit='', is_ordinal=False), 2)
    """
    value, begin = FRACTIONS[words[at]], at + 1
    if words[at - 2 : at] == ["and", "a"] and words[at - 3] in ONE:
        value += 1
    for skipped in (["of"], ["a"], ["an"]):
        begin += words[begin : begin + 1] == skipped
    return _whole(words, value, begin), begin


def _small_ordinal(words: Sequence[str], at: int) -> float:
    if words[at] in FIRST_OR_SECOND and _word(words, at + 1) in COUNTED:
        return FIRST_OR_SECOND[words[at]]
    return 0.0


def _roman(words: Sequence[str], at: int, surface: str) -> float:
    """``I``, ``V`` and ``X`` are letters and names too, unless what is counted stands by."""
    counted = _word(words, at + 1)
    if surface == "I" and counted.isascii() and words[at - 1 : at] != ["war"]:
        return 0.0
    return (
        float(roman(surface)) if len(surface) > 1 or surface == "I" or counted in COUNTED else 0.0
    )


def _in_digits(words: Sequence[str], at: int, chunk: str) -> Numeral | None:
    found = _DIGITS.fullmatch(words[at])
    if not found or len(found[1]) > 18:
        return None
    digits, letters = found.groups()
    if letters:
        return _with_letters(float(digits), letters, words, at)
    end = at + 1
    if chunk[-1:].isdecimal() and digits.isdecimal() and len(digits) <= 3:
        while end < len(words) and _GROUP.fullmatch(words[end]) and len(digits) < 15:
            digits, end = digits + words[end], end + 1
    if _word(words, end) in _ORDINAL_LETTERS and "-" in chunk:
        return Numeral(float(digits), end, is_ordinal=True)
    return _whole(words, float(digits), end)


def _with_letters(value: float, letters: str, words: Sequence[str], at: int) -> Numeral:
    if letters in _ORDINAL_LETTERS:
        return Numeral(value, at + 1, is_ordinal=True)
    if letters in SCALES and not (letters == "m" and _word(words, at + 1) in _METRES_BEHIND):
        return Numeral(value * SCALES[letters], at + 1)
    return Numeral(value, at + 1, letters)


def _spelled(words: Sequence[str], at: int) -> tuple[float, int]:
    """Value of the number words from ``at`` on, and the index behind them.

    >>> _spelled("five hundred and twenty-one".replace("-", " ").split(), 0)[0]
    521.0
    >>> _spelled("двадцать второго февраля".split(), 0)
    (22.0, 2)
    """
    value, end = SPELLED.get(words[at]) or ONE_SCALE[words[at]], at + 1
    if _word(words, end) == "hundred" and value < 100:
        value, end = value * 100, end + 1
    room = 100.0 if 100 <= value < 1000 else 10.0 if 20 <= value < 100 else 0.0
    while room and value % room == 0:
        joined = end + (words[end : end + 1] == ["and"] and value >= 100)
        added = _added(_word(words, joined))
        if not 1 <= added < room or (room == 10 and added != int(added)):
            break
        value, end = value + added, joined + 1
        room = 10.0 if room == 100 and added >= 20 else 0.0
    return float(value), end


def _added(word: str) -> float:
    if word in ONE:
        return 1.0
    return SPELLED.get(word) or ORDINALS.get(word) or FIRST_OR_SECOND.get(word, 0.0)


def _whole(words: Sequence[str], value: float, end: int) -> Numeral:
    """With what continues it: 6 млрд 200 млн, two and a half million."""
    if _word(words, end) in _CONTINUES:
        return _continued(words, value, end)
    last = words[end - 1]
    return Numeral(value, end, is_ordinal=last in ORDINALS or last in FIRST_OR_SECOND)


def _continued(words: Sequence[str], value: float, end: int) -> Numeral:
    for half in _HALF_MORE:
        if words[end : end + len(half)] == half:
            value, end = value + 0.5, end + len(half)
    if _word(words, end) in _QUARTERS:
        value, end = value / 4, end + 1
        end += words[end : end + 2] in (["of", "a"], ["of", "an"]) and 2
    last = 1.0
    while (scale := SCALES.get(_word(words, end))) and _multiplies(words, end):
        value, end, last = value * scale, end + 1, scale
    if last >= 1e3 and (rest := _rest(words, end, last)):
        value, end = value + rest.value, rest.end
    return Numeral(value, end)


def _multiplies(words: Sequence[str], at: int) -> bool:
    """Whether a scale is one: a letter may begin a name (two B-52s) or be metres (5 m high)."""
    if len(words[at]) > 1:
        return True
    behind = _word(words, at + 1)
    return (
        words[at - 1][0].isdecimal()
        and not behind[:1].isdecimal()
        and (words[at] != "m" or behind not in _METRES_BEHIND)
    )


def _rest(words: Sequence[str], at: int, scale: float) -> Numeral | None:
    """The smaller part of a sum said in two: 200 млн of 6 млрд 200 млн, 300 of 5 тыс. 300."""
    word = _word(words, at)
    if word in SPELLED:
        value, end = _spelled(words, at)
    elif word.isdecimal() and int(word[:4]) in _FEWER_THAN_A_THOUSAND and len(word) < 4:
        value, end = float(word), at + 1
    else:
        return None
    smaller = SCALES.get(_word(words, end), 0)
    if 1e3 <= smaller < scale:
        return _whole(words, value, end)
    return Numeral(value, end) if scale == 1e3 and value >= 100 else None


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def number_key(value: float) -> str:
    """``1500000.0`` as ``1500000``; the same digits for the same value."""
    return f"{min(value, _LARGEST):.12g}"


def number_weight(key: str) -> int:
    """1 for round and small numbers, which every text holds, to 3 for telling ones.

    >>> [number_weight(key) for key in ("2", "5000000", "17", "85.73", "1:0")]
    [1, 1, 2, 3, 2]
    """
    if ":" in key:
        return 2
    return min(3, max(1, len(key.replace(".", "").strip("0%"))))
