"""Users of ``deploy/users.acl`` on a real server: each can do its work, and nothing beside it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, ResponseError
from redis.retry import Retry
from typer.testing import CliRunner

from tests import harness
from tests.deploy.guarded import (
    DEPLOY,
    NAMESPACE,
    PASSWORDS,
    USERS,
    Guarded,
    filled,
    free_port,
    guarded,
    started,
)
from tests.desk import item
from tests.servers import wait_until
from workers.cli import app
from workers.processes import WorkerPool
from workers.redis_binary import find_redis_binary
from workers.scripts import _NAMES as SCRIPTS
from workers.settings import Settings

CROWD = 105
"""Articles that must follow before a slice of time counts as quiet, and some."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("guarded")) as running:
        yield running


def settings_of(server: Guarded, user: str) -> Settings:
    return harness.settings_for(server.url(user), NAMESPACE, keep_input=True, window_hours=1)


def onestory(server: Guarded, user: str, *words: str, given: str = "") -> str:
    """Output of the command under a user of the server."""
    environment = {
        "REDIS_URL": server.url(user),
        "ONESTORY_NAMESPACE": NAMESPACE,
        "USER": "anna",
    }
    done = CliRunner().invoke(app, words, env=environment, input=given)
    assert done.exit_code == 0, done.output
    return done.output


def lines(*articles: dict[str, Any]) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in articles)


def at(**before: float) -> str:
    return (datetime.now(UTC) - timedelta(**before)).isoformat()


def test_every_part_does_its_work_under_its_own_user(server: Guarded) -> None:
    """Versions, kills, holds, embargoes, rules, dead letters, expiry and the purge."""
    old = [item(f"old{number}", number, published_at=at(hours=9)) for number in range(3)]
    crowd = [item(f"n{number}", 9, published_at=at(minutes=1)) for number in range(CROWD)]
    soon = at(seconds=-2)
    life = [
        item("a", 20, published_at=at(minutes=2)),
        item("b", 20, 1, published_at=at(minutes=2)),
        {**item("a", 20, published_at=at(minutes=1)), "version": 2},
        item("c", 21, status="withheld", published_at=at(minutes=1)),
        item("d", 22, embargoed=soon, published_at=at(minutes=1)),
        {"id": "b", "status": "canceled"},
        item("e", 23, published_at=at(minutes=1)),
        item("f", 24, published_at=at(minutes=1), replaces="later"),
        {"id": "bad"},
    ]
    count = len(old) + len(life) + len(crowd)

    with WorkerPool(settings_of(server, "worker"), 1) as pool, server.client("viewer") as eye:
        keys = settings_of(server, "viewer").keys
        onestory(server, "publisher", "publish", "-", given=lines(*old, *life, *crowd))
        harness.await_handled(eye, settings_of(server, "viewer"), count, pool)
        said = onestory(server, "editor", "rules", "together", "a", "e", "--reason", "one")
        onestory(server, "editor", "rules", "apart", "n1", "n2", "--reason", "two")
        listed = onestory(server, "editor", "rules", "list", "--json")
        # Expired and purged: the old articles' entries are off the log, killed text is gone.
        wait_until(lambda: eye.hget(keys.clock, "swept"), "the old slice of time is swept")
        wait_until(lambda: not eye.hlen(keys.purges), "the killed article is purged")
        told = onestory(server, "consumer", "tail", "--from-start", "--no-follow", "--json")
        dead = onestory(server, "viewer", "dead", "list")

    assert "accepted" in said
    assert len(listed.splitlines()) == 2
    types = {json.loads(each)["type"].removeprefix("story.") for each in told.splitlines()}
    assert types == {"opened", "joined", "revised", "merged", "split", "closed"}
    assert "invalid-article" in dead, dead
    assert onestory(server, "operator", "dead", "drop", "--all")
    assert _unexpected(server.refused()) == []


def _unexpected(refused: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """redis-py names itself at each connection, by a command younger than the oldest server."""
    return [each for each in refused if each[1].lower() not in {"client|setinfo", "client"}]


ARTICLES, STORIES, DEAD, COMMANDS, RULINGS = (
    f"{{{NAMESPACE}}}:{name}" for name in ("articles", "stories", "dead", "commands", "rulings")
)
ELSEWHERE = "{other}:articles"
REFUSED = {
    "worker": [
        *(f"XADD {ELSEWHERE} * data x", "XGROUP DESTROY {news}:articles dedup", "SCAN 0"),
        *("RENAME {news}:log {news}:gone", "CLIENT LIST", "DBSIZE", "ACL LIST", "SCRIPT FLUSH"),
    ],
    "publisher": [
        *(f"XRANGE {ARTICLES} - +", f"XREAD STREAMS {ARTICLES} 0", f"XDEL {ARTICLES} 1-1"),
        *(f"DEL {ARTICLES}", f"XTRIM {ARTICLES} MAXLEN 0", f"XADD {STORIES} * data x"),
        *(f"XADD {COMMANDS} * data x", f"XADD {ELSEWHERE} * data x", "SCAN 0", "INFO"),
    ],
    "poller": [
        *(f"XRANGE {ARTICLES} - +", f"XDEL {ARTICLES} 1-1", "HGETALL {news}:rules"),
        *("HSET {news}:s:1 r x", "HGETALL {news}:a:1", f"XADD {STORIES} * data x"),
    ],
    "consumer": [
        *(f"XADD {STORIES} * data x", f"XDEL {STORIES} 1-1", f"XTRIM {STORIES} MAXLEN 0"),
        *(f"XRANGE {ARTICLES} - +", f"XRANGE {DEAD} - +", "HGETALL {news}:a:a", "SCAN 0"),
        f"XGROUP CREATE {STORIES} mine 0",
    ],
    "editor": [
        *("HSET {news}:rules r x", "HDEL {news}:rules r", f"XDEL {COMMANDS} 1-1"),
        *(f"XADD {ARTICLES} * data x", f"XRANGE {STORIES} - +", f"XREAD STREAMS {STORIES} 0"),
    ],
    "viewer": [
        *(f"XADD {ARTICLES} * data x", f"XADD {COMMANDS} * data x", f"XDEL {DEAD} 1-1"),
        *(
            "SET {news}:model x",
            "HSET {news}:rules r x",
            "DEL {news}:log",
            "EVAL redis.call('DEL','{news}:log') 0",
        ),
        *("SCRIPT FLUSH", "CLIENT KILL ID 1", f"XRANGE {ELSEWHERE} - +", "ACL LIST"),
        f"XGROUP CREATE {STORIES} mine 0",
    ],
    "api": [
        *(f"XDEL {ARTICLES} 1-1", "SET {news}:model x", "HSET {news}:rules r x"),
        *("DEL {news}:log", f"XRANGE {ELSEWHERE} - +", f"XADD {ELSEWHERE} * data x"),
    ],
    "operator": [
        *(f"XADD {ELSEWHERE} * data x", "ACL SETUSER new on", "ACL DELUSER api", "ACL LIST"),
        *("REPLICAOF NO ONE", "SAVE", "CLIENT KILL ID 1", "HGETALL {newsroom}:rules"),
    ],
}
"""Commands by user. Words are separated by blanks."""
REFUSED_SINCE_7 = [
    ("editor", f"XADD {RULINGS} * data x"),
    ("editor", f"XREVRANGE {COMMANDS} + -"),
    ("api", f"XADD {STORIES} * data x"),
]
NOBODY = [
    *("FLUSHALL", "FLUSHDB", "CONFIG GET *", "CONFIG SET maxmemory 1", "KEYS *", "SELECT 1"),
    *("DEBUG OBJECT x", "SHUTDOWN NOSAVE", "MODULE LIST", "MONITOR", "SCRIPT FLUSH"),
    *("MIGRATE h 1 k 0 1", "SWAPDB 0 1", "ACL SETUSER default on nopass", "SLAVEOF h 1"),
]


@pytest.mark.parametrize("user", USERS)
def test_a_user_is_refused_what_is_not_its_work(server: Guarded, user: str) -> None:
    with server.client(user) as client:
        allowed = [each for each in REFUSED[user] + NOBODY if not _is_refused(client, each)]

    assert allowed == []


@pytest.mark.parametrize(("user", "command"), REFUSED_SINCE_7)
def test_reading_and_writing_are_apart_since_redis_7(
    server: Guarded, user: str, command: str
) -> None:
    with server.client(user) as client:
        is_refused = _is_refused(client, command)

    assert is_refused == (server.version >= (7,))


def test_nobody_comes_in_without_a_password_or_with_a_wrong_one(server: Guarded) -> None:
    no_retry = Retry(NoBackoff(), 0)
    with Redis(port=server.port, retry=no_retry) as client, pytest.raises(AuthenticationError):
        client.ping()
    with server.client("worker", "0" * 32) as client, pytest.raises(AuthenticationError):
        client.ping()


def test_who_calls_a_script_may_call_all_that_it_calls() -> None:
    """Also in branches that the tests' feeds don't reach."""
    worker, viewer, api = (set(_line(user)) for user in ("worker", "viewer", "api"))
    scripts = {
        each.name.removesuffix(".lua"): each for each in (files("workers") / "lua").iterdir()
    }
    assert viewer & {each for each in viewer if each.startswith("+")} <= api

    for name, script in scripts.items():
        called = set(
            re.findall(r"redis\.call\('(\w+)'(?:, *'([A-Z]+)')?", script.read_text("utf-8"))
        )
        missing = {
            user: [words for words in called if not _is_allowed(allowed, *words)]
            for user, allowed in (("worker", worker), ("viewer", viewer))
        }
        assert missing["worker"] == [] or (name not in SCRIPTS and missing["viewer"] == []), name


def _is_allowed(allowed: set[str], command: str, subcommand: str) -> bool:
    whole = f"+{command.lower()}"
    return whole in allowed or f"{whole}|{subcommand.lower()}" in allowed


def test_a_server_that_is_given_the_template_itself_does_not_start(tmp_path: Path) -> None:
    binary = find_redis_binary().path
    template = str(DEPLOY / "users.acl")
    with started(binary, tmp_path, free_port(), "--aclfile", template) as process:
        assert process.wait(10) != 0

    assert "users.acl" in Path(tmp_path, "redis.log").read_text()


def test_a_user_without_a_password_is_off() -> None:
    made = filled({"worker": PASSWORDS["worker"]})

    users = dict(each.split()[1:3] for each in made.stdout.splitlines())
    assert users == {"default": "off", **dict.fromkeys(USERS, "off"), "worker": "on"}
    assert "ONESTORY_REDIS_API_PASSWORD is not set, so user api is off" in made.stderr
    assert PASSWORDS["worker"] not in made.stdout + made.stderr


@pytest.mark.parametrize("bad", ["short", "sixteen signs: @/#", "$(touch gone)aaaaaaaaa"])
def test_a_password_that_is_weak_or_no_part_of_an_address_is_refused(bad: str) -> None:
    made = filled({"worker": bad})

    assert made.returncode == 1
    assert "ONESTORY_REDIS_WORKER_PASSWORD" in made.stderr
    assert bad not in made.stderr


def test_a_namespace_that_would_widen_a_pattern_is_refused() -> None:
    assert filled(PASSWORDS, namespace="news*").returncode == 1


def test_while_a_password_changes_both_hold() -> None:
    before, after = "the-one-of-last-year", "the-one-of-this-year"

    line = _line("worker", {"worker": after, "worker old": before})

    assert [each for each in line if each.startswith("#")] == [
        "#" + sha256(each.encode()).hexdigest() for each in (after, before)
    ]


def _line(user: str, passwords: dict[str, str] | None = None) -> list[str]:
    """The words of a user's line."""
    made = filled(passwords or PASSWORDS)
    assert made.returncode == 0, made.stderr
    return next(words for each in made.stdout.splitlines() if (words := each.split())[1] == user)


_REFUSALS = (
    "command not allowed",  # DEBUG, for everybody, since 7
    "ACL failure in script",
    "The user executing the script can't run this command",  # 6.2
)


def _is_refused(client: Redis, command: str) -> bool:
    try:
        client.execute_command(*command.split())
    except NoPermissionError:
        return True
    except ResponseError as error:
        return any(each in str(error) for each in _REFUSALS)
    return False
