"""Metrics and health are answered whatever else the process, or another client, does."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import Metric

from tests.support.redis.servers import wait_until
from workers.errors import CantListen
from workers.metrics import server as module
from workers.metrics.health import Trouble
from workers.metrics.probe import asked, main
from workers.metrics.server import MetricsServer

HOST = "127.0.0.1"


class Checks:
    """What the server is told."""

    troubles: Sequence[Trouble] = ()

    def __call__(self) -> Sequence[Trouble]:
        return self.troubles


@pytest.fixture
def checks() -> Checks:
    return Checks()


@pytest.fixture
def registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    Counter("letters", "For a test.", registry=registry).inc(3)
    return registry


@pytest.fixture
def server(registry: CollectorRegistry, checks: Checks) -> Iterator[MetricsServer]:
    with MetricsServer(HOST, 0, registry, {"/live": checks, "/ready": list}) as server:
        yield server


def get(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, str, bytes]:
    connection = HTTPConnection(HOST, port, timeout=5.0)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"], response.read()
    finally:
        connection.close()


def test_metrics_are_served_in_the_form_that_is_asked_for(server: MetricsServer) -> None:
    _, plain, body = get(server.port, "/metrics")
    _, openmetrics, more = get(
        server.port, "/metrics?debug=1", Accept="application/openmetrics-text; version=1.0.0"
    )

    assert b"letters_total 3.0" in body
    assert plain.startswith("text/plain")
    assert openmetrics.startswith("application/openmetrics-text")
    assert more.endswith(b"# EOF\n")


def test_a_failed_check_says_what_failed(server: MetricsServer, checks: Checks) -> None:
    well = get(server.port, "/live")
    checks.troubles = [Trouble("loop consume", "no sign"), Trouble("redis", "away")]
    status, content_type, body = get(server.port, "/live")

    assert well == (200, "application/json", b'{"status":"ok"}')
    assert (status, content_type) == (503, "application/problem+json")
    assert json.loads(body) == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "loop consume: no sign; redis: away",
        "checks": [
            {"check": "loop consume", "detail": "no sign"},
            {"check": "redis", "detail": "away"},
        ],
    }


def test_what_is_not_there_is_404_and_a_head_has_no_body(server: MetricsServer) -> None:
    status, _, body = get(server.port, "/")

    assert status == 404
    assert json.loads(body)["detail"] == "there are /metrics, /live, /ready"
    assert get(server.port, "/live", "HEAD")[2] == b""
    assert get(server.port, "/live", "POST")[0] == 501


def test_a_collector_that_fails_is_500_and_told_in_the_log(
    server: MetricsServer, registry: CollectorRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def collect(self) -> Iterator[Metric]:
            raise ValueError("a bug")

    registry.register(Broken())

    assert get(server.port, "/metrics")[0] == 500
    assert "a bug" in caplog.text


def test_a_silent_client_keeps_nobody_waiting_and_is_cut_off(
    server: MetricsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module._Handler, "timeout", 0.2)
    with ExitStack() as stack:
        silent = [
            stack.enter_context(socket.create_connection((HOST, server.port), timeout=5.0))
            for _ in range(5)
        ]
        silent[0].sendall(b"GET /metr")
        answered = get(server.port, "/live")[0]
        cut_off = [each.recv(1) for each in silent]

    assert answered == 200
    assert cut_off == [b""] * 5


def test_clients_that_trickle_keep_no_probe_out(server: MetricsServer) -> None:
    """Each sends a letter before it is cut off for silence; the oldest goes first."""
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection((HOST, server.port), timeout=5.0))
            for _ in range(module.MOST_REQUESTS)
        ]
        for each in slow:
            each.sendall(b"G")
        wait_until(lambda: len(server._server._open) == module.MOST_REQUESTS, "all are there")

        assert [get(server.port, "/live")[0] for _ in range(3)] == [200] * 3
        assert slow[0].recv(1) == b""
        slow[-1].sendall(b"ET /live HTTP/1.0\r\n\r\n")
        assert slow[-1].recv(65_536).startswith(b"HTTP/1.0 200")
    wait_until(lambda: not server._server._open, "nothing is left of them")


def test_a_port_in_use_is_one_clear_line(server: MetricsServer) -> None:
    with pytest.raises(CantListen) as refused:
        MetricsServer(HOST, server.port, CollectorRegistry(), {})

    assert str(refused.value) == (
        f"can't listen at 127.0.0.1 port {server.port}: Address already in use. End what listens "
        "there, or set another ONESTORY_METRICS_PORT, one for each worker"
    )


def test_a_port_is_free_again_at_once_after_a_scrape(registry: CollectorRegistry) -> None:
    """The server closes first, so its side of the connection stays behind (TIME_WAIT)."""
    with (
        MetricsServer(HOST, 0, registry, {}) as before,
        socket.create_connection((HOST, before.port), timeout=5.0) as scraper,
    ):
        scraper.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        while scraper.recv(4096):
            pass

    with MetricsServer(HOST, before.port, registry, {}) as after:
        assert get(after.port, "/metrics")[0] == 200


def test_the_probe_asks_and_its_exit_code_is_the_answer(
    server: MetricsServer, checks: Checks, capsys: pytest.CaptureFixture[str]
) -> None:
    port = str(server.port)
    well = main(["--port", port])
    checks.troubles = [Trouble("redis", "away")]
    ill = main(["live", "--port", port])
    ready = main(["ready", "--port", port])

    said = capsys.readouterr()
    assert (well, ill, ready) == (0, 1, 0)
    assert said.err == f"http://127.0.0.1:{port}/live: redis: away\n"


def test_a_worker_that_is_not_there_or_does_not_answer_is_ill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workers.metrics.probe._LONGEST_S", 0.1)
    with socket.create_server((HOST, 0)) as mute:
        port = mute.getsockname()[1]
        is_well, said = asked("live", port)
    gone = asked("live", port)

    assert not is_well
    assert said == f"http://127.0.0.1:{port}/live: timed out"
    assert gone[0] is False


def test_the_probe_needs_a_port(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    monkeypatch.setenv("ONESTORY_METRICS_PORT", "1")

    assert ended.value.code == 2
    assert "which port? Give --port, or set ONESTORY_METRICS_PORT" in capsys.readouterr().err
    assert main([]) == 1


def test_threads_end_with_the_server(registry: CollectorRegistry) -> None:
    before: Callable[[], int] = threading.active_count
    count = before()

    with MetricsServer(HOST, 0, registry, {}) as server:
        get(server.port, "/metrics")

    wait_until(lambda: threading.active_count() == count, "its threads are gone")
