"""``onestory poll`` and ``onestory listen``: feeds in, for as long as they run."""

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from workers.commands.session import DataFolder, Namespace, RedisUrl, connected, out, told
from workers.errors import OnestoryError
from workers.feeds.feed_list import feeds_in
from workers.feeds.poll import Polled, Poller
from workers.settings import Settings

_MOST_CONNECTIONS = 64
"""Each can hold a document in memory; more are answered 503."""


@told
def poll(
    file: Annotated[Path, typer.Argument(help="TOML with a [[feed]] for each feed.")],
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
    once: Annotated[bool, typer.Option("--once", help="Ask each feed once, then end.")] = False,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Also hosts at private and loopback addresses."),
    ] = False,
) -> None:
    """Ask feeds at their intervals; publish what is new or changed, until SIGTERM."""
    feeds = feeds_in(file)
    with connected(redis_url, namespace, data_folder) as (redis, settings):
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


@told
def listen(
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535)] = 8010,
) -> None:
    """Accept documents by HTTP POST, until SIGTERM."""
    import uvicorn

    from workers.api.listen import PATH, build_app

    with connected(redis_url, namespace, data_folder) as (redis, settings):
        refuse_open(host, settings)
        out.print(f"POST http://{host}:{port}{PATH}", markup=False, highlight=False)
        uvicorn.run(
            build_app(redis, settings),
            host=host,
            port=port,
            limit_concurrency=_MOST_CONNECTIONS,
            log_level="warning",
            server_header=False,
        )


def refuse_open(host: str, settings: Settings) -> None:
    """Nothing but this machine is listened to without a token.

    Raises:
        OnestoryError: the host is another than a loopback address, and no token is set.
    """
    from workers.api.access import is_loopback

    if not is_loopback(host) and settings.ingest_token is None:
        raise OnestoryError(
            f"anyone who reaches {host} could publish articles: set ONESTORY_INGEST_TOKEN, "
            "which clients then send as Authorization: Bearer TOKEN, or listen at 127.0.0.1"
        )


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
            f"{polled.unchanged} unchanged, {polled.bad} bad"
        )
    out.print(line, markup=False, highlight=False, soft_wrap=True)
