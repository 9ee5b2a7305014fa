"""A story event as one line, for ``onestory tail``."""

from rich.text import Text

from contracts.events import Placement, StoryJoined, StoryMerged, StoryOpened
from workers.render.plain import counted, headline, plain
from workers.render.stories import relation_text, score_text
from workers.render.views import article_view

_KIND_STYLE = {"opened": "blue", "joined": "green", "merged": "yellow"}


def event_line(event: StoryOpened | StoryJoined | StoryMerged) -> Text:
    """Time (UTC), what happened, story and sequence, then the article or the merger.

    The line is not cut: print it with ``no_wrap=True, overflow="ellipsis"`` on a
    terminal, and with ``soft_wrap=True`` into a pipe.
    """
    kind = event.type.removeprefix("story.")
    line = Text.assemble(
        (f"{event.time:%H:%M:%S}  ", "dim"),
        (f"{kind:<6}", _KIND_STYLE[kind]),
        f"  {plain(event.data.story_id)}#{event.data.sequence}  ",
    )
    if isinstance(event, StoryMerged):
        moved = counted(len(event.data.article_ids), "article")
        return line.append(
            f"into {plain(event.data.merged_into)}: {moved} moved, {event.data.article_count} "
            f"there now, because of {plain(event.data.because_of)}"
        )
    return line.append_text(_placement(event.data))


def _placement(placement: Placement) -> Text:
    line = Text(f"{plain(placement.lang)}  ")
    if placement.relation is not None:
        line.append_text(relation_text(article_view(placement)))
        line.append(" ").append_text(score_text(placement.score)).append("  ")
    line.append_text(headline(placement.title, style="bold"))
    if placement.source:
        line.append(f"  {plain(placement.source)}", style="dim")
    return line
