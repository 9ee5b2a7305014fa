"""What lies in the folder that a command is started in is not run, but for files it is given."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, ROOT, document
from workers.process.pool import WORKER_COMMAND

MODULES = "redis numpy typer signal argparse uvloop sitecustomize usercustomize".split()
PACKAGES = ("workers", "contracts", "service", "faststream")
ITEM = {"id": "a-1", "title": "Murmansk opens a bridge", "text": "It is 1.6 km long."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where every name is taken by code that leaves a trace."""
    trap = f"open({str(tmp_path / 'trace')!r}, 'a').write(__name__ + ' ')\nraise SystemExit(99)\n"
    here = tmp_path / "here"
    for each in PACKAGES:
        (here / each).mkdir(parents=True)
        (here / each / "__init__.py").write_text(trap, "utf-8")
    for each in MODULES:
        (here / f"{each}.py").write_text(trap, "utf-8")
    return here


def run(folder: Path, *command: str) -> tuple[int, str]:
    """Exit code and what was run of the folder."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, timeout=120
    )
    trace = folder.parent / "trace"
    return done.returncode, trace.read_text("utf-8") if trace.exists() else ""


def test_the_trap_works(folder: Path) -> None:
    assert run(folder, sys.executable, "-m", "workers", "--version") == (99, "workers ")


def test_a_command_and_its_workers_run_nothing_of_the_folder(folder: Path) -> None:
    (folder / "feed.jsonl").write_text(json.dumps(ITEM), "utf-8")
    onestory = str(Path(sys.executable).with_name("onestory"))

    assert run(folder, onestory, "run", "feed.jsonl") == (0, "")


def test_a_worker_runs_nothing_of_the_folder(folder: Path) -> None:
    """1: it is told no Redis."""
    assert run(folder, *WORKER_COMMAND) == (1, "")


def probes() -> list[list[str]]:
    services = document("compose.yaml")["services"].values()
    found = [each["healthcheck"]["test"] for each in services]
    (image,) = re.findall(r"CMD (\[\"python.*\])", (DEPLOY / "Dockerfile").read_text("utf-8"))
    return [each[1:] for each in found if "python" in each] + [json.loads(image)]


@pytest.mark.parametrize("probe", probes())
def test_a_probe_runs_nothing_of_the_folder(folder: Path, probe: list[str]) -> None:
    assert probe[0] == "python"
    closed = [each if not each.isdecimal() else "1" for each in probe[1:]]

    assert run(folder, sys.executable, *closed) == (1, "")


def test_no_process_is_started_with_the_folder_on_its_path() -> None:
    started = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "workers").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.List | ast.Tuple)
        and node.elts
        and ast.unparse(node.elts[0]) == "sys.executable"
        and not re.match(r"[*(]*'-[PI]'", ast.unparse(node.elts[1]))
    ]

    assert started == []
