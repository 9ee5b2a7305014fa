"""Runs: sets of labelled articles with the pairs that the service would compare.

    feed      dev/feed: real articles, five of a story, among background
    hard      dev/hard: flashes, partial translations, bulletins, updates, digests
    mixed     dev/hard among the feed's background
    variants  flashes, openings and refiled versions made from dev/feed, and digests
    bulletins templated bulletins (``bulletins.py``)
    together  dev/hard and dev/feed in one run: to judge by, never to train on

A pair of two background articles is of unknown label and left out. Folds keep a
story, or a kind of bulletin, on one side: a pair touches the folds of both its
articles, is predicted by the model of its newer labelled one, and that model has
seen no pair that touches its fold.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.fingerprints.keywords import Vocabulary
from service.matching.columns import Columns, Floats, Indices
from service.matching.features import features
from service.training.bulletins import KINDS, bulletins
from service.training.labelled import Labelled, digests, read, variants
from service.training.neighbours import earlier_candidates

FOLDS = 5
BATCH = 100
BULLETIN_SETS = 60
DIGESTS = 400
BACKGROUND_OF_VARIANTS = 4000
SEED = 5
_BACKGROUND = -1
_OUR_KIND = {"fx": "rate", "quake": "tremor"}
"""The kinds of bulletin in ``hard``, and which of ours tells the same: they share a fold, or
a verifier that read a hundred rates of exchange would be judged by another hundred."""


@dataclass(slots=True)
class Run:
    """One set of articles in time order and its pairs."""

    name: str
    articles: list[Labelled]
    prints: list[Fingerprint]
    candidates: list[list[int]]
    newer: Indices
    earlier: Indices
    values: Floats
    """Features, shape (pairs, features)."""
    same: NDArray[np.bool_]
    known: NDArray[np.bool_]
    """At least one of the two is labelled."""
    newer_fold: NDArray[np.int64]
    earlier_fold: NDArray[np.int64]

    @property
    def fold(self) -> NDArray[np.int64]:
        """Whose model predicts the pair; -1 for two background articles."""
        return np.where(self.newer_fold >= 0, self.newer_fold, self.earlier_fold)


Prints = dict[tuple[str, datetime | None], Fingerprint]
"""Fingerprints by article id and event time: most articles are in several runs."""


def runs(data: Path, fingerprinter: Fingerprinter) -> list[Run]:
    """The five that the verifier is trained on; about a minute."""
    return _runs(data, fingerprinter, {})


def runs_and_together(data: Path, fingerprinter: Fingerprinter) -> tuple[list[Run], Run]:
    """The five that the verifier is trained on, and ``together``."""
    prints: Prints = {}
    trained = _runs(data, fingerprinter, prints)
    both = [*trained[1].articles, *trained[0].articles]
    return trained, _run("together", both, fingerprinter, prints)


def _runs(data: Path, fingerprinter: Fingerprinter, prints: Prints) -> list[Run]:
    rng = Random(SEED)
    feed, hard = read(data / "dev/feed.jsonl.gz"), read(data / "dev/hard.jsonl.gz")
    labelled = [article for article in feed if article.group is not None]
    background = [article for article in feed if article.group is None]
    made = [variant for article in labelled for variant in variants(article, rng)]
    made += labelled + list(digests(feed, DIGESTS, rng))
    made += rng.sample(background, BACKGROUND_OF_VARIANTS)
    templated = [one for kind in KINDS for one in bulletins(kind, BULLETIN_SETS, rng)]
    return [
        _run("feed", feed, fingerprinter, prints),
        _run("hard", hard, fingerprinter, prints),
        _run("mixed", hard + background, fingerprinter, prints),
        _run("variants", _shuffled(made, rng), fingerprinter, prints),
        _run("bulletins", _shuffled(templated, rng), fingerprinter, prints),
    ]


def _shuffled(articles: list[Labelled], rng: Random) -> list[Labelled]:
    rng.shuffle(articles)
    return [replace(article, published_at=None) for article in articles]


def _run(
    name: str, articles: Sequence[Labelled], fingerprinter: Fingerprinter, known: Prints
) -> Run:
    ordered = sorted(articles, key=_time)
    new = [one for one in ordered if (one.id, one.published_at) not in known]
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        made = fingerprinter.fingerprints([one.article() for one in batch])
        known.update(zip(((one.id, one.published_at) for one in batch), made, strict=True))
    prints = [known[one.id, one.published_at] for one in ordered]
    candidates = earlier_candidates(prints)
    newer = np.repeat(np.arange(len(candidates)), [len(c) for c in candidates])
    earlier = np.array([other for mates in candidates for other in mates], np.intp)
    groups = np.array([one.group or "" for one in ordered])
    labelled = np.array([bool(one.group) or one.suite == "digest" for one in ordered])
    folds = np.array([_fold(one) for one in ordered])
    print(f"{name}: {len(ordered)} articles, {len(newer)} pairs", file=sys.stderr)
    return Run(
        name=name,
        articles=list(ordered),
        prints=prints,
        candidates=candidates,
        newer=newer,
        earlier=earlier,
        values=_values(prints, newer, earlier),
        same=(groups[newer] == groups[earlier]) & (groups[newer] != ""),
        known=labelled[newer] | labelled[earlier],
        newer_fold=folds[newer],
        earlier_fold=folds[earlier],
    )


def _time(article: Labelled) -> float:
    return article.published_at.timestamp() if article.published_at else 0.0


def _fold(article: Labelled) -> int:
    if article.group is None and article.suite != "digest":
        return _BACKGROUND
    if article.suite == "bulletin" and article.group:
        return KINDS.index(_OUR_KIND[article.group.split("-")[1]]) % FOLDS
    if article.fold in KINDS:
        return KINDS.index(article.fold) % FOLDS
    return crc32((article.group or article.id).encode()) % FOLDS


def _values(prints: Sequence[Fingerprint], newer: Indices, earlier: Indices) -> Floats:
    columns = Columns.of(prints, Vocabulary.load())
    blocks = [slice(at, at + 10_000) for at in range(0, len(newer), 10_000)]
    return np.concatenate([features(columns, newer[b], earlier[b]).values for b in blocks])
