"""Clients that are slow, huge, many or no HTTP clients at all; others never notice."""

import contextlib
import re
import socket
import threading
import time

import httpx
import pytest
from redis import Redis

from tests.support.api.client import READ, Served, bearer, problem, serving, with_tokens
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


SLOW_HEAD = b"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\n"


def from_address(api: Served, source: str) -> socket.socket:
    """A bare connection from this address of the machine."""
    return socket.create_connection(("127.0.0.1", api.port), 20, source_address=(source, 0))


def get(api: Served, path: str, source: str, token: str = "") -> httpx.Response:
    transport = httpx.HTTPTransport(local_address=source)
    with httpx.Client(transport=transport, headers=bearer(token) if token else {}) as http:
        return http.get(api.url + path)


def is_answered(connection: socket.socket) -> bool:
    """One more request on a connection that stays."""
    connection.sendall(b"GET /v1/rules HTTP/1.1\r\nHost: localhost\r\n\r\n")
    said = b""
    while not said.endswith(b'{"rules":[]}'):
        piece = connection.recv(65_536)
        if not piece:
            return False
        said += piece
    return b"200 OK" in said


def known(api: Served, stack: contextlib.ExitStack) -> socket.socket:
    """A connection that has been let through once, and stays."""
    connection = stack.enter_context(api.connected())
    assert is_answered(connection)
    return connection


def test_slow_heads_from_one_address_keep_nobody_else_out_nor_probes(settings: Settings) -> None:
    patient = with_tokens(settings.model_copy(update={"api_body_timeout_s": 30.0}))
    with serving(patient) as api, contextlib.ExitStack() as stack:
        for _ in range(2 * patient.api_most_connections):
            stack.enter_context(api.connected()).sendall(SLOW_HEAD)
        most = patient.api_most_per_address
        wait_until(lambda: len(api.server.server_state.connections) >= most, "its share is taken")

        assert get(api, "/v1/stories", "127.0.0.2", READ).status_code == 200
        for source in ("127.0.0.1", "127.0.0.2"):
            for path in ("/live", "/ready"):
                assert get(api, path, source).status_code == 200
        wait_until(
            lambda: get(api, "/v1/stories", "127.0.0.1", READ).status_code == 200,
            "its own clients are served as well: who waits longest makes room",
        )


def test_slow_heads_from_many_addresses_make_room_for_who_asks(settings: Settings) -> None:
    patient = settings.model_copy(update={"api_body_timeout_s": 30.0, "api_most_connections": 40})
    with serving(patient) as api, contextlib.ExitStack() as stack:
        kept = known(api, stack)
        for number in range(60):
            connection = stack.enter_context(from_address(api, f"127.0.1.{number + 1}"))
            connection.sendall(SLOW_HEAD)
        wait_until(lambda: len(api.server.server_state.connections) >= 40, "all places are taken")

        wait_until(
            lambda: get(api, "/v1/stories", "127.0.0.2").status_code == 200, "one makes room"
        )
        assert is_answered(kept)


def test_where_all_are_known_others_are_told_to_come_later_and_probes_answered(
    settings: Settings,
) -> None:
    few = settings.model_copy(update={"api_most_connections": 4})
    with serving(few) as api, contextlib.ExitStack() as stack:
        for _ in range(4):
            known(api, stack)

        crowded = httpx.get(api.url + "/v1/stories")
        assert problem(crowded)["status"] == 503
        assert crowded.headers["retry-after"] == "5"
        assert crowded.headers["connection"] == "close"
        assert [httpx.get(api.url + path).status_code for path in ("/live", "/ready")] == [200] * 2
        # Nor do slow heads take the spare places.
        for _ in range(100):
            stack.enter_context(api.connected()).sendall(SLOW_HEAD)
        assert httpx.get(api.url + "/live").status_code == 200
        stack.close()
        wait_until(lambda: is_over(api), "they are gone")
        assert api.is_well()


def test_many_that_come_at_once_are_told_and_not_hung_up_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.api.places._SETTLED_S", 60.0)  # however busy this machine is
    few = settings.model_copy(update={"api_most_connections": 8, "api_body_timeout_s": 30.0})
    with serving(few) as api, contextlib.ExitStack() as stack:
        many = [stack.enter_context(api.connected()) for _ in range(30)]
        for each in many:
            each.sendall(b"GET /v1/rules HTTP/1.1\r\nHost: localhost\r\n\r\n")

        said = [each.recv(65_536).split()[1] for each in many]

        assert set(said) <= {b"200", b"503"}
        assert said.count(b"200") >= 8


SMUGGLED = b"GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "said",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 0\r\n\r\n",
        b"Content-Length: 0, 5\r\n\r\n",
        b"Content-Length: +0\r\n\r\n",
        b"Content-Length : 0\r\n\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0_0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n",
        b"a\rContent-Length: 5\r\n\r\n",
    ],
)
def test_a_request_that_may_end_elsewhere_is_refused_and_ends_the_connection(
    settings: Settings, said: bytes
) -> None:
    """RFC 9112, 6.1 and 6.3: what a proxy takes for a body would be a request here."""
    with serving(settings) as api, api.connected() as connection:
        connection.sendall(b"POST /v1/rules HTTP/1.1\r\nHost: localhost\r\n" + said + SMUGGLED)

        status, whole = answer(connection)

    assert status == 400
    assert whole.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in whole.lower()
    assert b"application/problem+json" in whole


def test_chunks_of_http_1_0_are_refused_too(settings: Settings) -> None:
    with serving(settings) as api, api.connected() as connection:
        head = b"POST /v1/rules HTTP/1.0\r\nConnection: keep-alive\r\n"
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED)

        status, whole = answer(connection)

    assert (status, whole.count(b"HTTP/1.1 ")) == (400, 1)


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
