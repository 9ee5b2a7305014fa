"""Writes the measured tables into the papers: ``python -m workers.bench.papers``.

Between a pair of marks, in ``workers/bench/README.md`` and ``deploy/CAPACITY.md``, stands what
follows from ``workers/bench/measured.json``, which ``onestory bench --save`` writes. A test holds
both papers against it.
"""

from pathlib import Path

from workers.bench.capacity import Costs, Line, Plan, costs, most_a_second, plan
from workers.bench.figures import Figures, read
from workers.bench.report import conditions, report, table

HERE = Path(__file__).parent
MEASURED = HERE / "measured.json"
BEGIN, END = "<!-- written by workers.bench.papers -->\n", "<!-- until here -->\n"

DAYS, HOURS = (1e6, 1e7, 1e8), (72.0, 24.0)
"""Articles a day, and of the window, that `CAPACITY.md` plans for."""
COUNTS = (1, 2, 4, 8, 16)
"""Of workers."""
_COLUMNS = (
    *("M a day", "window, h", "namespaces", "workers of each", "peak/s of each"),
    *("held by each, M", "Redis, GB each", "a worker, GB", "a further one on its host, GB"),
    *("an API, GB", "cores in all", "reread, s", "API start, s"),
)


def papers(figures: Figures) -> dict[Path, str]:
    """What stands between the marks of each paper."""
    return {
        HERE / "README.md": report(figures),
        HERE.parents[1] / "deploy" / "CAPACITY.md": f"{conditions(figures)}\n\n{capacity(figures)}",
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


def capacity(figures: Figures) -> str:
    """What was measured, what follows for numbers of workers, and the plan, as Markdown."""
    found = costs(figures)
    return "\n\n".join((_measured(found), _rates(found), _plans(found)))


def _measured(found: Costs) -> str:
    rows = [
        ("Redis, CPU µs an article", _grows(found.redis_us)),
        ("Redis, CPU µs an article for each worker that follows", f"{found.followed_us:,.1f}"),
        ("a worker, CPU µs an article of its own", _grows(found.own_us)),
        ("a worker, CPU µs an article of another one", f"{found.filing_us:,.1f}"),
        ("Redis, bytes an article", f"{found.redis_bytes:,.0f}"),
        ("a worker with an empty window, MB", f"{found.base_bytes / 1e6:,.0f}"),
        (
            "a worker, bytes an article: its own, and shared with others of its host",
            f"{found.private_bytes:,.0f}, {found.shared_bytes:,.0f}",
        ),
        ("reading a window anew, CPU µs an article", f"{found.start_us:,.1f}"),
    ]
    return table(("measured", "figure"), rows)


def _grows(line: Line) -> str:
    slope = f", and {line.slope * 1e6:,.0f} for each further million" if line.slope else ""
    return f"{line.cost:,.0f} at {line.live:,.0f} live{slope}"


def _rates(found: Costs) -> str:
    rows = []
    for workers in COUNTS:
        rate = most_a_second(found, workers)
        share = rate * (found.redis_us.cost + found.followed_us * workers) / 1e6
        rows.append((f"{workers}", f"{rate:,.0f}", f"{share:.0%}"))
    live = f"articles/s at {found.redis_us.live:,.0f} live"
    return table(("workers of a namespace", live, "Redis: load of its core"), rows)


def _plans(found: Costs) -> str:
    plans = [plan(found, day, hours) for day in DAYS for hours in HOURS]
    return table(_COLUMNS, [_cells(one) for one in plans])


def _cells(one: Plan) -> tuple[str, ...]:
    return (
        f"{one.articles_a_day / 1e6:,.0f}",
        f"{one.window_hours:.0f}",
        f"{one.namespaces}",
        f"{one.workers}",
        f"{one.peak:,.0f}",
        f"{one.held / 1e6:,.1f}",
        f"{one.redis_gb:,.1f}",
        f"{one.worker_gb:,.1f}",
        f"{one.further_gb:,.1f}",
        f"{one.api_gb:,.1f}",
        f"{one.namespaces * (1 + one.workers)}",
        f"{one.reread_s:,.0f}",
        f"{one.api_reread_s:,.0f}",
    )


def main() -> None:
    """Write both."""
    for path, found in papers(read(MEASURED)).items():
        path.write_text(rewritten(path.read_text("utf-8"), found), "utf-8")


if __name__ == "__main__":
    main()
