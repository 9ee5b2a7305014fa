"""``onestory rules`` against a real Redis, with a test that answers in a worker's place."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from redis import Redis
from typer.testing import CliRunner, Result

from contracts.commands import COMMAND, Answer, AnyCommand, KeepApart, Ruling
from contracts.examples import APART, LEAD, REFUSED, TOGETHER
from contracts.streams import Streams
from tests.support.redis import servers
from tests.support.wire import harness
from workers.cli import app
from workers.settings import Settings

AT = datetime(2026, 3, 2, 10, 52, tzinfo=UTC)
WHY = ("--by", "anna", "--reason", "Один мост")


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def rules(settings: Settings, *words: str) -> Result:
    """Run ``onestory rules`` with these words."""
    where = ["--redis-url", str(settings.redis_url), "--namespace", settings.namespace]
    return CliRunner().invoke(app, ["rules", words[0], *where, *words[1:]])


def commands(redis: Redis, streams: Streams) -> list[AnyCommand]:
    """What was asked so far."""
    return [
        COMMAND.validate_json(fields[b"data"])
        for _, fields in harness.entries(redis, streams.commands)
    ]


def put(redis: Redis, streams: Streams, ruling: Ruling) -> None:
    redis.xadd(streams.rulings, {"data": ruling.model_dump_json()})


@contextmanager
def answering(redis: Redis, streams: Streams, **ruling: Any) -> Iterator[None]:
    """Answers the first command as a worker would, after a ruling on another one."""

    def answer() -> None:
        servers.wait_until(lambda: redis.xlen(streams.commands), "a command is sent")
        (command,) = commands(redis, streams)
        put(redis, streams, REFUSED)
        fields = {"rule": str(command.id), "command": command, "at": AT} | ruling
        put(redis, streams, Ruling(**fields))

    thread = threading.Thread(target=answer)
    thread.start()
    yield
    thread.join()


def test_an_accepted_rule_is_said_with_exit_code_0(redis_client: Redis, settings: Settings) -> None:
    accepted = {"answer": Answer.ACCEPTED, "detail": "st_2 is now st_1"}
    put(redis_client, settings.streams, REFUSED)  # of yesterday: behind the first read

    with answering(redis_client, settings.streams, **accepted):
        done = rules(settings, "together", "a", "b", *WHY)

    (command,) = commands(redis_client, settings.streams)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"accepted  {command.id}  st_2 is now st_1\n"
    assert command.id is not None
    assert command.model_dump(exclude={"id"}) == {
        "command": "together",
        "articles": ("a", "b"),
        "by": "anna",
        "reason": "Один мост",
    }


def test_a_refused_rule_names_what_is_in_the_way_with_exit_code_1(
    redis_client: Redis, settings: Settings
) -> None:
    refused = {"answer": Answer.REFUSED, "detail": "rule-7 stands", "in_the_way": ("rule-7",)}

    with answering(redis_client, settings.streams, **refused):
        done = rules(settings, "apart", "a", "b", *WHY)

    assert done.exit_code == 1
    assert "refused" in done.stdout
    assert "in the way: rule-7" in done.stdout
    assert isinstance(commands(redis_client, settings.streams)[0], KeepApart)


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (("lead", "a"), {"command": "lead", "article": "a"}),
        (("revoke", "rule-7"), {"command": "revoke", "rule": "rule-7"}),
    ],
)
def test_without_an_answer_the_command_stays_in_the_stream(
    redis_client: Redis, settings: Settings, words: tuple[str, str], sent: dict[str, str]
) -> None:
    done = rules(settings, *words, *WHY, "--wait", "0.05")

    (command,) = commands(redis_client, settings.streams)
    assert done.exit_code == 1
    assert "no worker answered within 0.05 s; the command stays in the stream" in done.stderr
    assert sent.items() <= command.model_dump().items()


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("together", "a", "a"), "articles: a rule over two articles, both of them"),
        (("lead", " "), "article: String should match"),
    ],
)
def test_what_is_no_rule_is_not_sent(
    redis_client: Redis, settings: Settings, words: tuple[str, ...], cause: str
) -> None:
    done = rules(settings, *words, *WHY)

    assert done.exit_code == 1
    assert cause in done.stderr
    assert commands(redis_client, settings.streams) == []


def test_who_says_so_is_the_user_and_a_reason_is_needed(
    redis_client: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "pavel")

    without_reason = rules(settings, "lead", "a")
    rules(settings, "lead", "a", "--reason", "Has the figures", "--wait", "0")

    assert without_reason.exit_code == 2
    assert "--reason" in without_reason.stderr
    assert [command.by for command in commands(redis_client, settings.streams)] == ["pavel"]


def test_rules_in_force_are_listed_oldest_first(redis_client: Redis, settings: Settings) -> None:
    kept = {
        "rule-9": APART.model_copy(update={"id": "rule-9"}),
        "rule-7": TOGETHER,
        "rule-8": LEAD.model_copy(update={"id": "rule-8"}),
    }
    for minute, (rule_id, command) in enumerate(reversed(kept.items())):
        at = AT.replace(minute=minute).isoformat()
        data = json.dumps(command.model_dump(mode="json") | {"at": at})
        redis_client.hset(settings.keys.rules, rule_id, data)

    listed = rules(settings, "list")
    as_json = [json.loads(line) for line in rules(settings, "list", "--json").stdout.splitlines()]

    assert [rule["id"] for rule in as_json] == ["rule-8", "rule-7", "rule-9"]
    assert as_json[1]["articles"] == list(TOGETHER.articles)
    places = [listed.stdout.index(rule_id) for rule_id in ("rule-8", "rule-7", "rule-9")]
    assert places == sorted(places)


def test_a_desk_without_rules_has_none(settings: Settings, redis_client: Redis) -> None:
    redis_client.xadd(settings.streams.articles, {"data": "{}"})

    assert rules(settings, "list").stdout == "No rules.\n"
