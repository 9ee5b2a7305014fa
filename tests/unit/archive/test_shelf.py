"""A shelf holds what the reference consumer holds, and forgets what it must."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.consumer import Partition
from contracts.events import AnyEvent, Change, Evidence
from tests.support.api.shelves import Teller, feed, histories, redacted, shelf_of, streams
from tests.support.builders.story_events import (
    EVIDENCE,
    closed,
    in_order,
    joined,
    merged,
    opened,
    retracted,
    revised,
    split,
)
from workers.archive.folding import folded
from workers.archive.listing import Query, page_of
from workers.archive.read import card_of, evidence_of, story_view
from workers.archive.records import Story
from workers.archive.shelf import LINES_KEPT, Shelf


def partition_of(events: Sequence[AnyEvent]) -> Partition:
    partition = Partition()
    for event in events:
        partition.apply(event)
    return partition


def open_stories(shelf: Shelf) -> dict[str, Story]:
    return {
        story.id: story
        for story in shelf.stories.values()
        if story.merged_into is None and story.members and not story.closed
    }


def same(shelf: Shelf, partition: Partition) -> bool:
    expected = {story.id: (story.lead, set(story.articles)) for story in partition.stories.values()}
    held = {
        story.id: (card_of(shelf, story).lead, set(story.members))
        for story in open_stories(shelf).values()
    }
    assert held == expected
    return True


@given(streams())
def test_its_partition_is_the_reference_consumers(told: tuple[Teller, list[AnyEvent]]) -> None:
    """Whatever comes twice, late, or late and without its text."""
    _, events = told

    shelf, partition = shelf_of(*events), partition_of(events)

    assert same(shelf, partition)
    for story in partition.stories.values():
        members = shelf.stories[story.id].members
        assert {each: member.title for each, member in members.items()} == story.titles
        assert set(card_of(shelf, shelf.stories[story.id]).languages) == story.languages
    assert {each.id for each in shelf.stories.values() if each.closed} == partition.closed
    for story_id in shelf.stories:
        assert shelf.resolve(story_id) == partition.resolve(story_id)


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_come_does_not_matter(teller: Teller, chance: Any) -> None:
    events = list(teller.events)
    chance.shuffle(events)

    shelf = shelf_of(*events)

    assert same(shelf, partition_of(teller.events))
    assert is_catalogued(shelf)


@given(streams())
def test_what_is_kept_beside_the_stories_is_what_they_add_up_to(
    told: tuple[Teller, list[AnyEvent]],
) -> None:
    """Words and columns are brought up to date piece by piece; here they are made from nothing."""
    _, events = told
    shelf = shelf_of(*events)

    page = page_of(shelf, Query(limit=200))

    assert {story.id for story in page.stories} == set(open_stories(shelf))
    for story in page.stories:
        members = story.members.values()
        assert shelf.catalogue.columns.size[story.row] == len(members)
        bits = {shelf.catalogue.columns.bit(each.lang) for each in members}
        assert shelf.catalogue.columns.languages[story.row] == sum(bits)
    assert is_catalogued(shelf)


def is_catalogued(shelf: Shelf) -> bool:
    """Whether the index holds what the stories' articles say, and nothing else."""
    rows: dict[str, set[int]] = {}
    for story in filter(None, shelf.catalogue.columns.stories):
        articles = [
            f"{each.title} {each.source or ''} {each.id}" for each in story.members.values()
        ]
        for word in folded(" ".join([story.id, *articles])):
            rows.setdefault(word, set()).add(story.row)
    index = shelf.catalogue.index
    assert {word: index.holding(word) for word in index._rows} == rows
    return True


@given(streams())
def test_of_killed_articles_nothing_is_quoted(told: tuple[Teller, list[AnyEvent]]) -> None:
    teller, events = told
    shelf = shelf_of(*events)
    words = {f"of{each}" for each in teller.killed}

    for story in open_stories(shelf).values():
        shown = story_view(shelf, story, story.id).model_dump_json()

        assert not [each for each in words if each in shown]
        for each in teller.killed:
            assert f'"like {each}"' not in shown
            assert page_of(shelf, Query(q=f"of{each}", state="all")).total == 0


def test_a_kill_takes_its_words_at_once_from_titles_search_and_evidence() -> None:
    quoting = EVIDENCE.model_copy(update={"summary": "like the Ferry", "shared": ("Ferry",)})
    shelf = shelf_of(
        *in_order(
            opened("s", "a", title="Ferry burns"),
            joined("s", 2, "b", title="Boat on fire", matched_article_id="a", evidence=quoting),
        )
    )
    assert page_of(shelf, Query(q="ferry")).total == 1

    feed(shelf, [in_order(*[opened("x", "x")] * 2, revised("s", 3, Change.RETRACTED, "a"))[2]], 9)

    assert page_of(shelf, Query(q="ferry")).total == 0
    assert page_of(shelf, Query(q="boat")).total == 1
    shown = story_view(shelf, shelf.stories["s"], "s").model_dump_json()
    assert "Ferry" not in shown
    evidence = evidence_of(shelf, shelf.articles["b"])
    assert isinstance(evidence, Evidence)
    assert evidence.summary == "The text was withdrawn"


def test_what_quotes_a_held_article_is_shown_again_when_that_is_released() -> None:
    quoting = EVIDENCE.model_copy(update={"summary": "like the Ferry"})
    events = in_order(
        opened("s", "a", title="Ferry burns"),
        joined("s", 2, "b", matched_article_id="a", evidence=quoting),
        revised("s", 3, Change.WITHHELD, "a"),
        joined("s", 4, "a", title="Ferry burns"),
    )
    shelf = shelf_of(*events[:3])
    held = evidence_of(shelf, shelf.articles["b"])

    feed(shelf, events[3:], 4)

    released = evidence_of(shelf, shelf.articles["b"])
    assert held is not None
    assert released is not None
    assert (held.summary, released.summary) == ("The text was withdrawn", "like the Ferry")


def test_the_copy_without_text_of_an_event_that_was_read_takes_its_words() -> None:
    first, second = in_order(opened("s", "a", title="Ferry burns"), closed("s", 2))
    shelf = shelf_of(first, second)

    assert feed(shelf, [redacted(first, "a")], 7) == [False]

    assert shelf.articles["a"].title == ""
    assert shelf.stories["s"].lines[0].entry_id == b"7-0"
    assert page_of(shelf, Query(q="ferry", state="all")).total == 0


def test_a_merged_storys_id_leads_to_the_survivor_with_its_history() -> None:
    shelf = shelf_of(
        *in_order(
            opened("old", "a"),
            opened("mid", "b"),
            opened("new", "c"),
            merged("new", 2, "mid", "c"),
            merged("mid", 2, "old", "b", "c"),
        )
    )

    view = story_view(shelf, shelf.stories[shelf.resolve("new")], "new")

    assert (view.id, view.asked_id, view.merged_into) == ("old", "new", "old")
    assert view.absorbed == ["mid", "new"]
    assert [line.position for line in view.history] == [1, 2, 3, 4, 5]
    assert view.article_count == 3


def test_an_article_that_leaves_takes_its_words_along() -> None:
    shelf = shelf_of(
        *in_order(
            opened("s", "a", title="Ferry"),
            joined("s", 2, "b", title="Bridge"),
            split("s", 3, "t", "b"),
            opened("t", "b", title="Bridge", split_from="s"),
        )
    )

    found = page_of(shelf, Query(q="bridge"))

    assert [story.id for story in found.stories] == ["t"]


def test_what_ended_is_forgotten_when_its_last_event_has_left_the_stream() -> None:
    shelf = shelf_of(
        *in_order(
            opened("s", "a"),
            opened("m", "b"),
            merged("m", 2, "s", "b"),
            closed("s", 2),
            opened("t", "c"),
            retracted("t", 2, "c"),
            opened("u", "d"),
        )
    )

    shelf.forget_before((4, 0))
    kept = set(shelf.stories)
    shelf.forget_before((5, 0))
    after_closure = set(shelf.stories), set(shelf.articles)
    shelf.forget_before((8, 0))

    assert kept == {"s", "m", "t", "u"}
    assert after_closure == ({"t", "u"}, {"c", "d"})
    assert (set(shelf.stories), set(shelf.articles)) == ({"u"}, {"d"})
    assert not shelf.killed
    assert page_of(shelf, Query(state="all")).total == 1


def test_a_story_whose_event_came_again_without_text_is_kept_as_long_as_that() -> None:
    events = in_order(opened("s", "a"), closed("s", 2), opened("t", "b"))
    shelf = shelf_of(*events)
    feed(shelf, [redacted(events[0], "a")], 8)

    shelf.forget_before((5, 0))
    kept = "s" in shelf.stories
    shelf.forget_before((9, 0))

    assert kept
    assert "s" not in shelf.stories


def test_an_article_that_came_again_outlives_its_former_story() -> None:
    shelf = shelf_of(*in_order(opened("s", "a"), closed("s", 2), opened("t", "a")))

    shelf.forget_before((3, 0))

    assert set(shelf.stories) == {"t"}
    assert shelf.articles["a"].home is shelf.stories["t"]


def test_a_thousand_windows_leave_as_much_as_one() -> None:
    """Stories open, grow, merge, lose articles and close; the stream holds the last hundred."""
    shelf, number = Shelf(), 0
    sizes = []
    for turn in range(200):
        teller = Teller(events=[], sequences={f"before{turn}-{n}": 0 for n in range(turn * 10)})
        for one, other in ("aa", "ba", "cb", "dd", "ed", "fd", "gg"):
            teller.place(f"{one}{turn}", f"{other}{turn}")
        teller.merge(f"d{turn}", f"a{turn}")
        teller.kill(f"f{turn}", "")
        teller.kill(f"g{turn}", "")
        teller.close(f"a{turn}", "")
        feed(shelf, teller.events, number + 1)
        number += len(teller.events)
        shelf.settle()
        shelf.forget_before((max(1, number - 20), 0))
        sizes.append(
            len(shelf.stories)
            + len(shelf.articles)
            + len(shelf.killed)
            + len(shelf.catalogue.columns.stories)
            + len(shelf.catalogue.index)
            + len(shelf._ended)
            + len(shelf._tombs)
        )

    assert max(sizes[100:]) <= max(sizes[:20])


def test_ten_thousand_versions_make_a_history_of_a_thousand_lines() -> None:
    events = [opened("s", "a")] + [
        revised("s", number, Change.VERSION, "a", new_version=number, title=f"v{number}")
        for number in range(2, LINES_KEPT + 50)
    ]

    shelf = shelf_of(*in_order(*events))

    view = story_view(shelf, shelf.stories["s"], "s")
    assert len(view.history) == LINES_KEPT
    assert view.history[-1].sequence == LINES_KEPT + 49
    assert page_of(shelf, Query(q="v2")).total == 0


@pytest.mark.parametrize(
    "event",
    [
        {"type": "story.invented", "data": {"story_id": "s", "sequence": 1}},
        {"type": "story.opened"},
        {"type": "story.opened", "data": None},
        {"type": "story.opened", "data": {"story_id": "s"}},
        {"type": ["story.opened"], "data": {}},
        [],
        None,
        17,
    ],
)
def test_what_is_no_event_that_it_knows_changes_nothing(event: Any) -> None:
    shelf = shelf_of(opened("s", "a"))

    assert not shelf.apply(b"2-0", event)

    assert page_of(shelf, Query()).total == 1


def test_unknown_fields_of_an_event_are_ignored() -> None:
    shelf = Shelf()
    event = opened("s", "a").model_dump(mode="json")
    event["invented"] = event["data"]["invented"] = {"any": "thing"}

    assert shelf.apply(b"1-0", event)
