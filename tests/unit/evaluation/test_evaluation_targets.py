"""The table of targets: what is read from an evaluation, and when a figure is enough."""

from service.evaluation.gold import GoldArticle
from service.evaluation.metrics import evaluate
from service.evaluation.targets import TARGETS, Target, measured, table

GOLD = [
    GoldArticle("f1", "en", "g1", "feed"),
    GoldArticle("f2", "ru", "g1", "feed"),
    GoldArticle("f3", "en", "g2", "feed"),
    GoldArticle("b1", "en", "b", "bulletin"),
    GoldArticle("b2", "ru", "b", "bulletin"),
    GoldArticle("s1", "en", "s", "flash"),
    GoldArticle("s2", "ru", "s", "flash"),
    GoldArticle("p1", "en", "p", "partial"),
    GoldArticle("p2", "ru", "p", "partial"),
    GoldArticle("u1", "en", "u", "update"),
    GoldArticle("u2", "en", "u", "update"),
    GoldArticle("d1", "en", None, "digest"),
]
STORIES = [["f1", "f2"], ["f3"], ["b1", "b2", "p1"], ["s1"], ["s2"], ["p2"], ["u1", "u2"], ["d1"]]


def test_rows_come_from_an_evaluation_as_it_prints_them() -> None:
    found = measured("together", evaluate(GOLD, STORIES).to_json())

    assert {row[0] for row in found} == {"together"}
    told = {measure: value for (_, measure), value in found.items()}
    assert told["bulletin linked"] == 1
    assert told["bulletin with a stranger"] == 1  # p1
    assert told["flash linked"] == 0
    assert told["partial with a stranger"] == 0.5  # p1 of p1 and p2
    assert told["update linked"] == 1
    assert told["digest with a stranger"] == 0
    assert told["false pairs"] == 2
    # Of two languages: f1-f2 and b1-b2 are right, b2-p1 is not; s1-s2, p1-p2 are missed.
    assert told["cross-lingual precision"] == 2 / 3
    assert told["cross-lingual recall"] == 0.5


def test_in_one_run_of_all_sets_each_sets_articles_are_scored_apart() -> None:
    found = measured("together", evaluate(GOLD, STORIES).to_json())

    assert found["together", "B-cubed F1 of feed"] == 1
    # Nine hard articles: b1, b2 2/3 pure, p1 1/3; all of s and p half complete.
    precision, recall = (2 / 3 + 2 / 3 + 1 / 3 + 6) / 9, (5 + 4 / 2) / 9
    expected = 2 * precision * recall / (precision + recall)
    assert abs(found["together", "B-cubed F1 of hard"] - expected) < 1e-12


def test_a_limit_from_above_and_one_from_below() -> None:
    at_least, at_most = Target(("a", "b"), 0.99), Target(("a", "b"), 3, at_most=True)

    assert [at_least.reached(value) for value in (0.9899, 0.99, 1.0)] == [False, True, True]
    assert [at_most.reached(value) for value in (2, 3, 4)] == [True, True, False]
    assert (at_least.asked, at_most.asked) == ("≥ 0.99", "≤ 3")


def test_the_table_has_a_line_for_every_target_and_bold_where_it_is_reached() -> None:
    lines = list(
        table(
            {
                "one": {("feed", "B-cubed F1"): 0.998, ("feed", "false pairs"): 25},
                "other": {("feed", "false pairs"): 3},
            }
        )
    )

    assert lines[0] == "| set | measure | asked | one | other |"
    assert len(lines) == 2 + len(TARGETS)
    assert "| feed | B-cubed F1 | ≥ 0.997 | **0.998** | – |" in lines
    assert "| feed | false pairs | ≤ 3 | 25 | **3** |" in lines


def test_all_sets_in_one_run_may_lose_a_hundredth_but_glue_no_digest() -> None:
    asked = {target.row: target.asked for target in TARGETS}

    assert asked["together", "B-cubed F1 of hard"] == "≥ 0.975"
    assert asked["together", "flash with a stranger"] == "≤ 0.03"
    assert asked["together", "digest with a stranger"] == "≤ 0"
    assert asked["together", "false pairs"] == "≤ 3"
