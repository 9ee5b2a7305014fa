"""A server that can't be used: what is said of it, by whom, and how soon."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.api.client import ask, problem
from tests.support.redis.refusals import refusing_server
from tests.support.redis.servers import wait_until
from tests.support.redis.topologies import Node
from tests.support.wire import harness
from tests.support.wire.worker_processes import worker_process
from workers.connection.clients import connect
from workers.connection.faults import why_away


def said_of(url: str) -> str | None:
    async def asked() -> str | None:
        redis = connect(url)
        try:
            return await why_away(redis)
        finally:
            await redis.aclose()

    return asyncio.run(asked())


@contextmanager
def answering(reply: bytes | None) -> Iterator[str]:
    """The URL of a server that says this to whatever it is asked; None: nothing, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    held.append(connection)
                    if reply is not None and connection.recv(65_536):
                        connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"redis://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for each in held:
                each.close()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("WRONGPASS invalid username-password pair", "refuses the user or password of REDIS_URL"),
        ("NOAUTH Authentication required.", "refuses the user or password of REDIS_URL"),
        ("NOPERM User anna has no permissions to run ping", "its user may not do this"),
        ("LOADING Redis is loading the dataset in memory", "it is loading its data"),
    ],
)
def test_a_server_that_refuses_is_named_by_its_refusal(
    tmp_path: Path, refusal: str, words: str
) -> None:
    with refusing_server(tmp_path, refusal) as url:
        said = said_of(url)

    assert said is not None
    assert words in said


def test_what_is_no_redis_is_told() -> None:
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        said = said_of(url)

    assert said is not None
    assert "no Redis" in said


def test_a_server_that_is_not_there_is_told() -> None:
    assert "connecting to 127.0.0.1:1" in str(said_of("redis://127.0.0.1:1"))


def test_a_silent_server_is_told_of_by_the_api_within_a_second(namespace: str) -> None:
    with answering(None) as url:
        settings = harness.settings_for(url, namespace)
        begun = time.monotonic()

        told = problem(ask(settings, "GET", "/ready"))
        seconds = time.monotonic() - begun

    assert told["detail"] == "Redis: it does not answer within 1 s"
    assert seconds < 4, "eight before"


def test_a_silent_server_is_a_figure_within_a_scrape(namespace: str) -> None:
    with answering(None) as url:
        settings = harness.settings_for(url, namespace)
        begun = time.monotonic()

        answer = ask(settings, "GET", "/metrics")
        seconds = time.monotonic() - begun

    assert f'onestory_redis_up{{namespace="{namespace}"}} 0.0' in answer.text
    assert seconds < 5, "a scrape gives up after ten"


def test_a_wrong_password_is_told_by_the_api(tmp_path: Path, namespace: str) -> None:
    with refusing_server(tmp_path, "WRONGPASS invalid username-password pair") as url:
        told = problem(ask(harness.settings_for(url, namespace), "GET", "/ready"))

    assert "user or password" in told["detail"]


def test_a_worker_tells_of_a_silent_server_before_its_calls_have_failed(
    tmp_path: Path, namespace: str
) -> None:
    """It took 26 to 43 s: three attempts, of ten seconds each."""
    node = Node(tmp_path / "server", ("--bind", "127.0.0.1", "--save", ""))
    node.start()
    try:
        settings = harness.settings_for(f"redis://127.0.0.1:{node.port}", namespace)
        with worker_process(settings, tmp_path) as worker:
            worker.await_ready()
            node.signal(signal.SIGSTOP)

            wait_until(lambda: worker.troubles("ready") == ["redis"], "it says so", timeout_s=15)
            assert worker.status("live") == 200
            node.signal(signal.SIGCONT)
            worker.await_ready()
    finally:
        node.kill()


def test_a_worker_whose_password_was_changed_says_so(tmp_path: Path, namespace: str) -> None:
    node = Node(tmp_path / "server", ("--bind", "127.0.0.1", "--save", ""))
    node.start()
    try:
        settings = harness.settings_for(f"redis://127.0.0.1:{node.port}", namespace)
        with worker_process(settings, tmp_path) as worker:
            worker.await_ready()
            node.ask("CONFIG", "SET", "requirepass", "another")
            node.password = "another"  # noqa: S105 - a test's
            node.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

            wait_until(
                lambda: b"user or password of REDIS_URL" in worker.get("/ready")[1], "it says so"
            )
            assert worker.status("live") == 200
            node.ask("CONFIG", "SET", "requirepass", "")
            worker.await_ready()
    finally:
        node.kill()
