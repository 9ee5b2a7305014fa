"""A Redis that refuses a write for now is 503 everywhere, and the same request is taken later."""

from pathlib import Path
from typing import Any

import pytest

from contracts.examples import TOGETHER
from tests.support.api.client import ask, problem
from tests.support.redis.refusals import TROUBLES, refusing_server, troubled
from tests.support.wire import harness
from workers.settings import Settings

ARTICLE = b'{"id": "vi-1", "title": "The ferry is back"}'
LINES = {"Content-Type": "application/x-ndjson"}
WRITES: dict[str, dict[str, Any]] = {
    "/v1/articles": {"content": ARTICLE},
    "/v1/articles?as=lines": {"content": ARTICLE + b"\n" + ARTICLE, "headers": LINES},
    "/v1/documents?format=jsonl": {"content": ARTICLE},
    "/v1/rules": {"content": TOGETHER.model_dump_json(exclude_none=True)},
}
"""A request for each way to write."""


def settings_of(url: str) -> Settings:
    return harness.settings_for(url, "news", api_rule_wait_s=0.05)


def refusals(settings: Settings) -> dict[str, tuple[int, str | None]]:
    """Of each write its status as the problem says it, and when to come again."""
    answers = {path: ask(settings, "POST", path, **request) for path, request in WRITES.items()}
    return {
        path: (problem(answer)["status"], answer.headers.get("retry-after"))
        for path, answer in answers.items()
    }


def test_every_endpoint_that_writes_is_asked_here() -> None:
    contract = ask(settings_of("unix:///nonexistent"), "GET", "/openapi.json").json()

    writing = {path for path, methods in contract["paths"].items() if set(methods) - {"get"}}
    assert {path.partition("?")[0] for path in WRITES} == writing


@pytest.mark.parametrize("word", TROUBLES)
def test_a_refused_write_is_a_problem_for_now_and_is_taken_later(word: str, tmp_path: Path) -> None:
    with troubled(tmp_path, word) as server:
        settings = settings_of(server.url)

        refused = refusals(settings)
        server.recover()
        later = {
            path: ask(settings, "POST", path, **request).status_code
            for path, request in WRITES.items()
        }

    assert refused == dict.fromkeys(WRITES, (503, "2"))
    assert later == dict.fromkeys(WRITES, 202) | {"/v1/articles?as=lines": 200}


@pytest.mark.parametrize(
    "refusal",
    [
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "LOADING Redis is loading the dataset in memory",
        "MOVED 866 127.0.0.1:1",
        "ERR Error running script (call to f_1): @user_script: 1: -MISCONF Redis can not save",
    ],
)
def test_a_refusal_that_no_server_can_be_brought_to_is_a_problem_for_now(
    refusal: str, tmp_path: Path
) -> None:
    with refusing_server(tmp_path, refusal) as url:
        assert refusals(settings_of(url)) == dict.fromkeys(WRITES, (503, "2"))


def test_an_error_that_will_stay_is_no_refusal_for_now(tmp_path: Path) -> None:
    with refusing_server(tmp_path, "WRONGTYPE Operation against a key of the wrong kind") as url:
        assert refusals(settings_of(url)) == dict.fromkeys(WRITES, (500, None))
