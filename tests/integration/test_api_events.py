"""Server-sent events: live, resumed, and no client at the cost of another."""

import itertools
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from redis import Redis

from tests.support.api.client import Sent, ask, events_in, problem, sent_events, serving
from tests.support.builders.story_events import opened
from tests.support.redis.servers import wait_until
from tests.support.redis.topologies import Node
from tests.support.wire import harness
from workers.settings import Settings

_NUMBERS = itertools.count()


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def tell(redis: Redis, settings: Settings, count: int, padding: str = "") -> list[str]:
    """Append events to the stream; their entry ids."""
    pipe = redis.pipeline(transaction=False)
    for number in itertools.islice(_NUMBERS, count):
        event = opened(f"st_{number}", f"a{number}", title=f"Title {padding}")
        pipe.xadd(settings.streams.stories, {"data": event.model_dump_json()})
    return [entry_id.decode() for entry_id in pipe.execute()]


def taken(events: Iterator[Sent], count: int) -> list[str]:
    return [event.id for event in itertools.islice(events, count)]


def test_an_event_comes_as_it_was_told_and_without_an_id_from_now_on(
    redis_client: Redis, settings: Settings
) -> None:
    tell(redis_client, settings, 3)

    with serving(settings) as api, httpx.stream("GET", api.url + "/v1/events") as response:
        events = sent_events(response)
        wait_until(lambda: api.parts.hub.clients, "the client is there")
        (entry_id,) = tell(redis_client, settings, 1)
        event = next(events)

    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (event.id, event.event) == (entry_id, "story.opened")
    told = harness.entries(redis_client, settings.streams.stories)[-1][1][b"data"]
    assert event.data == json.loads(told)


def test_a_client_resumes_behind_the_last_event_it_saw(
    redis_client: Redis, settings: Settings
) -> None:
    ids = tell(redis_client, settings, 250)

    with serving(settings) as api:
        for asked, headers, missed in (
            ("?from=start", {}, 0),
            ("", {"Last-Event-ID": ids[99]}, 100),
            (f"?last_event_id={ids[248]}", {}, 249),
            # What a browser does that resumes a stream which it asked for from its start.
            ("?from=start", {"Last-Event-ID": ids[199]}, 200),
            (f"?last_event_id={ids[0].removesuffix('-0')}", {}, 1),
        ):
            url = f"{api.url}/v1/events{asked}"
            with httpx.stream("GET", url, headers=headers) as response:
                events = sent_events(response)
                assert taken(events, len(ids) - missed) == ids[missed:]
                wait_until(lambda: api.parts.hub.listeners, "it has caught up")
                ids += tell(redis_client, settings, 1)
                assert taken(events, 1) == ids[-1:]
            wait_until(lambda: not api.parts.hub.clients, "it is gone")


def test_replay_meets_the_live_tail_without_gap_or_double_while_a_writer_runs(
    redis_client: Redis, settings: Settings
) -> None:
    """Registering too late loses events, registering early without a filter doubles them."""
    before = tell(redis_client, settings, 1_500)
    enough = threading.Event()
    written: list[str] = []

    def write() -> None:
        while not enough.is_set():
            written.extend(tell(redis_client, settings, 7))
            enough.wait(0.01)  # or it would starve what runs in this process beside it

    writer = threading.Thread(target=write)
    with serving(settings) as api:
        writer.start()
        seen: list[list[str]] = []
        for start in ("from=start", f"last_event_id={before[700]}", "from=start"):
            with httpx.stream("GET", f"{api.url}/v1/events?{start}", timeout=20) as response:
                events = sent_events(response)
                seen.append(taken(events, 500))
                wait_until(lambda: api.parts.hub.listeners, "it has met the tail")
                # Far enough to be behind whatever was replayed.
                goal = harness.entries(redis_client, settings.streams.stories)[-1][0]
                while _key(seen[-1][-1]) <= _key(goal):
                    seen[-1].extend(taken(events, 50))
        enough.set()
        writer.join()

    whole = before + written
    assert [each == _run_of(whole, each) for each in seen] == [True] * 3
    assert seen[1][0] == before[701]
    assert all(len(each) > 800 for each in seen)


def _key(entry_id: str) -> tuple[int, ...]:
    return tuple(map(int, entry_id.split("-")))


def _run_of(whole: list[str], seen: list[str]) -> list[str]:
    start = whole.index(seen[0])
    return whole[start : start + len(seen)]


def test_what_is_no_longer_kept_is_told_as_a_gap(redis_client: Redis, settings: Settings) -> None:
    ids = tell(redis_client, settings, 20)
    redis_client.xtrim(settings.streams.stories, maxlen=5, approximate=False)

    with serving(settings) as api:
        first = {}
        for last_id in (ids[15], ids[3], ids[14], "9999999999999-0"):
            with httpx.stream("GET", f"{api.url}/v1/events?last_event_id={last_id}") as response:
                events = sent_events(response)
                wait_until(lambda: api.parts.hub.clients, "the client is there")
                first[last_id] = next(events)
                if first[last_id].event == "gap":
                    tell(redis_client, settings, 1)
                    assert next(events).event == "story.opened"
                    redis_client.xtrim(settings.streams.stories, maxlen=5, approximate=False)
            wait_until(lambda: not api.parts.hub.clients, "the client is gone")

    assert first[ids[15]].id == ids[16]
    # The last one is of a stream that was here before.
    assert [each.event for each in list(first.values())[1:]] == ["gap"] * 3


def test_an_event_told_again_without_its_text_is_delivered_as_it_is(
    redis_client: Redis, settings: Settings
) -> None:
    ids = tell(redis_client, settings, 3)
    redacted = opened("st_9", "a9", title="", redacted=True).model_dump(mode="json")

    with serving(settings) as api:
        redis_client.xdel(settings.streams.stories, ids[1])
        redis_client.xadd(settings.streams.stories, {"data": json.dumps(redacted)})
        with httpx.stream("GET", api.url + "/v1/events?from=start") as response:
            events = list(itertools.islice(sent_events(response), 3))

    newest = harness.entries(redis_client, settings.streams.stories)[-1][0]
    assert [event.id for event in events] == [ids[0], ids[2], newest]
    assert events[-1].data == redacted


def test_silence_is_broken_by_comments(settings: Settings) -> None:
    quick = settings.model_copy(update={"api_heartbeat_s": 0.05})

    with serving(quick) as api, httpx.stream("GET", api.url + "/v1/events") as response:
        lines = [line for line in itertools.islice(response.iter_lines(), 6) if line]

    assert lines == ["retry: 2000", ": nothing new", ": nothing new"]


@pytest.mark.parametrize("last_id", ["x", "1-2-3", "-1", "9" * 30, "1-\u0661", "<script>"])
def test_what_is_no_entry_id_is_a_problem(settings: Settings, last_id: str) -> None:
    told = problem(ask(settings, "GET", "/v1/events", params={"last_event_id": last_id}))

    assert told["status"] == 400


def test_more_clients_than_allowed_are_told_to_come_later(settings: Settings) -> None:
    few = settings.model_copy(update={"api_most_listeners": 1})

    with serving(few) as api:
        with httpx.stream("GET", api.url + "/v1/events"):
            wait_until(lambda: api.parts.hub.clients, "the first is there")
            refused = httpx.get(api.url + "/v1/events")
        wait_until(lambda: not api.parts.hub.clients, "the first is gone")
        with httpx.stream("GET", api.url + "/v1/events") as third:
            assert third.status_code == 200

    assert problem(refused)["status"] == 503
    assert refused.headers["retry-after"] == "30"


def test_a_client_that_stops_reading_is_cut_off_and_others_are_not_held_up(
    redis_client: Redis, settings: Settings
) -> None:
    impatient = settings.model_copy(update={"api_write_timeout_s": 0.5})

    with serving(impatient) as api, api.connected() as stuck:
        stuck.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with httpx.stream("GET", api.url + "/v1/events", timeout=20) as response:
            events = sent_events(response)
            wait_until(lambda: len(api.parts.hub.listeners) == 2, "both are there")
            # Far more than the kernel's buffers and its queue hold together.
            for _ in range(40):
                ids = tell(redis_client, settings, 50, padding="x" * 10_000)
                assert taken(events, 50) == ids
            wait_until(lambda: len(api.parts.hub.listeners) == 1, "the stuck one is let go")
            wait_until(lambda: len(api.server.server_state.connections) == 1, "and cut off")
            ids = tell(redis_client, settings, 1)
            assert taken(events, 1) == ids
        assert api.is_well()


def test_a_server_that_stops_ends_its_streams_at_once(settings: Settings) -> None:
    with (
        serving(settings) as api,
        httpx.stream("GET", api.url + "/v1/events") as one,
        httpx.stream("GET", api.url + "/v1/events?from=start") as other,
    ):
        wait_until(lambda: len(api.parts.hub.listeners) == 2, "both are there")
        begun = time.monotonic()
        api.server.should_exit = True

        said = [response.read() for response in (one, other)]

        assert time.monotonic() - begun < 2
    assert all(re.match(rb"retry: \d+\n\n", each) for each in said)


def test_the_stream_outlives_a_redis_that_goes_away(
    redis_client: Redis, settings: Settings
) -> None:
    with serving(settings) as api, httpx.stream("GET", api.url + "/v1/events") as response:
        events = sent_events(response)
        wait_until(lambda: api.parts.hub.listeners, "the client is there")

        killed = redis_client.client_kill_filter(_type="normal", skipme=True)
        ids = tell(redis_client, settings, 2)

        assert killed
        assert taken(events, 2) == ids


def test_a_stream_is_held_open_while_redis_is_away_and_begins_when_it_can(
    tmp_path: Path, namespace: str
) -> None:
    """EventSource gives a stream up for good when it is refused once."""
    node = Node(tmp_path / "server", ("--bind", "127.0.0.1", "--appendonly", "yes"))
    node.start()
    settings = harness.settings_for(
        f"redis://127.0.0.1:{node.port}", namespace, api_heartbeat_s=0.05
    )
    with Redis(port=node.port) as redis:
        ids = tell(redis, settings, 3)
    node.kill()
    resuming = {"Last-Event-ID": ids[0]}
    try:
        with (
            serving(settings, until_ready=False) as api,
            httpx.stream("GET", api.url + "/v1/events", headers=resuming) as response,
            httpx.stream("GET", api.url + "/v1/events") as fresh,
        ):
            lines, new = response.iter_lines(), fresh.iter_lines()
            assert (response.status_code, fresh.status_code) == (200, 200)
            for each in (lines, new):
                assert ": Redis is away" in itertools.islice(each, 6)
            node.start()

            assert taken(events_in(lines), 2) == ids[1:]
            wait_until(lambda: len(api.parts.hub.listeners) == 2, "both have caught up")
            with Redis(port=node.port) as redis:
                ids += tell(redis, settings, 1)
            assert taken(events_in(new), 1) == ids[-1:]
            # Once more, of a server that has been there.
            node.kill()
            with httpx.stream("GET", api.url + "/v1/events", headers=resuming) as again:
                said = again.iter_lines()
                assert again.status_code == 200
                assert ": Redis is away" in itertools.islice(said, 6)
                node.start()
                assert taken(events_in(said), 3) == ids[1:]
    finally:
        node.kill()


def test_a_stream_that_waits_for_redis_ends_with_the_server(namespace: str) -> None:
    settings = harness.settings_for("redis://127.0.0.1:1", namespace)
    with (
        serving(settings, until_ready=False) as api,
        httpx.stream("GET", api.url + "/v1/events") as response,
    ):
        wait_until(lambda: api.parts.hub.clients, "the client is there")
        begun = time.monotonic()
        api.server.should_exit = True

        said = response.read()

    assert said in {b"", b": Redis is away\n\n", b"retry: 2000\n\n"}
    assert time.monotonic() - begun < 5
