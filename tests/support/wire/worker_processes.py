"""One real worker process for a test, with what it wrote and said."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.support.redis.servers import wait_until
from workers.process.pool import WORKER_COMMAND
from workers.settings import Settings

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass(slots=True)
class WorkerProcess:
    """A worker, asked over HTTP."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body; 0 while nobody listens."""
        connection = HTTPConnection(HOST, self.port, timeout=5.0)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def status(self, check: str) -> int:
        """Of ``/live`` or ``/ready``."""
        return self.get(f"/{check}")[0]

    def troubles(self, check: str) -> list[str]:
        """Names of the checks that fail."""
        status, body = self.get(f"/{check}")
        return [each["check"] for each in json.loads(body)["checks"]] if status == 503 else []

    def samples(self) -> dict[tuple[str, str], float]:
        """Values by name and by the values of its labels, but for the namespace."""
        found = {}
        for family in text_string_to_metric_families(self.get("/metrics")[1].decode()):
            for sample in family.samples:
                labels = [v for name, v in sample.labels.items() if name != "namespace"]
                found[sample.name, ",".join(labels)] = sample.value
        return found

    def await_ready(self) -> None:
        """Until it works; fails if it ends instead."""

        def is_ready() -> bool:
            assert self.process.poll() is None, self.said
            return self.status("ready") == 200

        wait_until(is_ready, "the worker is ready", timeout_s=60.0)

    def ended(self) -> int:
        """Its exit code, when it has one."""
        return self.process.wait(timeout=60.0)

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    @property
    def said(self) -> str:
        """All that it wrote to stdout and stderr so far."""
        return self.output.read_text("utf-8", "replace")


@contextmanager
def worker_process(
    settings: Settings,
    folder: Path,
    command: Sequence[str] = WORKER_COMMAND,
    **environment: Any,
) -> Iterator[WorkerProcess]:
    """Starts a worker with a metrics port; kills it at the end if it is still there.

    Args:
        settings: of the worker, as far as they were set.
        folder: for its output.
        command: in place of ``onestory worker``.
        environment: more settings, without ``ONESTORY_``.
    """
    port = int(environment.pop("metrics_port", 0)) or free_port()
    given = settings.model_dump(mode="json", exclude_unset=True, exclude={"redis_url"})
    given |= {"metrics_port": port, **environment}
    variables = {f"ONESTORY_{name.upper()}": str(value) for name, value in given.items()}
    output = folder / f"worker-{port}.txt"
    with output.open("wb") as written:
        process = subprocess.Popen(
            command,
            env=os.environ | {"REDIS_URL": str(settings.redis_url)} | variables,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            yield WorkerProcess(process, port, output)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def variant(module: str) -> tuple[str, ...]:
    """The command of a worker that a module of the tests changes."""
    return (sys.executable, "-m", module, "worker")
