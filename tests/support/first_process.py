"""``onestory`` as the first process of a container: PID 1 of a namespace of processes.

There the kernel keeps from a process every signal that it has no handler for. Where a test may not
make a namespace, the same command runs as any other process does: a signal without a handler then
ends it, and its exit code is that of the signal and not the command's own.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.redis.servers import wait_until

_NAMESPACE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")


@cache
def may_be_first() -> bool:
    """Whether namespaces of processes can be made here."""
    try:
        return (
            subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
        )
    except FileNotFoundError:
        return False


@dataclass(frozen=True, slots=True)
class FirstProcess:
    """A command."""

    started: subprocess.Popen[bytes]
    pid: int

    def has_handler(self) -> bool:
        """For SIGTERM."""
        (caught,) = (
            line.split()[1]
            for line in Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
            if line.startswith("SigCgt:")
        )
        return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)

    def told_to_end(self, within_s: float = 20.0) -> int:
        """Its exit code after SIGTERM."""
        os.kill(self.pid, signal.SIGTERM)
        return self.started.wait(within_s)


@contextmanager
def first_process(*words: str, **popen: Any) -> Iterator[FirstProcess]:
    """Start ``onestory`` with these words; killed at the end if it still runs."""
    command = [sys.executable, "-P", "-m", "workers", *words]
    with subprocess.Popen([*(_NAMESPACE if may_be_first() else ()), *command], **popen) as started:
        try:
            yield FirstProcess(started, _first_of(started.pid) if may_be_first() else started.pid)
        finally:
            started.kill()


def _first_of(unshare: int) -> int:
    """The process that is number 1 in the namespace, by its number out here."""
    children = Path(f"/proc/{unshare}/task/{unshare}/children")
    wait_until(lambda: children.read_text("ascii"), "unshare has forked")
    return int(children.read_text("ascii"))
