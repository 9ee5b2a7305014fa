"""Every expected figure has its arithmetic beside it."""

import json

import pytest

from service.evaluation.gold import GoldArticle, GoldError
from service.evaluation.metrics import evaluate
from service.evaluation.scores import BCubed, Evaluation, PairCounts, SuiteScore


def of(group: str | None, *ids: str, lang: str | None = "ru") -> list[GoldArticle]:
    return [GoldArticle(each, lang=lang, group=group) for each in ids]


def test_a_perfect_partition_scores_one_everywhere() -> None:
    gold = [*of("g", "a", lang="ru"), *of("g", "b", lang="en"), *of("h", "c")]

    result = evaluate(gold, [["a", "b"], ["c"]])

    assert result.bcubed == BCubed(precision=1.0, recall=1.0)
    assert result.pairs == PairCounts(true=1, missed=0, false=0)
    assert result.cross_lingual == PairCounts(true=1, missed=0, false=0)
    assert (result.bcubed.f1, result.pairs.f1, result.cross_lingual.f1) == (1.0, 1.0, 1.0)


def test_the_worked_example_of_two_groups_and_one_swapped_article() -> None:
    gold = [*of("g", "g1", "g2", "g3", "g4"), *of("h", "h1", "h2")]

    result = evaluate(gold, [["g1", "g2", "g3", "h1"], ["g4"], ["h2"]])

    assert result.bcubed.precision == pytest.approx(
        (3 / 4 + 3 / 4 + 3 / 4 + 1 + 1 / 4 + 1) / 6  # g1 g2 g3 g4 h1 h2 = 4.5 / 6 = 0.75
    )
    assert result.bcubed.recall == pytest.approx(
        (3 / 4 + 3 / 4 + 3 / 4 + 1 / 4 + 1 / 2 + 1 / 2) / 6  # 3.5 / 6 = 0.5833
    )
    assert result.bcubed.f1 == pytest.approx(2 * 0.75 * 3.5 / 6 / (0.75 + 3.5 / 6))
    assert result.pairs == PairCounts(
        true=3,  # C(3,2) of g1 g2 g3
        missed=4,  # g4 with each of three, and h1 with h2
        false=3,  # h1 with each of three
    )


def test_background_is_a_stranger_to_labelled_articles_but_never_judged_itself() -> None:
    gold = [
        GoldArticle("r1", "ru", "g", "flash"),
        GoldArticle("e1", "en", "g", "flash"),
        GoldArticle("e2", "en", "g", "flash"),
        GoldArticle("b1", "en"),
        GoldArticle("b2", "ru"),
    ]

    result = evaluate(gold, [["r1", "e1", "b1", "b2"], ["e2"]])

    # In brackets: were background left out | were it judged, each alone.
    bcubed = BCubed(
        precision=(2 / 4 + 2 / 4 + 1) / 3,  # [3 / 3 = 1 | (2 + 1/4 + 1/4) / 5 = 0.5]
        recall=(2 / 3 + 2 / 3 + 1 / 3) / 3,  # [the same | (5/3 + 1 + 1) / 5 = 0.733]
    )
    suite = SuiteScore(
        "flash",
        articles=3,
        bcubed=bcubed,
        linked=2 / 3,  # r1 and e1
        with_stranger=2 / 3,  # r1 and e1 hold b1 and b2 [0]
    )
    assert result == Evaluation(
        articles=5,
        labelled=3,  # [3 | 5]
        stories=2,
        unplaced=0,
        unknown=0,
        bcubed=bcubed,
        pairs=PairCounts(
            true=1,  # r1-e1
            missed=2,  # r1-e2 e1-e2
            false=4,  # r1 and e1 with b1 and b2 [0 | 5, b1-b2 too]
        ),
        cross_lingual=PairCounts(
            true=1,  # r1-e1
            missed=1,  # r1-e2
            false=2,  # r1-b1 e1-b2 [0 | 3, b1-b2 too]
        ),
        suites=(suite,),
    )


def test_a_digest_without_a_group_counts_as_labelled_and_alone() -> None:
    digests = [GoldArticle(each, lang="ru", suite="digest") for each in ("d1", "d2")]
    gold = [*of("g", "g1", "g2"), *digests, *of(None, "b1")]

    result = evaluate(gold, [["g1", "g2", "d1"], ["d2", "b1"]])

    assert result.labelled == 4
    assert result.bcubed.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2) / 4)
    assert result.bcubed.recall == 1.0
    assert result.pairs == PairCounts(true=1, missed=0, false=3)  # d1-g1, d1-g2, d2-b1
    assert result.suites == (
        SuiteScore(
            "digest",
            articles=2,
            bcubed=BCubed(precision=(1 / 3 + 1 / 2) / 2, recall=1.0),
            linked=0.0,
            with_stranger=1.0,
        ),
    )


def test_two_digests_in_one_story_are_a_false_pair() -> None:
    digests = [GoldArticle(each, suite="digest") for each in ("d1", "d2")]

    result = evaluate(digests, [["d1", "d2"]])

    assert result.pairs == PairCounts(true=0, missed=0, false=1)
    assert result.bcubed == BCubed(precision=0.5, recall=1.0)


def test_a_null_group_outside_the_digest_suite_is_background() -> None:
    gold = [*of("g", "g1"), GoldArticle("x", suite="flash")]

    result = evaluate(gold, [["g1"], ["x"]])

    assert (result.labelled, result.suites) == (1, ())


def test_cross_lingual_figures_count_pairs_of_two_languages_only() -> None:
    gold = [
        *of("g", "r1", "r2", lang="ru"),
        *of("g", "e1", "e2", lang="en"),
        *of(None, "b1", lang="en"),
    ]

    result = evaluate(gold, [["r1", "r2", "e1", "b1"], ["e2"]])

    assert result.pairs == PairCounts(
        true=3,  # r1-r2 r1-e1 r2-e1
        missed=3,  # e2 with each of three
        false=3,  # b1 with each of three
    )
    assert result.cross_lingual == PairCounts(
        true=2,  # r1-e1 r2-e1
        missed=2,  # r1-e2 r2-e2; e1-e2 is one language
        false=2,  # b1-r1 b1-r2; b1-e1 is one language
    )


def test_pairs_of_an_unknown_language_are_not_cross_lingual() -> None:
    gold = [*of("g", "r1", lang="ru"), *of("g", "e1", lang="en"), *of("g", "u1", lang=None)]

    result = evaluate(gold, [["r1", "e1", "u1"]])

    assert result.pairs.true == 3
    assert result.cross_lingual == PairCounts(true=1, missed=0, false=0)


def test_articles_never_placed_count_as_alone_and_are_reported() -> None:
    gold = of("g", "g1", "g2", "g3")

    result = evaluate(gold, [["g1", "g2"]])

    assert result.unplaced == 1
    assert result.bcubed == BCubed(precision=1.0, recall=(2 / 3 + 2 / 3 + 1 / 3) / 3)
    assert result.pairs == PairCounts(true=1, missed=2, false=0)


def test_two_unplaced_articles_of_one_group_are_apart() -> None:
    result = evaluate(of("g", "g1", "g2"), [])

    assert result.unplaced == 2
    assert result.pairs == PairCounts(true=0, missed=1, false=0)


def test_an_article_gold_does_not_know_is_a_stranger() -> None:
    result = evaluate(of("g", "g1", "g2"), [["g1", "g2", "mystery"]])

    assert result.unknown == 1
    assert result.bcubed.precision == 2 / 3
    assert result.pairs == PairCounts(true=1, missed=0, false=2)


def test_a_suite_is_scored_over_its_own_articles_against_the_whole_partition() -> None:
    gold = [
        GoldArticle("f1", group="g", suite="flash"),
        GoldArticle("f2", group="h", suite="flash"),
        *of("g", "g1"),
        *of("h", "h1"),
        *of(None, "b1"),
    ]

    result = evaluate(gold, [["f1", "g1", "b1"], ["f2"], ["h1"]])

    assert result.suites == (
        SuiteScore(
            "flash",
            articles=2,
            bcubed=BCubed(
                precision=(2 / 3 + 1) / 2,  # f1 with g1 of three, f2 alone
                recall=(2 / 2 + 1 / 2) / 2,  # g whole, h halved
            ),
            linked=0.5,  # f1 has g1
            with_stranger=0.5,  # f1 has b1
        ),
    )


def test_suites_come_by_name() -> None:
    gold = [GoldArticle(s, group=s, suite=s) for s in ("update", "bulletin", "flash")]

    result = evaluate(gold, [["update"], ["bulletin"], ["flash"]])

    assert [score.suite for score in result.suites] == ["bulletin", "flash", "update"]


def test_nothing_to_find_and_nothing_claimed_is_no_error() -> None:
    result = evaluate(of("g", "g1"), [["g1"]])

    assert (result.pairs.precision, result.pairs.recall, result.pairs.f1) == (1.0, 1.0, 1.0)


def test_claiming_nothing_where_there_is_something_scores_zero() -> None:
    result = evaluate(of("g", "g1", "g2"), [["g1"], ["g2"]])

    assert (result.pairs.precision, result.pairs.recall, result.pairs.f1) == (1.0, 0.0, 0.0)


def test_an_article_in_two_stories_is_refused_by_id() -> None:
    with pytest.raises(ValueError, match="article 'g1' is placed more than once"):
        evaluate(of("g", "g1"), [["g1"], ["g1"]])


def test_gold_without_a_single_label_is_refused() -> None:
    with pytest.raises(GoldError, match="none of 1 articles has a group"):
        evaluate(of(None, "b1"), [["b1"]])


def test_the_result_as_json_holds_every_figure_under_its_name() -> None:
    gold = [GoldArticle("a", "ru", "g", "flash"), GoldArticle("b", "en", "g"), GoldArticle("c")]

    result = json.loads(json.dumps(evaluate(gold, [["a", "b", "c"], []]).to_json()))

    thirds = {"precision": 2 / 3, "recall": 1.0, "f1": 0.8}  # 2·⅔·1 / (⅔+1) = 0.8
    assert result == {
        "articles": 3,
        "labelled": 2,
        "stories": 1,
        "unplaced": 0,
        "unknown": 0,
        "bcubed": thirds,
        "pairs": {
            "true": 1,
            "missed": 0,
            "false": 2,
            "precision": 1 / 3,
            "recall": 1.0,
            "f1": 0.5,
        },
        "cross_lingual": {
            "true": 1,
            "missed": 0,
            "false": 0,
            "precision": 1.0,
            "recall": 1.0,
            "f1": 1.0,
        },
        "suites": {
            "flash": {
                "suite": "flash",
                "articles": 1,
                "bcubed": thirds,
                "linked": 1.0,
                "with_stranger": 1.0,
            }
        },
    }
