"""CPU time of the two steps that have a budget of their own, without Redis."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier

BATCH = 100
CANDIDATES = 15
"""Earlier articles that each article of a batch is compared with."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Medians over batches."""

    fingerprint_us: float
    """An article."""
    candidate_us: float
    """A verified pair."""
    text_bytes: float
    """Mean length of the articles' texts as UTF-8."""


def stages(lines: Sequence[bytes]) -> Stages:
    """Measure on articles, the first half of which only warms up; at least 400 lines."""
    articles = [Article.model_validate_json(line) for line in lines]
    fingerprinter, verifier = Fingerprinter.load(), Verifier.load()
    prints: list[Fingerprint] = []
    fingerprinting, verifying = [], []
    random = np.random.default_rng(1)
    for start in range(0, len(articles) - BATCH + 1, BATCH):
        began = time.process_time()
        made = fingerprinter.fingerprints(articles[start : start + BATCH])
        fingerprinting.append((time.process_time() - began) / BATCH)
        prints += made
        others = random.integers(len(prints), size=(BATCH, CANDIDATES)).tolist()
        pairs = [
            (one, prints[other]) for one, row in zip(made, others, strict=True) for other in row
        ]
        began = time.process_time()
        verifier.verdicts(pairs)
        verifying.append((time.process_time() - began) / len(pairs))
    half = len(fingerprinting) // 2
    return Stages(
        1e6 * median(fingerprinting[half:]),
        1e6 * median(verifying[half:]),
        float(np.mean([len(article.text.encode()) for article in articles])),
    )
