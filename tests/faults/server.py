"""A redis-server that keeps an append-only file and can be broken in every way."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.support.redis.servers import wait_until
from workers.connection.private_server import _EXEC_THAT_DIES_WITH_ITS_PARENT, SETTINGS
from workers.connection.server_binary import find_redis_binary

PORT_OFF = "0"
_SIZES_EVERY_S = 0.1
_ANSWERS_WITHIN_S = 60.0


class Server:
    """One server in one folder; every acknowledged write is synced before its answer.

    A process that is killed loses nothing that it wrote: the kernel still has it. So a tail is
    lost as a machine without power loses it, by cutting the file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"unix://{folder / 'redis.sock'}"
        self.version = find_redis_binary().version
        self._process: subprocess.Popen[bytes] | None = None
        self._sizes: deque[tuple[float, int]] = deque(maxlen=100)
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._note_sizes, daemon=True)
        self._log = (folder / "redis.log").open("ab")

    def start(self) -> None:
        """Start, or start again; returns once all that was kept is loaded."""
        options = SETTINGS | {
            "appendonly": "yes",
            "appendfsync": "always",
            "aof-load-truncated": "yes",
            "unixsocket": "redis.sock",
            "port": PORT_OFF,
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", "-c", _EXEC_THAT_DIES_WITH_ITS_PARENT),
                *(str(os.getpid()), str(find_redis_binary().path), *words),
            ],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        wait_until(self._answers, "redis-server answers", timeout_s=_ANSWERS_WITHIN_S)
        if not self._watch.is_alive():
            self._watch.start()

    def kill(self) -> None:
        """As by kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def cut(self, least_bytes: int) -> int:
        """Cut the file of a dead server by so much, and never into its base; how much that was."""
        file, base = self._file()
        size = file.stat().st_size
        cut = max(0, min(least_bytes, size - base))
        os.truncate(file, size - cut)
        return cut

    def written_in_the_last(self, seconds: float) -> int:
        """Bytes that were appended lately: what a machine without power may lose."""
        file, _ = self._file()
        size = file.stat().st_size
        before = [length for at, length in self._sizes if at < time.monotonic() - seconds]
        return max(0, size - before[-1]) if before else 0

    def end(self) -> None:
        self._ended.set()
        if self._process is not None and self._process.poll() is None:
            self.resume()
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _signal(self, number: int) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "redis.log").read_text()[-2_000:]
        with Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False

    def _file(self) -> tuple[Path, int]:
        """The file that grows, and how much of it is its base, of which nothing may be cut."""
        parts = sorted((self.folder / "appendonlydir").glob("*.incr.aof"), key=_written_at)
        if parts:
            return parts[-1], 0
        return self.folder / "appendonly.aof", self._base

    _base: int = 0

    def _note_sizes(self) -> None:
        with Redis.from_url(self.url, socket_timeout=1.0) as client:
            while not self._ended.wait(_SIZES_EVERY_S):
                try:
                    info = client.info("persistence")
                    self._sizes.append((time.monotonic(), self._file()[0].stat().st_size))
                except (RedisError, OSError):
                    continue
                assert isinstance(info, dict)
                self._base = int(info["aof_base_size"])


def _written_at(file: Path) -> float:
    return file.stat().st_mtime


def some_bytes(rng: random.Random) -> int:
    """How much of a tail is cut in mid-command: from a byte to some dozens of commands."""
    return rng.choice([1, rng.randrange(1, 200), rng.randrange(1_000, 200_000)])
