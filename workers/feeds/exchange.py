"""One request and its answer, on a connection to an address that was judged.

urllib3 connects to that address and is told the host's name for TLS and ``Host``. Its
connections follow no redirect, retry nothing and read no proxy settings: all three could lead
past that judgement.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Timer

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, make_headers

from workers.feeds.addresses import RefusedAddress, Resolve, allowed

CONNECT_S, READ_S = 5.0, 15.0
"""Of one connection, and of one wait for bytes."""
TOO_SLOW = "document not complete in time"
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, application/json;q=0.9, "
    "*/*;q=0.1"
)
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Request:
    """What to fetch, and what is held of it."""

    url: str = field(repr=False)
    """With ``user:password@`` for basic authentication, which only this very host is sent."""
    etag: str = ""
    last_modified: str = ""
    most_bytes: int = 10_000_000
    """Of the body, unpacked."""
    allow_private: bool = False


class FetchFailed(Exception):
    """No document came."""

    def __init__(self, detail: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
        """Seconds that the server asked to wait (RFC 9110, 10.2.3); 0 if it did not."""


def without_auth(url: Url) -> str:
    """The address without its name and password, and without the fragment, which no server sees:
    of a password with an unquoted ``#`` it holds the rest.
    """
    return str(url._replace(auth=None, fragment=None))


def without_secrets(url: Url) -> str:
    """The address as it may be shown and stored: also without what its query says, since keys and
    tokens stand there.

    >>> from urllib3.util import parse_url
    >>> without_secrets(parse_url("https://wire:secret@a.example/rss?apikey=7f3a&lang=ru"))
    'https://a.example/rss?apikey=*&lang=*'
    """
    if not url.query:
        return without_auth(url)
    said = [each.partition("=") for each in url.query.split("&")]
    query = "&".join(f"{name}=*" if equals else "*" for name, equals, _ in said)
    return without_auth(url._replace(query=query))


@contextmanager
def exchange(
    url: Url, request: Request, auth: str | None, deadline: float, resolve: Resolve
) -> Iterator[BaseHTTPResponse]:
    """The beginning of an answer; the connection lasts as long as the block, and no longer than
    to the deadline: whoever sends a byte now and then never meets the limit of one wait.
    """
    connection = _connected(url, request, deadline, resolve)
    watchdog = Timer(max(0.0, deadline - time.monotonic()), _hang_up, [connection.sock])
    watchdog.start()
    try:
        connection.request(
            "GET",
            url.request_uri,
            headers=_headers(url, request, auth),
            preload_content=False,
            decode_content=True,
            enforce_content_length=True,
        )
        response = connection.getresponse()
    except (HTTPError, HTTPException, OSError) as error:
        watchdog.cancel()
        connection.close()
        raise _no_answer(url, error, deadline) from error
    try:
        yield response
    finally:
        watchdog.cancel()
        response.close()
        connection.close()


def _headers(url: Url, request: Request, auth: str | None) -> dict[str, str]:
    own_port = "" if url.port == PORTS[url.scheme or ""] else f":{url.port}"
    headers = {"Accept": _ACCEPT, "Host": f"{url.host}{own_port}", "User-Agent": "onestory"}
    headers |= make_headers(accept_encoding="gzip,deflate", basic_auth=auth)
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    return headers


def _connected(url: Url, request: Request, deadline: float, resolve: Resolve) -> HTTPConnection:
    """A connection to the first judged address that takes one; over TLS its certificate must be
    the host's.
    """
    host, port = (url.host or "").strip("[]"), url.port or 0
    try:
        addresses = allowed(host, port, allow_private=request.allow_private, resolve=resolve)
    except RefusedAddress as error:
        raise FetchFailed(str(error)) from error
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"host {host!r} is not found: {error}") from error
    fault: Exception = FetchFailed("no address")
    for address in addresses:
        connection = (
            HTTPSConnection(
                address,
                port,
                timeout=CONNECT_S,
                cert_reqs="CERT_REQUIRED",
                server_hostname=host,
            )
            if url.scheme == "https"
            else HTTPConnection(address, port, timeout=CONNECT_S)
        )
        try:
            connection.connect()
        except (HTTPError, OSError) as error:
            connection.close()
            fault = error
            continue
        connection.timeout = READ_S  # which the request sets on its socket
        return connection
    raise _no_answer(url, fault, deadline)


def _hang_up(line: socket.socket) -> None:
    """The socket itself: a connection forgets it once an answer without a length has begun."""
    with suppress(OSError):  # it has ended meanwhile
        line.shutdown(socket.SHUT_RDWR)


def _no_answer(url: Url, error: Exception, deadline: float) -> FetchFailed:
    if time.monotonic() >= deadline:
        return FetchFailed(TOO_SLOW)
    return FetchFailed(f"{url.host} does not answer: {error}")
