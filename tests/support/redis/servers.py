"""Redis for tests: one real server a session, and a namespace of its own for each test.

A plain module, so that tests can import it; the fixtures are in ``conftest.py``.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import redis

from workers.connection.private_server import EmbeddedRedis

_NUMBERS = itertools.count(1)


@contextmanager
def private_redis() -> Iterator[str]:
    """The URL of a private server that keeps nothing; ends with the block."""
    with EmbeddedRedis() as server:
        yield server.url


@contextmanager
def connected(url: str) -> Iterator["redis.Redis"]:
    """A synchronous client whose answers are bytes, closed at the end."""
    client = redis.Redis.from_url(url)
    try:
        yield client
    finally:
        client.close()


def fresh_namespace() -> str:
    """A namespace no other test of this session has."""
    return f"test{next(_NUMBERS)}"


def forget_namespace(url: str, namespace: str) -> None:
    """Delete every key of the namespace, so that a session's memory stays small."""
    with connected(url) as client:
        for key in client.scan_iter(f"{{{namespace}}}:*", count=1000):
            client.unlink(key)


def wait_until(condition: Callable[[], object], what: str, *, timeout_s: float = 20.0) -> None:
    """Returns once ``condition()`` is true.

    Raises:
        AssertionError: it is still false after ``timeout_s``; names ``what``.
    """
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s:g} s: {what}"
        time.sleep(0.01)
