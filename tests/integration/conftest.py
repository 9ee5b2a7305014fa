"""A poller's desk; tests of anything else have settings of their own."""

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.support.feeds.desk import Desk
from tests.support.feeds.server import FeedServer, serving
from tests.support.wire import harness


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


@pytest.fixture
def desk(redis_client: Redis, redis_url: str, namespace: str, server: FeedServer) -> Desk:
    settings = harness.settings_for(redis_url, namespace, feeds_allow_private=True)
    return Desk(redis_client, settings, server)
