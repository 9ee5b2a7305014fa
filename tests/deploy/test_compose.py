"""``deploy/compose.yaml``: closed by default, and true to settings, users and files."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.files import DEPLOY, acl_users, document, users_of, version
from workers.cli import app
from workers.settings import Settings

SERVICES = document("compose.yaml")["services"]
TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")
VARIABLES = re.findall(r"(?<!\$)\$\{(\w+):([?-])([^}]*)\}", TEXT)


def named() -> dict[str, str]:
    """Variables of ``.env.example``."""
    lines = (DEPLOY / ".env.example").read_text("utf-8").splitlines()
    return dict(each.split("=", 1) for each in lines if each and not each.startswith("#"))


def judged(folder: Path, values: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What Compose itself makes of the file."""
    given = folder / "given.env"
    given.write_text("".join(f"{name}={value}\n" for name, value in values.items()), "utf-8")
    return subprocess.run(
        [
            Path(sys.executable).with_name("docker-compose"),
            *("--file", DEPLOY / "compose.yaml", "--env-file", given, "config", "--quiet"),
        ],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


FILLED = {name: value or "a" * 24 for name, value in named().items()}


def test_compose_takes_the_file(tmp_path: Path) -> None:
    done = judged(tmp_path, FILLED)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("secret", sorted({name for name, kind, _ in VARIABLES if kind == "?"}))
def test_compose_names_a_secret_that_is_missing(tmp_path: Path, secret: str) -> None:
    done = judged(tmp_path, FILLED | {secret: ""})

    assert done.returncode != 0
    assert f"required variable {secret} is missing a value: see deploy/.env.example" in done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardened_and_bounded(name: str) -> None:
    service: dict[str, Any] = SERVICES[name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"max-size", "max-file"} == set(service["logging"]["options"])
    assert {"cpus", "memory"} == set(service["deploy"]["resources"]["limits"])
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0].startswith("CMD")
    assert set(service.get("depends_on", {})) <= set(SERVICES)


def test_only_api_and_grafana_are_published_and_on_this_machine_alone() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}

    assert published == {"api": ["127.0.0.1:8080:8080"], "grafana": ["127.0.0.1:3000:3000"]}
    assert document("compose.yaml")["networks"]["inside"] == {"internal": True}
    on_the_way_out = [name for name, each in SERVICES.items() if each["networks"] != ["inside"]]
    assert on_the_way_out == ["api", "grafana"]


def test_a_secret_is_asked_for_or_its_user_is_off() -> None:
    secret = [each for each in VARIABLES if re.search("PASSWORD|TOKEN", each[0])]
    defaults = {name: rest for name, kind, rest in secret if kind == "-"}
    asked = {name for name, kind, _ in secret if kind == "?"}

    assert set(defaults.values()) == {""}
    optional = {"PUBLISHER", "POLLER", "CONSUMER", "EDITOR"}
    assert {each for each in defaults if not each.endswith("_OLD")} == {
        *(f"ONESTORY_REDIS_{each}_PASSWORD" for each in optional),
        "ONESTORY_WRITE_TOKENS",
    }
    assert asked == {
        *(f"ONESTORY_REDIS_{each}_PASSWORD" for each in ("WORKER", "API", "VIEWER", "OPERATOR")),
        *("ONESTORY_READ_TOKEN", "ONESTORY_WRITE_TOKEN", "GRAFANA_ADMIN_PASSWORD"),
    }
    assert {name for name, _, _ in VARIABLES if not name.endswith("_OLD")} == set(named())
    assert {value for name, value in named().items() if re.search("PASSWORD|TOKEN", name)} == {""}


def test_every_user_of_redis_can_have_a_password() -> None:
    known = SERVICES["redis"]["environment"]

    for user in acl_users():
        for end in ("", "_OLD"):
            assert f"ONESTORY_REDIS_{user.upper()}_PASSWORD{end}" in known


def test_files_that_are_mounted_exist() -> None:
    mounted = re.findall(r"- \./([\w./-]+):", TEXT)

    assert len(mounted) == 7
    assert [each for each in mounted if not (DEPLOY / each).exists()] == []


@pytest.mark.parametrize("name", ["worker", "api"])
def test_onestory_is_called_as_it_wants_to_be(name: str) -> None:
    service = SERVICES[name]
    commands = {
        each.name or each.callback.__name__ for each in app.registered_commands if each.callback
    }
    settings = {f"ONESTORY_{each.upper()}" for each in Settings.model_fields} | {"REDIS_URL"}

    assert service["image"] == f"onestory:{version()}"
    assert service["command"][0] in commands
    assert service["healthcheck"]["test"][1:5] == ["python", "-P", "-m", "workers.metrics.probe"]
    assert set(service["environment"]) <= settings
    assert users_of(service["environment"]["REDIS_URL"]) == {name}
    assert name in acl_users()
    # Longer than the 30 s that a worker gives its batch.
    assert service["stop_grace_period"] == "60s"


def test_workers_share_their_window_in_memory_that_is_their_users_alone() -> None:
    (user,) = re.findall(r"^USER (\d+):", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    volume = document("compose.yaml")["volumes"]["window"]["driver_opts"]
    folder = SERVICES["worker"]["environment"]["ONESTORY_WINDOW_FOLDER"]

    assert f"window:{folder}" in SERVICES["worker"]["volumes"]
    assert volume["type"] == volume["device"] == "tmpfs"
    assert {f"uid={user}", "mode=0700"} <= set(volume["o"].split(","))
    sharing = [name for name, each in SERVICES.items() if "window:" in str(each.get("volumes"))]
    assert sharing == ["worker"]
