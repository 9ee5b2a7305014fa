"""One normal form for text and words, so that equal words are equal strings."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Soft hyphens, zero-width and direction marks, variation selectors, controls, surrogates."""

_STRESS = re.compile("[\u0300-\u036f]")
"""Marks that are still loose after NFC: the stress marks of encyclopaedic Russian."""


_ACCENTED = re.compile("[\u00c0-\u024f]")


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
    return _STRESS.sub("", unicodedata.normalize("NFC", text))


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

    >>> normal_word("Ёлка"), normal_word("Großbritannien"), normal_word("Trump’s")
    ('елка', 'grossbritannien', 'trump')
    """
    word = unicodedata.normalize("NFKC", word).casefold().replace("ё", "е").replace("ʼ", "'")
    if word.isalnum():
        return word
    word = _STRESS.sub("", word).replace("’", "'")
    return word.removesuffix("'s")
