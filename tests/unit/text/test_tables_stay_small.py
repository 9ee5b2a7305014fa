"""A text of nothing but new words takes what the tables may take, and gives it back."""

import itertools

import numpy as np
import pytest

from contracts.article import Article
from service.fingerprints import fingerprinter
from service.fingerprints.fingerprinter import Fingerprinter
from service.text.chunks import CHUNKS, WORDS
from service.text.table import Column, Table

LIMIT, TOGETHER = 2_000, 10_000
SYLLABLES = ("bcdfgklmnp", "aeiou", "prstvz", "aeiou", "bdgkl", "aeiou")


@pytest.fixture
def _small_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    for table in (CHUNKS, WORDS):
        monkeypatch.setattr(table, "_limit", LIMIT)
    monkeypatch.setattr(fingerprinter, "TOGETHER", TOGETHER)


def articles(count: int, words: int) -> list[Article]:
    """No word of them comes twice."""
    new = map("".join, itertools.product(*SYLLABLES))
    return [
        Article(id=str(number), text=" ".join(itertools.islice(new, words)))
        for number in range(count)
    ]


@pytest.mark.usefixtures("_small_tables")
def test_a_batch_of_new_words_fills_no_table_beyond_its_limit() -> None:
    batch = articles(count=20, words=700)

    found = Fingerprinter.load().fingerprints(batch)

    assert len(found) == len(batch)
    assert len(WORDS.texts) <= LIMIT + TOGETHER // 7
    assert len(CHUNKS.texts) <= LIMIT + TOGETHER // 7


def test_what_is_read_together_changes_no_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = [*articles(count=9, words=100), Article(id="long", text="Один два. " * 5_000)]
    together = Fingerprinter.load().fingerprints(batch)
    monkeypatch.setattr(fingerprinter, "TOGETHER", 1_500)

    apart = Fingerprinter.load().fingerprints(batch)

    assert [each.payload for each in apart] == [each.payload for each in together]


def test_a_column_gives_back_what_a_full_table_took() -> None:
    table = Table()
    column = Column(table, len, np.intp)
    numbers = np.array([table[str(number)] for number in range(100_000)])
    column[numbers]
    assert column._values.nbytes >= 100_000 * 8

    table.start_over()
    assert column[np.array([table["again"]])].tolist() == [5]

    assert column._values.nbytes < 200_000
