"""Editors' rules over HTTP, answered in a worker's place or not at all."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from redis import Redis

from contracts.commands import COMMAND, Answer, Ruling
from contracts.examples import LEAD, TOGETHER
from tests.support.api.client import ask, problem
from tests.support.redis import servers
from tests.support.wire import harness
from workers.settings import Settings

SAID = {"command": "together", "articles": ["a", "b"], "by": "anna", "reason": "Один мост"}
AT = datetime(2026, 3, 2, 10, 52, tzinfo=UTC)


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, api_rule_wait_s=0.05)


def say(settings: Settings, **rule: Any) -> httpx.Response:
    return ask(settings, "POST", "/v1/rules", json=rule)


@contextmanager
def answering(redis: Redis, settings: Settings, **ruling: Any) -> Iterator[Settings]:
    """Answers the first command as a worker would."""

    def answer() -> None:
        servers.wait_until(lambda: redis.xlen(settings.streams.commands), "a command is sent")
        ((_, fields),) = harness.entries(redis, settings.streams.commands)
        command = COMMAND.validate_json(fields[b"data"])
        told = Ruling(**{"rule": str(command.id), "command": command, "at": AT} | ruling)
        redis.xadd(settings.streams.rulings, {"data": told.model_dump_json()})

    thread = threading.Thread(target=answer)
    thread.start()
    yield settings.model_copy(update={"api_rule_wait_s": 10.0})
    thread.join()


def test_an_accepted_rule_is_told_with_what_was_done(
    redis_client: Redis, settings: Settings
) -> None:
    accepted = {"answer": Answer.ACCEPTED, "detail": "st_2 is now st_1"}

    with answering(redis_client, settings, **accepted) as patient:
        done = say(patient, **SAID)

    ((_, fields),) = harness.entries(redis_client, settings.streams.commands)
    command = json.loads(fields[b"data"])
    assert done.status_code == 200
    assert done.json() == {
        "rule": command["id"],
        "answer": "accepted",
        "detail": "st_2 is now st_1",
    }
    assert command == SAID | {"id": command["id"]}


def test_a_refused_rule_is_a_conflict_that_names_what_is_in_the_way(
    redis_client: Redis, settings: Settings
) -> None:
    refused = {"answer": Answer.REFUSED, "detail": "rule-7 stands", "in_the_way": ("rule-7",)}

    with answering(redis_client, settings, **refused) as patient:
        told = problem(say(patient, **SAID))

    assert (told["status"], told["detail"]) == (409, "rule-7 stands")
    assert (told["answer"], told["in_the_way"]) == ("refused", ["rule-7"])


def test_without_a_worker_the_rule_waits_for_one(redis_client: Redis, settings: Settings) -> None:
    done = say(settings, **SAID)

    ((_, fields),) = harness.entries(redis_client, settings.streams.commands)
    assert done.status_code == 202
    assert done.json() == {
        "rule": json.loads(fields[b"data"])["id"],
        "answer": None,
        "detail": "waits for a worker",
    }


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (SAID | {"articles": ["a", "a"]}, "together.articles"),
        (SAID | {"articles": ["a"]}, "together.articles.1"),
        (SAID | {"by": " "}, "together.by"),
        (SAID | {"reason": "two\nlines"}, "together.reason"),
        (SAID | {"command": "merge"}, ""),
        ([], ""),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(
    redis_client: Redis, settings: Settings, body: Any, place: str
) -> None:
    told = problem(ask(settings, "POST", "/v1/rules", json=body))

    assert told["status"] == 422
    assert told["errors"][0]["loc"] == place
    assert redis_client.xlen(settings.streams.commands) == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{", 422), (b"\xff", 422), (b"[" * 9_000, 422), (b"x" * 20_001, 413)],
)
def test_what_is_not_even_json_is_a_problem(settings: Settings, body: bytes, status: int) -> None:
    assert problem(ask(settings, "POST", "/v1/rules", content=body))["status"] == status


def test_the_rules_in_force_are_listed_oldest_first(
    redis_client: Redis, settings: Settings
) -> None:
    for minute, command in enumerate((LEAD.model_copy(update={"id": "rule-8"}), TOGETHER)):
        kept = command.model_dump(mode="json") | {"at": AT.replace(minute=minute).isoformat()}
        redis_client.hset(settings.keys.rules, str(command.id), json.dumps(kept))

    listed = ask(settings, "GET", "/v1/rules").json()["rules"]

    assert [rule["id"] for rule in listed] == ["rule-8", TOGETHER.id]
    assert listed[0] == {
        "id": "rule-8",
        "command": "lead",
        "article": LEAD.article,
        "by": LEAD.by,
        "reason": LEAD.reason,
        "at": "2026-03-02T10:00:00Z",
    }
    assert listed[1]["articles"] == list(TOGETHER.articles)
