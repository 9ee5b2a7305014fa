"""``deploy/RUNBOOK.md``: its settings and users exist, what it says of Redis' files is so."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.deploy.files import DEPLOY, ROOT, acl_users, document
from tests.deploy.guarded import free_port, started
from tests.support.redis.servers import wait_until
from workers.cli import app
from workers.connection.server_binary import find_redis_binary
from workers.settings import Settings

RUNBOOK = DEPLOY / "RUNBOOK.md"
TEXT = RUNBOOK.read_text("utf-8")


def test_commands_settings_and_users_exist() -> None:
    commands = {
        each.name or each.callback.__name__ for each in app.registered_commands if each.callback
    }
    commands |= {str(each.name) for each in app.registered_groups}
    typed = set(re.findall(r"(?:^|[`$ ] ?)onestory ([a-z]+)", TEXT, re.MULTILINE))
    settings = {f"ONESTORY_{each.upper()}" for each in Settings.model_fields}
    named = set(re.findall(r"\bONESTORY_[A-Z_]+[A-Z]\b", TEXT))
    passwords = {f"ONESTORY_REDIS_{each.upper()}_PASSWORD" for each in acl_users()}

    assert typed - {"namespace"} <= commands
    assert {re.sub("_OLD$", "", each) for each in named} <= settings | passwords


def test_the_alerts_of_kubernetes_are_those_of_prometheus() -> None:
    (line,) = (each for each in TEXT.splitlines() if "kind: PrometheusRule" in each)
    command = line.removeprefix("$ ").rpartition("|")[0]

    made = subprocess.run(
        ["/bin/bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    rule = yaml.safe_load(made)
    assert rule["kind"] == "PrometheusRule"
    assert rule["spec"] == document("prometheus", "alerts.yml")


@contextmanager
def serving(folder: Path) -> Iterator[Redis]:
    """A server on a data folder, as compose starts it; killed at the end."""
    port = free_port()
    with (
        started(find_redis_binary().path, folder, port) as process,
        Redis(port=port, decode_responses=True) as client,
    ):

        def answers() -> bool:
            assert process.poll() is None, (folder / "redis.log").read_text()
            try:
                return bool(client.ping())
            except RedisConnectionError:
                return False

        wait_until(answers, "redis-server answers")
        yield client


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """Taken as the runbook does, of a stream with one entry."""
    folder = tmp_path / "before"
    folder.mkdir()
    with serving(folder) as client:
        client.xadd("{news}:stories", {"data": "told"}, id="7-0")
        client.bgsave()
        wait_until(
            lambda: not client.info("persistence")["rdb_bgsave_in_progress"],
            "the snapshot is whole",
        )
    return folder / "dump.rdb"


def test_a_snapshot_is_restored_as_the_runbook_says(snapshot: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (typed,) = re.findall(r"&& (cp /backup/\S+\.rdb /data/appendonly\.aof)", TEXT)
    _, source, target = typed.split()
    data.mkdir()
    shutil.copy(snapshot, data / Path(target).name)
    assert Path(source).suffix == snapshot.suffix

    with serving(data) as client:
        assert client.xrange("{news}:stories") == [("7-0", {"data": "told"})]
        client.xadd("{news}:stories", {"data": "later"}, id="8-0")
    with serving(data) as client:
        assert client.xlen("{news}:stories") == 2


def test_a_snapshot_beside_the_append_only_file_is_ignored_as_the_runbook_warns(
    snapshot: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(snapshot, data / "dump.rdb")

    with serving(data) as client:
        assert client.xlen("{news}:stories") == 0
