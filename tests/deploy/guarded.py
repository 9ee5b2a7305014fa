"""A real redis-server under ``deploy/users.acl``, as the compose file starts it."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from tests.deploy.files import DEPLOY
from tests.support.redis.servers import wait_until
from workers.connection.server_binary import find_redis_binary

NAMESPACE = "news"
USERS = ("worker", "publisher", "poller", "consumer", "editor", "viewer", "api", "operator")
PASSWORDS = {user: f"{user}-has-a-password-of-its-own" for user in USERS}
ADMINISTRATOR = "tests-administrator"
"""A user of the tests alone, who may ask what the others were refused."""


def filled(
    passwords: Mapping[str, str],
    *options: str,
    namespace: str = NAMESPACE,
) -> subprocess.CompletedProcess[str]:
    """What ``deploy/acl.sh`` makes of the template. `passwords` are by user; that of ``worker old``
    is the one which the worker had before.
    """
    secrets = {_variable(user): password for user, password in passwords.items()}
    return subprocess.run(
        [DEPLOY / "acl.sh", *options, DEPLOY / "users.acl"],
        env={"PATH": os.environ["PATH"], "ONESTORY_NAMESPACE": namespace, **secrets},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


def _variable(user: str) -> str:
    name, _, old = user.partition(" ")
    return f"ONESTORY_REDIS_{name.upper()}_PASSWORD" + ("_OLD" if old else "")


@dataclass(frozen=True, slots=True)
class Guarded:
    """A server whose users are those of the template."""

    port: int
    version: tuple[int, int, int]

    def url(self, user: str, password: str | None = None) -> str:
        return f"redis://{user}:{password or PASSWORDS[user]}@127.0.0.1:{self.port}/0"

    @contextmanager
    def client(self, user: str, password: str | None = None) -> Iterator[Redis]:
        client = Redis.from_url(self.url(user, password), retry=Retry(NoBackoff(), 0))
        try:
            yield client
        finally:
            client.close()

    def refused(self) -> list[tuple[str, str]]:
        """User and what it was refused, of all commands and keys that were; newest first."""
        with self.client(ADMINISTRATOR, ADMINISTRATOR) as client:
            log = cast(list[dict[str, Any]], client.acl_log())
        return [(each["username"], each["object"]) for each in log]


@contextmanager
def guarded(folder: Path) -> Iterator[Guarded]:
    """The server; ends with the block."""
    binary = find_redis_binary()
    options = ["--redis", "6.2"] if binary.version < (7,) else []
    lines = filled(PASSWORDS, *options)
    assert lines.returncode == 0, lines.stderr
    users = folder / "users.acl"
    users.write_text(f"{lines.stdout}user {ADMINISTRATOR} on >{ADMINISTRATOR} ~* +@all\n")
    port = free_port()
    with started(binary.path, folder, port, "--aclfile", str(users)) as process:
        server = Guarded(port, binary.version)
        wait_until(lambda: process.poll() is not None or _answers(server), "redis-server answers")
        assert process.poll() is None, Path(folder, "redis.log").read_text()
        yield server


@contextmanager
def started(
    binary: Path, folder: Path, port: int, *options: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A redis-server with ``deploy/redis.conf`` and some options; killed at the end."""
    with Path(folder, "redis.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(binary, DEPLOY / "redis.conf", "--bind", "127.0.0.1", "--port", str(port)),
                *("--dir", str(folder), "--appendfsync", "no", *options),
            ],
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(server: Guarded) -> bool:
    with server.client(ADMINISTRATOR, ADMINISTRATOR) as client:
        try:
            return bool(client.ping())
        except RedisConnectionError:
            return False
