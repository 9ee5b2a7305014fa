"""What is said of the commands before one of them runs."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from rich.markup import render
from typer.testing import CliRunner

from workers import commands
from workers.cli import COMMANDS, app, loaded

HEAVY = {"datasketch", "faiss", "fastapi", "faststream", "numpy", "pydantic", "redis", "uvicorn"}
NO_COMMAND = {"console", "files", "log_repeats", "options", "session", "stopping"}
"""What commands share."""


def parts_of(name: str) -> Iterator[Any]:
    """A command, or a group and the commands in it."""
    command = loaded(name)
    yield command
    yield from getattr(command, "commands", {}).values()


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"], ["--rn"]])
def test_what_is_said_of_all_commands_imports_none_of_them(words: list[str]) -> None:
    asked = (
        "import sys; from workers.cli import app\n"
        f"try: app({words!r})\n"
        f"except SystemExit: sys.exit(repr(sorted({HEAVY!r} & set(sys.modules))))"
    )

    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )

    assert done.stderr.splitlines()[-1] == "[]"


def test_the_handler_of_sigterm_comes_before_all_imports_that_take_time() -> None:
    asked = (
        f"import sys, workers.__main__; sys.exit(repr({HEAVY | {'typer'}!r} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )

    assert done.stderr == "set()\n"


def test_every_module_of_a_command_is_listed() -> None:
    modules = {file.stem for file in Path(commands.__path__[0]).glob("[a-z]*.py")}

    assert modules - NO_COMMAND == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_what_its_own_help_begins_with(name: str) -> None:
    listed = CliRunner().invoke(app, ["--help"]).stdout.replace("│", " ").split()
    own = CliRunner().invoke(app, [name, "--help"]).stdout

    words = (loaded(name).help or "").partition("\n\n")[0]
    assert " ".join(words.split()) == COMMANDS[name]
    assert f" {name} {COMMANDS[name]} " in " ".join(listed)
    assert f"onestory {name}" in own


@pytest.mark.parametrize("name", COMMANDS)
def test_no_word_of_a_help_text_is_lost_as_markup(name: str) -> None:
    for command in parts_of(name):
        for each in (command, *command.params):
            written = getattr(each, "help", None) or ""
            assert render(written).plain == written.replace("\\[", "[")


def test_a_group_offers_no_more_options_than_any_command() -> None:
    for name in ("dead", "rules"):
        assert {option.name for option in loaded(name).params} <= {"help"}


def test_the_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout == f"onestory {version('onestory')}\n"
