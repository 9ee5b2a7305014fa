"""``/openapi.json`` is true of the service, and of use to whoever generates a client from it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts import generate
from tests.support.api.client import ask
from tests.support.api.serve_process import running
from tests.support.wire import harness

_TOML = Path("tests/openapi/schemathesis.toml")
PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}


@pytest.fixture(scope="module")
def contract() -> Any:
    return ask(harness.settings_for("unix:///nonexistent", "news"), "GET", "/openapi.json").json()


def operations(contract: Any) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": each
        for path, methods in contract["paths"].items()
        for method, each in methods.items()
    }


def references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        if isinstance(mapping := value.get("discriminator"), dict):
            yield from mapping.get("mapping", {}).values()
        for each in value.values():
            yield from references(each)


def test_every_reference_leads_somewhere(contract: Any) -> None:
    found = set(references(contract))

    assert len(found) > 30
    for reference in found:
        place = contract
        assert reference.startswith("#/"), reference
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]


def test_the_bodies_are_those_of_the_contracts(contract: Any) -> None:
    schemas, posted = contract["components"]["schemas"], operations(contract)

    for path, name, file in (
        ("POST /v1/articles", "Article", "article"),
        ("POST /v1/rules", "Command", "command"),
    ):
        body = posted[path]["requestBody"]["content"]["application/json"]["schema"]
        published = json.loads(generate.documents()[Path("schemas", f"{file}.schema.json")])
        assert body == {"$ref": f"#/components/schemas/{name}"}
        assert schemas[name].get("required") == published.get("required")
    assert schemas["Article"]["properties"]["version"]["default"] is None


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("POST /v1/articles", {200, 202, 400, 401, 403, 408, 413, 415, 422, 429, 500, 503}),
        ("POST /v1/documents", {202, 400, 401, 403, 408, 413, 415, 422, 429, 500, 503}),
        ("POST /v1/rules", {200, 202, 400, 401, 403, 408, 409, 413, 415, 422, 500, 503}),
        ("GET /v1/stories", {200, 400, 401, 403, 422, 500, 503}),
        ("GET /v1/stories/{story_id}", {200, 400, 401, 403, 404, 422, 500, 503}),
        ("GET /v1/articles/{article_id}", {200, 400, 401, 403, 404, 410, 422, 500, 503}),
        ("GET /v1/explain", {200, 400, 401, 403, 404, 409, 422, 500, 503}),
        ("GET /v1/events", {200, 400, 401, 403, 422, 500, 503}),
        ("GET /ready", {200, 400, 500, 503}),
    ],
)
def test_every_status_that_can_come_is_said(
    contract: Any, operation: str, statuses: set[int]
) -> None:
    assert set(map(int, operations(contract)[operation]["responses"])) == statuses


def test_every_no_is_a_problem(contract: Any) -> None:
    for name, operation in operations(contract).items():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                said = answer["content"]
                assert said == {"application/problem+json": {"schema": PROBLEM}}, (name, status)


def test_generated_clients_have_names_to_call(contract: Any) -> None:
    names = [each["operationId"] for each in operations(contract).values()]

    assert len(set(names)) == len(names)
    assert {"articles_articles", "stories_stories", "rules_rule", "events_events"} <= set(names)


def test_schemathesis_finds_no_answer_that_the_contract_does_not_say(tmp_path: Path) -> None:
    """Some thousand requests, the same in each run, to a service with tokens and a worker."""
    tokens = {"read_token": "readers-token", "write_token": "writers-token"}
    with running("serve", "--port", "0", "--workers", "1", api_rule_wait_s=0.2, **tokens) as api:
        found = subprocess.run(
            [
                *(Path(sys.executable).with_name("schemathesis"), "--config-file", _TOML.resolve()),
                *("run", f"{api.url}/openapi.json", "--seed", "1", "--max-examples", "10"),
                *("--header", f"Authorization: Bearer {tokens['write_token']}"),
                *("--phases", "examples,coverage,fuzzing", "--exclude-path", "/v1/events"),
                *("--generation-database", "none", "--request-timeout", "20"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert found.returncode == 0, found.stdout[-8_000:] + found.stderr
