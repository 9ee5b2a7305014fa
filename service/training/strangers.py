"""Look-alikes of other days: the nearest of two real days that lie a week and more apart.

Nobody need label them. One template, one series, one person or one topic brings them together,
and one event can't; their times are moved onto one day, since days apart would tell them. Reprints
(evergreens are printed again) are left out by their wording.
"""

import json
import lzma
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.fingerprints.keywords import Vocabulary
from service.matching.columns import Columns
from service.matching.features import features
from service.training.pairs import Pair, labelled

DAYS = (
    ("2020-04-20", "2020-05-04"), ("2020-05-07", "2020-05-18"), ("2020-05-13", "2020-05-29"),
    ("2020-06-02", "2020-06-12"), ("2020-06-22", "2020-07-02"), ("2020-06-25", "2020-07-07"),
)  # fmt: skip
"""None is a day of dev."""
OF_A_DAY = {"ru": 200, "en": 300}
NEAREST = 2
"""By title and lead, and by body, in each language."""
REPRINT = 0.3
"""Shingle similarity from which two may be one text."""
SEED = 9
_BATCH = 100


def strangers(data: Path, fingerprinter: Fingerprinter, every: int = 1) -> Iterator[Pair]:
    """Pairs that are not one story; each pair of days is a fold, and ``every`` one is read."""
    rng = Random(SEED)
    told = _rows(data / "train/C/newsapi-2020.jsonl.xz", {day for pair in DAYS for day in pair})
    for one, other in DAYS[::every]:
        sides = [_sample(told[day], rng) for day in (one, other)]
        prints = [_fingerprints(side, fingerprinter) for side in sides]
        shift = timedelta(days=(np.datetime64(one) - np.datetime64(other)).astype(int).item())
        for first, second in sorted(_near(*prints)):
            mine, theirs = (
                labelled(sides[at][place], one) for at, place in enumerate((first, second))
            )
            moment = theirs.published_at
            moved = replace(theirs, published_at=moment and moment + shift)
            kind = f"{mine.lang}-{theirs.lang}"
            yield Pair(mine, moved, same=False, fold=one, kind=kind, judged=False)


def _rows(path: Path, days: set[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["published_at"][:10] in days:
                found[row["published_at"][:10]].append(row)
    return found


def _sample(rows: list[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    return [
        row
        for lang, count in OF_A_DAY.items()
        for row in rng.sample([each for each in rows if each["lang"] == lang], count)
    ]


def _fingerprints(rows: list[dict[str, Any]], fingerprinter: Fingerprinter) -> list[Fingerprint]:
    articles = [labelled(row, "").article() for row in rows]
    return [
        one
        for start in range(0, len(articles), _BATCH)
        for one in fingerprinter.fingerprints(articles[start : start + _BATCH])
    ]


def _near(mine: list[Fingerprint], theirs: list[Fingerprint]) -> set[tuple[int, int]]:
    vocabulary = Vocabulary.load()
    one, other = (Columns.of(prints, vocabulary) for prints in (mine, theirs))
    found: set[tuple[int, int]] = set()
    for lang in OF_A_DAY:
        places = np.flatnonzero(other.langs == lang)
        for left, right in ((one.heads, other.heads), (one.bodies, other.bodies)):
            best = np.argsort(-(left @ right[places].T), axis=1)[:, :NEAREST]
            found |= {(at, int(places[near])) for at, row in enumerate(best) for near in row}
    pairs = np.array(sorted(found), np.intp)
    both = Columns.of([*mine, *theirs], vocabulary)
    alike: NDArray[np.float32] = features(both, pairs[:, 0], pairs[:, 1] + len(mine))["shingles"]
    return {(int(a), int(b)) for a, b in pairs[alike < REPRINT]}
