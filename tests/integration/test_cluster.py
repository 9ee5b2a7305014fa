"""Namespaces on nodes of a Cluster: each worker talks to the node that owns its slot."""

from contextlib import ExitStack
from pathlib import Path

from redis import Redis

from tests.support.builders.corpora import samples, stories_of
from tests.support.redis.servers import wait_until
from tests.support.redis.topologies import redis_cluster
from tests.support.wire import harness
from tests.support.wire.consistency import check
from tests.support.wire.desk import desk
from tests.support.wire.steady import steadily
from workers.connection.clients import client
from workers.process.pool import WorkerPool
from workers.settings import Settings

ARTICLES = samples(100, reprints=1, seed=62)
LINES = [article.line for article in ARTICLES]


def test_a_node_dies_and_the_other_namespace_does_not_notice(tmp_path: Path) -> None:
    with redis_cluster(tmp_path) as cluster, ExitStack() as stack:
        hit, spared = (
            harness.settings_for(cluster.url, cluster.namespace(place), batch_size=20)
            for place in (0, 1)
        )
        redis, other = (stack.enter_context(client(each)) for each in (hit, spared))
        pools = [stack.enter_context(WorkerPool(each, 1)) for each in (hit, spared)]
        before = [pool.pids for pool in pools]
        with steadily(hit, LINES) as sender, steadily(spared, LINES) as other_sender:
            wait_until(lambda: harness.handled(redis, hit) > 30, "work has begun", timeout_s=60)
            wait_until(
                lambda: harness.handled(other, spared) > 30,
                "work has begun there too",
                timeout_s=60,
            )
            cluster.nodes[0].kill()
            harness.await_handled(other, spared, harness.handled(other, spared) + 20)
            sender.join()
            other_sender.join()
        harness.send(redis, hit, LINES)
        for each, settings in ((redis, hit), (other, spared)):
            wait_until(
                lambda each=each, settings=settings: not each.xlen(settings.streams.articles),  # type: ignore[misc]
                "all is handled",
                timeout_s=90,
            )

        for pool in pools:
            pool.check()
        assert [pool.pids for pool in pools] == before
        assert _stories(redis, hit) == _stories(other, spared) == stories_of(ARTICLES)
        assert cluster.nodes[3].info("replication")["role"] == "master"


def test_a_node_that_is_started_again_goes_on(tmp_path: Path) -> None:
    with redis_cluster(tmp_path) as cluster, ExitStack() as stack:
        settings = harness.settings_for(cluster.url, cluster.namespace(2), batch_size=20)
        redis = stack.enter_context(client(settings))
        pool = stack.enter_context(WorkerPool(settings, 1))
        with steadily(settings, LINES[:100]) as sender:
            wait_until(
                lambda: harness.handled(redis, settings) > 30, "work has begun", timeout_s=60
            )
            cluster.nodes[2].kill()
            cluster.nodes[2].start()
            sender.join()
        harness.send(redis, settings, LINES)
        wait_until(
            lambda: not redis.xlen(settings.streams.articles), "all is handled", timeout_s=90
        )

        pool.check()
        assert _stories(redis, settings) == stories_of(ARTICLES)


def _stories(redis: Redis, settings: Settings) -> set[frozenset[str]]:
    with desk(redis, settings) as wire:
        check(wire)
        return wire.stories
