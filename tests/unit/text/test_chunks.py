"""Texts cut by array steps are cut as Python cuts strings."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text import chunks
from service.text.chunks import CHUNKS, Chunks
from service.text.table import Table
from service.text.tokens import LINE_END

SPACES = "".join(char for char in map(chr, range(0x10000)) if char.isspace())

texts = st.lists(st.text(st.sampled_from("ab, \n\r\t\x1c\x85\xa0\u2028\u3000\0ёЖ漢\U0001f3af¶")))


def cut(found: Chunks, batch: Sequence[str]) -> list[list[str]]:
    """The chunks of each text."""
    numbers, bounds = found.cut(batch)
    spelled = [found.texts[number] for number in numbers]
    return [spelled[start:end] for start, end in pairwise(bounds)]


def as_python_cuts(batch: Sequence[str]) -> list[list[str]]:
    return [text.replace("\n", f" {LINE_END} ").split() for text in batch]


@given(texts)
def test_texts_are_cut_at_white_space_and_line_breaks(batch: list[str]) -> None:
    assert cut(Chunks(Table()), batch) == as_python_cuts(batch)


@given(st.lists(st.text()))
def test_chunks_known_before_are_cut_the_same_way(batch: list[str]) -> None:
    CHUNKS.make_room()
    first = cut(CHUNKS, batch)

    assert cut(CHUNKS, batch) == first == as_python_cuts(batch)


def test_every_white_space_of_python_divides() -> None:
    assert cut(Chunks(Table()), [f"one{space}other" for space in SPACES]) == [
        ["one", LINE_END, "other"] if space == "\n" else ["one", "other"] for space in SPACES
    ]


def test_a_chunk_has_one_number_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_TOGETHER", 8)
    found = Chunks(Table())

    numbers, _ = found.cut(["  ferry", "", "\n ferry", "the old ferry sank", "   "])

    assert sorted(found.texts) == sorted({"ferry", LINE_END, "the", "old", "sank"})
    assert len({*numbers[[0, 2, 5]].tolist()}) == 1


def test_chunks_that_begin_or_end_alike_are_others() -> None:
    batch = [" ".join("a" * size for size in range(1, 60)), "ab ba a\0 a \0a aa"]

    assert cut(Chunks(Table()), batch) == as_python_cuts(batch)


def test_more_chunks_than_the_table_of_keys_first_held() -> None:
    found = Chunks(Table())
    batch = [" ".join(map(str, range(start, start + 9_000))) for start in range(0, 45_000, 9_000)]

    for text in batch:
        cut(found, [text])

    assert cut(found, batch) == as_python_cuts(batch)
    assert len(found.texts) == 45_000


def test_what_chunks_hold_stands_under_their_numbers() -> None:
    words = Table()
    found = Chunks(words)
    numbers, _ = found.cut(["Nine ferries — nine, twenty-one."])

    in_words, counts = found.words(numbers)

    assert words.spelled(in_words) == ["nine", "ferries", "nine", "twenty", "one"]
    assert counts.tolist() == [1, 1, 0, 1, 2]
    assert found.marks(numbers).tolist() == [found.held[number][2] for number in numbers]
    assert np.flatnonzero(counts == 0).tolist() == [2]
