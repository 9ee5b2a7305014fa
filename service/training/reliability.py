"""Reliability tables: does a pair predicted at 0.8 prove to be one story eight times of ten?

    python -m service.training.reliability --data ../shared/data

Prints the Markdown tables of the model card, out of fold. Pairs are candidates, the
nearest that retrieval finds, not random ones: nearly all random pairs would fall
into the first bin and make every figure look better.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from service.evaluation.calibration import Bin, brier_score, calibration_error, reliability
from service.fingerprints.fingerprinter import Fingerprinter
from service.training.judged import Judged, judged

SETS = ("feed", "hard")
KINDS = {"same language": False, "two languages": True}


def table(found: Judged) -> Iterator[str]:
    """One set's table: bins, same-language and cross-lingual pairs side by side."""
    columns: list[tuple[Bin, ...]] = []
    briers: list[float] = []
    for crossing in KINDS.values():
        chosen = found.run.known & (found.cross_lingual == crossing)
        predicted, same = found.probability[chosen], found.run.same[chosen]
        columns.append(reliability(predicted, same))
        briers.append(brier_score(predicted, same))
    headings = [f"{kind}: pairs | predicted | one story" for kind in KINDS]
    yield f"| {found.run.name} | {' | '.join(headings)} |"
    yield "|---" * (1 + 3 * len(columns)) + "|"
    for bins in zip(*columns, strict=True):
        cells = [_cells(one) for one in bins]
        yield f"| {bins[0].low:g} to {bins[0].high:g} | {' | '.join(cells)} |"
    totals = [
        f"{_count(bins):,} | ECE {calibration_error(bins):.4f} | Brier {brier:.4f}"
        for bins, brier in zip(columns, briers, strict=True)
    ]
    yield f"| all | {' | '.join(totals)} |"
    # The first and the last bin hold nearly all pairs, which are easy and drown the others.
    between = [bins[1:-1] for bins in columns]
    errors = [f"{_count(bins):,} | ECE {calibration_error(bins):.3f} |" for bins in between]
    yield f"| all but the first and last | {' | '.join(errors)} |"


def _count(bins: Sequence[Bin]) -> int:
    return sum(one.count for one in bins)


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
    found = judged(parser.parse_args().data, Fingerprinter.load())
    print("\n\n".join("\n".join(table(found[name])) for name in SETS))


if __name__ == "__main__":
    main()
