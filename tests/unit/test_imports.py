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
        ("workers/broken.py", "import model2vec"),
        ("workers/broken.py", "import service.training"),
        ("contracts/broken.py", "import service"),
    ],
)
def test_an_import_against_the_rules_is_found(copy: Path, module: str, line: str) -> None:
    (copy / module).write_text(f"{line}\n")

    linted = lint_imports(copy)

    assert linted.returncode == 1
    assert module.removesuffix(".py").replace("/", ".") in linted.stdout
