from service.evaluation.errors import Errors, Finding, errors
from service.evaluation.gold import GoldArticle

G1, G2, G3 = (GoldArticle(f"g{n}", "ru", "g", title=f"Гол {n}") for n in (1, 2, 3))
H1, H2 = (GoldArticle(f"h{n}", "en", "h", title=f"Goal {n}") for n in (1, 2))
B1, B2 = (GoldArticle(f"b{n}", "en", title=f"Else {n}") for n in (1, 2))
GOLD = [G1, G2, G3, H1, H2, B1, B2]


def test_a_perfect_partition_has_no_findings() -> None:
    assert errors(GOLD, [["g1", "g2", "g3"], ["h1", "h2"], ["b1", "b2"]]) == Errors((), (), (), ())


def test_a_glued_group_is_one_false_pair_that_counts_all_of_its_pairs() -> None:
    found = errors(GOLD, [["h1", "g1", "g2", "g3", "h2"], ["b1"], ["b2"]])

    assert found == Errors(
        false_pairs=(Finding(6, G1, H1),),  # 3 of g by 2 of h
        strangers=(),
        missed_pairs=(),
        unplaced=(),
    )


def test_each_background_article_is_a_stranger_to_the_labelled_of_its_story() -> None:
    found = errors(GOLD, [["g1", "b1", "g2", "g3"], ["h1", "h2", "b2"]])

    assert found.strangers == (
        Finding(3, G1, B1),  # g1 g2 g3
        Finding(2, H1, B2),  # h1 h2
    )


def test_each_further_part_of_a_split_group_is_a_missed_pair_with_the_largest() -> None:
    found = errors(GOLD, [["g3"], ["g1", "g2"], ["h1"], ["h2"], ["b1", "b2"]])

    assert found.missed_pairs == (
        Finding(2, G1, G3),  # g1 and g2 by g3
        Finding(1, H1, H2),
    )


def test_an_unplaced_article_is_missed_and_named() -> None:
    found = errors(GOLD, [["g1", "g2"], ["h1", "h2"], ["b1"]])

    assert found.missed_pairs == (Finding(2, G1, G3),)
    assert found.unplaced == (G3, B2)


def test_two_digests_in_one_story_are_a_false_pair() -> None:
    first, second = (GoldArticle(each, suite="digest") for each in ("d1", "d2"))

    assert errors([first, second], [["d1", "d2"]]).false_pairs == (Finding(1, first, second),)


def test_findings_as_json_carry_ids_and_titles() -> None:
    found = errors([G1, B1], [["g1", "b1"]])

    assert found.to_json() == {
        "false_pairs": [],
        "strangers": [
            {
                "pairs": 1,
                "first": {"id": "g1", "lang": "ru", "group": "g", "title": "Гол 1"},
                "second": {"id": "b1", "lang": "en", "group": None, "title": "Else 1"},
            }
        ],
        "missed_pairs": [],
        "unplaced": [],
    }
