"""Every answer is safe in a browser, and every no is a problem with its cause."""

import logging

import pytest

from tests.support.api.client import ask, problem
from workers.settings import Settings

NOBODY = Settings(REDIS_URL="unix:///nonexistent")


def test_what_is_not_there_is_a_problem() -> None:
    assert problem(ask(NOBODY, "GET", "/v1/nothing"))["status"] == 404
    assert problem(ask(NOBODY, "GET", "/docs"))["status"] == 404
    assert problem(ask(NOBODY, "GET", "/page/../app.py"))["status"] == 404


def test_another_method_is_a_problem_that_names_the_right_ones() -> None:
    for method, path, right in (
        ("PUT", "/v1/events", "GET, OPTIONS"),
        ("DELETE", "/v1/rules", "GET, POST, OPTIONS"),
        ("PATCH", "/v1/articles", "POST, OPTIONS"),
        ("POST", "/page/list.js", "GET, HEAD, OPTIONS"),
    ):
        refused = ask(NOBODY, method, path)

        assert problem(refused)["status"] == 405
        assert refused.headers["allow"] == right


def test_every_path_tells_its_methods_to_who_asks_for_its_options() -> None:
    contract = ask(NOBODY, "GET", "/openapi.json").json()["paths"]
    known = {path: [name.upper() for name in methods] for path, methods in contract.items()}
    known |= {"/": ["GET"], "/openapi.json": ["GET", "HEAD"], "/page/list.js": ["GET", "HEAD"]}

    for path, methods in known.items():
        told = ask(NOBODY, "OPTIONS", path.format(article_id="a", story_id="a"))

        assert (told.status_code, told.content) == (204, b""), path
        assert told.headers["allow"].split(", ") == [*sorted(methods), "OPTIONS"], path
    assert problem(ask(NOBODY, "OPTIONS", "/v1/nothing"))["status"] == 404


def test_a_parameter_that_can_not_be_is_named() -> None:
    told = problem(ask(NOBODY, "GET", "/v1/events?from=yesterday"))

    assert told["status"] == 422
    assert told["errors"] == [{"loc": "query.from", "message": "Input should be 'start' or 'now'"}]


def test_redis_away_is_a_problem_that_says_when_to_come_again() -> None:
    answer = ask(NOBODY, "GET", "/v1/rules")

    assert problem(answer)["status"] == 503
    assert answer.headers["retry-after"] == "2"


def test_a_fault_of_ours_is_logged_whole_and_told_without_particulars(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_stored: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("workers.api.rules.kept_rules", fail)
    monkeypatch.setattr("redis.asyncio.Redis.hgetall", _nothing)
    caplog.set_level(logging.ERROR)

    answer = ask(NOBODY, "GET", "/v1/rules")

    assert problem(answer)["status"] == 500
    assert "secret" not in answer.text
    assert "KeyError: 'secret'" in caplog.text
    assert "GET '/v1/rules' failed" in caplog.text


async def _nothing(_redis: object, _key: str) -> dict[bytes, bytes]:
    return {}


@pytest.mark.parametrize("path", ["/live", "/v1/nothing", "/openapi.json", "/", "/v1/rules"])
def test_no_answer_lets_a_browser_run_or_frame_what_is_not_ours(path: str) -> None:
    headers = ask(NOBODY, "GET", path).headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_contract_is_served_with_its_scheme_of_access() -> None:
    contract = ask(NOBODY, "GET", "/openapi.json").json()

    posted = contract["paths"]["/v1/articles"]["post"]
    assert set(posted["requestBody"]["content"]) == {"application/json", "application/x-ndjson"}
    assert posted["security"] == [{"HTTPBearer": []}]
    assert contract["paths"]["/live"]["get"]["security"] == []
