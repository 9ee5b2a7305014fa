"""Trying a threshold and going over to it: the commands of the runbook, as they stand there."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from typer.testing import CliRunner, Result

from tests.support.redis import servers
from tests.support.wire import harness, shadows
from tests.support.wire.desk import text
from workers.cli import app
from workers.process.pool import WorkerPool
from workers.settings import Settings

RUNBOOK = Path(__file__).parents[2] / "deploy" / "RUNBOOK.md"
RATES = {
    "id": "rates",
    "title": "Norvia keeps rate",
    "text": "The central bank of Norvia kept its key rate at 7.5 percent on Monday, governor Ada "
    "Lind said. Inflation will slow to 4 percent by the end of the year, the bank expects.",
    "published_at": "2026-02-09T10:00:00Z",
}
COMMENT = {
    "id": "comment",
    "title": "Norvia: jobs",
    "text": "The central bank of Norvia worries about jobs. Governor Ada Lind met trade unions.",
    "published_at": "2026-02-09T10:00:00Z",
}
"""One story at the looser operating point only."""
TWO, ONE = {frozenset({"rates"}), frozenset({"comment"})}, {frozenset({"rates", "comment"})}


def commands() -> dict[str, list[str]]:
    """What the runbook tells to type, by section."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in RUNBOOK.read_text("utf-8").splitlines():
        if line.startswith("#"):
            section = line.lstrip("# ")
        if line.startswith("$ "):
            found.setdefault(section, []).append(line.removeprefix("$ "))
    return found


@pytest.fixture
def live(redis_url: str) -> Iterator[Settings]:
    yield harness.settings_for(redis_url, "news", keep_input=True)
    for name in ("news", "news-next", "news-back"):
        servers.forget_namespace(redis_url, name)


def placed(redis: Redis, settings: Settings, *articles: dict[str, str]) -> None:
    """As the live workers do it, which are then stopped."""
    before = harness.handled(redis, settings)
    with WorkerPool(settings, 1) as pool:
        harness.send(redis, settings, [json.dumps(article).encode() for article in articles])
        harness.await_handled(redis, settings, before + len(articles), pool)


def test_the_runbook_tries_switches_and_rolls_back(
    redis_client: Redis, redis_url: str, live: Settings, tmp_path: Path
) -> None:
    def typed(section: str) -> str:
        """Output of the section's commands, in a shell in which the others' settings are gone."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", "\n".join(commands()[section])],
            env=os.environ | {"REDIS_URL": redis_url, "PATH": path, "COLUMNS": "120"},
            cwd=tmp_path,
            capture_output=True,
            timeout=120,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stories() -> set[frozenset[str]]:
        return set(shadows.stories(redis_client, live).values())

    placed(redis_client, live, RATES, COMMENT)
    assert stories() == TWO

    shadow = typed("1. A shadow beside the live namespace")
    assert "Every line accounted for" in shadow
    assert "Next: onestory diff news news-next" in shadow
    differs = typed("2. What differs, and why")
    assert "merged: 2 stories in news, 1 story in news-next" in differs
    assert re.search(r"news +0\.\d\d +New story: nearest is “Norvia keeps rate”", differs)
    assert re.search(r"news-next +0\.\d\d +Rewrite of “Norvia keeps rate”", differs)
    as_json = json.loads((tmp_path / "differences.json").read_text("utf-8"))
    assert as_json["stories"] == {"same": 0, "same_ids": 0, "split": 0, "merged": 1, "mixed": 0}
    placed(redis_client, live, {"id": "meanwhile", **text(1)})

    switched = typed("3. Switch over")
    assert "0 split, 1 merged" in switched
    assert "not in shadow" not in switched  # it caught up
    assert stories() == ONE | {frozenset({"meanwhile"})}

    assert "1 split, 0 merged" in typed("4. Roll back")
    assert stories() == TWO | {frozenset({"meanwhile"})}
    placed(redis_client, live, {"id": "later", **text(1, 1)})
    assert stories() == TWO | {frozenset({"meanwhile", "later"})}


def test_diff_can_say_by_its_exit_code_whether_stories_differ(
    redis_client: Redis, redis_url: str, live: Settings
) -> None:
    other = live.model_copy(update={"namespace": "news-next"})
    shadows.placed(redis_client, live, [RATES, {**RATES, "id": "copy"}])
    shadows.placed(redis_client, other, [RATES, {**COMMENT, "id": "copy"}])

    def diff(*words: str) -> Result:
        return CliRunner().invoke(app, ["diff", *words, "--redis-url", redis_url])

    assert diff("news", "news-next").exit_code == 0
    assert diff("news", "news-next", "--exit-code").exit_code == 1
    assert diff("news", "news", "--exit-code").exit_code == 0
    assert "… and 1 more" in diff("news", "news-next", "--limit", "0").stdout
    unknown = diff("news", "nothing")
    assert (unknown.exit_code, unknown.stdout) == (1, "")


def test_a_replay_of_nothing_or_of_two_things_is_one_clear_line(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_bytes(b"")

    for words in ([], [str(feed), "--from-stream", "news"], [str(tmp_path / "none.jsonl")]):
        done = subprocess.run(
            [sys.executable, "-m", "workers", "replay", "--into", "next", *words],
            capture_output=True,
            timeout=60,
            check=False,
            text=True,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("onestory: ")
        assert len(done.stderr.splitlines()) == 1
