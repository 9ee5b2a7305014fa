"""``onestory poll``: feeds in, for as long as it runs."""

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from workers.commands.console import out, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import connected, log_to_stderr
from workers.feeds.feed_list import feeds_in
from workers.feeds.poll import Polled, Poller
from workers.wording import counted, plain

_LINE_CHARS = 1_000


@told
def poll(
    file: Annotated[Path, typer.Argument(help="TOML with a [\\[feed]] for each feed.")],
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
    once: Annotated[bool, typer.Option("--once", help="Ask each feed once, then end.")] = False,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Also hosts at private and loopback addresses."),
    ] = False,
) -> None:
    """Ask feeds at their intervals; publish what is new or changed, until SIGTERM."""
    log_to_stderr()
    feeds = feeds_in(file)
    with connected(redis_url, namespace, data_folder, writes=True) as (redis, settings):
        private = allow_private or settings.feeds_allow_private
        poller = Poller(redis, settings.model_copy(update={"feeds_allow_private": private}))
        if once:
            polls = list(poller.poll_all(feeds))
            for polled in polls:
                _tell(polled)
            if any(polled.failure for polled in polls):
                raise typer.Exit(1)
            return
        stop = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        poller.run(feeds, _tell_news, stop)


def _tell_news(polled: Polled) -> None:
    """Polls that found the feed as it was would be most lines of a long run."""
    if polled.new or polled.changed or polled.bad or polled.failure:
        _tell(polled)


def _tell(polled: Polled) -> None:
    if polled.failure:
        line = f"{polled.url}: {polled.failure}"
    else:
        line = (
            f"{polled.url}: {polled.new} new, {polled.changed} changed, "
            f"{polled.unchanged} unchanged, {polled.bad} bad, {counted(polled.notes, 'note')}"
        )
    # Words of the server that was asked: one line, whatever they are.
    out.print(plain(line, _LINE_CHARS), markup=False, highlight=False, soft_wrap=True)
