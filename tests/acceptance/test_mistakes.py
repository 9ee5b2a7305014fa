"""What a user is told who leaves something out, mistypes it, or takes what is taken."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from redis import Redis
from typer.testing import CliRunner, Result

from contracts.streams import Streams
from tests.support.builders.story_events import opened
from tests.support.redis import servers
from tests.support.redis.servers import wait_until
from workers.cli import app
from workers.commands.console import READER_LEFT

LOOKING = [
    ["tail", "--no-follow"],
    ["dead", "list"],
    ["dead", "show", "1-0"],
    ["dead", "retry", "--all"],
    ["rules", "list"],
    ["explain", "a", "b"],
]
"""Commands about what a namespace holds."""
NAMED = [
    *LOOKING,
    ["rules", "lead", "a", "--by", "test", "--reason", "test"],
    ["publish", os.devnull],
    ["listen"],
    ["worker"],
    ["diff", "one", "other"],
    ["switch", "one", "--into", "other"],
    ["replay", "--from-stream", "one", "--into", "other"],
]
"""Commands that are nothing on a Redis of their own."""


@contextmanager
def running(redis_url: str, namespace: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command with pipes for its output; killed if it has not ended when the block does."""
    with subprocess.Popen(
        [sys.executable, "-m", "workers", *words],
        env=os.environ | {"REDIS_URL": redis_url, "ONESTORY_NAMESPACE": namespace},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def onestory(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})


@pytest.fixture
def told(redis_client: Redis, namespace: str) -> Iterator[str]:
    """A namespace with an event."""
    event = opened("st_1", "a").model_dump_json()
    redis_client.xadd(Streams(namespace).stories, {"data": event})
    yield namespace
    redis_client.delete(Streams(namespace).stories)


@pytest.mark.parametrize("words", NAMED, ids=" ".join)
def test_a_command_that_needs_a_named_redis_says_so_before_and_after(
    words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "feed.jsonl").touch()
    given = [str(tmp_path / "feed.jsonl") if word == os.devnull else word for word in words]
    group = given[:2] if given[0] in ("dead", "rules") else given[:1]

    helped = " ".join(onestory(*group, "--help").stdout.split())
    done = onestory(*given)

    assert "Redis server; this or --data-folder is needed." in helped
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "onestory: which Redis? Give --redis-url, set REDIS_URL, or give --data-folder\n"
    )


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_a_mistyped_namespace_is_told_with_those_that_are_there(
    words: list[str], redis_url: str, redis_client: Redis, told: str
) -> None:
    done = onestory(*words, "--redis-url", redis_url, "--namespace", f"{told}x")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"onestory: namespace '{told}x' holds nothing; on this server")
    assert told in done.stderr.rpartition(": ")[2].strip().split(", ")
    assert not list(redis_client.scan_iter(f"{{{told}x}}:*"))


@pytest.mark.parametrize(
    "words",
    [
        ["diff", "NAMESPACE", "NAMESPACEx"],
        ["diff", "NAMESPACEx", "NAMESPACE"],
        ["switch", "NAMESPACEx", "--into", "NAMESPACE"],
        ["switch", "NAMESPACE", "--into", "NAMESPACEx"],
        ["replay", "--from-stream", "NAMESPACEx", "--into", "NAMESPACEy"],
    ],
    ids=" ".join,
)
def test_of_two_namespaces_the_mistyped_one_is_told(
    words: list[str], redis_url: str, redis_client: Redis, told: str
) -> None:
    given = [word.replace("NAMESPACE", told) for word in words]

    done = onestory(*given, "--redis-url", redis_url)

    assert (done.exit_code, done.stdout) == (1, "")
    assert f"namespace '{told}x' holds nothing; on this server there are: " in done.stderr
    assert not list(redis_client.scan_iter(f"{{{told}x}}:*"))


def test_a_rule_in_a_mistyped_namespace_waits_and_says_so(
    redis_url: str, redis_client: Redis, told: str
) -> None:
    where = ("--redis-url", redis_url, "--namespace", f"{told}x", "--wait", "0")

    done = onestory("rules", "lead", "a", "--by", "test", "--reason", "test", *where)
    redis_client.delete(Streams(f"{told}x").commands)

    assert done.exit_code == 1
    assert "no worker answered" in done.stderr
    assert f"namespace '{told}x' holds nothing; on this server there are: " in done.stderr


def test_a_server_without_any_namespace_is_told() -> None:
    with servers.private_redis() as url:
        done = onestory("dead", "list", "--redis-url", url)

    assert done.stderr == (
        "onestory: namespace 'onestory' holds nothing; nor does any on this server\n"
    )


def test_a_folder_that_is_looked_at_is_not_made(tmp_path: Path) -> None:
    done = onestory("dead", "list", "--data-folder", tmp_path / "typo")

    assert (done.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "typo: no such folder" in done.stderr


def test_tail_says_that_there_is_nothing_yet_and_waits(
    redis_url: str, redis_client: Redis, namespace: str
) -> None:
    with running(redis_url, namespace, "tail", "--json", "--from-start") as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        said = tail.stderr.readline()
        event = opened("st_1", "a").model_dump_json()
        redis_client.xadd(Streams(namespace).stories, {"data": event})
        line = tail.stdout.readline()

    assert said.startswith(f"onestory: namespace '{namespace}' holds nothing; ")
    assert said.endswith("; waiting\n")
    assert json.loads(line)["subject"] == "st_1"


@pytest.mark.parametrize(
    ("words", "events"),
    [
        (["tail", "--json", "--from-start"], 300),
        (["tail", "--json", "--from-start"], 1),
        (["tail", "--from-start"], 300),
        (["tail", "--from-start"], 1),
        (["tail", "--no-follow"], 300),
    ],
)
def test_a_reader_that_has_seen_enough_ends_tail_quietly(
    words: list[str], events: int, redis_url: str, redis_client: Redis, told: str
) -> None:
    """More events than a pipe holds; or one, and a tail that only writes would wait for ever."""
    event = opened("st_1", "a", title="Fire " * 60).model_dump_json()
    pipe = redis_client.pipeline(transaction=False)
    for _ in range(events - 1):
        pipe.xadd(Streams(told).stories, {"data": event})
    pipe.execute()

    with running(redis_url, told, *words) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        assert "st_1" in tail.stdout.readline()
        tail.stdout.close()
        wait_until(lambda: tail.poll() is not None, "tail ends")
        said = tail.stderr.read()

    assert (tail.returncode, said) == (READER_LEFT, "")


@pytest.mark.parametrize("words", [["dead", "list"], ["rules", "list", "--json"], ["--help"]])
def test_output_that_nobody_reads_is_no_error(words: list[str], redis_url: str, told: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)

    done = subprocess.run(
        [sys.executable, "-m", "workers", *words],
        env=os.environ | {"REDIS_URL": redis_url, "ONESTORY_NAMESPACE": told},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)

    assert done.stderr == ""


def test_a_port_that_is_taken_is_told_before_anything_is_started(redis_url: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])

        done = onestory("listen", "--redis-url", redis_url, "--port", port)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"onestory: can't listen at 127.0.0.1 port {port}: Address already in use. End what "
        "listens there, or choose another with --port (--port 0 takes a free one)\n"
    )
