"""``onestory listen``: documents by HTTP POST, for as long as it runs."""

from typing import Annotated

import typer
import uvloop

from workers.commands.console import out, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.serve import Port, open_at, urls_of
from workers.commands.session import connected, log_to_stderr, settings_from
from workers.errors import OnestoryError
from workers.settings import Settings


@told
def listen(
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Port = 8010,
) -> None:
    """Accept documents by HTTP POST, until SIGTERM."""
    from workers.api.listen import PATH, build_app
    from workers.api.server import api_server

    log_to_stderr()
    refuse_open(host, settings_from(redis_url, namespace, data_folder))
    # First: a port that is taken shall cost no start of Redis.
    with (
        open_at(host, port) as sockets,
        connected(redis_url, namespace, data_folder, writes=True) as (redis, settings),
    ):
        for url in urls_of(sockets):
            out.print(f"POST {url}{PATH}", markup=False, highlight=False)
        uvloop.run(api_server(build_app(redis, settings), settings).serve(sockets))


def refuse_open(host: str, settings: Settings) -> None:
    """Nothing but this machine is listened to without a token.

    Raises:
        OnestoryError: the host is another than a loopback address, and no token is set.
    """
    from workers.api.access import is_loopback

    if not (is_loopback(host) or settings.ingest_token or settings.write_tokens):
        raise OnestoryError(
            f"anyone who reaches {host} could publish articles: set ONESTORY_INGEST_TOKEN, "
            "which clients then send as Authorization: Bearer TOKEN, or listen at 127.0.0.1"
        )
