"""The reference consumer: what it holds after events, in order and not."""

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.consumer import Partition
from contracts.events import STORY_EVENT, AnyEvent

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC).isoformat()


def told(kind: str, story: str, sequence: int, position: int, **data: Any) -> AnyEvent:
    """An event with the least that its kind needs."""
    placed = kind in ("opened", "joined")
    evidence = {"summary": "", "model": {"version": "1", "sha256": ""}}
    least = {
        **({"lang": "en", "relation": None, "score": None, "title": ""} if placed else {}),
        **({"matched_article_id": None, "evidence": evidence} if placed else {}),
        "article_count": 1,
        "languages": ["en"],
        "independent_sources": 1,
        "lead": "a",
        "story_id": story,
        "sequence": sequence,
        "position": position,
    }
    return STORY_EVENT.validate_python(
        {
            "id": f"{story}-{sequence}",
            "source": "/",
            "subject": story,
            "time": NOW,
            "type": f"story.{kind}",
            "data": least | data,
        }
    )


def split(story: str, sequence: int, position: int, article: str, to: str) -> AnyEvent:
    data = {"split_from": story, "moved_to": to, "article_ids": [article], "because_of": article}
    return told("split", story, sequence, position, **data)


DAY = [
    told("opened", "s", 1, 1, article_id="a", title="A"),
    told("joined", "s", 2, 2, article_id="b"),
    told("opened", "t", 1, 3, article_id="c", lead="c"),
    told("joined", "t", 2, 4, article_id="d", lead="c"),
    split("s", 3, 5, "b", "u"),
    told("opened", "u", 1, 6, article_id="b", lead="b", split_from="s"),
    told("merged", "t", 3, 7, merged_into="u", article_ids=["c", "d"], because_of="b", lead="b"),
    told("revised", "u", 2, 8, change="retracted", article_id="c", lead="b"),
    told("revised", "u", 3, 9, change="lead", article_id="d", lead="d", old_lead="b"),
    told("revised", "s", 4, 10, change="version", article_id="a", new_version=3, title="A3"),
]


def held(events: Any) -> Any:
    partition = Partition()
    for event in events:
        partition.apply(event)
    stories = {story.id: (set(story.articles), story.lead) for story in partition.stories.values()}
    return stories, partition.resolve("t"), partition.version("a")


def test_it_holds_what_the_events_say() -> None:
    assert held(DAY) == ({"s": ({"a"}, "a"), "u": ({"b", "d"}, "d")}, "u", 3)


@pytest.mark.parametrize("late", range(len(DAY)))
def test_events_that_come_late_change_nothing(late: int) -> None:
    """What is told once more without its text comes after all the others."""
    order = [*DAY[:late], *DAY[late + 1 :], DAY[late]]

    assert held(order) == held(DAY)


BACK = [
    told("opened", "s", 1, 1, article_id="a", title="A"),
    told("joined", "s", 2, 2, article_id="b", title="B"),
    told("revised", "s", 3, 3, change="version", article_id="a", new_version=5, title="A5"),
    told("revised", "s", 4, 4, change="retracted", article_id="a", lead="b"),
    told("joined", "s", 5, 5, article_id="a", version=7, title="A7", lead="b"),
]
"""An article is killed, and a later version of it comes: that one is in force."""


@pytest.mark.parametrize("late", list(itertools.permutations(range(len(BACK)), 2)))
def test_of_an_article_that_came_back_the_last_version_is_known(late: tuple[int, ...]) -> None:
    """A kill too may come late: it is told once more with the events that quoted the text."""
    partition = Partition()
    rest = [event for place, event in enumerate(BACK) if place not in late]
    for event in [*rest, *(BACK[place] for place in late)]:
        partition.apply(event)

    assert partition.version("a") == 7
    assert partition.stories["s"].titles == {"b": "B", "a": "A7"}


def test_of_an_article_that_is_gone_a_late_event_tells_nothing() -> None:
    partition = Partition()
    for event in (BACK[0], BACK[1], BACK[3], BACK[2]):
        partition.apply(event)

    assert partition.version("a") is None


def test_any_two_late_ones_likewise_and_twice_is_once() -> None:
    for one, other in itertools.permutations(range(len(DAY)), 2):
        rest = [event for place, event in enumerate(DAY) if place not in (one, other)]
        assert held([*rest, DAY[one], DAY[other], DAY[one]]) == held(DAY)


def test_a_missing_event_is_known_until_it_comes() -> None:
    partition = Partition()
    for event in (DAY[0], DAY[4]):
        assert partition.apply(event)
    assert partition.incomplete == ["s"]

    assert partition.apply(DAY[1])

    assert partition.incomplete == []
    assert not partition.apply(DAY[1])


def test_of_a_killed_article_it_keeps_no_title() -> None:
    partition = Partition()
    partition.apply(DAY[0])
    partition.apply(DAY[1])

    partition.apply(told("revised", "s", 3, 5, change="retracted", article_id="a", lead="b"))

    (story,) = partition.stories.values()
    assert story.titles.keys() == {"b"}


def test_a_closed_story_is_gone_and_a_retracted_one() -> None:
    partition = Partition()
    for event in DAY:
        partition.apply(event)

    partition.apply(told("closed", "u", 4, 11, lead="d"))
    partition.apply(told("retracted", "s", 5, 12, article_ids=["a"], change="retracted"))

    assert partition.stories == {}


def test_closed_stories_are_there_for_who_asks_for_all() -> None:
    partition = Partition()
    for event in [*DAY, told("closed", "u", 4, 11, lead="d")]:
        partition.apply(event)

    partition.apply(told("opened", "v", 1, 12, article_id="b2", lead="b2"))
    partition.apply(DAY[1])

    assert {story.id: set(story.articles) for story in partition.all_stories.values()} == {
        "s": {"a"},
        "u": {"b", "d"},
        "v": {"b2"},
    }
    assert partition.stories.keys() == {"s", "v"}
