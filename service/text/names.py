"""A name as its consonants, in letters of no script: Бездетко, Bezdetko → ``bzdtk``.

Vowels go, since transliterations differ most in them; so do й, ь and doubled letters.
Consonants are put into sound classes coarse enough that the usual systems agree
(х = kh = h = г, ц = ts = s = z), and the case endings of Russian are removed first.
A first vowel stays as ``a``, or Iran and Rene would be one.

On 156,727 name pairs of Wikidata the two skeletons are equal for 81 of 100.

>>> skeleton("Путиным"), skeleton("Putin"), skeleton("Цзиньпина"), skeleton("Jinping")
('ptn', 'ptn', 'jnpn', 'jnpn')
"""

import re

from service.text.memo import Memo
from service.text.normalise import composed

_ENDING = re.compile(
    r"(?<=[бвгджзклмнпрстфхцчшщ]{2})(?:ом|ем)$"
    r"|(?<=[бвгджзклмнпрстфхцчшщ]ь[бвгджзклмнпрстфхцчшщ])(?:ом|ем)$"
    r"|(?<=.[аеиоуыэюя][бвгджзклмнпрстфхцчшщ])(?:ом|ем)$"
    r"|(?:(?<=[сц]к)|(?<=[сц]ьк))(?:[оа]го|[оа]му|им|ім|их|іх|ими)$"
    r"|(?<=..[вн])ым$"
    r"|(?<=...)(?:ого|ому)$"
)
"""Case endings that hold a consonant; the others are vowels and go with them."""

_KEPT = re.compile(r"(?:(?<!дне)пром|телеком)$")
"""Ends of names in the nominative: Газпром, Ростелеком."""


def _table(pairs: str) -> list[tuple[re.Pattern[str], str]]:
    rules = (line.split() for line in pairs.strip().splitlines())
    return [(re.compile(rule[0]), rule[1] if len(rule) > 1 else "") for rule in rules]


_CYRILLIC_RULES = _table(
    """
    ^(?:й[аеёоуэ]|[ёюя])  j
    ^[ей](?=[аеёиоуыэюя])  a
    ^ть           c
    ^у(?=[аеиоэы])  v
    дж|цз|чж|дз(?=[ьиёюя])  j
    дз            z
    тч            c
    тх            t
    кх            g
    сч            w
    тс|дс         z
    нг$           n
    """
)
_CYRILLIC = str.maketrans(
    {
        **dict(zip("бвгдзклмнпрстф", "bvgdzklmnprztf", strict=True)),
        **dict.fromkeys("аеиоуыэюяёіїє", "a"),
        **dict.fromkeys("йьъ’'ј", ""),
        "ж": "j",
        "х": "g",
        "ц": "z",
        "ч": "c",
        "ш": "w",
        "щ": "w",
        "ґ": "g",
        "ў": "v",
        "ђ": "j",
        "љ": "l",
        "њ": "n",
        "ћ": "c",
        "џ": "j",
        "қ": "k",
        "ғ": "g",
        "ң": "n",
        "ә": "a",
        "ө": "a",
        "ү": "a",
        "ұ": "a",
        "һ": "g",
        "ҳ": "g",
        "ҷ": "j",
    }
)

_LATIN_RULES = _table(
    r"""
    ^y(?=[aou])   J
    ^y(?=[ei])    a
    (?<=[ckj])ic$|(?<=[oe]v)ic$|(?<=dr)ic$|(?<=is)ic$|(?<=[aiou])cic$  C
    (?<=...[vn])ians?$  a
    ng(?=zh|x|q)   n
    ^q(?=i[aeuno])|(?<=[aeiouy])q(?=i(?:ng|an|ao|u|n$))  s
    shch|sch|sh   W
    tsch|tch      C
    dzh|dj|dg(?=[ei])|(?<!l)zh  J
    dz(?=[iy])    J
    dz            z
    (?<=[lbpvmt])j|j(?![aeiouyäöüáéíóú])  _
    ^x            s
    x             ks
    ph            f
    th            t
    [kg]h         g
    ch(?=[lrn])   k
    cht           gt
    cz|ch         C
    ck|cc(?![ei])  k
    q(?=i)        s
    qu?           k
    ts|tz         s
    c(?=[eiyéèê])  s
    c             k
    j             J
    w             v
    (?<=.)h(?![aeiouyäöüáéíóúàèìòùâêîôûăơưạậếễộứ])  _
    ng$           n
    """
)
_LATIN = str.maketrans(
    {
        **dict.fromkeys("aeiouyæœøıə", "a"),
        **dict.fromkeys("'’_", ""),
        "W": "w",
        "C": "c",
        "J": "j",
        "h": "g",
        "s": "z",
        "þ": "t",
        "ð": "d",
        "đ": "d",
        "ł": "l",
    }
)
_CARON = str.maketrans(
    {
        "č": "ch",
        "ć": "ch",
        "š": "sh",
        "ş": "sh",
        "ș": "sh",
        "ž": "zh",
        "ś": "sh",
        "ç": "s",
        "ñ": "n",
        "ğ": "g",
        "ß": "s",
        "ţ": "ts",
        "ț": "ts",
        "ż": "zh",
    }
)

_DOUBLED = re.compile(r"(.)\1+")
_LATER_VOWELS = re.compile(r"(?<=.)a")


_ROMAJI = re.compile(
    r"(?!.*ina?$)(?:(?:[kgnhmrbp]y|sh|ch|ts|[jkgsztdnhbpmrwfy])?[aiueoāīūēō]{1,2}n?(?![aiueoāīūēō])){3,}"
)
"""Three syllables or more, each of a shape that Japanese has."""
_POLIVANOV = ((re.compile("sh(?=[iuoūō])"), "s"), (re.compile("ch(?=[iuoūō])(?!in$)"), "t"))
"""Russian writes Japanese shi and chi as си and ти: Kishida is Кисида."""


def _skeleton(token: str) -> str:
    token = token.lower()
    if "а" <= token[:1] <= "ӿ":
        return _of_cyrillic(token)
    return _of_latin(token)


def _of_cyrillic(token: str) -> str:
    if not _KEPT.search(token):
        token = _ENDING.sub("", token)
    for rule, sound in _CYRILLIC_RULES:
        token = rule.sub(sound, token)
    return _folded(token.translate(_CYRILLIC))


def _of_latin(token: str) -> str:
    token = token.translate(_CARON)
    if ("sh" in token or "ch" in token) and _ROMAJI.fullmatch(token):
        for heard, written in _POLIVANOV:
            token = heard.sub(written, token)
    if not token.isascii():
        token = "".join(c for c in composed("NFD", token) if not "\u0300" <= c <= "\u036f")
    for rule, sound in _LATIN_RULES:
        token = rule.sub(sound, token)
    return _folded(token.translate(_LATIN))


def _folded(sounds: str) -> str:
    return _DOUBLED.sub(r"\1", _LATER_VOWELS.sub("", sounds))


SKELETONS: Memo[str] = Memo(_skeleton)


def skeleton(token: str) -> str:
    """The consonant skeleton of one word, Cyrillic or Latin; other scripts as they are.

    ``token`` may be a surface form or a normal form; the result is the same.
    """
    return SKELETONS[token]
