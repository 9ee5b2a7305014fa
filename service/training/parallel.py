"""Parallel text as training documents: which sets are read, how often, and how.

Documents, not sentences, are what the service compares, so consecutive lines
are joined into pseudo-documents of varying length, and part of the pairs are
made lopsided: a lead against its whole document.
"""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Document = tuple[list[int], list[int]]
"""Line numbers of the English and of the Russian side."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """One file of parallel text and its part in training."""

    name: str
    """Path below ``train/``, without the ending; its first folder is the licence class."""
    passes: float
    """How often an epoch reads it; below 1 a new random part every epoch. Doubling all
    text over names lowered the loss and raised the verifier's errors."""
    longest: int
    """Consecutive lines of a pseudo-document, at most; 1 for lists of names."""


DATA_SETS = (
    # Closest to news: people, places, events, full sentences. Read most often.
    DataSet("A/mlqe-pe-postedit", 2.0, 3),
    DataSet("A/mlqe-pe-mt", 2.0, 3),
    DataSet("A/tatoeba", 1.5, 4),
    DataSet("A/tatoeba-pivot", 1.0, 4),
    DataSet("A/un-sdg", 2.0, 8),
    DataSet("A/opensource-guide", 1.0, 8),
    DataSet("A/monero", 0.5, 8),
    DataSet("B/debian-webwml", 1.0, 12),
    DataSet("B/wesnoth-po", 1.0, 8),
    DataSet("B/stellarium-skycultures", 1.5, 8),
    DataSet("B/mozilla-legal", 1.0, 8),
    # Names: which spelling here is which spelling there.
    DataSet("A/wiki-titles-pivot", 1.0, 1),
    DataSet("A/names-wikidata", 1.0, 1),
    DataSet("A/cldr-names", 1.0, 1),
    DataSet("A/country-names", 3.0, 1),
    # Technical documentation: much of it, far from news, good for everyday verbs.
    DataSet("A/ms-d365smb-docs", 0.5, 8),
    DataSet("A/php-doc", 0.4, 12),
    DataSet("A/tarantool-doc", 0.4, 12),
    DataSet("A/cuba-docs", 0.3, 12),
    DataSet("A/yii2-guide", 0.4, 12),
    DataSet("A/rust-book", 0.6, 12),
    DataSet("A/gnome-user-docs", 0.8, 12),
    DataSet("A/nginx-org", 0.3, 12),
    DataSet("A/hf-course", 0.5, 12),
    DataSet("A/react-docs", 0.5, 12),
    DataSet("A/tldr", 0.3, 8),
    DataSet("B/ton-docs", 0.4, 12),
    DataSet("B/git-po", 0.3, 8),
    # News and the web, one to twelve machine translations of a sentence.
    DataSet("C/wmt-testsuites-mt", 1.0, 4),
    # Captions, subtitles, talks, a word list.
    DataSet("C/stsb-multi-mt", 0.5, 1),
    DataSet("C/subtitles-voita", 0.5, 4),
    DataSet("C/captions-3b1b", 0.3, 12),
    DataSet("C/yacle-dictionary", 1.0, 1),
)

HELD_OUT = DataSet("C/wmt-newstest-2012-2018", 1.0, 12)
"""News that the embedding never sees: it is judged by it, and the verifier learns from it."""


def lines(data: Path, data_set: DataSet) -> list[tuple[str, str]]:
    """The set's (English, Russian) lines in source order."""
    with gzip.open(data / "train" / f"{data_set.name}.tsv.gz", "rt", encoding="utf-8") as file:
        return [(en, ru) for en, _, ru in (line.rstrip("\n").partition("\t") for line in file)]


def documents(
    first: int, size: int, data_set: DataSet, lopsided: float, rng: np.random.Generator
) -> Iterator[Document]:
    """One epoch's pseudo-documents over the lines ``first`` to ``first + size - 1``.

    With probability ``lopsided`` a document of several lines keeps only its first
    line or first lines on one side.
    """
    for _ in range(int(data_set.passes)):
        yield from _cut(first, size, data_set.longest, lopsided, rng)
    rest = data_set.passes % 1
    for document in _cut(first, size, data_set.longest, lopsided, rng):
        if rng.random() < rest:
            yield document


def _cut(
    first: int, size: int, longest: int, lopsided: float, rng: np.random.Generator
) -> Iterator[Document]:
    at, end = first, first + size
    while at < end:
        # Log-uniform: sentences and long documents both occur.
        length = int(np.exp(rng.uniform(0, np.log(longest + 1)))) if longest > 1 else 1
        members = list(range(at, min(at + length, end)))
        at += length
        yield _lopsided(members, rng) if rng.random() < lopsided else (members, members)


def _lopsided(members: Sequence[int], rng: np.random.Generator) -> Document:
    lead = list(members[: 1 + len(members) // 4])
    return (lead, list(members)) if rng.random() < 0.5 else (list(members), lead)
