"""An evaluation's figures and what went wrong: for ``onestory evaluate``."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from service.evaluation.errors import Errors, Finding
from service.evaluation.gold import GoldArticle
from service.evaluation.labelled_pairs import PairScore
from service.evaluation.scores import BCubed, Evaluation, PairCounts
from workers.render.headline import headline
from workers.wording import counted, digits_of, plain


def evaluation_report(result: Evaluation) -> Group:
    """What was judged, the figures, and the suites if there are any."""
    parts: list[RenderableType] = [_judged(result), "", _figures(result)]
    if result.suites:
        parts += ["", _suites(result)]
    return Group(*parts)


def errors_report(errors: Errors, limit: int = 20) -> Group:
    """The worst ``limit`` findings of each kind, with titles."""
    parts = [
        *_findings("Put together, but two stories", errors.false_pairs, limit),
        *_findings("Strangers: background in a labelled story", errors.strangers, limit),
        *_findings("Kept apart, but one story", errors.missed_pairs, limit),
    ]
    if errors.unplaced:
        parts.append(Text(f"Never placed ({len(errors.unplaced):,})", style="bold"))
        parts += [_article(article) for article in errors.unplaced[:limit]]
    return Group(*(parts or [Text("Nothing went wrong.")]))


def pair_report(score: PairScore, limit: int = 20) -> Group:
    """Figures over labelled pairs, and the pairs that went wrong."""
    table = _figure_table()
    table.add_row("same story", *_ratios(score.counts), *_counts(score.counts))
    false = [Finding(1, pair.first, pair.second) for pair in score.false]
    missed = [Finding(1, pair.first, pair.second) for pair in score.missed]
    return Group(
        Text(f"{counted(_judged_pairs(score), 'pair')}; {score.different:,} rightly kept apart"),
        "",
        table,
        "",
        *_findings("Put together, but two stories", false, limit),
        *_findings("Kept apart, but one story", missed, limit),
    )


def _judged_pairs(score: PairScore) -> int:
    return score.counts.true + score.counts.missed + score.counts.false + score.different


def _judged(result: Evaluation) -> Text:
    parts = [
        counted(result.articles, "article"),
        f"{result.labelled:,} labelled",
        counted(result.stories, "story", "stories"),
    ]
    if result.unplaced:
        parts.append(f"{result.unplaced:,} never placed")
    if result.unknown:
        parts.append(f"{result.unknown:,} unknown to gold")
    return Text(" · ".join(parts))


def _figure_table() -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    for name in ("precision", "recall", "F1", "true", "missed", "false"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _figures(result: Evaluation) -> Table:
    table = _figure_table()
    table.add_row("B-cubed", *_ratios(result.bcubed))
    table.add_row("pairs", *_ratios(result.pairs), *_counts(result.pairs))
    cross = result.cross_lingual
    table.add_row("cross-lingual pairs", *_ratios(cross), *_counts(cross))
    return table


def _ratios(score: BCubed | PairCounts) -> Sequence[RenderableType]:
    f1 = Text(_four_digits(score.f1), style="bold")
    return (_four_digits(score.precision), _four_digits(score.recall), f1)


def _counts(counts: PairCounts) -> Sequence[str]:
    return (f"{counts.true:,}", f"{counts.missed:,}", f"{counts.false:,}")


def _four_digits(share: float) -> str:
    return digits_of(share, 4)


def _suites(result: Evaluation) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("suite")
    for name in ("articles", "precision", "recall", "F1", "linked", "stranger"):
        table.add_column(name, justify="right", no_wrap=True)
    for suite in result.suites:
        table.add_row(
            Text(plain(suite.suite, 20)),
            f"{suite.articles:,}",
            *_ratios(suite.bcubed),
            f"{suite.linked:.1%}",
            f"{suite.with_stranger:.1%}",
        )
    return table


def _findings(name: str, findings: Sequence[Finding], limit: int) -> Sequence[RenderableType]:
    if not findings:
        return []
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for finding in findings[:limit]:
        both = _article(finding.first).append("\n").append_text(_article(finding.second))
        table.add_row(f"{finding.pairs:,}", both)
    left_out = len(findings) - limit
    more = [Text(f"… and {left_out:,} more", style="dim")] if left_out > 0 else []
    title = Text(f"{name} ({len(findings):,})", style="bold")
    return [title, table, *more, ""]


def _article(article: GoldArticle) -> Text:
    about = f"  {plain(article.id, 40)} {plain(article.group or 'no group', 40)}"
    return Text.assemble(
        (f"{plain(article.lang or '?')} ", "dim"), headline(article.title), (about, "dim")
    )
