"""``deploy/systemd``: closed, restarted when that helps, and true to commands, settings, users."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.deploy.files import DEPLOY, acl_users, users_of
from workers.cli import app
from workers.errors import EvictingServer
from workers.metrics.watchdog import STUCK
from workers.settings import Settings

UNITS = DEPLOY / "systemd"
PARTS = {"worker": "onestory-worker@", "api": "onestory-api", "poller": "onestory-poller"}
COMMANDS = {"worker": "worker", "api": "serve", "poller": "poll"}
MOST_EXPOSED = 15
"""Of 100, as ``systemd-analyze security`` counts; a unit without any hardening has 96."""
ANALYZE = shutil.which("systemd-analyze")
INSTALLED = "/opt/onestory/bin/"

Unit = dict[str, list[str]]
"""Values by key, in all sections."""


def unit(part: str) -> Unit:
    found: Unit = {}
    for line in (UNITS / f"{PARTS[part]}.service").read_text("utf-8").splitlines():
        if re.match(r"\w+=", line):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def settings_of(part: str) -> dict[str, str]:
    lines = (UNITS / f"{part}.env.example").read_text("utf-8").splitlines()
    return dict(each.split("=", 1) for each in lines if each and not each.startswith("#"))


@pytest.mark.parametrize("part", PARTS)
def test_it_is_started_anew_but_not_where_that_changes_nothing(part: str) -> None:
    found = unit(part)

    assert found["Restart"] == ["always"]
    assert found["RestartPreventExitStatus"] == [str(EvictingServer.exit_code)]
    assert str(STUCK) not in found["RestartPreventExitStatus"]
    assert found["StartLimitIntervalSec"] == ["0"], "Redis may be away for long"
    # Longer than the 30 s that a worker gives its batch.
    assert found["TimeoutStopSec"] == ["60"]
    assert found["MemoryMax"]
    assert found["PartOf"] == found["WantedBy"] == ["onestory.target"]


@pytest.mark.parametrize("part", PARTS)
def test_what_is_started_and_set_is_there(part: str) -> None:
    found = unit(part)
    (start,) = found["ExecStart"]
    path, command, *options = start.split()

    assert path == f"{INSTALLED}onestory"
    assert command == COMMANDS[part]
    told = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).stdout
    assert all(each in told for each in options if each.startswith("--"))
    assert found["EnvironmentFile"] == [f"/etc/onestory/{part}.env"]
    known = {f"ONESTORY_{each.upper()}" for each in Settings.model_fields} | {"REDIS_URL"}
    given = settings_of(part)
    given |= dict(each.split("=", 1) for each in found.get("Environment", []))
    assert set(given) <= known
    assert users_of(given["REDIS_URL"]) == {part}
    assert part in acl_users()


def test_the_name_of_a_worker_is_the_port_of_its_metrics() -> None:
    assert unit("worker")["Environment"] == ["ONESTORY_METRICS_PORT=%i"]


def test_nobody_sees_the_secrets_of_another_part() -> None:
    assert {"ONESTORY_READ_TOKEN", "ONESTORY_WRITE_TOKEN"} <= set(settings_of("api"))
    assert not any("TOKEN" in each for part in ("worker", "poller") for each in settings_of(part))
    assert unit("poller")["LoadCredential"] == ["feeds.toml:/etc/onestory/feeds.toml"]


def test_all_parts_are_closed_alike_but_the_poller_reaches_out() -> None:
    about = {"Description", "EnvironmentFile", "Environment", "ExecStart", "MemoryMax", "User"}
    worker, api, poller = ({k: v for k, v in unit(p).items() if k not in about} for p in PARTS)

    assert worker == api
    assert worker["IPAddressDeny"] == ["any"]
    assert {key for key in worker | poller if worker.get(key) != poller.get(key)} == {
        "IPAddressDeny",
        "IPAddressAllow",
        "LoadCredential",
    }


def test_all_workers_are_one_user_and_no_other_part_is() -> None:
    """Else none could read what another has put into the folder that they share."""
    assert unit("worker")["User"] == ["onestory-worker"]
    assert unit("worker")["DynamicUser"] == ["yes"]
    assert not any("User" in unit(part) for part in ("api", "poller"))


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """The units as they lie on a machine, on which onestory is where it is here."""
    here = str(Path(sys.executable).parent) + "/"
    for path in UNITS.glob("onestory*"):
        text = path.read_text("utf-8").replace(INSTALLED, here)
        (tmp_path / path.name.replace("@.", "@9464.")).write_text(text, "utf-8")
    return sorted(tmp_path.iterdir())


needs_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="no systemd-analyze here: apt install systemd"
)


@needs_systemd
def test_systemd_takes_the_units(installed: list[Path]) -> None:
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", "--recursive-errors=no", *installed],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(installed) == 4
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_systemd_finds_little_that_is_open(installed: list[Path]) -> None:
    services = [str(each) for each in installed if each.suffix == ".service"]
    asked = ["security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}"]
    done = subprocess.run(
        [str(ANALYZE), *asked, *services],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
