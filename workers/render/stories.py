"""Stories with their Russian and English headlines side by side."""

from collections import Counter
from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from workers.render.headline import headline
from workers.render.views import ArticleView, StoryView
from workers.wording import counted, digits_of, plain

_RELATION_STYLE = {
    "copy": "green",
    "rewrite": "cyan",
    "revision": "yellow",
    "translation": "magenta",
}

_SOURCE_CELLS = 17
"""Leaves 34 of 80 columns for the reason."""

_LEAD = "▸"
"""Before the article that represents its story."""


def story_table(
    stories: Sequence[StoryView], named: Callable[[str], str] | None = None
) -> RenderableType:
    """Each story of several articles as a block, then those of one article as a list.

    A block has a headline in each language (Russian left, English right; the lead's, else
    the first), and one row an article: relation, score, outlet, and why it joined. ``▸``
    stands before the lead.

    Args:
        stories: in the order in which they are shown.
        named: what stories are called, by their ids; without it they are numbered.
    """
    shared = [story for story in stories if len(story.articles) > 1]
    alone = [story for story in stories if len(story.articles) == 1]
    blocks: list[RenderableType] = []
    for number, story in enumerate(shared, start=1):
        name = named(story.story_id) if named else f"story {number}"
        blocks += [_heading(name, story), _headlines(story), "", _articles(story), ""]
    if alone:
        blocks += [Rule(Text(f"Alone: {counted(len(alone), 'article')}"), align="left")]
        blocks += [_alone(alone)]
    return Group(*blocks)


def _heading(name: str, story: StoryView) -> Rule:
    languages = Counter(article.lang for article in story.articles)
    parts = [
        plain(name).capitalize(),
        counted(len(story.articles), "article"),
        " ".join(f"{plain(lang)} {count}" for lang, count in languages.most_common()),
        counted(story.independent_sources, "independent source"),
    ]
    return Rule(Text(" · ".join(parts), style="bold"), align="left")


def _headlines(story: StoryView) -> Table:
    """A headline of each language, two abreast: the lead's in its own, else the first."""
    first: dict[str, ArticleView] = {}
    for article in sorted(story.articles, key=lambda article: article.article_id != story.lead):
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
    rows.add_column(width=1, no_wrap=True)
    rows.add_column(width=11, no_wrap=True)
    rows.add_column(width=3, no_wrap=True)
    rows.add_column(width=4, no_wrap=True)
    rows.add_column(width=_SOURCE_CELLS, no_wrap=True, overflow="ellipsis")
    rows.add_column(overflow="fold")
    for article in story.articles:
        rows.add_row(
            _LEAD if article.article_id == story.lead else "",
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
