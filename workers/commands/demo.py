"""``onestory demo``: the sample feed, or a scripted day, on a private Redis."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
from redis import Redis

from workers.commands.console import err, out, told
from workers.commands.serve import PORT, Port, open_at, serve_api
from workers.commands.session import private, server, settings_from
from workers.connection.clients import client
from workers.demo.day import day_steps
from workers.demo.day_report import StoryNames, day_report, outcome_report
from workers.demo.feed import demo_gold, demo_lines
from workers.demo.play import Play
from workers.demo.report import demo_report
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.render.progress import run_progress
from workers.render.summary import run_summary
from workers.settings import Settings


@told
def demo(
    day: Annotated[
        bool,
        typer.Option(
            "--day",
            help="Step by step instead: updates, kills, embargoes, holds and editors' rules.",
        ),
    ] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Then serve page and API, until Ctrl-C.")
    ] = False,
    port: Port = PORT,
) -> None:
    """A day of made-up RU and EN wire news becomes stories, before your eyes.

    On a private Redis, whatever REDIS_URL says: a demo writes into nobody's server.
    """
    with ExitStack() as stack:
        # First: a port that is taken shall not be told after the day has been played.
        sockets = stack.enter_context(open_at("127.0.0.1", port)) if serve else []
        # Kept, so that the page can show the articles' texts.
        redis, settings, pool = stack.enter_context(_private_worker(keep_input=serve))
        is_as_expected = True
        if day:
            is_as_expected = _play_day(redis, settings, pool)
        else:
            _run_feed(redis, settings, pool)
        if serve:
            serve_api(settings, sockets, pool)
    if not is_as_expected:
        raise typer.Exit(1)


@contextmanager
def _private_worker(*, keep_input: bool) -> Iterator[tuple[Redis, Settings, WorkerPool]]:
    with ExitStack() as stack:
        settings = private(settings_from(None, None), namespace="demo", keep_input=keep_input)
        settings = stack.enter_context(server(settings))
        redis = stack.enter_context(client(settings))
        pool = stack.enter_context(WorkerPool(settings, 1))
        yield redis, settings, pool


def _run_feed(redis: Redis, settings: Settings, pool: WorkerPool) -> None:
    with run_progress(err) as show:
        job = Run(redis, settings, pool, show, keep_events=True)
        totals = job.run(iter(demo_lines()))
    out.print(demo_report(job.events, demo_gold()))
    out.print(run_summary(totals))


def _play_day(redis: Redis, settings: Settings, pool: WorkerPool) -> bool:
    """Whether every step came as expected."""
    play = Play(redis, settings, pool)
    names = StoryNames()
    outcomes = []
    for step in day_steps():
        outcomes.append(play.play(step))
        out.print(outcome_report(outcomes[-1], names))
    out.print()
    out.print(day_report(play.events, outcomes, names))
    return not any(outcome.broken for outcome in outcomes)
