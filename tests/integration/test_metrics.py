"""A worker's metrics move as a feed goes through it."""

import json
from pathlib import Path

import pytest
from redis import Redis

from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.desk import item
from tests.support.wire.worker_processes import WorkerProcess, worker_process
from workers.settings import Settings

STAGES = "parse fingerprint register follow candidates verify snapshot decide commit".split()


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def ended(worker: WorkerProcess) -> float:
    """Entries that came to their end."""
    counted = worker.samples().items()
    return sum(value for (name, _), value in counted if name == "onestory_entries_total")


def test_every_metric_of_a_worker_moves_with_the_feed(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    """Stories 1 (three articles, one of them killed later) and 2 (one, in a new version)."""
    feed = [
        item("a", 1),
        item("b", 1, 1),
        item("c", 1, 2),
        item("d", 2),
        item("d", 2, version=2, title="Another headline"),
        item("d", 2),
        item("h", 3, status="withheld"),
        item("e", 4, embargoed="2020-01-01T00:00:00Z"),
        {"id": "c", "status": "canceled"},
        {"title": "no id"},
    ]
    with worker_process(settings, tmp_path) as worker:
        worker.await_ready()
        before = worker.samples()
        harness.send(redis_client, settings, [json.dumps(each).encode() for each in feed])
        wait_until(lambda: ended(worker) == len(feed), "all entries have come to their end")
        after = worker.samples()
        said = worker.get("/metrics")[1].decode()

    def of(name: str, label: str = "") -> float:
        return after[f"onestory_{name}", label] - before.get((f"onestory_{name}", label), 0.0)

    outcomes = {each: of("entries_total", each) for each in ("placed", "versions", "held")}
    assert outcomes == {"placed": 5, "versions": 1, "held": 1}
    assert (of("entries_total", "killed"), of("entries_total", "repeated")) == (1, 1)
    told = {each: of("events_total", each) for each in ("opened", "joined", "revised", "merged")}
    assert told == {"opened": 3, "joined": 2, "revised": 2, "merged": 0}
    assert sum(of("relations_total", each) for each in ("copy", "rewrite", "revision")) == 2
    assert of("relations_total", "translation") == of("cross_lingual_links_total") == 0
    assert of("decisions_total") == of("candidates_count") == 6
    assert of("near_threshold_total") <= 6
    assert (
        sum(value for (name, _), value in after.items() if name == "onestory_articles_total") == 5
    )
    assert of("story_size_count") == 2
    assert of("story_size_sum") == 5, "two and three articles"
    assert of("publish_to_event_seconds_count") == 7
    assert 0 < of("publish_to_event_seconds_sum") < 7 * 60
    assert of("batch_articles_sum") == len(feed)
    assert all(of("stage_seconds_count", stage) > 0 for stage in STAGES)
    assert of("window_articles") >= 4
    assert of("unavailable_total") == 0
    loops = {label for name, label in after if name == "onestory_loop_age_seconds"}
    assert loops == {"consume", "reclaim", "sweep", "release", "edit"}
    assert after["process_resident_memory_bytes", ""] > 1e7
    assert ("python_gc_collections_total", "0") in after
    assert 'encoder="bundled"' in said
    assert 'operating_point="story"' in said


def test_an_embargo_that_ends_is_counted_as_released(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    with worker_process(settings, tmp_path) as worker:
        worker.await_ready()
        seconds, _ = redis_client.time()
        article = item("a", 1, embargoed=seconds + 2)
        harness.send(redis_client, settings, [json.dumps(article).encode()])
        wait_until(
            lambda: worker.samples()["onestory_entries_total", "placed"] == 1, "it is released"
        )
        found = worker.samples()

    outcomes = ("held", "released", "placed")
    assert [found["onestory_entries_total", each] for each in outcomes] == [1, 1, 1]
