"""What each group of features, and each guard, is worth.

    python -m service.training.ablation --data ../shared/data

Prints the Markdown table of the model card. Each group of features is left out in
turn and the verifier trained anew on every fold, so its other features may stand in
for what is missing: the cost is what no other feature knows. Guards read features
of their own and are left out without training. One seed a fold instead of three, or
it would take half an hour; about ten minutes on 2 cores.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from service.evaluation.scores import Evaluation
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.features import NAMES
from service.matching.guards import Guards
from service.training.feature_groups import GROUPS, GUARDS
from service.training.judged import ruled, unruled
from service.training.monotone import WITHOUT_OPINION
from service.training.runs import Run, runs
from service.training.simulation import evaluation
from service.training.verifier import spoken_of

SEED = 0
SETS = ("feed", "hard", "variants", "bulletins")
"""``mixed`` would repeat ``hard``, to the fourth digit."""
LINKED = ("bulletin", "flash", "partial")
"""Suites of ``hard`` that can lose links; updates and digests keep theirs throughout."""

Row = tuple[str, dict[str, Evaluation]]


def without(run: Run, names: Sequence[str]) -> Run:
    """The run with some features 0 in every pair, so that a network can't learn from them."""
    values = run.values.copy()
    values[:, [NAMES.index(name) for name in names]] = 0
    return replace(run, values=values)


def rows(all_runs: Sequence[Run]) -> Iterator[Row]:
    """What was left out, and the figures of each set without it; nothing left out first."""
    spoken = [spoken_of(run) for run in all_runs]
    full = unruled(all_runs, WITHOUT_OPINION, seeds=(SEED,))
    yield "nothing", _figures(all_runs, full, spoken)
    for group, names in GROUPS.items():
        cut = [without(run, names) for run in all_runs]
        yield group, _figures(cut, unruled(cut, WITHOUT_OPINION, seeds=(SEED,)), spoken)
    for name in GUARDS:
        silent = [_silenced(guard, (name,)) for guard in spoken]
        yield f"guard `{name}`", _figures(all_runs, full, silent)
    yield "all guards", _figures(all_runs, full, [_silenced(guard, GUARDS) for guard in spoken])


def _silenced(spoken: Guards, names: Sequence[str]) -> Guards:
    silent: dict[str, Any] = {name: np.zeros_like(spoken.too_short) for name in names}
    return replace(spoken, **silent)


def _figures(
    all_runs: Sequence[Run], found: Sequence[NDArray[np.float64]], spoken: Sequence[Guards]
) -> dict[str, Evaluation]:
    return {
        run.name: evaluation(run.articles, ruled(run, probability, guard).story)
        for run, probability, guard in zip(all_runs, found, spoken, strict=True)
        if run.name in SETS
    }


def header() -> list[str]:
    """The table's first two lines."""
    columns = [f"{name} F1 (false / missed)" for name in SETS]
    columns += [f"{suite} linked" for suite in LINKED]
    return [f"| left out | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]


def line(row: Row, full: dict[str, Evaluation]) -> str:
    """One row: each figure, and by how many thousandths it differs from the full model's."""
    cells = []
    for name in SETS:
        found = row[1][name]
        moved = _moved(found.bcubed.f1, full[name].bcubed.f1)
        cells.append(
            f"{found.bcubed.f1:.3f}{moved} ({found.pairs.false:,} / {found.pairs.missed:,})"
        )
    linked, before = _linked(row[1]["hard"]), _linked(full["hard"])
    cells += [f"{linked[suite]:.3f}{_moved(linked[suite], before[suite])}" for suite in LINKED]
    return f"| {row[0]} | {' | '.join(cells)} |"


def _linked(found: Evaluation) -> dict[str, float]:
    return {score.suite: score.linked for score in found.suites}


def _moved(value: float, full: float) -> str:
    """Thousandths, with a sign; nothing where there is no difference to see."""
    thousandths = round(1000 * (value - full))
    return f" {thousandths:+d}".replace("-", "−") if thousandths else ""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    torch.set_num_threads(1)
    full: dict[str, Evaluation] = {}
    all_runs = runs(parser.parse_args().data, Fingerprinter.load())
    print("\n".join(header()), flush=True)
    for row in rows(all_runs):
        full = full or row[1]
        print(line(row, full), flush=True)


if __name__ == "__main__":
    main()
