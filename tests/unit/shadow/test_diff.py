"""Differences of two namespaces, from the events that each has told."""

import random
from collections.abc import Iterable

from contracts.events import AnyEvent, Change, Evidence, Model
from service.evaluation.gold import GoldArticle
from service.evaluation.metrics import evaluate
from tests.support.builders.story_events import (
    closed,
    in_order,
    joined,
    merged,
    opened,
    revised,
    split,
)
from workers.shadow.diff import diff
from workers.shadow.diff_result import Diff, Kind
from workers.shadow.history import History, Operating


def history(events: Iterable[AnyEvent]) -> History:
    found = History()
    for event in in_order(*events):
        found.apply(event)
    return found


def told(*stories: str, model: str = "m1", join: float = 0.5) -> History:
    """Stories of articles named by one letter each; a story is named by its first two."""
    why = Evidence(summary="so", model=Model(version=model, sha256="0"), thresholds={"join": join})
    events: list[AnyEvent] = []
    for articles in stories:
        name = f"st_{articles[:2]}"
        events.append(opened(name, articles[0], evidence=why))
        events += [
            joined(name, number, each, evidence=why, lead=articles[0])
            for number, each in enumerate(articles[1:], start=2)
        ]
    return history(events)


def compared(first: History, second: History) -> Diff:
    return diff(("one", "two"), first, second)


def shapes(found: Diff) -> list[tuple[Kind, list[str], list[str], str]]:
    return [
        (
            group.kind,
            ["".join(side.articles) for side in group.before],
            ["".join(side.articles) for side in group.after],
            "".join(each.article_id for each in group.moved),
        )
        for group in found.groups
    ]


def test_the_same_stories_differ_in_nothing() -> None:
    found = compared(told("abc", "de", "f"), told("acb", "ed", "f"))

    assert (found.groups, found.moved, found.same) == ((), 0, 3)
    assert found.same_ids == 1  # st_f; the others are named by other articles
    assert (found.bcubed.precision, found.bcubed.recall) == (1.0, 1.0)


def test_a_split_a_merger_and_a_mixture_are_told_apart_most_moves_first() -> None:
    found = compared(told("abcd", "ef", "gh", "ijk", "lm"), told("ab", "cd", "efgh", "ijl", "km"))

    assert shapes(found) == [
        (Kind.SPLIT, ["abcd"], ["ab", "cd"], "cd"),
        (Kind.MERGED, ["ef", "gh"], ["efgh"], "gh"),
        (Kind.MIXED, ["ijk", "lm"], ["ijl", "km"], "kl"),
    ]
    assert [found.count(kind) for kind in Kind] == [1, 1, 1]


def test_articles_that_one_side_lacks_are_counted_and_not_compared() -> None:
    found = compared(told("abx", "yz"), told("ab", "c"))

    assert (found.common, found.only, found.same, found.groups) == (2, (3, 1), 1, ())


def test_models_and_thresholds_in_force_are_named_the_most_used_first() -> None:
    both = told("abc")
    both.operating[Operating("m0", "0", (("join", 0.9),))] += 1

    found = compared(both, told("abc", model="m2", join=0.05))

    assert found.operating == (
        (Operating("m1", "0", (("join", 0.5),)), Operating("m0", "0", (("join", 0.9),))),
        (Operating("m2", "0", (("join", 0.05),)),),
    )


def test_why_an_article_moved_is_told_with_what_moved_it() -> None:
    """Splits and mergers move articles of which they tell nothing else."""
    first = history(
        [
            opened("st_a", "a"),
            joined("st_a", 2, "b"),
            joined("st_a", 3, "c"),
            joined("st_a", 4, "d"),
            joined("st_a", 5, "e"),
            split("st_a", 6, "st_b", "b", "c", because_of="r1", lead="a"),
            opened("st_b", "b", split_from="st_a", rule="r1"),
        ]
    )
    second = history(
        [
            opened("st_a", "a"),
            joined("st_a", 2, "d"),
            joined("st_a", 3, "e"),
            opened("st_b", "b"),
            joined("st_b", 2, "c"),
            revised("st_b", 3, Change.VERSION, "c", old_version=1, new_version=2, title="new"),
            merged("st_b", 4, "st_a", "b", "c", because_of="z", lead="a"),
        ]
    )

    found = compared(first, second)

    ((b, c),) = (group.moved for group in found.groups)
    assert b.told_before is not None
    assert c.told_before is not None
    assert c.told_after is not None
    assert (b.told_before.rule, b.told_before.moved) == ("r1", "")
    assert c.told_before.moved == "it left st_a for st_b, because of r1"
    assert (c.told_after.version, c.told_after.title) == (2, "new")
    assert c.told_after.moved == "its story merged into st_a, because of z"


def test_what_links_stories_is_told_though_it_did_not_move() -> None:
    """The smaller story moves; what joined it in the second namespace says why."""
    first = told("a", "bc")
    second = history(
        [
            opened("st_a", "a"),
            joined("st_a", 2, "b", matched_article_id="a", score=0.6),
            joined("st_a", 3, "c", matched_article_id="b"),
        ]
    )

    (group,) = compared(first, second).groups

    assert [each.article_id for each in group.moved] == ["a"]
    assert [each.article_id for each in group.linking] == ["b"]
    (other_way,) = compared(second, first).groups
    assert [each.article_id for each in other_way.linking] == ["b"]


def test_stories_whose_window_has_passed_are_compared_too() -> None:
    first = history([opened("st_a", "a"), joined("st_a", 2, "b"), closed("st_a", 3)])

    assert compared(first, told("ab")).common == 2


def test_b_cubed_is_that_of_the_evaluation() -> None:
    """Oracle: the first partition as gold."""
    rng = random.Random(5)
    letters = "abcdefghijklmnopqrstuvwxyz"
    one, other = (
        ["".join(each for each in letters if drawn[each] == group) for group in range(6)]
        for drawn in ({each: rng.randrange(6) for each in letters} for _ in range(2))
    )
    gold = [GoldArticle(each, "en", group) for group in one for each in group]

    found = compared(told(*filter(None, one)), told(*filter(None, other)))

    expected = evaluate(gold, [list(story) for story in other if story]).bcubed
    assert abs(found.bcubed.precision - expected.precision) < 1e-12
    assert abs(found.bcubed.recall - expected.recall) < 1e-12
    assert found.to_json()["bcubed"]["precision"] == found.bcubed.precision
