"""A folder in memory where the workers of a host, and of one user, hold a window together.

    onestory-UID/           nobody else may enter it
        NAME.lock           locked by every worker of the namespace NAME, while it lives
        NAME.0, NAME.1, …   payloads (payload_file.py)

Whoever can lock a lock file alone knows that its workers are gone, also those that were killed,
and removes what they left. Who enters meanwhile has locked a file without a name, and enters anew.
"""

import errno
import fcntl
import logging
import os
import stat
import time
import weakref
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs

from workers.settings import Settings
from workers.window.payload_file import FORMAT

log = logging.getLogger("onestory.worker")

_TRIES, _PAUSE_S = 100, 0.01
"""Who tidies up has a lock alone for some milliseconds. If it was stopped, it holds up nobody."""


class SharedFolder:
    """The files of one namespace; they go with the last worker that has entered."""

    def __init__(self, parent: Path, name: str) -> None:
        """Enter, and remove what dead workers left, of any namespace.

        Raises:
            OSError: the folder can't be made or used, somebody else may enter it, or somebody who
                does nothing keeps others out.
        """
        self._folder, self._name = parent / f"onestory-{os.geteuid()}", name
        self._folder.mkdir(mode=0o700, exist_ok=True)
        found = self._folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o77:
            raise PermissionError(f"{self._folder} is not this user's alone: chmod 700 it")
        _remove_left(self._folder)
        lock = _entered(self._folder / f"{name}.lock")
        self._leave = weakref.finalize(self, _leave, self._folder, lock)

    def leave(self) -> None:
        """Let go of the files. Done at the end of the process too, if it was not before."""
        self._leave()

    def file(self, place: int) -> Path:
        """The one with these payloads."""
        return self._folder / f"{self._name}.{place}"

    def remove_below(self, place: int) -> None:
        """Remove the files before one: whoever has them mapped keeps them. Where that is forbidden
        by now, they stay.
        """
        with suppress(OSError):
            for path in self._folder.glob(f"{self._name}.[0-9]*"):
                if int(path.suffix[1:]) < place:
                    path.unlink(missing_ok=True)


def shared_folder(settings: Settings) -> SharedFolder | None:
    """That of a worker's namespace; None where it can't be used, which is told."""
    server = _server(settings.redis_url or "")
    name = sha256(f"{FORMAT} {server} {settings.namespace}".encode()).hexdigest()[:16]
    try:
        return SharedFolder(settings.window_folder, name)
    except OSError as error:
        log.warning("this worker holds its window alone: %s (ONESTORY_WINDOW_FOLDER)", error)
        return None


def _server(url: str) -> str:
    """A URL without user and password, and without options, of which one may be a password too;
    but for the database: another one's articles may have the same numbers.
    """
    address, _, options = url.partition("?")
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]} {parse_qs(options).get('db', [])}"


def _entered(path: Path) -> int:
    """A lock on this file that others may have too.

    Raises:
        OSError: somebody has it alone, for too long.
    """
    for _ in range(_TRIES):
        with suppress(BlockingIOError):
            return _locked(path, fcntl.LOCK_SH | fcntl.LOCK_NB)
        time.sleep(_PAUSE_S)
    raise OSError(errno.EAGAIN, f"somebody who does nothing has locked {path}")


def _locked(path: Path, how: int) -> int:
    """A lock on the file that has this name now.

    Raises:
        BlockingIOError: another process has it.
    """
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, how)
            if os.path.samestat(os.fstat(lock), path.stat()):
                return lock
        except FileNotFoundError:
            pass
        except OSError:
            os.close(lock)
            raise
        os.close(lock)


def _leave(folder: Path, lock: int) -> None:
    os.close(lock)
    with suppress(OSError):  # it is removed by now, or nobody may write there any more
        _remove_left(folder)


def _remove_left(folder: Path) -> None:
    """Remove the files of namespaces that no worker lives of."""
    for path in folder.glob("*.lock"):
        try:
            lock = _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        for each in folder.glob(f"{path.stem}.[0-9]*"):
            each.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        os.close(lock)
