"""A worker stays within the memory that `deploy/compose.yaml` gives it, whatever it is sent."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.support.wire import harness
from tests.support.wire.worker_processes import WorkerProcess, worker_process
from workers.settings import Settings

MOST_MB = 1_024
WORDS = "Мост через реку открыли во вторник после ремонта, который тривал два года. "


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def peak_mb(worker: WorkerProcess) -> int:
    status = Path(f"/proc/{worker.process.pid}/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) // 1024


def articles(name: str, count: int, size: int) -> Iterator[bytes]:
    for number in range(count):
        text = f"{number} " + WORDS * (size // len(WORDS.encode()))
        yield json.dumps({"id": f"{name}-{number}", "text": text}, ensure_ascii=False).encode()


def new_words(count: int, size: int) -> Iterator[bytes]:
    """Articles in which no word comes twice, in all of them."""
    syllables = ("бвгджзклмн", "аеиоу", "прстфхцчшщ", "аеиоу", "бвгджзклмн", "аеиоу", "бвгдж")
    words = map("".join, itertools.product(*syllables))
    for number in range(count):
        taken, left = [], size
        while left > 0:
            taken.append(next(words))
            left -= len(taken[-1]) + 1
        yield json.dumps({"id": f"words-{number}", "text": " ".join(taken)}).encode()


def control_characters(count: int, size: int) -> Iterator[bytes]:
    """Each is six in JSON."""
    return (bytes([1]) * size for _ in range(count))
