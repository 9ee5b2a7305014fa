"""Can "two outlets on one event" be told, as a looser question than "one story"?

    python -m service.training.same_event --data ../shared/data

Prints the Markdown table of the model card. ``same_event_pairs`` is 112 pairs, and
nothing else beside it is labelled for this question, so every threshold, and every
regression, is learned from one half and judged on the other, over 200 splits; its
spread over splits is the uncertainty. A guard's veto counts as "not the same" in
every row.

The network of the last two rows learns from pairs of two languages alone, without
features of wording: one language's positives in the training data are copies and
machine translations that share their words, which two outlets don't.
"""

import argparse
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from contracts.article import Article
from service.evaluation.thresholds import HeldOut, f1_of, halves, held_out
from service.fingerprints.fingerprinter import Fingerprinter
from service.fingerprints.keywords import Vocabulary
from service.matching.columns import Columns
from service.matching.features import NAMES, features
from service.matching.guards import guards
from service.matching.network import Network, stored_verifier
from service.training.monotone import Samples
from service.training.runs import runs
from service.training.verifier import RULE, ensemble, logits, samples

SPLITS = 200
SEED = 11
WORDING = ("shingles", "shingle_containment", "template")
DESCRIBING = ("length_ratio", "length", "cross_lingual", "tagged", "items")
"""Left out too: a flash and its story differ in length, two outlets' reports don't."""
REGULARISATION = 0.1
"""Inverse strength of the regressions': 56 pairs teach 32 weights little."""

Values = NDArray[np.float32]
Scores = NDArray[np.float64]
Scoring = Callable[[NDArray[np.intp]], Scores]
"""Scores of all pairs, by what may be learned from the pairs of these indices."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The labelled pairs, measured."""

    values: Values
    """Features, shape (n, len(NAMES))."""
    headline: Values
    vetoed: NDArray[np.bool_]
    same: NDArray[np.bool_]

    def __getitem__(self, name: str) -> Scores:
        return self.values[:, NAMES.index(name)].astype(np.float64)


def measured(path: Path) -> Pairs:
    """Features and guards of the pairs in a gold file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = [json.loads(line) for line in file]
    articles = [Article.model_validate(row[side]) for row in rows for side in ("a", "b")]
    columns = Columns.of(Fingerprinter.load().fingerprints(articles), Vocabulary.load())
    first = np.arange(len(rows)) * 2
    seen = features(columns, first, first + 1)
    return Pairs(
        seen.values,
        seen.headline,
        guards(columns, seen, first, first + 1).vetoes,
        np.array([row["same"] for row in rows]),
    )


def event_network(data: Path, pairs: Pairs) -> Scores:
    """Logits of a network that knows neither wording nor the labels of these pairs."""
    known = samples(runs(data, Fingerprinter.load()))
    crossing = known.values[:, NAMES.index("cross_lingual")] > 0
    cut = Samples(_without(known.values[crossing]), known.same[crossing], known.weights[crossing])
    return logits(ensemble(cut), _without(pairs.values)).astype(np.float64)


def _without(values: Values) -> Values:
    cut = values.copy()
    cut[:, [NAMES.index(name) for name in (*WORDING, *DESCRIBING)]] = 0
    return cut


def regression(pairs: Pairs, columns: Sequence[Scores]) -> Scoring:
    """Scores by a logistic regression on ``columns``, learned from the given pairs."""
    inputs = np.column_stack(columns)

    def scores(known: NDArray[np.intp]) -> Scores:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION))
        model.fit(inputs[known], pairs.same[known])
        found: Scores = model.decision_function(inputs)
        return found

    return scores


def rows(data: Path, pairs: Pairs) -> Iterator[tuple[str, HeldOut]]:
    """What a pair is scored by, and F1 on the halves held out."""
    event = event_network(data, pairs)
    shipped = Network.of(stored_verifier()).probabilities(pairs.values)
    every = [pairs[name] for name in NAMES]
    headline = pairs.headline.astype(np.float64)
    ways: dict[str, Scoring] = {
        "bundled verifier, threshold of its own": lambda _: np.log(shipped),
        "cosine of bodies": lambda _: pairs["body"],
        "mean cosine of bodies and of headlines": lambda _: pairs["body"] + headline,
        "regression on all features": regression(pairs, [*every, headline]),
        "network without wording": lambda _: event,
        "regression on that, body and names": regression(
            pairs, [event, pairs["body"], pairs["names_contained"]]
        ),
    }
    splits = halves(len(pairs.same), SPLITS, SEED)
    for name, scoring in ways.items():
        yield name, held_out(pairs.same, splits, _guarded(scoring, pairs.vetoed))


def _guarded(scoring: Scoring, vetoed: NDArray[np.bool_]) -> Scoring:
    def scores(known: NDArray[np.intp]) -> Scores:
        found = scoring(known)
        return np.where(vetoed, found.min() - 1, found)

    return scores


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    torch.set_num_threads(1)
    pairs = measured(data / "dev" / "same_event_pairs.jsonl.gz")
    found = list(rows(data, pairs))
    shipped = Network.of(stored_verifier()).probabilities(pairs.values) >= RULE.join
    default = f1_of(shipped & ~pairs.vetoed, pairs.same)
    print("| same event, told by | F1 held out |\n|---|---|")
    print(f"| bundled verifier at its join threshold | {default:.3f} |")
    for name, one in found:
        print(f"| {name} | {one.mean:.3f} ± {one.deviation:.3f} |")


if __name__ == "__main__":
    main()
