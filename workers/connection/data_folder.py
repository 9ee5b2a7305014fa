"""A data folder of the embedded default: its locks, and the socket that clients connect to.

Two locked files tell the state of a folder:

| ``redis.lock``, by the server | ``owner.lock``, by its owner | a newcomer                   |
|-------------------------------|------------------------------|------------------------------|
| free                          | free                         | starts a server              |
| held                          | held                         | joins it, once it answers    |
| held                          | free                         | waits: the server is ending  |

Without the second lock a newcomer would join a server that answers for its last
tenth of a second, after ``kill -9`` of the owner. Neither file is ever removed: a
process that waits for it would lock a file without a name, and the next one a new file.
"""

import fcntl
import logging
import os
import shutil
import socket
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from workers.errors import DataFolderInUse

log = logging.getLogger("onestory.redis")

SOCKET_NAME = "redis.sock"
LOCK_NAME = "redis.lock"
OWNER_NAME = "owner.lock"
LOG_NAME = "redis.log"
POLL_S = 0.005
"""How often a condition of the server is looked at; it starts within some 20 ms."""

_KEPT = ("appendonly.aof", "dump.rdb", LOG_NAME, "appendonlydir", "appendonlydir/*")
"""Files of a server, of Redis 6.2 and of newer ones; folders among them."""
_MAX_SOCKET_PATH_BYTES = 107  # sun_path has 108 with its closing NUL
_WAIT_S = 10.0


def socket_path(folder: Path, undo: ExitStack) -> Path:
    """Where clients of ``folder``'s server connect: through a short link if it must be."""
    path = folder / SOCKET_NAME
    if len(os.fsencode(path)) <= _MAX_SOCKET_PATH_BYTES:
        return path
    # Not tempfile's folder, which may be the long part of the path.
    short = Path(tempfile.mkdtemp(prefix="onestory-", dir="/tmp"))
    undo.callback(shutil.rmtree, short, ignore_errors=True)
    link = short / "data"
    link.symlink_to(folder, target_is_directory=True)
    return link / SOCKET_NAME


def make_private(folder: Path) -> None:
    """Take what the server keeps in a folder from everybody else, however the folder was made.

    The folder itself is left as it is, since it may be for other things too; where others may
    write to it, that is told: they could put files of theirs in place of the server's.
    """
    (folder / LOG_NAME).touch(0o600)
    for path in (each for name in _KEPT for each in folder.glob(name)):
        try:
            path.chmod(0o700 if path.is_dir() else 0o600)
        except OSError as error:
            log.warning("%s may be open to others: %s", path, error.strerror)
    if folder.stat().st_mode & 0o022:
        log.warning("others may write to the data folder %s: chmod 700 it", folder)


@dataclass(slots=True)
class FolderLock:
    """Both locks of a folder, by their descriptors."""

    server: int
    """To be inherited by the server."""
    owner: int

    def leave_to_server(self) -> None:
        """Close the server's lock here, so that it lives as long as the server."""
        os.close(self.server)

    def release(self) -> None:
        """Say that the server is about to end; close alone leaves it to a forked child."""
        fcntl.flock(self.owner, fcntl.LOCK_UN)
        os.close(self.owner)


def locked_or_joined(folder: Path, path: Path, *, keep: bool) -> FolderLock | None:
    """The locks of ``folder``; None once another process' server answers at ``path``.

    Waits for a server that is starting or ending just now.

    Raises:
        DataFolderInUse: it is locked and no server answers within 10 s, or the
            data are to be kept and the running server doesn't keep them.
    """
    server, owner = (
        os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600) for name in (LOCK_NAME, OWNER_NAME)
    )
    deadline = time.monotonic() + _WAIT_S
    while not _try_lock(server):
        joined = _is_locked(owner) and answer(path, b"PING").startswith(b"+PONG")
        if not joined and time.monotonic() < deadline:
            time.sleep(POLL_S)
            continue
        os.close(server)
        os.close(owner)
        if not joined:
            raise DataFolderInUse(
                f"{folder} is locked by another process, and no Redis answers in it. "
                f"See who holds {folder / LOCK_NAME}, or name another data folder."
            )
        if keep and not answer(path, b"CONFIG GET appendonly").endswith(b"\r\nyes\r\n"):
            raise DataFolderInUse(
                f"the Redis that runs in {folder} does not keep its data, expected one that "
                "does. Stop its owner first, or name another data folder."
            )
        return None
    fcntl.flock(owner, fcntl.LOCK_EX)  # at most a newcomer's glance is in the way
    return FolderLock(server, owner)


def answer(path: Path, command: bytes) -> bytes:
    """The start of a server's answer to an inline command; empty if none comes."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        try:
            client.connect(str(path))
            client.sendall(command + b"\r\n")
            return client.recv(128)
        except OSError:
            return b""


def _is_locked(lock: int) -> bool:
    """Whether another process holds it exclusively."""
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(lock, fcntl.LOCK_UN)
    return False


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
