"""One normal form for text and words, so that equal words are equal strings."""

import re
import unicodedata
from functools import cache
from typing import Literal

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Soft hyphens, zero-width and direction marks, variation selectors, controls, surrogates."""

_STRESS = re.compile("[\u0300-\u036f]")
"""Marks that are still loose after NFC: the stress marks of encyclopaedic Russian."""


_ACCENTED = re.compile("[\u00c0-\u024f]")

LONGEST_WORD = 128
"""Letters kept of a word: none is longer (40 was the longest of 30,000 articles), and what
is asked of a word costs more than its letters do."""
_MOST_MARKS = 8
"""Marks kept on one letter. Unicode has them sorted, which takes the square of their number."""
_UNSORTED = 250
"""Characters that are sorted sooner than searched for marks."""
_MARKED = range(0x0300, 0x1F000)
"""Where Unicode has its marks."""


def composed(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    r"""A normal form of Unicode, in time linear in the length whatever stands in the text.

    >>> composed("NFC", "e\u0301"), len(composed("NFC", "e" + 50_000 * "\u0316"))
    ('é', 9)
    """
    if len(text) > _UNSORTED and not text.isascii():
        text = _stacks().sub(r"\1", text)
    return unicodedata.normalize(form, text)


@cache
def _stacks() -> re.Pattern[str]:
    """More marks on one letter than are kept; made when first asked for, in 20 ms."""
    marks = "".join(filter(unicodedata.combining, map(chr, _MARKED)))
    return re.compile(f"([{marks}]{{{_MOST_MARKS}}})[{marks}]++")


def normalise(text: str) -> str:
    r"""NFC text without invisible characters and stress marks; spaces folded.

    >>> normalise("Пу́тин\u00ad  в Кремле")
    'Путин в Кремле'
    """
    return " ".join(normal_chunk(text).split())


def normal_chunk(text: str) -> str:
    """``normalise`` without the folding of spaces."""
    if text.isascii() and text.isprintable():
        return text
    text = _INVISIBLE.sub("", text)
    return _STRESS.sub("", composed("NFC", text))


_TWINS = dict(zip("aceiopxyABCEHIKMOPTXY", "асеіорхуАВСЕНІКМОРТХУ", strict=True))
"""Latin letters and the Cyrillic ones that look the same; both ways a text is disguised, or
typed on the wrong keyboard."""
_TO_CYRILLIC = str.maketrans(_TWINS)
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _TWINS.items()})
_LATIN = "A-Za-z\u00c0-\u024f"
_TWO_SCRIPTS = re.compile(f"[{_LATIN}][\u0400-\u04ff]|[\u0400-\u04ff][{_LATIN}]")
_RUN = re.compile("[A-Za-z\u00c0-\u024f\u0400-\u04ff]+")
_CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")
_LATIN_LETTER = re.compile("[A-Za-z]")


def in_one_script(chunk: str) -> str:
    """A chunk whose words are each in one script, if only look-alikes stood for it.

    >>> in_one_script("Мoсквa,"), in_one_script("Рutin"), in_one_script("IT-отдел")
    ('Москва,', 'Putin', 'IT-отдел')
    """
    if not _TWO_SCRIPTS.search(chunk):
        return chunk
    return _RUN.sub(lambda found: _unmixed(found[0]), chunk)


def _unmixed(word: str) -> str:
    plain = _STRESS.sub("", unicodedata.normalize("NFD", word)) if _ACCENTED.search(word) else word
    cyrillic, latin = plain.translate(_TO_CYRILLIC), plain.translate(_TO_LATIN)
    if not _LATIN_LETTER.search(cyrillic) and not _CYRILLIC_LETTER.search(latin):
        # Look-alikes alone: what most of them were written in.
        return cyrillic if 2 * len(_CYRILLIC_LETTER.findall(word)) > len(word) else latin
    if not _LATIN_LETTER.search(cyrillic):
        return cyrillic
    return latin if not _CYRILLIC_LETTER.search(latin) else word


def normal_word(word: str) -> str:
    """The normal form of one word: NFKC, case folded, ё as е, one kind of apostrophe.

    At most ``LONGEST_WORD`` letters of it: NFKC can make eighteen of one.

    >>> normal_word("Ёлка"), normal_word("Großbritannien"), normal_word("Trump’s")
    ('елка', 'grossbritannien', 'trump')
    """
    word = composed("NFKC", word).casefold()[:LONGEST_WORD]
    word = word.replace("ё", "е").replace("ʼ", "'")
    if word.isalnum():
        return word
    word = _STRESS.sub("", word).replace("’", "'")
    return word.removesuffix("'s")
