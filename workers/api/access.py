"""Who may read and who may write: bearer tokens, or, without any, this machine alone.

``reader`` and ``writer`` are dependencies of every endpoint but health and page. A token is
compared in constant time, and neither logged nor echoed. Without tokens a page of another site,
open in a browser on this machine, is the danger: it can reach 127.0.0.1 (so what a browser
says about its origin must be this very server) and under a name of its own (DNS rebinding, so
the name by which the server is called must be this machine's).
"""

from enum import IntEnum
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from workers.api.parts import parts_of
from workers.api.places import let_through
from workers.api.problems import Problem
from workers.api.tokens import is_token, token_sender
from workers.settings import Settings

_BEARER = HTTPBearer(
    auto_error=False,
    description="ONESTORY_READ_TOKEN, or ONESTORY_WRITE_TOKEN or one of ONESTORY_WRITE_TOKENS, "
    "which may read too; none if none is set, which serves this machine alone.",
)
Said = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


class Scope(IntEnum):
    """What a request may do; each includes the ones before."""

    NONE = 0
    READ = 1
    WRITE = 2


def reader(connection: HTTPConnection, said: Said) -> None:
    """A dependency of what only reads.

    Raises:
        Problem: the request may not.
    """
    _admit(connection, said, Scope.READ)


def writer(connection: HTTPConnection, said: Said) -> str:
    """A dependency of what changes something: who sends, by the name of its token; empty for one
    without a name.

    Raises:
        Problem: the request may not, or what it gives might be lost.
    """
    _admit(connection, said, Scope.WRITE)
    if (why := parts_of(connection).guard.refused) is not None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, why, headers={"Retry-After": "60"})
    return "" if said is None else token_sender(parts_of(connection).settings, said.credentials)


Sender = Annotated[str, Depends(writer)]
"""Of an endpoint that changes something: who sends, as `writer` answers."""


def is_closed(settings: Settings) -> bool:
    """Whether a token is asked for."""
    single = settings.read_token is not None or settings.write_token is not None
    return single or bool(settings.write_tokens)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def granted(settings: Settings, token: str) -> Scope:
    """What a token allows."""
    may_write = is_token(settings.write_token, token) or token_sender(settings, token) != ""
    may_read = is_token(settings.read_token, token)
    if may_write:
        return Scope.WRITE
    return Scope.READ if may_read else Scope.NONE


def _admit(
    connection: HTTPConnection, said: HTTPAuthorizationCredentials | None, needed: Scope
) -> None:
    settings = parts_of(connection).settings
    if not is_closed(settings):
        _from_this_machine(connection)
        let_through(connection.scope)
        return
    scope = Scope.NONE if said is None else granted(settings, said.credentials)
    if scope is Scope.NONE:
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "expected Authorization: Bearer with a token of this service",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if scope < needed:
        raise Problem(
            HTTPStatus.FORBIDDEN, "this token may read only; writing needs the write token"
        )
    let_through(connection.scope)


def _from_this_machine(connection: HTTPConnection) -> None:
    host = connection.headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        name = ""
    if not is_loopback(name):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"asked for host {host[:100]!r}; without a token only this machine's own name is "
            "answered: 127.0.0.1, [::1] or localhost",
        )
    origin = connection.headers.get("origin")
    if origin is not None and origin.lower() != f"{connection.url.scheme}://{host}".lower():
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"a page of {origin[:100]!r} asks in a browser; without a token only the page of "
            "this server may",
        )
