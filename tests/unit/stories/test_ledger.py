"""Steps of a ledger: what becomes of stories, what is told, and what is to be written."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.consumer import Partition
from contracts.events import (
    AnyEvent,
    Change,
    Closure,
    Merger,
    Placement,
    Retraction,
    Revision,
    Split,
    StoryClosed,
    StoryJoined,
    StoryMerged,
    StoryOpened,
    StoryRetracted,
    StoryRevised,
    StorySplit,
    event_id,
)
from service.stories.ledger import Ledger
from service.stories.rules import Rules
from service.stories.state import Member, NeedsMembers, StoryState
from service.stories.step import Step, StoryChange
from tests.unit.stories.builders import (
    NOW,
    SOURCE,
    figures_only,
    lead,
    ledger,
    member,
    story,
    told,
)

A, B, C = member("a", 1), member("b", 2, lang="ru", origin=1), member("c", 3)
ABC = story("abc", A, B, C)
X, Y = member("x", 5, outlet="wire"), member("y", 6, lang="fr")
XY = story("xy", X, Y, ruled=("y",), absorbed=("older",))
LED_BY_C = Rules.of({"r1": lead("c")})


def said(envelope: type[Any], data: Any) -> AnyEvent:
    """An event of the ledger that the tests use."""
    made: AnyEvent = envelope(
        id=event_id(data.story_id, data.sequence),
        source=SOURCE,
        subject=data.story_id,
        time=NOW,
        data=data,
    )
    return made


def test_articles_open_a_story_with_the_first_of_them_as_its_lead() -> None:
    book = ledger()
    second = member("q", 3, number=9, lang="ru", origin=7)

    opened = book.opened("new", [member("p", 7), second], told("p"), NOW, ruled=["q", "p"])

    assert opened == StoryState(
        id="new",
        revision="1-m",
        sequence=1,
        article_count=2,
        lead_id="p",
        lead_number=7,
        born=7,
        highest=9,
        languages=("en", "ru"),
        independent_sources=1,
        ruled=("p", "q"),
        members={"p": member("p", 7), "q": second},
    )
    assert book.stories == {"new": opened}
    assert book.take() == Step(
        {"new": StoryChange(None, opened, put={"p": member("p", 7), "q": second})},
        (said(StoryOpened, Placement(**opened.figures, **told("p"))),),
        {},
    )


def test_an_article_joins_a_story_of_which_only_the_figures_were_read() -> None:
    before = figures_only(ABC)._replace(ruled=("b",))
    book = ledger(before)
    new = member("d", 8, lang="fr")

    joined = book.joined("abc", new, told("d"), NOW, ruled=["a"])

    assert joined == before._replace(
        revision="4-m",
        sequence=4,
        article_count=4,
        highest=8,
        languages=("en", "fr", "ru"),
        independent_sources=3,
        ruled=("a", "b"),
    )
    assert book.stories == {"abc": joined}
    assert book.take() == Step(
        {"abc": StoryChange(before, joined, put={"d": new})},
        (said(StoryJoined, Placement(**joined.figures, **told("d"))),),
        {},
    )


def test_an_article_joins_the_members_that_were_read() -> None:
    book = ledger(ABC)

    joined = book.joined("abc", member("d", 8), told("d"), NOW)

    assert joined.members == {"a": A, "b": B, "c": C, "d": member("d", 8)}
    assert joined == joined.recounted()


def test_an_article_that_stems_from_a_member_is_no_source_of_its_own() -> None:
    joined = ledger(ABC).joined("abc", member("d", 8, origin=3), told("d"), NOW)

    assert joined.independent_sources == ABC.independent_sources


def test_an_older_version_that_comes_late_leaves_a_story_held_as_long() -> None:
    joined = ledger(XY).joined("xy", member("d", 4), told("d"), NOW)

    assert joined.highest == 6


def test_the_members_of_a_story_move_to_the_one_that_it_merges_into() -> None:
    survivor = story("abc", A, B, C, ruled=("b",), absorbed=("first",))
    book = ledger(survivor, XY)

    merged = book.merged_into("abc", "xy", "z", NOW)

    assert merged == survivor._replace(
        revision="4-m",
        article_count=5,
        highest=6,
        languages=("en", "fr", "ru"),
        independent_sources=4,
        ruled=("b", "y"),
        members={"a": A, "b": B, "c": C, "x": X, "y": Y},
        absorbed=("first", "xy", "older"),
    )
    assert book.stories == {"abc": merged}
    assert book.resolve("xy") == "abc"
    assert book.take() == Step(
        {
            "xy": StoryChange(XY, None, merged_into="abc"),
            "abc": StoryChange(survivor, merged, put={"x": X, "y": Y}, absorbed=("xy", "older")),
        },
        (
            said(
                StoryMerged,
                Merger(
                    **merged.figures | {"story_id": "xy", "sequence": 4},
                    merged_into="abc",
                    article_ids=("x", "y"),
                    because_of="z",
                ),
            ),
        ),
        {},
    )


def test_a_merged_story_is_held_until_the_newest_member_of_either_leaves() -> None:
    old, young = story("old", A, highest=9), story("young", B, highest=4)

    assert ledger(old, young).merged_into("old", "young", "z", NOW).highest == 9


def test_moved_articles_are_told_oldest_first() -> None:
    book = ledger(ABC, story("yx", Y, X))

    book.merged_into("abc", "yx", "z", NOW)

    (event,) = book.take().events
    assert isinstance(event.data, Merger)
    assert event.data.article_ids == ("x", "y")


def test_an_outlet_stays_one_source_when_stories_merge() -> None:
    """Reports without an outlet are sources of their own, however many there are."""
    survivor = story("s", member("a", 1, outlet="wire"), member("b", 2))
    ended = story("e", X, member("n", 7))

    merged = ledger(survivor, ended).merged_into("s", "e", "z", NOW)

    assert merged.members == {
        "a": member("a", 1, outlet="wire"),
        "b": member("b", 2),
        "x": X._replace(origin=1),
        "n": member("n", 7),
    }
    assert merged.independent_sources == 3


@pytest.mark.parametrize("unread", ["abc", "xy"])
def test_a_merger_needs_the_members_of_both_stories(unread: str) -> None:
    stories = [figures_only(each) if each.id == unread else each for each in (ABC, XY)]
    book = ledger(*stories)

    with pytest.raises(NeedsMembers) as missing:
        book.merged_into("abc", "xy", "z", NOW)

    assert missing.value.story_ids == (unread,)
    assert book.take() == Step({}, (), {})


def test_a_member_has_a_new_version() -> None:
    book = ledger(ABC)
    newer = B._replace(number=9, version=2, lang="en")

    revised = book.revised(
        "abc",
        NOW,
        change=Change.VERSION,
        article_id="b",
        member=newer,
        told={"new_version": 2, "title": "Corrected"},
    )

    assert revised == ABC._replace(
        revision="4-m",
        sequence=4,
        highest=9,
        languages=("en",),
        members={"a": A, "b": newer, "c": C},
    )
    assert book.stories == {"abc": revised}
    assert book.take() == Step(
        {"abc": StoryChange(ABC, revised, put={"b": newer})},
        (
            said(
                StoryRevised,
                Revision(
                    **revised.figures,
                    change=Change.VERSION,
                    article_id="b",
                    new_version=2,
                    title="Corrected",
                ),
            ),
        ),
        {},
    )
    assert ABC.members == {"a": A, "b": B, "c": C}


def test_another_member_leads() -> None:
    book = ledger(ABC)

    revised = book.revised("abc", NOW, change=Change.LEAD, article_id="c", lead="c")

    assert revised == ABC._replace(revision="4-m", sequence=4, lead_id="c", lead_number=3)
    assert book.take() == Step(
        {"abc": StoryChange(ABC, revised)},
        (
            said(
                StoryRevised,
                Revision(**revised.figures, change=Change.LEAD, article_id="c", old_lead="a"),
            ),
        ),
        {},
    )


def test_a_story_whose_newest_member_left_is_held_no_shorter_for_a_revision() -> None:
    held = ABC._replace(highest=20)

    revised = ledger(held).revised("abc", NOW, change=Change.LEAD, article_id="c", lead="c")

    assert revised.highest == 20


def test_the_last_member_that_is_killed_retracts_its_story() -> None:
    only = story("only", A, absorbed=("older",))
    book = ledger(only)

    left = book.removed("only", "a", Change.RETRACTED, NOW)

    assert left is None
    assert book.stories == {}
    assert book.take() == Step(
        {"only": StoryChange(only, None, released=("older",))},
        (
            said(
                StoryRetracted,
                Retraction(
                    story_id="only", sequence=4, article_ids=("a",), change=Change.RETRACTED
                ),
            ),
        ),
        {},
    )


def test_a_kill_names_the_copies_and_translations_of_one_origin_oldest_first() -> None:
    killed = member("k", 1, version=7)
    others = [
        member("late", 9, origin=1),
        member("copy", 2, origin=1),
        member("own", 3),
        member("ru", 5, origin=1, lang="ru"),
        member("fr", 4, origin=1, lang="fr"),
    ]
    before = story("s", killed, *others)
    book = ledger(before)

    left = book.removed("s", "k", Change.RETRACTED, NOW)

    members = {each.article_id: each for each in others}
    assert left == before._replace(
        revision="4-m",
        sequence=4,
        article_count=5,
        lead_id="copy",
        lead_number=2,
        members=members,
    )
    assert book.take() == Step(
        {"s": StoryChange(before, left, dropped={"k"})},
        (
            said(
                StoryRevised,
                Revision(
                    **left.figures,
                    change=Change.RETRACTED,
                    article_id="k",
                    old_version=7,
                    old_lead="k",
                    translations=("fr", "ru"),
                    copies=("copy", "late"),
                ),
            ),
        ),
        {},
    )


def test_what_is_held_back_says_nothing_of_its_copies() -> None:
    book = ledger(ABC)

    book.removed("abc", "b", Change.WITHHELD, NOW)

    (event,) = book.take().events
    assert event == said(
        StoryRevised,
        Revision(
            story_id="abc",
            sequence=4,
            article_count=2,
            languages=("en",),
            independent_sources=2,
            lead="a",
            change=Change.WITHHELD,
            article_id="b",
            old_version=1,
        ),
    )


def test_members_leave_a_story_for_another_one() -> None:
    book = ledger(ABC)

    gone = book.split("abc", ["c", "a"], "new", "a", NOW)

    left = ABC._replace(
        revision="4-m",
        sequence=4,
        article_count=1,
        lead_id="b",
        lead_number=2,
        languages=("ru",),
        independent_sources=1,
        members={"b": B},
    )
    assert gone == [A, C]
    assert book.stories == {"abc": left}
    assert book.take() == Step(
        {"abc": StoryChange(ABC, left, dropped={"a", "c"})},
        (
            said(
                StorySplit,
                Split(
                    **left.figures,
                    split_from="abc",
                    moved_to="new",
                    article_ids=("a", "c"),
                    because_of="a",
                    old_lead="a",
                ),
            ),
        ),
        {"a": "new", "c": "new"},
    )


def test_a_lead_that_stays_is_not_told_of_a_split() -> None:
    book = ledger(ABC)

    book.split("abc", ["c"], "new", "c", NOW)

    (event,) = book.take().events
    assert isinstance(event.data, Split)
    assert event.data.old_lead is None


def test_several_splits_are_taken_together() -> None:
    book = ledger(ABC)

    book.split("abc", ["c"], "one", "r", NOW)
    book.split("abc", ["b"], "other", "r", NOW)

    assert book.take().moved == {"c": "one", "b": "other"}


def test_the_member_that_a_rule_names_comes_to_lead() -> None:
    ruled = ABC._replace(ruled=("c",))
    book = ledger(ruled, rules=LED_BY_C)

    book.led("abc", NOW)

    assert book.stories["abc"] == ruled._replace(
        revision="4-m", sequence=4, lead_id="c", lead_number=3
    )
    assert book.take().events == (
        said(
            StoryRevised,
            Revision(
                **book.stories["abc"].figures,
                change=Change.LEAD,
                article_id="c",
                old_lead="a",
                rule="r1",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("members", "ruled"), [((C, A, B), ("c",)), ((A, B, C), ())], ids=["leads", "not ruled"]
)
def test_a_lead_that_no_rule_changes_stays_untold(
    members: tuple[Any, ...], ruled: tuple[str, ...]
) -> None:
    book = ledger(story("abc", *members, ruled=ruled), rules=LED_BY_C)

    book.led("abc", NOW)

    assert book.take() == Step({}, (), {})


def test_members_that_rules_name_are_noted_and_nothing_is_told() -> None:
    before = ABC._replace(ruled=("b",))
    book = ledger(before)

    book.named("abc", ["c", "a"])

    after = before._replace(revision="4-m", ruled=("a", "b", "c"))
    assert book.stories == {"abc": after}
    assert book.take() == Step({"abc": StoryChange(before, after)}, (), {})


def test_members_that_were_noted_before_change_nothing() -> None:
    book = ledger(ABC._replace(ruled=("a", "b")))

    book.named("abc", ["b", "a"])

    assert book.take() == Step({}, (), {})


def test_a_story_whose_window_passed_is_closed_and_forgotten_with_its_older_ids() -> None:
    book = ledger(XY)

    book.closed("xy", NOW)

    assert book.stories == {}
    assert book.take() == Step(
        {"xy": StoryChange(XY, None, dropped={"x", "y"}, released=("older",))},
        (said(StoryClosed, Closure(**XY.figures | {"sequence": 4})),),
        {},
    )


@pytest.mark.parametrize(
    "step",
    [
        lambda book: book.revised("abc", NOW, change=Change.LEAD, article_id="c", lead="c"),
        lambda book: book.removed("abc", "a", Change.RETRACTED, NOW),
        lambda book: book.split("abc", ["a"], "new", "a", NOW),
        lambda book: book.closed("abc", NOW),
    ],
    ids=["revised", "removed", "split", "closed"],
)
def test_steps_that_concern_all_members_need_them(step: Callable[[Ledger], Any]) -> None:
    book = ledger(figures_only(ABC))

    with pytest.raises(NeedsMembers):
        step(book)

    assert book.take() == Step({}, (), {})


draws = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 50), st.integers(0, 50)), max_size=25)


def stepped(steps: list[tuple[int, int, int]]) -> tuple[Ledger, list[AnyEvent]]:
    """A ledger after steps that were drawn, each of those that were possible, and its events."""
    book = ledger()
    events: list[AnyEvent] = []
    for number, (kind, one, other) in enumerate(steps, start=1):
        names = sorted(book.stories)
        new = member(f"a{number}", number, lang=["en", "ru"][other % 2])
        if not names or kind == 0:
            book.opened(f"s{number}", [new], told(new.article_id, lang=new.lang), NOW)
        else:
            _step(book, kind, names[one % len(names)], names[other % len(names)], new)
        events += book.take().events
    return book, events


def _step(book: Ledger, kind: int, story_id: str, other_id: str, new: Member) -> None:
    whole = book.stories[story_id]
    members = sorted((whole.members or {}).values(), key=lambda each: each.article_id)
    chosen = members[new.number % len(members)]
    if kind == 1:
        book.joined(story_id, new, told(new.article_id, lang=new.lang), NOW)
    elif kind == 2 and story_id != other_id:
        book.merged_into(story_id, other_id, new.article_id, NOW)
    elif kind == 3:
        book.removed(story_id, chosen.article_id, Change.RETRACTED, NOW)
    elif kind == 4 and len(members) > 1:
        opened = f"s{new.number}"
        (gone,) = book.split(story_id, [chosen.article_id], opened, chosen.article_id, NOW)
        about = told(gone.article_id, lang=gone.lang, split_from=story_id)
        book.opened(opened, [gone], about, NOW)
    elif kind == 5:
        name = chosen.article_id
        book.revised(story_id, NOW, change=Change.LEAD, article_id=name, lead=name)
    elif kind == 6:
        book.closed(story_id, NOW)


@given(draws)
def test_who_applies_the_events_holds_the_ledger_s_partition(
    steps: list[tuple[int, int, int]],
) -> None:
    book, events = stepped(steps)
    partition = Partition()

    for position, event in enumerate(events, start=1):
        placed = event.data.model_copy(update={"position": position})
        partition.apply(event.model_copy(update={"data": placed}))

    held = {
        each.id: (each.lead, set(each.articles), each.languages)
        for each in partition.stories.values()
    }
    assert held == {
        each.id: (each.lead_id, set(each.members or {}), set(each.languages))
        for each in book.stories.values()
    }
    assert partition.incomplete == []


@given(draws)
def test_figures_are_those_of_the_members_after_whatever_steps(
    steps: list[tuple[int, int, int]],
) -> None:
    book, events = stepped(steps)

    assert [each.recounted() for each in book.stories.values()] == [*book.stories.values()]
    assert all(each.highest >= each.lead_number for each in book.stories.values())
    assert len({event.id for event in events}) == len(events)
