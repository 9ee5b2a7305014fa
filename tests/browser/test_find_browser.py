"""Where a browser is looked for, and what is said where there is none."""

import sys
from pathlib import Path

import pytest

from tests.browser import find_browser


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser; the folder that is its PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("ONESTORY_CHROMIUM", "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "argv", ["find_browser.py"])
    return folder


def program(path: Path, exit_code: int = 0) -> Path:
    """Something that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return path


def test_without_one_it_says_how_to_get_one(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert find_browser.main() == 1

    assert "apt-get install chromium" in capsys.readouterr().err
    assert list(bare.iterdir()) == []


def test_one_on_the_path_is_found(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chromium = program(bare / "chromium-browser")

    assert find_browser.main() == 0

    assert capsys.readouterr().out.strip() == str(chromium)


def test_the_one_that_is_named_goes_before(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare / "chromium")
    own = program(bare.parent / "own")
    monkeypatch.setenv("ONESTORY_CHROMIUM", str(own))

    assert find_browser.found_browser() == str(own)


def test_a_build_of_playwrights_is_found_if_it_runs(bare: Path) -> None:
    fetched = bare.parent / "cache" / "ms-playwright"
    # The newer one lacks a library.
    program(fetched / "chromium_headless_shell-1300/chrome-linux/headless_shell", exit_code=127)
    older = program(fetched / "chromium_headless_shell-1200/chrome-linux/headless_shell")

    assert find_browser.found_browser() == str(older)
