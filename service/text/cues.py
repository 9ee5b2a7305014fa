"""What title and lead say happened: denied, begun, won; one bit a cue.

Two headlines of the same words are two stories when one says that a crossing opens and
the other that it closes. Vectors hardly see it, so words are looked up in a table
(``cue_words.py``): eleven axes of two poles each, and ten signs without an opposite.

    bit 2a, 2a + 1   axis a: its first, its second pole       opens, closes
    bit 22 + s       sign s: negated, ahead, court, voice, …  will, trial, says

A negation turns the pole behind it round: "not guilty" is «невиновен», and «не согласился»
says no. One without a pole behind it is the sign ``negated``.

>>> named(cues(["court", "finds", "mayor", "not", "guilty"], []))
('guilty or not: second', 'court')
"""

from collections.abc import Iterator, Sequence

from service.text.cue_words import AXES, DAILY, NEGATIONS, SIGNS
from service.text.memo import Memo

WIDTH = 32
"""Bits of a title's cues, and of a lead's."""
REACH = 3
"""Words behind a negation whose pole it turns: "did not even accept"."""
SHORTEST_STEM = 3
"""Letters before a ``*``."""
FIRST_SIGN = 2 * len(AXES)
UP = sum(1 << 2 * axis for axis in range(len(AXES)))
"""The first pole of every axis."""
POLES = UP | UP << 1


def sign(name: str) -> int:
    """The bit of a sign without an opposite."""
    return 1 << FIRST_SIGN + [each for each, _ in SIGNS].index(name)


def axis(name: str) -> int:
    """Both bits of an axis."""
    return 3 << 2 * [each.name for each in AXES].index(name)


_NEGATED = sign("negated")
_TOLL = sign("toll")
_NEGATION, _DAILY = 1 << WIDTH, 2 << WIDTH
"""Of words, never of an article."""


def _entries() -> Iterator[tuple[str, int]]:
    for place, (_, up, down) in enumerate(AXES):
        yield up, 1 << 2 * place
        yield down, 2 << 2 * place
    for name, words in SIGNS:
        yield words, sign(name)
    yield NEGATIONS, _NEGATION
    yield DAILY, _DAILY


def _table() -> dict[str, int]:
    """Entry as written, with its ``*`` if it has one → its bits."""
    bits: dict[str, int] = {}
    for words, bit in _entries():
        for word in words.split():
            bits[word] = bits.get(word, 0) | bit
    return bits


_TABLE = _table()
_LONGEST_STEM = max(len(entry) for entry in _TABLE if entry.endswith("*")) - 1


def _cues_of(word: str) -> int:
    """Bits of all entries that a word in normal form fits."""
    bits = _NEGATION if word.endswith("n't") else _TABLE.get(word, 0)
    for end in range(SHORTEST_STEM, min(len(word), _LONGEST_STEM) + 1):
        bits |= _TABLE.get(word[:end] + "*", 0)
    return bits


_CUES: Memo[int] = Memo(_cues_of)


def cues(title: Sequence[str], lead: Sequence[str]) -> int:
    """Cues of the title's words in the low 32 bits, of the lead's in the high ones.

    Where one of them is missing the other stands in, as in embeddings.
    """
    of_title, of_lead = _read(title or lead), _read(lead or title)
    hidden = _DAILY | _TOLL if (of_title | of_lead) & _DAILY else 0
    return of_title & ~hidden | (of_lead & ~hidden) << WIDTH


def _read(words: Sequence[str]) -> int:
    found, negation = 0, -1
    for place, bits in enumerate(map(_CUES.__getitem__, words)):
        if not bits:
            continue
        if bits == _NEGATION:
            found |= _NEGATED * (negation >= 0)
            negation = place
        elif negation >= 0 and bits & (POLES | _TOLL) and place - negation <= REACH:
            found |= _turned(bits)
            negation = -1
        else:
            found |= bits
    return found | _NEGATED * (negation >= 0)


def _turned(bits: int) -> int:
    """The other pole of each axis; nobody's toll is none; the other signs as they are."""
    return (bits & UP) << 1 | (bits >> 1) & UP | bits & ~(POLES | _TOLL)


def named(bits: int) -> tuple[str, ...]:
    """The cues of a title, or of a lead (``bits >> 32``), in words."""
    poles = [
        f"{name}: {pole}"
        for place, (name, *_) in enumerate(AXES)
        for at, pole in enumerate(("first", "second"))
        if bits >> 2 * place + at & 1
    ]
    return (*poles, *[name for name, _ in SIGNS if bits & sign(name)])


def differing(bits: int, other: int) -> tuple[str, ...]:
    """In what two headlines differ: axes on which they take opposite poles, signs of one alone.

    >>> differing(cues(["bridge", "opens"], []), cues(["why", "bridge", "closes"], []))
    ('open or close', 'explains')
    """
    poles = [bits >> 2 * place & 3 for place in range(len(AXES))]
    others = [other >> 2 * place & 3 for place in range(len(AXES))]
    axes = [
        name
        for (name, *_), mine, theirs in zip(AXES, poles, others, strict=True)
        if mine and theirs and not mine & theirs
    ]
    return (*axes, *[name for name, _ in SIGNS if (bits ^ other) & sign(name)])
