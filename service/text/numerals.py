"""Words and letters that stand for numbers, in Russian and English.

двое = two = 2      двадцать второго = twenty-second = 22      XXII = 22
сто тысяч = a hundred thousand       шестидесятитрёхлетний = 63      полмиллиона = 500000
"""

import re

SPELLED: dict[str, float] = {
    word: value
    for value, words in {
        1.5: "полтора полторы полутора",
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
        100: "сто ста",
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
"""Number words; ``one`` and ``один`` are left out, they are articles as often as numbers."""

ONE = frozenset("one один одна одно одного одной одну".split())
"""Only behind a ten or a hundred (twenty-one), or before a scale (one million)."""

SCALES = {
    word: scale
    for scale, words in {
        10: "десятка десятков",
        12: "dozen дюжины дюжин",
        1e2: "hundred сотни сотен",
        1e3: "thousand k тыс тысяча тысячи тысячу тысяч тысячам тысячами тысячах",
        1e5: "lakh lakhs",
        1e6: "million m mn mln млн миллион миллиона миллионов миллионам миллионами",
        1e7: "crore crores",
        1e9: "billion b bn bln млрд миллиард миллиарда миллиардов миллиардам миллиардами",
        1e12: "trillion trn tn трлн триллион триллиона триллионов",
    }.items()
    for word in words.split()
}
"""Behind a number, they multiply it."""

ONE_SCALE = {
    word: SCALES[word]
    for word in "hundred thousand million billion trillion тысячу миллион миллиард триллион".split()
}
"""Without a number before them they say one: the English ones behind ``a`` or ``one`` only."""

_ADJECTIVE = "ый ой ого ому ым ом ая ую ое".split()
"""Without the plural: три десятых is 0.3, and the шестидесятые are years."""
_RU_STEMS = {
    4: "четверт",
    5: "пят",
    6: "шест",
    7: "седьм",
    8: "восьм",
    9: "девят",
    10: "десят",
    **{
        value: f"{stem}надцат"
        for value, stem in enumerate(
            "один две три четыр пят шест сем восем девят".split(), start=11
        )
    },
    20: "двадцат",
    30: "тридцат",
    40: "сороков",
    50: "пятидесят",
    60: "шестидесят",
    70: "семидесят",
    80: "восьмидесят",
    90: "девяност",
}
_EN_ORDINALS = (
    "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_EN_TENS = "thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split()

ORDINALS: dict[str, float] = {
    **{stem + end: value for value, stem in _RU_STEMS.items() for end in _ADJECTIVE},
    **dict.fromkeys("третий третьего третьему третьим третьем третья третьей третью".split(), 3),
    **dict(zip(_EN_ORDINALS, range(3, 21), strict=True)),
    **dict(zip(_EN_TENS, range(30, 100, 10), strict=True)),
}
"""``second`` and ``second`` of a minute are one word, so it and ``first`` need a neighbour."""

FIRST_OR_SECOND: dict[str, float] = {
    **dict.fromkeys("first первый первого первому первым первом первая первой первую".split(), 1),
    **dict.fromkeys("second второй второго второму вторым втором вторая вторую второе".split(), 2),
}
"""Behind a ten (twenty-second), or before what is counted (``COUNTED``)."""

COUNTED = frozenset(
    "quarter half century round term stage phase leg congress world period season place day year "
    "квартал квартала квартале кварталом полугодие полугодия полугодии век века веке веков "
    "тур тура туре этап этапа этапе созыв созыва съезд съезда съезде мировой мировая мировую "
    "тайм тайма тайме период периода периоде сезон сезона сезоне место места месте день дня "
    "год года году".split()
)
"""What news number in words and in Roman numerals."""

_ROMAN = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5} | {
    "VI": 6, "VII": 7, "VIII": 8, "IX": 9,
}  # fmt: skip
_ROMAN_STARTS = frozenset("IVXХІ")
_LOOK_ALIKES = str.maketrans("ХІ", "XI")
"""Cyrillic capitals that a Russian keyboard puts into Roman numerals."""

_LEADS = {
    "двух": 2, "трех": 3, "четырех": 4,
    **{word: value for word, value in SPELLED.items() if word[-2:] in {"ти", "ми"} and value >= 5},
    "сорока": 40, "девяносто": 90, "сто": 100, "двухсот": 200, "трехсот": 300, "пятисот": 500,
}  # fmt: skip
_COUNTS = "|".join(sorted(_LEADS, key=len, reverse=True))
_COMPOUND = re.compile(
    rf"((?:{_COUNTS})+)(тысячн|миллионн|миллиардн|летн|лети[еяю]|дневн|недельн|месячн|часов|минутн"
    r"|этажн|кратн|метров|километров|градусн|процентн|местн|комнатн|балльн|мандатн|очков|тонн"
    r"|рублев|долларов)"
)
_COMPOUND_SCALES = {"тысячн": 1e3, "миллионн": 1e6, "миллиардн": 1e9}
_COMPOUND_UNITS = {"процентн": "процентный", "рублев": "рублей", "долларов": "долларов"}
_COUNT = re.compile(_COUNTS)
_HALF = re.compile(r"пол-?(тысячи|миллиона|миллиарда|триллиона|процента|пункта)")


def roman(surface: str) -> int:
    """1 to 39, or 0; written in capitals.

    >>> [roman(word) for word in ("XXII", "IV", "ХХ", "XL", "xi", "MIX")]
    [22, 4, 20, 0, 0, 0]
    """
    if surface[:1] not in _ROMAN_STARTS:
        return 0
    found = _ROMAN.fullmatch(surface.translate(_LOOK_ALIKES))
    return 10 * len(found[1]) + _ROMAN_DIGITS[found[2]] if found else 0


def compound(word: str) -> tuple[float, str]:
    """The number in one Russian word with what it counts, or 0; and its unit, if it has one.

    >>> compound("шестидесятитрехлетний"), compound("двухмиллионный"), compound("полмиллиона")
    ((63.0, ''), (2000000.0, ''), (500000.0, ''))
    >>> compound("пятипроцентный"), compound("полпункта"), compound("семинар")
    ((5.0, 'процентный'), (0.5, 'пункта'), (0.0, ''))
    """
    if half := _HALF.fullmatch(word):
        scale = SCALES.get(half[1])
        return (scale / 2, "") if scale else (0.5, half[1])
    if not (found := _COMPOUND.match(word)):
        return 0.0, ""
    value = float(sum(_LEADS[part] for part in _COUNT.findall(found[1])))
    return value * _COMPOUND_SCALES.get(found[2], 1), _COMPOUND_UNITS.get(found[2], "")


_COMPOUND_STARTS = frozenset([*(lead[:3] for lead in _LEADS), "пол"])
STARTS = frozenset([*SPELLED, *ORDINALS, *FIRST_OR_SECOND, *ONE_SCALE])
"""Words with which a number may begin, beside digits, Roman numerals and compounds."""


def starts_number(word: str, surface: str) -> bool:
    """Whether a word without digits may begin a number."""
    if word in STARTS:
        return True
    if surface.isupper():
        return roman(surface) > 0
    return word[:3] in _COMPOUND_STARTS and compound(word)[0] > 0
