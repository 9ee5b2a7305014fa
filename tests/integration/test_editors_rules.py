"""Editors' rules on a real server: what they do, to what comes later, and to each other."""

from collections.abc import Iterator

import pytest
from redis import Redis

from contracts.commands import Answer
from contracts.dead_letter import Reason
from contracts.events import Change
from tests.support.wire import harness
from tests.support.wire.consistency import check
from tests.support.wire.desk import Desk, desk, item, text


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[Desk]:
    with desk(redis_client, harness.settings_for(redis_url, namespace), workers=2) as made:
        yield made
        check(made)


def types(wire: Desk) -> list[str]:
    return [event.type.removeprefix("story.") for event in wire.told]


def test_keep_together_merges_two_stories(wire: Desk) -> None:
    wire.place(item("a", 1), item("a2", 1, 1), item("b", 2))

    (merged,) = wire.rule("together", "b", "a", rule="r1")

    assert merged.type == "story.merged"
    assert merged.data.because_of == "r1"
    assert merged.data.article_ids == ("b",)
    assert wire.stories == {frozenset({"a", "a2", "b"})}
    (ruling,) = wire.rulings()
    assert (ruling.rule, ruling.answer) == ("r1", Answer.ACCEPTED)
    assert (ruling.command.by, ruling.command.reason) == ("anna", "a test")


def test_a_worker_goes_on_under_a_lease_that_it_could_not_give_back(wire: Desk) -> None:
    mine, other = (worker.consumer for worker in wire.workers)
    wire.place(item("a", 1), item("b", 2))

    wire.redis.set(wire.settings.keys.editor, other, px=30_000)
    assert wire.rule("together", "a", "b", rule="r1") == []
    wire.redis.set(wire.settings.keys.editor, mine, px=30_000)
    (merged,) = wire.settle()

    assert merged.type == "story.merged"
    assert not wire.redis.exists(wire.settings.keys.editor)


def test_keep_together_waits_for_articles_that_are_not_there(wire: Desk) -> None:
    assert wire.rule("together", "a", "b", rule="r1") == []
    assert wire.rulings()[0].detail == "noted for when a and b comes"
    wire.place(item("a", 1))

    (joined,) = wire.place(item("b", 2))

    assert joined.data.rule == "r1"
    assert joined.data.evidence.summary == "Kept together with a by rule r1 (anna: a test)"
    assert wire.stories == {frozenset("ab")}


def test_keep_apart_takes_a_story_apart_and_reprints_follow_their_own(wire: Desk) -> None:
    long = text(1)
    half = {**long, "text": long["text"] + " Twelve of them were painted white."}
    wire.place(item("a", 1), {"id": "b", **half}, item("a2", 1, 1), {"id": "b2", **half})
    assert wire.stories == {frozenset({"a", "a2", "b", "b2"})}

    split, opened = wire.rule("apart", "a", "b", rule="r1")

    assert (split.type, opened.type) == ("story.split", "story.opened")
    assert split.data.because_of == opened.data.rule == "r1"
    assert wire.stories == {frozenset({"a", "a2"}), frozenset({"b", "b2"})}
    wire.place({"id": "b3", **half})
    assert len(wire.stories) == 2


def test_keep_apart_holds_for_what_comes_later_and_survives_new_versions(wire: Desk) -> None:
    wire.rule("apart", "a", "b", rule="r1")

    wire.place(item("a", 1), item("b", 1, 1))
    wire.place(item("b", 1, version=2), item("a", 1, 1, version=2))

    assert wire.stories == {frozenset("a"), frozenset("b")}


def test_no_third_article_merges_what_a_rule_keeps_apart(wire: Desk) -> None:
    wire.rule("apart", "a", "b", rule="r1")
    wire.place(item("a", 1), item("b", 1, 1))

    wire.place(item("c", 1, 2))
    wire.place(item("d", 3), item("e", 3, replaces="a"), item("f", 3, 1, replaces="b"))

    homes = {wire.story_of("a"), wire.story_of("b")}
    assert len(homes) == 2


def test_a_version_that_would_leave_stays_where_a_rule_keeps_it(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1))
    wire.rule("together", "a", "b", rule="r1")

    (revised,) = wire.place(item("b", 2, version=2))

    assert revised.data.change is Change.VERSION
    assert wire.stories == {frozenset("ab")}


def test_set_lead_leads_until_a_later_rule_says_otherwise(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1), item("c", 1, 2))

    (revised,) = wire.rule("lead", "b", rule="r1")
    assert (revised.data.change, revised.data.lead, revised.data.old_lead) == (
        Change.LEAD,
        "b",
        "a",
    )
    assert revised.data.rule == "r1"

    wire.rule("lead", "c", rule="r2")
    assert wire.partition.stories[wire.story_of("a")].lead == "c"
    wire.place({"id": "c", "status": "canceled"})
    assert wire.partition.stories[wire.story_of("a")].lead == "b"
    wire.rule("revoke", "r1", rule="r3")
    wire.place({"id": "b", "status": "canceled"})
    assert wire.partition.stories[wire.story_of("a")].lead == "a"


def test_set_lead_for_an_article_that_comes_later(wire: Desk) -> None:
    wire.rule("lead", "b", rule="r1")

    wire.place(item("a", 1), item("b", 1, 1))

    assert types(wire) == ["opened", "joined", "revised"]
    assert wire.partition.stories[wire.story_of("a")].lead == "b"


def test_a_rule_that_contradicts_others_is_refused_with_them(wire: Desk) -> None:
    wire.place(*(item(each, place) for place, each in enumerate("abc")))
    wire.rule("together", "a", "b", rule="r1")
    wire.rule("together", "b", "c", rule="r2")

    assert wire.rule("apart", "a", "c", rule="r3") == []

    ruling = wire.rulings()[-1]
    assert (ruling.answer, ruling.in_the_way) == (Answer.REFUSED, ("r1", "r2"))
    assert "r1 (anna: a test), which keeps a and b together" in ruling.detail
    assert wire.stories == {frozenset("abc")}


def test_together_is_refused_across_a_rule_that_keeps_apart(wire: Desk) -> None:
    wire.rule("apart", "a", "b", rule="r1")
    wire.rule("together", "b", "c", rule="r2")

    wire.rule("together", "c", "a", rule="r3")

    assert wire.rulings()[-1].in_the_way == ("r1",)


def test_together_is_refused_where_others_of_the_stories_are_kept_apart(wire: Desk) -> None:
    wire.place(item("a", 1), item("c", 1, 1), item("b", 2), item("d", 2, 1))
    wire.rule("apart", "c", "d", rule="r1")

    assert wire.rule("together", "a", "b", rule="r2") == []

    assert wire.rulings()[-1].in_the_way == ("r1",)
    assert len(wire.stories) == 2


def test_a_revoked_rule_no_longer_stands_in_the_way(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1))
    wire.rule("together", "a", "b", rule="r1")
    wire.rule("apart", "a", "b", rule="r2")
    assert wire.rulings()[-1].answer is Answer.REFUSED

    wire.rule("revoke", "r1", rule="r3")
    wire.rule("apart", "a", "b", rule="r4")

    assert wire.rulings()[-1].answer is Answer.ACCEPTED
    assert wire.stories == {frozenset("a"), frozenset("b")}


def test_a_rule_told_twice_has_one_effect(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 2))
    wire.rule("together", "a", "b", rule="r1")

    assert wire.rule("together", "a", "b", rule="r1") == []
    assert wire.rule("apart", "a", "b", rule="r1") == []
    assert len(wire.rulings()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{broken",
        b'{"command": "together", "articles": ["a"], "by": "anna", "reason": "x"}',
        b'{"command": "together", "articles": ["a", "a"], "by": "anna", "reason": "x"}',
        b'{"command": "apart", "articles": ["a", "b"], "by": "", "reason": "x"}',
        b'{"command": "dance", "by": "anna", "reason": "x"}',
    ],
)
def test_what_is_no_command_is_a_dead_letter(wire: Desk, body: bytes) -> None:
    wire.redis.xadd(wire.settings.streams.commands, {"data": body})

    wire.settle()

    (letter,) = harness.letters(wire.redis, wire.settings)
    assert letter.reason is Reason.INVALID_COMMAND
    assert letter.fields == {"data": body.decode()}


def test_rules_are_in_force_for_a_worker_that_starts_later(wire: Desk) -> None:
    wire.rule("apart", "a", "b", rule="r1")
    wire.dies(0, 5, "register", comes_through=False, calls=0)

    wire.place(item("a", 1), item("b", 1, 1))

    assert wire.stories == {frozenset("a"), frozenset("b")}


def test_a_rule_joins_two_stories_of_thousands(wire: Desk) -> None:
    """Their members do not fit one call of a script's arguments."""
    size = 1_200
    wire.rule("together", "a0", "a1", rule="r0")
    wire.place(*(item(f"a{n}", 1, n % 4) for n in range(size)))
    wire.place(*(item(f"b{n}", 2, n % 4) for n in range(size)))

    merged, *_ = wire.rule("together", "a7", "b9", rule="r1")

    assert len(merged.data.article_ids) == size
    assert merged.data.article_count == 2 * size
    assert len(wire.stories) == 1
    wire.rule("revoke", "r1", rule="r2")
    split, opened = wire.rule("apart", "a7", "b9", rule="r3")
    assert len(split.data.article_ids) == size
    assert opened.data.article_count == size
