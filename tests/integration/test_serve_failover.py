"""``onestory serve`` on Sentinels and on a Cluster, and what its clients see of a failover."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx
import pytest
from redis import Redis

from contracts.events import STORY_EVENT, AnyEvent, Placement
from tests.support.api.client import Sent, sent_events
from tests.support.api.followers import following
from tests.support.api.serve_process import Process, running
from tests.support.builders.corpora import Sample, samples, stories_of
from tests.support.redis.servers import wait_until
from tests.support.redis.topologies import Node, redis_cluster, watched_redis
from tests.support.wire import harness
from workers.connection.clients import client
from workers.settings import Settings

ARTICLES = samples(30, reprints=1, seed=64)
BEFORE, LATER = ARTICLES[:20], ARTICLES[20:]
"""Sent before the master is lost, and from then on."""
WHOLE = stories_of(ARTICLES)
_FIRST, _SECOND, *_ = sorted(map(sorted, WHOLE & stories_of(BEFORE)))
MERGED = (_FIRST[0], _SECOND[0])
"""Of two stories, complete before the master is lost, that an editor makes one."""
PARTED = min(sorted(story) for story in WHOLE if story.isdisjoint(MERGED))
"""A story that an editor takes apart afterwards."""
EXPECTED = {story for story in WHOLE if story.isdisjoint({*MERGED, *PARTED})} | {
    frozenset({*_FIRST, *_SECOND}),
    *(frozenset({article_id}) for article_id in PARTED),
}
SAID = {"by": "anna", "reason": "a test"}
QUICK = {
    "reclaim_idle_ms": 1_000,
    "reclaim_interval_ms": 100,
    "poll_ms": 50,
    "api_heartbeat_s": 0.2,
    "api_rule_wait_s": 30,
}


@dataclass(frozen=True, slots=True)
class Failing:
    """Servers of which the master of a namespace can be lost."""

    url: str
    namespace: str
    master: Node
    replicas: int
    has_failed_over: Callable[[], bool]


@contextmanager
def by_sentinels(folder: Path) -> Iterator[Failing]:
    with watched_redis(folder) as watched:
        master = watched.master
        yield Failing(watched.url, "wire", master, 2, lambda: watched.master is not master)


@contextmanager
def in_a_cluster(folder: Path) -> Iterator[Failing]:
    with redis_cluster(folder) as cluster:
        master, replica = cluster.nodes[0], cluster.nodes[3]
        yield Failing(
            cluster.url,
            cluster.namespace(0),
            master,
            1,
            lambda: replica.info("replication")["role"] == "master",
        )


def post(served: Process, articles: Sequence[Sample]) -> int:
    """Send them as one document: what is answered."""
    document = b"\n".join(article.line for article in articles)
    path = "/v1/documents?format=jsonl"
    return httpx.post(served.url + path, content=document, timeout=60).status_code


def rule(served: Process, command: str, articles: Sequence[str]) -> int:
    """Say a rule: what is answered."""
    said = {"command": command, "articles": articles, "id": command, **SAID}
    return httpx.post(served.url + "/v1/rules", json=said, timeout=60).status_code


def resume(served: Process, last: str, count: int) -> list[str]:
    """Ids of the next events behind one."""
    url, asked = served.url + "/v1/events", {"Last-Event-ID": last}
    with httpx.stream("GET", url, headers=asked, timeout=20) as response:
        return [event.id for event in islice(sent_events(response), count)]


def event_of(sent: Sent) -> AnyEvent:
    return STORY_EVENT.validate_python(sent.data)


def placed(redis: Redis, settings: Settings) -> set[str]:
    """Articles of which the events on the server say where they are."""
    told = harness.events(redis, settings)
    return {event.data.article_id for event in told if isinstance(event.data, Placement)}


def lose(servers: Failing, redis: Redis) -> None:
    """Kill the master with -9, once its replicas have all that it wrote: what a failover may lose
    is another test's matter.
    """

    def is_replicated() -> bool:
        pipe = redis.pipeline(transaction=False)
        pipe.ping()  # WAIT is for all that was written before this connection's last command
        pipe.wait(servers.replicas, 1_000)
        return bool(pipe.execute()[1] == servers.replicas)

    wait_until(is_replicated, "the replicas have all", timeout_s=60)
    servers.master.kill()


@pytest.mark.parametrize("servers_in", [by_sentinels, in_a_cluster])
def test_a_failover_costs_clients_of_serve_time_and_no_event(
    servers_in: Callable[[Path], AbstractContextManager[Failing]], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        servers = stack.enter_context(servers_in(tmp_path))
        settings = harness.settings_for(servers.url, servers.namespace)
        named = ("--redis-url", servers.url, "--namespace", servers.namespace)
        serve = running("serve", "--port", "0", "--workers", "1", *named, **QUICK)
        served = stack.enter_context(serve)
        redis = stack.enter_context(client(settings))
        follower = stack.enter_context(following(served.url))

        assert post(served, BEFORE) == 202
        harness.await_handled(redis, settings, len(BEFORE))
        assert rule(served, "together", MERGED) == 200
        lose(servers, redis)
        answers = {}
        for article in LATER:
            answers[article.id] = post(served, [article])
            if servers.has_failed_over():
                break
        wait_until(lambda: post(served, BEFORE[:1]) == 202, "documents are taken", timeout_s=60)
        taken = {article_id for article_id, status in answers.items() if status == 202}
        wait_until(lambda: placed(redis, settings) >= taken, "they are placed", timeout_s=60)
        assert post(served, LATER) == 202
        wait_until(
            lambda: len(placed(redis, settings)) == len(ARTICLES), "all are placed", timeout_s=60
        )
        assert rule(served, "apart", PARTED) == 200
        kept = [entry_id for entry_id, _ in harness.entries(redis, settings.streams.stories)]
        wait_until(lambda: follower.ids[-1:] == kept[-1:], "the last event is told")
        resumed = resume(served, kept[4], len(kept) - 5)
        code, _ = served.ended()

    assert code == 0
    assert set(answers.values()) <= {202, 503}
    assert follower.ids == kept
    assert resumed == kept[5:]
    assert harness.consumed(map(event_of, follower.events)) == EXPECTED
