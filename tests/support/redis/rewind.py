"""A redis-server that goes back in time, as one does that is killed before it synced its file."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from redis import Redis

from tests.support.redis.servers import connected, wait_until
from workers.connection.private_server import EmbeddedRedis


@dataclass(slots=True)
class RewindingRedis:
    """A server on one socket, however often it is killed."""

    folder: Path
    url: str
    redis: Redis
    _server: EmbeddedRedis

    def now(self) -> int:
        """This moment, to `rewind` to; between two commands, since the server is at rest."""
        wait_until(self._is_at_rest, "all is written")
        return self._file().stat().st_size

    def _is_at_rest(self) -> bool:
        """While a sync to disk is under way the server keeps what is new to itself, and a new file
        takes the place of this one when it is complete.
        """
        names = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "aof_buffer_length")
        told = self._info("persistence")
        return not any(told[name] for name in names)

    def within_a_script(self, after: int) -> int:
        """A moment at which only the beginning of a script's writes was on disk."""
        self.now()
        written = self._file().read_bytes()
        return written.index(b":stories", written.index(b"MULTI", after))

    def _info(self, section: str) -> dict[str, int]:
        return cast(dict[str, int], self.redis.info(section))

    def rewind(self, moment: int | None = None) -> None:
        """Kill -9, and start as the server was at that moment; None: nothing is lost."""
        if moment is None:
            self.now()
        os.kill(self._info("server")["process_id"], signal.SIGKILL)
        self._server.__exit__(None, None, None)
        if moment is not None:
            os.truncate(self._file(), moment)
        self._server.__enter__()

    def _file(self) -> Path:
        """Of Redis 7 and newer, what was appended since the start; of 6.2 all there is."""
        newer = sorted(self.folder.glob("appendonlydir/*.incr.aof"))
        return newer[-1] if newer else self.folder / "appendonly.aof"


@contextmanager
def rewinding_redis(folder: Path) -> Iterator[RewindingRedis]:
    """One with nothing in it; ends with the block."""
    server = EmbeddedRedis(folder, keep=True)
    with server, connected(server.url) as redis:
        yield RewindingRedis(folder, server.url, redis, server)
