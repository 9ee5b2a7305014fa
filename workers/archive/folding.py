"""Words as the search compares them: folded, so that spellings of one word meet."""

import re

from service.text.normalise import composed

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f]")
"""Loose stress marks, soft hyphens and zero-width marks stand within words."""
MOST_WORDS = 8
"""Of a query; the longest, which say the most. Each costs a search."""
_MOST_CHARS = 10_000
"""Of a text that is folded: nobody bounds a source's name."""


def folded(text: str) -> list[str]:
    """The words of a text, of its first ``_MOST_CHARS`` characters, as they are compared.

    >>> folded("Ёлка в «Доме-2»: UPDATE"), folded("volna:117")
    (['елка', 'в', 'доме', '2', 'update'], ['volna', '117'])
    """
    text = text[:_MOST_CHARS]
    if not text.isascii():
        text = _MARKS.sub("", composed("NFKC", text))
    return _WORD.findall(text.casefold().replace("ё", "е"))


def asked(query: str) -> list[str]:
    """What a query looks for: the beginnings of words, longest first, none twice.

    >>> asked("Мост 117 мо")
    ['мост', '117']
    """
    longest: list[str] = []
    for word in sorted(set(folded(query)), key=lambda word: (-len(word), word)):
        if len(longest) < MOST_WORDS and not any(each.startswith(word) for each in longest):
            longest.append(word)
    return longest
