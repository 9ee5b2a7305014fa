"""Which language a text is in: Russian and English surely, others where they show.

Two kinds of evidence, both next to free: words that only grammar needs, which every
sentence holds (the commonest 20 to 40 of each language), and letters that only some
alphabets have. A letter foreign to Russian outweighs words that Slavic languages share.
Where the best language does not lead clearly the answer is ``und``, never a guess; but
Cyrillic that speaks for no other language is Russian. Scripts that one language writes tell
it at once. Of a text in two scripts, such as a report with a long quotation, the headline
decides, or else its first words.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.text.chunks import WORDS
from service.text.table import Numbers, ranges
from service.text.tongues import (
    ARABIC_SCRIPT,
    CYRILLIC_AT,
    CYRILLIC_SCRIPT,
    CYRILLIC_TONGUES,
    ENGLISH,
    ENGLISH_AT,
    KANA_SCRIPT,
    LATIN_AT,
    LATIN_SCRIPT,
    NOT_RUSSIAN,
    OWN_WORDS,
    RUSSIAN,
    SCRIPT_COUNT,
    SCRIPT_LANGUAGES,
    SCRIPTS,
    TONGUES,
    UNKNOWN,
    VOTES,
)

SAMPLE_WORDS = 120
"""Words of the body looked at, beside the title."""
SAMPLE_CHARACTERS = 600
"""Characters of the body searched for the English possessive, whose ``'s`` words lose."""
_POSSESSIVE_VOTE = 0.8
_SURE_LEAD = 0.45
"""By which the best language must lead, in votes of a word that is its alone."""
_SURE_RATIO = 1.25
_FEWEST_LETTERS = 8
_PLAIN_WORDS = 4
"""Different words that are Russian or English alone, which settle the matter."""
_FEWEST_SIGNS = 4
"""Letters of another script that tell a language: 北京 is a name in any."""
_LETTERS_AN_OWN_ONE = 40
"""A word borrowed from Persian does not make an Arabic text one."""
_OF_THE_FEED = frozenset(["ru", "en"])
_MIXED_RATIO = 10
"""A text is in two scripts where more than a tenth of its words is in the lesser one."""
_MOST_NAMES = 4
_FIRST_WORDS = 12
_OWN_ARABIC = (("ur", re.compile("[ٹڈڑےں]")), ("fa", re.compile("[پچژگ]")))


def languages(
    declared: Sequence[str], texts: Sequence[str], words: Numbers, bounds: Numbers
) -> list[str]:
    """ISO 639-1 of articles, or ``und``.

    Args:
        declared: what each article's feed says, which is taken; an empty string where it says none.
        texts: title, then body, of each article.
        words: of these texts, end to end, by their numbers in ``WORDS``.
        bounds: where each text's words begin, and the end of the last, shape (texts + 1,).
    """
    if all(declared):
        return list(declared)
    starts, middles = bounds[:-1:2], bounds[1::2]
    ends = np.minimum(middles + SAMPLE_WORDS, bounds[2::2])
    settled = _settled(words, starts, ends)
    return [
        said
        or (plain if plain and _is_plain(plain, text) else "")
        or _weighed(title, text, words[start:end], title_words)
        for said, plain, title, text, start, end, title_words in zip(
            declared,
            settled,
            texts[::2],
            texts[1::2],
            starts.tolist(),
            ends.tolist(),
            (middles - starts).tolist(),
            strict=True,
        )
    ]


def _settled(words: Numbers, starts: Numbers, ends: Numbers) -> list[str]:
    """Russian or English where nothing else is to be seen in a sample, else an empty string."""
    owner, at = ranges(starts, ends - starts)
    sample = words[at]
    in_script = np.bincount(
        SCRIPT_COUNT * owner + SCRIPTS[sample], minlength=SCRIPT_COUNT * len(starts)
    )
    _, cyrillic, latin, *others = in_script.reshape(-1, SCRIPT_COUNT).T
    is_one = np.minimum(cyrillic, latin) * _MIXED_RATIO <= cyrillic + latin
    is_one &= sum(others) == 0
    own = np.flatnonzero(OWN_WORDS[sample])
    different = np.unique(owner[own] << 32 | sample[own])
    whose = 3 * (different >> 32) + OWN_WORDS[different & 0xFFFFFFFF]
    _, russian, english = np.bincount(whose, minlength=3 * len(starts)).reshape(-1, 3).T
    found = np.where(english >= _PLAIN_WORDS, "en", np.where(russian >= _PLAIN_WORDS, "ru", ""))
    return list(np.where(is_one, found, "").tolist())


def _weighed(title: str, text: str, sample: Numbers, title_words: int) -> str:
    """The language of one article; its title has the first words of the sample."""
    scripts = SCRIPTS[sample]
    _, in_cyrillic, in_latin, *in_others = np.bincount(scripts, minlength=3).tolist()
    if in_others and (other := _by_script(scripts, sample)):
        return other
    if min(in_cyrillic, in_latin) * _MIXED_RATIO > in_cyrillic + in_latin:
        english = sample[OWN_WORDS[sample] == ENGLISH]
        sample = sample[scripts == _leading(scripts[:title_words], scripts, english)]
    if plain_case := _plain_case(sample, text):
        return plain_case
    votes = VOTES[sample]
    total = votes.sum(axis=0).tolist()
    cyrillic, latin = total[CYRILLIC_AT], total[LATIN_AT]
    if cyrillic + latin < _FEWEST_LETTERS:
        return UNKNOWN
    if cyrillic < latin:
        seen = f"{title} {text[:SAMPLE_CHARACTERS]}"
        total[ENGLISH_AT] += _POSSESSIVE_VOTE * (seen.count("'s ") + seen.count("’s "))
    is_cyrillic = cyrillic >= latin
    return _surest(
        [
            (total[at], tongue)
            for at, tongue in enumerate(TONGUES)
            if (tongue in CYRILLIC_TONGUES) is is_cyrillic
        ]
    )


def _plain_case(sample: Numbers, text: str) -> str | None:
    """Russian or English by words of theirs alone: enough for running text."""
    own = OWN_WORDS[sample]
    if _different(sample[own == ENGLISH]) >= _PLAIN_WORDS:
        return "en"
    is_russian = _different(sample[own == RUSSIAN]) >= _PLAIN_WORDS
    return "ru" if is_russian and _is_plain("ru", text) else None


def _is_plain(plain: str, text: str) -> bool:
    """Whether a body has no letter that the language has not; asked of Russian alone."""
    seen = text[:SAMPLE_CHARACTERS]
    return plain != "ru" or not any(map(seen.__contains__, NOT_RUSSIAN))


def _leading(title: NDArray[np.uint8], both: NDArray[np.uint8], own: NDArray[np.uint8]) -> int:
    """The script that a text in two is written in.

    Latin names abound in Russian headlines and the reverse is rare, so a quarter of Cyrillic
    words in the headline, or where there is none in the first words, is enough; a Latin
    headline needs English words that no name has.
    """
    first = title if len(title) else both[:_FIRST_WORDS]
    cyrillic = int((first == CYRILLIC_SCRIPT).sum())
    if cyrillic and _MOST_NAMES * cyrillic >= int((first > 0).sum()):
        return CYRILLIC_SCRIPT
    if _different(own) >= _PLAIN_WORDS:
        return LATIN_SCRIPT
    latin, cyrillic = (int((both == each).sum()) for each in (LATIN_SCRIPT, CYRILLIC_SCRIPT))
    return LATIN_SCRIPT if latin > cyrillic else CYRILLIC_SCRIPT


def _by_script(scripts: NDArray[np.uint8], sample: Numbers) -> str | None:
    """The language of another script, if most words are in it."""
    counts: Counter[int] = Counter(scripts[scripts > 0].tolist())
    others = {script: n for script, n in counts.items() if script > LATIN_SCRIPT}
    if 2 * sum(others.values()) < counts.total():
        return None
    letters = "".join(WORDS.texts[number] for number in sample[scripts > LATIN_SCRIPT].tolist())
    if len(letters) < _FEWEST_SIGNS:
        return UNKNOWN
    if KANA_SCRIPT in others:
        return "ja"
    script = max(others, key=others.__getitem__)
    if script == ARABIC_SCRIPT:
        return next((lang for lang, own in _OWN_ARABIC if _is_frequent(own, letters)), "ar")
    return SCRIPT_LANGUAGES[script]


def _is_frequent(own: re.Pattern[str], letters: str) -> bool:
    return len(own.findall(letters)) * _LETTERS_AN_OWN_ONE >= len(letters)


def _different(words: NDArray[np.integer]) -> int:
    return len(set(words.tolist()))


def _surest(scores: list[tuple[float, str]]) -> str:
    (second, _), (best, tongue) = sorted(scores)[-2:]
    if best - second >= _SURE_LEAD and best >= _SURE_RATIO * second:
        return tongue
    # One of the two that the feed is in, where nothing speaks more for another.
    likely = (each for score, each in scores if each in _OF_THE_FEED and score >= best > 0)
    return next(likely, UNKNOWN)
