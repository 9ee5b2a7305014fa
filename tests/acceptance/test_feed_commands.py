"""Feeds on the command line: real processes, a real HTTP server at either end, a real Redis."""

import gzip
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
    sample,
    skipped,
)
from tests.support.feeds.server import Page, serving
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from workers.feeds.formats import FORMATS, as_document
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
    read = {
        name: list(FORMATS[SAMPLES[name]].read(as_document(sample(name), ""))) for name in SAMPLES
    }
    bad = sum(len(bad_items(items)) for items in read.values())

    done = onestory(
        environment, "publish", *(FOLDER / name for name in SAMPLES), "--format", "auto"
    )

    assert done.returncode == 1  # some items of the samples are bad
    for name, items in read.items():
        counts = f"{len(articles(items))} articles published, {len(skipped(items))} items skipped"
        assert f"{name}: {SAMPLES[name]}, {counts}" in done.stdout
    assert f"{bad} dead letters" in done.stdout
    assert len(published(redis_client, settings)) == sum(map(len, map(articles, read.values())))
    assert len(harness.letters(redis_client, settings)) == bad > 20


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


WIRE = "Паром вернулся в порт Меркан.\n" * 1_200
ARTICLE = {"id": "vi-1", "title": "Ferry returns", "text": "It is back."}


@pytest.mark.parametrize("words", [[], ["--format", "auto"], ["--format", "rss"]], ids=str)
@pytest.mark.parametrize(
    ("body", "says"),
    [
        (WIRE, "document: plain text: “Паром вернулся в порт Меркан."),
        ("<!DOCTYPE html><title>Log in</title>\n" * 600, "document: an HTML page “Log in”"),
        ("id,title,text\n1,2,3\n4,5,6\n", "document: a table with commas"),
        ('{"error": "gone"}\n', "document: a JSON object with error “gone”"),
    ],
    ids=["text", "page", "table", "error"],
)
def test_publish_of_what_is_not_understood_makes_one_letter(
    environment: Environment,
    redis_client: Redis,
    settings: Settings,
    tmp_path: Path,
    words: list[str],
    body: str,
    says: str,
) -> None:
    file = tmp_path / "wire.jsonl"
    file.write_text(body)

    done = onestory(environment, "publish", file, *words)

    assert done.returncode == 1
    assert says in done.stdout
    assert "0 articles published, 0 items skipped that are no text, 1 bad" in done.stdout
    assert len(harness.letters(redis_client, settings)) == 1
    assert published(redis_client, settings) == []


@pytest.mark.parametrize("words", [[], ["--format", "auto"]], ids=str)
@pytest.mark.parametrize("packed", [False, True])
def test_publish_reads_articles_over_many_lines(
    environment: Environment,
    redis_client: Redis,
    settings: Settings,
    tmp_path: Path,
    words: list[str],
    *,
    packed: bool,
) -> None:
    many = [ARTICLE | {"id": f"vi-{number}"} for number in range(300)]
    bodies = [json.dumps(ARTICLE, indent=1).encode(), json.dumps(many, indent=4).encode()]
    files = [tmp_path / f"{place}.json{'.gz' * packed}" for place in range(2)]
    for file, body in zip(files, bodies, strict=True):
        file.write_bytes(gzip.compress(body) if packed else body)

    done = onestory(environment, "publish", *files, *words)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(published(redis_client, settings)) == 301


def test_publish_of_lines_some_of_which_are_bad_leaves_those_to_the_workers(
    environment: Environment, redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "wire.jsonl"
    file.write_text("{broken\n" * 5 + json.dumps(ARTICLE) + "\nno JSON\n")

    done = onestory(environment, "publish", file)

    assert "7 articles published" in done.stdout
    assert harness.letters(redis_client, settings) == []


def test_publish_of_ninjs_as_lines_of_articles_names_the_format(
    environment: Environment, redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "night.jsonl"
    line = json.dumps({"uri": "urn:x:1", "headlines": [{"value": "Storm"}]})
    file.write_text(f"{line}\n" * 900)

    done = onestory(environment, "publish", file)

    assert "ninjs by its looks, expected jsonl" in done.stdout
    assert len(harness.letters(redis_client, settings)) == 1


@pytest.mark.parametrize("format_name", ["jsonl", "auto"])
def test_publish_reads_lines_in_another_encoding(
    environment: Environment,
    redis_client: Redis,
    settings: Settings,
    tmp_path: Path,
    format_name: str,
) -> None:
    file = tmp_path / "feed.jsonl"
    titles = [f"Паром номер {number} вернулся в порт" for number in range(150)]
    lines = [
        json.dumps({"id": f"a{number}", "title": title}, ensure_ascii=False)
        for number, title in enumerate(titles)
    ]
    file.write_text("\n".join(lines), "windows-1251")

    done = onestory(environment, "publish", file, "--format", format_name)

    assert done.returncode == 0, done.stderr
    assert "read as windows-1251" in done.stdout
    assert [each["title"] for each in published(redis_client, settings)] == titles


def test_publish_counts_notes_and_shows_the_first(environment: Environment, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    rss = (FOLDER / "feed.atom.xml").read_text().replace("utf-8", "x-none", 1)
    file.write_text(rss)

    done = onestory(environment, "publish", file, "--format", "auto")

    assert "encoding 'x-none' is not known" in done.stdout
    assert "0 bad, 1 note" in done.stdout


@pytest.mark.parametrize(
    ("words", "environ", "says"),
    [
        (["--format", "docx"], {}, "expected auto, jsonl, ninjs"),
        (["--format", "rss"], {"ONESTORY_MAX_DOCUMENT_BYTES": "1000"}, "over 1000 bytes"),
        ([], {"ONESTORY_MAX_DOCUMENT_BYTES": "1000"}, "lines hold no article"),
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
    assert "/a: 3 new, 0 changed, 0 unchanged, 0 bad, 0 notes" in done.stdout
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
