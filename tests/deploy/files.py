"""What ``deploy/`` holds, read as plainly as the tests need it."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

Tree = dict[str, Any]
"""A mapping of a YAML or JSON file."""


@cache
def version() -> str:
    """The version of the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def requirements(path: Path) -> dict[str, str]:
    """Of a list for pip: by name the version, marker and hashes."""
    text = path.read_text("utf-8")
    return {
        each.partition("==")[0]: each
        for each in re.findall(r"^[\w.-]+==(?:.*\\\n)*.*$", text, re.MULTILINE)
    }


def all_requirements() -> dict[str, str]:
    """Of both lists of the project."""
    return requirements(ROOT / "requirements.txt") | requirements(ROOT / "requirements-dev.txt")


def document(*path: str) -> Tree:
    """The one document of a YAML file below ``deploy/``."""
    (found,) = documents(*path)
    return found


def documents(*path: str) -> list[Tree]:
    """The documents of a YAML file below ``deploy/``."""
    text = DEPLOY.joinpath(*path).read_text("utf-8")
    return [each for each in yaml.safe_load_all(text) if each]


@cache
def acl_users() -> frozenset[str]:
    """Users of Redis."""
    text = (DEPLOY / "users.acl").read_text("utf-8")
    return frozenset(re.findall(r"^user (\w+)", text, re.MULTILINE)) - {"default"}


def users_of(*addresses: str) -> set[str]:
    """Whose password addresses of Redis hold."""
    return {found for each in addresses for found in re.findall(r"rediss?://(\w+):", each)}
