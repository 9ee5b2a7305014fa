"""``onestory serve``: API, page and metrics of one namespace."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer
import uvloop

from workers.commands.console import out, told
from workers.commands.options import DataFolder, Namespace, RedisUrl
from workers.commands.session import log_to_stderr, server, settings_from
from workers.errors import OnestoryError, WorkersFailed
from workers.process.pool import WorkerPool
from workers.settings import Settings

if TYPE_CHECKING:
    from workers.api.server import ApiServer

log = logging.getLogger("onestory.api")

PORT = 8080
_CHECK_S = 1.0
_TRY_AGAIN_S = 10.0

Host = Annotated[str, typer.Option(help="Address to serve at.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")]


@told
def serve(
    host: Host = "127.0.0.1",
    port: Port = PORT,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
    workers: Annotated[int, typer.Option(min=0, help="Worker processes to run as well.")] = 0,
) -> None:
    """Serve API, page and metrics of a namespace, until SIGTERM."""
    log_to_stderr()
    settings = settings_from(redis_url, namespace, data_folder)
    refuse_open(host, settings)
    with ExitStack() as stack:
        # First: a port that is taken shall cost no start of Redis and workers.
        sockets = stack.enter_context(open_at(host, port))
        settings = stack.enter_context(server(settings, writes=True, works=True))
        pool = stack.enter_context(WorkerPool(settings, workers)) if workers else None
        serve_api(settings, sockets, pool)


@contextlib.contextmanager
def open_at(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Sockets for `serve_api`, closed at the end.

    Raises:
        CantListen: the port is taken, or the host has no address here.
    """
    from workers.api.server import listening

    sockets = listening(host, port)
    try:
        yield sockets
    finally:
        for each in sockets:
            each.close()


def urls_of(sockets: Sequence[socket.socket]) -> Iterator[str]:
    """Where they listen, as clients write it."""
    for listener in sockets:
        address, number = listener.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        yield f"http://{shown}:{number}"


def refuse_open(host: str, settings: Settings) -> None:
    """Nothing but this machine is served without a token.

    Raises:
        OnestoryError: the host is another than a loopback address, and no token is set.
    """
    from workers.api.access import is_closed, is_loopback

    if not is_loopback(host) and not is_closed(settings):
        raise OnestoryError(
            f"anyone who reaches {host} could read and write: set ONESTORY_READ_TOKEN and "
            "ONESTORY_WRITE_TOKEN, which clients then send as Authorization: Bearer TOKEN, or "
            "serve at 127.0.0.1"
        )


def serve_api(
    settings: Settings, sockets: list[socket.socket], pool: WorkerPool | None = None
) -> None:
    """Serve until SIGTERM or SIGINT; workers of ``pool`` that end are replaced.

    Raises:
        WorkersFailed: the workers end as soon as they start, and none has ever worked.
    """
    uvloop.run(_serve(settings, sockets, pool))


async def _serve(settings: Settings, sockets: list[socket.socket], pool: WorkerPool | None) -> None:
    from workers.api.app import build_api
    from workers.api.parts import Parts
    from workers.api.server import api_server
    from workers.connection.clients import connect

    def say_where() -> None:
        for url in urls_of(sockets):
            out.print(url, markup=False, highlight=False)

    parts = Parts(settings, connect(settings))
    parts.board.owns_process = True
    api = api_server(
        build_api(parts), settings, after_startup=say_where, before_shutdown=parts.hub.close
    )
    async with _watched(pool, api):
        await api.serve(sockets)


@contextlib.asynccontextmanager
async def _watched(pool: WorkerPool | None, api: "ApiServer") -> AsyncIterator[None]:
    """Replace workers that end.

    Where none ever worked serving ends with them: most likely a setting is wrong. Later page and
    API outlive them: what keeps workers from starting now (Redis away, a port taken) may pass.
    """
    if pool is None:
        yield
        return
    failures: list[Exception] = []

    async def watch() -> None:
        pause_s = _CHECK_S
        while True:
            await asyncio.sleep(pause_s)
            pause_s = _CHECK_S
            try:
                pool.check()
            except (WorkersFailed, OSError) as error:  # the latter: no process can be had
                if not pool.has_worked:
                    failures.append(error)
                    api.should_exit = True
                    return
                pause_s = _TRY_AGAIN_S
                log.error("%s; tried again in %.0f s", error, pause_s)  # noqa: TRY400 - no bug

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
    if failures:
        raise failures[0]
