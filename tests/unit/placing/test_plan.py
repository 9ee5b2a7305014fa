"""A batch on paper: who is placed where, who waits, and what must be read first."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events import Change
from service.stories.decide import story_id_for
from service.stories.state import StoryState
from tests.support.builders.fingerprints import fingerprint
from tests.unit.placing.builders import (
    SETTINGS,
    candidate,
    grounds,
    member,
    prepared,
    snapshot,
)
from tests.unit.stories.builders import NOW, apart, lead, story, together
from workers.placing.context import Grounds, Prepared
from workers.placing.plan import Plan, Planner
from workers.state.answers import Kind, Snapshot

NOTHING = snapshot()
HOME = story("home", member(1), member(2))
AWAY = story("away", member(3), member(4))


def planned(
    *batch: Prepared,
    known: Snapshot = NOTHING,
    whole: StoryState | None = None,
    on: Grounds | None = None,
) -> Plan:
    """The plan of a batch; ``whole`` is a story of which all members were read."""
    stories = {whole.id: whole} if whole else {}
    return Planner(on or grounds()).plan(batch, known, stories, NOW)


def told(plan: Plan) -> list[tuple[str, str]]:
    """Types and stories of the events, in order."""
    return [
        (event.type.removeprefix("story."), event.data.story_id)
        for _, commit in plan.commits
        for event in commit.events
    ]


def said(plan: Plan) -> list[Any]:
    """Data of the events, in order."""
    return [event.data for _, commit in plan.commits for event in commit.events]


def opened_by(number: int) -> str:
    return story_id_for(f"a{number}", 0)


def version(number: int, of: int, *candidates: Any, **fields: Any) -> Prepared:
    """Version 2 of ``a{of}``, which is in a story under the number ``of``."""
    registered = {"story_id": fields.pop("story_id", "home"), "old_number": of, "old_version": 1}
    return prepared(number, *candidates, registered=registered, id=f"a{of}", version=2, **fields)


def test_nothing_to_plan_is_an_empty_plan() -> None:
    assert planned() == Plan()


def test_an_article_that_is_like_none_opens_a_story() -> None:
    item = prepared(7)

    plan = planned(item)

    ((placed, commit),) = plan.commits
    assert placed is item
    assert told(plan) == [("opened", opened_by(7))]
    assert (commit.entry_id, commit.counted, commit.deletes) == ("7-0", "placed", False)
    assert commit._checks == [
        (f"s:{opened_by(7)}", "r", ""), ("a:a7", "pn", 7), ("a:a7", "f", ""),
    ]  # fmt: skip
    assert ("PLACE", "a:a7", 7, 1, 0, opened_by(7), 1) in commit._operations


def test_the_id_of_a_story_is_of_the_time_of_its_first_article() -> None:
    later = prepared(7, registered={"event_ms": 3 * SETTINGS.epoch_ms + 5, "opened": 2})

    assert told(planned(later)) == [("opened", story_id_for("a7", 3, 2))]


def test_an_article_joins_the_story_of_its_match_which_must_still_be_there() -> None:
    plan = planned(prepared(7, candidate(2, 0.8)), known=snapshot(HOME))

    ((_, commit),) = plan.commits
    assert told(plan) == [("joined", "home")]
    assert ("s:home", "r", "3-x") in commit._checks
    assert ("a:a2", "n", 2) in commit._checks
    assert ("PLACE", "a:a7", 7, 1, 0, "home") in commit._operations


def test_a_later_article_joins_the_story_that_an_earlier_one_opened() -> None:
    plan = planned(prepared(7), prepared(8, candidate(7, 0.8)))

    assert told(plan) == [("opened", opened_by(7)), ("joined", opened_by(7))]


def test_a_match_that_another_worker_has_is_waited_for() -> None:
    waits, goes_on = prepared(7, candidate(2, 0.8)), prepared(8)

    plan = planned(waits, goes_on, known=snapshot(undecided={"a2": 2}))

    assert plan.waiting == [waits]
    assert [item for item, _ in plan.commits] == [goes_on]


def test_what_is_unlikely_or_held_back_waits_for_nobody() -> None:
    known = snapshot(HOME, undecided={"a3": 3})
    unlikely = prepared(7, candidate(2, 0.8), candidate(3, 0.2))
    held = prepared(8, candidate(3, 0.8), registered={"kind": Kind.HELD}, status="withheld")

    plan = planned(unlikely, held, known=known)

    assert plan.waiting == []
    assert told(plan) == [("joined", "home")]


def test_stories_that_an_article_proves_to_be_one_merge_when_their_members_are_known() -> None:
    bridge = prepared(7, candidate(1, 0.95), candidate(3, 0.95))
    known = snapshot(HOME, AWAY)

    plan = planned(prepared(6), bridge, prepared(8), known=known)

    assert [item.number for item, _ in plan.commits] == [6]
    assert [item.number for item in plan.left] == [7, 8]
    assert plan.needs == ("home", "away")

    read = Planner(grounds()).plan(plan.left, known, {"home": HOME, "away": AWAY}, NOW)
    assert told(read) == [("merged", "away"), ("joined", "home"), ("opened", opened_by(8))]


BRIDGE = prepared(7, candidate(1, 0.95), candidate(3, 0.95))


@pytest.mark.parametrize(
    ("held", "likeness", "merges"),
    [
        ((1, 3), {"a3_a1": 0.0}, False),
        ((1, 3), {"a3_a1": 0.01}, False),  # (2.5 of the article, cut - 3) / 2
        ((1, 3), {"a3_a1": 0.1}, True),  # (2.5 - 2.2) / 2
        ((1, 3), {"a3_a1": 0.9}, True),
        ((1,), {"a3_a1": 0.0}, True),  # what is no longer held has no word
    ],
)
def test_stories_whose_leads_are_two_stories_do_not_merge_by_a_third_article(
    held: tuple[int, ...], likeness: dict[str, Any], merges: bool
) -> None:
    whole = {"home": HOME, "away": AWAY}
    on = grounds(*held, **likeness)

    plan = Planner(on).plan([BRIDGE], snapshot(HOME, AWAY), whole, NOW)

    assert told(plan) == ([("merged", "away")] if merges else []) + [("joined", "home")]


def test_an_event_says_which_story_fits_too_and_what_keeps_it_apart() -> None:
    on = grounds(1, 3, a3_a1=0.01)

    (joined,) = said(planned(BRIDGE, known=snapshot(HOME, AWAY), on=on))

    assert joined.evidence.summary.endswith(
        "; story away fits too, but the two are not one: beside a1, probability 0.01"
    )


def test_an_event_says_how_many_agree_where_not_all_do() -> None:
    split = prepared(7, candidate(1, 0.95), candidate(2, 0.3))

    (joined,) = said(planned(split, known=snapshot(HOME), on=grounds(1)))

    assert joined.evidence.summary.endswith("; of 2 texts of its story 1 agree")


def test_an_event_says_what_spoke_loudest_against_the_nearest_story() -> None:
    (opened,) = said(
        planned(prepared(7, candidate(2, 0.8)), known=snapshot(HOME), on=grounds(1, 2))
    )

    assert "but unlike the rest of its story: above all a1 (" in opened.evidence.summary


@pytest.mark.parametrize(
    ("likeness", "joins"),
    [({"a7_a2": 0.01}, False), ({"a7_a2": 0.3}, True)],
)
def test_a_lead_that_alone_came_near_is_one_text_and_the_newest_member_another(
    likeness: dict[str, Any], joins: bool
) -> None:
    """Article 2 is too far away to be compared with, as it is if the lead is two texts in one."""
    on = grounds(1, 2, **likeness)

    plan = planned(prepared(7, candidate(1, 0.95)), known=snapshot(HOME), on=on)

    assert told(plan) == [("joined", "home") if joins else ("opened", opened_by(7))]


@pytest.mark.parametrize(("number", "merges"), [(263, False), (262, True)])
def test_an_article_sent_twice_is_no_second_witness_of_a_merger(number: int, merges: bool) -> None:
    """Number 263 has the shingles of 7, as these fingerprints are made."""
    home = story("home", member(1), member(number))
    bridge = prepared(300, candidate(number, 0.96), candidate(1, 0.95), candidate(3, 0.95))
    bridge = replace(bridge, fingerprint=fingerprint(7, article_id="a300"))
    likeness: dict[str, Any] = {f"a{number}_a3": 0.95, "a3_a1": 0.01}
    on = grounds(1, 3, number, **likeness)

    plan = Planner(on).plan([bridge], snapshot(home, AWAY), {"home": home, "away": AWAY}, NOW)

    assert ("merged", "away") in told(plan) if merges else told(plan) == [("joined", "home")]


def test_a_later_article_finds_the_story_that_its_match_s_story_merged_into() -> None:
    known, whole = snapshot(HOME, AWAY), {"home": HOME, "away": AWAY}
    batch = [prepared(7, candidate(1, 0.95), candidate(3, 0.95)), prepared(8, candidate(4, 0.8))]

    plan = Planner(grounds()).plan(batch, known, whole, NOW)

    assert told(plan)[-1] == ("joined", "home")


def test_a_lead_that_is_unlike_keeps_an_article_out_though_one_member_is_like_it() -> None:
    item = prepared(7, candidate(2, 0.8))

    alone = planned(item, known=snapshot(HOME), on=grounds(2))
    beside = planned(item, known=snapshot(HOME), on=grounds(1, 2, a7_a1=0.01))

    assert told(alone) == [("joined", "home")]
    assert told(beside) == [("opened", opened_by(7))]


def test_a_version_that_fits_stays_and_the_version_before_is_dropped() -> None:
    plan = planned(version(7, 2), known=snapshot(HOME), whole=HOME, on=grounds(1, 2, a2_a1=0.8))

    ((_, commit),) = plan.commits
    (revised,) = said(plan)
    assert commit.counted == "versions"
    assert (revised.change, revised.article_id) == (Change.VERSION, "a2")
    assert (revised.old_version, revised.new_version) == (1, 2)
    assert ("DROP", 2) in commit._operations


def test_a_version_that_no_longer_fits_opens_a_story_of_its_own() -> None:
    plan = planned(version(7, 2), known=snapshot(HOME), whole=HOME, on=grounds(1, 2, a2_a1=0.1))

    new = story_id_for("a2", 0)
    assert told(plan) == [("split", "home"), ("opened", new)]
    assert said(plan)[0].article_ids == ("a2",)


def test_a_version_that_fits_elsewhere_moves_there() -> None:
    plan = planned(
        version(7, 2, candidate(3, 0.9)),
        known=snapshot(HOME, AWAY),
        whole=HOME,
        on=grounds(1, 2, 3, a2_a1=0.1, a2_a3=0.9),
    )

    assert told(plan) == [("split", "home"), ("joined", "away")]


def test_a_version_is_judged_by_the_oldest_members_of_its_story_alone() -> None:
    """Eight of them: of a story of a thousand not all can be asked."""
    crowd = story("home", *(member(each) for each in range(1, 12)))
    likeness: dict[str, Any] = {
        f"a11_a{each}": 0.51 if each <= 8 else 0.001 for each in range(1, 11)
    }

    plan = planned(
        version(20, 11), known=snapshot(crowd), whole=crowd, on=grounds(*range(1, 12), **likeness)
    )

    assert told(plan) == [("revised", "home")]


def test_a_version_is_compared_with_others_but_not_with_the_version_before() -> None:
    plan = planned(
        version(7, 2, candidate(2, 0.99), candidate(1, 0.1)), known=snapshot(HOME), whole=HOME
    )

    assert told(plan) == [("split", "home"), ("opened", story_id_for("a2", 0))]


def test_a_version_that_came_near_one_of_its_story_is_not_compared_with_the_others() -> None:
    home = story("home", member(1), member(2), member(3))
    near = (candidate(1, 0.6), candidate(4, 0.01))

    plan = planned(
        version(7, 2, *near),
        known=snapshot(home, story("away", member(4))),
        whole=home,
        on=grounds(3, a2_a3=0.001),
    )

    assert told(plan) == [("revised", "home")]


def test_a_version_of_what_is_no_longer_held_is_placed_like_any_article() -> None:
    assert told(planned(version(7, 2))) == [("opened", story_id_for("a2", 0))]


def test_a_version_needs_the_members_of_its_story() -> None:
    plan = planned(version(7, 2), known=snapshot(HOME))

    assert (plan.needs, len(plan.left)) == (("home",), 1)
    assert plan.commits == []


def test_an_article_that_the_feed_names_is_joined_whatever_the_texts_say() -> None:
    plan = planned(prepared(7, replaces="a2"), known=snapshot(HOME))

    assert told(plan) == [("joined", "home")]


def test_an_article_that_names_one_which_is_not_there_yet_leaves_word() -> None:
    ((_, commit),) = planned(prepared(7, replaces="a9")).commits

    mandate = "source:outlet 7\tsource:"
    assert ("a:a9", "n", "") in commit._checks
    assert ("a:a9", "ow", "") in commit._checks
    assert ("REFER", "a:a9", "a7", 2 * SETTINGS.window_ms, mandate) in commit._operations


def test_an_article_that_another_one_named_before_it_came_joins_that_one() -> None:
    item = prepared(7, registered={"replaced_by": "a2"})

    ((_, commit),) = planned(item, known=snapshot(HOME)).commits

    assert [event.type for event in commit.events] == ["story.joined"]
    assert ("a:a7", "f", "a2") in commit._checks


@pytest.mark.parametrize(("number", "waits"), [(5, True), (9, False)])
def test_of_two_that_are_kept_together_the_later_one_waits(number: int, waits: bool) -> None:
    """Each for the other would be for ever."""
    on = grounds(rules={"r": together("a7", "b")})

    plan = planned(prepared(7), known=snapshot(undecided={"b": number}), on=on)

    assert bool(plan.waiting) == waits
    assert bool(plan.commits) != waits


def test_a_rule_s_articles_are_noted_and_its_lead_leads() -> None:
    on = grounds(1, 2, rules={"r1": together("a7", "a2"), "r2": lead("a7")})

    plan = planned(prepared(7), known=snapshot(HOME), whole=HOME, on=on)

    assert told(plan) == [("joined", "home"), ("revised", "home")]
    joined, led = said(plan)
    assert (joined.rule, led.lead) == ("r1", "a7")


def test_an_article_joins_no_story_of_one_that_it_is_kept_apart_from() -> None:
    on = grounds(1, 2, rules={"r": apart("a7", "a1")})

    plan = planned(prepared(7, candidate(2, 0.99)), known=snapshot(HOME), on=on)

    assert told(plan) == [("opened", opened_by(7))]


def test_a_held_article_is_told_to_nobody_and_where_it_would_go_is_noted() -> None:
    item = prepared(
        7, candidate(2, 0.8), registered={"kind": Kind.HELD}, embargoed="2026-04-01T00:00:00Z"
    )

    ((_, commit),) = planned(item, known=snapshot(HOME)).commits

    (note,) = [each[-1] for each in commit._operations if each[:2] == ("HSET", "would")]
    assert (commit.events, commit.counted) == ([], "held")
    assert '"story_id": "home", "matched_article_id": "a2"' in note
    assert ("ZADD", "embargoes", 1775001600000, "a7") in commit._operations


def test_a_member_that_is_held_back_leaves_its_story() -> None:
    item = prepared(
        7,
        registered={
            "kind": Kind.HELD, "story_id": "home", "old_number": 2, "old_version": 1,
        },
        id="a2",
        status="withheld",
        version=2,
    )  # fmt: skip

    plan = planned(item, known=snapshot(HOME), whole=HOME)

    ((_, commit),) = plan.commits
    (revised,) = said(plan)
    assert (revised.change, revised.article_id) == (Change.WITHHELD, "a2")
    assert ("HDEL", "a:a2", "n", "s", "t", "e") in commit._operations


@pytest.mark.parametrize(("lang", "times"), [("en", 0), ("ru", 0), ("uk", 0), ("kk", 1)])
def test_a_language_that_the_model_does_not_know_is_counted(lang: str, times: int) -> None:
    ((_, commit),) = planned(prepared(7, lang=lang)).commits

    assert commit._operations.count(("TALLY", "other_language")) == times


def test_a_plan_asks_for_what_its_articles_were_compared_with() -> None:
    matched = prepared(7, candidate(1, 0.8), candidate(2, 0.01))
    near = prepared(8, candidate(3, 0.05), candidate(4, 0.04))
    far = prepared(9, candidate(5, 0.01))

    assert Planner(grounds()).asks_for([matched, near, far]) == [("a1", 1), ("a2", 2), ("a3", 3)]


def test_a_plan_asks_for_what_rules_the_feed_and_earlier_versions_name() -> None:
    on = grounds(rules={"r1": together("a7", "b"), "r2": apart("a7", "c")})
    item = prepared(
        7,
        candidate(1, 0.01),
        registered={"story_id": "home", "old_number": 3, "replaced_by": "d"},
        replaces="e",
    )

    assert Planner(on).asks_for([item]) == [
        ("a1", 1), ("b", None), ("e", None), ("d", None), ("c", None), ("a7", 3),
    ]  # fmt: skip


probable = st.lists(st.tuples(st.integers(0, 8), st.floats(0.01, 0.99)), max_size=4)


@given(st.lists(probable, min_size=1, max_size=8))
def test_every_article_is_placed_once_waits_or_is_left(batch: list[Any]) -> None:
    """Each is compared with some of those before it, with whatever outcome."""
    items = []
    for place, drawn in enumerate(batch):
        earlier = {number: likeness for number, likeness in drawn if number < place}
        found = sorted(earlier.items(), key=lambda each: -each[1])
        items.append(prepared(10 + place, *(candidate(10 + n, p) for n, p in found)))

    plan = planned(*items)

    numbers = [item.number for item, _ in plan.commits]
    assert numbers + [item.number for item in plan.left] == [item.number for item in items]
    placed = [each[1] for _, c in plan.commits for each in c._operations if each[0] == "PLACE"]
    assert placed == [f"a:{item.article.id}" for item, _ in plan.commits]
    assert bool(plan.left) == bool(plan.needs)


@pytest.mark.parametrize(("votes", "looks"), [(1, 0), (2, 1)])
def test_copies_are_looked_for_only_where_a_story_has_several_votes(
    votes: int, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[list[int]] = []

    def copies_among(_grounds: Grounds, numbers: list[int]) -> dict[int, int]:
        looked.append(numbers)
        return {}

    monkeypatch.setattr("workers.placing.one_article.copies_among", copies_among)
    item = prepared(7, *(candidate(number, 0.9) for number in range(1, votes + 1)))

    plan = planned(item, known=snapshot(HOME), on=grounds(1, 2, a2_a7=0.9))

    assert told(plan) == [("joined", "home")]
    assert looked == [[1, 2]] * looks
