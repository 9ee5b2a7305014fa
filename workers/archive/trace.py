"""Where is my item? From its entry in the stream to where it is now, in plain words."""

from collections.abc import Iterator
from functools import partial
from typing import Literal

from pydantic import AwareDatetime
from redis.asyncio import Redis

from workers.archive.board import Board
from workers.archive.records import Divided, Line, Merged, Placed, Retracted, Revised, time_of
from workers.archive.rows import shown
from workers.archive.shelf import Shelf, entry_key
from workers.archive.views import ItemState, View
from workers.archive.whereabouts import Whereabouts, whereabouts_of
from workers.archive.words import line_text
from workers.settings import Settings
from workers.state.schema import Article as Record
from workers.wording import plain

LONGEST_NOTE = 200
"""Characters shown of how an article's words were repaired."""


class TraceStep(View):
    """One thing that happened to an item."""

    time: AwareDatetime | None
    step: Literal[
        "received",
        "delivered",
        "failed",
        "placed",
        "revised",
        "moved",
        "merged",
        "held",
        "released",
        "killed",
        "dead",
        "repeated",
    ]
    text: str
    entry_id: str | None = None
    event_id: str | None = None
    story_id: str | None = None


class Trace(View):
    """Where an item is, and what happened to it."""

    id: str
    state: ItemState
    """``waiting``: not delivered to a worker yet. ``in_work``: delivered, not placed yet.
    ``forgotten``: placed, and its window passed."""
    summary: str
    """One line."""
    steps: list[TraceStep]
    """Oldest first."""


async def trace_of(
    redis: Redis, settings: Settings, board: Board, article_id: str, entry_id: str | None
) -> Trace:
    """What happened to an article, and where it is."""
    found = await whereabouts_of(redis, settings, article_id, entry_id)
    shelf = board.shelf
    steps = [*_entry_steps(found), *_history(shelf, article_id)]
    steps += _letters(board, article_id, found.entry_id)
    steps += _held(found)
    steps.sort(key=lambda step: (step.time is None, step.time))
    letters = [each for each in steps if each.step == "dead"]
    state = state_of(found, shelf, article_id, is_dead=bool(letters))
    if state == "killed" and not any(each.step == "killed" for each in steps):
        steps.append(TraceStep(time=None, step="killed", text="It was killed"))
    summary = _summary(state, found, shelf, article_id)
    if state == "dead":
        summary = f"It became dead letter {letters[-1].entry_id}: {letters[-1].text}"
    return Trace(id=article_id, state=state, summary=summary, steps=steps)


def state_of(found: Whereabouts, shelf: Shelf, article_id: str, *, is_dead: bool) -> ItemState:
    """Where it is, in a word. What waits or is in work comes first: it is what will happen."""
    record = found.record
    states: list[tuple[bool, ItemState]] = [
        (found.waits, "waiting"),
        (found.pending is not None or Record.PENDING_NUMBER in record, "in_work"),
        (Record.NUMBER in record and Record.STORY in record, "placed"),
        (found.is_held and found.embargo_ms is not None, "embargoed"),
        (found.is_held, "held"),
        (Record.KILLED in record or _is_killed(shelf, article_id), "killed"),
        (is_dead, "dead"),
        (article_id in shelf.articles, "forgotten"),
    ]
    return next((state for holds, state in states if holds), "unknown")


def _is_killed(shelf: Shelf, article_id: str) -> bool:
    article = shelf.articles.get(article_id)
    return article is not None and article.gone == "retracted"


def _summary(state: ItemState, found: Whereabouts, shelf: Shelf, article_id: str) -> str:
    article = shelf.articles.get(article_id)
    home = article.home.id if article is not None and article.home is not None else None
    tries = found.pending.deliveries if found.pending is not None else 1
    error = f"; its last attempt failed: {found.error}" if found.error else ""
    until = time_of(found.embargo_ms or 0)
    story = home or shelf.resolve(found.record.get(Record.STORY, article.was if article else ""))
    summaries: dict[ItemState, str] = {
        "waiting": "It is in the articles stream, and no worker has got it yet",
        "in_work": f"A worker has got it (delivery {tries}) and has not finished it{error}",
        "placed": f"It is in story {story}",
        "held": "It is held back until a later version says otherwise",
        "embargoed": f"It is under embargo until {until:%Y-%m-%d %H:%M:%S} UTC",
        "killed": "It was killed: nothing of its text is kept",
        "dead": "It is a dead letter",
        "forgotten": f"It was in story {story}, which is over",
        "unknown": _unknown(found),
    }
    return summaries[state]


def _unknown(found: Whereabouts) -> str:
    if found.entry_id is not None and not found.is_there:
        return f"Nothing is known of it; the stream has no entry {found.entry_id} of it"
    if found.not_scanned:
        return (
            f"Nothing is known of it so far; {found.not_scanned:,} older entries that wait were "
            "not looked through: ask with its entry_id"
        )
    return "Nothing is known of it: it was never sent here, or it was forgotten"


def _entry_steps(found: Whereabouts) -> Iterator[TraceStep]:
    """Of the entry that waits, is in work, or was asked for; else of the version in force."""
    entry_id = found.entry_id or found.record.get(Record.ENTRY)
    if entry_id is None:
        return
    received = time_of(entry_key(entry_id.encode())[0])
    if found.is_there or found.pending is not None or found.entry_id is None:
        yield TraceStep(time=received, step="received", text="It came", entry_id=entry_id)
    if (pending := found.pending) is not None:
        yield TraceStep(
            time=time_of(found.now_ms - pending.idle_ms),
            step="delivered",
            text=f"Worker {pending.consumer} got it, delivery {pending.deliveries}",
            entry_id=entry_id,
        )
        if found.error is not None:
            yield TraceStep(time=None, step="failed", text=found.error, entry_id=entry_id)
    elif _is_repeated(found):
        yield TraceStep(
            time=received,
            step="repeated",
            text="This entry is not in force: another one with the same or a higher version is",
            entry_id=entry_id,
        )


def _is_repeated(found: Whereabouts) -> bool:
    in_force = found.record.get(Record.ENTRY)
    return in_force is not None and found.entry_id not in (None, in_force) and not found.waits


def _held(found: Whereabouts) -> Iterator[TraceStep]:
    if not found.is_held:
        return
    noted = found.would.get("story_id")
    would = noted if isinstance(noted, str) else None
    goes = f"it would join story {would}" if would else "it would open a story"
    text = "Held back until a later version says otherwise"
    if found.embargo_ms is not None:
        text = f"Under embargo until {time_of(found.embargo_ms):%Y-%m-%d %H:%M:%S} UTC"
    yield TraceStep(time=None, step="held", text=f"{text}; {goes}", story_id=would)


def _letters(board: Board, article_id: str, entry_id: str | None) -> Iterator[TraceStep]:
    for letter in board.letters():
        if letter.article_id == article_id or (entry_id and letter.input_id == entry_id):
            yield TraceStep(
                time=time_of(letter.ms),
                step="dead",
                text=f"{letter.reason}: {letter.detail}. {letter.remedy}",
                entry_id=letter.entry_id,
            )


def _history(shelf: Shelf, article_id: str) -> list[TraceStep]:
    """What the events of its stories say of it, wherever it was, in their order."""
    lines = sorted(_lines(shelf, article_id), key=lambda line: line.position)
    steps = shown(lines, partial(_step, shelf), lambda line: line.event_id)
    return [step for step in steps if step is not None]


def _lines(shelf: Shelf, article_id: str) -> Iterator[Line]:
    article = shelf.articles.get(article_id)
    if article is None:
        return
    ids = [article.home.id if article.home is not None else article.was]
    done: set[str] = set()
    while ids:
        story = shelf.stories.get(ids.pop())
        if story is None or story.id in done:
            continue
        done.add(story.id)
        ids += story.absorbed
        for line in story.lines:
            if article_id not in line.about:
                continue
            yield line
            if isinstance(line.facts, Placed) and line.facts.split_from is not None:
                ids.append(line.facts.split_from)
            if isinstance(line.facts, Divided):
                ids.append(line.facts.moved_to)


def _repaired(shelf: Shelf, line: Line) -> str:
    """How the words came broken that this event told, if it is the last one that did."""
    if not isinstance(line.facts, Placed | Revised):
        return ""
    article = shelf.articles.get(line.facts.article_id)
    if article is None or article.told != line.position or not article.repaired:
        return ""
    return f"; repaired: {plain(article.repaired, LONGEST_NOTE)}"


def _step(shelf: Shelf, line: Line) -> TraceStep | None:
    match line.facts:
        case Placed():
            step = "placed"
        case Revised(change="version"):
            step = "revised"
        case Revised(change="retracted") | Retracted(change="retracted"):
            step = "killed"
        case Revised(change="withheld") | Retracted(change="withheld"):
            step = "held"
        case Divided():
            step = "moved"
        case Merged():
            step = "merged"
        case _:
            return None
    return TraceStep.model_validate(
        {
            "time": time_of(line.ms),
            "step": step,
            "text": line_text(shelf, line) + _repaired(shelf, line),
            "event_id": line.event_id,
            "story_id": line.story_id,
        }
    )
