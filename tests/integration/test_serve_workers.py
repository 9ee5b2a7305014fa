"""``serve --workers``: what happens to page and API when a worker dies."""

import os
import signal
from functools import partial
from pathlib import Path

import httpx

from tests.support.api.serve_process import running
from tests.support.redis.servers import wait_until
from tests.support.wire.worker_processes import free_port


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
        for _ in range(2):
            assert status(metrics + "/metrics") == 200
            (killed,) = workers_of(served.process.pid)
            os.kill(killed, signal.SIGKILL)

            wait_until(partial(replaced, served.process.pid, killed), "another is started")
            wait_until(lambda: status(metrics + "/ready") == 200, "it works again", timeout_s=60)
            assert served.process.poll() is None
            assert [status(served.url + path) for path in ("/", "/v1/stories")] == [200, 200]

        assert served.ended()[0] == 0
