"""The wheel holds all that its commands and modules open, and runs where the tree is not."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PACKAGES = ("contracts", "service", "workers")
_NOT_PACKED = {".md", ".pyc"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: a build leaves folders behind."""
    tree = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        shutil.copytree(name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(name, tree)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", str(tree / "out"), str(tree)],
        check=True,
    )
    (built,) = (tree / "out").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files, in a folder that the modules are imported from."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_everything_in_the_packages_is_in_the_wheel(wheel: Path) -> None:
    files = {
        path.as_posix()
        for name in PACKAGES
        for path in Path(name).rglob("*")
        if path.is_file() and path.suffix not in _NOT_PACKED and not _is_a_tool_s(path)
    }

    assert len(files) > 300
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()


def _is_a_tool_s(path: Path) -> bool:
    """Settings and caches of linters."""
    return path.name == "ruff.toml" or any(part.startswith(".") for part in path.parts)


def run(installed: Path, folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(installed), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_runs_is_the_wheel_and_not_the_tree(installed: Path, tmp_path: Path) -> None:
    where = run(installed, tmp_path, "-c", "import workers; print(workers.__file__)")

    assert Path(where.strip()).is_relative_to(installed)


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Models, tables of words, scripts of Redis and the sample feed."""
    assert "Story 2" in run(installed, tmp_path, "-m", "workers", "demo")


def test_the_training_s_texts_are_found_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "-c", "import service.training.bulletins")


def test_the_contracts_are_found_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "-m", "contracts.generate", "--check")
