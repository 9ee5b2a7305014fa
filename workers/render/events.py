"""A story event as one line, for ``onestory tail``."""

from collections.abc import Callable, Sequence

from rich.text import Text

from contracts.events import (
    AnyEvent,
    Change,
    Closure,
    Merger,
    Placement,
    Retraction,
    Revision,
    Split,
)
from workers.render.headline import headline
from workers.render.stories import relation_text, score_text
from workers.render.views import article_view
from workers.wording import counted, plain

_KIND_STYLE = {
    "opened": "blue",
    "joined": "green",
    "revised": "cyan",
    "merged": "yellow",
    "split": "yellow",
    "retracted": "red",
    "closed": "dim",
}
KIND_CELLS = 9
"""Width of ``retracted``, the longest kind."""
_ID_CHARS = 40
"""Of an article's id, which may have a kilobyte."""
_IDS_SHOWN = 8
"""Of a list of ids; the events have them all."""

Named = Callable[[str], str]
"""From a story's id to what it is called."""


def event_line(event: AnyEvent) -> Text:
    """Time (UTC), what happened, then the details.

    The line is not cut: print it with ``no_wrap=True, overflow="ellipsis"`` on a
    terminal, and with ``soft_wrap=True`` into a pipe.
    """
    kind = event_kind(event)
    kind.pad_right(KIND_CELLS - len(kind))
    return Text.assemble(
        (f"{event.time:%H:%M:%S}  ", "dim"), kind, "  ", event_details(event, plain)
    )


def event_kind(event: AnyEvent) -> Text:
    """What happened, in one word."""
    kind = event.type.removeprefix("story.")
    return Text(kind, style=_KIND_STYLE[kind])


def event_details(event: AnyEvent, named: Named) -> Text:
    """Story and sequence, then what a desk needs to know of the event.

    Args:
        event: of any kind.
        named: what stories are called.
    """
    line = Text(f"{named(event.data.story_id)}#{event.data.sequence}  ")
    match event.data:
        case Placement() as placement:
            line.append_text(_placement(placement, named))
        case Revision() as revision:
            line.append_text(_revision(revision))
        case Merger() as merger:
            line.append(
                f"into {named(merger.merged_into)}: "
                f"{counted(len(merger.article_ids), 'article')} moved, "
                f"{merger.article_count} there now, because of {_id(merger.because_of)}"
            )
        case Split() as split:
            line.append_text(_split(split, named))
        case Retraction() as retraction:
            line.append_text(_left(retraction.change, retraction.article_ids))
            line.append("; no article left")
        case Closure() as closure:
            line.append(_closure(closure))
    return line


def _placement(placement: Placement, named: Named) -> Text:
    line = Text(f"{plain(placement.lang)}  ")
    if placement.relation is not None:
        line.append_text(relation_text(article_view(placement)))
        line.append(" ").append_text(score_text(placement.score)).append("  ")
    line.append_text(_words(placement))
    if placement.split_from is not None:
        line.append(f"  from {named(placement.split_from)}")
    return line.append(_ruled(placement.rule))


def _revision(revision: Revision) -> Text:
    match revision.change:
        case Change.VERSION:
            line = Text(f"{plain(revision.lang or 'und')}  ")
            line.append(f"version {revision.old_version} → {revision.new_version}  ", "bold")
            if revision.relation is not None:
                line.append_text(relation_text(article_view(revision)))
                line.append(" ").append_text(score_text(revision.score)).append("  ")
            line.append_text(_words(revision)).append(_new_lead(revision))
        case Change.LEAD:
            line = Text(f"lead {_id(revision.lead)}")
            line.append(f", was {_id(revision.old_lead)}" if revision.old_lead else "")
        case Change.RETRACTED | Change.WITHHELD:
            line = _left(revision.change, [revision.article_id], revision.old_version)
            line.append(_new_lead(revision))
            for name, ids in (
                ("translations", revision.translations),
                ("copies", revision.copies),
            ):
                if ids:
                    line.append(f"; check {name} {_ids(ids)}", "bold yellow")
            line.append(f"; {counted(revision.article_count, 'article')} left")
    return line.append(_ruled(revision.rule))


def _split(split: Split, named: Named) -> Text:
    line = Text(f"{_ids(split.article_ids)} to {named(split.moved_to)}")
    line.append(f", {split.article_count} left, because of {_id(split.because_of)}")
    return line.append(_new_lead(split))


def _closure(closure: Closure) -> str:
    return (
        f"{counted(closure.article_count, 'article')}, "
        f"{' '.join(map(plain, closure.languages))}, "
        f"{counted(closure.independent_sources, 'independent source')}, "
        f"lead {_id(closure.lead)}"
    )


def _words(data: Placement | Revision) -> Text:
    """Headline, outlet and article id, by which an editor names it; or that text was withdrawn."""
    withdrawn = Text("(text withdrawn)", style="dim")
    line = Text() if data.redacted and not data.title else headline(data.title, style="bold")
    if data.redacted:
        line = line.append("  ").append_text(withdrawn) if line else withdrawn
    if data.source:
        line.append(f"  {plain(data.source)}", style="dim")
    return line.append(f"  {_id(data.article_id)}", "dim")


def _left(change: Change, ids: Sequence[str], version: int | None = None) -> Text:
    verb = "held back" if change is Change.WITHHELD else "killed"
    line = Text.assemble((verb, "bold red"), f" {_ids(ids)}")
    return line.append(f" (version {version})" if version is not None else "")


def _new_lead(data: Revision | Split) -> str:
    return f"; lead {_id(data.lead)}, was {_id(data.old_lead)}" if data.old_lead else ""


def _ruled(rule: str | None) -> str:
    return f"  by {_id(rule)}" if rule else ""


def _id(words: str) -> str:
    return plain(words, _ID_CHARS)


def _ids(ids: Sequence[str]) -> str:
    shown = ", ".join(map(_id, ids[:_IDS_SHOWN]))
    more = len(ids) - _IDS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
