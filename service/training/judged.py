"""Every pair judged out of fold, once, for all tables that report on the verifier.

A pair's probability comes from networks that saw no pair touching its story's fold,
calibrated on all out-of-fold pairs, and then passes the guards and the rule for
exact copies as in ``service/matching/verify.py``. Stories are formed by
``simulation.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from service.fingerprints.fingerprinter import Fingerprinter
from service.fingerprints.keywords import Vocabulary
from service.matching import verify
from service.matching.columns import Columns
from service.matching.guards import Guards
from service.training.runs import FOLDS, Run, runs_and_together
from service.training.simulation import stories
from service.training.verifier import (
    RULE,
    SEEDS,
    calibration,
    ensemble,
    names_of,
    out_of_fold,
    samples,
    spoken_of,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One run with what the verifier says of its pairs."""

    run: Run
    probability: NDArray[np.float64]
    """Shape (pairs,); 0 where a guard vetoes."""
    spoken: Guards

    @property
    def story(self) -> list[int]:
        """Each article's story, as `stories` names it."""
        pairs = zip(self.run.newer.tolist(), self.run.earlier.tolist(), strict=True)
        scores = dict(zip(pairs, self.probability.tolist(), strict=True))
        return stories(self.run.candidates, scores, RULE)

    @property
    def cross_lingual(self) -> NDArray[np.bool_]:
        """Pairs of two languages, shape (pairs,)."""
        langs = np.array([article.lang for article in self.run.articles])
        crossing: NDArray[np.bool_] = langs[self.run.newer] != langs[self.run.earlier]
        return crossing


def judged(data: Path, fingerprinter: Fingerprinter) -> dict[str, Judged]:
    """All runs by name; about ten minutes on 2 cores with the bundled encoder."""
    torch.set_num_threads(1)  # matrices this small only wait for each other
    trained, together = runs_and_together(data, fingerprinter)
    found = unruled(trained, names_of(fingerprinter), (together,))
    return {
        run.name: ruled(run, probability, spoken_of(run))
        for run, probability in zip((*trained, together), found, strict=True)
    }


def unruled(
    trained: Sequence[Run],
    names: Sequence[str],
    also: Sequence[Run] = (),
    seeds: Sequence[int] = SEEDS,
) -> list[NDArray[np.float64]]:
    """Out-of-fold probabilities of the pairs of all runs, before guards and rules.

    Args:
        trained: runs that the networks learn from.
        names: features that they weigh.
        also: further runs to judge, after the others.
        seeds: of the networks that are averaged.
    """
    every = [ensemble(samples(trained, without=fold), names, seeds) for fold in range(FOLDS)]
    found = out_of_fold(every, (*trained, *also))
    slope, offset = calibration(trained, found[: len(trained)])
    return [1 / (1 + np.exp(-(slope * logits.astype(np.float64) + offset))) for logits in found]


def ruled(run: Run, probability: NDArray[np.float64], spoken: Guards) -> Judged:
    """Guards and the rule for exact copies over probabilities of shape (pairs,)."""
    columns = Columns.of(run.prints, Vocabulary.load())
    after = verify.ruled(probability, columns, spoken, run.newer, run.earlier)
    return Judged(run, after, spoken)
