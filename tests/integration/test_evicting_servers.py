"""A server that drops keys when it is full is not worked on, before anything is lost."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from redis import Redis
from typer.testing import CliRunner

from tests.support.api.client import ask, problem, serving
from tests.support.redis.servers import connected, servers_here, wait_until
from tests.support.wire import harness
from workers.cli import app
from workers.connection import guard
from workers.connection.private_server import EmbeddedRedis
from workers.errors import EvictingServer
from workers.settings import Settings

SERVERS = servers_here()
ARTICLE = b'{"id": "a", "title": "Bridge opens", "text": "A bridge was opened on Monday."}'
POLICIES = ("allkeys-lru", "volatile-lru", "volatile-ttl", "allkeys-random")


@pytest.fixture(params=SERVERS)
def evicting(request: pytest.FixtureRequest) -> Iterator[EmbeddedRedis]:
    """A server with the default policy of a provider."""
    with EmbeddedRedis(binary=SERVERS[request.param]) as server, connected(server.url) as redis:
        redis.config_set("maxmemory-policy", "volatile-lru")
        yield server


def settings_of(server: EmbeddedRedis, **changes: object) -> Settings:
    return harness.settings_for(server.url, "news", **changes)


def onestory(server: EmbeddedRedis, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command as a process of its own."""
    environment = {**os.environ, "REDIS_URL": server.url, "ONESTORY_NAMESPACE": "news", **more}
    return subprocess.run(
        [sys.executable, "-m", "workers", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def article(tmp_path: Path) -> str:
    path = tmp_path / "article.jsonl"
    path.write_bytes(ARTICLE)
    return str(path)


def test_a_worker_refuses_it_with_a_code_of_its_own_and_one_line(evicting: EmbeddedRedis) -> None:
    done = onestory(evicting, "worker")

    assert done.returncode == os.EX_CONFIG == 78
    (said,) = (line for line in done.stderr.splitlines() if line.startswith("onestory: "))
    assert "maxmemory-policy is volatile-lru, expected noeviction" in said
    assert "CONFIG SET maxmemory-policy noeviction" in said
    assert "ONESTORY_ALLOW_EVICTION=1" in said


@pytest.mark.parametrize(
    "words",
    [
        ["publish", "ARTICLE"],
        ["run", "ARTICLE"],
        ["serve", "--port", "0"],
        ["serve", "--port", "0", "--workers", "1"],
        ["listen", "--port", "0"],
        ["poll", "FEEDS", "--once"],
        ["replay", "ARTICLE", "--into", "shadow"],
    ],
    ids=" ".join,
)
def test_so_does_every_command_that_gives_it_news(
    words: Sequence[str], article: str, tmp_path: Path
) -> None:
    feeds = tmp_path / "feeds.toml"
    feeds.write_text('[[feed]]\nurl = "https://feeds.example/rss"\n')
    named = {"ARTICLE": article, "FEEDS": str(feeds)}
    with EmbeddedRedis() as server, connected(server.url) as redis:
        redis.config_set("maxmemory-policy", "allkeys-lru")
        environment = {"REDIS_URL": server.url, "ONESTORY_NAMESPACE": "news"}

        done = CliRunner().invoke(app, [named.get(each, each) for each in words], env=environment)

        assert (done.exit_code, redis.dbsize()) == (78, 0), done.output
        assert "expected noeviction" in done.output


@pytest.mark.parametrize("policy", POLICIES)
def test_any_policy_but_noeviction_is_refused_also_without_a_limit(policy: str) -> None:
    """A limit may come later, and managed servers hide theirs."""
    with EmbeddedRedis() as server, connected(server.url) as redis:
        redis.config_set("maxmemory-policy", policy)
        said = guard.said_by(redis)

    assert said is not None
    assert said.max_memory == 0
    with pytest.raises(EvictingServer, match=policy):
        said.must_keep_all(allow_eviction=False)
    said.must_keep_all(allow_eviction=True)


def test_what_looks_only_works_on_it(evicting: EmbeddedRedis) -> None:
    done = CliRunner().invoke(app, ["tail", "--no-follow"], env={"REDIS_URL": evicting.url})

    assert "noeviction" not in done.output


@contextmanager
def working(server: EmbeddedRedis, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """A worker that has begun to read; what it says is left to the caller."""
    environment = {**os.environ, "REDIS_URL": server.url, "ONESTORY_NAMESPACE": "news", **more}
    command = [sys.executable, "-m", "workers", "worker"]
    with (
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process,
        connected(server.url) as redis,
    ):
        wait_until(lambda: harness.readers(redis) == 1, "the worker reads", timeout_s=60)
        yield process


def test_who_knows_may_allow_it_and_is_warned(evicting: EmbeddedRedis, article: str) -> None:
    assert onestory(evicting, "run", article, ONESTORY_ALLOW_EVICTION="1").returncode == 0

    with working(evicting, ONESTORY_ALLOW_EVICTION="1") as process:
        process.terminate()
        _, said = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "maxmemory-policy is volatile-lru, which ONESTORY_ALLOW_EVICTION allows" in said
    assert "writes no append-only file, and save is empty" in said
    assert "names no memory limit" in said


def test_a_worker_whose_server_changes_ends_with_the_same_code() -> None:
    with EmbeddedRedis() as server, connected(server.url) as redis:
        settings = settings_of(server)
        with working(server) as process:
            redis.config_set("maxmemory-policy", "allkeys-lru")
            _, said = process.communicate(timeout=60)

        harness.send(redis, settings, [ARTICLE])
        assert process.returncode == 78
        assert "expected noeviction" in said
        assert harness.pending(redis, settings) == 0
        assert redis.xlen(settings.streams.articles) == 1


def fill(redis: Redis, settings: Settings) -> None:
    """Until the server evicts; what expires goes first."""
    used = int(redis.info("memory")["used_memory"])
    redis.config_set("maxmemory", used + 200_000)
    for number in range(2_000):
        redis.set(f"{settings.keys.prefix}filling:{number}", b"x" * 1_000, ex=3_600)


def test_what_is_evicted_while_it_is_allowed_is_told(
    evicting: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "EVERY_S", 0.05)
    settings = settings_of(evicting, allow_eviction=True)
    with connected(evicting.url) as redis, serving(settings) as api:
        assert httpx.get(f"{api.url}/ready").status_code == 200

        fill(redis, settings)

        wait_until(lambda: httpx.get(f"{api.url}/ready").status_code == 503, "it is not ready")
        assert "evicted" in problem(httpx.get(f"{api.url}/ready"))["detail"]
        told = httpx.get(f"{api.url}/metrics").text
    (line,) = (each for each in told.splitlines() if each.startswith("onestory_redis_evicted"))
    assert float(line.rpartition(" ")[2]) > 0


def test_an_api_whose_server_changes_takes_nothing_more(
    evicting: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "EVERY_S", 0.05)
    with connected(evicting.url) as redis:
        redis.config_set("maxmemory-policy", "noeviction")
        with serving(settings_of(evicting)) as api:

            def sent() -> httpx.Response:
                return httpx.post(f"{api.url}/v1/articles", content=ARTICLE, headers=JSON)

            assert sent().status_code == 202
            redis.config_set("maxmemory-policy", "allkeys-lru")
            wait_until(lambda: sent().status_code == 503, "it refuses")
            ready = httpx.get(f"{api.url}/ready")
            redis.config_set("maxmemory-policy", "noeviction")
            wait_until(lambda: sent().status_code == 202, "it takes again")

    assert "expected noeviction" in problem(ready)["detail"]


JSON = {"Content-Type": "application/json"}


def test_a_worker_is_not_ready_once_keys_were_evicted() -> None:
    from workers.metrics.health import not_ready
    from workers.metrics.pulse import Pulse

    pulse = Pulse()
    pulse.is_caught_up = True
    assert not_ready(pulse, 60, 10) == []

    pulse.evicted = 7

    (trouble,) = not_ready(pulse, 60, 10)
    assert "evicted 7 keys" in trouble.detail


def test_a_server_that_is_away_at_the_start_stops_no_api(tmp_path: Path) -> None:
    settings = Settings(REDIS_URL=f"unix://{tmp_path / 'nobody.sock'}", namespace="news")

    assert ask(settings, "GET", "/live").status_code == 200
