"""Learns the verifier from labelled pairs.

    python -m service.training.verifier --data ../shared/data

Prints out-of-fold figures (stories and kinds of bulletins unseen in training),
then trains on everything and writes ``service/model/verifier.json``. Run it after
``service.training.embedding``, whose vectors it measures by; about two minutes.

For another encoder (its key, if it needs one, from ``ONESTORY_ENCODER_KEY``):

    python -m service.training.verifier --data DATA --encoder model2vec:NAME --out FILE
"""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from service.encoders import BUNDLED
from service.encoders.choose import load_fingerprinter
from service.evaluation.scores import PairCounts
from service.fingerprints.fingerprinter import Fingerprinter
from service.fingerprints.keywords import Vocabulary
from service.matching.columns import Columns
from service.matching.features import NAMES, features
from service.matching.foreign import WEIGHED
from service.matching.guards import Guards
from service.matching.network import VERIFIER_FILE
from service.matching.verify import ruled
from service.matching.verify import spoken_of as heard
from service.training.monotone import (
    EVERY,
    WITHOUT_OPINION,
    MonotoneNetwork,
    Samples,
    fit,
    stored,
)
from service.training.runs import FOLDS, READ, Run, runs
from service.training.simulation import Rule, evaluation, stories

VERSION = "onestory-verifier-1"
WEIGHTS = {
    "feed": 1.0, "hard": 2.0, "mixed": 1.0, "variants": 0.1, "bulletins": 0.4, "news": 0.3,
    "strangers": 0.3, "own": 4.0, "ours": 4.0, "trouble": 4.0,
}  # fmt: skip
"""Of a pair, by run: what is made by rule counts less than what was found."""
SEEDS = (0, 1, 2)
BUNDLED_FILE = Path("service/model") / VERIFIER_FILE
RULE = Rule(join=0.45, merge=0.6)
"""The default operating point, ``story``."""
EVENT = Rule(join=0.25, merge=0.5)
"""Operating point ``event``: best F1 of own reports on days left out (``days.py``)."""
STRICT = Rule(join=0.9, merge=0.95)
"""Operating point ``strict``: of a whole day's links 95 of 100 are right."""


def samples(all_runs: Sequence[Run], without: int | None = None) -> Samples:
    """Pairs of known label that touch no article of fold ``without``."""
    parts = []
    for run in all_runs:
        chosen = run.known.copy()
        if without is not None:
            chosen &= (run.newer_fold != without) & (run.earlier_fold != without)
        weights = np.full(chosen.sum(), WEIGHTS[run.name], np.float32)
        parts.append((run.values[chosen], run.same[chosen], weights))
    values, same, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Samples(values, same, weights)


def ensemble(
    pairs: Samples, names: Sequence[str], seeds: Sequence[int] = SEEDS
) -> list[MonotoneNetwork]:
    """One network a seed, that weighs the features ``names``."""
    networks = [MonotoneNetwork(pairs.values, names, seed) for seed in seeds]
    fit(networks, pairs)
    return networks


def logits(networks: Sequence[MonotoneNetwork], values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over the ensemble."""
    return np.mean([network.logits(values) for network in networks], axis=0)


@dataclass(frozen=True, slots=True)
class Trained:
    """An ensemble, calibrated."""

    networks: Sequence[MonotoneNetwork]
    slope: float
    offset: float

    def probability(self, run: Run) -> NDArray[np.float64]:
        """Of each pair of a run, after guards and the rule for exact copies."""
        return self.ruled(run, logits(self.networks, run.values))

    def ruled(self, run: Run, found: NDArray[np.float32]) -> NDArray[np.float64]:
        """The same of logits that are there already."""
        columns = Columns.of(run.prints, Vocabulary.load())
        plain = 1 / (1 + np.exp(-(self.slope * found.astype(np.float64) + self.offset)))
        return ruled(plain, columns, spoken_of(run), run.newer, run.earlier)


def crossed(
    all_runs: Sequence[Run], names: Sequence[str], seeds: Sequence[int] = SEEDS
) -> list[Trained]:
    """One a fold, which saw no pair that touches it; calibrated on all pairs out of fold."""
    every = [ensemble(samples(all_runs, without=fold), names, seeds) for fold in range(FOLDS)]
    slope, offset = calibration(all_runs, out_of_fold(every, all_runs))
    return [Trained(networks, slope, offset) for networks in every]


def out_of_fold(
    every: Sequence[Sequence[MonotoneNetwork]], judged: Sequence[Run]
) -> list[NDArray[np.float32]]:
    """Logits of every run's pairs, each by the ensemble of its fold."""
    found = [np.full(len(run.newer), -20, np.float32) for run in judged]
    for fold, networks in enumerate(every):
        for run, logit in zip(judged, found, strict=True):
            chosen = run.fold == fold
            if chosen.any():
                logit[chosen] = logits(networks, run.values[chosen])
    return found


def calibration(
    all_runs: Sequence[Run], found: Sequence[NDArray[np.float32]]
) -> tuple[float, float]:
    """Slope and offset that make out-of-fold logits probabilities (Platt 1999).

    By the pairs that were drawn from whole days, each with the pairs that it stands for.
    """
    scores = np.concatenate(found)
    same = np.concatenate([run.same for run in all_runs])
    weights = np.concatenate([run.stands_for for run in all_runs])
    drawn = weights > 0
    fitted = LogisticRegression(C=1e6).fit(
        scores[drawn, None], same[drawn], sample_weight=weights[drawn] / weights[drawn].mean()
    )
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def foreign(all_runs: Sequence[Run]) -> dict[str, Any]:
    """What ``service/matching/foreign.py`` weighs, learned from pairs in two languages."""
    columns = [NAMES.index(name) for name in WEIGHED]
    crossing = [run.known & (run.values[:, NAMES.index("cross_lingual")] > 0) for run in all_runs]
    values, same, weights = (
        np.concatenate(parts)
        for parts in zip(
            *[
                (run.values[at][:, columns], run.same[at], np.full(at.sum(), WEIGHTS[run.name]))
                for run, at in zip(all_runs, crossing, strict=True)
            ],
            strict=True,
        )
    )
    fitted = LogisticRegression(C=1e3, max_iter=500).fit(values, same, sample_weight=weights)
    found = dict(zip(WEIGHED, fitted.coef_[0].round(6).tolist(), strict=True))
    return {"weights": found, "offset": round(float(fitted.intercept_[0]), 6)}


def names_of(fingerprinter: Fingerprinter) -> tuple[str, ...]:
    """The features that fingerprints of this tier can be compared by."""
    return WITHOUT_OPINION if fingerprinter.second is None else EVERY


def spoken_of(run: Run) -> Guards:
    """What the guards say of each pair."""
    columns = Columns.of(run.prints, Vocabulary.load())
    seen = features(columns, run.newer, run.earlier)
    return heard(columns, seen, run.pairs, (run.newer, run.earlier))


def by_fold(models: Sequence[Trained], run: Run) -> NDArray[np.float64]:
    """Each pair's probability by the model that saw nothing of its fold."""
    (found,) = out_of_fold([model.networks for model in models], [run])
    # All are calibrated alike, so guards and copies are asked once.
    return np.where(run.fold >= 0, models[0].ruled(run, found), 0)


def report(run: Run, probability: NDArray[np.float64], rule: Rule) -> None:
    """Prints a run's figures: by stories where articles have gold ones, else by pairs."""
    if run.name in READ or run.name == "strangers":
        linked = probability >= rule.join
        true, false = int((linked & run.same).sum()), int((linked & ~run.same).sum())
        found = PairCounts(true, int((~linked & run.same).sum()), false)
        print(f"{run.name:9} pairs F1 {found.f1:.3f} {found.precision:.3f} {found.recall:.3f}")
        return
    pairs = zip(run.newer.tolist(), run.earlier.tolist(), strict=True)
    scores = dict(zip(pairs, probability.tolist(), strict=True))
    figures = evaluation(run.articles, stories(run.candidates, scores, rule))
    cross = figures.cross_lingual
    print(
        f"{run.name:9} B-cubed {figures.bcubed.precision:.4f} {figures.bcubed.recall:.4f} "
        f"F1 {figures.bcubed.f1:.4f} | cross-lingual {cross.precision:.4f} {cross.recall:.4f} "
        f"F1 {cross.f1:.4f} | false {figures.pairs.false} missed {figures.pairs.missed}"
    )
    for suite in figures.suites:
        print(f"    {suite.suite:10} linked {suite.linked:.3f} stranger {suite.with_stranger:.3f}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=BUNDLED_FILE)
    parser.add_argument("--encoder", default=BUNDLED, help="as ONESTORY_ENCODER takes it")
    parser.add_argument("--encoder-url", help="of an endpoint, as ONESTORY_ENCODER_URL takes it")
    parser.add_argument("--only-final", action="store_true", help="no cross-validation")
    options = parser.parse_args()
    if options.encoder != BUNDLED and options.out == BUNDLED_FILE:
        parser.error("--out: the bundled verifier is the bundled encoder's, name another file")
    torch.set_num_threads(1)  # more only get in each other's way at this size
    fingerprinter = load_fingerprinter(
        options.encoder, url=options.encoder_url, key=os.environ.get("ONESTORY_ENCODER_KEY")
    )
    names, all_runs = names_of(fingerprinter), runs(options.data, fingerprinter)
    slope, offset = 1.0, 0.0
    if not options.only_final:
        models = crossed(all_runs, names)
        slope, offset = models[0].slope, models[0].offset
        for run in all_runs:
            report(run, by_fold(models, run), RULE)
    artefact = {
        "version": VERSION,
        "encoder": fingerprinter.trained_for,
        "thresholds": {"join": RULE.join, "merge": RULE.merge},
        "operating_points": {
            name: {"join": rule.join, "merge": rule.merge}
            for name, rule in (("event", EVENT), ("strict", STRICT))
        },
        **({"foreign": foreign(all_runs)} if names == EVERY else {}),
        "slope": slope,
        "offset": offset,
        **stored(ensemble(samples(all_runs), names)),
    }
    options.out.write_text(json.dumps(artefact, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{options.out}: {options.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
