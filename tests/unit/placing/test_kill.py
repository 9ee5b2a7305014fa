"""What a kill writes: the article leaves its story, and its id is remembered."""

import json
from typing import Any

import pytest

from contracts.article import Article, Status
from contracts.dead_letter import Reason
from contracts.events import Change, Retraction, Revision
from service.stories.rules import Rules
from service.stories.senders import Trust
from tests.unit.placing.builders import member
from tests.unit.stories.builders import NOW, SOURCE, lead, story
from workers.placing.kill import kills_nothing, kills_older, outlives, retraction
from workers.state.answers import Whole
from workers.state.commit import Commit
from workers.state.entries import Entry

ALONE = story("alone", member(1), absorbed=("older",))
BOTH = story("both", member(1), member(2), member(3))
PLACED = {"n": "1", "v": "1", "s": "both"}
NOBODY, WIRE, COURIER = (Trust().voice(each) for each in ("source:", "source:wire", "feed:courier"))


def killed(record: dict[str, str], *stories: Any, through: int = 5, **more: Any) -> Commit:
    """The commit of a kill of ``a1``, of which this is known."""
    whole = Whole({"a1": record}, {each.id: each for each in stories})
    rules = more.pop("rules", Rules())
    return retraction(
        *("9-0", "a1", through, whole, SOURCE, rules, 60_000, NOW),
        voice=more.pop("voice", NOBODY),
        traceparent=None,
        **more,
    )


def tombs(commit: Commit) -> list[Any]:
    """What is written under the article's own key."""
    return [each for each in commit._operations if each[1:2] == ("a:a1",)]


def test_the_kill_of_an_only_member_retracts_its_story() -> None:
    commit = killed(PLACED, ALONE)

    (event,) = commit.events
    assert event.data == Retraction(
        story_id="alone", sequence=4, article_ids=("a1",), change=Change.RETRACTED
    )
    assert ("UNLINK", "s:alone") in commit._operations
    assert ("UNLINK", "s:older") in commit._operations


def test_the_kill_of_a_lead_names_the_next_one_which_a_rule_may_choose() -> None:
    by_age = killed(PLACED, BOTH).events[0].data
    ruled = BOTH._replace(ruled=("a3",))
    by_rule = killed(PLACED, ruled, rules=Rules.of({"r": lead("a3")})).events[0].data

    assert isinstance(by_age, Revision)
    assert isinstance(by_rule, Revision)
    assert (by_age.change, by_age.old_lead, by_age.lead) == (Change.RETRACTED, "a1", "a2")
    assert (by_rule.old_lead, by_rule.lead) == ("a1", "a3")


def test_nothing_is_left_but_that_it_was_killed_and_where_it_was() -> None:
    commit = killed(PLACED | {"o": "2"}, BOTH)

    assert tombs(commit) == [
        ("UNLINK", "a:a1"),
        ("HSET", "a:a1", "k", 5, "ks", "both", "o", "2"),
        ("PEXPIRE", "a:a1", 60_000),
    ]
    assert ("DROP", "1") in commit._operations
    assert ("HSET", "purges", "a1", "*") in commit._operations
    assert ("HDEL", "held", "a1") in commit._operations


def test_a_kill_holds_only_while_its_article_and_the_rules_are_as_they_were_read() -> None:
    commit = killed(PLACED | {"hv": "3"}, BOTH, rules=Rules(revision=7))

    assert commit.rules_revision == "7"
    assert ("s:both", "r", "3-x") in commit._checks
    assert [each for each in commit._checks if each[0] == "a:a1"] == [
        ("a:a1", "n", "1"),
        ("a:a1", "pn", ""),
        ("a:a1", "hv", "3"),
        ("a:a1", "k", ""),
        ("a:a1", "ow", ""),
        ("a:a1", "kf", ""),
    ]


def test_a_kill_deletes_its_entry_which_may_quote_the_text() -> None:
    commit = killed(PLACED, BOTH)

    assert (commit.entry_id, commit.counted, commit.deletes) == ("9-0", "killed", True)


def test_a_kill_before_its_article_is_remembered_and_tells_nobody() -> None:
    commit = killed({})

    assert commit.events == []
    kills = '[[5, "source:", "source:\\tsource", "9-0"]]'
    assert tombs(commit)[1] == ("HSET", "a:a1", "k", 5, "kf", kills)
    assert commit.rules_revision is None


def test_kills_by_two_senders_before_their_article_are_both_remembered() -> None:
    first = tombs(killed({}, voice=WIRE, through=3))[1]
    record = {"k": "3", "kf": first[-1]}

    second = killed(record, voice=COURIER, through=2)

    assert json.loads(tombs(second)[1][-1]) == [
        [3, "source:wire", "source:wire\tsource:", "9-0"],
        [2, "feed:courier", "feed:courier", "9-0"],
    ]
    assert tombs(second)[1][2:4] == ("k", 3)
    assert killed(record, voice=WIRE, through=3).counted == "repeated"


def test_a_kill_that_an_older_version_remembered_holds_for_every_sender() -> None:
    (_, _, *fields) = tombs(killed({"k": "4"}, voice=WIRE))[1]

    assert json.loads(fields[-1]) == [
        [4, "", "*", ""],
        [5, "source:wire", "source:wire\tsource:", "9-0"],
    ]


def test_whose_a_killed_article_was_stays_known() -> None:
    commit = killed(PLACED | {"ow": "source:wire"}, BOTH, voice=WIRE)

    assert tombs(commit)[1] == ("HSET", "a:a1", "k", 5, "ks", "both", "ow", "source:wire")


def test_a_kill_of_version_zero_is_remembered_too() -> None:
    assert killed({}, through=0).counted == "killed"


def test_an_article_under_decision_or_held_back_is_killed_without_a_story() -> None:
    pending, held = killed({"pn": "4", "pv": "2"}), killed({"hv": "2"})

    assert ("DROP", "4") in pending._operations
    assert (pending.events, held.events) == ([], [])
    assert ("ZREM", "embargoes", "a1") in held._operations


def test_a_kill_that_came_before_changes_nothing() -> None:
    nothing = Commit("9-0", "repeated", deletes=True)

    assert killed({"k": "5"}) == nothing
    assert killed({"k": "6"}) == nothing


def _there(field: str, version: str) -> dict[str, str]:
    """What a record says of a version that is placed, being decided, or held back."""
    number = {"v": {"n": "3"}, "pv": {"pn": "4"}}.get(field, {})
    return {field: version, **number}


@pytest.mark.parametrize(("latest", "entry"), [("v", "e"), ("pv", "pe"), ("hv", "he")])
def test_a_version_above_the_kill_outlives_it(latest: str, entry: str) -> None:
    assert killed(PLACED | {latest: "6"}, BOTH) == Commit("9-0", "repeated", deletes=True)
    for before in ({}, {entry: "8-7"}, {entry: "8"}):
        assert outlives(_there(latest, "6") | before, 5, "9-0") == 6
        assert outlives(_there(latest, "5") | before, 5, "9-0") is None


@pytest.mark.parametrize(("latest", "entry"), [("v", "e"), ("pv", "pe"), ("hv", "he")])
def test_a_kill_that_a_later_version_overtook_is_no_mistake_of_its_sender(
    latest: str, entry: str
) -> None:
    """Of several workers one may place what comes behind a kill before another carries that out."""
    assert outlives(_there(latest, "6") | {entry: "9-1"}, 5, "9-0") is None
    assert outlives(_there(latest, "6") | {entry: "10-0"}, 5, "9-5") is None


def test_a_version_that_has_left_its_story_outlives_no_kill() -> None:
    """Another worker held the item back, by an entry behind the kill, before this one comes to it:
    of the version before only the number of its version is left, not by which entry it came.
    """
    assert outlives({"v": "6", "hv": "7", "he": "9-2"}, 5, "9-0") is None
    assert outlives({"v": "6", "hv": "7", "he": "8-0"}, 5, "9-0") == 7


def test_a_kill_that_came_before_a_later_version_and_comes_again_is_a_repetition() -> None:
    """To send a day's lines once more is harmless."""
    assert outlives(_there("v", "6") | {"k": "5"}, 5, "9-0") is None
    assert outlives(_there("v", "6") | {"k": "4"}, 5, "9-0") == 6


def test_nothing_outlives_a_kill_of_what_is_not_there_yet() -> None:
    assert outlives({}, 0, "9-0") is None


def test_a_kill_reaches_the_version_that_it_names_and_further_than_the_last_kill() -> None:
    assert killed(PLACED | {"v": "5"}, BOTH).counted == "killed"
    owned = {"k": "4", "ow": "source:"}
    assert tombs(killed(owned))[1] == ("HSET", "a:a1", "k", 5, "ow", "source:")


def test_the_events_of_a_kill_carry_its_trace() -> None:
    whole = Whole({"a1": PLACED}, {"both": BOTH})

    commit = retraction(
        *("9-0", "a1", 5, whole, SOURCE, Rules(), 60_000, NOW),
        voice=NOBODY,
        traceparent="00-trace",
    )

    assert [event.traceparent for event in commit.events] == ["00-trace"]


def test_a_kill_of_nothing_is_a_letter_that_says_what_to_do() -> None:
    article = Article(id="kill-1", title="KILL: Bridge opens")

    letter = kills_nothing(Entry("9-0", {b"data": b"{}"}, deliveries=2), article)

    assert (letter.reason, letter.entry_id, letter.article_id, letter.deliveries) == (
        Reason.KILLS_NOTHING, "9-0", "kill-1", 2,
    )  # fmt: skip
    assert "'kill-1'" in letter.detail
    assert "`replaces`" in letter.remedy
    assert letter.fields == {"data": "{}"}


def test_a_kill_of_an_older_version_is_a_letter_with_both() -> None:
    article = Article(id="a1", status=Status.CANCELED, version=1)

    letter = kills_older(Entry("9-0", {b"data": b"{}"}), article, 5)

    assert (letter.reason, letter.article_id) == (Reason.KILLS_OLDER, "a1")
    assert letter.detail.startswith("'a1' is killed up to version 1, and version 5 is there")
    assert "without a version" in letter.remedy
