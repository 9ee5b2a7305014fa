"""Where REDIS_URL points, and what is said of one that points nowhere."""

from typing import Self
from unittest.mock import patch

import pytest
from redis.crc import key_slot
from redis.exceptions import ConnectionError as RedisConnectionError

from workers.connection.url import server_of, without_password
from workers.errors import BadRedisUrl

PREFIX = "{news}:"


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("redis://host:7000/2", {"host": "host", "port": 7000, "db": 2}),
        (
            "rediss://ann:p%40ss@host?ssl_ca_certs=%2Fca.pem",
            {"host": "host", "username": "ann", "password": "p@ss", "ssl_ca_certs": "/ca.pem"},
        ),
        ("unix:///run/redis.sock?db=1", {"path": "/run/redis.sock", "db": 1}),
    ],
)
def test_one_server(url: str, options: dict[str, object]) -> None:
    server = server_of(url, PREFIX)

    assert server.options == options
    assert server.locate is None


class _Nodes:
    """Stands for the nodes that are asked; each answers, or is away."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.asked: list[dict[str, object]] = []

    def __call__(self, pool: object) -> "_Nodes":
        self.asked.append(pool.connection_kwargs)  # type: ignore[attr-defined]
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute_command(self, *_: str) -> object:
        answer = self.answers[str(self.asked[-1]["host"])]
        if answer is None:
            raise RedisConnectionError("away")
        return answer


def _at(url: str, answers: dict[str, object]) -> tuple[tuple[str, int], dict[str, object]]:
    """Where the server is, and what was used to ask the last node."""
    nodes = _Nodes(answers)
    locate = server_of(url, PREFIX).locate
    assert locate is not None
    with patch("redis.Redis.from_pool", nodes):
        return locate(), nodes.asked[-1]


def test_sentinels_are_asked_until_one_knows_with_their_own_password() -> None:
    url = (
        "redis+sentinel://ann:secret@one:1,two,[::1]:3/main/2"
        "?sentinel_password=other&socket_keepalive=1"
    )
    answers: dict[str, object] = {"one": None, "two": [b"10.0.0.7", b"6390"], "::1": None}

    found, asked = _at(url, answers)

    assert found == ("10.0.0.7", 6390)
    assert asked["port"] == 26379
    assert asked["password"] == "other"  # noqa: S105 - a password of this test
    assert "username" not in asked
    options = server_of(url, PREFIX).options
    assert (options["username"], options["password"], options["db"]) == ("ann", "secret", 2)


def test_of_a_cluster_the_owner_of_the_namespace_s_slot_is_taken() -> None:
    slot = key_slot(PREFIX.encode())
    answers: dict[str, object] = {
        "one": [
            [0, slot - 1, [b"10.0.0.1", 1, b"id"]],
            [slot, 16383, [b"10.0.0.2", 2, b"id"], [b"10.0.0.3", 3, b"id"]],
        ]
    }

    found, asked = _at("redis+cluster://:secret@one:7001", answers)

    assert found == ("10.0.0.2", 2)
    assert (asked["port"], asked["password"]) == (7001, "secret")


def test_a_node_that_does_not_know_its_own_address_is_the_one_that_was_asked() -> None:
    found, _ = _at("redis+cluster://one", {"one": [[0, 16383, [b"", 6379, b"id"]]]})

    assert found == ("one", 6379)


def test_nobody_knows() -> None:
    with pytest.raises(RedisConnectionError, match="none of one:26379, two:26379 says where"):
        _at("redis+sentinel://one,two/main", {"one": None, "two": None})


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("localhost:6379", "none of redis"),
        ("http://:secret@host", "none of redis"),
        ("unix+sentinel://:secret@host/main", "none of redis"),
        ("redis+sentinel://:secret@host:26379", "the master's name is missing"),
        ("redis+sentinel://:secret@host:port/main", "no list of HOST or HOST:PORT"),
        ("redis+cluster://:secret@host/3", "there is no DB"),
        ("redis://:se/secret@host", "can't be read"),
        ("redis://:secret", "can't be read"),
        ("redis://host?socket_timeout=secret", "can't be read"),
    ],
)
def test_a_url_that_is_wrong_is_told_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(BadRedisUrl, match=reason) as raised:
        server_of(url, PREFIX)

    assert "secret" not in str(raised.value)
    assert "redis+sentinel://HOST" in str(raised.value)


def test_a_cluster_needs_a_namespace() -> None:
    with pytest.raises(BadRedisUrl, match="a namespace says which node"):
        server_of("redis+cluster://host", None)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://ann:secret@host:1/2", "redis://host:1/2"),
        ("redis+sentinel://:se@cret@a,b:2/main?password=secret", "redis+sentinel://a,b:2/main"),
        ("redis://secret:secret", "redis://…"),
        ("secret", "…"),
    ],
)
def test_what_is_shown_of_a_url(url: str, shown: str) -> None:
    assert without_password(url) == shown
