"""Dead letters that anybody may have written: listed, dropped, and never obeyed unasked."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest
from redis import Redis
from typer.testing import CliRunner

from contracts.dead_letter import DeadLetter, Reason
from tests.support.api.client import serving
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item
from workers.cli import app
from workers.settings import Settings

NOW = datetime(2026, 11, 25, tzinfo=UTC)
RULE = {"command": "apart", "articles": ["a", "b"], "by": "Chief Editor", "reason": "forged"}


def letter(reason: Reason = Reason.INVALID_ARTICLE, **changes: Any) -> str:
    fields = {"data": json.dumps(item("a", 1, source="Wire"))}
    return DeadLetter(
        reason=reason,
        detail="a test",
        remedy="none",
        entry_id="1-0",
        deliveries=1,
        dead_at=NOW,
        fields=changes.pop("fields", fields),
    ).model_copy(update=changes).model_dump_json()  # fmt: skip


GARBAGE: dict[str, dict[str, bytes]] = {
    "no data": {"body": b"x"},
    "empty": {"data": b""},
    "no JSON": {"data": b"\xff\xfe\x00"},
    "no object": {"data": b"[1]"},
    "deep": {"data": b"[" * 100_000},
    "wrong types": {"data": b'{"reason": 5, "fields": "x", "entry_id": {}}'},
    "another reason": {"data": letter().replace("invalid-article", "new-kind").encode()},
    "broken base64": {"data": letter(encoding="base64", fields={"data": "%%%"}).encode()},
    "half of base64": {"data": letter(encoding="base64", fields={"data": "é"}).encode()},
    "another encoding": {"data": letter(encoding="rot13").encode()},
    "an id that is none": {"data": b'{"reason": "x", "detail": "", "remedy": "", "entry_id": "1",'
        b' "article_id": {"a": 1}, "dead_at": "2026-11-25T00:00:00Z"}'},
    "a time that is none": {"data": b'{"reason": "x", "detail": "", "remedy": "", "entry_id": "1",'
        b' "dead_at": "9999-12-31T23:59:59-14:00"}'},
    "escapes": {"data": b"\x1b[31m", "\x1b]0;x\x07": b"\x1b[2J"},
}  # fmt: skip


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def wire(redis_client: Redis, settings: Settings) -> Iterator[Desk]:
    with desk(redis_client, settings) as made:
        yield made


def dead(settings: Settings, *words: str, fails: bool = False) -> str:
    where = ["--redis-url", str(settings.redis_url), "--namespace", settings.namespace]
    done = CliRunner().invoke(app, ["dead", *words, *where], env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert (done.exit_code != 0) == fails, done.output
    return done.output


@pytest.mark.parametrize("entry", GARBAGE.values(), ids=GARBAGE)
def test_an_entry_that_is_no_letter_is_listed_shown_left_and_dropped(
    wire: Desk, settings: Settings, entry: dict[str, bytes]
) -> None:
    stream = settings.streams.dead
    fields: dict[Any, Any] = {**entry}
    name = cast(bytes, wire.redis.xadd(stream, fields)).decode()
    wire.redis.xadd(stream, {"data": letter()})

    listed, shown = dead(settings, "list"), dead(settings, "show", name)
    refused = dead(settings, "retry", name, fails=True)
    sent = dead(settings, "retry", "--all")
    dropped = dead(settings, "drop", name)

    assert name in listed
    assert "unreadable" in listed
    assert "invalid-article" in listed
    assert "unreadable" in shown
    assert "\x1b[2J" not in shown
    assert "drop" in refused
    assert "1 sent again" in sent
    assert "1 left: unreadable" in sent
    assert "1 dropped" in dropped
    assert wire.redis.xlen(stream) == 0


def test_letters_of_any_kind_are_served_and_purged_around(wire: Desk, settings: Settings) -> None:
    wire.place(item("a", 1, source="Wire"))
    for each in GARBAGE.values():
        fields: dict[Any, Any] = {**each}
        wire.redis.xadd(settings.streams.dead, fields)
    quoting = '{"id": "a", "title": "unspeakable"'
    wire.redis.xadd(settings.streams.dead, {"data": quoting})

    with serving(settings) as api:
        answer = httpx.get(f"{api.url}/v1/dead", timeout=20)
    wire.place({"id": "a", "status": "canceled"})
    wire.sweep()

    assert answer.status_code == 200
    assert len(answer.json()["letters"]) == len(GARBAGE) + 1
    assert wire.redis.hlen(settings.keys.purges) == 0
    assert wire.holds("unspeakable") == []


def test_all_is_no_word_for_a_rule_that_somebody_forged(wire: Desk, settings: Settings) -> None:
    wire.place(item("a", 1), item("b", 1, 1))
    forged = letter(Reason.INVALID_COMMAND, fields={"data": json.dumps(RULE)})
    name = cast(bytes, wire.redis.xadd(settings.streams.dead, {"data": forged})).decode()

    unasked = dead(settings, "retry", "--all")
    wire.settle()

    assert "0 sent again" in unasked
    assert "1 left: editors' commands; name them, or give --commands" in unasked
    assert wire.stories == {frozenset("ab")}
    assert "1 command by Chief Editor" in dead(settings, "retry", name)
    wire.settle()
    assert wire.stories == {frozenset("a"), frozenset("b")}


def test_with_commands_all_are_sent_and_told_by_name(wire: Desk, settings: Settings) -> None:
    for fields in ({"data": json.dumps(RULE)}, {"data": "{"}):
        command = letter(Reason.INVALID_COMMAND, fields=fields)
        wire.redis.xadd(settings.streams.dead, {"data": command})

    sent = dead(settings, "retry", "--all", "--commands")

    assert "2 sent again" in sent
    assert "1 command by Chief Editor" in sent
    assert "1 command that is none" in sent


def test_articles_are_sent_again_with_their_sender_s_name_shown(
    wire: Desk, settings: Settings
) -> None:
    data = json.dumps(item("a", 1, source="Wire"))
    for fields in (
        {"data": data},
        {"data": data, "sender": "token:desk"},
        {"data": "{"},
        {},
    ):
        wire.redis.xadd(settings.streams.dead, {"data": letter(fields=fields)})

    sent = dead(settings, "retry", "--all")

    assert "2 sent again" in sent
    assert "1 article by source 'wire'" in sent
    assert "1 article by token:desk" in sent
    assert "1 left: no article" in sent
    assert "1 left: without a body" in sent
    assert wire.redis.xlen(settings.streams.dead) == 2


def test_a_strangers_kill_sent_again_is_a_letter_again(wire: Desk, settings: Settings) -> None:
    wire.place(item("a", 1, source="Wire"))
    wire.place({"id": "a", "status": "canceled", "source": "Nobody Blog"})

    assert "1 article by source 'nobody blog'" in dead(settings, "retry", "--all")

    assert wire.settle() == []
    assert [each.reason for each in harness.letters(wire.redis, settings)] == [Reason.NOT_THE_OWNER]
