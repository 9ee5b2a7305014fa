"""A document by HTTP: conditional, bounded in size and time, redirects followed one by one.

urllib3 connects to the address that was judged (``addresses``) and is told the host's name for
TLS and ``Host``. Its connections follow no redirect, retry nothing and read no proxy settings:
all three could lead past that judgement.
"""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from threading import Timer
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, make_headers, parse_url

from workers.feeds.addresses import RefusedAddress, Resolve, allowed, resolved

MOST_REDIRECTS = 5
"""A feed that moved took one or two hops in all that were seen; browsers stop at 20."""
CONNECT_S, READ_S, WHOLE_S = 5.0, 15.0, 60.0
"""Of one connection, of one wait for bytes, and of one document whole: a server that sends a
byte a second would else hold a poller for ever."""
_TOO_SLOW = "document not complete in time"
_PIECE = 65_536
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, application/json;q=0.9, "
    "*/*;q=0.1"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DIGITS = re.compile(r"[0-9]{1,18}")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Request:
    """What to fetch, and what is held of it."""

    url: str
    """With ``user:password@`` for basic authentication, which only this very host is sent."""
    etag: str = ""
    last_modified: str = ""
    most_bytes: int = 10_000_000
    """Of the body, unpacked."""
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """A document, or that the one held is the newest."""

    status: int
    """200 or 304."""
    body: bytes
    content_type: str
    etag: str
    last_modified: str


class FetchFailed(Exception):
    """No document came."""

    def __init__(self, detail: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
        """Seconds that the server asked to wait (RFC 9110, 10.2.3); 0 if it did not."""


def fetch(request: Request, resolve: Resolve = resolved) -> Response:
    """GET, with the conditions of RFC 9110, 13.1.

    Raises:
        FetchFailed: a refused address, too many redirects, a body over the limit, an answer
            other than 200 and 304, or none.
    """
    deadline = time.monotonic() + WHOLE_S
    first = url = _parsed(request.url)
    for _ in range(MOST_REDIRECTS + 1):
        mine = (url.scheme, url.host, url.port) == (first.scheme, first.host, first.port)
        with _asked(url, request, first.auth if mine else None, deadline, resolve) as response:
            if response.status not in _REDIRECTS:
                return _answer(response, request, deadline)
            target = response.headers.get("Location", "")
        if not target:
            raise FetchFailed(f"answer {response.status} without Location")
        url = _parsed(urljoin(without_auth(url), target))
    raise FetchFailed(f"more than {MOST_REDIRECTS} redirects, the last to {without_auth(url)}")


def without_auth(url: Url) -> str:
    """The address without its name and password."""
    return str(url._replace(auth=None))


def origin_of(url: str) -> str:
    """A feed's address as it may be shown and stored: without name and password."""
    try:
        return without_auth(parse_url(url))
    except LocationParseError:
        return url


def _parsed(url: str) -> Url:
    try:
        parsed = parse_url(url)
    except LocationParseError as error:
        raise FetchFailed(f"no address: {error}") from error
    if parsed.scheme not in _PORTS or not parsed.host:
        raise FetchFailed(f"{without_auth(parsed)}: expected http:// or https:// and a host")
    return parsed._replace(port=parsed.port or _PORTS[parsed.scheme])


@contextmanager
def _asked(
    url: Url, request: Request, auth: str | None, deadline: float, resolve: Resolve
) -> Iterator[BaseHTTPResponse]:
    """The beginning of an answer; the connection lasts as long as the block, and no longer than
    to the deadline: whoever sends a byte now and then never meets the limit of one wait.
    """
    connection = _connected(url, request, deadline, resolve)
    watchdog = Timer(max(0.0, deadline - time.monotonic()), _hang_up, [connection])
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
    own_port = "" if url.port == _PORTS[url.scheme or ""] else f":{url.port}"
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
        connection.sock.settimeout(READ_S)
        return connection
    raise _no_answer(url, fault, deadline)


def _hang_up(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):  # it has ended meanwhile
        connection.sock.shutdown(socket.SHUT_RDWR)


def _no_answer(url: Url, error: Exception, deadline: float) -> FetchFailed:
    if time.monotonic() >= deadline:
        return FetchFailed(_TOO_SLOW)
    return FetchFailed(f"{url.host} does not answer: {error}")


def _answer(response: BaseHTTPResponse, request: Request, deadline: float) -> Response:
    headers = response.headers
    if response.status not in {200, 304}:
        asked = _retry_after(headers.get("Retry-After", ""))
        raise FetchFailed(f"answer {response.status}, expected 200 or 304", retry_after_s=asked)
    return Response(
        response.status,
        b"" if response.status == 304 else _body(response, request.most_bytes, deadline),
        headers.get("Content-Type", ""),
        headers.get("ETag", ""),
        headers.get("Last-Modified", ""),
    )


def _body(response: BaseHTTPResponse, most_bytes: int, deadline: float) -> bytes:
    declared = response.headers.get("Content-Length", "")
    if _DIGITS.fullmatch(declared) and int(declared) > most_bytes:
        raise FetchFailed(f"document of {declared} bytes, expected at most {most_bytes}")
    pieces, size = [], 0
    try:
        while piece := response.read1(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > most_bytes:
                raise FetchFailed(f"document over {most_bytes} bytes")
            if time.monotonic() >= deadline:
                break
    except (HTTPError, HTTPException, OSError) as error:
        if time.monotonic() < deadline:
            raise FetchFailed(f"document broke off after {size} bytes: {error}") from error
    if time.monotonic() >= deadline:  # hung up on, it may look complete
        raise FetchFailed(_TOO_SLOW)
    return b"".join(pieces)


def _retry_after(value: str) -> float:
    """Seconds, given as such or as a date; 0 for anything else."""
    if _DIGITS.fullmatch(value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0
