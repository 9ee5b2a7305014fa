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
