"""Ways in which bytes of one encoding are read as another, and how each is undone.

A misreading is undone character by character, so that what came right into the text (a dash that
was an entity, an emoji, Latin letters) stays, and so do the characters that a page maps to no
letter. A browser's windows-1252 is latin-1 with signs in place of controls, and feeds mix the two:
they are one here.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property

UTF_8, LATIN_1 = "UTF-8", "latin-1"
PAGES = {
    "windows-1251": "cp1251",
    "koi8-r": "koi8-u",  # the same, with the letters of Ukrainian
    "cp866": "cp866",
    "mac-cyrillic": "mac-cyrillic",
    "iso-8859-5": "iso-8859-5",
}
"""Code pages of Cyrillic by their usual names, and as Python knows them."""

_TEXT = frozenset(
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя"
    "ЁёЄєІіЇїҐґЎў\xa0§©«®°·»–—‘’“”„•…€№™"
)
"""What a byte of such a page stands for in news; what it would be beside that is left alone."""
_HIGH = range(0x80, 0x100)
_SET_ASIDE = 0xE000
"""Where characters that only look like bytes wait: private use, which no text has."""
_BACK = {_SET_ASIDE + code: code for code in _HIGH}
_HIGH_BYTES = re.compile("[\x80-\xff]+")

_SEQUENCE = (
    "[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|(?P<torn>%s)"
)
"""A character in UTF-8, a byte a character; or what is left of one whose last byte was lost, as a
control character is, or became a space, as a no-break space does."""
_TORN = {
    LATIN_1: "\xc3  ?|[\xd0\xd1][ \ufffd]?|\xe2\x80",
    "windows-1251": "[\xc2\xc3\xd0\xd1] ?|\xe2\x80",
}
_NOTHING = "(?!)"
_YA_BETWEEN = {
    " ": "гзщ",
    "а": " вз",
    "б": " жзнхчщ",
    "в": "джзнчшщ",
    "г": "н",
    "д": " гдмхщ*",
    "е": "р",
    "з": " бвеийлмнтхщю",
    "и": " джзмнхю",
    "й": "нрх",
    "к": "н",
    "л": " бвгдежйклмнпртхцчшщю",
    "м": " гнптчщ",
    "н": " везйлмнхшщю*",
    "о": "взйщ",
    "п": "гтчщ*",
    "р": " бвгджзлмнхцчщю*",
    "т": " бгжзнхшщ",
    "у": "зх",
    "ц": "н",
    "ч": "н",
    "ш": "н",
    "ъ": "вдзлнртх*",
    "ы": "в",
    "ь": " вгджлмнрхч",
    "*": " бджцчщ",
}
"""Between which letters я is more frequent in Russian news than с: first letter → second ones. A
space is the edge of a word, ``*`` another lost letter. Right for 93 of 100."""
_LOST_OF_1251 = {"\xc2": "\x98", "\xd0": "И", "\xd1": "ј", "\xc3": "Ø", "\xe2": "‘"}
_UNKNOWN = "*"
_AFTER_N = "аеёиоуыіїє"
"""Letters before which a lost capital is Н, and not А."""
_SIGNS_OF_1252 = re.compile("[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Where latin-1 has controls."""
_KEPT = re.compile("[\x81\x8d\x8f\x90\x98\x9d]")
"""Controls where windows-1252 and windows-1251 know no sign."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How much of a text is UTF-8."""

    whole: list[tuple[int, int]]
    """Where its characters stand: first and last byte, and one more."""
    torn: int
    """First bytes of letters of Cyrillic whose second was lost, or which are none."""
    rest: str
    """What stands in no character."""


@dataclass(frozen=True)
class Misreading:
    """Bytes of encoding ``right`` were read as ``wrong``."""

    right: str
    wrong: str

    def __str__(self) -> str:
        """In words, for an editor."""
        return f"{self.right} read as {self.wrong}"

    def undone(self, text: str) -> str:
        """The text as it was before; what this misreading can't have made stays.

        >>> Misreading("windows-1251", "latin-1").undone("Ìîñò — new")
        'Мост — new'
        """
        if self.right == UTF_8:
            as_bytes = text.translate(_as_bytes(self.wrong))
            return _decoded(as_bytes, self.wrong, is_lossy=_is_lossy(text, self.wrong))
        return text.translate(self._swapped)

    def seen(self, text: str) -> "Seen":
        """What there is of UTF-8 in a text, if it was misread so."""
        as_bytes = text.translate(_as_bytes(self.wrong))
        found = list(_sequence(self.wrong).finditer(as_bytes))
        whole = [each.span() for each in found if each["torn"] is None]
        rest = filter(_is_high, _sequence(self.wrong).sub("", as_bytes))
        torn = sum(each["torn"] is not None and each[0][0] in "\xd0\xd1" for each in found)
        return Seen(whole, torn, "".join(rest).translate(_as_read(self.wrong)))

    @cached_property
    def _swapped(self) -> dict[int, str]:
        right = dict(enumerate(_page(self.right), 0x80))
        return {
            ord(char): right[byte]
            for char, byte in _byte_of(self.wrong).items()
            if right[byte] in _TEXT
        }


SWAPS = tuple(
    Misreading(right, wrong) for wrong in (LATIN_1, *PAGES) for right in PAGES if right != wrong
)
"""Of one code page as another."""
OF_UTF_8 = tuple(Misreading(UTF_8, wrong) for wrong in (LATIN_1, *PAGES))


def _is_lossy(text: str, wrong: str) -> bool:
    """Whether a text lost the controls that a page has for the bytes it does not know, and no more
    than these.
    """
    if _KEPT.search(text):
        return False
    return wrong != LATIN_1 or _SIGNS_OF_1252.search(text) is not None


def _is_high(char: str) -> bool:
    return 0x80 <= ord(char) < 0x100 or _SET_ASIDE <= ord(char) < _SET_ASIDE + 0x100


def _decoded(as_bytes: str, wrong: str, *, is_lossy: bool) -> str:
    """What the bytes say as UTF-8; those that say nothing are what they were read as."""
    try:  # a word at a time, where nothing is lost: ten times as fast
        return _HIGH_BYTES.sub(_word, as_bytes).translate(_BACK)
    except UnicodeDecodeError:
        return _decoded_by_letters(as_bytes, wrong, is_lossy=is_lossy)


def _word(found: re.Match[str]) -> str:
    return found[0].encode("latin-1").decode()


def _decoded_by_letters(as_bytes: str, wrong: str, *, is_lossy: bool) -> str:
    as_read = _as_read(wrong)
    pieces: list[str] = []
    at, before, is_worn = 0, " ", False
    for found in _sequence(wrong).finditer(as_bytes):
        if found.start() > at:
            pieces.append(as_bytes[at : found.start()].translate(as_read))
            before = pieces[-1][-1]
        at = found.end()
        if found["torn"] is None:
            said = _character(found[0]) or found[0].translate(as_read)
            before = said[-1]
        elif at == len(as_bytes) and not (is_worn and before.isupper()):
            said = ""  # the text was cut within a character
        else:
            is_worn = True
            said = _torn(found[0], before, _after(as_bytes, at, wrong), wrong if is_lossy else "")
            before = _UNKNOWN
        pieces.append(said)
    return "".join([*pieces, as_bytes[at:].translate(as_read)])


def _character(sequence: str) -> str | None:
    try:
        return sequence.encode("latin-1").decode()
    except UnicodeDecodeError:
        return None


def _after(as_bytes: str, at: int, wrong: str) -> str:
    """The letter that stands there."""
    following = _sequence(wrong).match(as_bytes, at)
    if following is None:
        return " "
    return _UNKNOWN if following["torn"] else _character(following[0]) or " "


def _torn(found: str, before: str, after: str, wrong: str) -> str:
    """What was a character with its last byte, and what stands behind it.

    Those are lost that windows-1252 does not know: 81, 8d, 8f, 90 and 9d; and that windows-1251
    does not: 98.
    """
    first, space = found[0], " " * found.endswith(" ")
    if space and first == "\xd0":
        return "Р"
    if first == "\xc3" and wrong != "windows-1251":
        return "à "
    return _lost(first, before, " " if space else after.lower(), wrong) + space


def _lost(first: str, before: str, after: str, wrong: str) -> str:
    if not wrong:
        return "\ufffd"
    return _lost_of_1252(first, before, after) if wrong == LATIN_1 else _LOST_OF_1251[first]


def _lost_of_1252(first: str, before: str, after: str) -> str:
    if first == "\xd0":
        return "Н" if after in _AFTER_N else "А"
    if first == "\xe2":
        return "”"
    if after in _YA_BETWEEN.get(before.lower(), ""):
        return "я"
    return "э" if before == " " and after in "йкф" else "с"


@cache
def _sequence(wrong: str) -> re.Pattern[str]:
    return re.compile(_SEQUENCE % _TORN.get(wrong, _NOTHING))


@cache
def _page(encoding: str) -> str:
    """The 128 characters of a page's upper half; controls where it has none."""
    name = PAGES.get(encoding, encoding)
    return "".join(bytes([byte]).decode(name, "ignore") or chr(byte) for byte in _HIGH)


@cache
def _byte_of(encoding: str) -> dict[str, int]:
    """Characters of a page → their bytes."""
    known = {char: byte for byte, char in enumerate(_page(encoding), 0x80)}
    if encoding == LATIN_1:
        known |= {char: byte for byte, char in enumerate(_page("cp1252"), 0x80)}
    return known


@cache
def _as_bytes(encoding: str) -> dict[int, int]:
    set_aside = {code: _SET_ASIDE + code for code in _HIGH}
    return set_aside | {ord(char): byte for char, byte in _byte_of(encoding).items()}


@cache
def _as_read(encoding: str) -> dict[int, str]:
    """The way back."""
    read = dict(enumerate(_page(encoding), 0x80))
    return read | {_SET_ASIDE + code: chr(code) for code in _HIGH}
