"""Imports run one way: contracts <- service <- workers; the rules are in pyproject.toml."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "service", "workers")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; exit(lint_imports())"],
        cwd=folder,
        # The folder first, before the installed packages of the same names.
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources alone, to break."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        only_python = shutil.ignore_patterns("__pycache__", "*.safetensors", "*.jsonl")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=only_python)
    return tmp_path


def test_imports_run_one_way() -> None:
    linted = lint_imports(ROOT)

    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("service/text/broken.py", "import redis"),
        ("service/stories/broken.py", "import time"),
        ("service/matching/broken.py", "from os import environ"),
        ("service/matching/broken.py", "import workers"),
        ("service/text/broken.py", "import service.matching"),
        ("service/stories/broken.py", "import service.evaluation"),
        ("service/matching/broken.py", "import service.encoders"),
        ("service/fingerprints/broken.py", "import httpx"),
        ("service/text/broken.py", "import feedparser"),
        ("workers/models.py", "import model2vec"),
        ("workers/models.py", "import service.training"),
        ("workers/broken.py", ""),
        ("workers/broken/__init__.py", ""),
        ("workers/keys.py", "import workers.settings"),
        ("workers/wording.py", "import workers.errors"),
        ("workers/state/broken.py", "import workers.window.window"),
        ("workers/state/broken.py", "import workers.connection.clients"),
        ("workers/window/broken.py", "import workers.placing.turns"),
        ("workers/metrics/broken.py", "import workers.process.build"),
        ("workers/placing/broken.py", "import workers.rules.edit"),
        ("workers/rules/broken.py", "import workers.shadow.replay"),
        ("workers/process/broken.py", "import workers.render.summary"),
        ("workers/feeds/broken.py", "import workers.api.app"),
        ("workers/archive/broken.py", "import workers.feeds.reader"),
        ("workers/archive/broken.py", "import workers.render.plain"),
        ("workers/demo/broken.py", "import workers.bench.measure"),
        ("workers/bench/broken.py", "import workers.commands.bench"),
        ("contracts/broken.py", "import service"),
    ],
)
def test_an_import_against_the_rules_is_found(copy: Path, module: str, line: str) -> None:
    file = copy / module
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as source:
        source.write(f"{line}\n")

    linted = lint_imports(copy)

    assert linted.returncode == 1
    assert module.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in linted.stdout


@pytest.mark.parametrize(
    ("imported", "made"),
    [
        ("from redis import Redis", "Redis.from_url('redis://h')"),
        ("from redis import Redis as SyncRedis", "SyncRedis.from_url('redis://h')"),
        ("from redis.asyncio import Redis", "Redis.from_url('redis://h')"),
        ("from redis import asyncio as aio", "aio.ConnectionPool()"),
        ("import redis", "redis.from_url('redis://h')"),
    ],
)
def test_a_client_that_is_made_outside_of_its_room_is_found(
    copy: Path, imported: str, made: str
) -> None:
    source = f"{imported}\n\nclient = {made}\n"

    for room, expected in (("api", 1), ("connection", 0)):
        (copy / "workers" / room / "broken.py").write_text(source)
        linted = subprocess.run(
            [
                *(sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"),
                *("--select=TID251", f"workers/{room}/broken.py"),
            ],
            cwd=copy,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ("TID251" in linted.stdout) == bool(expected), linted.stdout + linted.stderr
