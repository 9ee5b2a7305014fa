"""Numbers in one normal form for Russian and English.

1,5 млн = 1.5 million = 1500000        10 000 = 10,000 = 10 тыс. = 10000
5% = 5 процентов = 5 per cent = 5%     двое = two = 2        1:0 = 1-0, 10:30
"""

import re
from collections.abc import Sequence

SPELLED: dict[str, float] = {
    word: value
    for value, words in {
        1.5: "полтора полторы",
        2: "two два две двух двое двоих двумя двум",
        3: "three три трех трое троих тремя трем",
        4: "four четыре четырех четверо четверых",
        5: "five пять пяти пятеро пятерых",
        6: "six шесть шести шестеро шестерых",
        7: "seven семь семи семеро",
        8: "eight восемь восьми",
        9: "nine девять девяти",
        10: "ten десять десяти",
        11: "eleven одиннадцать одиннадцати",
        12: "twelve двенадцать двенадцати",
        13: "thirteen тринадцать тринадцати",
        14: "fourteen четырнадцать четырнадцати",
        15: "fifteen пятнадцать пятнадцати",
        16: "sixteen шестнадцать шестнадцати",
        17: "seventeen семнадцать семнадцати",
        18: "eighteen восемнадцать восемнадцати",
        19: "nineteen девятнадцать девятнадцати",
        20: "twenty двадцать двадцати",
        30: "thirty тридцать тридцати",
        40: "forty сорок сорока",
        50: "fifty пятьдесят пятидесяти",
        60: "sixty шестьдесят шестидесяти",
        70: "seventy семьдесят семидесяти",
        80: "eighty восемьдесят восьмидесяти",
        90: "ninety девяносто",
        200: "двести двухсот",
        300: "триста трехсот",
        400: "четыреста четырехсот",
        500: "пятьсот пятисот",
        600: "шестьсот шестисот",
        700: "семьсот семисот",
        800: "восемьсот восьмисот",
        900: "девятьсот девятисот",
    }.items()
    for word in words.split()
}
"""Number words; ``one`` and ``один`` are left out, they are articles as often as numbers,
and ``сто`` and ``a hundred`` as often mean many."""

ONE = frozenset("one один одна одно одного одной одну".split())
"""Only behind a ten or a hundred: twenty-one."""

SCALES = {
    word: scale
    for scale, words in {
        1e2: "hundred",
        1e3: "thousand k тыс тысяча тысячи тысячу тысяч тысячам тысячами тысячах",
        1e6: "million m mn mln млн миллион миллиона миллионов миллионам миллионами",
        1e9: "billion b bn bln млрд миллиард миллиарда миллиардов миллиардам миллиардами",
        1e12: "trillion trn tn трлн триллион триллиона триллионов",
    }.items()
    for word in words.split()
}
PERCENT = frozenset("percent pct cent процент процента процентов процентам процентах".split())

_DIGITS = re.compile(r"(\d+(?:\.\d+)?)([^\W\d_]*)")
_PAIR = re.compile(r"\W*(\d{1,3})[:–—-](\d{1,3})\W*")
_GROUP = re.compile(r"\d{3}")
"""Three digits after a space continue a number: 10 000, but not 2025 300."""
_LARGEST = 1e18
"""Longer runs of digits are identifiers, not quantities."""


def pair_in(chunk: str) -> str | None:
    """The key of a score, range or time of day that fills a chunk.

    >>> pair_in("(3–2)."), pair_in("10:30"), pair_in("2025")
    ('3:2', '10:30', None)
    """
    found = _PAIR.fullmatch(chunk)
    return f"{int(found[1])}:{int(found[2])}" if found else None


def number_at(words: Sequence[str], at: int, chunk: str) -> tuple[str, int] | None:
    """Key of the number that begins at ``words[at]``, and how many words it takes.

    ``chunk`` is what the word was cut from, with a percent sign that follows it.

    >>> number_at(["1.5", "млн", "рублей"], 0, "1,5")
    ('1500000', 2)
    >>> number_at(["10", "000", "tonnes"], 0, "10"), number_at(["5.50"], 0, "5.50%")
    (('10000', 2), ('5.5%', 1))
    """
    if words[at] in SPELLED:
        return _scaled(*_spelled(words, at), at, chunk)
    found = _DIGITS.fullmatch(words[at])
    if not found or len(found[1]) > 18:
        return None
    digits, letters = found.groups()
    if letters:
        return number_key(float(digits) * SCALES.get(letters, 1)), 1
    end = at + 1
    if chunk[-1:].isdecimal() and digits.isdecimal() and len(digits) <= 3:
        while end < len(words) and _GROUP.fullmatch(words[end]) and len(digits) < 15:
            digits, end = digits + words[end], end + 1
    return _scaled(float(digits), words, end, at, chunk)


def _spelled(words: Sequence[str], at: int) -> tuple[float, Sequence[str], int]:
    """Value of the number words from ``at`` on, and the index behind them.

    >>> _spelled("five hundred and twenty-one".replace("-", " ").split(), 0)[0]
    521.0
    """
    value, end = SPELLED[words[at]], at + 1
    if words[end : end + 1] == ["hundred"]:
        value, end = value * 100, end + 1
    room = 100.0 if value >= 100 else 10.0 if value >= 20 else 0.0
    while room and value % room == 0:
        joined = end + (words[end : end + 1] == ["and"] and value >= 100)
        following = words[joined] if joined < len(words) else ""
        added = 1.0 if following in ONE else SPELLED.get(following, 0.0)
        if not 1 <= added < room or (room == 10 and added != int(added)):
            break
        value, end = value + added, joined + 1
        room = 10.0 if room == 100 and added >= 20 else 0.0
    return float(value), words, end


def _scaled(value: float, words: Sequence[str], end: int, at: int, chunk: str) -> tuple[str, int]:
    following = words[end] if end < len(words) else ""
    if following in SCALES:
        value, end = value * SCALES[following], end + 1
        following = words[end] if end < len(words) else ""
    if following == "per" and words[end + 1 : end + 2] == ["cent"]:
        return number_key(value) + "%", end + 2 - at
    if following in PERCENT:
        return number_key(value) + "%", end + 1 - at
    return number_key(value) + ("%" if "%" in chunk else ""), end - at


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
