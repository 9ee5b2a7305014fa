"""Ukrainian, Belarusian and Bulgarian words as Russian writes them: «виявили» → «выявили».

The embedding knows Russian stems. A word of a near language has a few Russian spellings by
rule (і is и, and о or е in a closed syllable; ў is в or л; ъ is о, е or у); the right one is
the one whose stem it knows, so all are offered, likeliest first. What shares no root
(рік = год) stands in a small table of frequent words, written by hand (``words/``).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from service.text.prefixes import Prefixes, rows_of

MOST_SPELLINGS = 48
"""Offered for one word; each costs a stem and a look-up."""

Rule = tuple[re.Pattern[str], str]


def _rules(text: str) -> list[Rule]:
    rows = (line.split() for line in text.strip().splitlines())
    return [(re.compile(pattern), put.replace("-", "")) for pattern, put in rows]


_REWRITTEN = {
    "uk": """
    '(?=[єя])       ъ
    '               -
    (?<=[сц])ьк     к
    нн[яюі]$        ние
    тт[яюі]$        тие
    ість$           ость
    (?<=.)ост[іи]$  ости
    увати(?=с?я?$)  овать
    ти(ся)?$        ть\\1
    ться$           тся
    ї[йм]$          ый
    ої$             ой
    ів$             ов
    [оеє]ві$        у
    ^роз            раз
    ^від            от
    ^під            под
    ^зі?(?=[бвгджзмнлр])  с
    йо             ё
    ^е             э
    """,
    "be": """
    '(?=[еяю])      ъ
    '               -
    нн[еяюі]$       ние
    цц[еяюі]$       тие
    цца$            тся
    асць$           ость
    асц[іь]$        ости
    ць$             ть
    дз(?=[іеёюяь])  д
    ц(?=[іеёюяь])   т
    шч              щ
    ага$            ого
    аму$            ому
    ^ад             от
    сці$            сти
    ^у(?=[бвгджзклмнпрстфхцчшщ])  в
    (?<=[дрчжшц])а  ӑ
    """,
    "bg": """
    (?<=...)(?:ът|ят)$  -
    (?<=...[аия])т[ае]$  -
    (?<=...о)то$        -
    (?<=...е)то$        -
    (?<=...)ове(?:те)?$  ы
    (?<=...)(?:ваме|ват|ва|вам)$  вать
    ^съ               со
    ^въз              воз
    ^е(?=[кфтмнгв])   э
    """,
}
_FOLDED: dict[str, list[Rule]] = {"be": _rules("(?<=[сзнц])ь(?=[бвдзлмнпстц])  - \n ^ў  у")}
"""Two spellings of one language, folded before its table is asked: сьпіс = спіс, ўсё = усё."""
_LETTERS: dict[str, dict[str, Sequence[str]]] = {
    "uk": {"і": "иое", "ї": "и", "є": "е", "ґ": "г", "и": "иы", "ё": "ёе"},
    "be": {
        "і": "и", "ў": "вл", "а": "ао", "ӑ": "аео", "я": "яе", "э": "еэ", "ы": "ыи", "ё": "ёе",
    },
    "bg": {"ъ": ("о", "е", "у", ""), "щ": "щч", "я": "яе", "л": ("л", "ль"), "и": "иы"},
}  # fmt: skip
"""What Russian may have for a letter, likeliest first."""

_LONGEST_END = 4
"""Letters of inflection behind a beginning; more make another word."""

NEAR = frozenset(_REWRITTEN)
"""ISO 639-1 of the languages read so."""


_KNOWN = {lang: Prefixes(rows_of(lang), _LONGEST_END) for lang in NEAR}
_RULES = {lang: _rules(rules) for lang, rules in _REWRITTEN.items()}


def spellings(word: str, lang: str) -> Iterator[str]:
    """Russian spellings of a word in normal form, likeliest first; at least one.

    ``lang`` is one of ``NEAR``.

    >>> list(spellings("рішення", "uk"))[:2], next(spellings("років", "uk"))
    (['решение', 'ришение'], 'год')
    """
    word = _rewritten(word, _FOLDED.get(lang, []))
    if known := _KNOWN[lang].find(word):
        yield known
    word = _rewritten(word, _RULES[lang])
    letters = _LETTERS[lang]
    yield from islice(map("".join, product(*(letters.get(c, c) for c in word))), MOST_SPELLINGS)


def _rewritten(word: str, rules: Sequence[Rule]) -> str:
    for pattern, put in rules:
        word = pattern.sub(put, word)
    return word


def _fact_words(rows: str) -> dict[str, str]:
    lines = (line.split(": ") for line in rows.strip().splitlines())
    return {form: russian.strip() for russian, forms in lines for form in forms.split()}


FACT_WORDS = _fact_words(
    """
    января: січня студзеня януари
    февраля: лютого лютага февруари
    марта: березня сакавіка
    апреля: квітня красавіка април
    мая: травня траўня
    июня: червня чэрвеня юни
    июля: липня ліпеня юли
    августа: серпня жніўня
    сентября: вересня верасня септември
    октября: жовтня кастрычніка октомври
    ноября: лістапада ноември
    декабря: грудня снежня декември
    понедельник: понеділок понеділка панядзелак панядзелка понеделник понеделника
    вторник: вівторок вівторка аўторак аўторка
    среда: середу сераду серада сряда
    четверг: четвер чацвер чацверг четвъртък
    пятница: п'ятниця п'ятницю п'ятниці пятніца пятніцу пятніцы петък
    суббота: субота суботу суботи суботы събота
    воскресенье: неділя неділю неділі нядзеля нядзелю нядзелі
    тысяч: тисяч тисяча тисячі тысячы хиляда хиляди
    миллионов: мільйон мільйона мільйони мільйонів мільён мільёна мільёны мільёнаў милион милиона
    миллионов: милиони мільен мільена мільены мільенаў
    миллиардов: мільярд мільярда мільярди мільярдів мільярды мільярдаў милиард милиарда милиарди
    процентов: відсоток відсотка відсотки відсотків працэнт працэнта працэнты працэнтаў
    один: адзін един
    две: дві дзве
    три: тры
    четыре: чотири чатыры четири
    пять: п'ять пяць пет
    шесть: шість шэсць шест
    семь: сім седем
    восемь: вісім осем
    девять: дев'ять дзевяць девет
    десять: дзесяць десет
    """
)
"""Words of near languages that count or date, as Russian: form → word. Russian has none of
them (``лютого`` aside), so every text is read with them, before its language is known."""
