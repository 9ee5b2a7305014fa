"""``onestory run``: files of articles through stream and workers, until every line is placed."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from contracts.consumer import Story
from workers.commands.files import Files, readable
from workers.commands.session import (
    DataFolder,
    Namespace,
    RedisUrl,
    err,
    out,
    server,
    settings_from,
    told,
)
from workers.connection.clients import client
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.render.progress import run_progress
from workers.render.summary import run_summary
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
    """Put articles through the stream and worker processes; wait until all are placed."""
    readable(files)
    with ExitStack() as stack:
        settings = stack.enter_context(server(settings_from(redis_url, namespace, data_folder)))
        redis = stack.enter_context(client(settings))
        events_to = stack.enter_context(events.open("wb")) if events else None
        pool = stack.enter_context(WorkerPool(settings, workers))
        show = stack.enter_context(run_progress(err))
        job = Run(redis, settings, pool, show, events_to)
        totals = job.run(lines_of(files))
    if stories:
        write_stories(job.stories, stories)
    out.print(run_summary(totals))
    if totals.unaccounted:
        raise typer.Exit(1)


def write_stories(stories: Iterable[Story], file: Path) -> None:
    """Stories as JSON lines: ``story_id``, ``lead``, ``articles``, ``languages``.

    Whether a story's window passed is not said: it depends on when a worker looked.
    """
    with file.open("w", encoding="utf-8") as stream:
        for story in stories:
            line = {
                "story_id": story.id,
                "lead": story.lead,
                "articles": story.articles,
                "languages": sorted(story.languages),
            }
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
