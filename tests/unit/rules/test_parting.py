"""Who leaves when a rule takes a story apart."""

from service.stories.rules import Rules
from service.stories.state import Member
from tests.support.builders.fingerprints import fingerprint
from tests.unit.placing.builders import NoNeighbours, TableVerifier, member
from tests.unit.stories.builders import apart, together
from workers.placing.window import Logged, Window
from workers.rules.parting import sides


def window(**copied: int) -> Window:
    """A window of ``a1`` … ``a9``; ``a3=1`` gives ``a3`` the text of ``a1``."""
    made = Window(NoNeighbours())
    entries = []
    for number in range(1, 10):
        text = fingerprint(copied.get(f"a{number}", number), article_id=f"a{number}")
        entries.append(Logged(number, 0, f"a{number}", text.payload))
    made.follow(entries)
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
