"""One row that can't be shown costs itself alone: what a former release wrote may be anything."""

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events import Change
from tests.support.builders.story_events import joined, merged, opened, revised, split
from workers.archive.listing import Query, page_of
from workers.archive.read import card_of, story_view
from workers.archive.records import time_of
from workers.archive.rows import shown
from workers.archive.shelf import Shelf

BEFORE = [opened("st_good", "g1", title="Bridge opens"), joined("st_good", 2, "g2")]
BROKEN = [
    opened("st_bad", "b1"),
    joined("st_good", 3, "b2"),
    revised("st_good", 3, Change.VERSION, article_id="g1"),
    merged("st_bad", 1, "st_good", "b1"),
    split("st_good", 3, "st_bad", "g2"),
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["join", "thresholds", "x"]), st.integers(), max_size=2),
)


def test_a_row_that_fails_is_left_out_and_named(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert shown([1, 0, 2], lambda row: 2 // row, lambda row: f"row {row}") == [2, 1]

    assert "row 0 can't be shown and is left out: ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("ms", [-(10**18), -62_135_596_800_001, 253_402_300_800_000, 10**18])
def test_a_time_beyond_the_calendar_is_told_as_its_end(ms: int) -> None:
    assert time_of(ms).isoformat()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+03:00", "9999-12-31T23:59:59-14:00"])
def test_a_date_that_utc_does_not_have_is_shown_all_the_same(moment: str) -> None:
    event = json.loads(opened("st_old", "o1").model_dump_json())
    event["data"]["published_at"] = moment
    shelf = Shelf()
    shelf.apply(b"1-0", event)

    card = card_of(shelf, page_of(shelf, Query()).stories[0])

    assert card.model_dump_json()
    assert card.first_published_at is not None


def test_evidence_of_another_release_is_left_out_of_its_article() -> None:
    event = json.loads(opened("st_old", "o1", title="Ferry burns").model_dump_json())
    event["data"]["evidence"] = {"summary": ["in", "parts"]}
    shelf = Shelf()
    shelf.apply(b"1-0", event)

    (member,) = story_view(shelf, page_of(shelf, Query()).stories[0], "st_old").members

    assert (member.title, member.evidence) == ("Ferry burns", None)


@given(
    st.sampled_from(BROKEN), st.sampled_from(["data", "evidence", "envelope"]), st.data(), VALUES
)
def test_an_event_of_any_content_leaves_the_other_stories_in_the_list(
    broken: Any, part: str, data: st.DataObject, value: Any
) -> None:
    shelf = Shelf()
    for number, good in enumerate(BEFORE, start=1):
        shelf.apply(f"{number}-0".encode(), json.loads(good.model_dump_json()))
    event = json.loads(broken.model_dump_json())
    place = event if part == "envelope" else event["data"]
    if part == "evidence":
        place = event["data"].get("evidence") or event["data"]
    place[data.draw(st.sampled_from(sorted(place)))] = value
    shelf.apply(b"3-0", event)
    shelf.apply(b"4-0", json.loads(opened("st_last", "l1").model_dump_json()))

    stories = page_of(shelf, Query(state="all")).stories
    cards = shown(stories, lambda story: card_of(shelf, story), lambda story: story.id)

    assert "st_last" in {card.id for card in cards}
    assert {card.id for card in cards} == {story.id for story in stories}
    for story in stories:
        assert story_view(shelf, story, story.id).model_dump_json()
