"""Worker processes that are started again whenever they end, as a supervisor does it."""

import contextlib
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workers.process.pool import _environment
from workers.settings import Settings

_LOOKED_AT_EVERY_S = 0.1
_STOP_WITHIN_S = 30.0


@dataclass(slots=True)
class Seat:
    """Where one worker sits: how it is started, and the process that is there now."""

    command: Sequence[str]
    settings: Settings
    folder: Path | None = None
    """Where it runs, and finds its own version of the code."""
    process: subprocess.Popen[bytes] | None = None


@dataclass(slots=True)
class Fleet:
    """Seats that are kept taken."""

    seats: list[Seat]
    log: Path
    started: int = 0
    slow_stops: list[float] = field(default_factory=list)
    """SIGTERMs that took longer than a worker may take."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._fill()
        self._thread = threading.Thread(target=self._supervise, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Ask all to stop, and wait."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        for seat in self.seats:
            if seat.process is not None:
                with contextlib.suppress(ProcessLookupError):
                    seat.process.send_signal(signal.SIGCONT)
                seat.process.terminate()
        for seat in self.seats:
            if seat.process is not None:
                self._await_end(seat.process)

    def pick(self, rng: random.Random) -> subprocess.Popen[bytes]:
        """One of the workers."""
        process = self.seats[rng.randrange(len(self.seats))].process
        assert process is not None
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            process.kill()
            process.wait()

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """SIGTERM; returns once the worker has ended."""
        process.terminate()
        self._await_end(process)

    def freeze(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        """SIGSTOP, and SIGCONT later; one that has ended meanwhile has ended."""
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGSTOP)
            time.sleep(seconds)
            process.send_signal(signal.SIGCONT)

    def replace_all(self) -> None:
        """Kill all with -9."""
        for seat in self.seats:
            if seat.process is not None:
                self.kill(seat.process)

    def resident_mb(self) -> list[int]:
        """Resident memory of each worker."""
        found = []
        for seat in self.seats:
            pid = seat.process.pid if seat.process is not None else 0
            with contextlib.suppress(OSError):
                pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
                found.append(pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000)
        return found

    def tracebacks(self) -> list[str]:
        """Errors that workers did not expect, as they logged them: last line of each."""
        if not self.log.exists():
            return []
        parts = self.log.read_text("utf-8", "replace").split("Traceback (most recent call last):")
        lines = (_last_line_of_traceback(part) for part in parts[1:])
        return [re.sub(r"0x[0-9a-f]+", "0x…", line) for line in lines if not _is_expected(line)]

    def _await_end(self, process: subprocess.Popen[bytes]) -> None:
        began = time.monotonic()
        try:
            process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.slow_stops.append(time.monotonic() - began)
            process.kill()
            process.wait()

    def _supervise(self) -> None:
        while not self._ended.wait(_LOOKED_AT_EVERY_S):
            self._fill()

    def _fill(self) -> None:
        with self._lock:
            for seat in self.seats:
                if seat.process is None or seat.process.poll() is not None:
                    seat.process = self._started(seat)

    def _started(self, seat: Seat) -> subprocess.Popen[bytes]:
        self.started += 1
        with self.log.open("ab") as log:
            return subprocess.Popen(
                list(seat.command),
                env=os.environ | _environment(seat.settings),
                cwd=seat.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _is_expected(line: str) -> bool:
    """FastStream shows the whole of a lost connection, and what it was made of."""
    return line.startswith(("redis.exceptions.", "ConnectionResetError", "RuntimeError: unable to"))


def _last_line_of_traceback(text: str) -> str:
    for line in text.splitlines():
        if line and not line.startswith(" "):
            return line[:300]
    return "(cut off)"
