"""Files of JSON lines, in whatever Unicode they were saved."""

import gzip
from pathlib import Path

import pytest

from workers.state.entries import Entry, article_of
from workers.state.streams import lines_of

# U+040A and U+0A0D hold a byte of a line end, U+2028 is one to Python's splitlines alone.
LINES = ['{"id": "a", "title": "Њ"}', "", '{"id": "b", "title": "\u0a0d\u2028"}\r', "no end"]
EXPECTED = [line.rstrip("\r").encode() for line in LINES if line]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_lines_come_as_utf8_without_a_mark(tmp_path: Path, encoding: str, suffix: str) -> None:
    file = tmp_path / f"wire.jsonl{suffix}"
    body = "\n".join(LINES).encode(encoding)
    file.write_bytes(gzip.compress(body) if suffix else body)

    assert list(lines_of([file, file])) == EXPECTED * 2


def test_long_lines_of_utf16_are_put_together(tmp_path: Path) -> None:
    lines = [letter * 100_000 for letter in "абв"]
    (tmp_path / "wire.jsonl").write_bytes("\n".join(lines).encode("utf-16"))

    assert [line.decode() for line in lines_of([tmp_path / "wire.jsonl"])] == lines


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf\n\n"])
def test_a_mark_alone_is_no_line(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "wire.jsonl").write_bytes(body)

    assert list(lines_of([tmp_path / "wire.jsonl"])) == []


def test_utf16_that_breaks_off_within_a_character_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "wire.jsonl").write_bytes("да".encode("utf-16")[:-1])

    assert [line.decode() for line in lines_of([tmp_path / "wire.jsonl"])] == ["д\ufffd"]


def test_a_mark_before_the_json_of_an_entry_is_no_part_of_it() -> None:
    article = article_of(Entry("1-0", {b"data": b'\xef\xbb\xbf{"id": "a", "title": "A"}'}), 1_000)

    assert (article.id, article.title) == ("a", "A")
