"""Words as the search compares them: folded, so that spellings of one word meet.

A story's words stand in one string, each once, each behind a space; a prefix of a word is found as
a space and the prefix. Scanning those strings is measured in ``tests/benchmarks``: quicker than it
would have to be, and there is no index that a kill could leave something in.
"""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f]")
"""Loose stress marks, soft hyphens and zero-width marks stand within words."""
MOST_WORDS = 8
"""Of a query; the longest, which say the most. Each costs a scan of what the others left."""
_MOST_CHARS = 10_000


def folded(text: str) -> list[str]:
    """The words of a text in the form in which they are compared.

    >>> folded("Ёлка в «Доме-2»: UPDATE"), folded("volna:117")
    (['елка', 'в', 'доме', '2', 'update'], ['volna', '117'])
    """
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return _WORD.findall(text.casefold().replace("ё", "е"))


def with_words(words: str, more: Iterable[str]) -> str:
    """The string with the words that it lacks."""
    fresh = [word for word in dict.fromkeys(more) if f" {word} " not in words]
    return f"{words or ' '}{' '.join(fresh)} " if fresh else words


def asked(query: str) -> list[str]:
    """What a query looks for: prefixes, each with the space before it; none for no word.

    >>> asked("Мост 117")
    [' мост', ' 117']
    """
    words = sorted(set(folded(query[:_MOST_CHARS])), key=lambda word: (-len(word), word))
    return [f" {word}" for word in words[:MOST_WORDS]]
