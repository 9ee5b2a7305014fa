from typing import Any

import pytest

from service.evaluation.gold import GoldArticle, GoldError, gold_articles, numbered_rows


def test_rows_become_articles_in_order_and_other_fields_are_ignored() -> None:
    lines: list[str | bytes] = [
        '{"id": "a", "lang": "RU", "group": "g", "suite": "flash", "title": "Т", "text": "…"}',
        "",
        b'{"id": 7, "group": null}',
    ]

    articles = gold_articles(numbered_rows(lines))

    assert articles == (GoldArticle("a", "ru", "g", "flash", "Т"), GoldArticle("7"))


def test_an_id_that_returns_with_the_same_labels_is_one_article() -> None:
    rows: list[tuple[int, dict[str, Any]]] = [
        (1, {"id": "a", "group": "g"}),
        (2, {"id": "a", "group": "g", "version": 2}),
    ]

    assert gold_articles(rows) == (GoldArticle("a", group="g"),)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['{"id": "a"}', "", "{oops"], "line 3: not JSON"),
        ([b"\xff"], "line 1: not JSON"),
        (["[1]"], "line 1: expected a JSON object, got list"),
        (['{"title": "t"}'], "line 1: id: expected a non-empty text, got None"),
        (['{"id": "  "}'], "line 1: id: expected a non-empty text, got '  '"),
        (['{"id": true}'], "line 1: id: expected text or null, got True"),
        (['{"id": "a", "group": ["g"]}'], r"line 1: group: expected text or null, got \['g'\]"),
        (
            ['{"id": "a", "group": "g"}', '{"id": "a", "group": "h"}'],
            "line 2: id 'a' has group 'h' and suite None, but an earlier line gave it 'g' and None",
        ),
    ],
)
def test_a_bad_line_is_named(lines: list[str | bytes], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        gold_articles(numbered_rows(lines))
