"""The progress bar of a run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from workers.process.totals import RunTotals

_FIGURES = (
    "{task.fields[speed]:,.0f} articles/s · {task.fields[stories]:,} stories · "
    "{task.fields[duplicates]:,} duplicates"
)


@contextmanager
def run_progress(console: Console) -> Iterator[Callable[[RunTotals], None]]:
    """A bar with articles/s, stories and duplicates; yields what updates it."""
    with Progress(
        SpinnerColumn(),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn(_FIGURES),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("", total=None, stories=0, duplicates=0, speed=0.0)

        def show(totals: RunTotals) -> None:
            progress.update(
                task,
                total=totals.lines or None,
                completed=totals.lines - totals.unaccounted,
                stories=totals.stories,
                duplicates=totals.duplicates,
                speed=totals.articles_per_second,
            )

        yield show
