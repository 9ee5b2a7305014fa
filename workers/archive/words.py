"""A line of a story's history in plain words.

Made when it is read, from what is known then: a headline that was withdrawn since is in none.
"""

from collections.abc import Sequence

from workers.archive.records import (
    Closed,
    Divided,
    Line,
    Merged,
    Placed,
    Retracted,
    Revised,
)
from workers.archive.shelf import Shelf
from workers.wording import counted, digits_of, plain

_TITLE_CHARS = 120
_ID_CHARS = 60
_IDS_SHOWN = 8


def line_text(shelf: Shelf, line: Line) -> str:
    """What happened, in one line."""
    match line.facts:
        case Placed() as placed:
            return _placed(shelf, line, placed)
        case Revised() as revised:
            return _revised(shelf, line, revised)
        case Merged() as merged:
            return (
                f"Merged into {merged.into}: {counted(len(merged.article_ids), 'article')} moved, "
                f"{merged.article_count} there now, because of {_id(merged.because_of)}"
            )
        case Divided() as divided:
            left = f"{_ids(shelf, line, divided.article_ids)} left for {divided.moved_to}"
            return f"{left}, because of {_id(divided.because_of)}{_new_lead(divided)}"
        case Retracted() as retracted:
            verb = _verb(retracted.change)
            return f"{_ids(shelf, line, retracted.article_ids)} {verb}; no article is left"
        case Closed() as closed:
            return f"Its window passed, with {counted(closed.article_count, 'article')}"


def named(shelf: Shelf, article_id: str, position: int) -> str:
    """An article by its headline, or by its id where that is not to be shown."""
    article = shelf.articles.get(article_id)
    if article is None or not article.title or shelf.is_withdrawn(article_id, position):
        return _id(article_id)
    source = f" ({plain(article.source, _ID_CHARS)})" if article.source else ""
    return f"“{plain(article.title, _TITLE_CHARS)}”{source}"


def _placed(shelf: Shelf, line: Line, placed: Placed) -> str:
    name = named(shelf, placed.article_id, line.position)
    came = f", which left {placed.split_from}" if placed.split_from else ""
    if line.type == "story.opened":
        text = f"{name} opened the story{came}"
    else:
        text = f"{name}{came} joined"
        if placed.relation and placed.matched:
            text += f" as {placed.relation} of {named(shelf, placed.matched, line.position)}"
        text += _scored(placed.score)
    return text + _ruled(placed.rule)


def _revised(shelf: Shelf, line: Line, revised: Revised) -> str:
    name = named(shelf, revised.article_id, line.position)
    match revised.change:
        case "version":
            text = f"{name} has a new version, {revised.old_version} → {revised.new_version}"
        case "lead":
            was = revised.old_lead
            before = f", before {named(shelf, was, line.position)}" if was else ""
            text = f"{name} leads now{before}"
        case "retracted" | "withheld":
            text = f"{name} {_verb(revised.change)}"
            if revised.translations:
                text += f"; check the translations {_ids(shelf, line, revised.translations)}"
            if revised.copies:
                text += f"; check the copies {_ids(shelf, line, revised.copies)}"
            text += f"; {counted(revised.article_count, 'article')} left"
        case other:
            text = f"{name} changed: {plain(other, _ID_CHARS)}"
    lead = _new_lead(revised) if revised.change != "lead" else ""
    return text + lead + _ruled(revised.rule)


def _verb(change: str) -> str:
    return "was held back" if change == "withheld" else "was killed"


def _scored(score: float | None) -> str:
    return "" if score is None else f", probability {digits_of(score, 2)}"


def _ruled(rule: str | None) -> str:
    return f", by rule {_id(rule)}" if rule else ""


def _new_lead(facts: Revised | Divided) -> str:
    return f"; {_id(facts.lead)} leads now" if facts.old_lead else ""


def _id(words: str) -> str:
    return plain(words, _ID_CHARS)


def _ids(shelf: Shelf, line: Line, ids: Sequence[str]) -> str:
    shown = ", ".join(named(shelf, each, line.position) for each in ids[:_IDS_SHOWN])
    more = len(ids) - _IDS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
