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


_ENDS = tuple("ом ем го му им ім их іх ми ым".split())
"""Of words that ``_ENDING`` may match; most are not asked about."""

Rule = tuple[tuple[str, ...], re.Pattern[str], str]
"""Letters of which a word holds some wherever the pattern matches, since looking for them costs a
tenth; the pattern, and what is put there."""


def _table(rows: str) -> list[Rule]:
    rules = (line.split() for line in rows.strip().splitlines())
    return [(tuple(letters.split(",")), re.compile(rule), put) for letters, rule, put in rules]


def _rewritten(token: str, rules: list[Rule]) -> str:
    for letters, rule, put in rules:
        for needed in letters:
            if needed in token:
                token = rule.sub(put, token)
                break
    return token


_CYRILLIC_RULES = _table(
    """
    й,ё,ю,я      ^(?:й[аеёоуэ]|[ёюя])  j
    е,й          ^[ей](?=[аеёиоуыэюя])  a
    ть           ^ть           c
    у            ^у(?=[аеиоэы])  v
    дж,цз,чж,дз  дж|цз|чж|дз(?=[ьиёюя])  j
    дз           дз            z
    тч           тч            c
    тх           тх            t
    кх           кх            g
    сч           сч            w
    тс,дс        тс|дс         z
    нг           нг$           n
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
    y            ^y(?=[aou])   J
    y            ^y(?=[ei])    a
    ic           (?<=[ckj])ic$|(?<=[oe]v)ic$|(?<=dr)ic$|(?<=is)ic$|(?<=[aiou])cic$  C
    ian          (?<=...[vn])ians?$  a
    ng           ng(?=zh|x|q)   n
    q            ^q(?=i[aeuno])|(?<=[aeiouy])q(?=i(?:ng|an|ao|u|n$))  s
    sh,sch       shch|sch|sh   W
    tch,tsch     tsch|tch      C
    zh,dj,dg     dzh|dj|dg(?=[ei])|(?<!l)zh  J
    dz           dz(?=[iy])    J
    dz           dz            z
    j            (?<=[lbpvmt])j|j(?![aeiouyäöüáéíóú])  _
    x            ^x            s
    x            x             ks
    ph           ph            f
    th           th            t
    kh,gh        [kg]h         g
    ch           ch(?=[lrn])   k
    cht          cht           gt
    ch,cz        cz|ch         C
    ck,cc        ck|cc(?![ei])  k
    q            q(?=i)        s
    q            qu?           k
    ts,tz        ts|tz         s
    c            c(?=[eiyéèê])  s
    c            c             k
    j            j             J
    w            w             v
    h            (?<=.)h(?![aeiouyäöüáéíóúàèìòùâêîôûăơưạậếễộứ])  _
    ng           ng$           n
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
    if token.endswith(_ENDS) and not _KEPT.search(token):
        token = _ENDING.sub("", token)
    return _folded(_rewritten(token, _CYRILLIC_RULES).translate(_CYRILLIC))


def _of_latin(token: str) -> str:
    if not token.isascii():
        token = token.translate(_CARON)
    if ("sh" in token or "ch" in token) and _ROMAJI.fullmatch(token):
        for heard, written in _POLIVANOV:
            token = heard.sub(written, token)
    if not token.isascii():
        token = "".join(c for c in composed("NFD", token) if not "\u0300" <= c <= "\u036f")
    return _folded(_rewritten(token, _LATIN_RULES).translate(_LATIN))


def _folded(sounds: str) -> str:
    return _DOUBLED.sub(r"\1", sounds[:1] + sounds[1:].replace("a", ""))


SKELETONS: Memo[str] = Memo(_skeleton)


def skeleton(token: str) -> str:
    """The consonant skeleton of one word, Cyrillic or Latin; other scripts as they are.

    ``token`` may be a surface form or a normal form; the result is the same.
    """
    return SKELETONS[token]
