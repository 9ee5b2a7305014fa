"""What is an article and what is not; every row is something a feed has sent or may send."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.article import MAX_VERSION, Article
from contracts.fields import FIRST_YEAR, LAST_YEAR, MAX_ID_BYTES, MAX_SIGNALS

LEAST = {"id": "a1", "title": "Мост открыт"}


@pytest.mark.parametrize(
    ("sent", "field", "read"),
    [
        pytest.param({}, "text", "", id="no text"),
        pytest.param({}, "version", None, id="no version"),
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
        pytest.param({"version": None}, "version", None, id="version is null"),
        pytest.param({"version": ""}, "version", None, id="version is empty"),
        pytest.param({"version": 0}, "version", 0, id="version 0"),
        pytest.param({"version": MAX_VERSION}, "version", MAX_VERSION, id="largest version"),
        pytest.param({"title": "т" * 4096}, "title", "т" * 4096, id="longest title"),
        pytest.param({"title": "中" * 4096}, "title", "中" * 4096, id="longest Chinese title"),
        pytest.param({"source": "и" * 512}, "source", "и" * 512, id="longest source"),
        pytest.param({"url": "u" * 8192}, "url", "u" * 8192, id="longest address"),
        pytest.param({"slug": "S" * 1024}, "slug", "S" * 1024, id="longest slug"),
        pytest.param({"replaces": ""}, "replaces", None, id="replaces nothing"),
        pytest.param(
            {"signals": [f"s{n}" for n in range(MAX_SIGNALS)]},
            "signals",
            tuple(f"s{n}" for n in range(MAX_SIGNALS)),
            id="most signals",
        ),
        pytest.param({"signals": "UPDATE, sig:kill"}, "signals", ("update", "kill"), id="signals"),
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
        ("2199-12-31T23:59:59-14:00", datetime(2200, 1, 1, 13, 59, 59, tzinfo=UTC)),
        ("1800-01-01T00:00:00+14:00", datetime(1799, 12, 31, 10, tzinfo=UTC)),
        ("1900-01-01T00:00:00", datetime(1900, 1, 1, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
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
        pytest.param(
            {"published_at": "0001-01-01T00:00:00+03:00"}, "published_at", "year 1,", id="year 1"
        ),
        pytest.param({"embargoed": "0001-01-01"}, "embargoed", "year 1,", id="embargo of year 1"),
        pytest.param(
            {"embargoed": "9999-12-31T23:59:59-14:00"}, "embargoed", "year 9999", id="year 9999"
        ),
        pytest.param({"published_at": -1.9e10}, "published_at", "year 1367", id="Middle Ages"),
        pytest.param({"title": "т" * 4097}, "title", "4097 characters", id="long title"),
        # 4,096 letters of 4 bytes
        pytest.param({"title": "𐍈" * 4096}, "title", "16384 bytes", id="title long in bytes alone"),
        pytest.param({"title": "x" * 30_000}, "title", "expected at most 4096", id="30 kB title"),
        pytest.param({"title": "KILL" + " " * 40_000}, "title", "40004", id="title of blanks"),
        pytest.param({"source": "a\u0300" * 400}, "source", "800 characters", id="long source"),
        pytest.param({"url": "я" * 4097}, "url", "8194 bytes", id="address long in bytes alone"),
        pytest.param({"lang": "e" * 65}, "lang", "65 characters", id="long language"),
        pytest.param({"slug": "S" * 1025}, "slug", "1025 characters", id="long slug"),
        pytest.param({"replaces": "я" * 513}, "replaces", "1026 bytes", id="long replaces"),
        pytest.param({"replaces": "a\nb"}, "replaces", "control character", id="bad replaces"),
        pytest.param(
            {"signals": [[]] * 100_000},
            "signals",
            "100000 signals, expected at most 128",
            id="lists",
        ),
        pytest.param({"signals": "k," * 5_000}, "signals", "10000 characters", id="long signals"),
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


def test_it_refuses_a_signal_that_is_too_long_and_says_which() -> None:
    with pytest.raises(ValidationError) as raised:
        Article.model_validate(LEAST | {"signals": ["kill", "я" * 257]})

    assert [problem["loc"] for problem in raised.value.errors()] == [("signals", 1)]
    assert "257 characters, expected at most 256" in raised.value.errors()[0]["msg"]


@given(
    st.datetimes(
        timezones=st.timezones()
        | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
        allow_imaginary=False,
    )
)
def test_a_time_that_is_read_can_be_told_in_utc(moment: datetime) -> None:
    try:
        article = Article(id="a", title="Мост", published_at=moment, embargoed=moment)
    except ValidationError:
        assert not FIRST_YEAR <= moment.year <= LAST_YEAR
    else:
        assert article.published_at is not None
        assert article.published_at.astimezone(UTC).isoformat()


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
