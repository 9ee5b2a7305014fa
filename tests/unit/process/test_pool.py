"""Workers of a command: started anew when they end, and when not."""

import socket
import sys
import time
from collections.abc import Iterator

import pytest

from tests.support.redis.servers import wait_until
from workers.errors import CantListen, WorkersFailed
from workers.process import pool as module
from workers.process.pool import WorkerPool
from workers.settings import Settings

FAILS = (sys.executable, "-I", "-S", "-c", "raise SystemExit(3)")
WORKS = (sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)")
SETTINGS = Settings(REDIS_URL="unix:///nonexistent")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def checked_until_failed(pool: WorkerPool) -> str:
    """What was said."""
    said = []

    def has_failed() -> bool:
        try:
            pool.check()
        except WorkersFailed as error:
            said.append(str(error))
        return bool(said)

    wait_until(has_failed, "it is called a failure")
    return said[0]


def test_workers_that_end_at_once_are_a_failure_and_tried_anew_when_asked() -> None:
    with WorkerPool(SETTINGS, 1, FAILS) as pool:
        said = checked_until_failed(pool)
        failed = pool.pids
        assert not pool.has_worked

        pool.check()
        assert pool.pids != failed
        assert checked_until_failed(pool) == said
    assert said.startswith("3 workers ended within 5 s of their start, the last with exit code 3")


def test_a_worker_that_lived_for_a_while_has_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    with WorkerPool(SETTINGS, 1, WORKS) as pool:
        pool.check()
        early = pool.has_worked
        monkeypatch.setattr(module, "_SHORT_LIFE_S", 0.0)
        pool.check()

        assert (early, pool.has_worked) == (False, True)


def test_a_metrics_port_that_is_taken_is_one_clear_line_and_starts_no_worker(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ORPHANS_END_S", 0.2)
    pool = WorkerPool(SETTINGS.model_copy(update={"metrics_port": taken}), 1, WORKS)

    with pytest.raises(CantListen, match=f"port {taken}: Address already in use"), pool:
        pass
    assert pool.pids == ()


def test_a_second_worker_whose_port_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ORPHANS_END_S", 0.0)
    pool = WorkerPool(SETTINGS.model_copy(update={"metrics_port": 65_535}), 2, WORKS)

    with pytest.raises(CantListen, match=r"port 65536: .* Choose another with ONESTORY_METRICS"):
        pool.__enter__()


def test_a_port_that_an_orphan_still_has_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def slept(_seconds: float) -> None:
        orphan.close()

    orphan = socket.create_server(("127.0.0.1", 0))
    port = int(orphan.getsockname()[1])
    monkeypatch.setattr(time, "sleep", slept)
    pool = WorkerPool(SETTINGS.model_copy(update={"metrics_port": port}), 1, WORKS)

    with pool:
        assert len(pool.pids) == 1
