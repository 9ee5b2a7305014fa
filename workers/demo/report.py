"""What ``onestory demo`` prints: the stories, and whether an editor would agree."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from contracts.events import AnyEvent
from service.evaluation.errors import errors
from service.evaluation.gold import GoldArticle
from workers.render.figures import errors_report
from workers.render.stories import story_table
from workers.render.views import StoryView, story_views
from workers.wording import counted


def demo_report(events: Iterable[AnyEvent], gold: Sequence[GoldArticle]) -> Group:
    """Every story with the reason for each article, then the comparison with gold."""
    stories = story_views(events)
    return Group(story_table(stories), "", _verdict(stories, gold))


def _verdict(stories: Sequence[StoryView], gold: Sequence[GoldArticle]) -> RenderableType:
    found = errors(gold, [[article.article_id for article in story.articles] for story in stories])
    if not (found.false_pairs or found.strangers or found.missed_pairs or found.unplaced):
        every = f"{counted(len(gold), 'article')}, each where an editor put it."
        return Text(every, style="green")
    return Group(Text("Not as an editor put them:", style="yellow"), "", errors_report(found))
