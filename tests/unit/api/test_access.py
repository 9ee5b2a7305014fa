"""Tokens and, without any, what a browser on this machine may ask."""

import logging

import pytest

from tests.support.api.client import READ, WRITE, ask, bearer, problem, with_tokens
from workers.api.access import Scope, granted, is_loopback
from workers.process.pool import _environment
from workers.settings import Settings

NOBODY = Settings(REDIS_URL="unix:///nonexistent")
CLOSED = with_tokens(NOBODY)
BODY = {"content": b"{}", "headers": {"Content-Type": "application/json"}}


def test_a_write_token_may_read_too_and_a_read_token_may_not_write() -> None:
    assert granted(CLOSED, WRITE) is Scope.WRITE
    assert granted(CLOSED, READ) is Scope.READ
    assert [granted(CLOSED, said) for said in ("", "no", WRITE + "x", WRITE[:-1])] == [0] * 4
    only_read = CLOSED.model_copy(update={"write_token": None})
    assert granted(only_read, "") is Scope.NONE


@pytest.mark.parametrize(
    "said",
    ["", "Bearer", "Bearer ", "Bearer no", f"Basic {READ}", READ, f"Bearer {READ}x", "Bearer \xff"],
)
def test_a_missing_or_wrong_token_is_a_401_that_says_how_to_ask(
    said: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    refused = ask(CLOSED, "GET", "/v1/rules", headers={"Authorization": said.encode("latin-1")})

    assert problem(refused)["status"] == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    for token in (READ, WRITE):
        assert token not in refused.text
        assert token not in caplog.text


def test_the_read_token_is_refused_where_something_changes() -> None:
    for path in ("/v1/articles", "/v1/documents", "/v1/rules"):
        refused = ask(CLOSED, "POST", path, content=b"{}", headers=bearer(READ))

        assert problem(refused)["status"] == 403


def test_with_tokens_it_does_not_matter_which_name_or_page_asks() -> None:
    headers = {**bearer(WRITE), "Host": "news.example", "Origin": "https://desk.example"}

    answer = ask(CLOSED, "POST", "/v1/rules", content=b"", headers=headers)

    assert problem(answer)["status"] == 400  # let in: it is the empty body that is wrong
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "[", "10.0.0.1", ""],
)
def test_without_tokens_no_other_name_of_this_machine_is_answered(host: str) -> None:
    """DNS rebinding: a page's own name, made to point to 127.0.0.1."""
    refused = ask(NOBODY, "GET", "/v1/events", headers={"Host": host})

    assert problem(refused)["status"] == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:1", "null", "http://evil.example:8080"]
)
def test_without_tokens_a_page_from_elsewhere_may_not_post(origin: str) -> None:
    headers = {"Host": "localhost:8080", "Origin": origin}

    refused = ask(NOBODY, "POST", "/v1/articles", content=b"{}", headers=headers)

    assert problem(refused)["status"] == 403


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:9", "LOCALHOST"])
def test_without_tokens_this_servers_own_page_may(host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}"}

    answer = ask(NOBODY, "POST", "/v1/rules", content=b"", headers=headers)

    assert problem(answer)["status"] == 400


def test_health_is_answered_to_anyone_and_metrics_to_readers_or_to_all_if_that_is_set() -> None:
    is_open = CLOSED.model_copy(update={"metrics_open": True})

    assert ask(CLOSED, "GET", "/live").status_code == 200
    assert problem(ask(CLOSED, "GET", "/metrics"))["status"] == 401
    assert ask(CLOSED, "GET", "/metrics", headers=bearer(READ)).status_code == 200
    assert ask(is_open, "GET", "/metrics").status_code == 200
    open_machine = NOBODY.model_copy(update={"metrics_open": True})
    rebound = ask(open_machine, "GET", "/metrics", headers={"Host": "evil.example"})
    assert problem(rebound)["status"] == 403


def test_loopback_is_what_only_this_machine_reaches() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.9.9.9", "::1", "localhost"]))
    assert not any(map(is_loopback, ["", "0.0.0.1", "::", "10.1.1.1", "localhost.", "example.org"]))


def test_no_worker_that_is_started_beside_the_api_is_told_its_tokens() -> None:
    told = _environment(CLOSED)

    assert told["REDIS_URL"] == "unix:///nonexistent"
    assert not any("TOKEN" in name for name in told)
