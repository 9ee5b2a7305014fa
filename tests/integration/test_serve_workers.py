"""``serve --workers``: what happens to page and API when a worker dies."""

import os
import signal
import socket
from functools import partial
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from tests.support.api.serve_process import running
from tests.support.redis.servers import wait_until
from tests.support.wire.worker_processes import free_port
from workers.cli import app


def workers_of(pid: int) -> list[int]:
    """Worker processes that a process started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [
        int(each) for each in children if b"worker" in Path(f"/proc/{each}/cmdline").read_bytes()
    ]


def replaced(pid: int, killed: int) -> bool:
    return workers_of(pid) not in ([], [killed])


def status(url: str) -> int:
    try:
        return httpx.get(url, timeout=5).status_code
    except httpx.TransportError:
        return 0


def test_a_worker_that_is_killed_after_a_scrape_comes_back_and_page_and_api_stay() -> None:
    port = free_port()
    metrics = f"http://127.0.0.1:{port}"
    with running("serve", "--port", "0", "--workers", "1", metrics_port=port) as served:
        wait_until(lambda: status(metrics + "/ready") == 200, "it works", timeout_s=60)
        assert status(metrics + "/metrics") == 200
        (killed,) = workers_of(served.process.pid)
        os.kill(killed, signal.SIGKILL)

        wait_until(partial(replaced, served.process.pid, killed), "another is started")
        wait_until(lambda: status(metrics + "/ready") == 200, "it works again", timeout_s=60)
        assert [status(served.url + path) for path in ("/", "/v1/stories")] == [200, 200]
        assert served.ended()[0] == 0


def test_a_metrics_port_that_is_taken_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.process.pool._ORPHANS_END_S", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("ONESTORY_METRICS_PORT", str(port))

        done = CliRunner().invoke(app, ["serve", "--port", "0", "--workers", "1"])

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"onestory: can't listen at 127.0.0.1 port {port}: Address already in use. End what "
        "listens there, or set another ONESTORY_METRICS_PORT, one for each worker\n"
    )
