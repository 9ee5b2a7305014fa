"""The benchmark as a user runs it, small: real processes, both servers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.redis.servers import wait_until
from workers.bench.corpus import corpus
from workers.bench.figures import read
from workers.bench.machine import seen

COMMAND = (sys.executable, "-P", "-m", "workers", "bench")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}


@pytest.mark.slow
def test_a_small_run_measures_all_and_tells_rates_only_of_a_quiet_machine(tmp_path: Path) -> None:
    file, saved = tmp_path / "feed.jsonl", tmp_path / "figures.json"
    file.write_bytes(b"\n".join(corpus(300, timedelta(hours=1))))

    done = subprocess.run(
        [*COMMAND, "--live", "1000", "--articles", str(file), "--save", str(saved)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    figures = read(saved)
    (level,) = figures.levels
    assert (done.returncode, figures.is_quiet) in {(0, True), (75, False)}, done.stderr
    assert ("not told" in done.stdout) is not figures.is_quiet
    assert (figures.light.live, level.weight.live, level.joined.articles) == (100, 1_000, 1_650)
    assert len(level.rounds) == 7
    assert all(each.times and each.times_cpu for each in level.rounds)
    assert level.latency.articles == 300
    assert [len(each.ours.worker_us) for each in level.rounds] == [2] * 7
    assert figures.stages.fingerprint_us > 0


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], set[int]]]:
    """A benchmark that fills its windows, and its processes."""
    with subprocess.Popen(
        COMMAND,
        env=ENVIRONMENT | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        # Both servers, two workers, the peer.
        wait_until(lambda: len(_children(process.pid)) == 5, "all are there", timeout_s=120)
        yield process, _children(process.pid)
        process.kill()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_broken_off_leaves_no_process_and_no_folder_behind(
    running: tuple[subprocess.Popen[bytes], set[int]],
    tmp_path: Path,
    number: signal.Signals,
    code: int,
) -> None:
    process, children = running

    # As a terminal does: to all that were started in it.
    (os.killpg if number is signal.SIGINT else os.kill)(process.pid, number)

    assert process.wait(60) == code
    assert children.isdisjoint(seen().parents)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_started_ends_by_itself(
    running: tuple[subprocess.Popen[bytes], set[int]],
) -> None:
    process, children = running

    process.kill()

    wait_until(lambda: children.isdisjoint(seen().parents), "all have ended", timeout_s=60)


def _children(pid: int) -> set[int]:
    return {child for child, parent in seen().parents.items() if parent == pid}
