"""What processes and others spend, as the benchmark reads it."""

import os
import subprocess
import sys

import pytest

from workers.bench.machine import Seen, load_of_others, memory, seen

SPINS = "import time\nwhile time.process_time() < 0.3: pass\n"
HAS_A_CHILD_THAT_SPINS = (
    f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPINS!r}])\n"
    "print(flush=True); sys.stdin.read()"
)


def test_a_process_time_holds_that_of_children_that_came_and_went() -> None:
    own = os.getpid()
    with subprocess.Popen(
        [sys.executable, "-c", HAS_A_CHILD_THAT_SPINS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        before = seen()
        process.stdout.readline()  # its child has ended
        alive = seen()
        process.communicate()
    ended = seen()

    assert alive.tree_s(process.pid) >= 0.3
    assert alive.tree_s(own) - before.tree_s(own) >= 0.25
    assert process.pid not in ended.spent_s
    assert ended.tree_s(own) >= alive.tree_s(own)


def test_a_process_that_has_ended_is_an_error() -> None:
    with pytest.raises(KeyError):
        seen().tree_s(-1)


def test_what_no_process_of_ours_has_spent_is_others() -> None:
    own = os.getpid()
    before = Seen(100.0, busy_s=50.0, spent_s={own: 5.0, 7: 1.0, 8: 20.0}, parents={7: own, 8: 1})
    after = Seen(110.0, busy_s=62.0, spent_s={own: 6.0, 7: 4.0, 8: 28.0}, parents={7: own, 8: 1})

    # 12 s busy, of which 1 + 3 were ours, in 10 s.
    assert load_of_others(before, after) == pytest.approx(0.8 / (os.cpu_count() or 1))


def test_ticks_that_come_late_are_no_negative_load() -> None:
    own = os.getpid()
    before = Seen(0.0, busy_s=1.0, spent_s={own: 1.0}, parents={})
    after = Seen(1.0, busy_s=1.5, spent_s={own: 1.6}, parents={})

    assert load_of_others(before, after) == 0.0


def test_of_a_process_memory_some_is_its_own() -> None:
    found = memory(os.getpid())

    assert 1_000_000 < found.private <= found.resident
