"""Passwords, keys and tokens stand in no message, repr, help or traceback."""

import os
import subprocess
import sys
import traceback

import pytest
from typer.testing import CliRunner

from workers.cli import app
from workers.commands.session import settings_from
from workers.errors import OnestoryError
from workers.process.build import build_worker
from workers.process.pool import _environment
from workers.settings import Settings

SECRET = "s3cret-of-this-test"  # noqa: S105 - it opens nothing
ENVIRONMENT = {
    "REDIS_URL": f"redis://ann:{SECRET}@127.0.0.1:1/0",
    "ONESTORY_ENCODER_KEY": f"{SECRET}-key",
    "ONESTORY_INGEST_TOKEN": f"{SECRET}-token",
}


@pytest.fixture
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_secrets")
def test_settings_show_none() -> None:
    settings = Settings()

    assert SECRET in str(settings.redis_url)
    for shown in (repr(settings), str(settings), f"{settings}", repr([settings])):
        assert SECRET not in shown
    assert SECRET not in repr(settings.encoder_key) + repr(settings.ingest_token)


@pytest.mark.usefixtures("_secrets")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONESTORY_WINDOW_HOURS", "-1"),
        ("ONESTORY_INGEST_TOKEN", "s3cr"),
        ("ONESTORY_NAMESPACE", "{"),
    ],
)
def test_a_setting_that_is_wrong_shows_no_other(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(OnestoryError) as caught:
        settings_from(None, None)

    said = "".join(traceback.format_exception(caught.value))
    assert SECRET not in said
    assert "s3cr" not in said
    assert name.removeprefix("ONESTORY_").lower() in said


@pytest.mark.usefixtures("_secrets")
@pytest.mark.parametrize(
    "command",
    ["", "run", "worker", "publish", "poll", "listen", "tail", "dead", "rules", "explain",
     "evaluate", "replay", "diff", "switch", "demo", "bench"],
)  # fmt: skip
def test_help_shows_none(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"])

    assert result.exit_code == 0
    assert "Usage" in result.output
    assert SECRET not in result.output


@pytest.mark.parametrize(
    "url",
    [
        f"redis://ann:{SECRET}@127.0.0.1:1/0",  # nobody answers
        f"redis://:{SECRET}/x@127.0.0.1",  # an unquoted slash makes the password a port
        f"rediss://ann:{SECRET}@127.0.0.1:1?ssl_cert_reqs=what",
        f"http://ann:{SECRET}@127.0.0.1",
    ],
)
def test_commands_that_reach_no_server_show_no_password(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workers", "dead", "list"],
        env=os.environ | ENVIRONMENT | {"REDIS_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.usefixtures("_secrets")
@pytest.mark.anyio
async def test_a_worker_that_reaches_no_server_shows_no_password() -> None:
    worker = build_worker(Settings())

    with pytest.raises(Exception) as caught:
        await worker.run()
    await worker.redis.aclose()

    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert SECRET not in repr(worker.settings) + repr(worker.store)


@pytest.mark.usefixtures("_secrets")
def test_a_worker_process_gets_the_key_that_it_needs_and_no_token() -> None:
    given = _environment(Settings())

    assert given["ONESTORY_ENCODER_KEY"] == ENVIRONMENT["ONESTORY_ENCODER_KEY"]
    assert not [name for name, value in given.items() if value.endswith("-token")]
