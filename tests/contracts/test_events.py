"""Story events and dead letters, as a reader in any language gets them."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from contracts.dead_letter import DeadLetter
from contracts.events import STORY_EVENT, AnyEvent, event_id
from contracts.examples import (
    CLOSED,
    DEAD_LETTER,
    EVENTS,
    JOINED,
    MERGED,
    OPENED,
    RETRACTED,
    REVISED,
    SPLIT,
)

CLOUD_EVENT_REQUIRED = {"specversion", "id", "source", "type"}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_survives_the_wire(event: AnyEvent) -> None:
    assert STORY_EVENT.validate_json(event.model_dump_json()) == event


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_is_a_cloud_event(event: AnyEvent) -> None:
    envelope = json.loads(event.model_dump_json())

    assert envelope.keys() >= CLOUD_EVENT_REQUIRED
    assert envelope["specversion"] == "1.0"
    assert envelope["subject"] == envelope["data"]["story_id"]
    assert envelope["id"] == event_id(event.data.story_id, event.data.sequence)
    assert envelope["time"].endswith("Z")
    # Names of context attributes are lower-case letters and digits, nothing else (1.0.2, 3).
    assert all(name.isalnum() and name == name.lower() for name in envelope)


@pytest.mark.parametrize(
    ("event", "frozen"),
    [
        (
            OPENED,
            {
                *("story_id", "article_id", "sequence", "lang", "relation", "score", "evidence"),
                *("article_count", "languages", "matched_article_id", "title", "source", "url"),
                *("published_at", "version", "position", "independent_sources", "lead"),
                *("split_from", "rule", "redacted"),
            },
        ),
        (
            MERGED,
            {
                *("story_id", "merged_into", "article_ids", "sequence", "because_of"),
                *("article_count", "languages", "position", "independent_sources", "lead"),
            },
        ),
        (
            REVISED,
            {
                *("story_id", "sequence", "position", "article_count", "languages"),
                *("independent_sources", "lead", "change", "article_id", "old_version"),
                *("new_version", "old_lead", "translations", "copies", "relation", "score"),
                *("matched_article_id", "evidence", "title", "source", "url", "published_at"),
                *("lang", "rule", "redacted"),
            },
        ),
        (
            SPLIT,
            {
                *("story_id", "sequence", "position", "article_count", "languages"),
                *("independent_sources", "lead", "split_from", "moved_to", "article_ids"),
                *("because_of", "old_lead"),
            },
        ),
        (RETRACTED, {"story_id", "sequence", "position", "article_ids", "change"}),
        (
            CLOSED,
            {
                *("story_id", "sequence", "position", "article_count", "languages"),
                *("independent_sources", "lead"),
            },
        ),
    ],
    ids=["placement", "merger", "revision", "split", "retraction", "closure"],
)
def test_fields_once_published_stay(event: AnyEvent, frozen: set[str]) -> None:
    """Add to the right side when a field is added; taking one away breaks readers."""
    assert json.loads(event.model_dump_json())["data"].keys() == frozen


def test_null_fields_are_there_for_readers_that_index() -> None:
    data = json.loads(OPENED.model_dump_json())["data"]

    assert data["relation"] is data["score"] is data["matched_article_id"] is None


def test_a_reader_of_today_ignores_the_fields_of_tomorrow() -> None:
    later: dict[str, Any] = json.loads(JOINED.model_dump_json())
    later["tracestate"] = "desk=17"
    later["data"]["importance"] = 2
    later["data"]["evidence"]["similarity"]["pictures"] = 0.5

    assert STORY_EVENT.validate_python(later) == JOINED


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"specversion": "0.3"}, "specversion"),
        ({"id": ""}, "id"),
        ({"source": ""}, "source"),
        ({"time": "2026-03-02T09:15:04"}, "time"),
        ({"type": "story.vanished"}, ""),
        ({"data": {}}, "data"),
    ],
)
def test_what_is_no_event_of_ours_is_refused(change: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError) as raised:
        STORY_EVENT.validate_python(json.loads(OPENED.model_dump_json()) | change)

    assert where in ".".join(str(part) for part in raised.value.errors()[0]["loc"])


@pytest.mark.parametrize(
    "change", [{"sequence": 0}, {"score": 1.01}, {"article_count": 0}, {"relation": "cousin"}]
)
def test_data_out_of_bounds_are_refused(change: dict[str, Any]) -> None:
    event = json.loads(JOINED.model_dump_json())
    event["data"] |= change

    with pytest.raises(ValidationError):
        STORY_EVENT.validate_python(event)


def test_ids_differ_between_stories_and_sequences() -> None:
    ids = {event_id(story, sequence) for story in ("st_1", "st_11") for sequence in (1, 2, 11)}

    assert len(ids) == 6


def test_a_dead_letter_survives_the_wire() -> None:
    assert DeadLetter.model_validate_json(DEAD_LETTER.model_dump_json()) == DEAD_LETTER


@pytest.mark.parametrize("model", [OPENED, DEAD_LETTER], ids=["event", "dead letter"])
def test_contracts_cannot_be_changed_after_the_fact(model: BaseModel) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        model.__setattr__(next(iter(type(model).model_fields)), "other")


def test_a_trace_context_is_told_where_there_is_one_and_absent_elsewhere() -> None:
    """Bytes of events that are not traced are what they were before there were traces."""
    context = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    traced = JOINED.model_copy(update={"traceparent": context})

    assert "traceparent" not in JOINED.model_dump_json()
    assert json.loads(traced.model_dump_json())["traceparent"] == context
    assert STORY_EVENT.validate_json(traced.model_dump_json()) == traced
