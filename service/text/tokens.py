"""What one chunk of a text holds: its words, and what the later stages look for.

A *chunk* is what lies between two spaces, such as ``«Путин,`` or ``19:30.``. It is read once, and
known by its number from then on (``chunks``): a regex over the whole text costs 90 µs each time.

Words are runs of letters and digits in any script. Hyphens split; an apostrophe or
a separator between digits does not; scripts written without spaces give one word a
character. See ``normal_word`` for their form.

>>> word_tokens("Вице-премьер: рост на 1,5% до 10,000 — Reuters’ U.S. desk")
['вице', 'премьер', 'рост', 'на', '1.5', 'до', '10000', 'reuters', 'usa', 'desk']
"""

import re
from enum import IntFlag
from functools import lru_cache
from itertools import chain

from service.text import clock
from service.text.cousins import FACT_WORDS
from service.text.dates import MONTHS, WEEKDAYS
from service.text.normalise import LONGEST_WORD, in_one_script, normal_chunk, normal_word
from service.text.numbers import FRACTIONS
from service.text.numerals import starts_number
from service.text.quakes import MAGNITUDES

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_MARKS = "\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
"""Vowel signs of Hebrew, Arabic and the Indic scripts, which are no letters to Unicode."""

_WORD = re.compile(r"[^\W_]++(?:['’ʼ][^\W_]++|(?<=\d)[.,:]\d++)*")
_WORD_ANY_SCRIPT = re.compile(
    rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}_])[\w{_MARKS}])+(?:['’ʼ][^\W_]++|(?<=\d)[.,:]\d++)*"
)
_BEYOND_EUROPE = re.compile("[\u0591-\u1cff\u2e80-\uffff]")

_DOTTED = re.compile(r"(?<![^\W_])(?:[A-Za-z]\.){2,5}(?:[A-Za-z](?![^\W_]))?(?:['’]s)?")
_SAME = {"US": "usa", "U.S": "usa", "UK": "uk", "EU": "eu"}
"""Written in capitals these are countries; in lower case ``us`` is a pronoun."""

_THOUSANDS = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d{1,3}(?:['’]\d{3})+(?:\.\d+)?"
)
"""As English, German, Indian (1,50,000) and Swiss (1'500'000) papers write them."""
_GLUED = (
    (re.compile(r"(?<![^\W_])(?:US|HK|NZ|NT|[ACRS])(?=\$\d)"), ""),
    (re.compile(r"(?<![^\W_])(Rs|RMB|CHF|USD|EUR|GBP|INR|AED|[CcKk]r)\.?(?=\d)"), r"\1 "),
    (re.compile(r"[°º˚]F(?![^\W_])"), " fahrenheit"),
    (re.compile(r"(?<![^\W_])M[LlWwBb]?(?=\d\.\d(?!\d))"), "magnitude "),
)
"""Letters that a number's digits must not hide behind: RMB1.5bn, M4.8; of US$5 the sign says
enough."""

LINE_END = "\u00b6"
"""A chunk that stands for a line break, which ends a sentence."""

_PLAIN = re.compile(r"""["'«“„‘(\[]*+([A-Z]?[a-z]{2,}|[А-ЯЁ]?[а-яё]{2,})([.,;:!?…»)\]"”’'—–-]*+)""")
_END = re.compile(r"[^.!?…]*[.!?…][\"'»”’)\]]*$")
_BREAK = re.compile(r"[,;:)»”\]\"]$")
_UPPER = re.compile(r"[^\Wa-zа-я\d_]")
_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"[%$€£¥₽₴₹₺₩₸₪]")
_ABBREVIATION = re.compile(
    r"(?i)^\W*+(?:[^\W\d_](?:\.[^\W\d_])*|mr|mrs|ms|dr|st|gen|sen|rep|gov|lt|col|jr|no|vs|jan|feb|aug|sept|oct"
    r"|nov|dec|им|ул|тыс|руб|долл|см|стр|др|пр|гг|проф|акад|corp|inc|ltd|co)\.$"
)
_ADDRESS = re.compile(
    r"(?i)\b(?:https?://|www\.|t\.me/)[^\s)\]>»]++"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]++|(?<!\w)@\w++"
)
"""Links, e-mail addresses and handles. What stands before an ``@`` is tried from its beginning
alone: from each letter anew, a long run takes the square of its length."""

_FACT_WORDS = frozenset([*MONTHS, *WEEKDAYS, *FRACTIONS, *MAGNITUDES, *clock.STARTS])


class Mark(IntFlag):
    """What a chunk shows beyond its words."""

    CAPITAL = 1
    """One of its words begins with a capital."""
    FACT = 2
    """A digit, or a word that may begin a number or date."""
    ENDS = 4
    """A sentence ends here."""
    BREAKS = 8
    """Punctuation follows the last word, so a name does not run on."""
    BARE = 16
    """No word at all: a dash, a bullet, an emoji."""
    SIGNED = 32
    """A currency or percent sign."""


_CAPITAL, _FACT, _ENDS, _BREAKS, _BARE, _SIGNED = map(int, Mark)
"""Plain integers: operators of flags take a microsecond each."""

Chunk = tuple[tuple[str, ...], tuple[str, ...], int]
"""Words in normal form; the same words as written; ``Mark`` flags, 0 for most chunks.
A plain tuple, because the garbage collector need not watch those of a full table."""


def _surfaces(chunk: str) -> list[str]:
    if not chunk.isascii() and _BEYOND_EUROPE.search(chunk):
        return _WORD_ANY_SCRIPT.findall(chunk)
    if "." in chunk and (dotted := _DOTTED.search(chunk)):
        before, after = chunk[: dotted.start()], chunk[dotted.end() :]
        return [*_WORD.findall(before), dotted[0], *_WORD.findall(after)]
    return _WORD.findall(chunk)


def _parted(chunk: str) -> str:
    if _DIGIT.search(chunk) or chunk[-1:] == "F":
        for glued, apart in _GLUED:
            chunk = glued.sub(apart, chunk)
    return chunk


def _word(surface: str) -> str:
    if surface in _SAME:
        return _SAME[surface]
    if surface[0].isdigit():
        return _number_word(surface)
    if "." in surface and _DOTTED.fullmatch(surface):
        letters = surface.replace(".", "").replace("’", "'")
        return _SAME.get(letters, normal_word(letters))
    word = normal_word(surface)
    return FACT_WORDS.get(word, word)


def _number_word(surface: str) -> str:
    surface = surface.replace("’", "'")
    if _THOUSANDS.fullmatch(surface):
        is_german = surface.count(".") > 1 or -1 < surface.find(".") < surface.find(",")
        thousands = "." if is_german else ","
        surface = surface.replace(thousands, "").replace("'", "")
    return normal_word(surface.replace(",", "."))


def _is_fact(word: str, surface: str) -> bool:
    """Whether a word without digits may begin a number or date."""
    return word in _FACT_WORDS or starts_number(word, surface)


def _mark(chunk: str, surfaces: list[str], words: tuple[str, ...]) -> int:
    has_sign = _SIGN.search(chunk) is not None
    if not surfaces:
        return _BARE | _ENDS * (chunk == LINE_END) | _SIGNED * has_sign
    return (
        _CAPITAL * (_UPPER.search(chunk) is not None and any(s[0].isupper() for s in surfaces))
        | _FACT * (_DIGIT.search(chunk) is not None or any(map(_is_fact, words, surfaces)))
        | _mark_behind(chunk, chunk[chunk.rfind(surfaces[-1]) + len(surfaces[-1]) :])
        | _SIGNED * has_sign
    )


def _mark_behind(chunk: str, behind: str) -> int:
    """What the signs behind a chunk's last word say."""
    if not behind:
        return 0
    mark = _said_by(behind)
    return mark & ~_ENDS if chunk[-1] == "." and _ABBREVIATION.match(chunk) else mark


@lru_cache(maxsize=1 << 10)
def _said_by(behind: str) -> int:
    return _ENDS * (_END.match(behind) is not None) | _BREAKS * (_BREAK.search(behind) is not None)


def chunk_of(raw: str) -> Chunk:
    """What a chunk holds, by what is written there; ``chunks`` remembers it."""
    if len(raw) <= LONGEST_WORD and (found := _PLAIN.fullmatch(raw)):
        return _plain_chunk(raw, *found.groups())
    chunk = in_one_script(normal_chunk(raw))
    if "/" in chunk or "@" in chunk or chunk[:4] == "www.":
        chunk = _ADDRESS.sub(" ", chunk)
    surfaces = _surfaces(_parted(chunk))
    if len(chunk) > LONGEST_WORD:
        surfaces = [surface[:LONGEST_WORD] for surface in surfaces]
    words = tuple(map(_word, surfaces))
    return words, tuple(surfaces), _mark(chunk, surfaces, words)


def _plain_chunk(raw: str, surface: str, behind: str) -> Chunk:
    """Nine chunks of ten: one Russian or English word, and perhaps signs around it."""
    word = surface.lower().replace("ё", "е")
    word = FACT_WORDS.get(word, word)
    mark = _mark_behind(raw, behind)
    if not surface.islower():
        mark |= _CAPITAL
    if _is_fact(word, surface):
        mark |= _FACT
    words = (word,)
    surfaces = words if word == surface else (surface,)
    return words, surfaces, mark


@lru_cache(maxsize=1 << 14)
def _words_of(chunk: str) -> tuple[str, ...]:
    return chunk_of(chunk)[0]


def word_tokens(text: str) -> list[str]:
    """The words of ``text`` in order, in normal form."""
    return list(chain.from_iterable(map(_words_of, text.split())))
