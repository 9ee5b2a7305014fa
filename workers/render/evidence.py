"""Why two articles are one story, or two: for ``onestory explain``."""

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from contracts.events import Evidence, Relation, Similarity
from workers.render.headline import headline
from workers.render.stories import score_text
from workers.render.views import ArticleView
from workers.wording import counted, plain

_BAR_CELLS = 20
_PARTS = {
    "text": "wording, by shingles",
    "facts": "names, numbers, dates",
    "meaning": "whole text, by embedding",
    "headline": "title and lead, by embedding",
}


def evidence_panel(
    evidence: Evidence,
    *,
    new: ArticleView,
    earlier: ArticleView | None,
    relation: Relation | None,
    score: float | None,
    decided: Mapping[str, str] | None = None,
) -> Panel:
    """Both headlines, the verdict, and everything it rests on.

    Args:
        evidence: why, as events carry it.
        new: the later of the two articles.
        earlier: the other one; None where nothing came near.
        relation: how they stand to each other; None where they are two stories.
        score: probability that they are one story.
        decided: what was said when articles were placed, by id: there their stories' other members
            had a say.
    """
    parts: list[RenderableType] = [_articles(new, earlier), ""]
    parts += [Text(plain(evidence.summary)), ""]
    if evidence.similarity is not None:
        parts += [_similarity(evidence.similarity), ""]
    parts += [Text(plain(f"{name} when placed: {said}")) for name, said in (decided or {}).items()]
    parts += [""] if decided else []
    verdict = _verdict(relation, score) if earlier else Text("A story of its own", style="bold")
    return Panel(Group(*parts, _grounds(evidence)), title=verdict, title_align="left")


def _verdict(relation: Relation | None, score: float | None) -> Text:
    words, style = ("Two stories", "bold red")
    if relation is not None:
        words, style = (f"One story: {relation}", "bold green")
    probability = score_text(score).plain
    return Text(f"{words}, probability {probability}" if probability else words, style=style)


def _articles(new: ArticleView, earlier: ArticleView | None) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("new", Text(plain(new.lang)), _titled(new))
    if earlier is None:
        grid.add_row("earlier", "", "nothing came near")
    else:
        grid.add_row("earlier", Text(plain(earlier.lang)), _titled(earlier))
    return grid


def _titled(article: ArticleView) -> Text:
    about = [plain(article.article_id)]
    if article.source:
        about.append(plain(article.source))
    if article.published_at is not None:
        about.append(f"{article.published_at:%Y-%m-%d %H:%M}")
    return Text.assemble(headline(article.title, style="bold"), "\n", (" · ".join(about), "dim"))


def _similarity(similarity: Similarity) -> Table:
    grid = Table.grid(padding=(0, 2))
    for name, meaning in _PARTS.items():
        value: float = getattr(similarity, name)
        filled = round(value * _BAR_CELLS)
        bar = Text.assemble(("█" * filled, "cyan"), ("·" * (_BAR_CELLS - filled), "dim"))
        grid.add_row(name, score_text(value), bar, Text(meaning, style="dim"))
    return grid


def _grounds(evidence: Evidence) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("shared", Text(", ".join(map(plain, evidence.shared)) or "none"))
    grid.add_row("guards", Text("\n".join(map(plain, evidence.guards)) or "none spoke"))
    thresholds = [f"{name} {value:.3g}" for name, value in evidence.thresholds.items()]
    grid.add_row("thresholds", Text(", ".join(thresholds) or "none"))
    grid.add_row("compared", counted(evidence.candidates, "earlier article"))
    grid.add_row("model", Text(f"{plain(evidence.model.version)} ({evidence.model.sha256})"))
    return grid
