"""The password of REDIS_URL stands in nothing that a worker writes, whatever happens to it."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from redis import Redis

from tests.support.builders.corpora import samples
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.worker_processes import worker_process
from workers.connection.private_server import EmbeddedRedis

PASSWORD = "sehr-geheim/und#schwierig"  # noqa: S105 - that is the test
PARTS = ("sehr-geheim", "schwierig", quote(PASSWORD, safe=""))


def with_password(url: str, password: str) -> str:
    return f"unix://:{quote(password, safe='')}@{urlsplit(url).path}"


def is_told(said: str) -> bool:
    return any(part in said for part in PARTS)


def test_a_worker_never_writes_the_password_of_its_server(tmp_path: Path) -> None:
    """While it works, loses its connections, is refused by the server, and loses the server."""
    lines = [article.line for article in samples(5, reprints=1, seed=2)]
    with EmbeddedRedis(tmp_path / "redis") as server, Redis.from_url(server.url) as redis:
        redis.config_set("requirepass", PASSWORD)
        redis.execute_command("AUTH", PASSWORD)
        settings = harness.settings_for(with_password(server.url, PASSWORD), "secret")
        with worker_process(settings, tmp_path, log_level="DEBUG") as worker:
            worker.await_ready()
            harness.send(redis, settings, lines)
            harness.await_handled(redis, settings, len(lines))
            redis.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            redis.config_set("requirepass", "another")
            wait_until(lambda: "failed, will be repeated" in worker.said, "it is refused")
            redis.config_set("requirepass", PASSWORD)
            redis.shutdown(nosave=True)
            wait_until(lambda: worker.status("ready") == 503, "it notices that Redis is away")
            worker.stop()

        assert "ready: consumer" in worker.said
        assert not is_told(worker.said), worker.said


def test_nor_of_a_server_that_refuses_it_at_the_start(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path / "redis") as server, Redis.from_url(server.url) as redis:
        redis.config_set("requirepass", "another")
        settings = harness.settings_for(with_password(server.url, PASSWORD), "secret")
        with worker_process(settings, tmp_path, log_level="DEBUG") as worker:
            assert worker.ended() == 1
        redis.execute_command("AUTH", "another")

    assert "onestory: Redis: " in worker.said
    assert not is_told(worker.said), worker.said
