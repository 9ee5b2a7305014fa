"""``onestory bench``: speed, latency and memory at full window, by turns with a peer."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from workers.bench.figures import MOST_OTHERS, saved
from workers.bench.report import report
from workers.bench.run import LIVE, run
from workers.commands.console import err, told
from workers.commands.files import readable
from workers.commands.session import private, settings_from
from workers.errors import MachineBusy


@told
def bench(
    live: Annotated[
        int,
        typer.Option(
            min=1_000,
            help=f"Live articles when measuring starts; where it is more than {LIVE:,}, that many "
            "are measured first.",
        ),
    ] = LIVE,
    articles: Annotated[
        Path | None,
        typer.Option(help="JSON lines, plain or .gz, to take articles from; else they're made up."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
    save: Annotated[Path | None, typer.Option(help="Write the figures as JSON as well.")] = None,
) -> None:
    """Measure the whole path on a private Redis, by turns with datasketch on another.

    Exit code 75 if others took more than 0.3 of each core meanwhile: then CPU times are printed,
    and no rate, ratio or latency.
    """
    if articles is not None:
        readable([articles])
    settings = private(settings_from(None, None))
    columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=err, transient=True, disable=not err.is_terminal
    ) as bar:
        figures = run(settings, live, workers, articles, bar)
    if save is not None:
        saved(figures, save)
    typer.echo(report(figures))
    if not figures.is_quiet:
        raise MachineBusy(figures.others, MOST_OTHERS)
