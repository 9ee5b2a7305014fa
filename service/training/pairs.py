"""Pairs that were read: two outlets on one event or not, and the invented trouble pairs.

    own      dev/own-reports: three real days
    ours     service/training/labels.jsonl, read twice: 831 pairs of 14 other days, picked where an
             earlier verifier was unsure or at odds with multilingual-e5-small, and 294 of dev's
             days, drawn by what a verifier that never saw the day says
    trouble  dev/trouble-pairs: invented, 37 kinds

``labels.jsonl`` names articles of newsapi-2020 by id and holds none of their text.
"""

import gzip
import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from service.training.labelled import Labelled

LABELS = "labels.jsonl"
DAYS = ("2020-05-25", "2020-06-18", "2020-07-10")
"""Of dev/own-reports: each is left out in turn."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles that somebody read."""

    first: Labelled
    second: Labelled
    same: bool
    fold: str
    """What is left out together: a day, or a kind of trouble."""
    kind: str
    """``ru-en``, ``en-en`` or ``ru-ru``; of trouble its kind."""
    judged: bool
    """Whether figures count it: no system proposed it."""
    stands_for: float = 0.0
    """Of a pair that was drawn from a whole day's, how many it stands for; else 0."""


def own(data: Path) -> list[Pair]:
    """Without the doubtful ones."""
    rows = _rows(data / "dev/own-reports.jsonl.gz")
    return [_pair(row, row["day"], judged=not row.get("extra")) for row in rows]


def trouble(data: Path) -> list[Pair]:
    """All of them."""
    return [
        _pair(row, row["kind"], judged=True) for row in _rows(data / "dev/trouble-pairs.jsonl.gz")
    ]


def ours(data: Path) -> list[Pair]:
    """The labels of this project; text from newsapi-2020."""
    text = Path(__file__).with_name(LABELS).read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    wanted = {row[side] for row in rows for side in ("a", "b")}
    told = articles(data, wanted)
    return [
        _pair({**row, "a": told[row["a"]], "b": told[row["b"]]}, row["day"], judged=False)
        for row in rows
        if not row["doubt"]
    ]


def articles(data: Path, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """Rows of newsapi-2020 and of dev's days by id; reading them takes a few seconds."""
    found: dict[str, dict[str, Any]] = {}
    with (
        lzma.open(data / "train/C/newsapi-2020.jsonl.xz", "rt", encoding="utf-8") as news,
        gzip.open(data / "dev/days.jsonl.gz", "rt", encoding="utf-8") as days,
    ):
        for row in map(json.loads, chain(news, days)):
            if row["id"] in wanted:
                found[row["id"]] = row
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if not row.get("doubt"):
                yield row


def _pair(row: Mapping[str, Any], fold: str, *, judged: bool) -> Pair:
    first, second = (labelled(row[side], fold) for side in ("a", "b"))
    stands_for = row.get("stands_for", 0.0)
    return Pair(first, second, row["same"], fold, row["kind"], judged, stands_for)


def labelled(row: Mapping[str, Any], fold: str) -> Labelled:
    """An article of a row, in no gold story."""
    moment = row.get("published_at")
    return Labelled(
        str(row["id"]), row.get("lang", ""), row["title"], row["text"], None, "pair", fold,
        datetime.fromisoformat(moment) if moment else None, row.get("source"),
    )  # fmt: skip
