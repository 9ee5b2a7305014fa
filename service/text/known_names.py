"""Names whose forms in Russian and English share no sound, and capitals that name nothing.

Tables of the countries, places and persons whose names a language has its own word for
(``words/names.txt``), and of institutions, which go by initials here and by words there
(``institutions.txt``, ``phrases.txt``). A row is one name: its key, then whole words,
beginnings (``-``), or phrases. Written by hand, from what anybody knows.
"""

from collections.abc import Sequence

from service.text.prefixes import Prefixes, rows_of, words_of

NOT_NAMES = frozenset(words_of("capitals"))
"""Words that stand in capitals without naming anyone: titles, offices, sentence starters, and
agencies, which an article credits whatever it is about."""

_NAMES = rows_of("names")
_COMMON_NAMES, _INSTITUTIONS = Prefixes(_NAMES), Prefixes(rows_of("institutions"))
KNOWN, TELLING = "@", "@@"
"""Begin the keys of known names: of what is in the news every day, and of what is there rarely."""


def known_name(word: str) -> str | None:
    """The key of a well-known name's form in either language, or None.

    >>> known_name("великобритании"), known_name("british"), known_name("bezdetko")
    ('@uk', '@uk', None)
    >>> known_name("ржд"), known_name("мид")
    ('@@rzd', '@@mfa')
    """
    if common := _COMMON_NAMES.find(word):
        return KNOWN + common
    telling = _INSTITUTIONS.find(word)
    return telling and TELLING + telling


Phrase = tuple[tuple[str, ...], str]
"""Its words behind the first, whole or beginnings (``-``), and its name's key."""


def _phrases() -> tuple[Prefixes, dict[str, list[Phrase]]]:
    """First words, and what each may begin, longest first."""
    following: dict[str, list[Phrase]] = {}
    common = {name for name, _ in _NAMES}
    for name, forms in rows_of("phrases"):
        key = (KNOWN if name in common else TELLING) + name
        for form in forms.split(" | "):
            first, *rest = form.split()
            following.setdefault(first, []).append((tuple(rest), key))
    for phrases in following.values():
        phrases.sort(key=lambda phrase: len(phrase[0]), reverse=True)
    return Prefixes([(first, first) for first in following], 4), following


_FIRST_WORDS, _FOLLOWING = _phrases()


def opens_phrase(word: str) -> str | None:
    """The first word of phrases, as ``phrase_at`` asks for it, or None."""
    return _FIRST_WORDS.find(word)


def phrase_at(words: Sequence[str], start: int, first: str) -> tuple[str, int] | None:
    """The key of the phrase that begins at ``words[start]``, and where it ends.

    >>> phrase_at("группа большой семерки".split(), 1, opens_phrase("большой"))
    ('@@g7', 3)
    """
    for rest, key in _FOLLOWING[first]:
        end = start + 1 + len(rest)
        if end <= len(words) and all(map(_fits, words[start + 1 : end], rest)):
            return key, end
    return None


def _fits(word: str, form: str) -> bool:
    return word.startswith(form[:-1]) if form[-1] == "-" else word == form
