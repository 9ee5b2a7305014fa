"""Editors' rules as one consistent whole."""

from contracts.commands import AnyCommand, KeepApart, KeepTogether, Revoke, SetLead
from service.stories.rules import Rules


def together(one: str, other: str) -> AnyCommand:
    return KeepTogether(articles=(one, other), by="anna", reason="one")


def apart(one: str, other: str) -> AnyCommand:
    return KeepApart(articles=(one, other), by="anna", reason="two")


def lead(article: str) -> AnyCommand:
    return SetLead(article=article, by="anna", reason="first")


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
