"""Feeds on the command line: real processes, a real HTTP server at either end, a real Redis."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

import httpx
import pytest
from redis import Redis

from tests.support.feeds.samples import (
    FOLDER,
    SAMPLES,
    articles,
    bad_items,
    published,
    read,
    sample,
)
from tests.support.feeds.server import Page, serving
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from workers.settings import Settings

Environment = Mapping[str, str]


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def environment(redis_url: str, namespace: str) -> Environment:
    own = {"REDIS_URL": redis_url, "ONESTORY_NAMESPACE": namespace, "COLUMNS": "200"}
    return os.environ | own


def onestory(environment: Environment, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workers", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )


@contextmanager
def running(environment: Environment, *words: str | Path) -> Iterator[IO[str]]:
    """A command until the block ends, then SIGTERM, which it must obey; yields its output."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "workers", *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            yield cast(IO[str], process.stdout)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def test_publish_reads_every_format_and_counts(
    environment: Environment, redis_client: Redis, settings: Settings
) -> None:
    done = onestory(
        environment, "publish", *(FOLDER / name for name in SAMPLES), "--format", "auto"
    )

    assert done.returncode == 1  # some items of the samples are bad
    assert "message.newsml-g2.xml: newsml-g2, 3 articles published, 2 items skipped" in done.stdout
    documents = [read(format_name, sample(name)) for name, format_name in SAMPLES.items()]
    bad = sum(len(bad_items(items)) for items in documents)
    assert f"{bad} dead letters" in done.stdout
    assert len(published(redis_client, settings)) == sum(map(len, map(articles, documents)))
    assert len(harness.letters(redis_client, settings)) == bad


def test_publish_of_a_good_document_ends_well(environment: Environment) -> None:
    done = onestory(environment, "publish", FOLDER / "feed.atom.xml", "--format", "atom")

    assert (done.returncode, done.stderr) == (0, "")


def test_publish_without_a_format_judges_nothing(
    environment: Environment, redis_client: Redis, settings: Settings
) -> None:
    done = onestory(environment, "publish", FOLDER / "wire.jsonl")

    assert done.returncode == 0
    assert "5 articles published" in done.stdout
    lines = [line for line in (FOLDER / "wire.jsonl").read_bytes().splitlines() if line]
    entries = harness.entries(redis_client, settings.streams.articles)
    assert [fields[b"data"] for _, fields in entries] == lines
    assert harness.letters(redis_client, settings) == []


@pytest.mark.parametrize(
    ("words", "environ", "says"),
    [
        (["--format", "docx"], {}, "expected auto, jsonl, ninjs"),
        (["--format", "rss"], {"ONESTORY_MAX_DOCUMENT_BYTES": "1000"}, "over 1000 bytes"),
    ],
)
def test_publish_says_what_it_can_not_do(
    environment: Environment, words: list[str], environ: dict[str, str], says: str
) -> None:
    done = onestory({**environment, **environ}, "publish", FOLDER / "feed.rss.xml", *words)

    assert done.returncode == 1
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_poll_once_asks_each_feed_and_tells_of_failures(
    environment: Environment, redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    with serving() as server:
        server.pages["/a"] = Page((FOLDER / "feed.atom.xml").read_bytes())
        file = tmp_path / "feeds.toml"
        file.write_text(
            f'[[feed]]\nurl = "{server.url("/a")}"\n[[feed]]\nurl = "{server.url("/gone")}"\n'
        )

        refused = onestory(environment, "poll", file, "--once")
        done = onestory(environment, "poll", file, "--once", "--allow-private")

    assert refused.stdout.count("expected a public address") == 2
    assert "/a: 3 new, 0 changed, 0 unchanged, 0 bad" in done.stdout
    assert "/gone: answer 404" in done.stdout
    assert (refused.returncode, done.returncode) == (1, 1)
    assert len(published(redis_client, settings)) == 3


def test_poll_shows_what_a_server_says_as_one_line_that_steers_no_terminal(
    environment: Environment, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.toml"
    with serving() as server:
        # As a reader of Latin-1 takes it: \x9b alone begins a sequence.
        server.pages["/a"] = Page(
            status=302, headers={"Location": "gopher://x/\x1b]0;gone\x07\x9b2J\t\x1b[1A"}
        )
        server.pages["/b"] = Page(status=302, headers={"Location": "http://[\x1b[31m/\x9b2J"})
        file.write_text("".join(f'[[feed]]\nurl = "{server.url(path)}"\n' for path in ("/a", "/b")))

        done = onestory(environment, "poll", file, "--once", "--allow-private")

    assert len(done.stdout.splitlines()) == 2, done.stdout
    assert "gone" in done.stdout
    assert not set("\x1b\x07\x9b") & set(done.stdout + done.stderr)


def test_poll_runs_until_it_is_told_to_stop(
    environment: Environment, redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.toml"
    with serving() as server:
        server.pages["/a"] = Page((FOLDER / "feed.atom.xml").read_bytes())
        file.write_text(f'[[feed]]\nurl = "{server.url("/a")}"\n')
        with running(environment, "poll", file, "--allow-private") as said:
            assert "3 new" in said.readline()

    assert len(published(redis_client, settings)) == 3


def test_listen_takes_documents_with_the_token(
    environment: Environment, redis_client: Redis, settings: Settings, free_port: int
) -> None:
    own = {**environment, "ONESTORY_INGEST_TOKEN": "t0ken-t0ken"}
    words = ("listen", "--port", str(free_port))
    body = (FOLDER / "item.newsml-g2.xml").read_bytes()
    with running(own, *words) as said:
        found = re.search(r"http://\S+", said.readline())
        assert found
        url = found[0]
        wait_until(lambda: _answers(url), "the server listens")

        without = httpx.post(url, content=body)
        taken = httpx.post(url, content=body, headers={"Authorization": "Bearer t0ken-t0ken"})

    assert (without.status_code, taken.status_code) == (401, 202)
    assert json.loads(taken.content)["accepted"] == 1
    assert len(published(redis_client, settings)) == 1


def test_listen_is_locked_by_nobody_who_never_ends_a_head(
    environment: Environment, redis_client: Redis, settings: Settings, free_port: int
) -> None:
    own = {**environment, "ONESTORY_INGEST_TOKEN": "t0ken-t0ken"}
    body = (FOLDER / "item.newsml-g2.xml").read_bytes()
    with running(own, "listen", "--port", str(free_port)) as said, ExitStack() as stack:
        found = re.search(r"http://\S+", said.readline())
        assert found
        wait_until(lambda: _answers(found[0]), "the server listens")
        for _ in range(300):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", free_port), 20))
            slow.sendall(b"POST /documents HTTP/1.1\r\n")

        headers = {"Authorization": "Bearer t0ken-t0ken"}
        wait_until(
            lambda: httpx.post(found[0], content=body, headers=headers).status_code == 202,
            "a document is taken",
        )
        live = httpx.get(found[0].replace("/documents", "/live"))

    assert live.status_code == 200
    assert len(published(redis_client, settings)) == 1


def _answers(url: str) -> bool:
    try:
        httpx.get(url)
    except httpx.ConnectError:
        return False
    return True


def test_listen_to_the_world_needs_a_token(environment: Environment) -> None:
    done = onestory(environment, "listen", "--host", "::")

    assert done.returncode == 1
    assert "ONESTORY_INGEST_TOKEN" in done.stderr


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
