"""A worker that works is alive, one that does not says so or ends, with a code that says why."""

import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from contracts.streams import GROUP
from tests.support.builders.corpora import samples
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.stuck_worker import COMMAND, faulty_line
from tests.support.wire.worker_processes import worker_process
from workers.metrics.watchdog import STUCK
from workers.settings import Settings

LINES = [article.line for article in samples(10, reprints=0, seed=8)]


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def test_a_worker_is_ready_once_it_has_caught_up_and_ends_with_0(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    with worker_process(settings, tmp_path) as worker:
        wait_until(lambda: worker.status("live") == 200, "it answers", timeout_s=60)
        starting = worker.troubles("ready")
        worker.await_ready()
        asked = subprocess.run(
            [sys.executable, "-m", "workers", "health", "ready", "--port", str(worker.port)],
            check=False,
        )
        # Others have written to the log, and this worker has not followed it yet.
        redis_client.hset(settings.keys.clock, "n", 50_000)
        wait_until(lambda: worker.troubles("ready") == ["window"], "it is behind")

        assert worker.stop() == 0, worker.said
    gone = subprocess.run(
        [sys.executable, "-m", "workers", "health", "--port", str(worker.port)],
        check=False,
        capture_output=True,
    )
    assert starting == ["window"]
    assert (asked.returncode, gone.returncode) == (0, 1)
    assert b"Connection refused" in gone.stderr


def test_a_stuck_worker_says_so_and_ends_and_another_takes_over(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    lines = [*LINES, faulty_line("stuck")]
    limits = {"liveness_s": 2.0, "watchdog_s": 6.0}
    with worker_process(settings, tmp_path, COMMAND, **limits) as stuck:
        stuck.await_ready()
        harness.send(redis_client, settings, lines)
        wait_until(lambda: "loop consume" in stuck.troubles("live"), "it is not alive")
        metrics = stuck.status("metrics")

        assert stuck.ended() == STUCK
    with worker_process(settings, tmp_path):
        harness.await_handled(redis_client, settings, len(lines))

    assert metrics == 200
    assert "no sign of life from" in stuck.said
    assert "stuck_worker.py" in stuck.said, "where it hangs is told"
    assert len(harness.events(redis_client, settings)) == len(lines)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("cancel", "FastStream's reader of the stream ended"),
        ("loop", "the loop watch_parent ended"),
    ],
)
def test_a_worker_that_lost_a_part_ends_with_1_and_hands_back(
    redis_client: Redis, settings: Settings, tmp_path: Path, fault: str, said: str
) -> None:
    with worker_process(settings, tmp_path, COMMAND) as broken:
        broken.await_ready()
        harness.send(redis_client, settings, [faulty_line(fault)])

        assert broken.ended() == 1
    with worker_process(settings, tmp_path):
        harness.await_handled(redis_client, settings, 1)

    assert said in broken.said


def test_a_lost_group_or_stream_is_healed_and_the_worker_stays_alive(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    stream = settings.streams.articles
    with worker_process(settings, tmp_path, liveness_s=10.0) as worker:
        worker.await_ready()
        for handled, command in enumerate((("XGROUP", "DESTROY", stream, GROUP), ("DEL", stream))):
            redis_client.execute_command(*command)  # type: ignore[no-untyped-call]
            wait_until(
                lambda: redis_client.exists(stream) and redis_client.xinfo_groups(stream),
                "the group is there again",
            )
            harness.send(redis_client, settings, [LINES[handled]])
            harness.await_handled(redis_client, settings, handled + 1)

        assert worker.status("live") == 200
        assert worker.stop() == 0


def test_a_model_that_does_not_match_ends_with_1(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    redis_client.set(settings.keys.model, "another model")

    with worker_process(settings, tmp_path) as worker:
        assert worker.ended() == 1

    assert "holds fingerprints of model 'another model'" in worker.said
    assert "Traceback" not in worker.said


def test_a_port_in_use_and_a_server_that_is_away_end_with_1(
    settings: Settings, tmp_path: Path
) -> None:
    away = settings.model_copy(update={"redis_url": "redis://:a-secret-word@127.0.0.1:1/0"})
    with (
        worker_process(settings, tmp_path) as first,
        worker_process(away, tmp_path) as lonely,
    ):
        wait_until(lambda: first.status("live") == 200, "the port is taken", timeout_s=60)
        (tmp_path / "second").mkdir()
        with worker_process(settings, tmp_path / "second", metrics_port=first.port) as second:
            assert (second.ended(), lonely.ended()) == (1, 1)

    assert f"can't listen at 127.0.0.1 port {first.port}: Address already in use" in second.said
    assert "Connect call failed" in lonely.said or "Connection refused" in lonely.said
    assert "Traceback" not in second.said + lonely.said
    assert "a-secret-word" not in lonely.said
