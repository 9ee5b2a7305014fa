"""``onestory run``: files of articles through stream and workers, until every line is placed."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Annotated

import typer

from contracts.consumer import Story
from workers.commands.console import err, out, told
from workers.commands.files import Files, readable
from workers.commands.options import DataFolder, Namespace, RedisUrl
from workers.commands.session import server, settings_from
from workers.connection.clients import client
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.render.dead import dead_reasons
from workers.render.progress import run_progress
from workers.render.summary import run_summary
from workers.settings import Settings
from workers.state.streams import lines_of


@told
def run(
    files: Files,
    events: Annotated[
        Path | None, typer.Option(help="Write the events as published, one a line.")
    ] = None,
    stories: Annotated[
        Path | None, typer.Option(help="Write all stories, closed ones too, one a line.")
    ] = None,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    data_folder: DataFolder = None,
) -> None:
    """Put articles through the stream and worker processes; wait until all are placed.

    Exit code 0: every line is placed, a repeat, or a dead letter whose reason is told.
    1: none of them is an article, or of some nothing is known.
    """
    readable(files)
    with ExitStack() as stack:
        # First: a name that can't be written to shall cost no run.
        events_to = stack.enter_context(events.open("wb")) if events else None
        stories_to = stack.enter_context(stories.open("w", encoding="utf-8")) if stories else None
        given = settings_from(redis_url, namespace, data_folder)
        settings = stack.enter_context(server(given, writes=True))
        redis = stack.enter_context(client(settings))
        pool = stack.enter_context(WorkerPool(settings, workers))
        show = stack.enter_context(run_progress(err))
        job = Run(redis, settings, pool, show, events_to)
        totals = job.run(lines_of(files))
        if stories_to:
            write_stories(job.stories, stories_to)
    out.print(run_summary(totals, dead_hint=_dead_hint(given)))
    if job.dead.counts:
        out.print(dead_reasons(job.dead.counts, job.dead.first))
    if totals.has_failed:
        raise typer.Exit(1)


def _dead_hint(given: Settings) -> str:
    """Where the dead letters are: nowhere any more, if Redis was this command's own."""
    if given.redis_url is None and given.data_folder is None:
        return "reasons below"
    folder = f" --data-folder {given.data_folder}" if given.redis_url is None else ""
    return f"see onestory dead list --namespace {given.namespace}{folder}"


def write_stories(stories: Iterable[Story], stream: IO[str]) -> None:
    """Stories as JSON lines: ``story_id``, ``lead``, ``articles``, ``languages``.

    Whether a story's window passed is not said: it depends on when a worker looked.
    """
    for story in stories:
        line = {
            "story_id": story.id,
            "lead": story.lead,
            "articles": story.articles,
            "languages": sorted(story.languages),
        }
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
