from typing import Any

import pytest

from service.evaluation.gold import GoldError
from service.evaluation.labelled_pairs import is_pair_row, labelled_pairs, pair_score
from service.evaluation.scores import PairCounts


def row(first: str, second: str, *, same: bool) -> dict[str, Any]:
    return {"same": same, "a": {"id": first, "title": "A"}, "b": {"id": second, "title": "B"}}


def test_articles_of_the_rows_come_whole_and_once() -> None:
    rows = [(1, row("a", "b", same=True)), (2, row("c", "a", same=False))]

    read = labelled_pairs(rows)

    assert [article["id"] for article in read.articles] == ["a", "b", "c"]
    assert read.articles[0] == {"id": "a", "title": "A"}
    assert [(pair.first.id, pair.second.id, pair.same) for pair in read.pairs] == [
        ("a", "b", True),
        ("c", "a", False),
    ]


def test_only_labelled_pairs_count() -> None:
    rows = [
        (1, row("a", "b", same=True)),  # together: true
        (2, row("c", "d", same=True)),  # apart: missed
        (3, row("e", "f", same=False)),  # together: false
        (4, row("g", "h", same=False)),  # apart: rightly so
        (5, row("i", "j", same=True)),  # j is in no story: missed
        (6, row("k", "l", same=True)),  # neither is in a story: missed
    ]
    pairs = labelled_pairs(rows).pairs

    score = pair_score(pairs, [["a", "b", "c"], ["d"], ["e", "f", "g"], ["h"], ["i"]])

    assert score.counts == PairCounts(true=1, missed=3, false=1)
    assert score.different == 1
    assert score.to_json() == {
        "true": 1,
        "missed": 3,
        "false": 1,
        "precision": 0.5,  # 1 of 2 together
        "recall": 0.25,  # 1 of 4 the same
        "f1": 1 / 3,  # 2 · ½ · ¼ / ¾
        "different": 1,
        "false_pairs": [["e", "f"]],
        "missed_pairs": [["c", "d"], ["i", "j"], ["k", "l"]],
    }


def test_rows_of_the_two_formats_are_told_apart() -> None:
    assert is_pair_row(row("a", "b", same=True))
    assert not is_pair_row({"id": "a", "group": "g"})


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"same": "yes", "a": {}, "b": {}}, "line 4: same: expected true or false, got 'yes'"),
        ({"same": True, "a": "x", "b": {}}, "line 4: a: expected an article, got str"),
        ({"same": True, "a": {"id": "x"}, "b": {}}, "line 4: id: expected a non-empty text"),
        (row("x", "x", same=True), "line 4: a and b are one article, 'x'"),
    ],
)
def test_a_bad_row_is_named(bad: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        labelled_pairs([(4, bad)])
