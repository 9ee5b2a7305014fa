"""What is asked of the model, row by row, and what a figure must be to reach it.

Figures come as ``Evaluation.to_json`` gives them, so that an evaluation made here and
one printed by ``onestory evaluate --json`` are read alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.evaluation.scores import harmonic_mean

Figures = Mapping[str, Any]
"""An evaluation as JSON."""
Row = tuple[str, str]
"""Set and measure."""

HARD_SUITES = ("bulletin", "flash", "partial", "update", "digest")
MIXED_MAY_LOSE = 0.01
"""How far a figure of all sets in one run may fall behind the same figure of one set."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that is asked for."""

    row: Row
    limit: float
    at_most: bool = False
    """Whether less is better."""

    def reached(self, value: float) -> bool:
        """Whether ``value`` is good enough; a rounding error is no miss.

        >>> Target(("feed", "B-cubed F1"), 0.997).reached(0.9969)
        False
        """
        return value <= self.limit + 1e-9 if self.at_most else value >= self.limit - 1e-9

    @property
    def asked(self) -> str:
        """As the table shows it: ``≥ 0.997``."""
        return f"{'≤' if self.at_most else '≥'} {shown(self.limit)}"


_ONE_SET = (
    Target(("feed", "B-cubed F1"), 0.997),
    Target(("feed", "cross-lingual precision"), 0.998),
    Target(("feed", "cross-lingual recall"), 0.995),
    Target(("feed", "false pairs"), 3, at_most=True),
    Target(("hard", "B-cubed F1"), 0.985),
    Target(("hard", "bulletin linked"), 0.98),
    Target(("hard", "bulletin with a stranger"), 0.01, at_most=True),
    Target(("hard", "flash linked"), 0.92),
    Target(("hard", "flash with a stranger"), 0.02, at_most=True),
    Target(("hard", "partial linked"), 0.97),
    Target(("hard", "partial with a stranger"), 0.01, at_most=True),
    Target(("hard", "update linked"), 0.99),
    Target(("hard", "digest with a stranger"), 0, at_most=True),
)


def _mixed(target: Target) -> Target:
    gold, measure = target.row
    kept = "false" in measure or "digest" in measure
    loss = 0.0 if kept else MIXED_MAY_LOSE
    limit = target.limit + loss if target.at_most else target.limit - loss
    return Target(("together", _named(gold, measure)), round(limit, 6), target.at_most)


def _named(gold: str, measure: str) -> str:
    """B-cubed is told for each set's articles apart; the other rows are of one set anyway."""
    return f"B-cubed F1 of {gold}" if measure == "B-cubed F1" else measure


SAME_EVENT = Target(("same_event_pairs", "F1"), 0.9)
TARGETS = (*_ONE_SET, *map(_mixed, _ONE_SET), SAME_EVENT)
"""In the order of the table."""


def measured(gold: str, figures: Figures) -> dict[Row, float]:
    """The rows that an evaluation of ``feed``, ``hard`` or ``together`` gives."""
    suites = figures["suites"]
    found = {f"{suite} linked": suites[suite]["linked"] for suite in suites}
    found |= {f"{suite} with a stranger": suites[suite]["with_stranger"] for suite in suites}
    found |= {
        "B-cubed F1": figures["bcubed"]["f1"],
        "cross-lingual precision": figures["cross_lingual"]["precision"],
        "cross-lingual recall": figures["cross_lingual"]["recall"],
        "false pairs": figures["pairs"]["false"],
    }
    if gold == "together":
        hard = [suites[suite] for suite in HARD_SUITES]
        found |= {
            "B-cubed F1 of feed": _bcubed_f1([suites["feed"]]),
            "B-cubed F1 of hard": _bcubed_f1(hard),
        }
    return {(gold, measure): value for measure, value in found.items()}


def _bcubed_f1(suites: Sequence[Figures]) -> float:
    """Over the articles of several suites at once: means of means, weighted by articles."""
    total = sum(suite["articles"] for suite in suites)
    precision, recall = (
        sum(suite["articles"] * suite["bcubed"][side] for suite in suites) / total
        for side in ("precision", "recall")
    )
    return harmonic_mean(precision, recall)


def table(columns: Mapping[str, Mapping[Row, float]]) -> Iterable[str]:
    """The Markdown table, one line at a time; a figure that reaches its target is bold.

    Args:
        columns: figures by column heading; a row that a column lacks shows as a dash.
    """
    yield f"| set | measure | asked | {' | '.join(columns)} |"
    yield "|---" * (3 + len(columns)) + "|"
    for target in TARGETS:
        cells = [_cell(target, figures.get(target.row)) for figures in columns.values()]
        yield f"| {' | '.join((*target.row, target.asked, *cells))} |"


def _cell(target: Target, value: float | None) -> str:
    if value is None:
        return "–"
    return f"**{shown(value)}**" if target.reached(value) else shown(value)


def shown(value: float) -> str:
    """Counts as counts, shares with four decimals at most.

    >>> shown(25), shown(0.9969), shown(0.98)
    ('25', '0.9969', '0.98')
    """
    return f"{value:.0f}" if value > 1 else f"{value:.4f}".rstrip("0").rstrip(".")
