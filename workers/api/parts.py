"""What the endpoints of one process share, put together at its start."""

from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from workers.board.board import Board
from workers.settings import Settings


@dataclass(slots=True)
class Parts:
    """Open connections and read models of one namespace; they end with the process."""

    settings: Settings
    redis: Redis
    board: Board


def parts_of(connection: HTTPConnection) -> Parts:
    """The parts of the app that serves a request; a dependency of every endpoint."""
    return cast(Parts, connection.app.state.parts)
