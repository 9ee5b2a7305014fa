"""The embedded default: a private redis-server for as long as one process lives.

It listens on a unix socket in a data folder, on no port, and reads no
configuration of the machine. Three promises, and what each rests on:

*It never outlives its owner*, not even one that is killed with -9. The server
is started through a tiny interpreter that asks the kernel for a SIGTERM at the
parent's death (``PR_SET_PDEATHSIG``) and then becomes redis-server by ``exec``.
The usual ``preexec_fn`` would do this between fork and exec, where a lock held by
another thread hangs the child. The kernel means the parent *thread*, so the
server may only be started from the main one.

*One server a folder.* The server inherits a locked file and its owner closes
its own copy, so the lock lives exactly as long as the server: also in the
moment after ``kill -9`` of the owner, when the server still writes its last second.
Another process that names the same folder uses the running server, for as long
as the owner keeps it.

*Any folder will do.* A unix socket's path may have 107 bytes. The server binds
the name relative to its folder; clients of a long path get a short symbolic link.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from workers.connection.data_folder import (
    LOG_NAME,
    POLL_S,
    SOCKET_NAME,
    answer,
    locked_or_joined,
    make_private,
    socket_path,
)
from workers.connection.server_binary import RedisBinary, dotted, find_redis_binary
from workers.errors import RedisDidNotStart, RedisTooOld

SETTINGS: Final = {
    "port": "0",
    "unixsocket": SOCKET_NAME,
    "unixsocketperm": "700",
    "save": "",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
    "stream-node-max-bytes": "16384",
    "lazyfree-lazy-expire": "yes",
    "proto-max-bulk-len": "64000000",
}
"""Reasons stand in ``deploy/redis.conf``. Names are those of 6.2, which newer servers know."""

_ANSWER_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 10.0

_EXEC_THAT_DIES_WITH_ITS_PARENT = """\
import ctypes, os, signal, sys
PR_SET_PDEATHSIG = 1
os.umask(0o077)  # what it keeps are texts, also of items under embargo
if sys.platform == "linux":
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(sys.argv[1]):  # it died before the line above
        sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


class EmbeddedRedis:
    """A context manager around one private redis-server.

    Args:
        data_folder: where the server keeps its socket, log and data; created if
            absent. None takes a new temporary folder.
        keep: write an append-only file, synced every second, and load it at the
            next start in the same folder. Otherwise the server starts empty, and
            its log is removed at the end, as is a temporary folder.
        binary: the server to start; found on the machine by default.

    Use::

        with EmbeddedRedis() as server:
            redis.Redis.from_url(server.url).ping()
    """

    def __init__(
        self,
        data_folder: Path | None = None,
        *,
        keep: bool = False,
        binary: RedisBinary | None = None,
    ) -> None:
        self._wanted_folder = data_folder
        self._keep = keep
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None
        self._undo = ExitStack()
        self.folder = Path()
        """Absolute data folder, once entered."""
        self.url = ""
        """What clients connect to, once entered: ``unix:///…/redis.sock``."""

    @property
    def owner(self) -> bool:
        """Whether this process started the server, and so ends it; False if it joined one."""
        return self._process is not None

    def __enter__(self) -> Self:
        """Start the server, or join the one of the same folder; returns once it answers.

        Raises:
            NoRedisServer, RedisTooOld: no usable server on this machine.
            RedisDidNotStart: it ended or stayed silent; the message holds its log.
            DataFolderInUse: the folder's server can't be joined.
            RuntimeError: not called from the main thread.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("start EmbeddedRedis in the main thread: it ends with the thread")
        with ExitStack() as undo:
            self.folder = self._made_folder(undo)
            socket = socket_path(self.folder, undo)
            lock = locked_or_joined(self.folder, socket, keep=self._keep)
            if lock is not None:
                undo.callback(self._stop)
                undo.callback(lock.release)
                try:
                    self._launch(lock.server)
                finally:
                    lock.leave_to_server()
                self._await_answer(socket)
            self.url = f"unix://{quote(str(socket))}"
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._undo.close()

    def _made_folder(self, undo: ExitStack) -> Path:
        if self._wanted_folder is None:
            folder = Path(tempfile.mkdtemp(prefix="onestory-"))
            if not self._keep:
                undo.callback(shutil.rmtree, folder, ignore_errors=True)
            return folder
        self._wanted_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._wanted_folder.resolve()

    def _launch(self, lock: int) -> None:
        binary = self._binary or find_redis_binary()
        if self._keep and binary.version < (7,) and Path(self.folder, "appendonlydir").exists():
            raise RedisTooOld(
                f"{self.folder} holds data of Redis 7 or newer, and {binary.path} is "
                f"{dotted(binary.version)}, which would start empty beside them. "
                "Put the newer redis-server on PATH, or name another data folder."
            )
        settings = SETTINGS | {"appendonly": "yes" if self._keep else "no"}
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        make_private(self.folder)
        with Path(self.folder, LOG_NAME).open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    *("-I", "-S", "-c", _EXEC_THAT_DIES_WITH_ITS_PARENT),
                    *(str(os.getpid()), str(binary.path), *options),
                ],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock,),
                # Else Ctrl-C in a terminal would stop it before the workers are done.
                start_new_session=True,
            )

    def _await_answer(self, socket: Path) -> None:
        deadline = time.monotonic() + _ANSWER_TIMEOUT_S
        while not (said := answer(socket, b"PING")).startswith(b"+PONG"):
            if said.startswith(b"-LOADING"):  # kept data: as long as it takes
                deadline = time.monotonic() + _ANSWER_TIMEOUT_S
            if self._ended(within_s=POLL_S) or time.monotonic() > deadline:
                raise RedisDidNotStart(
                    f"redis-server in {self.folder} did not start. Its log ends:\n"
                    + _last_lines(Path(self.folder, LOG_NAME))
                )

    def _ended(self, *, within_s: float) -> bool:
        if self._process is None:
            return True
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        if not self._ended(within_s=_STOP_TIMEOUT_S):
            self._process.kill()
            self._process.wait()
        self._process = None
        if not self._keep:
            Path(self.folder, LOG_NAME).unlink(missing_ok=True)


def _last_lines(log: Path, count: int = 10) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return "(it wrote none)"
