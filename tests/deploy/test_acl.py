"""Users of ``deploy/users.acl`` on a real server: each can do its work, and nothing beside it."""

import re
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, ResponseError
from redis.retry import Retry

from tests.deploy.files import DEPLOY
from tests.deploy.guarded import (
    NAMESPACE,
    PASSWORDS,
    USERS,
    Guarded,
    filled,
    free_port,
    guarded,
    started,
)
from workers.connection.server_binary import find_redis_binary
from workers.state.scripts import _NAMES as SCRIPTS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("guarded")) as running:
        yield running


ARTICLES, STORIES, DEAD, COMMANDS, RULINGS = (
    f"{{{NAMESPACE}}}:{name}" for name in ("articles", "stories", "dead", "commands", "rulings")
)
ELSEWHERE = "{other}:articles"
REFUSED = {
    "worker": [
        *(f"XADD {ELSEWHERE} * data x", "XGROUP DESTROY {news}:articles dedup", "SCAN 0"),
        *("COPY {news}:log {news}:gone", "CLIENT LIST", "DBSIZE", "ACL LIST", "SCRIPT FLUSH"),
    ],
    "publisher": [
        *(f"XRANGE {ARTICLES} - +", f"XREAD STREAMS {ARTICLES} 0", f"XDEL {ARTICLES} 1-1"),
        *(f"DEL {ARTICLES}", f"XTRIM {ARTICLES} MAXLEN 0", f"XADD {STORIES} * data x"),
        *(f"XADD {COMMANDS} * data x", f"XADD {ELSEWHERE} * data x", "SCAN 0"),
        f"XADD {DEAD} * data x",
    ],
    "poller": [
        *(f"XRANGE {ARTICLES} - +", f"XDEL {ARTICLES} 1-1", "HGETALL {news}:rules"),
        *("HSET {news}:s:1 r x", "HGETALL {news}:a:1", f"XADD {STORIES} * data x"),
        f"XADD {COMMANDS} * data x",
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


def test_the_operator_may_type_what_the_runbook_says(server: Guarded) -> None:
    text = (DEPLOY / "RUNBOOK.md").read_text("utf-8")
    typed = re.findall(r"\b(?:redis-)?cli ([A-Z][^`\n;)|]+)", text)
    scanned = ["SCAN 0"] if "cli --scan" in text else []

    with server.client("operator") as client:
        refused = [
            each
            for each in typed + scanned
            if _is_refused(client, each.replace("'", "").strip('"'))
        ]

    assert len(typed) > 8
    assert refused == []


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
        each.name.removesuffix(".lua"): each for each in (files("workers.state") / "lua").iterdir()
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
    return next(
        words
        for each in made.stdout.splitlines()
        if (words := re.sub("[()]", " ", each).split())[1] == user
    )


_REFUSALS = (
    "command not allowed",  # DEBUG, for everybody, since 7
    "ACL failure in script",
    "The user executing the script can't run this command",  # 6.2
)


def _is_refused(client: Redis, command: str) -> bool:
    try:
        client.execute_command(*command.split())  # type: ignore[no-untyped-call] # redis-py's
    except NoPermissionError:
        return True
    except ResponseError as error:
        return any(each in str(error) for each in _REFUSALS)
    return False
