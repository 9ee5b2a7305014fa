"""Fixtures of all tests; what they are made of is in ``tests/servers.py``."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from hypothesis import HealthCheck, settings

from tests import servers

# The same examples in every run, so that a failure is a change's own; and no limit of
# time, which a busy machine or the first build of Hypothesis' letter tables would break.
settings.register_profile(
    "onestory", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("onestory")


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_this_machine() -> Iterator[None]:
    """A developer's own settings must not steer the tests, nor tests reach their Redis."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name == "REDIS_URL" or name.startswith("ONESTORY_"):
                patch.delenv(name)
        yield


_COLLECTED_EVERY_BYTES = 500_000_000


@pytest.fixture(scope="session")
def collect_if_grown() -> Callable[[], None]:
    """Garbage collection whenever this process has grown by 500 MB since the last one."""
    after_last = 0

    def collect() -> None:
        nonlocal after_last
        if _resident() > after_last + _COLLECTED_EVERY_BYTES:
            gc.collect()
            after_last = _resident()

    return collect


@pytest.fixture(autouse=True)
def _no_dead_workers_in_memory(collect_if_grown: Callable[[], None]) -> Iterator[None]:
    """A worker that a test built is 40 MB in cycles of a few objects. The collector counts
    objects: left to itself it comes when a session holds 20 GB of them.
    """
    yield
    collect_if_grown()


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """``pytest.mark.anyio`` tests run on asyncio, as the workers do."""
    return "asyncio"


@pytest.fixture(scope="session")
def redis_url(_no_settings_of_this_machine: None) -> Iterator[str]:
    """A real redis-server for the whole session."""
    with servers.private_redis() as url:
        yield url


@pytest.fixture
def namespace(redis_url: str) -> Iterator[str]:
    """A namespace of this test alone, on the session's server; forgotten afterwards."""
    name = servers.fresh_namespace()
    yield name
    servers.forget_namespace(redis_url, name)


@pytest.fixture
def redis_client(redis_url: str) -> Iterator["redis.Redis"]:
    """A synchronous client of the session's server; answers are bytes."""
    with servers.connected(redis_url) as client:
        yield client
