"""What is an article and what is not; every row is something a feed has sent or may send."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.article import MAX_ID_BYTES, MAX_VERSION, Article

LEAST = {"id": "a1", "title": "Мост открыт"}


@pytest.mark.parametrize(
    ("sent", "field", "read"),
    [
        pytest.param({}, "text", "", id="no text"),
        pytest.param({}, "version", 1, id="no version"),
        pytest.param({}, "published_at", None, id="no date"),
        pytest.param({"title": None, "text": "Body"}, "title", "", id="title is null"),
        pytest.param({"text": None}, "text", "", id="text is null"),
        pytest.param({"title": 1984}, "title", "1984", id="title is a number"),
        pytest.param({"title": "a\x00b"}, "title", "ab", id="NUL"),
        pytest.param({"title": "a\ud800b"}, "title", "a\ufffdb", id="lone high surrogate"),
        pytest.param({"title": "a\udc80b"}, "title", "a\ufffdb", id="lone low surrogate"),
        pytest.param({"title": "\ud83d\ude00"}, "title", "😀", id="surrogate pair"),
        pytest.param({"source": ""}, "source", None, id="empty source"),
        pytest.param({"lang": ""}, "lang", None, id="empty language"),
        pytest.param({"id": 42}, "id", "42", id="numeric id"),
        pytest.param({"id": " a1 "}, "id", "a1", id="id between blanks"),
        pytest.param({"id": "новость/№ 7"}, "id", "новость/№ 7", id="id of any letters"),
        pytest.param({"id": "x" * MAX_ID_BYTES}, "id", "x" * MAX_ID_BYTES, id="longest id"),
        pytest.param({"version": "3"}, "version", 3, id="version in a flat field"),
        pytest.param({"version": None}, "version", 1, id="version is null"),
        pytest.param({"version": ""}, "version", 1, id="version is empty"),
        pytest.param({"version": 0}, "version", 0, id="version 0"),
        pytest.param({"version": MAX_VERSION}, "version", MAX_VERSION, id="largest version"),
        pytest.param({"text": "я" * 2_500_000}, "text", "я" * 2_500_000, id="5 MB of text"),
    ],
)
def test_it_reads(sent: dict[str, Any], field: str, read: object) -> None:
    assert getattr(Article.model_validate(LEAST | sent), field) == read


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ("2026-03-02T09:15:00Z", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        (
            "2026-03-02T12:15:00+03:00",
            datetime(2026, 3, 2, 12, 15, tzinfo=timezone(timedelta(hours=3))),
        ),
        ("2026-03-02T09:15:00", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2026-03-02 09:15", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        (" 2026-03-02T09:15:00Z\n", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        (1772442900, datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("1772442900", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        (1772442900000, datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1900-01-01T00:00:00", datetime(1900, 1, 1, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_it_reads_the_time(sent: object, moment: datetime | None) -> None:
    article = Article.model_validate(LEAST | {"published_at": sent})

    assert article.published_at == moment
    assert article.published_at is None or article.published_at.tzinfo is not None


@pytest.mark.parametrize(
    ("sent", "field", "reason"),
    [
        pytest.param({"id": ""}, "id", "at least 1 character", id="empty id"),
        pytest.param({"id": "  "}, "id", "at least 1 character", id="blank id"),
        pytest.param({"id": None}, "id", "valid string", id="id is null"),
        pytest.param({"id": True}, "id", "valid string", id="id is a boolean"),
        pytest.param({"id": ["a"]}, "id", "valid string", id="id is a list"),
        pytest.param(
            {"id": "x" * 10_000}, "id", "10000 bytes, expected at most 1024", id="id of 10 kB"
        ),
        # 513 Cyrillic letters of 2 bytes
        pytest.param({"id": "я" * 513}, "id", "1026 bytes", id="id too long in bytes alone"),
        pytest.param({"id": "a\x00b"}, "id", "control character", id="NUL in the id"),
        pytest.param({"id": "a\nb"}, "id", "control character", id="line break in the id"),
        pytest.param({"id": "a\ud800"}, "id", "lone surrogate", id="lone surrogate in the id"),
        pytest.param({"title": ["Мост"]}, "title", "valid string", id="title is a list"),
        pytest.param({"text": {"html": ""}}, "text", "valid string", id="text is an object"),
        pytest.param({"published_at": "soon"}, "published_at", "datetime", id="no date"),
        pytest.param({"published_at": "2026-02-30"}, "published_at", "date", id="30 February"),
        pytest.param({"published_at": 1e20}, "published_at", "date", id="date out of range"),
        pytest.param({"version": -1}, "version", "greater than or equal to 0", id="version -1"),
        pytest.param({"version": 1.5}, "version", "integer", id="version 1.5"),
        pytest.param({"version": 2**53}, "version", "less than or equal", id="huge version"),
    ],
)
def test_it_refuses_and_says_why(sent: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Article.model_validate(LEAST | sent)

    assert [problem["loc"] for problem in raised.value.errors()] == [(field,)]
    assert reason in raised.value.errors()[0]["msg"]


def test_it_refuses_an_article_without_id() -> None:
    with pytest.raises(ValidationError, match="Field required"):
        Article.model_validate({"title": "Мост открыт"})


@pytest.mark.parametrize(
    "words", [{}, {"title": ""}, {"title": " \n", "text": "\t"}, {"title": None, "text": "\x00"}]
)
def test_it_refuses_an_article_without_a_word(words: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="neither title nor text holds a word"):
        Article.model_validate({"id": "a1"} | words)


def test_unknown_fields_are_ignored() -> None:
    assert Article.model_validate(LEAST | {"group": "g7", "_id": {}}) == Article.model_validate(
        LEAST
    )


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(list(Article.model_fields)), JSON_VALUES))
def test_anything_is_either_read_or_refused_with_a_reason(value: dict[str, Any]) -> None:
    try:
        article = Article.model_validate(value)
    except ValidationError as error:
        assert error.errors()  # noqa: PT017 - either way is right
    else:
        stored = article.model_dump_json().encode()
        assert Article.model_validate_json(stored) == article
        assert b"\\u0000" not in stored
        assert json.loads(stored)["id"] == article.id.strip()
