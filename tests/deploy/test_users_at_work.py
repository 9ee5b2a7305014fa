"""Every part of onestory does its whole work under its user of ``deploy/users.acl``."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from tests.deploy.guarded import NAMESPACE, Guarded, guarded
from tests.support.api.client import WRITE, bearer, serving, with_tokens
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.desk import item
from workers.cli import app
from workers.process.pool import WorkerPool
from workers.settings import Settings

CROWD = 105
"""Articles that must follow before a slice of time counts as quiet, and some."""


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("guarded")) as running:
        yield running


def settings_of(server: Guarded, user: str) -> Settings:
    return harness.settings_for(server.url(user), NAMESPACE, keep_input=True, window_hours=1)


def onestory(server: Guarded, user: str, *words: str, given: str = "") -> str:
    """Output of the command under a user of the server."""
    environment = {
        "REDIS_URL": server.url(user),
        "ONESTORY_NAMESPACE": NAMESPACE,
        "USER": "anna",
    }
    done = CliRunner().invoke(app, words, env=environment, input=given)
    assert done.exit_code == 0, done.output
    return done.output


def lines(*articles: dict[str, Any]) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in articles)


def at(**before: float) -> str:
    return (datetime.now(UTC) - timedelta(**before)).isoformat()


def a_day() -> list[dict[str, Any]]:
    """Versions, a kill, a hold, an embargo, a correction, a bad item; and what has expired."""
    past, then, now = at(hours=9), at(minutes=2), at(minutes=1)
    return [
        *(item(f"old{number}", number, published_at=past) for number in range(3)),
        item("a", 20, published_at=then),
        item("b", 20, 1, published_at=then),
        item("a", 20, published_at=now, version=2),
        item("c", 21, status="withheld", published_at=now),
        item("d", 22, embargoed=at(seconds=-2), published_at=now),
        {"id": "b", "status": "canceled"},
        item("e", 23, published_at=now),
        item("f", 24, published_at=now, replaces="later"),
        {"id": "bad"},
        *(item(f"n{number}", 9, published_at=now) for number in range(CROWD)),
    ]


def test_every_part_does_its_work_under_its_own_user(server: Guarded) -> None:
    """Also what happens now and then: expiry, the purge of killed text, embargoes that end."""
    day, seen = a_day(), settings_of(server, "viewer")
    with WorkerPool(settings_of(server, "worker"), 1) as pool, server.client("viewer") as eye:
        onestory(server, "publisher", "publish", "-", given=lines(*day))
        harness.await_handled(eye, seen, len(day), pool)
        said = onestory(server, "editor", "rules", "together", "a", "e", "--reason", "one")
        onestory(server, "editor", "rules", "apart", "n1", "n2", "--reason", "two")
        listed = onestory(server, "editor", "rules", "list", "--json")
        wait_until(lambda: harness.counts(eye, seen).get("closed") == 3, "old stories are closed")
        wait_until(lambda: not eye.hlen(seen.keys.purges), "the killed article is purged")
        told = onestory(server, "consumer", "tail", "--from-start", "--no-follow", "--json")
        dead = onestory(server, "viewer", "dead", "list")
        served(server)
    onestory(server, "operator", "dead", "drop", "--all")

    assert "accepted" in said
    assert len(listed.splitlines()) == 2
    types = {json.loads(each)["type"].removeprefix("story.") for each in told.splitlines()}
    assert types == {"opened", "joined", "revised", "merged", "split", "closed"}
    assert "invalid-article" in dead
    assert _unexpected(server.refused()) == []


def test_who_reads_documents_may_write_letters_and_a_publisher_may_not(
    server: Guarded, tmp_path: Path
) -> None:
    document = tmp_path / "feed.rss"
    document.write_text('<rss version="2.0"><channel><item><guid>x</guid></item></channel></rss>')
    words = ["publish", str(document), "--format", "rss"]
    ends = {}
    for user in ("poller", "publisher"):
        environment = {"REDIS_URL": server.url(user), "ONESTORY_NAMESPACE": NAMESPACE}
        ends[user] = CliRunner().invoke(app, words, env=environment)

    assert "1 dead letters" in ends["poller"].output
    assert ends["publisher"].exit_code == 1
    assert "no permission" in ends["publisher"].output.lower().replace("permissions", "permission")
    assert "Traceback" not in ends["publisher"].output


READS = (
    *("/ready", "/metrics", "/v1/stories?q=a", "/v1/articles/a", "/v1/articles/a/story"),
    *("/v1/articles/a/trace", "/v1/articles/nobody/trace", "/v1/held", "/v1/explain?a=a&b=e"),
    *("/v1/rules", "/v1/dead", "/v1/figures"),
)


def served(server: Guarded) -> None:
    """All that the API reads and writes."""
    closed = with_tokens(settings_of(server, "api"))
    with (
        serving(closed) as api,
        httpx.Client(base_url=api.url, headers=bearer(WRITE), timeout=20) as http,
    ):
        wait_until(lambda: http.get("/ready").status_code == 200, "the API has read the events")
        answers = {path: http.get(path).status_code for path in READS}
        assert answers == dict.fromkeys(READS, 200)
        told = http.get("/metrics").text
        assert 'onestory_redis_up{namespace="news"} 1.0' in told
        assert 'onestory_workers{namespace="news"} 1.0' in told
        assert 'onestory_redis_memory_bytes{family="log",namespace="news"}' in told
        assert http.post("/v1/articles", json=item("new", 30)).status_code == 202
        rule = {"command": "lead", "article": "e", "by": "anna", "reason": "longer"}
        assert http.post("/v1/rules", json=rule).json()["answer"] == "accepted"
        document = httpx.Request("POST", "http://x", content=lines(item("line", 31))).content
        assert http.post("/v1/documents", content=document).status_code == 202


def _unexpected(refused: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """redis-py names itself at each connection, by a command younger than the oldest server."""
    return [each for each in refused if each[1].lower() not in {"client|setinfo", "client"}]
