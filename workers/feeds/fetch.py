"""A document by HTTP: conditional, bounded in size and time, redirects judged one by one."""

import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http.client import HTTPException
from urllib.parse import urljoin

from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from workers.feeds.addresses import Resolve, resolved
from workers.feeds.exchange import (
    PORTS,
    TOO_SLOW,
    FetchFailed,
    Request,
    exchange,
    without_auth,
    without_secrets,
)

MOST_REDIRECTS = 5
"""To https, to another host, to another path, and two to spare; browsers stop at 20."""
WHOLE_S = 60.0
"""Of one document with its redirects: a server that sends a byte a second would else hold a
poller for ever."""
_PIECE = 65_536
_HASH_DIGITS = 12
"""Of an address: none of a list will share them, and no key can be read back from them."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DIGITS = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Response:
    """A document, or that the one held is the newest."""

    status: int
    """200 or 304."""
    body: bytes
    content_type: str
    etag: str
    last_modified: str


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
        with exchange(url, request, first.auth if mine else None, deadline, resolve) as response:
            if response.status not in _REDIRECTS:
                return _answer(response, request, deadline)
            target = response.headers.get("Location", "")
        if not target:
            raise FetchFailed(f"answer {response.status} without Location")
        url = _parsed(_joined(url, target))
    raise FetchFailed(f"more than {MOST_REDIRECTS} redirects, the last to {without_secrets(url)}")


def origin_of(url: str) -> str:
    """A feed's address as it may be shown and stored, and its identity: without its secrets. Two
    that differ only in these are told apart by the beginning of a hash.
    """
    try:
        parsed = parse_url(url)
    except LocationParseError:
        return _certainly_harmless(url)
    shown = without_secrets(parsed)
    if not parsed.query:
        return shown
    return f"{shown}#{sha256(without_auth(parsed).encode()).hexdigest()[:_HASH_DIGITS]}"


def former_origin_of(url: str) -> str:
    """The identity that a feed had when addresses were stored with their query."""
    try:
        return without_auth(parse_url(url))
    except LocationParseError:
        return _certainly_harmless(url)


def _joined(url: Url, target: str) -> str:
    try:
        return urljoin(without_auth(url), target)
    except ValueError:
        return target  # no address at all, which is told next


def _parsed(url: str) -> Url:
    try:
        parsed = parse_url(url)
    except LocationParseError:
        # Its words hold the whole address.
        raise FetchFailed(f"no address: {_certainly_harmless(url)}") from None
    if parsed.scheme not in PORTS or not parsed.host:
        shown = _certainly_harmless(without_auth(parsed))
        raise FetchFailed(f"{shown}: expected http:// or https:// and a host")
    return parsed._replace(port=parsed.port or PORTS[parsed.scheme])


def _certainly_harmless(url: str) -> str:
    """Of an address that can't be told apart what certainly holds no secret."""
    return url.rpartition("@")[2].partition("?")[0]


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
        raise FetchFailed(TOO_SLOW)
    return b"".join(pieces)


def _retry_after(value: str) -> float:
    """Seconds, given as such or as a date; 0 for anything else."""
    if _DIGITS.fullmatch(value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
