"""Own reports of whole days, each judged by a verifier that never saw it.

    python -m service.training.days --data ../shared/data [--encoder e5]

A real day at its real rate: all its articles in time order, compared as the service compares
them and made stories by its rule. Of the pairs that were read (``dev/own-reports``), a pair counts
as linked if both are in one story, whatever linked them. Prints the Markdown table of the
model card, at each join threshold.
"""

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from service.encoders import BUNDLED
from service.encoders.choose import load_fingerprinter
from service.evaluation.scores import PairCounts
from service.fingerprints.fingerprinter import Fingerprinter
from service.training.pairs import DAYS, Pair, labelled, own
from service.training.runs import Run, made_run, runs
from service.training.simulation import Rule, stories
from service.training.verifier import Trained, crossed, names_of

KINDS = ("ru-en", "en-en", "ru-ru")
THRESHOLDS = (0.25, 0.35, 0.45, 0.55, 0.7, 0.9)
MERGE = 0.3
"""How much surer a merger is: of the way from the join threshold to 1."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day with what a verifier that never saw it says of its pairs."""

    run: Run
    probability: NDArray[np.float64]
    read: list[Pair]

    def linked(self, rule: Rule) -> list[tuple[Pair, bool]]:
        """The pairs that were read, and whether the day's stories hold both."""
        pairs = zip(self.run.newer.tolist(), self.run.earlier.tolist(), strict=True)
        scores = dict(zip(pairs, self.probability.tolist(), strict=True))
        story = stories(self.run.candidates, scores, rule)
        place = {one.id: story[at] for at, one in enumerate(self.run.articles)}
        return [(pair, place[pair.first.id] == place[pair.second.id]) for pair in self.read]


def days(data: Path, fingerprinter: Fingerprinter, all_runs: Sequence[Run]) -> Iterator[Day]:
    """The three days of ``dev/days``."""
    read = [pair for pair in own(data) if pair.judged]
    for day, model in zip(DAYS, crossed(all_runs, names_of(fingerprinter)), strict=False):
        yield judged(day_run(data, day, fingerprinter), model, [p for p in read if p.fold == day])


def judged(run: Run, model: Trained, read: Sequence[Pair]) -> Day:
    """A day by a model; pairs of look-alikes of other days are left out."""
    held = {one.id for one in run.articles}
    inside = [pair for pair in read if {pair.first.id, pair.second.id} <= held]
    return Day(run, model.probability(run), inside)


def day_run(data: Path, day: str, fingerprinter: Fingerprinter) -> Run:
    """All articles of a day as a run."""
    with gzip.open(data / "dev/days.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["day"] == day]
    return made_run(day, [labelled(row, day) for row in rows], fingerprinter, {})


def counts(pairs: Sequence[tuple[Pair, bool]]) -> PairCounts:
    """True, false and missed links of pairs that were read."""
    return PairCounts(
        true=sum(linked and pair.same for pair, linked in pairs),
        false=sum(linked and not pair.same for pair, linked in pairs),
        missed=sum(not linked and pair.same for pair, linked in pairs),
    )


def table(found: Sequence[Day]) -> Iterator[str]:
    """Markdown: F1 (precision, recall) of each kind, by threshold."""
    yield f"| join | {' | '.join(KINDS)} | all |"
    yield "|---" * (len(KINDS) + 2) + "|"
    for join in THRESHOLDS:
        linked = [one for day in found for one in day.linked(Rule(join, join + MERGE * (1 - join)))]
        of_kinds = [[one for one in linked if one[0].kind == kind] for kind in KINDS]
        cells = [_cell(counts(pairs)) for pairs in (*of_kinds, linked)]
        yield f"| {join} | {' | '.join(cells)} |"


def _cell(found: PairCounts) -> str:
    return f"{found.f1:.3f} ({found.precision:.2f}, {found.recall:.2f})"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default=BUNDLED, help="as ONESTORY_ENCODER takes it")
    options = parser.parse_args()
    torch.set_num_threads(1)
    fingerprinter = load_fingerprinter(options.encoder)
    all_runs = runs(options.data, fingerprinter)
    print("\n".join(table(list(days(options.data, fingerprinter, all_runs)))))


if __name__ == "__main__":
    main()
