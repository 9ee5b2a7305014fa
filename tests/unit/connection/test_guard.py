"""What a server says of itself, and what is made of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import anyio
import pytest
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError
from typer.testing import CliRunner

from tests.support.redis import refusals
from tests.support.redis.servers import connected
from workers.cli import app
from workers.connection import guard
from workers.connection.guard import Guard, ServerSaid, refuse_too_old, warnings_of
from workers.errors import EvictingServer, RedisTooOld


class Saves:
    """A client that is asked for CONFIG alone."""

    def __init__(self, save: str | None) -> None:
        self._save = save

    def config_get(self, name: str) -> dict[str, str]:
        if self._save is None:
            raise NoPermissionError("this user has no permissions to run the 'config|get' command")
        return {name: self._save}


def said(**changes: Any) -> ServerSaid:
    well = {
        "redis_version": "8.2.2",
        "maxmemory_policy": "noeviction",
        "maxmemory": 1_000_000,
        "evicted_keys": 0,
        "aof_enabled": 1,
    }
    return ServerSaid.read(well | changes)


def warned(save: str | None = "", **changes: Any) -> list[str]:
    return list(warnings_of(said(**changes), cast(Any, Saves(save))))


def test_of_a_server_that_is_well_nothing_is_said() -> None:
    assert warned() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"maxmemory_policy": "allkeys-lru"}, "ONESTORY_ALLOW_EVICTION allows"),
        ({"aof_enabled": 0, "save": ""}, "save is empty"),
        ({"aof_enabled": 0, "save": None}, "whether it saves snapshots can't be seen"),
        ({"maxmemory": 0}, "names no memory limit"),
        ({"redis_version": "6.2.19"}, "Redis 6.2.19 is by its number older than 6.2.20"),
    ],
)
def test_one_line_says_what_an_operator_should_know(changes: dict[str, Any], words: str) -> None:
    (line,) = warned(**changes)

    assert words in line


def test_snapshots_are_as_good_as_an_append_only_file() -> None:
    assert warned(save="3600 1", aof_enabled=0) == []


@pytest.mark.parametrize(
    ("version", "first"),
    [
        *(("6.2.14", "6.2.20"), ("6.2.20", None), ("6.2.21", None), ("7.2.10", "7.2.11")),
        *(("7.4.5", "7.4.6"), ("8.0.3", "8.0.4"), ("8.0.4", None), ("8.2.1", "8.2.2")),
        *(("8.4.0", None), ("9.0.0", None)),
        ("7.0.15", "7.2.11"),  # a line that its makers had left
    ],
)
def test_a_server_without_the_patch_is_told_from_one_with_it(
    version: str, first: str | None
) -> None:
    lines = warned(redis_version=version)

    assert [f"older than {first}," in line for line in lines] == ([True] if first else [])


@pytest.mark.parametrize(
    ("version", "is_patched"),
    [("7.2.10", False), ("8.0.5", False), ("8.0.6", True), ("8.1.3", False), ("9.0.0", True)],
)
def test_valkey_counts_by_itself(version: str, *, is_patched: bool) -> None:
    """For old clients it calls itself Redis 7.2.4 as well."""
    lines = warned(redis_version="7.2.4", valkey_version=version)

    assert lines == [] if is_patched else f"Valkey {version} is" in lines[0]


def test_a_server_that_does_not_say_is_none_that_evicts() -> None:
    """As behind a proxy that answers with some sections only."""
    ServerSaid.read({"redis_version": "7.2.4"}).must_keep_all(allow_eviction=False)


class Telling:
    """An asynchronous client that answers INFO."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)

    async def info(self) -> Any:
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"redis_version": "8.2.2"} | answer


def guarding(*answers: Any, allow_eviction: bool = False) -> Guard:
    return Guard(cast(Redis, Telling(*answers)), allow_eviction)


def looked(watch: Guard, times: int) -> None:
    async def go() -> None:
        for _ in range(times):
            await watch.look(now=True)

    anyio.run(go)


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ([500, 500], 0),  # before this process began
        ([500, 507, 510], 10),
        ([500, 3], 3),  # the server was restarted
        ([0, 5, 2], 7),
    ],
)
def test_what_is_evicted_is_counted_from_the_first_look(
    told: list[int], counted: int, caplog: pytest.LogCaptureFixture
) -> None:
    watch = guarding(*({"evicted_keys": number} for number in told), allow_eviction=True)

    looked(watch, len(told))

    assert watch.evicted == counted
    # What was evicted before is said too: by who takes the place of a process that saw it not.
    assert ("500 keys were evicted since the server started" in caplog.text) == (told[0] == 500)
    assert ("since the last look" in caplog.text) == (counted > 0)


def test_a_server_is_refused_for_as_long_as_it_evicts() -> None:
    watch = guarding({"maxmemory_policy": "allkeys-lfu"}, {"maxmemory_policy": "noeviction"})

    with pytest.raises(EvictingServer, match="allkeys-lfu"):
        looked(watch, 1)
    assert "allkeys-lfu" in (watch.refused or "")

    looked(watch, 1)
    assert watch.refused is None


def test_a_user_that_may_not_ask_goes_on() -> None:
    watch = guarding(NoPermissionError("no"))

    looked(watch, 1)

    assert watch.refused is None


def test_it_looks_no_oftener_than_it_must() -> None:
    watch = guarding({})
    anyio.run(watch.look)

    anyio.run(watch.look)  # another INFO would find no answer


OLD = {
    "Redis 6.0.16": b"%3\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n6.0.16\r\n"
    b"$5\r\nproto\r\n:3\r\n",
    "Redis older than 6.0": b"-ERR unknown command `HELLO`, with args beginning with: \r\n",
}
"""How servers answer HELLO."""


@pytest.fixture(params=OLD)
def old(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str]]:
    """The URL of a server that is too old, and its name."""
    monkeypatch.setitem(refusals._LET_IN, b"HELLO", OLD[request.param])
    with refusals.refusing_server(tmp_path, "ERR unknown command") as url:
        yield url, request.param


@pytest.mark.parametrize(
    "words",
    [
        *(["worker"], ["serve", "--port", "0"], ["listen", "--port", "0"], ["tail"]),
        *(["dead", "list"], ["rules", "list"], ["diff", "a", "b"], ["switch", "a", "--into", "b"]),
        *(["publish", "FILE"], ["run", "FILE"], ["poll", "FEEDS", "--once"], ["explain", "a", "b"]),
        *(["evaluate", "FILE"], ["replay", "FILE", "--into", "b"]),
    ],
    ids=" ".join,
)
def test_every_command_says_in_one_line_that_the_server_is_too_old(
    words: list[str], old: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file.jsonl").write_text('{"id": "a", "text": "b", "story": "c"}\n')
    (tmp_path / "feeds.toml").write_text('[[feed]]\nurl = "https://feeds.example/rss"\n')
    named = {"FILE": str(tmp_path / "file.jsonl"), "FEEDS": str(tmp_path / "feeds.toml")}

    done = CliRunner().invoke(
        app, [named.get(each, each) for each in words], env={"REDIS_URL": old[0]}
    )

    assert done.exit_code == 1, done.output
    (line,) = (each for each in done.output.splitlines() if each)
    assert line.startswith(f"onestory: the server is {old[1]}, expected 6.2 or newer")


def test_a_server_that_is_new_enough_is_taken(redis_url: str) -> None:
    with connected(redis_url) as redis:
        refuse_too_old(redis)


def test_the_error_says_what_to_do() -> None:
    said_too_old = str(RedisTooOld(guard._too_old("6.0.16")))

    assert "install a newer one, or name another in REDIS_URL" in said_too_old
