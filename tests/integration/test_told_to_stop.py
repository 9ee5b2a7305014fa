"""SIGTERM in every moment of a command's life, also as the first process of a container."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.first_process import first_process
from tests.support.redis.servers import wait_until

STOPPED = 128 + 15
FEEDS = '[[feed]]\nurl = "http://127.0.0.1:1/feed"\n'
COMMANDS = {
    "worker": 0,
    "serve --port 0": 0,
    "poll FEEDS": 0,
    "listen --port 0": 0,
    "run -": STOPPED,
    "demo --serve --port 0": STOPPED,
}


@pytest.fixture
def mute() -> Iterator[socket.socket]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60.0)
        yield server


def words_of(command: str, folder: Path) -> list[str]:
    (folder / "feeds.toml").write_text(FEEDS, "utf-8")
    return command.replace("FEEDS", str(folder / "feeds.toml")).split()


@pytest.mark.parametrize(("command", "code"), COMMANDS.items())
def test_who_is_told_to_end_before_it_has_begun_ends(
    command: str, code: int, tmp_path: Path
) -> None:
    environment = os.environ | {"REDIS_URL": "redis://127.0.0.1:1/0"}
    with first_process(*words_of(command, tmp_path), env=environment) as process:
        wait_until(process.has_handler, "SIGTERM has a handler")

        assert process.told_to_end() == code


@pytest.mark.parametrize("command", [each for each in COMMANDS if not each.startswith("demo")])
def test_who_is_told_to_end_while_redis_does_not_answer_ends(
    command: str, mute: socket.socket, tmp_path: Path
) -> None:
    port = mute.getsockname()[1]
    environment = os.environ | {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with first_process(
        *words_of(command, tmp_path), env=environment, stdin=subprocess.PIPE
    ) as process:
        connection, _ = mute.accept()
        with connection:
            assert process.told_to_end() == COMMANDS[command]


def test_a_run_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    with first_process(
        *("run", "-"), env=environment | {"TMPDIR": str(tmp_path)}, stdin=subprocess.PIPE
    ) as process:
        wait_until(lambda: list(tmp_path.glob("*/redis.sock")), "Redis is there", timeout_s=60)

        assert process.told_to_end() == STOPPED
    assert list(tmp_path.iterdir()) == []
