"""``onestory serve`` for tests: a real process of the command line."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.redis.servers import wait_until


@dataclass(frozen=True, slots=True)
class Process:
    """A command that serves."""

    url: str
    process: subprocess.Popen[bytes]

    def ended(self) -> tuple[int, float]:
        """Exit code and seconds after SIGTERM."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30), time.monotonic() - begun

    def most_memory_mb(self) -> float:
        """What it had resident at most so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024


@contextmanager
def running(*words: str, **settings: object) -> Iterator[Process]:
    """Run ``onestory`` with these words and settings, until the end of the block at the latest."""
    environment = {f"ONESTORY_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "workers", *words],
        stdout=subprocess.PIPE,
        env=os.environ | {"COLUMNS": "100"} | environment,
    )
    assert process.stdout
    try:
        url = ""
        for line in process.stdout:
            if line.startswith(b"http://"):
                url = line.decode().strip()
                break
        assert url, "it ended"
        wait_until(lambda: _is_ready(url), "it is ready", timeout_s=60)
        yield Process(url, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url + "/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
