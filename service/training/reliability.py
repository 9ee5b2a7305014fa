"""Reliability tables: does a pair predicted at 0.8 prove to be one story eight times of ten?

    python -m service.training.reliability --data ../shared/data

Prints the Markdown tables of the model card, out of fold. Pairs are candidates, the
nearest that retrieval finds, not random ones: nearly all random pairs would fall
into the first bin and make every figure look better.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from service.evaluation.calibration import Bin, brier_score, calibration_error, reliability
from service.training.judged import Judged, judged

SETS = ("feed", "hard")
KINDS = {"same language": False, "two languages": True}


def table(found: Judged) -> Iterator[str]:
    """One set's table: bins, same-language and cross-lingual pairs side by side."""
    columns: list[tuple[Bin, ...]] = []
    summary: list[str] = []
    for crossing in KINDS.values():
        chosen = found.run.known & (found.cross_lingual == crossing)
        predicted, same = found.probability[chosen], found.run.same[chosen]
        columns.append(reliability(predicted, same))
        error, brier = calibration_error(columns[-1]), brier_score(predicted, same)
        summary.append(f"ECE {error:.4f}, Brier {brier:.4f}")
    headings = [f"{kind}: pairs | predicted | one story" for kind in KINDS]
    yield f"| {found.run.name} | {' | '.join(headings)} |"
    yield "|---" * (1 + 3 * len(columns)) + "|"
    for bins in zip(*columns, strict=True):
        cells = [_cells(one) for one in bins]
        yield f"| {bins[0].low:g} to {bins[0].high:g} | {' | '.join(cells)} |"
    totals = [
        f"{sum(one.count for one in bins):,} | {said} | "
        for bins, said in zip(columns, summary, strict=True)
    ]
    yield f"| all | {' | '.join(totals)} |"


def _cells(one: Bin) -> str:
    if not one.count:
        return "0 | – | –"
    return f"{one.count:,} | {one.predicted:.3f} | {one.observed:.3f}"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    found = judged(parser.parse_args().data)
    for name in SETS:
        print("\n".join(["", *table(found[name])]))
    vetoed = {name: int(np.sum(found[name].spoken.vetoes)) for name in SETS}
    print(f"\nPairs that a guard vetoes (predicted 0): {vetoed}")


if __name__ == "__main__":
    main()
