"""What a former release, or another client, left in Redis: a row of it costs no list."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from tests.support.api.reading_desk import ReadingDesk, reading_desk
from tests.support.builders.story_events import opened
from tests.support.wire import harness
from tests.support.wire.desk import item

OUTERMOST = ["0001-01-01T00:00:00+03:00", "9999-12-31T23:59:59-14:00"]
"""Times that UTC does not have; releases before accepted them."""


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[ReadingDesk]:
    with reading_desk(redis_client, harness.settings_for(redis_url, namespace)) as made:
        made.desk.place(item("a", 1), item("b", 2))
        yield made


def ids(cards: Any, name: str = "id") -> list[str]:
    return [card[name] for card in cards]


@pytest.mark.parametrize("moment", OUTERMOST)
def test_a_story_of_the_outermost_day_is_in_the_list_beside_the_others(
    wire: ReadingDesk, moment: str
) -> None:
    event = json.loads(opened("st_old", "old").model_dump_json())
    event["data"] |= {"published_at": moment, "position": 3}
    wire.desk.redis.xadd(wire.desk.settings.streams.stories, {"data": json.dumps(event)})

    assert "st_old" in ids(wire.read("/v1/stories")["stories"])
    assert wire.read("/v1/stories")["total"] == 3
    assert wire.read("/v1/stories/st_old")["members"][0]["published_at"]
    assert wire.read("/v1/stories/st_old/events")["events"]
    assert wire.read("/v1/articles/old")["published_at"]
    assert wire.read("/v1/articles/old/trace")["steps"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"title": 17}, id="a title that is no text"),
        pytest.param({"lang": ["en"]}, id="a language that is a list"),
        pytest.param({"evidence": {"thresholds": []}}, id="evidence of another form"),
        pytest.param({"position": "third"}, id="a position in words"),
        pytest.param({"position": 2**70}, id="a position that no column holds"),
    ],
)
def test_an_event_that_is_none_leaves_the_others_in_the_list(
    wire: ReadingDesk, changes: dict[str, Any]
) -> None:
    before = {wire.desk.story_of(each) for each in "ab"}
    event = json.loads(opened("st_odd", "odd").model_dump_json())
    event["data"] |= {"position": 3, **changes}
    wire.desk.redis.xadd(wire.desk.settings.streams.stories, {"data": json.dumps(event)})
    event["data"] = json.loads(opened("st_next", "next").data.model_dump_json()) | {"position": 4}
    wire.desk.redis.xadd(wire.desk.settings.streams.stories, {"data": json.dumps(event)})

    listed = ids(wire.read("/v1/stories")["stories"])

    assert before | {"st_next"} <= set(listed)
    assert wire.read("/v1/figures")["now"]["stories_open"] >= 3


@pytest.mark.parametrize(
    ("article", "would", "until"),
    [
        pytest.param(b"{", b"{}", None, id="no JSON"),
        pytest.param(b"[]", b"{}", None, id="no object"),
        pytest.param(b'{"title": 17}', b"{}", None, id="a title that is no text"),
        pytest.param(b'{"title": "\\ud800"}', b"{}", None, id="half a letter"),
        pytest.param(b'{"title": "t"}', b"{", None, id="a note that is no JSON"),
        pytest.param(b'{"title": "t"}', b'{"relation": "cousin"}', None, id="another relation"),
        pytest.param(b'{"title": "t"}', b"{}", 253_402_300_800_000.0, id="year 10000"),
        pytest.param(b'{"title": "t"}', b"{}", -1e17, id="before the calendar"),
        pytest.param(b'{"title": "t"}', b"{}", float("inf"), id="for ever"),
    ],
)
def test_a_held_row_that_is_none_leaves_the_others_in_the_list(
    wire: ReadingDesk, article: bytes, would: bytes, until: float | None
) -> None:
    keys = wire.desk.settings.keys
    wire.desk.place(item("held", 3, status="withheld"))
    wire.desk.redis.hset(keys.held, "odd", article)
    wire.desk.redis.hset(keys.would, "odd", would)
    if until is not None:
        wire.desk.redis.zadd(keys.embargoes, {"odd": until})

    held = ids(wire.read("/v1/held")["held"], "article_id")

    assert "held" in held
    assert ("odd" in held) == (until is not None)
    assert wire.read("/v1/articles/odd/trace")["steps"]
    assert wire.read("/v1/articles/held/trace")["state"] == "held"


@pytest.mark.parametrize(
    "letter",
    [
        b"{",
        b"[]",
        (
            b'{"reason": "not-json", "detail": "d", "remedy": "r", "entry_id": "1-0", '
            b'"article_id": 17, "dead_at": "2026-03-02T09:15:00Z"}'
        ),
        (
            b'{"reason": "not-json", "detail": "d", "remedy": "r", "entry_id": "1-0", '
            b'"dead_at": "0001-01-01T00:00:00+03:00"}'
        ),
        b'{"reason": [], "detail": {}, "remedy": 1, "entry_id": 2, "dead_at": "soon"}',
        (
            b'{"reason": "not-json", "detail": "\\ud800", "remedy": "r", "entry_id": "1-0", '
            b'"dead_at": "2026-03-02T09:15:00Z"}'
        ),
    ],
)
def test_a_dead_letter_that_is_none_leaves_the_others_in_the_list(
    wire: ReadingDesk, letter: bytes
) -> None:
    dead = wire.desk.settings.streams.dead
    wire.desk.redis.xadd(dead, {"data": letter})
    wire.desk.redis.xadd(dead, {"other": "field"})
    wire.desk.place({"id": "lost", "title": []})

    letters = wire.read("/v1/dead")["letters"]

    assert len(letters) == 3
    assert letters[0]["article_id"] == "lost"
    assert wire.read("/v1/articles/lost/trace")["state"] == "dead"


@pytest.mark.parametrize(
    "rule",
    [
        b"{",
        b"[]",
        b'{"command": "nearby", "id": "odd", "place": 1}',
        (
            b'{"command": "apart", "articles": ["x", "y"], "by": "a\\u001b", "reason": "r", '
            b'"id": "odd", "place": "first"}'
        ),
    ],
)
def test_a_rule_that_is_none_leaves_the_others_in_force(wire: ReadingDesk, rule: bytes) -> None:
    wire.desk.redis.hset(wire.desk.settings.keys.rules, "odd", rule)
    wire.desk.rule("together", "a", "b", rule="r1")

    assert ids(wire.read("/v1/rules")["rules"]) == ["r1"]
    assert wire.desk.story_of("a") == wire.desk.story_of("b")
    assert wire.read("/v1/explain", a="a", b="b")["rules"]
