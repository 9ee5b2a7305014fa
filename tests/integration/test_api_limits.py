"""Clients that are slow, huge, many or no HTTP clients at all; others never notice."""

import contextlib
import re
import socket
import threading
import time

import httpx
import pytest
from redis import Redis

from tests.support.api.client import Served, problem, serving
from tests.support.feeds.samples import published
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from workers.settings import Settings

NDJSON = {"Content-Type": "application/x-ndjson"}
HEAD = b"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, api_body_timeout_s=0.4)


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """Status and whole answer, up to the end of the connection."""
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            said += piece
    found = re.match(rb"HTTP/1.1 (\d+)", said)
    return int(found[1]) if found else 0, said


def is_over(api: Served) -> bool:
    return not api.server.server_state.connections and not api.server.server_state.tasks


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"POST /v1/art", 408),
        (HEAD, 408),
        (HEAD + b'Content-Length: 50\r\n\r\n{"id":', 408),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", 408),
        (b"\x16\x03\x01\x02\x00\x01\xfc", 400),
        (b"GET /" + b"x" * 100_000, 400),
        (b"GET /live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ],
)
def test_half_a_request_is_given_up_and_what_is_no_request_refused(
    settings: Settings, said: bytes, status: int
) -> None:
    with serving(settings) as api:
        with api.connected() as connection:
            connection.sendall(said)
            begun = time.monotonic()

            told, whole = answer(connection)

        assert told == status
        assert b"application/problem+json" in whole
        assert time.monotonic() - begun < 5
        wait_until(lambda: is_over(api), "nothing is left of it")
        assert api.is_well()


def test_a_connection_that_says_nothing_is_closed_without_a_word(settings: Settings) -> None:
    """A browser opens some in reserve."""
    with serving(settings) as api, api.connected() as connection:
        assert answer(connection) == (0, b"")


def test_a_head_that_trickles_after_a_first_request_is_given_up_too(settings: Settings) -> None:
    with serving(settings) as api, api.connected() as connection:
        connection.sendall(b"GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in connection.recv(65_536)

        def trickle() -> None:
            with contextlib.suppress(OSError):
                for letter in b"GET /live HTTP/1.1\r\n" + b"x" * 10_000:
                    connection.sendall(bytes([letter]))
                    time.sleep(0.01)

        slowly = threading.Thread(target=trickle)
        slowly.start()
        begun = time.monotonic()
        status, _ = answer(connection)
        seconds = time.monotonic() - begun
        slowly.join()

    assert status in {408, 0}  # reset under its hands, and the answer with it
    assert seconds < 5


def test_a_hundred_slow_uploads_hold_up_nobody(redis_client: Redis, settings: Settings) -> None:
    patient = settings.model_copy(update={"api_body_timeout_s": 1.0})
    with serving(patient) as api, contextlib.ExitStack() as stack:
        slow = [stack.enter_context(api.connected()) for _ in range(100)]
        for connection in slow:
            connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n{")

        done = httpx.post(
            api.url + "/v1/articles", json={"id": "a", "title": "Паром вернулся"}, timeout=10
        )

        assert done.status_code == 202
        assert {answer(connection)[0] for connection in slow} == {408}
        assert api.is_well()
    assert len(published(redis_client, settings)) == 1


def test_a_body_of_100_mb_is_refused_at_once(settings: Settings) -> None:
    with serving(settings) as api:
        with api.connected() as connection:
            connection.sendall(HEAD + b"Content-Length: 100000000\r\n\r\n")
            begun = time.monotonic()
            first = connection.recv(65_536)
            seconds = time.monotonic() - begun

        assert b"413" in first.splitlines()[0]
        assert seconds < 1
        assert api.is_well()


def test_who_sends_too_much_without_looking_up_still_gets_the_answer(settings: Settings) -> None:
    """A connection closed under a client that sends is reset, and the answer lost."""
    small = settings.model_copy(update={"api_most_body_bytes": 5_000, "max_document_bytes": 5_000})
    with serving(small) as api:
        for body in (b"x" * 3_000_000, iter([b"y" * 100_000] * 30)):
            refused = httpx.post(api.url + "/v1/articles", content=body, headers=NDJSON)

            assert problem(refused)["status"] == 413
            assert refused.headers["connection"] == "close"


def test_connections_beyond_the_limit_are_told_so_and_those_far_beyond_are_cut_off(
    settings: Settings,
) -> None:
    few = settings.model_copy(update={"api_most_connections": 4, "api_body_timeout_s": 10.0})
    with serving(few) as api, contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(api.connected())
        wait_until(lambda: len(api.server.server_state.connections) == 4, "four are there")

        crowded = httpx.get(api.url + "/live")
        for _ in range(4):
            stack.enter_context(api.connected())
        wait_until(lambda: len(api.server.server_state.connections) == 8, "eight are there")
        with api.connected() as ninth:
            cut_off = answer(ninth)
        stack.close()
        wait_until(lambda: is_over(api), "they are gone")

        assert problem(crowded)["status"] == 503
        assert crowded.headers["retry-after"] == "5"
        assert cut_off == (0, b"")
        assert api.is_well()


def test_who_never_reads_an_answer_is_cut_off(settings: Settings) -> None:
    impatient = settings.model_copy(update={"api_write_timeout_s": 0.3})
    with serving(impatient) as api:
        with api.connected() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            # Pipelined, until what the server has to say fits into no buffer.
            ask = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
            with contextlib.suppress(OSError):
                connection.settimeout(0.3)
                for _ in range(2_000):
                    connection.sendall(ask * 10)

            wait_until(lambda: is_over(api), "it is cut off")
        assert api.is_well()
