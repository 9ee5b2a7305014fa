"""What a worker counts is what was committed, once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from contracts.events import (
    AnyEvent,
    Evidence,
    Model,
    Placement,
    Relation,
    StoryJoined,
    StoryOpened,
)
from service.fingerprints.embedding import Effort
from tests.support.clocks import Clock
from workers.metrics.pulse import CONSUME, Pulse
from workers.metrics.tally import Histogram
from workers.metrics.worker import WorkerMetrics
from workers.state.commit import Commit


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def metrics(clock: Clock) -> WorkerMetrics:
    return WorkerMetrics("news", Pulse(clock), clock)


def of(metrics: WorkerMetrics, name: str, **labels: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(metrics)
    return registry.get_sample_value(f"onestory_{name}", {"namespace": "news"} | labels)


def event(kind: type[StoryOpened | StoryJoined], **changes: Any) -> AnyEvent:
    about: dict[str, Any] = {
        "story_id": "st_1",
        "sequence": 1,
        "article_count": 3,
        "languages": ("ru",),
        "independent_sources": 1,
        "lead": "a",
        "article_id": "a",
        "lang": "ru",
        "relation": None,
        "score": None,
        "matched_article_id": None,
        "title": "Паром вернулся в порт",
    }
    evidence = Evidence(
        summary="Why",
        candidates=5,
        thresholds={"join": 0.5},
        model=Model(version="m", sha256="0"),
    )
    return kind(
        id="st_1-1",
        source="/onestory/news",
        subject="st_1",
        time=datetime.now(UTC),
        data=Placement(**{**about, "evidence": evidence, **changes}),
    )


def committed(
    metrics: WorkerMetrics, *events: AnyEvent, counted: str = "placed", held: bool = True
) -> None:
    commit = Commit("997500-0", counted)
    commit.events += events
    metrics.committed([commit], [held])


def test_a_join_is_counted_with_all_that_is_told_of_it(metrics: WorkerMetrics) -> None:
    committed(metrics, event(StoryJoined, relation=Relation.TRANSLATION, score=0.6, lang="en"))

    assert of(metrics, "entries_total", outcome="placed") == 1
    assert of(metrics, "events_total", type="joined") == 1
    assert of(metrics, "articles_total", lang="en") == 1
    assert of(metrics, "relations_total", relation="translation") == 1
    assert of(metrics, "relations_total", relation="copy") == 0
    assert of(metrics, "cross_lingual_links_total") == 1
    assert of(metrics, "decisions_total") == of(metrics, "near_threshold_total") == 1
    assert of(metrics, "candidates_sum") == 5
    assert of(metrics, "story_size_bucket", le="2.0") == 0
    assert of(metrics, "story_size_bucket", le="3.0") == 1


def test_what_did_not_hold_has_not_happened(metrics: WorkerMetrics) -> None:
    committed(metrics, event(StoryOpened), held=False)

    assert of(metrics, "entries_total", outcome="placed") == 0
    assert of(metrics, "events_total", type="opened") == 0
    assert of(metrics, "publish_to_event_seconds_count") == 0


@pytest.mark.parametrize(
    ("score", "rule", "near"),
    [(0.69, None, 1), (0.31, None, 1), (0.71, None, 0), (None, None, 0), (0.6, "r1", 0)],
)
def test_a_decision_is_near_the_threshold_within_0_2(
    metrics: WorkerMetrics, score: float | None, rule: str | None, near: int
) -> None:
    committed(metrics, event(StoryJoined, score=score, rule=rule))

    assert of(metrics, "near_threshold_total") == near
    assert of(metrics, "decisions_total") == 1


def test_time_to_the_event_is_counted_by_the_servers_clock(metrics: WorkerMetrics) -> None:
    """The entry came at 997.5 s, it is 1000 s here, and this clock is 2 s ahead: half a second."""
    metrics.clock_is_ahead(2.0)

    committed(metrics, event(StoryOpened))
    committed(metrics, counted="held")
    committed(metrics, counted="commands")

    assert of(metrics, "publish_to_event_seconds_sum") == pytest.approx(0.5)
    assert of(metrics, "publish_to_event_seconds_count") == 1
    assert of(metrics, "entries_total", outcome="held") == 1
    assert of(metrics, "entries_total", outcome="commands") is None


def test_stages_are_timed_and_are_signs_of_life(metrics: WorkerMetrics, clock: Clock) -> None:
    metrics._pulse.begin(CONSUME)
    clock.now += 100

    with metrics.stage("verify"):
        during = metrics._pulse.stuck(60)

    assert during == {}
    assert of(metrics, "stage_seconds_count", stage="verify") == 1
    assert of(metrics, "stage_seconds_count", stage="decide") == 0


def test_a_feed_can_not_name_series_without_end(metrics: WorkerMetrics) -> None:
    for number in range(60):
        committed(metrics, event(StoryOpened, lang=f"x{number}"))

    assert of(metrics, "articles_total", lang="x0") == 1
    assert of(metrics, "articles_total", lang="x59") is None
    assert of(metrics, "articles_total", lang="other") == 20


def test_a_histogram_has_each_value_in_its_bucket() -> None:
    """1 and 2 are at or below 2, 5 is at or below 5, 6 above all."""
    histogram = Histogram((2, 5))

    for value in (1, 2, 5, 6):
        histogram.add(value)

    assert histogram.buckets == [("2.0", 2), ("5.0", 3), ("+Inf", 4)]
    assert histogram.sum == 14


def test_what_a_second_encoder_costs_is_told(metrics: WorkerMetrics) -> None:
    metrics.effort = Effort(texts=3, known=9, seconds=0.4, waiting=2)

    assert of(metrics, "opinion_texts_total") == 3
    assert of(metrics, "opinion_known_texts_total") == 9
    assert of(metrics, "opinion_seconds_total") == 0.4
    assert of(metrics, "opinion_waiting_texts") == 2
