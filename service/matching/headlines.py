"""Headlines that must speak for themselves: those of one outlet over nothing, or over one text.

An outlet puts its teaser ("Follow our live coverage …") or a text about itself under headlines that
have nothing to do with each other, and a series' label before or behind them. Neither proves that
two items are one story. What is left of two headlines without the label that both begin or end with
must have words in common; words are compared by their first letters, which endings rarely reach.
Headlines that are little but numbers must have the same ones.
"""

import re

from service.fingerprints.fingerprint import Fingerprint

LEAST_COMMON = 0.3
"""Share of the shorter headline's words. A report under another headline repeats a third and more
of them; of forty headlines of one series two may share one word of four by chance."""
LONGEST_LABEL = 3
"""Words of a series' label, where less is left than it says."""
MOST_BESIDE_NUMBERS = 2
"""Words of a headline that is little but numbers."""
_SHORTEST_WORD = 4
"""Letters; shorter words are mostly grammar. A number counts whatever its length."""
_STEM = 5
_WORD = re.compile(r"\w+")
_BEFORE = re.compile(r".*(?:[:|–—•]|\s-)\s")
_BEHIND = re.compile(r"\s(?:[|–—•]|-\s).*")


def have_little_in_common(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two items are of one outlet and their headlines, without a label that both bear, tell
    of different things.
    """
    if one.source != other.source:
        return False
    return common_share(one.title, other.title) < LEAST_COMMON or are_editions(
        one.title, other.title
    )


def share_a_headline(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two items have headlines, and much the same words in them."""
    if not (one.title and other.title):
        return False
    return common_share(one.title, other.title) >= LEAST_COMMON


def are_editions(one: str, other: str) -> bool:
    """Whether two headlines are little but numbers, and other ones: a bulletin's hour, an issue.

    In a longer one the number is news, as a toll that grows.

    >>> are_editions("2020/05/25 17:00 GMT", "2020/05/25 14:00 GMT")
    True
    >>> are_editions("Rain delays start", "Rain delays start of race 3")
    False
    """
    mine, theirs = (_WORD.findall(each.casefold()) for each in (one, other))
    words, others = ([each for each in said if not each.isdigit()] for said in (mine, theirs))
    both_count = len(words) < len(mine) and len(others) < len(theirs)
    return both_count and mine != theirs and words == others and len(words) <= MOST_BESIDE_NUMBERS


def common_share(one: str, other: str) -> float:
    """The share of the shorter headline's words that the other one has too, 0 to 1; 1 where
    nothing is left to compare.

    >>> common_share("Regatta latest: Rain delays start", "Regatta latest: Mast breaks in storm")
    0.0
    >>> common_share("Regatta latest: Rain delays start", "Regatta latest: Start delayed by rain")
    1.0
    """
    mine, theirs = (_stems(each) for each in without_label(one, other))
    label = _stems(one) - mine
    if len(label) > max(LONGEST_LABEL, len(mine), len(theirs)):
        # What both bear is the headline, and what is left of each a site's name.
        mine, theirs = _stems(one), _stems(other)
    if not mine or not theirs:
        return 1.0
    return len(mine & theirs) / min(len(mine), len(theirs))


def without_label(one: str, other: str) -> tuple[str, str]:
    """Two headlines without what both begin with, up to a mark of punctuation, and both end with.

    >>> without_label("Live: Rain | The Post", "Live: Snow | The Post")
    ('Rain', 'Snow')
    """
    begin = _BEFORE.match(one[: _alike(one, other)])
    start = begin.end() if begin else 0
    one, other = one[start:], other[start:]
    length = _alike(one[::-1], other[::-1])
    end = _BEHIND.search(one[len(one) - length :])
    if end is None:
        return one, other
    length -= end.start()
    return one[: len(one) - length], other[: len(other) - length]


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _stems(headline: str) -> frozenset[str]:
    words = _WORD.findall(headline.casefold())
    return frozenset(
        word[:_STEM] for word in words if len(word) >= _SHORTEST_WORD or word.isdigit()
    )
