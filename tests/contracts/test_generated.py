"""The checked-in JSON Schemas and AsyncAPI document: current, valid, true of the models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import re2
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from contracts import generate
from contracts.article import Article
from contracts.examples import ARTICLES, DEAD_LETTER, EVENTS

EXAMPLES: dict[str, list[BaseModel]] = {
    "article": list(ARTICLES.values()),
    "dead-letter": [DEAD_LETTER],
    **{name: [event] for name, event in EVENTS.items()},
}
SCHEMAS = sorted(
    path.name.removesuffix(".schema.json") for path in generate.FOLDER.glob("schemas/*.json")
)
ASYNCAPI = json.loads((generate.FOLDER / "asyncapi.json").read_text())


def schema(name: str) -> dict[str, Any]:
    text = (generate.FOLDER / "schemas" / f"{name}.schema.json").read_text()
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def validator(name: str) -> Draft202012Validator:
    formats = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(schema(name), format_checker=formats)


ARTICLE = validator("article")


def test_checked_in_files_are_what_the_models_say() -> None:
    assert generate.drifted() == []


def test_drift_is_found_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "FOLDER", tmp_path)
    generate.main([])
    (tmp_path / "asyncapi.json").write_text("{}")
    (tmp_path / "schemas" / "story.gone.schema.json").write_text("{}")
    (tmp_path / "schemas" / "article.schema.json").unlink()

    assert generate.main(["--check"]) == 1
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    assert not (tmp_path / "schemas" / "story.gone.schema.json").exists()


@pytest.mark.parametrize("name", EXAMPLES)
def test_schemas_are_json_schema_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))

    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_valid(name: str) -> None:
    for example in EXAMPLES[name]:
        validator(name).validate(json.loads(example.model_dump_json()))


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_schema_refuses_the_other_events(name: str) -> None:
    others = [event for other, event in EVENTS.items() if other != name]

    assert not any(validator(name).is_valid(json.loads(e.model_dump_json())) for e in others)


@pytest.mark.parametrize("name", EVENTS)
def test_a_cloud_event_without_its_required_attributes_is_refused(name: str) -> None:
    event = json.loads(EVENTS[name].model_dump_json())

    for attribute in ("specversion", "id", "source", "type"):
        less = {key: value for key, value in event.items() if key != attribute}
        assert not validator(name).is_valid(less)


@pytest.mark.parametrize(
    ("article", "valid"),
    [
        ({"id": "a", "title": "Мост"}, True),
        ({"id": "a", "text": "Мост", "title": None, "more": [1]}, True),
        ({"id": "a", "title": "Мост", "version": 2}, True),
        ({"title": "Мост"}, False),
        ({"id": " ", "title": "Мост"}, False),
        ({"id": "a\nb", "title": "Мост"}, False),
        ({"id": "a"}, False),
        ({"id": "a", "title": " ", "text": "\t"}, False),
        ({"id": "a", "title": "Мост", "version": -1}, False),
        ({"id": "a", "title": ["Мост"]}, False),
    ],
)
def test_the_article_schema_draws_the_line_of_the_model(
    article: dict[str, Any], *, valid: bool
) -> None:
    def is_article() -> bool:
        try:
            Article.model_validate(article)
        except ValidationError:
            return False
        return True

    assert (ARTICLE.is_valid(article), is_article()) == (valid, valid)


OPTIONAL_TEXT = st.none() | st.text()


@given(
    st.fixed_dictionaries(
        {"id": st.text(max_size=256)},  # of at most 4 bytes: a schema can't count bytes
        optional={
            "title": OPTIONAL_TEXT,
            "text": OPTIONAL_TEXT,
            "source": OPTIONAL_TEXT,
            "version": st.integers(),
        },
    )
)
def test_what_the_schema_accepts_the_model_reads(article: dict[str, Any]) -> None:
    if ARTICLE.is_valid(article):
        assert Article.model_validate(article).id == article["id"].strip()


def test_asyncapi_is_a_document_of_version_3() -> None:
    """Against FastStream's own model of AsyncAPI 3.0."""
    ApplicationSchema.model_validate(ASYNCAPI)

    assert ASYNCAPI["asyncapi"] == "3.0.0"


def test_asyncapi_refers_only_to_what_is_there() -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, list):
            return [found for part in value for found in references(part)]
        if not isinstance(value, dict):
            return []
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for part in value.values() for found in references(part)]

    def is_there(reference: str) -> bool:
        if not reference.startswith("#/"):
            return (generate.FOLDER / reference).is_file()
        value = ASYNCAPI
        for part in reference.removeprefix("#/").split("/"):
            value = value.get(part, {})
        return bool(value)

    found = references(ASYNCAPI)

    assert len(found) > 10
    assert [reference for reference in found if not is_there(reference)] == []


def test_asyncapi_s_addresses_become_the_streams_of_a_namespace() -> None:
    addresses = [channel["address"] for channel in ASYNCAPI["channels"].values()]
    tag = ASYNCAPI["components"]["parameters"]["namespaceTag"]["examples"][1]

    assert [address.replace("{namespaceTag}", tag) for address in addresses] == [
        "{news}:articles",
        "{news}:stories",
        "{news}:commands",
        "{news}:rulings",
        "{news}:dead",
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_asyncapi_s_examples_are_valid(name: str) -> None:
    examples = ASYNCAPI["components"]["messages"][name]["examples"]

    assert examples
    for example in examples:
        validator(name).validate(example["payload"])


def patterns(value: Any) -> Iterator[str]:
    """Every regular expression in a schema."""
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        for each in value.values():
            yield from patterns(each)
    elif isinstance(value, list):
        for each in value:
            yield from patterns(each)


@pytest.mark.parametrize("name", SCHEMAS)
def test_patterns_compile_where_there_is_no_look_ahead(name: str) -> None:
    for pattern in set(patterns(schema(name))):
        re2.compile(pattern)
    jsonschema_rs.validator_for(schema(name), pattern_options=jsonschema_rs.RegexOptions())


def test_the_patterns_of_ids_mean_the_same_to_all() -> None:
    rust = jsonschema_rs.validator_for(
        schema("article"), pattern_options=jsonschema_rs.RegexOptions()
    )

    for article_id in ("a", " a ", "я", "№ 7/ж", "\u00a0", " ", "", "a\nb", "\x1b", "a\x7f", "\n"):
        article = {"id": article_id, "title": "x"}
        pattern = schema("article")["properties"]["id"]["pattern"]
        # White space beyond ASCII is none to RE2.
        if article_id != "\u00a0":
            assert bool(re2.search(pattern, article_id)) == ARTICLE.is_valid(article), article_id
        assert rust.is_valid(article) == ARTICLE.is_valid(article), article_id


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_a_name_of_its_own(name: str) -> None:
    assert schema(name)["title"] == name.title().replace(".", "").replace("-", "")


@pytest.mark.parametrize("name", ["KeepTogether", "KeepApart", "SetLead", "Revoke"])
@pytest.mark.parametrize("file", ["command", "ruling"])
def test_a_command_must_say_which_one_it_is(file: str, name: str) -> None:
    described = schema(file)["$defs"][name]

    assert "command" in described["required"]
    assert "default" not in described["properties"]["command"]


def test_no_version_is_what_an_article_has_by_default() -> None:
    version = schema("article")["properties"]["version"]

    assert version["default"] is None
    assert {each["type"] for each in version["anyOf"]} == {"integer", "null"}


@pytest.mark.parametrize(
    ("field", "most"),
    [("title", 4096), ("source", 512), ("url", 8192), ("lang", 64), ("slug", 1024), ("id", 1024)],
)
def test_the_schema_says_how_long_a_field_may_be(field: str, most: int) -> None:
    longest, longer = ({"id": "a", "title": "x", field: "x" * size} for size in (most, most + 1))

    assert ARTICLE.is_valid(longest)
    assert not ARTICLE.is_valid(longer)
    Article.model_validate(longest)
