"""How the bytes of a text were misread, found out from the text alone.

A clean text is told by what most texts are: ASCII, or Cyrillic with the letters that are frequent
there. What is left is looked at for UTF-8, which shows itself by its sequences, and then for pages
of Cyrillic that were taken for each other: all are tried, and the one that comes to most is taken
if it proves itself. All bits are those of ``bigrams``.
"""

import re
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from service.text.bigrams import Evidence, evidence
from service.text.misreadings import LATIN_1, OF_UTF_8, SWAPS, Misreading, Seen

_WEIGHED, _WEIGHED_TWICE = 240, 80
"""Characters of it by which code pages are told apart, and two pages in a row."""

_MOST_DEEP = 3
"""Times that UTF-8 is undone."""
_FEW_SEQUENCES, _MANY_SEQUENCES = 3, 6
"""The least that a text has which is UTF-8 of Cyrillic, and of anything."""
_LEAST_WHOLE = 0.9
"""Share of the bytes in sequences from which a text is UTF-8."""

_LEAST_BITS = 12
"""Of words: below it stand single short words and abbreviations, which prove nothing."""
_LEAST_LEFT = 0.8
"""Share of the letters that are letters still."""
_LEAST_GAIN = 15
"""Bits by which the repaired text is likelier than what came."""
_TWINS = tuple(
    each for each in SWAPS if {each.right, each.wrong} == {"windows-1251", "mac-cyrillic"}
)
_TWIN_GAIN = 6
"""The same for pages that have all small letters but one in common: what came is nearly good."""
_BENEFIT = 6
"""Bits in favour of what the rest of an article proves."""
_FREQUENT = tuple(
    each for each in SWAPS if not {each.right, each.wrong} & {"mac-cyrillic", "iso-8859-5"}
)
"""What is tried twice."""
_RARITY = {"mac-cyrillic": 2, "iso-8859-5": 2}
_ALL_CAPITALS, _SMALL_FIRST = 8, 12
"""Bits against what is seldom: pages that few use, headlines in capitals, or without any."""
_LEAST_MEAN = 0.5
"""Bits a letter of what is words (`bigrams` says what words and noise come to)."""
_CLEAR_GAIN, _CLEAR_MEAN, _SURE_GAIN, _SURE_MEAN = 60, 0.2, 40, 1.0
"""The same where a long text gains very much: Belarusian comes to so little; and what comes to so
much needs no other proof."""
_GOOD_MEAN, _DOUBTFUL_MEAN, _BAD_MEAN = 0.6, 0.4, -0.3
"""Bits a letter of what came: it is words; it may be what two code pages in a row made of them; it
is none."""


def diagnosis(sample: str) -> tuple[Misreading, ...]:
    """How a text was misread, the last time first; nothing if it was not."""
    return () if _is_clean(sample) else _undone(sample)


def fits(sample: str, known: tuple[Misreading, ...], undone: tuple[Misreading, ...]) -> bool:
    """Whether a text reads better as its article was than as it came, and than by its own proof."""
    raw, own, theirs = (_tried(sample, each) for each in ((), undone, known))
    if known[0] in _TWINS and theirs.evidence.faults <= raw.evidence.faults:
        return theirs.worth + _BENEFIT > max(raw.worth, own.worth) and theirs != own
    return theirs.evidence.bits > raw.evidence.bits and theirs.worth + _BENEFIT > own.worth


def after(text: str, undone: Iterable[Misreading]) -> str:
    """A text with these misreadings undone, the first one first."""
    for misreading in undone:
        text = misreading.undone(text)
    return text


# What a clean text pays for.

_ASCII = bytes(set(range(128)) - {ord("?")})
_SIGNS_OF_UTF_8 = re.compile(
    rb"[\xc2-\xc5\xce-\xd1\xd8\xd9]|\xe2[?\x80]|\xe1[\xba\xbb]|\xf0[?\x9f]"
)
"""As latin-1 reads the first bytes of what news is written in; ``?`` is what it does not know."""
_SIGNS_BY_1251 = ("Г", "В", "вЂ", "в‚", "рџ")
"""The same for Latin letters, as windows-1251 reads them."""
_RUN = re.compile(
    "[\x80-\xffŒœŠšŽžŸƒ‚„…†‡ˆ‰‹‘’“”•–—˜™›€]{3}"
    "|[\u0400-\u045f\u0490\u0491\u2500-\u259f\xa1-\xbb÷ƒ†-•–—‘-”„…‰‹›€№™∂-≥]{3}"
)
"""What a code page makes of Cyrillic; no language puts three letters with accents side by side."""
_LEAST_SHARE = 6
"""One character in so many is beyond ASCII in what a code page of Cyrillic was read from."""
_COMMON = "оеаинті".encode("cp1251")
_GLANCE = 300
"""Characters by which it is told that a text is Cyrillic as it should be."""
_LEAST_COMMON = 0.36
"""Half of the letters of Russian and its neighbours are these seven; of what is read in the wrong
page a fourth at most."""
_ALL_ASCII = bytes(range(128))
_PLAIN_1251 = bytes(set(range(256)) - set("ЂЃѓЉЊЌЋЏђљњќћџјЅѕ".encode("cp1251")))
"""Bytes of windows-1251 but for the letters that neither Russian nor Ukrainian has."""
_YA_INSIDE = re.compile("[а-я][Я€]")
"""The letter я between mac-cyrillic and windows-1251; the other small ones are the same there."""


def _is_clean(sample: str) -> bool:
    """Whether a text is surely as it should be; that it is not has to be found out."""
    if sample.isascii():
        return True
    glance = sample[:_GLANCE]
    cyrillic = glance.encode("cp1251", "ignore").translate(None, _ALL_ASCII)
    common = [*map(cyrillic.count, _COMMON)]
    if sum(common) > _LEAST_COMMON * len(cyrillic) and 3 * max(common) < len(cyrillic):
        western = glance.encode("latin-1", "ignore").translate(None, _ALL_ASCII)
        return 4 * len(western) < len(cyrillic) and not _is_odd(glance, cyrillic)
    beyond = sample.encode("latin-1", "replace").translate(None, _ASCII)
    if _SIGNS_OF_UTF_8.search(beyond) or any(sign in sample for sign in _SIGNS_BY_1251):
        return False
    return len(beyond) * _LEAST_SHARE < len(sample) or not _RUN.search(sample)


def _is_odd(sample: str, page: bytes) -> bool:
    """Whether a text that is mostly Russian shows what mac-cyrillic and windows-1251 make of each
    other: they have all small letters but one in common. ``page``: the text in windows-1251.
    """
    if page.translate(None, _PLAIN_1251) or any(sign in sample for sign in "√≈∆ƒ"):
        return True
    return (b"\xdf" in page or b"\x88" in page) and _YA_INSIDE.search(sample) is not None


# What it was.

_MARKUP = re.compile("<[^<>]*>")
_QUOTED = re.compile('(?<!\\w)["“„«(\\[`][^"“”„«»()\\[\\]`]{1,80}(?:["”“»)\\]`]|$)')
_LETTER, _FEW_LETTERS = re.compile(r"\w"), 12
_CYRILLIC, _WESTERN = re.compile("[\u0400-\u04ff]"), re.compile("[\x80-\xff]")
_OF_NO_PAGE = re.compile("[\u0460-\u048f\u0492-\u052f]")
_CASED = re.compile("[A-Za-zА-Яа-яЁёІіЇїЄє]")
_PLAIN_LETTER = re.compile("[A-Za-z]")
_HIGH = re.compile("[^\x00-\x7f]")


def _undone(sample: str) -> tuple[Misreading, ...]:
    sample = _MARKUP.sub(" ", sample)
    around = _QUOTED.sub(" ", sample)
    if len(_LETTER.findall(around)) >= _FEW_LETTERS and _is_clean(around):
        return ()  # an article about mojibake quotes it
    is_foreign = 4 * len(_HIGH.findall(sample)) < len(_PLAIN_LETTER.findall(sample))
    """So little of it is beyond ASCII that no code page of Cyrillic was meant."""
    raw = evidence(sample[:_WEIGHED])
    if (
        raw.letters
        and raw.mean >= _GOOD_MEAN
        and not _is_odd(sample, sample.encode("cp1251", "ignore"))
        and "â" not in sample
    ):
        return ()
    steps: list[Misreading] = []
    while len(steps) < _MOST_DEEP and (step := _as_utf_8(sample, is_foreign=is_foreign)):
        steps.append(step)
        sample = step.undone(sample)
    if is_foreign:
        return tuple(steps)
    distinct = " ".join(dict.fromkeys(sample.split(" ")))  # a refrain proves no more than its words
    return (*steps, *_swaps(distinct[:_WEIGHED]))


def _as_utf_8(sample: str, *, is_foreign: bool) -> Misreading | None:
    """The misreading of UTF-8 that a text shows."""
    for misreading in OF_UTF_8:
        seen = misreading.seen(sample)
        count = len(seen.whole)
        if not count:
            continue
        share = 2 * count / (2 * count + len(seen.rest))
        least = _FEW_SEQUENCES if _is_cyrillic(misreading.undone(sample)) else _MANY_SEQUENCES
        is_utf_8 = count >= least + seen.torn // 2 and share >= _LEAST_WHOLE
        if (is_utf_8 and not is_foreign) or (
            misreading.wrong in _OF_LATIN and _is_typography(sample, misreading, seen)
        ):
            return misreading
    return None


def _is_cyrillic(text: str) -> bool:
    letters = [char for char in text if char > "\xbf" and char.isalpha()]
    return 2 * sum("\u0400" <= char <= "\u052f" for char in letters) > len(letters)


def _swaps(sample: str) -> tuple[Misreading, ...]:
    """The code pages that were taken for each other: those that make most of the text."""
    raw, is_odd = evidence(sample), _is_odd(sample, sample.encode("cp1251", "ignore"))
    is_good = raw.mean >= _GOOD_MEAN
    if not raw.letters or _OF_NO_PAGE.search(sample) or (is_good and not is_odd):
        return ()
    swaps = _TWINS if is_good else SWAPS
    if len(_CYRILLIC.findall(sample)) > len(_WESTERN.findall(sample)):
        swaps = tuple(each for each in swaps if each.wrong != LATIN_1)
    best = _likeliest(sample, [(swap,) for swap in swaps])
    if best.evidence.mean < _GOOD_MEAN and raw.mean < _DOUBTFUL_MEAN:
        few = _likeliest(sample[:_WEIGHED_TWICE], product(_FREQUENT, _FREQUENT))
        twice = _tried(sample, few.undone)
        if twice.worth - best.worth >= _LEAST_GAIN:
            best = twice
    return best.undone if _proves(best, raw, is_odd=is_odd) else ()


class _Tried(NamedTuple):
    """A way in which a text may have been misread, and what it comes to that way."""

    undone: tuple[Misreading, ...]
    evidence: Evidence
    worth: int
    """Bits, less what speaks against it beside the letters."""


def _tried(sample: str, undone: tuple[Misreading, ...]) -> _Tried:
    text = after(sample, undone)
    found = evidence(text)
    rare = sum(_RARITY.get(page, 0) for each in undone for page in (each.right, each.wrong))
    first = _CASED.search(text)
    case = _ALL_CAPITALS if text.isupper() else _SMALL_FIRST * bool(first and first[0].islower())
    return _Tried(undone, found, found.bits - rare - case)


def _likeliest(sample: str, ways: Iterable[tuple[Misreading, ...]]) -> _Tried:
    return max((_tried(sample, each) for each in ways), key=lambda tried: tried.worth)


def _proves(best: _Tried, raw: Evidence, *, is_odd: bool) -> bool:
    found = best.evidence
    gain = found.bits - raw.bits
    if found.bits < len(best.undone) * _LEAST_BITS or found.letters < _LEAST_LEFT * raw.letters:
        return False
    if best.undone[0] in _TWINS and len(best.undone) == 1 and found.faults == 0:
        return is_odd and gain >= _TWIN_GAIN
    if gain >= _SURE_GAIN and found.mean >= _SURE_MEAN and raw.mean < _DOUBTFUL_MEAN:
        return True
    is_noise = raw.faults > max(1, 2 * found.faults) or raw.mean < _BAD_MEAN
    return is_noise and (
        (gain >= _LEAST_GAIN and found.mean >= _LEAST_MEAN)
        or (gain >= _CLEAR_GAIN and found.mean >= _CLEAR_MEAN)
    )


# UTF-8 of languages with Latin letters, where little of a text is beyond ASCII.

_OF_LATIN = (LATIN_1, "windows-1251")
_SENSIBLE = re.compile(
    "[\xa0-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u0370-\u03ff\u0400-\u04ff\u1ea0-\u1ef9"
    "\u2010-\u203a\u20ac\u20bd\u2116\u2122\ufeff\U0001f300-\U0001faff]*"
)
"""What is in the typography of news."""
_QUOTES = "\xa0«»´¨‘’‚“”„‹›–—…•·"


def _is_typography(sample: str, misreading: Misreading, seen: Seen) -> bool:
    """Whether a text with a few sequences is UTF-8: all of them make sense, at least one is what no
    text has by chance, and no letter that is beyond ASCII stands outside of them.
    """
    said = "".join(misreading.undone(sample[start:end]) for start, end in seen.whole)
    return bool(
        (_SENSIBLE.fullmatch(said) or _is_twice(misreading.undone(sample)))
        and not seen.torn
        and not any(char.isalpha() for char in seen.rest)
        and any(_is_telling(sample, *each) for each in seen.whole)
    )


def _is_twice(once: str) -> bool:
    again = OF_UTF_8[0]
    return bool((seen := again.seen(once)).whole) and _is_typography(once, again, seen)


def _is_telling(sample: str, start: int, end: int) -> bool:
    """Three bytes of punctuation, or two that stand at a small letter, or that look like no letter
    before a quotation mark.
    """
    if end - start > 2:
        return sample[start] not in "áб"  # á», as in «está», is Vietnamese
    around = sample[max(start - 1, 0) : start] + sample[end : end + 1]
    return sample[end - 1] not in _QUOTES or any(char.islower() for char in around)
