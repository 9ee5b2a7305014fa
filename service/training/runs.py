"""Runs: sets of labelled articles with the pairs that the service would compare.

    feed      dev/feed: real articles, five of a story, among background
    hard      dev/hard: flashes, partial translations, bulletins, updates, digests
    mixed     dev/hard among the feed's background
    variants  flashes, openings and refiled versions made from dev/feed, and digests
    bulletins templated bulletins (``bulletins.py``)
    news      parallel news of other years, cut into articles, with variants
              (``pseudo_documents.py``)
    strangers neighbours of two real days that lie a week and more apart (``strangers.py``)
    own, ours, trouble
              single pairs that were read (``pairs.py``)
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
from typing import NamedTuple
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
from service.training.pairs import DAYS, Pair, ours, own, trouble
from service.training.pseudo_documents import news
from service.training.strangers import strangers

FOLDS = 5
BATCH = 100
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
    stands_for: NDArray[np.float64]
    """See ``Pair.stands_for``, shape (pairs,)."""

    @property
    def pairs(self) -> list[tuple[Fingerprint, Fingerprint]]:
        """Fingerprints of the pairs, (newer, earlier)."""
        return [
            (self.prints[newer], self.prints[earlier])
            for newer, earlier in zip(self.newer.tolist(), self.earlier.tolist(), strict=True)
        ]

    @property
    def fold(self) -> NDArray[np.int64]:
        """Whose model predicts the pair; -1 for two background articles."""
        return np.where(self.newer_fold >= 0, self.newer_fold, self.earlier_fold)


class Sizes(NamedTuple):
    """How much is read of what has no end."""

    background: int
    """Articles of the feed that nobody labelled."""
    bulletins: int
    """Fact sets of a kind."""
    digests: int
    documents: int
    """One pseudo-document of so many."""
    strangers: int
    """Of the pairs of days, one of so many."""


WHOLE = Sizes(background=20_000, bulletins=60, digests=400, documents=1, strangers=1)
THIN = Sizes(background=600, bulletins=6, digests=60, documents=6, strangers=6)
"""With a second opinion, which costs a tenth of a second of a core each: a half hour."""
OF_VARIANTS = 4_000
OF_NEWS = 2_000
"""Background articles at most."""

Prints = dict[tuple[str, datetime | None], Fingerprint]
"""Fingerprints by article id and event time: most articles are in several runs."""


def runs(data: Path, fingerprinter: Fingerprinter) -> list[Run]:
    """Those that the verifier is trained on; about three minutes."""
    return _runs(data, fingerprinter, {})


def runs_and_together(data: Path, fingerprinter: Fingerprinter) -> tuple[list[Run], Run]:
    """Those that the verifier is trained on, and ``together``."""
    prints: Prints = {}
    trained = _runs(data, fingerprinter, prints)
    both = [*trained[1].articles, *trained[0].articles]
    return trained, made_run("together", both, fingerprinter, prints)


def _runs(data: Path, fingerprinter: Fingerprinter, prints: Prints) -> list[Run]:
    rng, sizes = Random(SEED), WHOLE if fingerprinter.second is None else THIN
    feed, hard = read(data / "dev/feed.jsonl.gz"), read(data / "dev/hard.jsonl.gz")
    labelled = [article for article in feed if article.group is not None]
    background = _sample([one for one in feed if one.group is None], sizes.background, rng)
    made = [variant for article in labelled for variant in variants(article, rng)]
    made += labelled + list(digests(feed, sizes.digests, rng))
    made += _sample(background, OF_VARIANTS, rng)
    templated = [one for kind in KINDS for one in bulletins(kind, sizes.bulletins, rng)]
    wires = _news(data, sizes, rng) + _sample(background, OF_NEWS, rng)
    apart = strangers(data, fingerprinter, sizes.strangers)
    return [
        made_run("feed", labelled + background, fingerprinter, prints),
        made_run("hard", hard, fingerprinter, prints),
        made_run("mixed", hard + background, fingerprinter, prints),
        made_run("variants", _shuffled(made, rng), fingerprinter, prints),
        made_run("bulletins", _shuffled(templated, rng), fingerprinter, prints),
        made_run("news", wires, fingerprinter, prints),
        pair_run("strangers", list(apart), fingerprinter),
        *[pair_run(name, told(data), fingerprinter) for name, told in READ.items()],
    ]


READ = {"own": own, "ours": ours, "trouble": trouble}
"""Runs of single pairs by name."""


def _sample(articles: Sequence[Labelled], count: int, rng: Random) -> list[Labelled]:
    return rng.sample(articles, min(count, len(articles)))


def _news(data: Path, sizes: Sizes, rng: Random) -> list[Labelled]:
    """Documents, and of a part of them what a wire makes of one."""
    told = list(news(data, rng))
    number = {one.group: place for place, one in enumerate(told)}
    documents = [one for one in told if number[one.group] % (2 * sizes.documents) < 2]
    made = [one for each in documents for one in variants(each, rng) if rng.random() < 0.5]
    return documents + made


def pair_run(name: str, pairs: Sequence[Pair], fingerprinter: Fingerprinter) -> Run:
    """The pairs as a run: the second article's place is behind the first's."""
    articles = [side for pair in pairs for side in (pair.first, pair.second)]
    prints: list[Fingerprint] = []
    for start in range(0, len(articles), BATCH):
        batch = [one.article() for one in articles[start : start + BATCH]]
        prints += fingerprinter.fingerprints(batch)
    earlier = np.arange(len(pairs)) * 2
    folds = np.array([_pair_fold(pair.fold) for pair in pairs])
    return Run(
        name=name,
        articles=articles,
        prints=prints,
        candidates=[[at - 1] if at % 2 else [] for at in range(len(articles))],
        newer=earlier + 1,
        earlier=earlier,
        values=_values(prints, earlier + 1, earlier),
        same=np.array([pair.same for pair in pairs]),
        known=np.ones(len(pairs), bool),
        newer_fold=folds,
        earlier_fold=folds,
        stands_for=np.array([pair.stands_for for pair in pairs]),
    )


def _shuffled(articles: list[Labelled], rng: Random) -> list[Labelled]:
    rng.shuffle(articles)
    return [replace(article, published_at=None) for article in articles]


def made_run(
    name: str, articles: Sequence[Labelled], fingerprinter: Fingerprinter, known: Prints
) -> Run:
    """A set of articles with the pairs that the service would compare; ``known`` is added to."""
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
        stands_for=np.zeros(len(newer)),
    )


def _pair_fold(name: str) -> int:
    """Each day of dev is a fold by itself, as far as pairs go."""
    return DAYS.index(name) if name in DAYS else crc32(name.encode()) % FOLDS


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
