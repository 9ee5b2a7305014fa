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
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from service.encoders import BUNDLED
from service.encoders.choose import load_fingerprinter
from service.fingerprints.keywords import Vocabulary
from service.matching.columns import Columns
from service.matching.features import features
from service.matching.guards import Guards, guards
from service.matching.network import VERIFIER_FILE
from service.training.monotone import MonotoneNetwork, Samples, fit, stored
from service.training.runs import FOLDS, Run, runs
from service.training.simulation import Rule, evaluation, stories

VERSION = "onestory-verifier-1"
WEIGHTS = {"feed": 1.0, "hard": 2.0, "mixed": 1.0, "variants": 0.1, "bulletins": 0.4}
"""Of a pair, by run: what is made by rule counts less than what was found."""
SEEDS = (0, 1, 2)
BUNDLED_FILE = Path("service/model") / VERIFIER_FILE
RULE = Rule(join=0.5, merge=0.8)
EVENT = Rule(join=0.05, merge=0.8)
"""Operating point ``event``: see ``service.training.same_event``."""


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


def ensemble(pairs: Samples, seeds: Sequence[int] = SEEDS) -> list[MonotoneNetwork]:
    """One network a seed."""
    mean = pairs.values.mean(axis=0)
    deviation = pairs.values.std(axis=0) + np.float32(1e-6)
    networks = [MonotoneNetwork(mean, deviation, seed) for seed in seeds]
    fit(networks, pairs)
    return networks


def logits(networks: Sequence[MonotoneNetwork], values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over the ensemble."""
    return np.mean([network.logits(values) for network in networks], axis=0)


def out_of_fold(
    all_runs: Sequence[Run], also: Sequence[Run] = (), seeds: Sequence[int] = SEEDS
) -> list[NDArray[np.float32]]:
    """Logits of every run's pairs, each by a model that never saw its stories.

    Runs in ``also`` are judged in the same way, after the others, and never trained on.
    """
    judged = [*all_runs, *also]
    found = [np.full(len(run.newer), -20, np.float32) for run in judged]
    for fold in range(FOLDS):
        networks = ensemble(samples(all_runs, without=fold), seeds)
        for run, logit in zip(judged, found, strict=True):
            chosen = run.fold == fold
            if chosen.any():
                logit[chosen] = logits(networks, run.values[chosen])
    return found


def calibration(
    all_runs: Sequence[Run], found: Sequence[NDArray[np.float32]]
) -> tuple[float, float]:
    """Slope and offset that make out-of-fold logits probabilities (Platt 1999)."""
    scores = np.concatenate([logit[run.known] for run, logit in zip(all_runs, found, strict=True)])
    same = np.concatenate([run.same[run.known] for run in all_runs])
    weights = np.concatenate([np.full(run.known.sum(), WEIGHTS[run.name]) for run in all_runs])
    fitted = LogisticRegression(C=1e6).fit(scores[:, None], same, sample_weight=weights)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def spoken_of(run: Run) -> Guards:
    """What the guards say of each pair."""
    columns = Columns.of(run.prints, Vocabulary.load())
    seen = features(columns, run.newer, run.earlier)
    return guards(columns, seen, run.newer, run.earlier)


def report(run: Run, probability: NDArray[np.float64], rule: Rule) -> None:
    """Prints a run's figures under a story rule."""
    pairs = zip(run.newer.tolist(), run.earlier.tolist(), strict=True)
    scores = dict(zip(pairs, probability.tolist(), strict=True))
    found = evaluation(run.articles, stories(run.candidates, scores, rule))
    cross = found.cross_lingual
    print(
        f"{run.name:9} B-cubed {found.bcubed.precision:.4f} {found.bcubed.recall:.4f} "
        f"F1 {found.bcubed.f1:.4f} | cross-lingual {cross.precision:.4f} {cross.recall:.4f} "
        f"F1 {cross.f1:.4f} | false {found.pairs.false} missed {found.pairs.missed}"
    )
    for suite in found.suites:
        print(f"    {suite.suite:10} linked {suite.linked:.3f} stranger {suite.with_stranger:.3f}")


def reliability(probability: NDArray[np.float64], same: NDArray[np.bool_]) -> None:
    """Prints predicted against observed, in ten bins."""
    for low in np.arange(0, 1, 0.1):
        chosen = (probability >= low) & (probability < low + 0.1 + (low > 0.85))
        if chosen.any():
            print(
                f"    {low:.1f}-{low + 0.1:.1f} n {chosen.sum():6} predicted "
                f"{probability[chosen].mean():.3f} observed {same[chosen].mean():.3f}"
            )


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
    all_runs = runs(options.data, fingerprinter)
    slope, offset = 1.0, 0.0
    if not options.only_final:
        found = out_of_fold(all_runs)
        slope, offset = calibration(all_runs, found)
        for run, logit in zip(all_runs, found, strict=True):
            probability = 1 / (1 + np.exp(-(slope * logit.astype(np.float64) + offset)))
            probability[spoken_of(run).vetoes] = 0
            report(run, probability, RULE)
            reliability(probability[run.known], run.same[run.known])
    artefact = {
        "version": VERSION,
        "encoder": fingerprinter.model.version,
        "thresholds": {"join": RULE.join, "merge": RULE.merge},
        "operating_points": {"event": {"join": EVENT.join, "merge": EVENT.merge}},
        "slope": slope,
        "offset": offset,
        **stored(ensemble(samples(all_runs))),
    }
    options.out.write_text(json.dumps(artefact, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{options.out}: {options.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
