"""What ``REDIS_URL`` names, and where that is at this moment.

| ``REDIS_URL``                                                       | names                  |
|---------------------------------------------------------------------|------------------------|
| ``redis://``, ``rediss://`` (TLS), ``unix://``                      | one server             |
| ``redis+sentinel://USER:PASSWORD@HOST:26379,HOST2/SERVICE/DB``      | a master, by Sentinels |
| ``redis+cluster://USER:PASSWORD@HOST:6379,HOST2``                   | a Cluster              |

``rediss+sentinel`` and ``rediss+cluster`` are the same with TLS. Behind ``?`` stand options of
redis-py (``ssl_ca_certs=…``); ``sentinel_username`` and ``sentinel_password`` are the Sentinels'.

All keys of a namespace lie in one slot, so of a Cluster a client needs one node, as it needs one
master of those that Sentinels watch.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qs, urlencode

import redis
from redis.asyncio.connection import parse_url
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

from workers.errors import BadRedisUrl

Node = tuple[str, int]
"""Host and port."""

CLASSES: dict[str, Any] = {
    "redis": redis.Connection,
    "rediss": redis.SSLConnection,
    "unix": redis.UnixDomainSocketConnection,
}
"""By scheme."""

_PORTS = {"sentinel": 26379, "cluster": 6379}
_ASKED_S = 1.0
"""How long a Sentinel, or a node that is asked for the slots, may take."""
_OWN = ("host", "port", "db", "username", "password")
"""Options of the server that a Sentinel does not share."""
_SCHEME = re.compile(r"[a-z+]{1,20}")
_HARMLESS = re.compile(r"[^:@/?]*(:\d+)?(,[^:@/?]*(:\d+)?)*(/[^?@]*)?")


@dataclass(frozen=True, slots=True)
class Server:
    """What a URL names."""

    scheme: str
    """``redis``, ``rediss`` or ``unix``."""
    options: dict[str, Any]
    """As redis-py's connections take them."""
    locate: Callable[[], Node] | None = None
    """Where it is now; blocks. Raises redis-py's ConnectionError while nobody knows."""


def server_of(url: str, prefix: str | None) -> Server:
    """What the URL names.

    Args:
        url: see above.
        prefix: of a namespace's keys; a Cluster's node depends on it.

    Raises:
        BadRedisUrl: it can't be used; the message holds no password.
    """
    try:
        return _read(url, prefix)
    except _Wrong as error:
        raise BadRedisUrl(without_password(url), str(error)) from None
    except ValueError:
        # Its words may hold the password: of redis://:a/b@host they call `a` the port.
        reason = "it can't be read; special characters in a password are written as %XX"
        raise BadRedisUrl(without_password(url), reason) from None


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    scheme, _, rest = url.partition("://")
    shown = rest.rpartition("@")[2].partition("?")[0]
    scheme = scheme if _SCHEME.fullmatch(scheme) else "…"
    return f"{scheme}://{shown if _HARMLESS.fullmatch(shown) else '…'}" if rest else "…"


class _Wrong(ValueError):
    """A URL's fault, in words that may be shown."""


def _read(url: str, prefix: str | None) -> Server:
    # Not by urlsplit: Python before 3.11.4 takes no list of hosts with an IPv6 address in it.
    kind, _, rest = url.partition("#")[0].partition("://")
    rest, _, query_text = rest.partition("?")
    netloc, _, path = rest.partition("/")
    scheme, _, found_by = kind.lower().partition("+")
    if scheme not in CLASSES or found_by not in ("", *_PORTS) or (found_by and scheme == "unix"):
        raise _Wrong("it is none of redis://, rediss://, unix://, redis+sentinel://, redis+cluster")
    if not found_by:
        return Server(scheme, _options(url))
    user, at, hosts = netloc.rpartition("@")
    nodes = tuple(_node(each, _PORTS[found_by]) for each in hosts.split(","))
    query = {name: values[0] for name, values in parse_qs(query_text).items()}
    sentinel = {name: query.pop(f"sentinel_{name}", "") for name in ("username", "password")}
    service, _, db = path.strip("/").partition("/")
    if found_by == "cluster":
        service, db = "", service
    options = _options(f"{scheme}://{user}{at}nobody/{db}?{urlencode(query)}")
    if found_by == "cluster":
        if prefix is None or db.strip("0"):
            raise _Wrong("of a Cluster, a namespace says which node it is, and there is no DB")
        asked, find = options, partial(_owner, slot=key_slot(prefix.encode()))
    else:
        if not service:
            raise _Wrong("the master's name is missing behind the Sentinels' hosts: /SERVICE")
        asked = {name: value for name, value in options.items() if name not in _OWN}
        asked |= {name: value for name, value in sentinel.items() if value}
        find = partial(_master, service=service)
    return Server(scheme, options, partial(_located, nodes, CLASSES[scheme], asked, find))


def _options(url: str) -> dict[str, Any]:
    options = dict(cast(dict[str, Any], parse_url(url)))
    options.pop("connection_class", None)
    return options


def _node(text: str, port: int) -> Node:
    found = re.fullmatch(r"(\[[^\]]+\]|[^:\[\]]+)(?::(\d+))?", text)
    if found is None:
        raise _Wrong("its hosts are no list of HOST or HOST:PORT with commas between")
    return found[1].strip("[]"), int(found[2] or port)


def _located(
    nodes: tuple[Node, ...],
    connection_class: Any,
    options: dict[str, Any],
    find: Callable[["redis.Redis"], Node | None],
) -> Node:
    """What the first that knows says; in any order, since one that is cut off knows old things."""
    for host, port in random.sample(nodes, len(nodes)):
        given = {
            **options,
            "host": host,
            "port": port,
            "retry": Retry(NoBackoff(), 0),
            "socket_timeout": _ASKED_S,
            "socket_connect_timeout": _ASKED_S,
        }
        pool = redis.ConnectionPool(connection_class=connection_class, **given)
        with redis.Redis.from_pool(pool) as asked:
            try:
                found = find(asked)
            except RedisError:
                continue
        if found is not None:
            return (found[0] or host, found[1])
    hosts = ", ".join(f"{host}:{port}" for host, port in nodes)
    raise RedisConnectionError(f"none of {hosts} says where the master is")


def _master(asked: "redis.Redis", service: str) -> Node | None:
    answer = cast(Any, asked.execute_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", service))  # type: ignore[no-untyped-call]
    return None if answer is None else (_text(answer[0]), int(answer[1]))


def _owner(asked: "redis.Redis", slot: int) -> Node | None:
    for first, last, master, *_ in cast(Any, asked.execute_command("CLUSTER", "SLOTS")):  # type: ignore[no-untyped-call]
        if first <= slot <= last:
            return _text(master[0]), int(master[1])
    return None


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value or "")
