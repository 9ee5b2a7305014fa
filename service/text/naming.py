"""Which words of a chunk could name somebody or something, and under which key."""

import re
from collections.abc import Sequence

from service.text.known_names import KNOWN, NOT_NAMES, TELLING, known_name, opens_phrase
from service.text.names import skeleton
from service.text.numerals import roman

_LONGEST_WORD = 40
"""Letters; longer runs are noise (addresses, unspaced scripts), not names."""

_ADJECTIVE = re.compile(
    r"(?<=...)ск(?:а|у|е|ом|ая|ой|ую|ое|ие|их|ими)?$"
    r"|(?<=...)(?<!et)sk(?:aya|aia)?$"
)
"""Ends of a place's adjective that English does not make: Белгородская область is Belgorod
Region, and Мурманская is Murmansk, so towns lose theirs too. Surnames end in -ский, -sky
and share one case with towns: -ском is taken for a town's; in
Donetsk (Донецк) the s is no suffix's."""

OPENS_PHRASE = "&"
"""Begins the key of a word that is no name but may open one of several words."""
_INITIALS = 3
"""Letters up to which an institution's short name is written in capitals: WHO is no who, and
the UN no Un."""
_BODIES = frozenset(["@un", "@eu"])

Name = tuple[str, str, int, bool]
"""Key, surface, weight, and whether it is the first word of its chunk."""


def names_in(words: Sequence[str], surfaces: Sequence[str]) -> tuple[Name, ...]:
    """The capitalised words of a chunk that have a key; ``words`` are in normal form."""
    named = [
        (key, surface, _weight(key, word), at == 0)
        for at, (word, surface) in enumerate(zip(words, surfaces, strict=True))
        if surface[0].isupper() and (key := _key(word, surface))
    ]
    if surfaces[0][0].isupper() and (opener := opens_phrase(words[0])):
        named.insert(0, (OPENS_PHRASE + opener, surfaces[0], 2, True))
    return tuple(named)


def _key(word: str, surface: str) -> str | None:
    if len(word) < 2 or len(word) > _LONGEST_WORD or roman(surface):
        return None
    if (known := known_name(word)) and _is_written_so(known, surface):
        return known
    if word in NOT_NAMES:
        return None
    key = skeleton(word)
    if ("ск" in word or "sk" in word) and (adjective := _ADJECTIVE.search(word)):
        bare = skeleton(word[: adjective.start()])
        key = bare if len(bare) > 2 else key
    return key if len(key) > 1 else None


def _is_written_so(known: str, surface: str) -> bool:
    is_body = known.startswith(TELLING) or known in _BODIES
    return not is_body or len(surface) > _INITIALS or surface[:2].isupper()


def _weight(key: str, word: str) -> int:
    """Countries and names of two consonants are everywhere; long names are rare."""
    if key[0] == KNOWN:
        return 2 if key.startswith(TELLING) else 1
    return min(3, len(key) - 1, max(1, len(word) - 2))
