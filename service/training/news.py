"""Real news without labels as training text, and what the teacher says of its headlines.

``train/C/newsapi-2020.jsonl.xz`` holds headlines and descriptions, ``teacher/e5-titles.npz``
multilingual-e5-small's vectors of part of the headlines. Of headlines of one day or the next,
two of different outlets that are each other's nearest by the teacher are taken for reports
of one event.
"""

import json
import lzma
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts.article import Article
from service.fingerprints.model_rows import SMALLEST_NORM
from service.text.document import documents

JUDGED_DAYS = ("2020-05-25", "2020-06-18", "2020-07-10")
"""Days of ``dev/days.jsonl.gz``: nothing of them is learned from."""
LONGEST_LEAD = 60
"""Words read of a description, as many as of the longest lead."""
MOST_REPEATS = 2
"""A description under more articles than these is the outlet's, not the article's."""
NEAREST = 0.5
"""Cosine, language means taken out, from which mutual neighbours are taken for one event."""
_BATCH = 512

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class News:
    """Articles in order of time."""

    titles: list[list[str]]
    """Words, in normal form."""
    leads: list[list[str]]
    days: NDArray[np.int64]
    """Since 1970, UTC."""
    russian: NDArray[np.bool_]
    outlets: NDArray[np.int64]
    taught: NDArray[np.int64]
    """Articles whose headline the teacher has read."""
    teacher: Vectors
    """Its unit vectors of them, language means taken out, shape (taught, 384)."""


def read(data: Path) -> News:
    """All days but the judged ones; about two minutes."""
    rows = sorted(_rows(data), key=lambda row: str(row["published_at"]))
    uses = Counter(row["text"] for row in rows)
    titles, leads = [], []
    for at in range(0, len(rows), _BATCH):
        batch = [_article(row, uses) for row in rows[at : at + _BATCH]]
        for one in documents(batch).read:
            titles.append(one.title_tokens)
            leads.append(one.tokens[:LONGEST_LEAD])
    outlets: dict[str, int] = {}
    russian = np.array([row["lang"] == "ru" for row in rows])
    taught, teacher = _teacher(data, [row["id"] for row in rows])
    return News(
        titles,
        leads,
        np.array([_day(row["published_at"]) for row in rows]),
        russian,
        np.array([outlets.setdefault(row["source"], len(outlets)) for row in rows]),
        taught,
        _without_means(teacher, russian[taught]),
    )


def _rows(data: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(data / "train/C/newsapi-2020.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if not row["published_at"].startswith(JUDGED_DAYS):
                yield row


def _article(row: dict[str, Any], uses: Counter[str]) -> Article:
    text = row["text"] if uses[row["text"]] <= MOST_REPEATS else ""
    return Article(id=row["id"], title=row["title"], text=text or row["title"], lang=row["lang"])


def _day(published_at: str) -> int:
    return (datetime.fromisoformat(published_at) - datetime(1970, 1, 1, tzinfo=UTC)).days


def _teacher(data: Path, ids: Sequence[str]) -> tuple[NDArray[np.int64], Vectors]:
    stored = np.load(data / "teacher/e5-titles.npz")
    place = {one: index for index, one in enumerate(ids)}
    known = np.array([one in place for one in stored["ids"].tolist()])
    taught = np.array([place[one] for one in stored["ids"][known].tolist()])
    vectors = stored["vectors"][known] * stored["scales"][known][:, None]
    order = np.argsort(taught)
    return taught[order], vectors[order].astype(np.float32)


def _without_means(vectors: Vectors, russian: NDArray[np.bool_]) -> Vectors:
    for lang in (russian, ~russian):
        vectors[lang] -= vectors[lang].mean(axis=0)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(norms, SMALLEST_NORM)
    return unit


def twins(news: News) -> NDArray[np.int64]:
    """Pairs that the teacher takes for one event, as places in ``taught``, shape (n, 2).

    In order of time.
    """
    days = news.days[news.taught]
    found = [_twins_of(news, np.flatnonzero(days == day), days) for day in np.unique(days)]
    return np.concatenate(found)


def _twins_of(news: News, own: NDArray[np.intp], days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of the articles of a day; numbers of taught articles, shape (n, 2)."""
    day = days[own[0]]
    near = np.flatnonzero((days == day) | (days == day + 1))
    russian, outlets = news.russian[news.taught], news.outlets[news.taught]
    pairs = [np.empty((0, 2), np.int64)]
    for first in (True, False):
        for second in (True, False):
            left, right = own[russian[own] == first], near[russian[near] == second]
            if len(left) and len(right):
                cosines = news.teacher[left] @ news.teacher[right].T
                cosines[outlets[left][:, None] == outlets[right][None]] = -1
                pairs.append(_mutual(cosines, left, right))
    return np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0)


def _mutual(cosines: Vectors, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.int64]:
    best, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    rows = np.arange(len(left))
    kept = (back[best] == rows) & (cosines[rows, best] >= NEAREST)
    return np.stack([left[kept], right[best[kept]]], axis=1)
