"""How a run ended: what became of every input line, and how fast."""

from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from workers.process.totals import RunTotals
from workers.wording import counted


def run_summary(totals: RunTotals, *, dead_hint: str = "see onestory dead list") -> Panel:
    """What became of the lines; an unaccounted line or a dead letter is said plainly."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("lines", f"{totals.lines:,}", _speed(totals))
    stories = counted(totals.stories, "story", "stories")
    duplicates = counted(totals.duplicates, "duplicate")
    grid.add_row("placed", f"{totals.placed:,}", f"{stories}, {duplicates}")
    if totals.other_language:
        grid.add_row(
            "other languages", f"{totals.other_language:,}", "of those placed; by wording alone"
        )
    for name, count, what in (
        ("revised", totals.revised, "new versions of these"),
        ("held back", totals.held, "under embargo, or until a later version"),
        ("killed", totals.killed, "kills"),
    ):
        if count:
            grid.add_row(name, f"{count:,}", what)
    grid.add_row("repeated", f"{totals.repeated:,}", "")
    dead_style = "red" if totals.dead_lettered else ""
    hint = dead_hint if totals.dead_lettered else ""
    grid.add_row("dead-lettered", Text(f"{totals.dead_lettered:,}", style=dead_style), hint)
    if totals.of_others:
        grid.add_row("of others", f"{totals.of_others:,}", "in these counts: sent by others")
    if totals.unaccounted:
        lost = Text(f"{totals.unaccounted:,}", style="bold red")
        grid.add_row("unaccounted", lost, "the run is not complete")
    return Panel(grid, title=_verdict(totals), title_align="left", expand=False)


def _verdict(totals: RunTotals) -> Text:
    if totals.unaccounted:
        return Text("Incomplete", style="bold red")
    if totals.none_usable:
        return Text("No line is an article", style="bold red")
    return Text("Every line accounted for", style="bold green")


def _speed(totals: RunTotals) -> str:
    return f"in {totals.seconds:.1f} s, {totals.articles_per_second:,.0f} articles/s"
