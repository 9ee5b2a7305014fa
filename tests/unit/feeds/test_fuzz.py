"""Whatever a document holds, a reader yields items and never raises."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.article import Article
from tests.support.feeds.samples import SAMPLES, bad_items, read, sample
from workers.feeds.formats import FORMATS, as_document, detected
from workers.feeds.reader import LONGEST_FRAGMENT, BadItem, Note, Skipped

PIECES = st.sampled_from(
    [b"<", b">", b"&", b"\0", b'"', b"'", b"{", b"]", b"\xff", b"<!DOCTYPE a>", b"&#0;", b"</",
     b"<item>", b"<entry>", b"null", b"-1", b"1e999", b"\\ud800", b"2026-11-22", b"<![CDATA[",
     b"http://[", b"0001-01-01T00:00:00+14:00", b"\xd0"]
)  # fmt: skip


def check(format_name: str, body: bytes) -> None:
    document = as_document(body, "wire")
    for item in (*FORMATS[format_name].read(document), *detected(document).read(document)):
        assert isinstance(item, Article | BadItem | Note | Skipped)
        if isinstance(item, BadItem):
            assert item.where
            assert item.detail
            assert len(item.fragment) <= LONGEST_FRAGMENT


@pytest.mark.parametrize("format_name", FORMATS)
@given(document=st.binary(max_size=300))
def test_random_bytes(format_name: str, document: bytes) -> None:
    check(format_name, document)


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=150)
@given(
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(PIECES, st.binary(max_size=8))),
        min_size=1,
        max_size=6,
    )
)
def test_samples_with_bytes_replaced(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    document = sample(name)
    for where, length, new in edits:
        at = int(where * len(document))
        document = document[:at] + new + document[at + length :]

    check(SAMPLES[name], document)


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=60)
@given(cut=st.floats(0, 1))
def test_samples_that_break_off_are_told(name: str, cut: float) -> None:
    whole = sample(name)
    document = whole[: int(cut * len(whole))]

    check(SAMPLES[name], document)
    if SAMPLES[name] != "jsonl" and document.strip() != whole.strip():
        assert bad_items(read(SAMPLES[name], document))


@pytest.mark.parametrize("format_name", FORMATS)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["uri", "id", "headlines", "bodies", "value", "associations", "type",
                             "version", "text", "status", "infoSources", "embargoed", "role"]),
            inner,
            max_size=6,
        ),
        max_leaves=20,
    )
)  # fmt: skip
def test_json_of_any_shape(format_name: str, value: object) -> None:
    check(format_name, json.dumps(value).encode())


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    "piece",
    [b"x", b"<", b"<item>", b"&amp;", b"{", b"\n", b"<a/>", b'{"uri":"a","title":"b"}\n'],
    ids=["x", "lt", "item", "amp", "brace", "newline", "element", "object"],
)
def test_half_a_megabyte_of_one_thing_takes_seconds(format_name: str, piece: bytes) -> None:
    """Quadratic, this takes hours."""
    started = time.perf_counter()
    check(format_name, piece * (500_000 // len(piece)))

    assert time.perf_counter() - started < 60
