"""``requirements*.txt``: complete, and nothing is installed but what was looked at."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.files import ROOT, all_requirements, requirements

PYTHONS = ("3.11.0", "3.11.9", "3.12.1", "3.13.0")
RUNTIME = requirements(ROOT / "requirements.txt")


@pytest.mark.parametrize("name", all_requirements())
def test_a_version_is_exact_and_has_hashes_and_no_address(name: str) -> None:
    first, *rest = re.split(r" \\\n *", all_requirements()[name])

    assert re.fullmatch(r"[\w.-]+==[\w.]+( ; [\w .<>='_]+)?", first)
    assert rest
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in rest)


def needed(name: str, extras: set[str], python: str, seen: set[str]) -> Iterator[str]:
    """What a package needs on Linux, and what that needs."""
    if canonicalize_name(name) in seen:
        return
    seen.add(canonicalize_name(name))
    yield canonicalize_name(name)
    try:
        declared = [Requirement(each) for each in requires(name) or []]
    except PackageNotFoundError:  # not of this Python's; its own needs are not known here
        return
    version = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    for each in declared:
        marks = [version | {"extra": extra} for extra in extras or {""}]
        if each.marker is None or any(each.marker.evaluate(mark) for mark in marks):
            yield from needed(each.name, each.extras, python, seen)


@pytest.mark.parametrize("python", PYTHONS)
def test_all_that_the_service_needs_is_pinned(python: str) -> None:
    pinned = {canonicalize_name(each) for each in RUNTIME}

    missing = set(needed("onestory", set(), python, set())) - pinned - {"onestory"}

    assert missing == set()


def test_what_builds_is_pinned_too() -> None:
    assert "setuptools" in RUNTIME


def test_everything_is_installed_by_its_hash() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")

    (install,) = re.findall(r"^INSTALL := (.*)$", makefile, re.MULTILINE)
    assert install.endswith("--require-hashes")
    lists = [line for line in makefile.splitlines() if re.search(r" -r (<|\$|req)", line)]
    others = [line for line in lists if "$(INSTALL)" not in line]
    assert len(lists) > len(others)
    assert all("pip-audit" in line for line in others)


def test_an_audit_that_could_ask_nobody_fails() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    (options,) = re.findall(r"bin/pip-audit (.*) \|\| {", makefile)
    assert "--strict" in options
