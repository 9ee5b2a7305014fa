"""``onestory serve`` as a process: started, used, and told to end."""

import json

import httpx
import pytest
from typer.testing import CliRunner

from tests.support.api.client import with_tokens
from tests.support.api.serve_process import running
from tests.support.redis.servers import wait_until
from workers.api.server import listening
from workers.cli import app
from workers.commands.serve import open_at, refuse_open
from workers.errors import CantListen, OnestoryError
from workers.settings import Settings

LINES = {"Content-Type": "application/x-ndjson"}


def test_nothing_but_this_machine_is_served_without_a_token() -> None:
    settings = Settings(REDIS_URL="unix:///nonexistent")
    for host in ("127.0.0.1", "::1", "localhost"):
        refuse_open(host, settings)
    for host in ("0.0.0.1", "::", "10.0.0.5", "news.example", ""):
        with pytest.raises(OnestoryError, match="ONESTORY_READ_TOKEN"):
            refuse_open(host, settings)
    refuse_open("::", with_tokens(settings))

    done = CliRunner().invoke(app, ["serve", "--host", "::", "--redis-url", "unix:///nonexistent"])

    assert done.exit_code == 1
    assert done.stderr.startswith("onestory: anyone who reaches :: could read and write")
    assert done.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_one_clear_line(redis_url: str) -> None:
    with running("serve", "--port", "0", "--redis-url", redis_url) as first:
        port = first.url.rpartition(":")[2]

        for words in (
            ["serve", "--redis-url", redis_url],
            ["serve", "--workers", "1"],
            ["demo", "--serve"],
        ):
            done = CliRunner().invoke(app, [*words, "--port", port])

            assert (done.exit_code, done.stdout) == (1, "")
            assert done.stderr == (
                f"onestory: can't listen at 127.0.0.1 port {port}: Address already in use. End "
                "what listens there, or choose another with --port (--port 0 takes a free one)\n"
            )


def test_a_port_is_taken_from_the_moment_it_is_asked_for() -> None:
    with open_at("127.0.0.1", 0) as (first,):
        port = first.getsockname()[1]

        with pytest.raises(CantListen, match=f"port {port}: Address already in use"):
            listening("127.0.0.1", port)
    with open_at("127.0.0.1", port):
        pass  # and is free again


def test_an_address_of_another_machine_is_one_clear_line() -> None:
    with pytest.raises(CantListen, match=r"192\.0\.2\.1 port 0: .* Choose another with --host"):
        listening("192.0.2.1", 0)


def test_one_command_runs_all_and_ends_in_time_with_streams_and_uploads_open() -> None:
    with running("serve", "--port", "0", "--workers", "1") as served:
        posted = httpx.post(
            served.url + "/v1/articles", json={"id": "vi-1", "title": "Паром вернулся в порт"}
        )
        assert posted.status_code == 202
        wait_until(
            lambda: httpx.get(served.url + "/v1/stories").json()["total"] == 1,
            "the worker has placed it",
            timeout_s=60,
        )
        before = served.most_memory_mb()

        # 60 MB in a batch, and the 100 MB that are too much: neither is ever held.
        batch = httpx.post(
            served.url + "/v1/articles",
            content=(b"?" * 99_999 + b"\n" for _ in range(600)),
            headers=LINES,
            timeout=60,
        )
        too_large = httpx.post(
            served.url + "/v1/articles",
            content=(b"?" * 100_000 for _ in range(1_000)),
            headers=LINES,
            timeout=60,
        )

        assert (batch.status_code, batch.json()["refused_count"]) == (200, 600)
        assert too_large.status_code == 413
        assert served.most_memory_mb() - before < 20

        with httpx.stream("GET", served.url + "/v1/events?from=start") as stream:
            lines = stream.iter_lines()
            assert any(line == "event: story.opened" for line in lines)
            code, seconds = served.ended()
            assert list(lines)[-1] == ""

    assert code == 0
    assert seconds < 10  # two on an idle machine; a busy one is not what is judged


def test_the_demo_is_served_with_its_texts_and_a_worker_that_applies_rules() -> None:
    with running("demo", "--serve", "--port", "0") as served:
        stories = httpx.get(served.url + "/v1/stories", params={"cross_lingual": "true"}).json()
        story = httpx.get(f"{served.url}/v1/stories/{stories['stories'][0]['id']}").json()
        joined = next(member for member in story["members"] if member["relation"])
        one, other = joined["article_id"], joined["matched_article_id"]
        explained = httpx.get(served.url + "/v1/explain", params={"a": one, "b": other}).json()
        ruled = httpx.post(
            served.url + "/v1/rules",
            json={"command": "apart", "articles": [one, other], "by": "anna", "reason": "a test"},
        )
        code, seconds = served.ended()

    assert explained["joined"]
    assert all(article["text"] for article in explained["articles"])
    assert (ruled.status_code, ruled.json()["answer"]) == (200, "accepted"), json.dumps(
        ruled.json()
    )
    assert code == 0
    assert seconds < 10
