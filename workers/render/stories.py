"""Stories with their Russian and English headlines side by side."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from workers.render.plain import counted, digits_of, headline, plain
from workers.render.views import ArticleView, StoryView

_RELATION_STYLE = {
    "copy": "green",
    "rewrite": "cyan",
    "revision": "yellow",
    "translation": "magenta",
}

_SOURCE_CELLS = 17
"""Leaves 36 of 80 columns for the reason."""


def story_table(stories: Sequence[StoryView]) -> RenderableType:
    """Each story of several articles as a block, then those of one article as a list.

    A block has the story's first headline in each language (Russian left, English
    right), and one row an article: relation, score, outlet, and why it joined.
    """
    shared = [story for story in stories if len(story.articles) > 1]
    alone = [story for story in stories if len(story.articles) == 1]
    blocks: list[RenderableType] = []
    for number, story in enumerate(shared, start=1):
        blocks += [_heading(number, story), _headlines(story), "", _articles(story), ""]
    if alone:
        blocks += [Rule(Text(f"Alone: {counted(len(alone), 'article')}"), align="left")]
        blocks += [_alone(alone)]
    return Group(*blocks)


def _heading(number: int, story: StoryView) -> Rule:
    languages = Counter(article.lang for article in story.articles)
    outlets = {article.source for article in story.articles if article.source}
    parts = [
        f"Story {number}",
        counted(len(story.articles), "article"),
        " ".join(f"{plain(lang)} {count}" for lang, count in languages.most_common()),
        counted(len(outlets), "source"),
    ]
    return Rule(Text(" · ".join(parts), style="bold"), align="left")


def _headlines(story: StoryView) -> Table:
    """The first headline of each language, two abreast."""
    first: dict[str, ArticleView] = {}
    for article in story.articles:
        first.setdefault(article.lang, article)
    order = sorted(first, key=lambda lang: (lang != "ru", lang != "en", lang))
    cells = [_labelled(lang, first[lang]) for lang in order]
    grid = Table.grid(padding=(0, 2), expand=True)
    for _ in cells[:2]:
        grid.add_column(ratio=1)
    for start in range(0, len(cells), 2):
        grid.add_row(*cells[start : start + 2])
    return grid


def _labelled(lang: str, article: ArticleView) -> Table:
    cell = Table.grid(padding=(0, 1))
    cell.add_row(Text(plain(lang).upper(), style="dim"), headline(article.title, style="bold"))
    return cell


def _articles(story: StoryView) -> Table:
    rows = Table.grid(padding=(0, 1))
    rows.add_column(width=11, no_wrap=True)
    rows.add_column(width=3, no_wrap=True)
    rows.add_column(width=4, no_wrap=True)
    rows.add_column(width=_SOURCE_CELLS, no_wrap=True, overflow="ellipsis")
    rows.add_column(overflow="fold")
    for article in story.articles:
        rows.add_row(
            relation_text(article),
            Text(plain(article.lang)),
            score_text(article.score if article.relation else None),
            Text(plain(article.source or article.article_id)),
            Text(plain(article.summary), style="dim"),
        )
    return rows


def _alone(stories: Sequence[StoryView]) -> Table:
    rows = Table.grid(padding=(0, 1))
    rows.add_column(width=3, no_wrap=True)
    rows.add_column(width=_SOURCE_CELLS, no_wrap=True, overflow="ellipsis")
    rows.add_column(overflow="fold")
    for story in stories:
        (article,) = story.articles
        why = Text.assemble(
            headline(article.title, style="bold"), "\n", (plain(article.summary), "dim")
        )
        why.rstrip()
        source = Text(plain(article.source or article.article_id))
        rows.add_row(Text(plain(article.lang)), source, why)
    return rows


def relation_text(article: ArticleView) -> Text:
    """The relation by which an article joined; ``opened`` for the first."""
    relation = article.relation or "opened"
    return Text(relation, style=_RELATION_STYLE.get(relation, "dim"))


def score_text(score: float | None) -> Text:
    """A probability with two digits; nothing where nothing was compared."""
    return Text("" if score is None else digits_of(score, 2))
