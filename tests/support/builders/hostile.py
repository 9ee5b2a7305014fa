"""Texts that cost readers most: one thing over and over, ends that never come, words never seen."""

import random
import string
from collections.abc import Callable

Make = Callable[[int], str]
"""A text of so many characters, the same for the same number."""

_CHARACTERS = (
    "a я 1 . , ; : ! ? - – — ' \" ’ ʼ « » ( ) [ ] { } < > / \\ | @ # $ % ^ & * _ + = ~ ` ° € ₽ № … "
    "• \u0301 \u0315\u0316 \u200b \u00ad \u202e \u200f \ufdfa \ufb03 \u0130 ß 中 ا א ก あ "
    "한 𝐀 Ａ １ ² ½ Ⅷ ٣ 😀 é Р Ð"
).split(" ")
_SPACES = (" ", "\n", "\t", "\r\n", "\u00a0", "\u2028")
_WORDS = (
    "и |а |AbAb|Ab |ab |A A |А.|И.И. |U.S. |US |МОСКВА |aяaя|Мoсквa |вице-|O'Brien |a'|'s |млрд |"
    "сто |сто тысяч |двухтрех|million |big |United |большой |и в не на |the of and |і ў |not |"
    "KILL: |UPDATE 1-|kill |XX |IV|a\u0301|e\u0301\u0316\u0301|क\u094d|א'|shi|chacha|скский |інь "
)
_NUMBERS = (
    "1 |1.|1,|1-|1:|1'|1.1|12|000 |1 000 |1 млрд |$1 |1% |1 % |US$1|M4.8 |Rs.1|30°F |10:30 pm |10-|"
    "half past |09.02.2026 |2026-02-09 |9 февраля |9-го |с 9 по 10 |1–2 |20-22 feb |covid-1|5 m |½ "
)
_MARKUP = (
    "<|< |<a|<a |<a b=|<a b='|<a b=\"|<a '<b \"|<b>|</p>|<p |<!--|<!-- -|<!|<![CDATA[|]]>|<script|"
    "<script>|</script |<style |<?|&|&#|&#1|&#x|&amp;|&lt;|&lt;a |&a|[|[a](|](|![a](b |"
    "**|__|\\u0041|%41"
)
_ADDRESSES = (
    "/aaaa|a@|aaaa@|a.b@|@a|@a @|a.|http://|http://a |https://a.b/|www.|t.me/|a@b.c |../|//|a:"
)
_WIRE = (
    "Фото: |(Фото |© AP |Photo by |Getty Images|ADVERTISEMENT|Читайте также |ead more:|Источник: |"
    "Related: |MOSCOW |MOSCOW, |Москва, 9 |МОСКВА - |(Reuters) - |A (|(a | - a|: a| | a|\n- a|"
    "\n— a!|\n— a, — |\n1. a|\n•|— !|!!!a|Live: |a a Live: "
)
_FIELDS = '1e|-|+1|0|true|2026-01-01T|Mon, |GMT|a=b;|{|[|{"a":|[1,|"a",|\\"|,,|;|a;a|0.|9'

UNITS = (
    *_CHARACTERS,
    *_SPACES,
    *(
        unit
        for units in (_WORDS, _NUMBERS, _MARKUP, _ADDRESSES, _WIRE, _FIELDS)
        for unit in units.split("|")
        if unit
    ),
)
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_NEVER_SEEN = {
    "Latin words": (string.ascii_lowercase, 6, " "),
    "short Latin words": (string.ascii_lowercase, 4, " "),
    "Latin names": (string.ascii_uppercase, 6, " "),
    "Russian words": (_RUSSIAN, 7, " "),
    "long Russian words": (_RUSSIAN, 60, " "),
    "words in two scripts": ("acepoxyасероху", 8, " "),
    "words of marks": ("a\u0301\u0316\u0315\u0323", 12, " "),
    "letters of many": ("".join(map(chr, range(0xFB50, 0xFDFC))), 3, " "),
    "any letters": ("".join(map(chr, range(0x80, 0x3000))), 5, " "),
    "numbers": (string.digits, 5, " "),
    "numbers with signs": ("0123456789.,:-$%", 6, " "),
    "initials": ("ABCDE.", 20, " "),
    "names between commas": (string.ascii_lowercase, 6, ",A"),
    "numerals": ("IVX", 8, " "),
    "punctuation": ("a.-'’/@&<>[]()*_:;,1\"", 9, " "),
    "one word": (string.ascii_letters, 50, ""),
}
_UKRAINIAN = "що та у й не на з до як це "
"""So that what follows is read as Ukrainian, each word in dozens of spellings."""


def texts() -> dict[str, Make]:
    """All of them, by name."""
    made: dict[str, Make] = {f"{unit!r} again and again": _again(unit) for unit in UNITS}
    made |= {f"{name}, none twice": _never_twice(*each) for name, each in _NEVER_SEEN.items()}
    words = _never_twice("іїиєґ" + _RUSSIAN, 6, " ")
    made["Ukrainian words, none twice"] = lambda size: (_UKRAINIAN + words(size))[:size]
    made["a tag, then spaces"] = "KILL".ljust
    made["a tag, spaces, a word"] = lambda size: "KILL".ljust(size - 1) + "x"
    made["a tag's name"] = lambda size: "<" + "a" * (size - 1)
    made["a number of many digits"] = lambda size: "&#" + "1" * size
    made["a hex number of many digits"] = lambda size: "&#x" + "1" * size
    return made


def _again(unit: str) -> Make:
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def _never_twice(letters: str, length: int, between: str) -> Make:
    def text(size: int) -> str:
        rng = random.Random(size)
        count = size // (length + len(between)) + 1
        return between.join("".join(rng.choices(letters, k=length)) for _ in range(count))[:size]

    return text
