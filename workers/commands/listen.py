"""``onestory listen``: documents by HTTP POST, for as long as it runs."""

from typing import Annotated

import typer

from workers.commands.session import DataFolder, Namespace, RedisUrl, connected, out, told
from workers.errors import OnestoryError
from workers.settings import Settings

_MOST_CONNECTIONS = 64
"""Each can hold a document in memory; more are answered 503."""


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
