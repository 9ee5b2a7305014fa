"""What numbers measure, as keys that meet although each text has units of its own.

5% = 5 процентов = 5 per cent            50 bps = 0,5 п. п. = half a percentage point
5 miles → 8, as in «8 км»                104F → 40, as in «40 градусов»
5 млн руб. → 5000000, 5000000 rouble     $5m → 5000000, 5000000 dollar

A metric quantity is its bare number, since most texts say it so. An imperial one is what a
metric text would make of it: converted, with two significant digits, and the rounder figures
within 4 % (4 miles is 6.4 km, and as often 6.5). A sum of money is both the bare number, at the
least weight, and the number with its currency: a text that leaves the currency out still
agrees, and roubles and dollars share little.
"""

import math
from collections.abc import Callable, Iterator, Sequence

from service.text.currencies import CODES, CURRENCIES, PLURALS, SIGNS
from service.text.numbers import Numeral, number_key, number_weight

Keys = list[tuple[str, int]]
"""Keys and weights of one quantity."""
Reading = Callable[[float], Keys]

_NEAR = 0.04
"""How far a rounder figure may be off."""


def bare(value: float) -> Keys:
    """A number of anything."""
    key = number_key(value)
    return [(key, number_weight(key))]


def percent(value: float) -> Keys:
    """Parts of a hundred."""
    key = number_key(value) + "%"
    return [(key, number_weight(key))]


def _points(factor: float) -> Reading:
    """Percentage points, which are no percents."""

    def read(value: float) -> Keys:
        key = number_key(value * factor)
        return [(f"{key}pp", number_weight(key))]

    return read


def _part_of_a_point(value: float) -> Keys:
    """A half or quarter point is of percent; whole ones are of an index or a table."""
    return _points(1)(value) if value < 1 else bare(value)


def money(currency: str) -> Reading:
    """A sum."""

    def read(value: float) -> Keys:
        key = number_key(value)
        return [(f"{key} {currency}", number_weight(key)), (key, 1)]

    return read


def _converted(*factors: float, also: Reading | None = None) -> Reading:
    """Of an imperial unit: times each factor, a metric unit's."""

    def read(value: float) -> Keys:
        keys: dict[str, int] = {}
        for factor in factors:
            for key, weight in _rounded(value * factor):
                keys.setdefault(key, weight)
        for key, weight in also(value) if also else ():
            keys.setdefault(key, weight)
        return list(keys.items())

    return read


def _celsius(value: float) -> Keys:
    """Of Fahrenheit; weather is told to a tenth, and to a degree."""
    degrees = (value - 32) * 5 / 9
    fine, coarse = number_key(round(degrees, 1)), number_key(round(degrees))
    return [(key, number_weight(key)) for key in dict.fromkeys((coarse, fine))]


def _rounded(value: float) -> Iterator[tuple[str, int]]:
    """Figures that a text may give for a converted value, the likeliest first.

    >>> [key for key, _ in _rounded(6.437)], [key for key, _ in _rounded(19.31)]
    (['6.4', '6.5'], ['19', '20'])
    >>> [key for key, _ in _rounded(227124.7)]
    ['230000', '227000']
    """
    if value == 0:
        yield "0", 1
        return
    unit = 10.0 ** math.floor(math.log10(abs(value)))
    figures = [round(value / unit, 1) * unit]
    figures += [round(value / unit, 2) * unit] if abs(value) >= 100 else []
    figures += [
        rounder
        for step in (unit / 2, unit)
        if abs((rounder := round(value / step) * step) - value) <= _NEAR * abs(value)
    ]
    likeliest, *others = dict.fromkeys(map(number_key, figures))
    yield likeliest, number_weight(likeliest)
    yield from ((other, 1) for other in others)


def _larger(factor: float) -> Reading:
    """Of a small metric unit: 1,600 metres are 1.6 km too."""

    def read(value: float) -> Keys:
        return [*bare(value), *([(number_key(value / factor), 1)] if value >= factor else [])]

    return read


def _kilometres_an_hour(value: float) -> Keys:
    """Winds are told in metres a second as well."""
    return [*bare(value), (number_key(round(value / 3.6)), 1)]


def _table(rows: dict[str, Reading]) -> dict[str, Reading]:
    return {word.replace("_", " "): read for words, read in rows.items() for word in words.split()}


_MONEY = {word: money(currency) for word, currency in CURRENCIES.items()}
_CODES = {word: _MONEY[word] for word in CODES}
_SIGNED = {sign: money(currency) for sign, currency in SIGNS.items()}

_PERCENT = (
    "percent pct pc per_cent процент процента проценту процентом проценте процентов процентам"
    " процентами процентах процентный процентного процентному процентным процентном процентная"
    " процентной процентную процентное"
)
_POINTS = " ".join(
    f"{kind}_{noun}"
    for kinds, nouns in (
        ("percentage", "point points"),
        (
            "процентный процентного процентному процентных процентным",
            "пункт пункта пункту пунктов пунктам пунктом",
        ),
    )
    for kind in kinds.split()
    for noun in nouns.split()
)
_BASIS_POINTS = "bp bps basis_point basis_points базисный_пункт базисных_пунктов б_п " + " ".join(
    f"базисных_{noun}" for noun in "пункта пункт пунктам".split()
)
_MILES = "mile miles mi миля мили милю миль милях милям"
_SQUARE = "square sq кв квадратных квадратные квадратная"


def _squared(words: str) -> str:
    return " ".join(f"{square}_{word}" for square in _SQUARE.split() for word in words.split())


_FEET = "foot feet ft фут фута футов футам футах"
_YARDS = "yard yards yd ярд ярда ярдов ярдах"
_POUNDS = "pound pounds lb lbs фунт фунта фунтов"
_FAHRENHEIT = (
    "fahrenheit degrees_f degrees_fahrenheit градус_фаренгейта градуса_фаренгейта"
    " градусов_фаренгейта по_фаренгейту градусов_по_фаренгейту градуса_по_фаренгейту"
)
_IN_POUNDS: Reading = _converted(0.45359237, also=money("pound"))
"""Of weight or of money; a scale before it decides."""

_UNITS: dict[str, Reading] = _MONEY | _table(
    {
        _PERCENT: percent,
        f"pp ppt {_POINTS} п_п": _points(1),
        _BASIS_POINTS: _points(0.01),
        "point пункта": _part_of_a_point,
        _MILES: _converted(1.609344),
        "nautical_mile nautical_miles морская_миля морских_миль морские_мили": _converted(1.852),
        _squared(_MILES): _converted(2.58998811),
        "mph miles_per_hour miles_an_hour миль_в_час мили_в_час": _converted(1.609344, 0.44704),
        "knots узлов узла": _converted(1.852, 0.514444, also=bare),
        _FEET: _converted(0.3048),
        _squared(_FEET): _converted(0.09290304),
        "cubic_feet кубических_футов": _converted(0.0283168466),
        "inch inches дюйм дюйма дюймов": _converted(2.54, 25.4),
        _YARDS: _converted(0.9144),
        _POUNDS: _IN_POUNDS,
        "ounce ounces oz унция унции унций": _converted(28.349523),
        "gallon gallons галлон галлона галлонов": _converted(3.785411784),
        "acre acres акр акра акров": _converted(0.40468564),
        _FAHRENHEIT: _celsius,
        "km_h kmh kph км_ч": _kilometres_an_hour,
        "metre metres meter meters метр метра метров м": _larger(1000),
        "kilogram kilograms kilo kilos kg килограмм килограмма килограммов кг": _larger(1000),
        "gram grams грамм грамма граммов": _larger(1000),
        "cm centimetres centimeters см сантиметра сантиметров": _larger(100),
    }
)
_LETTERS = {"f": "fahrenheit"}
"""Units only where they stand at digits: two F-16s are not cold."""
PLAIN = frozenset(
    "km kilometre kilometres kilometer kilometers км километр километра километров tonnes tons"
    " тонн тонны hectares hectare гектаров гектара га litres liters литров литра degrees градусов"
    " градуса people человек years лет months месяцев weeks недель days дней суток hours часов"
    " minutes минут seconds секунд times".split()
)
"""What the ends of a range count: 5–10 км is no score."""
_LONGEST = 3
"""Words of a unit: градусов по Фаренгейту."""
_FIRST = frozenset(unit.split()[0] for unit in _UNITS)
_NO_COUNTRY = frozenset("the a an against of to in for per and or за к в на и или с по".split())

_BEHIND_NO_YEAR = (
    _FIRST - frozenset(CURRENCIES) - frozenset("по point foot square pound pounds м".split())
) | {*PLURALS, "евро"}
NEIGHBOURS = _FIRST
"""Words beside a number that may say what it measures."""


def is_unit(word: str) -> bool:
    """Whether four digits before it are no year: 2000 рублей, but in 2020 euro zone growth."""
    return word in _BEHIND_NO_YEAR


def measured(number: Numeral, words: Sequence[str], signs: str, before: str) -> tuple[Keys, int]:
    """Keys of a number with what it measures, and the index behind that.

    ``signs`` stand at the number (``$5``, ``5 %``), ``before`` is the word in front of it.

    >>> measured(Numeral(5.0, 1), "5 миль".split(), "", "")
    ([('8', 1)], 2)
    """
    value, end = number.value, number.end
    if "%" in signs:
        return percent(value), end
    if read := next((_SIGNED[sign] for sign in signs if sign in SIGNS), None):
        return read(value), end
    unit, length = _unit(words[end : end + _LONGEST], number.unit)
    if unit is _IN_POUNDS and value >= 1e6:
        unit = _SIGNED["£"]
    if unit:
        return unit(value), end + length
    if before in CODES:
        return _CODES[before](value), end
    return bare(value), end


def _unit(tail: Sequence[str], letters: str) -> tuple[Reading | None, int]:
    """What the words behind a number measure, and how many they are."""
    if letters:
        tail = [_LETTERS.get(letters, letters), *tail]
    if tail and tail[0] in _FIRST:
        for length in range(min(_LONGEST, len(tail)), 0, -1):
            if read := _UNITS.get(" ".join(tail[:length])):
                return read, length - bool(letters)
    if len(tail) > 1 and tail[1] in PLURALS and tail[0] not in _NO_COUNTRY:
        return _MONEY[tail[1]], 2
    return None, 0
