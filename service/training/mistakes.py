"""The verifier's worst mistakes, to be read and sorted into causes.

    python -m service.training.mistakes --data ../shared/data

Prints wrong pairs of ``feed`` and ``hard`` out of fold: links between two stories,
the surest first, then links within one story that are missing, the least likely
first, then true pairs that retrieval never put before the verifier. (``mixed`` has
the pairs of ``hard``.) Titles come from the data; none of it belongs into the project.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.features import NAMES
from service.training.feature_groups import GUARDS
from service.training.judged import Judged, judged
from service.training.labelled import Labelled
from service.training.runs import Run
from service.training.verifier import RULE

SETS = ("feed", "hard")
TELLING = (
    "body",
    "title",
    "lead",
    "shingles",
    "names_contained",
    "names_said",
    "quantities_contained",
    "quantities_said",
    "dates_contained",
    "dates_said",
)
"""Features that say most about why a pair went wrong."""


def false_links(found: Judged) -> Iterator[int]:
    """Pairs of two stories that reach the threshold, the surest first."""
    wrong = found.run.known & ~found.run.same & (found.probability >= RULE.join)
    yield from _ranked(found, wrong, -1)


def missed_links(found: Judged) -> Iterator[int]:
    """Pairs of one story below the threshold, the least likely first."""
    yield from _ranked(found, found.run.same & (found.probability < RULE.join), 1)


def _ranked(found: Judged, chosen: NDArray[np.bool_], sign: int) -> list[int]:
    pairs = np.flatnonzero(chosen)
    ranked: list[int] = pairs[np.argsort(sign * found.probability[pairs], kind="stable")].tolist()
    return ranked


def never_compared(run: Run) -> Iterator[tuple[int, int]]:
    """True pairs (newer, earlier) that are no candidates."""
    compared = set(zip(run.newer.tolist(), run.earlier.tolist(), strict=True))
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for index, article in enumerate(run.articles):
        if article.group:
            groups[article.group].append(index)
    for members in groups.values():
        for place, earlier in enumerate(members):
            for newer in members[place + 1 :]:
                if (newer, earlier) not in compared:
                    yield newer, earlier


def described(found: Judged, pair: int) -> str:
    """A pair in four lines: probability and guards, telling features, both articles."""
    run = found.run
    guards = [name for name in GUARDS if getattr(found.spoken, name)[pair]]
    values = [f"{name} {run.values[pair, NAMES.index(name)]:.2f}" for name in TELLING]
    both = (run.articles[run.newer[pair]], run.articles[run.earlier[pair]])
    return "\n".join(
        (
            f"  {found.probability[pair]:.3f} {' '.join(guards)}",
            f"    {', '.join(values)}",
            *map(_article, both),
        )
    )


def _article(one: Labelled) -> str:
    return f"    {one.group} {one.suite} {one.lang} {one.id}: {one.title}"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--most", type=int, default=50, help="of each kind and set")
    options = parser.parse_args()
    results = judged(options.data, Fingerprinter.load())
    for name in SETS:
        found = results[name]
        for kind, pairs in (("false", false_links(found)), ("missed", missed_links(found))):
            listed = list(pairs)
            print(f"{name}, {kind} links: {len(listed)}")
            for pair in listed[: options.most]:
                print(described(found, pair))
        print(f"{name}, never compared")
        for newer, earlier in never_compared(found.run):
            print(_article(found.run.articles[newer]), _article(found.run.articles[earlier]))


if __name__ == "__main__":
    main()
