"""No regular expression takes more than twice the time, and a little, for twice the text."""

import re
from collections.abc import Callable
from functools import partial

import pytest

from tests.unit.linear.growth import MOST_A_DOUBLING, growth
from tests.unit.linear.patterns import Make, Used, gives_nothing_back, hostile, used

SIZE = 600
"""Characters; the longest text has four times as many."""
HARMLESS_S = 0.001
"""For 2,400 characters: a quadratic pattern takes three times as long even where a step is one
nanosecond."""


def test_the_patterns_of_the_packages_are_found() -> None:
    places = {each.place for each in used()}

    assert len(used()) > 150
    assert {
        "service.text.wire._DATELINE",
        "service.text.names._LATIN_RULES",
        "workers.feeds.readers.markup._TAG",
        "contracts.fields._SEPARATORS",
    } <= places


@pytest.mark.parametrize(
    "pattern", [r"a+b", r"\s+$", r"\w+@", r"<!--.*?-->", r"(?:a|b)*c", r"(?:\d+,)*y", "<[^>]*>"]
)
def test_a_quadratic_pattern_is_told(pattern: str) -> None:
    assert _slow(Used("here", re.compile(pattern), frozenset(["search"]))) != []


@pytest.mark.parametrize("each", used(), ids=lambda each: each.place)
def test_no_group_is_possessive(each: Used) -> None:
    """Python before 3.11.5 takes such a group for matched where it is not (gh-106052): words came
    out empty on Debian 12.
    """
    assert not gives_nothing_back(each.pattern)


@pytest.mark.parametrize("pattern", [r"(?:ab|c)++d", r"(?>ab|c)d", r"(?:a\db)*+", r"(x(?:ab)?+)"])
def test_a_possessive_group_is_told(pattern: str) -> None:
    assert gives_nothing_back(re.compile(pattern))


@pytest.mark.parametrize("each", used(), ids=lambda each: each.place)
def test_time_is_linear(each: Used) -> None:
    assert _slow(each) == []


def _run(each: Used, make: Make) -> Callable[[int], Callable[[], object]]:
    return lambda length: partial(each.run, make(length))


def _slow(each: Used) -> list[str]:
    """The texts on which a pattern is not linear, of which one is enough."""
    for name, make in hostile(each.pattern):
        factor = growth(_run(each, make), SIZE, HARMLESS_S)
        if factor > MOST_A_DOUBLING:
            return [f"{name}: {factor:.1f} times the time for twice the length"]
    return []
