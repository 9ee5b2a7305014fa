"""The wire's life: versions, corrections, kills, holds and embargoes, one by one."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis

from contracts.article import Article, Status
from contracts.dead_letter import Reason
from contracts.events import Change, Relation, Revision, Split, StoryJoined, StoryRevised
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item, text

NEXT_MONTH = (datetime.now(UTC) + timedelta(days=30)).isoformat()


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[Desk]:
    with desk(redis_client, harness.settings_for(redis_url, namespace)) as made:
        yield made


def types(events: list[Any]) -> list[str]:
    return [event.type.removeprefix("story.") for event in events]


def test_a_new_version_replaces_the_member_and_stays(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1))

    told = wire.place(item("a", 1, 2, version=2))

    assert types(told) == ["revised"]
    data = told[0].data
    assert isinstance(data, Revision)
    assert (data.change, data.old_version, data.new_version) == (Change.VERSION, 1, 2)
    assert data.evidence is not None
    assert data.evidence.summary.startswith("Version 2 stays.")
    assert wire.stories == {frozenset("ab")}
    assert wire.partition.version("a") == 2


def test_a_new_version_that_no_longer_fits_opens_a_story_of_its_own(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1), item("c", 1, 2))
    first = wire.story_of("a")

    told = wire.place(item("a", 2, version=2))

    assert types(told) == ["split", "opened"]
    split, opened = (event.data for event in told)
    assert isinstance(split, Split)
    assert (split.split_from, split.article_ids, split.because_of) == (first, ("a",), "a")
    assert (split.old_lead, split.lead) == ("a", "b")
    assert opened.split_from == first
    assert opened.story_id == split.moved_to != first
    assert wire.stories == {frozenset("a"), frozenset("bc")}


def test_a_new_version_that_fits_another_story_joins_it(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1), item("x", 2), item("y", 2, 1))

    told = wire.place(item("b", 2, 2, version=7))

    assert types(told) == ["split", "joined"]
    assert wire.stories == {frozenset("a"), frozenset("bxy")}
    assert wire.partition.stories[wire.story_of("x")].lead == "x"


def test_a_version_that_leaves_and_comes_back_opens_no_story_twice(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1))
    wire.place(item("a", 2, version=2))
    wire.place(item("a", 1, version=3))
    wire.place(item("a", 3, version=4))

    assert wire.stories == {frozenset("a"), frozenset("b")}
    assert len({event.data.story_id for event in wire.events}) == 3


def test_the_only_article_of_a_story_takes_its_story_along(wire: Desk) -> None:
    wire.place(item("x", 2), item("a", 1))
    old = wire.story_of("a")

    told = wire.place(item("a", 2, 1, version=2))

    assert types(told) == ["merged", "revised"]
    assert wire.stories == {frozenset("ax")}
    assert wire.partition.resolve(old) == wire.story_of("x")


@pytest.mark.parametrize("version", [2, 1, 0])
def test_the_same_or_a_lower_version_has_no_effect(wire: Desk, version: int) -> None:
    wire.place(item("a", 1, version=2), item("b", 1, 1))

    told = wire.place(item("a", 3, version=version))

    assert told == []
    assert wire.stories == {frozenset("ab")}
    assert harness.counts(wire.redis, wire.settings)["repeated"] == 1
    assert harness.pending(wire.redis, wire.settings) == 0


def test_versions_of_one_batch_are_taken_in_order(wire: Desk) -> None:
    told = wire.place(
        item("a", 1),
        item("b", 1, 1),
        item("a", 2, version=2),
        item("c", 2, 1),
        item("b", 2, 2, version=9),
    )

    assert types(told) == ["opened", "joined", "split", "opened", "joined", "merged", "revised"]
    assert wire.stories == {frozenset("abc")}


def test_ten_thousand_versions_leave_as_much_as_one(wire: Desk) -> None:
    """Of 300 here: what grows with them would show."""
    wire.place(item("b", 1, 1))
    wire.place(item("a", 1))
    log = wire.redis.xlen(wire.settings.keys.log)

    wire.place(*(item("a", 1, version=version) for version in range(2, 300)))

    held = [
        entry for entry in harness.entries(wire.redis, wire.settings.keys.log) if b"p" in entry[1]
    ]
    assert len(held) == log
    wire.sweep()
    assert len(wire.workers[0].deduplicator.grounds.window) == 2
    assert wire.stories == {frozenset("ab")}
    story = wire.partition.stories[wire.story_of("a")]
    assert wire.partition.version("a") == 299
    assert story.lead == "b"


def test_a_correction_under_its_own_id_joins_as_revision(wire: Desk) -> None:
    wire.place(item("a", 1))
    tagged = item("a-corrected", 1, 1)
    tagged["title"] = f"CORRECTED: {tagged['title']}"

    (joined,) = wire.place(tagged)

    assert isinstance(joined, StoryJoined)
    assert joined.data.relation is Relation.REVISION


def test_an_item_joins_the_one_that_it_replaces_whatever_its_text(wire: Desk) -> None:
    wire.place(item("a", 1))

    (joined,) = wire.place(item("b", 2, replaces="a"))

    assert joined.data.relation is Relation.REVISION
    assert joined.data.matched_article_id == "a"
    assert joined.data.evidence.summary.startswith("The feed says that it and a are one item")
    assert wire.stories == {frozenset("ab")}


def test_a_correction_that_comes_before_its_item_is_found_by_it(wire: Desk) -> None:
    wire.place(item("b", 2, replaces="a"))

    (joined,) = wire.place(item("a", 1))

    assert joined.data.matched_article_id == "b"
    assert wire.stories == {frozenset("ab")}


def test_a_correction_in_one_batch_with_its_item_is_found_by_it(wire: Desk) -> None:
    """The item is registered, and not decided, when its correction is placed."""
    wire.place(item("b", 2, replaces="a"), item("a", 1))

    assert wire.stories == {frozenset("ab")}


def test_items_that_replace_each_other_in_a_circle_are_one_story(wire: Desk) -> None:
    circle = {"a": "c", "b": "a", "c": "b"}
    wire.place(
        *(
            item(each, story, source="Wire", replaces=circle[each])
            for story, each in enumerate(circle)
        )
    )

    assert wire.stories == {frozenset("abc")}


def test_an_item_that_replaces_itself_or_nothing_is_an_item(wire: Desk) -> None:
    wire.place(item("a", 1, replaces="a"), item("b", 2, replaces="never-sent"))

    assert wire.stories == {frozenset("a"), frozenset("b")}


def test_a_kill_retracts_names_translations_and_chooses_a_lead(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1), item("c", 1, 2, lang="ru"))
    lang = {event.data.article_id: event.data.lang for event in wire.events}

    (revised,) = wire.place({"id": "a", "status": "canceled"})

    data = revised.data
    assert isinstance(data, Revision)
    assert data.change is Change.RETRACTED
    assert (data.old_lead, data.lead) == ("a", "b")
    assert data.translations == tuple(each for each in "bc" if lang[each] != lang["a"])
    assert data.copies == tuple(each for each in "bc" if lang[each] == lang["a"])
    assert data.title == ""
    assert wire.stories == {frozenset("bc")}


def test_the_kill_of_a_last_member_retracts_the_story(wire: Desk) -> None:
    wire.place(item("a", 1))
    story = wire.story_of("a")

    (retracted,) = wire.place({"id": "a", "status": "canceled"})

    assert retracted.type == "story.retracted"
    assert (retracted.data.story_id, retracted.data.article_ids) == (story, ("a",))
    assert wire.stories == set()
    assert wire.place({"id": "a", "status": "canceled"}) == []


def test_of_a_killed_article_no_word_is_left_in_redis(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = harness.settings_for(redis_url, namespace, keep_input=True)
    with desk(redis_client, settings) as wire:
        killed = item("a", 1)
        wire.place(killed, item("b", 1, 1))
        wire.place(item("far", 2))
        wire.send({"id": "a", "text": "", "title": None})  # a dead letter under its id
        wire.settle()
        words = killed["title"].split()[0]
        assert wire.holds(words)

        wire.place({"id": "a", "status": "canceled", "title": f"KILL: {killed['title']}"})
        wire.place(killed)  # sent once more
        wire.sweep()

        only_b = wire.holds(words)
        assert killed["title"] not in [
            event.data.title
            for event in wire.events
            if hasattr(event.data, "title") and event.data.article_id == "a"
        ]
        (own,) = [
            event
            for event in wire.events
            if event.type == "story.opened" and event.data.article_id == "a"
        ]
        assert own.data.redacted
        assert own.data.title == ""
        (other,) = [
            event
            for event in wire.events
            if getattr(event.data, "article_id", "") == "b" and event.type == "story.joined"
        ]
        assert other.data.redacted
        assert other.data.evidence.summary == "The text was withdrawn"
        assert wire.stories == {frozenset("b"), frozenset({"far"})}
        assert harness.letters(wire.redis, wire.settings) == []
        # What is left of these words is the reprint's own.
        wire.place({"id": "b", "status": "canceled"})
        wire.sweep()
        assert only_b
        assert wire.holds(words) == []


def test_a_kill_that_comes_before_its_item_is_remembered(wire: Desk) -> None:
    assert wire.place({"id": "a", "status": "canceled"}) == []

    assert wire.place(item("a", 1), item("a", 1, version=5)) == []

    assert wire.stories == set()
    assert wire.holds(text(1)["title"].split()[0]) == []


def test_a_correction_of_a_killed_item_does_not_make_the_kill_forgotten(wire: Desk) -> None:
    wire.place({"id": "a", "status": "canceled"})
    days = wire.settings.kills_ms

    wire.place(item("b", 1, replaces="a"))

    assert wire.redis.pttl(wire.settings.keys.article("a")) > days - 60_000
    assert wire.place(item("a", 1)) == []


def test_a_kill_with_a_version_kills_no_later_one(wire: Desk) -> None:
    wire.place(item("a", 1, version=3))

    assert wire.place({"id": "a", "status": "canceled", "version": 2}) == []
    assert wire.stories == {frozenset("a")}
    (letter,) = harness.letters(wire.redis, wire.settings)
    assert (letter.reason, letter.article_id) == (Reason.KILLS_OLDER, "a")

    assert types(wire.place({"id": "a", "status": "canceled", "version": 4})) == ["retracted"]
    assert wire.place(item("a", 1, version=4)) == []
    assert types(wire.place(item("a", 1, version=5))) == ["opened"]
    assert wire.stories == {frozenset("a")}


@pytest.mark.parametrize("more", [{"status": "withheld"}, {"embargoed": NEXT_MONTH}])
def test_a_kill_of_an_older_version_than_the_held_one_is_told_too(
    wire: Desk, more: dict[str, Any]
) -> None:
    wire.place(item("a", 1, version=5, **more))

    wire.place({"id": "a", "status": "canceled", "version": 1})

    (letter,) = harness.letters(wire.redis, wire.settings)
    assert (letter.reason, letter.article_id) == (Reason.KILLS_OLDER, "a")


def test_kills_that_are_sent_once_more_after_a_later_version_make_no_letters(wire: Desk) -> None:
    kill = {"id": "a", "status": "canceled", "version": 1}
    wire.place(item("a", 1), kill, item("a", 1, version=2))

    assert wire.place(item("a", 1), kill, item("a", 1, version=2)) == []

    assert harness.letters(wire.redis, wire.settings) == []
    assert wire.stories == {frozenset("a")}


@pytest.mark.parametrize(
    "kill",
    [
        pytest.param(Article(id="a", status=Status.CANCELED), id="by status"),
        pytest.param(Article(id="a", title="Bridge", signals=("kill",)), id="by signal"),
        pytest.param(Article(id="k", title="KILL: it", replaces="a"), id="by what it replaces"),
    ],
)
def test_a_kill_as_the_model_writes_it_is_of_all_versions(wire: Desk, kill: Article) -> None:
    """Types that are generated from the contract write every field, as ours does."""
    wire.place(item("a", 1, version=5))

    (retracted,) = wire.place(json.loads(kill.model_dump_json()))

    assert retracted.type == "story.retracted"
    assert harness.letters(wire.redis, wire.settings) == []


def test_a_kill_found_by_its_text_is_of_all_versions_whatever_its_own(wire: Desk) -> None:
    wire.place(item("a", 1, source="Wire", version=5))
    kill = item("kill-1", 1, 2, source="Wire", version=1)
    kill["title"] = f"KILL: {kill['title']}"

    (retracted,) = wire.place(kill)

    assert retracted.type == "story.retracted"


def test_a_kill_under_an_id_of_its_own_names_its_item(wire: Desk) -> None:
    wire.place(item("a", 1))

    (retracted,) = wire.place({"id": "kill-1", "title": "KILL: it", "replaces": "a", "version": 4})

    assert retracted.type == "story.retracted"


def test_a_headline_s_kill_finds_its_item_by_text_in_the_same_outlet(wire: Desk) -> None:
    wire.place(item("a", 1, source="Wire"), item("b", 1, 1, source="Courier"))
    kill = item("kill-1", 1, 2, source="Wire")
    kill["title"] = f"KILL: {kill['title']}"

    (revised,) = wire.place(kill)

    assert isinstance(revised, StoryRevised)
    assert revised.data.article_id == "a"


def test_a_kill_in_markup_withdraws_the_item(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1), item("c", 2))

    (revised,) = wire.place(item("a", 1, 2, title=f"<p><b>K&shy;ILL:</b> {text(1)['title']}</p>"))
    (retracted,) = wire.place({"id": "c", "title": "<i>АННУЛИРОВАНО.</i>"})

    assert isinstance(revised, StoryRevised)
    assert (revised.data.change, revised.data.article_id) == (Change.RETRACTED, "a")
    assert retracted.data.article_ids == ("c",)
    assert wire.stories == {frozenset("b")}


def test_a_kill_that_names_nothing_is_a_dead_letter(wire: Desk) -> None:
    wire.place(item("a", 1))

    wire.place({"id": "kill-1", "title": "KILL: a story of which nothing is known", "text": "."})

    (letter,) = harness.letters(wire.redis, wire.settings)
    assert letter.reason is Reason.KILLS_NOTHING
    assert "replaces" in letter.remedy
    assert wire.stories == {frozenset("a")}


def test_a_held_item_is_told_to_nobody_until_it_is_released(wire: Desk) -> None:
    wire.place(item("a", 1))

    assert wire.place(item("b", 1, 1, status="withheld")) == []
    would = json.loads(wire.redis.hget(wire.settings.keys.would, "b") or b"{}")
    assert would["story_id"] == wire.story_of("a")
    assert would["matched_article_id"] == "a"
    assert types(wire.place(item("c", 1, 2))) == ["joined"]

    (joined,) = wire.place(item("b", 1, 1, version=2))
    assert joined.data.article_id == "b"
    assert wire.stories == {frozenset("abc")}
    assert wire.redis.hlen(wire.settings.keys.held) == 0


def test_a_published_item_that_is_held_back_leaves(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1))

    (revised,) = wire.place(item("a", 1, status="withheld"))

    assert revised.data.change is Change.WITHHELD
    assert wire.stories == {frozenset("b")}
    assert types(wire.place(item("c", 1, 2), item("a", 1, version=2))) == ["joined", "joined"]
    assert wire.stories == {frozenset("abc")}


def test_an_embargo_is_matched_at_once_and_published_at_its_time(wire: Desk) -> None:
    wire.place(item("a", 1))
    until = datetime.now(UTC) + timedelta(seconds=2.5)

    assert wire.place(item("b", 1, 1, embargoed=until.isoformat())) == []
    assert wire.redis.hexists(wire.settings.keys.would, "b")
    wire.settle()
    assert datetime.now(UTC) < until
    assert wire.stories == {frozenset("a")}

    wait_until(wire.settle, "the embargo is over")
    assert [event.data.article_id for event in wire.told] == ["b"]
    assert datetime.now(UTC) >= until
    assert wire.stories == {frozenset("ab")}
    assert wire.settle() == []
    assert wire.redis.hlen(wire.settings.keys.held) == 0


def test_an_embargo_in_the_past_holds_nothing_back(wire: Desk) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)

    assert types(wire.place(item("a", 1, embargoed=past.isoformat()))) == ["opened"]


def test_an_item_killed_under_embargo_is_never_published(wire: Desk) -> None:
    until = datetime.now(UTC) + timedelta(seconds=2)
    wire.place(item("a", 1, embargoed=until.isoformat()))

    wire.place({"id": "a", "status": "canceled"})

    wait_until(lambda: datetime.now(UTC) > until, "the embargo is over")
    assert wire.settle() == []
    assert wire.holds(text(1)["title"].split()[0]) == []


def test_a_new_version_under_embargo_leaves_the_one_in_force(wire: Desk) -> None:
    wire.place(item("a", 1))
    until = datetime.now(UTC) + timedelta(seconds=2)

    assert wire.place(item("a", 1, 1, version=2, embargoed=until.isoformat())) == []
    assert wire.partition.version("a") == 1

    wait_until(wire.settle, "the embargo is over")
    assert types(wire.told) == ["revised"]
    assert wire.partition.version("a") == 2


def test_of_many_workers_one_releases_an_item(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = harness.settings_for(redis_url, namespace)
    until = datetime.now(UTC) + timedelta(seconds=3)
    with desk(redis_client, settings, workers=3) as wire:
        wire.place(*(item(f"e{n}", n, embargoed=until.isoformat()) for n in range(10)))
        wait_until(lambda: datetime.now(UTC) > until, "the embargo is over")

        for turn in range(6):
            wire.settle(turn % 3)

        assert sorted(event.data.article_id for event in wire.events) == [
            f"e{n}" for n in range(10)
        ]
        assert harness.counts(redis_client, settings)["released"] == 10


def test_independent_sources_count_reprints_of_one_original_once(wire: Desk) -> None:
    wire.place(item("a", 1, source="Wire"), item("b", 1, 1, source="Courier"))
    wire.place(item("c", 1, 2, source="Herald"))
    assert [event.data.independent_sources for event in wire.events] == [1, 1, 1]

    (joined,) = wire.place(item("d", 2, replaces="a", source="Wire"))
    assert joined.data.independent_sources == 1

    wire.rule("together", "e", "a", rule="r1")
    (joined,) = wire.place(item("e", 3, source="Gazette"))
    assert joined.data.independent_sources == 2
