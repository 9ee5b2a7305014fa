"""Types that a stranger generates from the schemas send every message, and read every answer.

They write all fields, those that were not set too, as such types do in every language.
"""

import importlib.util
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from datamodel_code_generator import generate
from datamodel_code_generator.enums import DataModelType, InputFileType
from datamodel_code_generator.format import Formatter
from redis import Redis

from contracts.dead_letter import Reason
from contracts.generate import FOLDER
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, text

SCHEMAS = sorted(FOLDER.glob("schemas/*.schema.json"))
NAMES = {
    "article": "Article",
    "command": "Command",
    "dead-letter": "DeadLetter",
    "ruling": "Ruling",
    "story.closed": "StoryClosed",
    "story.joined": "StoryJoined",
    "story.merged": "StoryMerged",
    "story.opened": "StoryOpened",
    "story.retracted": "StoryRetracted",
    "story.revised": "StoryRevised",
    "story.split": "StorySplit",
}


def name_of(schema: Path) -> str:
    return schema.name.removesuffix(".schema.json")


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModuleType]:
    """A module of pydantic types for each schema."""
    folder = tmp_path_factory.mktemp("types")
    return {name_of(schema): _generated(schema, folder) for schema in SCHEMAS}


def _generated(schema: Path, folder: Path) -> ModuleType:
    module = name_of(schema).replace(".", "_").replace("-", "_")
    file = folder / f"{module}.py"
    generate(
        schema.read_text("utf-8"),
        input_filename=schema.name,
        input_file_type=InputFileType.JsonSchema,
        output=file,
        output_model_type=DataModelType.PydanticV2BaseModel,
        use_title_as_name=True,
        set_default_enum_member=True,
        formatters=[Formatter.BUILTIN],
    )
    spec = importlib.util.spec_from_file_location(f"generated_{module}", file)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made  # where pydantic looks for what its types are made of
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[Desk]:
    with desk(redis_client, harness.settings_for(redis_url, namespace)) as made:
        yield made


def test_every_schema_becomes_a_type_of_its_own_name(types: dict[str, ModuleType]) -> None:
    assert {name_of(schema) for schema in SCHEMAS} == NAMES.keys()
    for name, module in types.items():
        assert hasattr(module, NAMES[name]), name


def article(types: dict[str, ModuleType], story: int, reprint: int = 0, **fields: Any) -> Any:
    body = {name: value for name, value in text(story, reprint).items() if name != "lang"}
    return types["article"].Article(**body | fields)


def kill(types: dict[str, ModuleType], **fields: Any) -> Any:
    return types["article"].Article(status="canceled", **fields)


def told(wire: Desk, *messages: Any) -> list[str]:
    events = wire.place(*(json.loads(each.model_dump_json()) for each in messages))
    return [event.type.removeprefix("story.") for event in events]


def said(wire: Desk, types: dict[str, ModuleType], **fields: Any) -> list[str]:
    rule = types["command"].Command.model_validate({"by": "anna", "reason": "a test"} | fields)
    wire.redis.xadd(wire.settings.streams.commands, {"data": rule.model_dump_json()})
    return [event.type.removeprefix("story.") for event in wire.settle()]


def test_every_kind_of_article_has_its_effect(wire: Desk, types: dict[str, ModuleType]) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)

    assert told(wire, article(types, 1, id="a", version=5)) == ["opened"]
    assert told(wire, article(types, 1, 1, id="b")) == ["joined"]
    assert told(wire, article(types, 1, 2, id="a", version=6)) == ["revised"]
    assert told(wire, article(types, 1, 3, id="c", replaces="a", signals=["correction"])) == [
        "joined"
    ]
    assert told(wire, article(types, 2, id="held", status="withheld")) == []
    assert told(wire, article(types, 2, id="held", version=2)) == ["opened"]
    assert told(wire, article(types, 3, id="later", embargoed=soon)) == []
    assert told(wire, kill(types, id="later")) == []
    assert told(wire, kill(types, id="k", replaces="b")) == ["revised"]
    assert told(wire, kill(types, id="a")) == ["revised"]
    assert told(wire, article(types, 1, id="c", version=2, signals=["kill"])) == ["retracted"]
    assert wire.stories == {frozenset({"held"})}
    assert harness.letters(wire.redis, wire.settings) == []


def test_every_command_has_its_effect(wire: Desk, types: dict[str, ModuleType]) -> None:
    told(wire, article(types, 1, id="a"), article(types, 2, id="b"))

    assert said(wire, types, command="together", id="r1", articles=["a", "b"]) == ["merged"]
    assert said(wire, types, command="lead", article="b") == ["revised"]
    assert said(wire, types, command="revoke", rule="r1") == []
    assert said(wire, types, command="apart", articles=["a", "b"]) == ["split", "opened"]
    assert [each.answer for each in wire.rulings()] == ["accepted"] * 4


def test_a_command_says_which_one_it_is(types: dict[str, ModuleType]) -> None:
    for name in ("KeepTogether", "KeepApart", "SetLead", "Revoke"):
        assert getattr(types["command"], name).model_fields["command"].is_required()


def test_what_is_told_is_read_back(
    wire: Desk, types: dict[str, ModuleType], redis_client: Redis
) -> None:
    """Every event, ruling and letter of a run with all of them."""
    told(wire, article(types, 1, id="a"), article(types, 1, 1, id="b"), article(types, 2, id="x"))
    told(wire, article(types, 1, 2, id="a", version=2), article(types, 3, id="b", version=2))
    said(wire, types, command="together", articles=["a", "x"])
    said(wire, types, command="apart", articles=["a", "x"])
    told(wire, kill(types, id="b", version=0), kill(types, id="a"), kill(types, id="b"))
    told(wire, kill(types, id="x"))
    streams = wire.settings.streams

    seen = set()
    for _, fields in harness.entries(redis_client, streams.stories):
        name = json.loads(fields[b"data"])["type"]
        kind = getattr(types[name], NAMES[name])
        seen.add(name)
        assert kind.model_validate_json(fields[b"data"]).data.story_id
    assert seen == NAMES.keys() - {"story.closed", "article", "command", "dead-letter", "ruling"}
    for _, fields in harness.entries(redis_client, streams.rulings):
        assert types["ruling"].Ruling.model_validate_json(fields[b"data"]).rule
    ((_, fields),) = harness.entries(redis_client, streams.dead)
    letter = types["dead-letter"].DeadLetter.model_validate_json(fields[b"data"])
    assert (letter.reason.value, letter.article_id) == (Reason.KILLS_OLDER, "b")
