"""What is said of an article that was placed, and the member that it becomes."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.events import Evidence, Relation
from service.stories.decide import Decision, JoinStory, OpenStory
from service.stories.ledger import Ledger
from service.stories.sources import outlet
from service.stories.state import Candidate, Match
from tests.unit.placing.builders import candidate, grounds, member, prepared, snapshot
from tests.unit.stories.builders import SOURCE, story, together, verdict
from workers.placing.context import Bond, Grounds, Prepared, View
from workers.placing.telling import Telling, Told
from workers.state.answers import Snapshot

HOME = story("home", member(1, outlet=outlet("Wire"), origin=1), member(2, origin=2))
NEWS = snapshot(HOME)


def joining(match: Candidate | None) -> JoinStory:
    """The decision to join ``home``, because of this match or of none."""
    return JoinStory(HOME, Match(match, "home") if match else None)


def telling(
    item: Prepared,
    *held: int,
    decision: Decision = OpenStory("new"),  # noqa: B008 - frozen
    known: Snapshot = NEWS,
    on: Grounds | None = None,
    bound: dict[str, Bond] | None = None,
    **more: Any,
) -> Telling:
    """What words an article's event."""
    view = View(known, Ledger(known.stories, SOURCE, "m"))
    return Telling(on or grounds(*held), item, view, decision, bound or {}, **more)


def evidence(told: Told) -> Evidence:
    found = told.about["evidence"]
    assert isinstance(found, Evidence)
    return found


def test_an_article_that_is_like_none_opens_a_story_of_its_own_origin() -> None:
    item = prepared(7, source="Herald", url="https://example.org/7", lang="en")
    asked = telling(item)

    told = asked.told()

    assert told == Told(
        about={
            "article_id": "a7",
            "lang": "en",
            "relation": None,
            "score": None,
            "matched_article_id": None,
            "evidence": Evidence(
                summary="New story: no earlier article comes near",
                thresholds={"join": 0.5, "merge": 0.9},
                candidates=0,
                model=asked.grounds.fingerprinter.model,
            ),
            "title": "Title 7",
            "source": "Herald",
            "url": "https://example.org/7",
            "published_at": None,
            "version": 1,
            "rule": None,
            "repaired": None,
            "split_from": None,
        },
        member=member(7, outlet=outlet("Herald")),
        compared=None,
    )


def test_the_nearest_that_was_no_match_is_told_of() -> None:
    near = candidate(2, 0.3)

    told = telling(prepared(7, near), 2).told()

    assert told.compared == near
    assert (told.about["matched_article_id"], told.about["score"]) == ("a2", 0.3)
    assert told.about["relation"] is None
    assert evidence(told).summary.startswith("New story: nearest is “Title 2”")
    assert told.member.origin == 7


@pytest.mark.parametrize(
    ("item", "known"),
    [
        (prepared(7, candidate(2, 0.049)), NEWS),
        (prepared(7, candidate(9, 0.3)), NEWS),
        (prepared(7, candidate(2, 0.3)), snapshot(undecided={"a2": 2})),
        (prepared(7, candidate(7, 0.9)), NEWS),
    ],
    ids=["far", "gone", "undecided", "its own earlier version"],
)
def test_what_is_far_gone_undecided_or_itself_is_not_told_of(
    item: Prepared, known: Snapshot
) -> None:
    told = telling(item, 2, 9, known=known).told()

    assert told.compared is None
    assert told.about["matched_article_id"] is None


def test_what_is_just_near_enough_is_told_of() -> None:
    assert telling(prepared(7, candidate(2, 0.05)), 2).told().compared is not None


def test_an_article_that_joins_is_told_with_its_match() -> None:
    match = candidate(1, 0.87654)

    told = telling(prepared(7, candidate(2, 0.9), match), 1, 2, decision=joining(match)).told()

    assert told.compared == match
    assert (told.about["matched_article_id"], told.about["score"]) == ("a1", 0.8765)
    assert told.about["relation"] is Relation.REWRITE
    assert evidence(told).summary.startswith("Rewrite of “Title 1”")


def test_a_match_that_is_no_longer_held_is_named_and_not_quoted() -> None:
    match = candidate(1, 0.9)

    told = telling(prepared(7, match), decision=joining(match)).told()

    assert told.about["matched_article_id"] == "a1"
    assert evidence(told).similarity is None


@pytest.mark.parametrize(
    ("relation", "text", "origin"),
    [(Relation.COPY, 0.1, 1), (Relation.REWRITE, 0.5, 1), (Relation.REWRITE, 0.1, 7)],
)
def test_what_stems_from_its_match_has_its_origin(
    relation: Relation, text: float, origin: int
) -> None:
    judged = verdict(0.9, relation)
    likeness = judged.similarity.model_copy(update={"text": text})
    match = candidate(1, 0.9)._replace(verdicts=[replace(judged, similarity=likeness)])

    assert telling(prepared(7, match), decision=joining(match)).told().member.origin == origin


def test_an_outlet_s_report_in_another_story_is_no_origin() -> None:
    elsewhere = story("away", member(3, outlet=outlet("Wire")))
    item = prepared(7, candidate(3, 0.4), source="Wire")

    told = telling(item, known=snapshot(HOME, elsewhere), decision=joining(None)).told()

    assert told.member.origin == 7


def test_an_outlet_s_second_report_has_the_origin_of_its_first() -> None:
    """The match is another outlet's, with which it has a quotation in common at most."""
    own_words = verdict(0.9).similarity.model_copy(update={"text": 0.1})
    match = candidate(2, 0.9)._replace(verdicts=[replace(verdict(0.9), similarity=own_words)])
    first_of_wire = candidate(1, 0.6)

    joins = telling(
        prepared(7, match, first_of_wire, source="wire"), decision=joining(match)
    ).told()
    opens = telling(prepared(7, match, first_of_wire, source="wire")).told()

    assert joins.member.origin == 1
    assert opens.member.origin == 7


def test_what_the_feed_calls_one_item_is_a_revision_and_says_so() -> None:
    item = prepared(7, replaces="a2", version=2)

    told = telling(item, 1, 2, decision=joining(None), bound={"home": Bond("a2", None)}).told()

    assert told.compared is not None
    assert (told.compared.article_id, told.compared.number) == ("a2", 2)
    assert told.about["relation"] is Relation.REVISION
    assert told.about["rule"] is None
    assert evidence(told).summary.startswith("The feed says that it and a2 are one item: Re")
    assert told.member.origin == 2


def test_what_an_editor_keeps_together_names_the_rule_and_whose_it_is() -> None:
    on = grounds(1, 2, rules={"r9": together("a7", "a2")})

    told = telling(
        prepared(7), on=on, decision=joining(None), bound={"home": Bond("a2", "r9")}
    ).told()

    assert told.about["rule"] == "r9"
    assert evidence(told).summary == "Kept together with a2 by rule r9 (anna: one)"
    assert told.about["relation"] is not Relation.REVISION
    assert told.about["matched_article_id"] == "a2"


def test_a_bond_to_a_story_that_it_does_not_join_is_not_told_of() -> None:
    told = telling(prepared(7), 1, bound={"home": Bond("a2", None)}).told()

    assert told.about["matched_article_id"] is None
    assert evidence(told).summary == "New story: no earlier article comes near"


def test_a_partner_that_is_no_longer_held_leaves_the_match() -> None:
    match = candidate(1, 0.9)

    told = telling(
        prepared(7, match), 1, decision=joining(match), bound={"home": Bond("a2", None)}
    ).told()

    assert told.compared == match


def test_a_version_that_stays_keeps_origin_and_first_number() -> None:
    old = member(2, outlet=outlet("Wire"), origin=1)
    item = prepared(7, candidate(1, 0.9), id="a2", version=4, source="Wire")

    told = telling(item, 1, decision=joining(candidate(1, 0.9)), stays=old, first=2).told()

    assert told.member == old._replace(number=7, version=4)
    assert evidence(told).summary.startswith("Version 4 stays. Rewrite of “Title 1”")


def test_a_version_that_stays_alone_has_nothing_to_be_compared_with() -> None:
    item = prepared(7, id="a2", version=4)

    told = telling(item, decision=joining(None), stays=member(2), first=2).told()

    assert evidence(told).summary == ("Version 4 of the article: nothing else to compare it with")


def test_a_version_that_leaves_says_from_where() -> None:
    item = prepared(7, id="a2", version=4)

    told = telling(item, split_from="home", first=2).told()

    assert told.about["split_from"] == "home"
    assert evidence(told).summary == (
        "Version 4 no longer fits its story. New story: no earlier article comes near"
    )
    assert (told.member.first, told.member.number, told.member.origin) == (2, 7, 2)
