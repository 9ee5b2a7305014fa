"""Fixtures of all tests; what they are made of is in ``tests/support/redis/servers.py``."""

import os
from collections.abc import Iterator

import pytest
import redis
from hypothesis import HealthCheck, settings

from tests.support.redis import servers

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
