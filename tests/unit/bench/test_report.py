"""What the benchmark tells, and what it does not where others were at work."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support.builders.benchmark import figures, level, one_round, weight
from workers.bench.figures import read, saved
from workers.bench.report import report
from workers.cli import app
from workers.commands import bench as command

RATES = (1_800, 2_000, 2_300)
PEERS = (150, 200, 250)
BY_THE_CLOCK = re.compile(r"2,000|1,800|2,300|\b10\.0\b|p50|p99")


def _three_rounds(others: float) -> str:
    rounds = [one_round(ours=a, peer=b) for a, b in zip(RATES, PEERS, strict=True)]
    return report(figures(levels=[level(weight(100_000), rounds, others=others)]))


def _row(said: str, name: str) -> str:
    (row,) = [line for line in said.splitlines() if line.startswith(f"| {name}")]
    return row


def test_a_median_stands_with_its_spread_and_the_ratio_is_of_rounds() -> None:
    said = _three_rounds(others=0.3)

    assert _row(said, "articles/s, stream").endswith("| **2,000** (1,800–2,300) |")
    # 1,800/150, 2,000/200, 2,300/250: not the medians' ratio by chance.
    assert _row(said, "times datasketch on Redis").endswith("| **10.0** (9.2–12.0) |")
    assert _row(said, "times datasketch, by CPU").endswith("| 5.0 (5.0–5.0) |")  # 4,000 / 800
    assert _row(said, "all workers, CPU").endswith("| **600** (600–600) |")
    assert _row(said, "3 |").count("9.2") == 1


def test_nothing_that_the_clock_measured_is_told_while_others_work() -> None:
    quiet, busy = _three_rounds(others=0.3), _three_rounds(others=0.31)

    assert BY_THE_CLOCK.search(quiet)
    assert not BY_THE_CLOCK.search(busy)
    assert "others took 0.31 of each core" in busy
    for name in ("times datasketch, by CPU", "all workers, CPU", "Redis, bytes an article"):
        assert _row(busy, name) == _row(quiet, name)


def test_one_busy_window_of_two_is_enough_to_refuse() -> None:
    levels = [level(weight(100_000)), level(weight(1_000_000), others=0.5)]

    assert not BY_THE_CLOCK.search(report(figures(levels=levels)))


def test_a_larger_window_stands_beside_with_its_share_and_no_peer() -> None:
    large = level(weight(1_000_000), [one_round(ours=1_700, peer=None)])

    said = report(figures(levels=[level(weight(100_000)), large]))

    assert _row(said, "articles/s, of the smaller").endswith("| – | **0.85** |")  # 1,700 / 2,000
    assert _row(said, "times datasketch on Redis").endswith("| **10.0** (10.0–10.0) | – |")


@pytest.mark.parametrize(("others", "code"), [(0.3, 0), (0.31, 75)])
def test_the_command_ends_with_75_where_it_refuses(
    others: float, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = figures(others=others)
    monkeypatch.setattr(command, "run", lambda *_: found)
    file = tmp_path / "figures.json"

    done = CliRunner().invoke(app, ["bench", "--save", str(file)])

    assert done.exit_code == code
    assert "all workers, CPU µs an article" in done.output
    assert ("others took 0.31 of each core" in done.output) is (code == 75)
    assert read(file) == found


def test_what_is_saved_is_read_as_it_was(tmp_path: Path) -> None:
    found = figures(levels=[level(weight(100_000)), level(weight(1_000_000))])

    saved(found, tmp_path / "figures.json")

    assert read(tmp_path / "figures.json") == found
