"""Editors' rules as one consistent whole."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from contracts.commands import AnyCommand, Revoke
from service.stories.rules import Rules
from tests.unit.stories.builders import apart, lead, together


def rules(*commands: AnyCommand) -> Rules:
    return Rules.of({f"r{place}": command for place, command in enumerate(commands)})


def test_together_reaches_through_others() -> None:
    found = rules(together("a", "b"), together("c", "b"), together("x", "y"))

    assert found.partners("a") == {"b": "r0", "c": "r1"}
    assert set(found.component("c")) == {"a", "b", "c"}
    assert found.partners("q") == {}


def test_apart_stands_between_all_that_are_together_with_the_two() -> None:
    found = rules(together("a", "b"), together("x", "y"), apart("a", "x"))

    assert found.strangers("b") == {"x": "r2", "y": "r2"}
    assert found.strangers("y").keys() == {"a", "b"}
    assert found.between(["q", "b"], ["y"]) == "r2"
    assert found.between(["q"], ["y"]) is None


def test_the_way_between_two_is_named_from_one_end_to_the_other() -> None:
    found = rules(together("a", "b"), together("c", "d"), together("c", "b"))

    assert found.in_the_way(apart("a", "d")) == ["r0", "r2", "r1"]
    assert found.in_the_way(apart("a", "q")) == []


def test_together_is_in_conflict_with_apart_of_their_components() -> None:
    found = rules(apart("a", "x"), together("x", "y"))

    assert found.in_the_way(together("y", "a")) == ["r0"]
    assert found.in_the_way(together("y", "b")) == []
    assert found.in_the_way(lead("a")) == []


def test_a_revoked_rule_is_as_if_it_had_never_been() -> None:
    found = rules(together("a", "b"), apart("a", "x"), lead("a"))

    found.add("r3", Revoke(rule="r0", by="anna", reason="no"))

    left = Rules.of({"r1": apart("a", "x"), "r2": lead("a")})
    assert found == left
    assert not found.names("b")


def test_the_last_lead_rule_wins() -> None:
    found = rules(lead("a"), lead("b"), together("c", "d"), lead("a"))

    assert found.lead_of(["a", "b", "c"]) == "a"
    assert found.lead_of(["b", "c"]) == "b"
    assert found.lead_of(["c"]) is None
    assert found.lead_rule("a") == "r3"


def test_no_rules_are_the_first_revision_and_name_nobody() -> None:
    none = Rules.of({})

    assert none == Rules(revision=0)
    assert not none.names("a")
    assert none.strangers("a") == {}
    assert none.between(["a"], ["b"]) is None


def test_each_kind_of_rule_names_its_articles() -> None:
    found = rules(together("a", "b"), apart("c", "d"), lead("e"))

    assert [each for each in "abcdefg" if found.names(each)] == list("abcde")


def test_an_article_that_no_rule_keeps_apart_has_no_strangers() -> None:
    assert rules(apart("a", "b")).strangers("c") == {}


def test_what_speaks_about_two_articles_is_named() -> None:
    found = rules(together("a", "b"), together("b", "c"), apart("c", "x"))

    assert found.speaking("a", "c") == ["r0", "r1"]
    assert found.speaking("a", "x") == ["r2"]
    assert found.speaking("a", "q") == []


def test_an_article_without_a_lead_rule_leads_by_none() -> None:
    found = rules(together("a", "b"), lead("b"))

    assert found.lead_rule("a") is None


def test_the_first_rule_that_links_two_articles_keeps_its_name() -> None:
    found = rules(together("a", "b"), together("b", "a"))

    assert found.partners("b") == {"a": "r0"}


articles = st.sampled_from("abcdef")
pairs = st.tuples(articles, articles).filter(lambda pair: pair[0] != pair[1])
commands = st.one_of(
    st.builds(lambda pair: together(*pair), pairs),
    st.builds(lambda pair: apart(*pair), pairs),
    st.builds(lead, articles),
)


def accepted(said: list[AnyCommand]) -> Rules:
    """The rules of a desk that refuses what contradicts the rules before."""
    found = Rules()
    for place, command in enumerate(said):
        if not found.in_the_way(command):
            found.add(f"r{place}", command)
    return found


@given(st.lists(commands, max_size=12))
def test_accepted_rules_never_keep_two_articles_both_together_and_apart(
    said: list[AnyCommand],
) -> None:
    found = accepted(said)

    for one, other in combinations("abcdef", 2):
        is_apart = found.between([one], [other]) is not None
        assert not (is_apart and other in found.component(one))


@given(st.lists(commands, max_size=12))
def test_rules_say_the_same_of_both_articles(said: list[AnyCommand]) -> None:
    found = accepted(said)

    for one, other in combinations("abcdef", 2):
        assert (other in found.component(one)) == (one in found.component(other))
        assert (other in found.strangers(one)) == (one in found.strangers(other))
        assert set(found.speaking(one, other)) <= found.commands.keys()


@given(st.lists(commands, max_size=12), st.integers(0, 11))
def test_revoking_leaves_the_other_rules_as_they_were(said: list[AnyCommand], gone: int) -> None:
    found = accepted(said)
    left = {each: kept for each, kept in found.commands.items() if each != f"r{gone}"}

    found.add("revoked", Revoke(rule=f"r{gone}", by="anna", reason="no"))

    assert found == Rules.of(left)
