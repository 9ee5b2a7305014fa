"""Who leaves when a rule takes a story apart."""

from typing import Any

import numpy as np
import pytest

from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.minhash import SHINGLE_ROWS
from service.stories.rules import Rules
from service.stories.state import Member
from tests.support.builders.fingerprints import fingerprint
from tests.unit.placing.builders import NoNeighbours, TableVerifier, member
from tests.unit.stories.builders import apart, together
from workers.rules.parting import sides
from workers.state.log_entry import Logged
from workers.window.window import Window


def window(*prints: Fingerprint, **copied: int) -> Window:
    """A window of ``a1`` … ``a9``; ``a3=1`` gives ``a3`` the text of ``a1``."""
    made = Window(NoNeighbours())
    given = {each.article_id: each for each in prints}
    for number in range(1, 10):
        name = f"a{number}"
        text = given.get(name) or fingerprint(copied.get(name, number), article_id=name)
        made.follow([Logged(number, 0, name, text.payload)])
    return made


def leaving(
    numbers: list[int], lead: int = 1, rules: Rules | None = None, held: Window | None = None
) -> set[str]:
    """Who leaves when ``a1`` and ``a2`` must part."""
    members: dict[str, Member] = {f"a{each}": member(each) for each in numbers}
    said = rules or Rules.of({"r": apart("a1", "a2")})
    return sides(members, ("a1", "a2"), f"a{lead}", said, held or window(), TableVerifier({}))


def test_the_side_without_the_lead_leaves() -> None:
    assert leaving([1, 2], lead=1) == {"a2"}
    assert leaving([1, 2], lead=2) == {"a1"}


def test_members_go_with_the_one_that_they_are_more_like() -> None:
    assert leaving([1, 2, 3, 4], held=window(a3=1, a4=2)) == {"a2", "a4"}
    assert leaving([1, 2, 3, 4], lead=2, held=window(a3=1, a4=2)) == {"a1", "a3"}


def test_the_side_that_is_more_like_the_lead_stays() -> None:
    assert leaving([1, 2, 3], lead=3, held=window(a3=2)) == {"a1"}
    assert leaving([1, 2, 3], lead=3, held=window(a3=1)) == {"a2"}


def test_a_member_that_is_no_longer_held_stays_with_the_lead() -> None:
    held = window()
    held.drop_below(4)

    assert leaving([1, 2, 3], lead=1, held=held) == {"a2"}
    assert leaving([1, 2, 3], lead=2, held=held) == {"a1"}


def test_a_member_that_is_no_longer_held_confuses_nobody_else() -> None:
    held = window(a4=2, a5=1)
    held.follow([Logged(10, drops=3)])

    assert leaving([1, 2, 3, 4, 5], held=held) == {"a2", "a4"}


def test_one_that_is_no_longer_held_draws_nobody() -> None:
    """``a3`` shares half a text with ``a1``; what ``a2`` said is not known any more."""
    half = np.where(np.arange(SHINGLE_ROWS) % 2, 1, 3).astype(np.uint8)
    held = window(fingerprint(3, shingle_rows=half))
    held.follow([Logged(10, drops=2)])

    assert leaving([1, 2, 3], lead=2, held=held) == {"a1", "a3"}


NAMES = {"names": np.array([8, 16], np.uint32), "name_weights": np.array([9, 9], np.uint8)}


@pytest.mark.parametrize(
    "in_common",
    [
        {"shingle_rows": np.full(SHINGLE_ROWS, 77, np.uint8)},
        {**NAMES, "surfaces": ("Bezdetko", "Okonjo")},
        {"body_vector": fingerprint(77).body_vector},
        {"head_vector": fingerprint(77).head_vector},
    ],
    ids=["text", "facts", "meaning", "headline"],
)
def test_each_part_of_a_likeness_draws_a_member(in_common: dict[str, Any]) -> None:
    held = window(*(fingerprint(each, **in_common) for each in (2, 3)))

    assert leaving([1, 2, 3], held=held) == {"a2", "a3"}


def test_a_member_equally_like_both_stays_with_the_lead() -> None:
    held = window(a1=7, a2=7, a3=7)

    assert leaving([1, 2, 3], lead=2, held=held) == {"a1"}
    assert leaving([1, 2, 3], lead=3, held=held) == {"a2"}


def test_what_a_rule_keeps_with_one_of_the_two_goes_with_it_however_alike() -> None:
    rules = Rules.of({"r1": together("a2", "a3"), "r2": apart("a1", "a2")})

    assert leaving([1, 2, 3], rules=rules, held=window(a3=1)) == {"a2", "a3"}


def test_what_a_rule_keeps_together_goes_together_where_the_first_belongs() -> None:
    rules = Rules.of({"r1": together("a3", "a4"), "r2": apart("a1", "a2")})

    assert leaving([1, 2, 3, 4], rules=rules, held=window(a3=2, a4=1)) == {"a2", "a3", "a4"}
    assert leaving([1, 2, 4, 3], rules=rules, held=window(a3=2, a4=1)) == {"a2"}


def test_a_lead_that_a_rule_draws_to_the_other_side_makes_that_one_stay() -> None:
    """``a3`` is like ``a2``, and kept together with ``a4``, which is like ``a1`` and came first."""
    rules = Rules.of({"r1": together("a3", "a4"), "r2": apart("a1", "a2")})

    assert leaving([1, 2, 4, 3], lead=3, rules=rules, held=window(a3=2, a4=1)) == {"a2"}


def test_articles_that_a_rule_names_and_that_are_elsewhere_do_not_leave() -> None:
    rules = Rules.of({"r1": together("a2", "a9"), "r2": apart("a1", "a2")})

    assert leaving([1, 2], rules=rules) == {"a2"}
