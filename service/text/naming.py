"""Which words of a chunk could name somebody or something, and under which key."""

import re
from collections.abc import Sequence

from service.text.known_names import NOT_NAMES, known_name
from service.text.names import skeleton
from service.text.numerals import roman

_LONGEST_WORD = 40
"""Letters; longer runs are noise (addresses, unspaced scripts), not names."""

_ADJECTIVE = re.compile(
    r"(?<=...)ск(?:а|у|е|ая|ой|ую|ое|ие|их|ими)?$|(?<=...)(?<!et)sk(?:aya|aia)?$"
)
"""Ends of a place's adjective that English does not make: Белгородская область is Belgorod
Region, and Мурманская is Murmansk, so towns lose theirs too. Surnames end in -ский, -sky;
in Donetsk (Донецк) the s is no suffix's."""

Name = tuple[str, str, int, bool]
"""Key, surface, weight, and whether it is the first word of its chunk."""


def names_in(words: Sequence[str], surfaces: Sequence[str]) -> tuple[Name, ...]:
    """The capitalised words of a chunk that have a key; ``words`` are in normal form."""
    return tuple(
        (key, surface, _weight(key, word), at == 0)
        for at, (word, surface) in enumerate(zip(words, surfaces, strict=True))
        if surface[0].isupper() and (key := _key(word, surface))
    )


def _key(word: str, surface: str) -> str | None:
    if surface == "WHO":
        return "@who"
    if len(word) < 2 or len(word) > _LONGEST_WORD or word in NOT_NAMES or roman(surface):
        return None
    if known := known_name(word):
        return f"@{known}"
    key = skeleton(word)
    if (adjective := _ADJECTIVE.search(word)) and len(
        bare := skeleton(word[: adjective.start()])
    ) > 2:
        return bare
    return key if len(key) > 1 else None


def _weight(key: str, word: str) -> int:
    """Countries and names of two consonants are everywhere; long names are rare."""
    return 1 if key[0] == "@" else min(3, len(key) - 1, max(1, len(word) - 2))
