"""Clients of Redis are made in one place, which knows Sentinels, Clusters and failovers."""

import ast
from pathlib import Path

import pytest

import workers
from workers.connection import clients as connections
from workers.connection import url as redis_url

ROOT = Path(workers.__file__).parent
MAKERS = {
    Path(connections.__file__),
    Path(redis_url.__file__),  # asks Sentinels and nodes where the server is
}
_MADE_BY = {"from_url", "from_pool", "Redis", "StrictRedis", "RedisCluster", "ConnectionPool"}


def made_in(source: str) -> list[str]:
    """What makes a client in a module, with its line."""
    called = (
        (node.lineno, node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    )
    return [f"{line}: {name}" for line, name in called if name.removeprefix("Sync") in _MADE_BY]


def test_no_module_makes_a_client_of_its_own() -> None:
    made = {
        str(path.relative_to(ROOT)): found
        for path in sorted(ROOT.rglob("*.py"))
        if path not in MAKERS and (found := made_in(path.read_text("utf-8")))
    }

    assert made == {}


@pytest.mark.parametrize(
    "line",
    [
        "SyncRedis.from_url(str(settings.redis_url))",
        "Redis(host='localhost')",
        "redis.asyncio.Redis(connection_pool=pool)",
        "Redis.from_pool(aio.ConnectionPool(**given))",
    ],
)
def test_a_client_that_is_made_elsewhere_would_be_found(line: str) -> None:
    assert made_in(line)


def test_the_places_that_may_are_those_that_do() -> None:
    assert all(made_in(path.read_text("utf-8")) for path in MAKERS)
