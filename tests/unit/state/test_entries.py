"""Entries of every shape and every fault: an article, or a reason a person can act on."""

import asyncio
import base64
import json
from datetime import UTC, datetime

import pytest
from faststream.redis.parser import BinaryMessageFormatV1

from contracts.article import Article
from contracts.dead_letter import REMEDIES, Reason
from workers.errors import Unprocessable
from workers.state.entries import Entry, article_of, dead_letter

ARTICLE = {"id": "a1", "title": "Two ferries collide", "text": "Nobody was hurt."}
MAX_BYTES = 10_000_000


def parsed(fields: dict[bytes, bytes], max_bytes: int = MAX_BYTES) -> Article:
    return article_of(Entry("1-1", fields), max_bytes)


def as_json(**changes: object) -> dict[bytes, bytes]:
    return {b"data": json.dumps({**ARTICLE, **changes}).encode()}


def enveloped() -> dict[bytes, bytes]:
    envelope = asyncio.run(
        BinaryMessageFormatV1.encode(
            message=ARTICLE, reply_to=None, headers=None, correlation_id="c1"
        )
    )
    return {b"__data__": envelope}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(as_json(), id="JSON in field data"),
        pytest.param(as_json(extra={"group": 7}), id="unknown fields are ignored"),
        pytest.param(
            {name.encode(): value.encode() for name, value in ARTICLE.items()}, id="flat fields"
        ),
        pytest.param(enveloped(), id="FastStream's envelope"),
        pytest.param({b"__data__": json.dumps(ARTICLE).encode()}, id="plain JSON in __data__"),
    ],
)
def test_every_accepted_shape_gives_the_same_article(fields: dict[bytes, bytes]) -> None:
    assert parsed(fields) == Article.model_validate(ARTICLE)


@pytest.mark.parametrize(
    ("fields", "reason", "says"),
    [
        pytest.param({b"data": b"{not json"}, Reason.NOT_JSON, "not JSON", id="not JSON"),
        pytest.param({b"data": b"[1, 2]"}, Reason.NOT_JSON, "an array", id="a list"),
        pytest.param({b"data": b'"text"'}, Reason.NOT_JSON, "like a string", id="a string"),
        pytest.param({b"data": b"null"}, Reason.NOT_JSON, "type NoneType", id="null"),
        pytest.param({b"data": b""}, Reason.NOT_JSON, "not JSON", id="empty body"),
        pytest.param(
            {b"data": b'{"id":' * 100_000}, Reason.NOT_JSON, "not JSON", id="deep nesting"
        ),
        pytest.param({b"foo": b"bar"}, Reason.NO_ARTICLE, "'foo'", id="no known field"),
        pytest.param(
            {b"__data__": b"\x89BIN\r\n\x1a\n\x00\x01\xff"},
            Reason.NOT_JSON,
            "not JSON",
            id="cut envelope",
        ),
        pytest.param(
            {b"data": b'{"text": "no id"}'}, Reason.INVALID_ARTICLE, "id: ", id="missing id"
        ),
        pytest.param(as_json(id=""), Reason.INVALID_ARTICLE, "id: ", id="empty id"),
        pytest.param(as_json(id="  "), Reason.INVALID_ARTICLE, "id: ", id="blank id"),
        pytest.param(as_json(id=None), Reason.INVALID_ARTICLE, "id: ", id="null id"),
        pytest.param(
            as_json(id="x" * 10_000), Reason.INVALID_ARTICLE, "10000 bytes", id="10 kB id"
        ),
        pytest.param(as_json(id="a\x00b"), Reason.INVALID_ARTICLE, "control", id="NUL in id"),
        pytest.param(
            {b"data": b'{"id": "\\ud800", "text": "x"}'},
            Reason.INVALID_ARTICLE,
            "surrogate",
            id="lone surrogate in id",
        ),
        pytest.param(
            as_json(title="", text=" \n"), Reason.INVALID_ARTICLE, "neither", id="no words"
        ),
        pytest.param(
            as_json(text=["a"]), Reason.INVALID_ARTICLE, "text: ", id="text of the wrong type"
        ),
        pytest.param(
            as_json(published_at="yesterday"),
            Reason.INVALID_ARTICLE,
            "published_at: ",
            id="a date that is none",
        ),
        pytest.param(
            as_json(version="two"), Reason.INVALID_ARTICLE, "version: ", id="version in words"
        ),
    ],
)
def test_what_is_no_article_says_what_was_wrong(
    fields: dict[bytes, bytes], reason: Reason, says: str
) -> None:
    with pytest.raises(Unprocessable) as caught:
        parsed(fields)

    assert caught.value.reason is reason
    assert says in caught.value.detail
    assert caught.value.remedy


MILLION = 1_000_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(as_json(signals=[[]] * MILLION), id="a million empty signals"),
        pytest.param(as_json(signals=[[]] * 128), id="as many broken signals as there may be"),
        pytest.param(as_json(signals=[[[]] * MILLION] * 3), id="a signal of a million lists"),
        pytest.param(as_json(signals={str(n): n for n in range(10_000)}), id="an object"),
        pytest.param(as_json(title=["x" * MILLION]), id="a long title in a list"),
        pytest.param(as_json(version="9" * MILLION), id="a version of a million digits"),
        pytest.param({b"data": b'{"id": ' + b"9" * 5_000 + b', "text": "x"}'}, id="a huge id"),
        pytest.param({b"data": b'{"id": "a", "title": ' + b"9" * 5_000 + b"}"}, id="a huge title"),
        pytest.param(as_json(version=10**400), id="a huge version"),
        pytest.param(as_json(published_at="2" * MILLION, embargoed=[1] * MILLION), id="dates"),
        pytest.param(
            as_json(**{name: {"a": [1]} for name in Article.model_fields}), id="every field"
        ),
        pytest.param({str(n).encode() * 2_000: b"" for n in range(1_000)}, id="foreign fields"),
    ],
)
def test_what_is_said_of_a_broken_entry_is_short_whatever_was_sent(
    body: dict[bytes, bytes],
) -> None:
    with pytest.raises(Unprocessable) as caught:
        parsed(body)

    assert len(caught.value.detail) < 4_000


def test_twenty_faults_are_named_and_the_others_counted() -> None:
    with pytest.raises(Unprocessable) as caught:
        parsed(as_json(signals=[[]] * 60))

    named, more = caught.value.detail.split("; ")[:20], caught.value.detail.split("; ")[20:]
    assert all(each.startswith("signals.") for each in named)
    assert more == ["and 40 more faults"]


def test_a_huge_number_as_title_is_refused_like_any_long_title() -> None:
    with pytest.raises(Unprocessable, match="title"):
        parsed({b"data": b'{"id": "a", "title": 1' + b"0" * 4_200 + b"}"})


def test_an_entry_over_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(Unprocessable, match=r"entry has \d+ bytes, expected at most 100"):
        parsed(as_json(text="x" * 200), max_bytes=100)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        pytest.param(as_json(text="a\x00b"), "ab", id="NUL bytes go"),
        pytest.param(
            {b"data": b'{"id": "a1", "text": "a \\ud800 b"}'}, "a \ufffd b", id="lone surrogate"
        ),
        pytest.param(
            {b"data": b'{"id": "a1", "text": "caf\xe9 open"}'}, "caf\ufffd open", id="not UTF-8"
        ),
        pytest.param({b"id": b"a1", b"text": b"caf\xe9"}, "caf\ufffd", id="flat and not UTF-8"),
    ],
)
def test_dirty_text_is_repaired_not_refused(fields: dict[bytes, bytes], text: str) -> None:
    assert parsed(fields).text == text


@pytest.mark.parametrize(
    ("published_at", "expected"),
    [
        ("2026-02-09T10:00:00", datetime(2026, 2, 9, 10, tzinfo=UTC)),
        ("2026-02-09T13:00:00+03:00", datetime(2026, 2, 9, 10, tzinfo=UTC)),
        ("2199-12-31T23:59:59Z", datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1900-01-01", datetime(1900, 1, 1, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_as_feeds_write_them(
    published_at: str | None, expected: datetime | None
) -> None:
    assert parsed(as_json(published_at=published_at)).published_at == expected


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", "текст".encode(), b"\x00\x01"])
def test_a_dead_letter_holds_the_body_whole(body: bytes) -> None:
    letter = dead_letter(Entry("5-0", {b"data": body}), Reason.NOT_JSON, "not JSON", deliveries=1)

    (value,) = letter.fields.values()
    restored = base64.b64decode(value) if letter.encoding == "base64" else value.encode()
    assert restored == body


@pytest.mark.parametrize(
    "body",
    [b"\x01" * MILLION, b"\x00" * MILLION, b'"' * MILLION, b"\n" * MILLION, b"\xff" * MILLION],
)
def test_a_letter_is_twice_its_entry_at_most_whatever_was_sent(body: bytes) -> None:
    letter = dead_letter(
        Entry("5-0", {b"data": body}), Reason.NOT_JSON, "x" * MILLION, deliveries=1
    )

    assert len(letter.model_dump_json()) < 2 * MILLION + 5_000


def test_every_reason_has_a_remedy() -> None:
    assert REMEDIES.keys() == set(Reason)
    assert all(REMEDIES.values())
