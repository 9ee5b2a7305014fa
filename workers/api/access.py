"""Who may read and who may write: bearer tokens, or, without any, this machine alone.

``reader`` and ``writer`` are dependencies of every endpoint but health and page. A token is
compared in constant time, and neither logged nor echoed. Without tokens a page of another site,
open in a browser on this machine, is the danger: it can reach 127.0.0.1 (so what a browser
says about its origin must be this very server) and under a name of its own (DNS rebinding, so
the name by which the server is called must be this machine's).
"""

from enum import IntEnum
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr
from starlette.requests import HTTPConnection

from workers.api.parts import parts_of
from workers.api.places import let_through
from workers.api.problems import Problem
from workers.settings import Settings

_BEARER = HTTPBearer(
    auto_error=False,
    description="ONESTORY_READ_TOKEN, or ONESTORY_WRITE_TOKEN, which may read too; none if "
    "neither is set, which serves this machine alone.",
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


def writer(connection: HTTPConnection, said: Said) -> None:
    """A dependency of what changes something.

    Raises:
        Problem: the request may not.
    """
    _admit(connection, said, Scope.WRITE)


def is_closed(settings: Settings) -> bool:
    """Whether a token is asked for."""
    return settings.read_token is not None or settings.write_token is not None


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def granted(settings: Settings, token: str) -> Scope:
    """What a token allows. Both are compared, whatever the first says."""
    may_write = _equal(settings.write_token, token)
    may_read = _equal(settings.read_token, token)
    if may_write:
        return Scope.WRITE
    return Scope.READ if may_read else Scope.NONE


def _equal(token: SecretStr | None, said: str) -> bool:
    wanted = b"" if token is None else token.get_secret_value().encode()
    # Headers are read as Latin-1: so the bytes that were sent come back.
    right = compare_digest(said.strip().encode("latin-1", "replace"), wanted)
    return token is not None and right


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
