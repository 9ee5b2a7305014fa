"""Every endpoint with what nobody should send: each answers, clearly, and stays well."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from redis import Redis

from tests.support.api.client import Served, problem, serving
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.desk import desk, item

HOSTILE = (
    *("<script>alert(1)</script>", "'; DROP TABLE stories; --", "../../etc/passwd", "\x00\x1b[2J"),
    *("\u202e\u0430\u0301" * 50, "x" * 5_000, "(" * 500, "-1", "9" * 400, "1e999", ""),
    # Digits that `int` takes and Redis does not; ids of entries beyond any calendar and number.
    *("\u0663", "\u0661-\u0660", "\uff11-\uff10", "\u09ea\u09e8", "1_000", "+1", " 1 ", "\u00b2"),
    *("253402300800000-0", "9999999999999999999-9999999999999999999"),
    *("18446744073709551615-18446744073709551615", "99999999999999999999-0", "0-0", "-", "+", "$"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "10000-01-01", "nan", "\ud7ff"),
)


@pytest.fixture(scope="module")
def api(redis_url: str) -> Iterator[Served]:
    settings = harness.settings_for(redis_url, "hostile", api_heartbeat_s=0.05)
    with Redis.from_url(redis_url) as redis, desk(redis, settings) as served:
        served.place(item("a", 1), item("b", 1, 1), item("c", 2))
        with serving(settings) as api:
            wait_until(api.is_well, "the stories are read")
            yield api


def endpoints(api: Served) -> list[tuple[str, dict[str, Any]]]:
    """Paths that are read, each with its parameters."""
    paths = httpx.get(api.url + "/openapi.json").json()["paths"]
    return [(path, each["get"]) for path, each in paths.items() if "get" in each]


def answered(http: httpx.Client, path: str, params: dict[str, Any]) -> httpx.Response:
    with http.stream("GET", path, params=params) as response:
        if not response.headers["content-type"].startswith("text/event-stream"):
            response.read()
        return response


def requests(api: Served) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every parameter of every endpoint with every hostile value, the others as they should be."""
    for path, about in endpoints(api):
        parameters = [each for each in about.get("parameters", []) if each["in"] != "header"]
        needed = {each["name"]: "a" for each in parameters if each["required"]}
        for each in parameters:
            for value in HOSTILE:
                values = {**needed, each["name"]: value}
                yield (
                    path.format_map({name: quote(one, safe="") for name, one in values.items()}),
                    {name: one for name, one in values.items() if f"{{{name}}}" not in path},
                )


def test_whatever_is_asked_for_is_answered_or_refused_with_a_problem(api: Served) -> None:
    asked = 0
    with httpx.Client(base_url=api.url) as http:
        for path, params in requests(api):
            answer = answered(http, path, params)

            asked += 1
            assert answer.status_code < 500, (path, params, answer.text)
            if answer.status_code >= 400:
                problem(answer)
            elif answer.headers["content-type"] == "application/json":
                json.loads(answer.text)
    assert asked > 200
    assert api.is_well()


def test_an_entry_of_no_calendar_has_its_trace(api: Served) -> None:
    """Who sends with an id of his own can choose any."""
    far = ("253402300800000-0", "9999999999999999999-1")
    stream = api.parts.settings.streams.articles
    with Redis.from_url(str(api.parts.settings.redis_url)) as redis:
        for number, entry_id in enumerate(far):
            redis.xadd(
                stream, {"data": json.dumps({"id": f"far-{number}", "title": "x"})}, entry_id
            )

    for number, entry_id in enumerate(far):
        for params in ({}, {"entry_id": entry_id}):
            told = httpx.get(f"{api.url}/v1/articles/far-{number}/trace", params=params).json()

            assert (told["state"], [each["step"] for each in told["steps"]]) == (
                "waiting",
                ["received"],
            )
            assert told["steps"][0]["time"].startswith("9999-12-31T23:59:59")


def test_a_dead_letter_of_no_calendar_hides_no_other(api: Served) -> None:
    dead = api.parts.settings.streams.dead
    with Redis.from_url(str(api.parts.settings.redis_url)) as redis:
        redis.xadd(dead, {"data": "no letter"}, "999999999999999-0")

        wait_until(
            lambda: (
                [
                    each["at"][:4]
                    for each in httpx.get(api.url + "/v1/dead").json().get("letters", [])
                ]
                == ["9999"]
            ),
            "it is listed",
        )


def test_unknown_ids_are_not_found_and_pages_beyond_the_end_are_empty(api: Served) -> None:
    for path in ("stories/st_0", "stories/st_0/events", "articles/no", "articles/no/story"):
        assert problem(httpx.get(f"{api.url}/v1/{path}"))["status"] == 404
    first = httpx.get(api.url + "/v1/stories", params={"limit": 1}).json()
    last = httpx.get(api.url + "/v1/stories", params={"limit": 1, "cursor": first["next"]}).json()
    assert (len(first["stories"]), len(last["stories"]), last["next"]) == (1, 1, None)
    assert problem(httpx.get(api.url + "/v1/stories", params={"cursor": "@@"}))["status"] == 400


def test_requests_are_counted_by_route_never_by_path(api: Served) -> None:
    for name in ("st_1", "st_2", "<b>"):
        httpx.get(f"{api.url}/v1/stories/{name}")
        httpx.get(f"{api.url}/{name}")

    routes = {
        part
        for line in httpx.get(api.url + "/metrics").text.splitlines()
        if line.startswith("onestory_http_requests_total")
        for part in line.split('"')
        if part.startswith("/") or part == "none"
    }
    assert "none" in routes
    assert any("{" in route and route.startswith("/v1/stories/") for route in routes)
    assert not any("st_" in route or "<" in route for route in routes)
