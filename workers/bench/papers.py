"""Writes the measured tables into the papers: ``python -m workers.bench.papers``.

Between a pair of marks, in ``workers/bench/README.md`` and ``deploy/CAPACITY.md``, stands what
follows from ``workers/bench/measured.json``, which ``onestory bench --save`` writes. A test holds
both papers against it.
"""

from pathlib import Path

from workers.bench.capacity import tables
from workers.bench.figures import Figures, read
from workers.bench.report import conditions, report

HERE = Path(__file__).parent
MEASURED = HERE / "measured.json"
BEGIN, END = "<!-- written by workers.bench.papers -->\n", "<!-- until here -->\n"


def papers(figures: Figures) -> dict[Path, str]:
    """What stands between the marks of each paper."""
    return {
        HERE / "README.md": report(figures),
        HERE.parents[1] / "deploy" / "CAPACITY.md": f"{conditions(figures)}\n\n{tables(figures)}",
    }


def rewritten(paper: str, found: str) -> str:
    """A paper with another text between its marks.

    Raises:
        ValueError: they aren't there.
    """
    before, begin, rest = paper.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the marks {BEGIN!r} and {END!r} are not there")
    return f"{before}{begin}\n{found}\n\n{end}{after}"


def main() -> None:
    """Write both."""
    for path, found in papers(read(MEASURED)).items():
        path.write_text(rewritten(path.read_text("utf-8"), found), "utf-8")


if __name__ == "__main__":
    main()
