"""What a commit says, in the words of ``lua/change.lua``."""

import json
from itertools import islice
from typing import Any

from service.stories.step import Step, StoryChange
from tests.support.builders.story_events import opened
from tests.unit.state.test_story_hash import LEAD, STORY
from workers.keys import Key
from workers.state import schema
from workers.state.commit import Commit


def operations(commit: Commit) -> list[list[str]]:
    words = iter(head(commit))
    *_, keys = islice(words, 6)
    for _ in range(int(keys)):
        _, fields = islice(words, 2)
        for _ in range(2 * int(fields)):
            next(words)
    return [list(islice(words, int(count))) for count in words]


def head(commit: Commit, *, deletes: bool = False) -> list[str]:
    words, *_ = commit.said(deletes=deletes)
    return list(json.loads(words))


def test_it_begins_with_its_entry_and_what_it_rests_on() -> None:
    commit = Commit("1-0", "placed", rules_revision="7")
    commit.requires(Key.EPOCHS, "19000", "1:9")
    commit.requires_of("a1", {schema.Article.NUMBER: 3, schema.Article.HELD_VERSION: ""})
    commit.requires(Key.EPOCHS, "19001", "")

    assert head(commit) == [
        *("1-0", "0", "placed", "7", "0", "2"),
        *("epochs", "2", "19000", "19001", "1:9", ""),
        *("a:a1", "2", "n", "hv", "3", ""),
    ]


def test_rules_that_do_not_matter_are_a_star() -> None:
    assert head(Commit()) == ["", "0", "", "*", "0", "0"]


def test_an_entry_is_deleted_if_the_settings_or_the_commit_say_so() -> None:
    deleted = [
        head(Commit("1-0", "killed", deletes=own), deletes=settings)[1]
        for own, settings in ((False, False), (False, True), (True, False))
    ]

    assert deleted == ["0", "1", "1"]


def test_each_verb_is_one_operation_in_the_order_said() -> None:
    commit = Commit()
    commit.places("a1", number=4, version=2, event_ms=9, story_id="s-1", opened=None)
    commit.places("a1", number=4, version=2, event_ms=9, story_id="s-1", opened=3)
    commit.drops(3)
    commit.reminds("a1")
    commit.refers("a0", "a1", 60_000, ["source:wire", "source:"])
    commit.tallies(schema.Count.OTHER_LANGUAGE)
    commit.notes(Key.CLOCK, {schema.Clock.FLOOR: 5})
    commit.forgets(Key.HELD, "a1", "a2")
    commit.advances(Key.CLOCK, schema.Clock.RULES)
    commit.removes(Key.STORY + "s-1")
    commit.keeps(Key.ARTICLE + "a1")
    commit.keeps(Key.ARTICLE + "a1", 60_000)
    commit.schedules(Key.EMBARGOES, "a1", 1_000)
    commit.unschedules(Key.EMBARGOES, "a1")
    commit.sends(Key.RULINGS, "{}")
    commit.cuts(Key.LOG, 12)

    assert [" ".join(each) for each in operations(commit)] == [
        "PLACE a:a1 4 2 9 s-1",
        "PLACE a:a1 4 2 9 s-1 3",
        "DROP 3",
        "REMIND a1",
        "REFER a:a0 a1 60000 source:wire\tsource:",
        "TALLY other_language",
        "HSET clock floor 5",
        "HDEL held a1 a2",
        "HINCRBY clock rules 1",
        "UNLINK s:s-1",
        "PERSIST a:a1",
        "PEXPIRE a:a1 60000",
        "ZADD embargoes 1000 a1",
        "ZREM embargoes a1",
        "XADD rulings * data {}",
        "XTRIM log MINID 12-0",
    ]


def test_many_fields_are_several_operations_that_a_script_can_take() -> None:
    fields: dict[str, Any] = {f"m{number}": number for number in range(2_500)}
    commit = Commit()
    commit.notes("s:s-1", fields)
    commit.forgets("s:s-1", *fields)

    said = operations(commit)

    assert [len(each) for each in said] == [2_002, 2_002, 1_002, 1_002, 1_002, 502]
    assert [word for each in said[3:] for word in each[2:]] == list(fields)


def test_a_step_is_written_only_on_the_stories_as_they_were() -> None:
    commit = Commit("1-0", "placed")
    after = STORY._replace(revision="5-b0b0")

    commit.takes(Step({"s-1": StoryChange(STORY, after, put={"m1": LEAD})}, (), {}))

    assert head(commit)[5:10] == ["1", "s:s-1", "1", "r", "4-b0b0"]
    assert operations(commit) == [
        ["HSET", "s:s-1", "r", "5-b0b0", "mm1", "3:7:2:en:3:6f2a:1700000000000"]
    ]


def test_a_story_that_lost_a_member_is_looked_at_once_more() -> None:
    commit = Commit("1-0", "killed")
    after = STORY._replace(revision="5-b0b0")

    commit.takes(Step({"s-1": StoryChange(STORY, after, dropped={"x:y"})}, (), {}))

    assert operations(commit)[1:] == [["HDEL", "s:s-1", "mx:y"], ["REMIND", "m1"]]


def test_a_story_that_others_members_came_to_is_looked_at_once_more() -> None:
    commit = Commit("1-0", "placed")
    after = STORY._replace(revision="5-b0b0")

    commit.takes(Step({"s-1": StoryChange(STORY, after)}, (), {"a1": "s-1"}))

    assert operations(commit)[1:] == [["REMIND", "m1"], ["HSET", "a:a1", "s", "s-1"]]


def test_a_story_that_merged_leaves_where_it_went() -> None:
    commit = Commit("1-0", "placed")

    commit.takes(Step({"s-1": StoryChange(STORY, merged_into="s-9", released=("s-0",))}, (), {}))

    assert operations(commit) == [
        ["UNLINK", "s:s-1"],
        ["UNLINK", "s:s-0"],
        ["HSET", "s:s-1", "into", "s-9"],
    ]


def test_its_events_carry_its_trace() -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    commit = Commit("1-0", "placed", traceparent=trace)

    commit.takes(Step({}, (opened("s-1", "a1"),), {"a1": "s-1"}))

    assert operations(commit) == [["HSET", "a:a1", "s", "s-1"], ["EVENT", "opened"]]
    assert [each.traceparent for each in commit.events] == [trace]
    words, before, behind = commit.said(deletes=False)
    assert json.loads(words)[4] == "1"
    (event,) = commit.events
    assert json.loads(f"{before}7{behind}")["data"]["position"] == 7
    assert f"{before}0{behind}" == event.model_dump_json()
    assert trace in before + behind


def test_every_word_is_a_text() -> None:
    """Lua would write a great number in another way."""
    commit = Commit("1-0", "placed", rules_revision="7")
    commit.requires("a:a1", "pn", 7)
    commit.notes(Key.CLOCK, {schema.Clock.FLOOR: 1_767_228_100_000})

    assert {type(each) for each in head(commit)} == {str}
