"""Worker processes for commands that need some of their own: run, serve, demo, bench."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from workers.errors import WorkersFailed
from workers.metrics.server import await_free
from workers.settings import Settings
from workers.trust import trust_of

PARENT = "ONESTORY_PARENT_PID"
"""Set for workers started here: one whose parent is gone stops by itself."""
WORKER_COMMAND = (sys.executable, "-P", "-m", "workers", "worker")
"""Without -P the current folder's ``workers/`` and ``redis.py`` would run in place of ours."""
_TOKENS = ("ingest_token", "read_token", "write_token", "write_tokens")
"""No worker needs those of another process."""
_SHORT_LIFE_S = 5.0
_SHORT_LIVES = 3
"""Deaths within seconds of the start, in a row, before it is called a failure."""
_ORPHANS_END_S = 10.0
"""Workers of a command that was killed -9 hold their ports until they see it."""


class WorkerPool:
    """Keeps ``count`` worker processes running; one that dies is replaced."""

    def __init__(
        self, settings: Settings, count: int, command: Sequence[str] = WORKER_COMMAND
    ) -> None:
        trust_of(settings)  # workers could only end one after the other, and say so elsewhere
        self._environment = _environment(settings)
        self._metrics = settings.metrics_host, settings.metrics_port
        self._count = count
        self._command = command
        self._processes: list[tuple[subprocess.Popen[bytes], float]] = []
        self._short_lives = 0
        self.has_worked = False
        """Whether any worker came beyond its start."""

    def __enter__(self) -> Self:
        """Start them.

        Raises:
            CantListen: one could not serve its metrics.
        """
        host, port = self._metrics
        for place in range(self._count if port else 0):
            await_free(host, port + place, _ORPHANS_END_S)
        self._processes = [self._started(place) for place in range(self._count)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process, _ in self._processes:
            process.terminate()
        for process, _ in self._processes:
            try:
                process.wait(timeout=20.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the workers as of the last check."""
        return tuple(process.pid for process, _ in self._processes)

    def kill(self, place: int) -> None:
        """Kill one worker with -9 and put a new one in its place."""
        process, _ = self._processes[place]
        process.kill()
        process.wait()
        self._processes[place] = self._started(place)

    def check(self) -> None:
        """Replace workers that ended.

        Raises:
            WorkersFailed: they end within seconds, again and again; the next call tries anew.
        """
        for place, (process, started) in enumerate(self._processes):
            lived = time.monotonic() - started
            if process.poll() is None:
                self.has_worked |= lived >= _SHORT_LIFE_S
                continue
            # A worker that was killed did not fail: poison or a person did that.
            failed = lived < _SHORT_LIFE_S and process.returncode > 0
            self._short_lives = self._short_lives + 1 if failed else 0
            if self._short_lives >= _SHORT_LIVES:
                self._short_lives = 0
                raise WorkersFailed(
                    f"{_SHORT_LIVES} workers ended within {_SHORT_LIFE_S:.0f} s of their start, "
                    f"the last with exit code {process.returncode}; their messages are above"
                )
            self._processes[place] = self._started(place)

    def _started(self, place: int) -> tuple[subprocess.Popen[bytes], float]:
        own = {f"ONESTORY_{name.upper()}" for name in _TOKENS}
        inherited = {name: value for name, value in os.environ.items() if name not in own}
        # Two workers can't have one port: the second of a pool has the one behind, and so on.
        _, first = self._metrics
        port = str(first and first + place)
        process = subprocess.Popen(
            self._command,
            env=inherited | self._environment | {"ONESTORY_METRICS_PORT": port},
            stdin=subprocess.DEVNULL,
            # Else Ctrl-C in a terminal would reach the workers before their parent.
            start_new_session=True,
        )
        return process, time.monotonic()


def _environment(settings: Settings) -> dict[str, str]:
    """The settings as a worker process reads them."""
    values = settings.model_dump(mode="json", exclude_none=True, exclude={*_TOKENS})
    if settings.encoder_key is not None:  # dumped as asterisks
        values["encoder_key"] = settings.encoder_key.get_secret_value()
    url = values.pop("redis_url")
    return {
        "REDIS_URL": str(url),
        PARENT: str(os.getpid()),
        "ONESTORY_LOG_LEVEL": "WARNING",
        **{f"ONESTORY_{name.upper()}": str(value) for name, value in values.items()},
    }
