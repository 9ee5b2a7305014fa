"""Which code page a document's bytes are in, where nothing says so or what says so is wrong.

The same bytes are read in each code page that Russian and western text comes in, and each reading
gets points for its characters beyond ASCII: for a Cyrillic letter how much more often it stands
behind its neighbour in Russian than chance would have it (log2, -5 to 4), for an accented letter
whether it stands among ASCII letters, for a sign whether it stands where such a sign does, and
minus for what no text holds: a capital within a word, a word of two alphabets, box drawings.

Russian has 1.2 points a character in its own code page and at most 0 in another, already in a
headline: of 1,500 headlines in each of five code pages all are told but mac-cyrillic's (97 %),
whose lower case is that of windows-1251. Ukrainian and Belarusian letters count as the Russian
ones that stand in their place. Other languages convince nobody here; see ``charset``.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

CODE_PAGES = ("cp1252", "cp1251", "koi8-u", "utf-8", "iso8859-5", "cp866", "mac-cyrillic")
"""Of readings with as many points the first counts. KOI8-U is KOI8-R with letters in place of
eight box drawings; UTF-8 is there for text of which half is damaged."""
CONVINCING = 0.25
"""Points a character. A wrong reading of Russian has at most 0, a right one at least 0.5."""
_LEAST_POINTS = 2.0
"""Of all characters: one sign alone says nothing, except of the commonest code page."""
_RARE = {"mac-cyrillic": -3.0}
"""Points that a code page has to make up for: nobody has written it since 2001."""
_MOST_PIECES = 600
"""Words looked at. More would tell nothing new, and take more than some 20 ms."""
_PIECE = re.compile(rb"[A-Za-z]?[\x80-\xff][\x80-\xffA-Za-z]{0,80}")
"""A word with bytes beyond ASCII, and the letter before them."""

_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_NEIGHBOURS = """
_ 55755435606466676755432520000412
а 04645546346767046662344433000045
б 62301702605625806406020216471123
в 80123702704525725644001140073003
г 71104600703624907215000100000110
д 70413853703536736536001020053123
е 33556435165667337670233432000002
ж 74007900804007500205000300001000
з 93746610603456705105000000052013
и 53555626666757526660254521000046
й 33316303006557424870325550000000
к 80410520703502806565014000000000
л 70012730803404700416000000037046
м 83000800703355860406000000053104
н 80035701704105700565313201063014
о 06766444465666357762222431000013
п 60000700601503838326000000032002
р 83444730703245832456211020053104
с 62402600607655663684120330035006
т 73501700704335816525301300056003
у 46456465215655066770242644000160
ф 60000700801502806447500000032100
х 80500500603645915435000000000410
ц 71300800904000500505001000050010
ч 70000900705216101074000040004000
ш 70300800806616621055000000004000
щ 70000900900004000004000000004000
ъ 00000900000000000000000000000019
ы 04643723284675054650070350000004
ь 05243705306058200750204263000066
э 02414000058666065490621020000000
ю 26426045135647026680002538000130
я 03736555015567035570065525000044
"""
"""For each letter, and for the beginning of a word (_), how often each of ``_LETTERS`` follows:
5 is as often as chance, a step twice as often. Counted in 20,000 headlines and leads of 2020."""
_CHANCE = 5
_AS_RUSSIAN = str.maketrans("ёіїєґў", "еиеегв")
_FOLLOWING = {
    (row[0].replace("_", " "), letter): int(digit) - _CHANCE
    for row in _NEIGHBOURS.split("\n")
    if row
    for letter, digit in zip(_LETTERS, row[2:], strict=True)
}
_ACCENTED = frozenset("äöüßéèàçêâôîûùëïñáíóúãõåøæœ")
"""Of western languages."""
_ALONE, _CYRILLIC_ALONE = frozenset("àéó"), frozenset("авикосуязіїй")
"""Words of one letter."""
_OPENING, _CLOSING = frozenset("«‹‚„"), frozenset("»›”’…•™№")
_SIGNS = _OPENING | _CLOSING | frozenset("–—“‘€£§©®°·\xa0\xad")
_WITHIN_WORDS = frozenset("’–—…·\xa0\xad")
_TIGHT_IN_ENGLISH = frozenset("’‘–—")
_NO_TEXT = frozenset({"Cc", "Cn", "Co"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What speaks for a code page."""

    encoding: str
    """Python's name of it."""
    text: str
    """Of the sample."""
    points: float
    mean: float
    """Points a character beyond ASCII."""

    @property
    def convinces(self) -> bool:
        """Whether it is text, as far as can be told here."""
        return self.mean >= CONVINCING and (
            self.points >= _LEAST_POINTS or self.encoding == CODE_PAGES[0]
        )


def words(body: bytes) -> bytes:
    """The first words of a document that have bytes beyond ASCII, all that is looked at."""
    return b" ".join(islice((found[0] for found in _PIECE.finditer(body)), _MOST_PIECES))


def reading(sample: bytes, encoding: str) -> Reading:
    """The sample as it reads in an encoding."""
    text = sample.decode(encoding, "replace")
    points = list(_points(text))
    total = sum(points) + _RARE.get(encoding, 0)
    return Reading(encoding, text, total, total / len(points) if points else 0)


def best(sample: bytes) -> Reading:
    """The reading with the most points a character.

    >>> best("Мост".encode("koi8-r")).text
    'Мост'
    """
    return max((reading(sample, each) for each in CODE_PAGES), key=lambda each: each.mean)


def _points(text: str) -> Iterator[float]:
    """Of each character beyond ASCII."""
    for before, character, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        if not character.isascii():
            yield _of(before, character, after)


@lru_cache(maxsize=20_000)
def _of(before: str, character: str, after: str) -> float:
    letter = _russian(character)
    if (" ", letter) in _FOLLOWING:
        return _of_cyrillic(before, character, after)
    if character in _SIGNS:
        return _of_sign(before, character, after)
    if character in "¡¿":
        return 1 if after.isalpha() and not before.isalpha() else -3
    if character.isalpha() and character not in "ªºµ":
        return _of_letter(before, character, after)
    if character == "\ufffd" or unicodedata.category(character) in _NO_TEXT:
        return -6
    return -3


def _of_cyrillic(before: str, character: str, after: str) -> float:
    if before.islower() and character.isupper():
        return -5
    if _is_latin(before) or _is_latin(after):
        return -5
    neighbour = _russian(before)
    if neighbour not in _LETTERS:
        if character in "ўЎ":  # no word begins with it
            return -3
        if not after.isalpha():
            return 0 if character.lower() in _CYRILLIC_ALONE else -2
        neighbour = " "
    return _FOLLOWING[neighbour, _russian(character)]


def _of_letter(before: str, character: str, after: str) -> float:
    """Letters of other alphabets."""
    if "\u0400" <= character < "\u0460":  # of Serbian and the like; Kazakh has its own code page
        return -4
    if not unicodedata.name(character, "").startswith("LATIN"):
        return 0
    if before.islower() and character.isupper():
        return -5
    small = character.lower()
    if _is_ascii_letter(before) or _is_ascii_letter(after):
        return 2 if small in _ACCENTED else 1 if character >= "\u0100" else -1
    return 1 if small in _ALONE and not before.isalpha() and not after.isalpha() else -2


def _of_sign(before: str, character: str, after: str) -> float:
    begins, ends = after.isalpha(), before.isalpha()
    if character in _TIGHT_IN_ENGLISH and _is_ascii_letter(after):
        return 0.5
    if begins and ends:
        return 0.5 if character in _WITHIN_WORDS else -3
    if begins and (character in _CLOSING or character in "–—"):
        return -2
    if ends and character in _OPENING:
        return -2
    return 0.5


def _russian(letter: str) -> str:
    return letter.lower().translate(_AS_RUSSIAN)


def _is_ascii_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_latin(character: str) -> bool:
    """In Ukrainian of DOS a Latin i stands for its letter, which that code page lacks."""
    return _is_ascii_letter(character) and character not in "iI"
