"""The id in an entry that is no article, however broken, large or hostile its body is."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from faststream.redis.parser import BinaryMessageFormatV1
from hypothesis import given
from hypothesis import strategies as st

from workers.state import readable_id as module
from workers.state.entries import Entry
from workers.state.readable_id import readable_id


def read(**fields: bytes) -> str | None:
    return readable_id(Entry("1-1", {name.encode(): value for name, value in fields.items()}))


def enveloped(body: dict[str, Any]) -> bytes:
    return asyncio.run(
        BinaryMessageFormatV1.encode(message=body, reply_to=None, headers=None, correlation_id="c")
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b'{"id": "a1", "title": []}', "a1", id="first"),
        pytest.param(b'{"title": [], "text": "x", "id": "a1"}', "a1", id="last"),
        pytest.param(b'{"id":42}', "42", id="a number"),
        pytest.param(b'{"id": 1.5}', "1.5", id="a fraction"),
        pytest.param(b'{"id": " a1\\n"}', "a1", id="between blanks"),
        pytest.param(b'{"id": "a\\nb"}', "a\nb", id="a line break in it"),
        pytest.param(b'{"id": "a\nb"}', "a\nb", id="a raw line break in it"),
        pytest.param(b'{"id": "\\u0430/\\"1\\""}', 'а/"1"', id="escaped"),
        pytest.param(b'{"id": "caf\xe9"}', "caf\ufffd", id="not UTF-8"),
        pytest.param(b'{"id": "a\\ud800"}', "a?", id="lone surrogate"),
        pytest.param(b'{"by": {"id": "b"}, "id": "a"}', "a", id="another object has one too"),
        pytest.param(b'{"text": "\\"id\\": \\"b\\"", "id": "a"}', "a", id="a text speaks of one"),
        pytest.param(b'{"x": "id", "y": ["id", "b"], "id": "a"}', "a", id="values are no names"),
        pytest.param(b'{"id": "a", "text": "cut of', "a", id="the body is cut off"),
        pytest.param(b'{"text": "cut off, "id', None, id="cut off before it"),
        pytest.param(b'{"id": "cut of', None, id="cut off in it"),
        pytest.param(b'[{"id": "a"}]', None, id="a list"),
        pytest.param(b'{"id": null}', None, id="null"),
        pytest.param(b'{"id": true}', None, id="a boolean"),
        pytest.param(b'{"id": {"id": "a"}}', None, id="an object"),
        pytest.param(b'{"id": "  "}', None, id="blank"),
        pytest.param(b'{"title": "x"}', None, id="none"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(b'{"id": "' + b"x" * 1025 + b'"}', None, id="too long"),
        pytest.param(b'{"id": ' + b"9" * 5_000 + b"}", None, id="a number of 5,000 digits"),
    ],
)
def test_an_id_is_read_where_it_can_be(body: bytes, expected: str | None) -> None:
    assert read(data=body) == expected


def test_it_stands_in_a_field_of_its_own_or_in_an_envelope_too() -> None:
    assert read(id=b" a1 ", title=b"") == "a1"
    assert read(__data__=enveloped({"id": "a1", "title": []})) == "a1"
    assert read(what=b"ever") is None


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200),
    st.dictionaries(st.text(max_size=5).filter(lambda name: name != "id"), st.text(), max_size=4),
    st.booleans(),
)
def test_whatever_json_writes_is_read(name: str, more: dict[str, str], is_ascii: bool) -> None:
    body = json.dumps({**more, "id": name}, ensure_ascii=is_ascii).encode()

    assert read(data=body) == (name.strip() or None)


@given(st.binary())
def test_bytes_of_any_kind_give_an_id_or_none(body: bytes) -> None:
    found = read(data=body)

    assert found is None or 0 < len(found.encode()) <= 1024


@pytest.mark.parametrize(
    "unit", [b"[]", b'"', b'\\"', b'"\\', b"{", b'"id"', b":", b"1,", b"\\", b" "]
)
def test_the_look_at_a_hostile_body_ends(unit: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many tokens, however long the body is; each is found without going back."""
    pattern, ends = module._TOKEN, list[int]()

    class Watched:
        def finditer(self, body: bytes) -> Iterator[re.Match[bytes]]:
            for token in pattern.finditer(body):
                ends.append(token.end())
                yield token

    monkeypatch.setattr(module, "_TOKEN", Watched())

    assert readable_id(Entry("1-1", {b"data": b'{"x": ' + unit * 500_000})) is None
    assert len(ends) <= module._MOST_TOKENS
    assert ends == sorted(ends)
