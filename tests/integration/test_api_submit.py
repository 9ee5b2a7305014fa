"""Articles by HTTP: judged, queued in their order, and stopped before they pile up."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from redis import Redis

from contracts.streams import GROUP
from tests.support.api.client import ask, problem
from tests.support.feeds.samples import published, sample
from tests.support.redis.servers import private_redis
from tests.support.wire import harness
from workers.settings import Settings

JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/x-ndjson"}
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def post(settings: Settings, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return ask(settings, "POST", "/v1/articles", content=body, headers=headers)


def line(number: int, **more: Any) -> bytes:
    return json.dumps({"id": f"a{number}", "title": f"Паром {number}", **more}).encode()


def test_one_article_is_queued_as_it_was_said_and_unknown_fields_are_left_out(
    redis_client: Redis, settings: Settings
) -> None:
    body = {"id": "vi-1", "title": "Паром вернулся", "colour": "blue", "lang": "ru"}

    done = ask(settings, "POST", "/v1/articles", json=body)

    ((entry_id, fields),) = harness.entries(redis_client, settings.streams.articles)
    assert done.status_code == 202
    assert done.json() == {"id": "vi-1", "entry_id": entry_id}
    assert json.loads(fields.pop(b"data")) == {
        "id": "vi-1",
        "title": "Паром вернулся",
        "lang": "ru",
    }
    assert fields == {}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b'{"title": "x"}', [{"loc": "id", "message": "Field required"}]),
        (b'{"id": "a", "title": ""}', [""]),
        (b'{"id": "a", "title": "x", "version": -1, "status": "lost"}', ["version", "status"]),
        (b'{"id": "a\\u0000b", "title": "x"}', ["id"]),
        (b'{"id": "a", "title": "x", "version": 1e999}', ["version"]),
        (b'{"id": "a", "title": "x", "version": ' + b"9" * 5_000 + b"}", None),
        (b"[]", []),
        (b"nonsense \xff\xfe", []),
        (b'{"id": "a", "title": "\xd0', []),
        (b"[" * 100_000, []),
        (b'{"a":' * 50_000, []),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused_with_place_and_cause_and_is_no_dead_letter(
    redis_client: Redis, settings: Settings, body: bytes, errors: list[Any] | None
) -> None:
    told = problem(post(settings, body, JSON))

    assert told["status"] == 422
    if errors is not None:
        places = [each["loc"] for each in told["errors"]]
        assert errors in (told["errors"], places)
    assert len(told["detail"]) < 1_000
    assert published(redis_client, settings) == []
    assert harness.letters(redis_client, settings) == []


def test_what_a_feed_does_to_its_text_is_put_right_as_a_worker_would(
    redis_client: Redis, settings: Settings
) -> None:
    bodies = [
        b'{"id": "nul", "title": "a\\u0000b"}',
        b'{"id": "surrogate", "title": "a\\ud800b"}',
        b'{"id": "latin", "title": "caf\xe9"}',
        b'{"id": "first", "id": "twice", "title": "x"}',
        b'{"id": 7, "title": "number"}',
    ]

    assert [post(settings, each, JSON).status_code for each in bodies] == [202] * 5
    queued = [
        json.loads(fields[b"data"])
        for _, fields in harness.entries(redis_client, settings.streams.articles)
    ]
    assert [each["title"] for each in queued] == ["ab", "a\ufffdb", "caf\ufffd", "x", "number"]
    assert [each["id"] for each in queued[3:]] == ["twice", "7"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", JSON, 400),
        (b" \n ", JSON, 400),
        (b"{}", {"Content-Type": "text/html"}, 415),
        (b"{}", JSON | {"Content-Encoding": "br"}, 415),
        (b"{}", JSON | {"Content-Encoding": "gzip"}, 400),
        (b'{"id": "a", "title": "' + b"x" * 1_000_000 + b'"}', JSON, 413),
    ],
)
def test_a_body_that_can_not_be_read_is_a_problem(
    settings: Settings, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert problem(post(settings, body, headers))["status"] == status


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_packed_batch_is_taken_line_by_line(
    redis_client: Redis, settings: Settings, pack: Callable[[bytes], bytes]
) -> None:
    coding = "gzip" if pack is gzip.compress else "deflate"
    body = b"\n".join([line(1), b"{broken", *map(line, range(2, 1_200))])

    done = post(settings, pack(body), LINES | {"Content-Encoding": coding})

    assert (done.status_code, done.json()["accepted"], done.json()["refused_count"]) == (
        200,
        1_199,
        1,
    )
    assert len(harness.entries(redis_client, settings.streams.articles)) == 1_199


def test_in_a_batch_a_bad_line_costs_only_itself(redis_client: Redis, settings: Settings) -> None:
    small = settings.model_copy(update={"api_most_article_bytes": 1_000})
    body = b"\n".join(
        [
            line(1),
            b"{broken",
            b"",
            line(2),
            b'{"id": "no-title"}',
            b"\xff\xfe\x00",
            line(3, text="x" * 2_000),
            b"[" * 900,
            line(4),
            b'{"id": "a", "version": 1e400}',
            line(5),
        ]
    )

    done = post(small, body, LINES)

    told = done.json()
    queued = harness.entries(redis_client, settings.streams.articles)
    assert done.status_code == 200
    assert [json.loads(fields[b"data"])["id"] for _, fields in queued] == ["a1", "a2", "a4", "a5"]
    assert told["accepted"] == 4
    assert told["entries"] == {"first": queued[0][0], "last": queued[-1][0]}
    assert [each["line"] for each in told["refused"]] == [2, 5, 6, 7, 8, 10]
    assert told["refused_count"] == 6
    assert told["refused"][3]["detail"] == "over 1000 bytes"


def test_a_batch_of_nothing_but_bad_lines_lists_a_hundred_and_counts_all(
    redis_client: Redis, settings: Settings
) -> None:
    told = post(settings, b"?\n" * 2_500, LINES).json()

    assert (told["accepted"], told["refused_count"], len(told["refused"])) == (0, 2_500, 100)
    assert told["entries"] == {"first": None, "last": None}
    assert published(redis_client, settings) == []


def test_a_batch_keeps_its_order_over_many_chunks(redis_client: Redis, settings: Settings) -> None:
    body = b"\n".join(map(line, range(1_700)))

    told = post(settings, body, LINES).json()

    assert told["accepted"] == 1_700
    assert [each["id"] for each in published(redis_client, settings)] == [
        f"a{n}" for n in range(1_700)
    ]


def test_nothing_is_taken_while_too_much_waits(redis_client: Redis, settings: Settings) -> None:
    few = settings.model_copy(update={"api_most_backlog": 3})
    harness.send(redis_client, settings, [line(number) for number in range(3)])

    for body, headers, path in (
        (line(4), JSON, "/v1/articles"),
        (line(4), LINES, "/v1/articles"),
        (sample("feed.rss.xml"), {}, "/v1/documents"),
    ):
        refused = ask(few, "POST", path, content=body, headers=headers)

        assert problem(refused)["status"] == 429
        assert refused.headers["retry-after"] == "5"
    assert len(published(redis_client, settings)) == 3


def test_a_batch_that_fills_the_queue_says_at_which_line_to_go_on(
    redis_client: Redis, settings: Settings
) -> None:
    few = settings.model_copy(update={"api_most_backlog": 900})
    lines = [line(number) for number in range(2_000)]

    stopped = post(few, b"\n".join(lines), LINES)

    told = stopped.json()
    assert stopped.status_code == 200
    assert (told["accepted"], told["stopped_at_line"]) == (1_000, 1_001)
    assert stopped.headers["retry-after"] == "5"
    again = post(few, b"\n".join(lines[told["stopped_at_line"] - 1 :]), LINES)
    assert (problem(again)["status"], again.json()["stopped_at_line"]) == (429, 1)
    redis_client.xtrim(settings.streams.articles, maxlen=0, approximate=False)
    rest = post(few, b"\n".join(lines[1_000:]), LINES).json()
    assert (rest["accepted"], published(redis_client, settings)[0]["id"]) == (1_000, "a1000")


def test_what_is_kept_after_it_was_placed_does_not_count_as_waiting(
    redis_client: Redis, settings: Settings
) -> None:
    keeping = settings.model_copy(update={"api_most_backlog": 3, "keep_input": True})
    stream = settings.streams.articles
    harness.send(redis_client, settings, [line(number) for number in range(5)])
    redis_client.xgroup_create(stream, GROUP, id="0")
    given: Any = redis_client.xreadgroup(GROUP, "w", {stream: ">"})
    redis_client.xack(stream, GROUP, *[entry_id for entry_id, _ in given[0][1]])

    assert post(keeping, line(6), JSON).status_code == 202


def test_a_traceparent_travels_beside_the_article_if_it_is_one(
    redis_client: Redis, settings: Settings
) -> None:
    bad = (TRACE.upper(), TRACE[:-1], "ff" + TRACE[2:], f"00-{'0' * 32}-{'1' * 16}-01", "x")

    post(settings, line(1), JSON | {"traceparent": TRACE})
    post(settings, line(2) + b"\n" + line(3), LINES | {"traceparent": TRACE})
    for said in bad:
        post(settings, line(4), JSON | {"traceparent": said})

    traced = [
        fields.get(b"traceparent")
        for _, fields in harness.entries(redis_client, settings.streams.articles)
    ]
    assert traced == [TRACE.encode()] * 3 + [None] * len(bad)


@pytest.fixture
def full_redis() -> Iterator[tuple[str, Callable[..., None]]]:
    """A server of its own, and how to fill it up or make it read-only."""
    with private_redis() as url, Redis.from_url(url) as redis:
        yield url, redis.config_set


def test_a_redis_that_is_full_is_a_problem_that_says_what_was_accepted(
    full_redis: tuple[str, Callable[..., None]],
) -> None:
    url, configure = full_redis
    settings = harness.settings_for(url, "full")
    lines = [line(number, text="x" * 2_000) for number in range(6_000)]
    configure("maxmemory", "6mb")

    stopped = post(settings, b"\n".join(lines), LINES)
    configure("maxmemory", "1")
    one = post(settings, line(1), JSON)
    configure("maxmemory", "0")
    told = problem(stopped)
    rest = post(settings, b"\n".join(lines[told["stopped_at_line"] - 1 :]), LINES).json()

    assert told["status"] == problem(one)["status"] == 503
    assert stopped.headers["retry-after"] == one.headers["retry-after"] == "2"
    assert 0 < told["accepted"] < 6_000
    assert told["stopped_at_line"] == told["accepted"] + 1
    assert rest["accepted"] == 6_000 - told["accepted"]


def test_a_redis_that_is_away_or_read_only_is_a_problem(
    full_redis: tuple[str, Callable[..., None]],
) -> None:
    url, _ = full_redis
    nobody = Settings(REDIS_URL="unix:///nonexistent")
    with Redis.from_url(url) as redis:
        redis.execute_command("REPLICAOF", "127.0.0.1", "1")
    for settings in (nobody, harness.settings_for(url, "replica")):
        for body, headers in ((line(1), JSON), (line(1) + b"\n" + line(2), LINES)):
            refused = post(settings, body, headers)

            assert problem(refused)["status"] == 503
            assert refused.headers["retry-after"] == "2"


def test_documents_of_feeds_are_taken_as_listen_takes_them(
    redis_client: Redis, settings: Settings
) -> None:
    headers = {"Content-Type": "application/rss+xml"}

    done = ask(settings, "POST", "/v1/documents", content=sample("feed.rss.xml"), headers=headers)

    told = done.json()
    assert done.status_code == 202
    assert (told["accepted"], told["rejected"]) == (4, 1)
    assert len(published(redis_client, settings)) == 4
    assert (
        problem(ask(settings, "POST", "/v1/documents?format=docx", content=b"x"))["status"] == 400
    )
    assert problem(ask(settings, "POST", "/v1/documents", content=b""))["status"] == 400
