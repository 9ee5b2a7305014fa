"""What all steps of a ledger rest on."""

from typing import Any

import pytest

from contracts.events import Closure, Split, StoryClosed, StorySplit, event_id
from service.stories.book import Book
from service.stories.rules import Rules
from service.stories.state import NeedsMembers
from service.stories.step import Step, StoryChange
from tests.unit.stories.builders import NOW, SOURCE, figures_only, lead, member, story

A, B, C = member("a", 3), member("b", 1), member("c", 2)
ABC = story("abc", A, B, C, ruled=("a", "b"))
FIGURES = figures_only(story("figures", member("f", 9)))


WHY: dict[str, Any] = {"because_of": "a test"}


def event(envelope: type[Any], data: Any) -> Any:
    name = event_id("abc", 4)
    return envelope(id=name, source=SOURCE, subject="abc", time=NOW, data=data)


def book(rules: Rules | None = None) -> Book:
    return Book({"abc": ABC, "figures": FIGURES}, SOURCE, "m", rules)


def test_the_book_that_was_read_from_is_not_written_to() -> None:
    stories = {"abc": ABC}

    Book(stories, SOURCE, "m").stories.clear()

    assert stories == {"abc": ABC}


def test_an_id_stands_for_the_story_at_the_end_of_its_mergers() -> None:
    held = book()
    held.merged |= {"one": "two", "two": "three"}

    assert [held.resolve(each) for each in ("one", "two", "three", "q")] == [
        "three", "three", "three", "q",
    ]  # fmt: skip


def test_all_stories_whose_members_are_missing_are_named_at_once() -> None:
    held = book()
    held.stories["more"] = FIGURES

    with pytest.raises(NeedsMembers, match="figures, more") as missing:
        held.require(["figures", "abc", "more"])

    assert missing.value.story_ids == ("figures", "more")
    held.require(["abc"])
    held.require([])


def test_a_change_is_noted_with_the_story_as_it_was_read() -> None:
    held = book()

    held.touch("abc")
    held.stories["abc"] = held.bumped(ABC)
    held.touch("abc")

    assert held.changes == {"abc": StoryChange(ABC)}


def test_a_step_taken_is_taken_once() -> None:
    held = book()
    held.touch("abc")
    held.moved["a"] = "elsewhere"

    first, second = held.take(), held.take()

    assert (first.stories, first.moved) == ({"abc": StoryChange(ABC)}, {"a": "elsewhere"})
    assert (second.stories, second.events, second.moved) == ({}, (), {})


def test_a_revision_grows_and_carries_the_mark_of_who_wrote_it() -> None:
    held = book()

    assert held.bumped(ABC) == ABC._replace(revision="4-m")
    assert held.bumped(ABC, told=2) == ABC._replace(revision="4-m", sequence=5)
    assert held.bumped(ABC._replace(revision="")).revision == "1-m"
    assert held.bumped(ABC._replace(revision="99-other-mark")).revision == "100-m"


def test_the_oldest_member_leads_when_the_lead_leaves() -> None:
    held = book()
    held.touch("abc")

    left = held.without(ABC, {"a"})

    assert left == ABC._replace(
        article_count=2,
        lead_id="b",
        lead_number=1,
        independent_sources=2,
        ruled=("b",),
        members={"b": B, "c": C},
    )
    assert held.changes == {"abc": StoryChange(ABC, dropped={"a"})}


def test_the_member_that_a_rule_names_leads_when_the_lead_leaves() -> None:
    held = book(Rules.of({"r": lead("c"), "gone": lead("a")}))
    ruled = ABC._replace(ruled=("a", "b", "c"))
    held.touch("abc")

    assert held.without(ruled, {"a"}).lead_id == "c"


def test_a_lead_that_stays_leads_on() -> None:
    held = book()
    held.touch("abc")

    assert held.without(ABC, {"b", "c"}).lead_id == "a"


def test_a_member_that_came_and_left_before_a_step_was_taken_is_not_written() -> None:
    held = book()
    held.touch("abc")
    held.changes["abc"].put |= {"b": B, "c": C}

    held.without(ABC, {"b"})

    assert held.changes == {"abc": StoryChange(ABC, put={"c": C}, dropped={"b"})}


def test_a_whole_story_is_handed_out_with_its_members() -> None:
    held = book()

    assert held.whole("abc") == (ABC, ABC.members)
    assert held.touch("abc") is ABC
    with pytest.raises(NeedsMembers, match="figures"):
        held.whole("figures")


def test_what_is_told_is_the_story_after_it() -> None:
    held = book()
    held.touch("abc")

    held.tell(StorySplit, Split, ABC, NOW, split_from="abc", moved_to="n", article_ids=(), **WHY)

    after = ABC._replace(revision="4-m", sequence=4)
    data = Split(**after.figures, split_from="abc", moved_to="n", article_ids=(), **WHY)
    assert held.stories["abc"] == after
    assert held.take() == Step({"abc": StoryChange(ABC, after)}, (event(StorySplit, data),), {})


def test_the_last_event_of_a_story_takes_it_out_of_the_book() -> None:
    held = book()
    held.touch("abc")
    held.changes["abc"].after = ABC
    data = Closure(**ABC.figures | {"sequence": 4})

    held.end(StoryClosed, data, NOW)

    assert "abc" not in held.stories
    assert held.take() == Step({"abc": StoryChange(ABC)}, (event(StoryClosed, data),), {})
