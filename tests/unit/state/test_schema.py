"""Redis' names stand in one place, and both languages have the same."""

from importlib.resources import files
from pathlib import Path

import pytest

from contracts.streams import Streams
from service.stories.state import StoryState
from tests.unit.state.stray_names import in_lua, in_python
from workers.keys import Key, Keys
from workers.state import schema
from workers.state.lua_source import PARTS, source

WORKERS = Path(str(files("workers")))
SCRIPTS = sorted((WORKERS / "state" / "lua").glob("*.lua"))
SHARED = {"era", "fence", *(part for parts in PARTS.values() for part in parts)}
NAMING = {WORKERS / "keys.py", WORKERS / "state" / "schema.py"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda each: each.stem)
def test_no_script_spells_a_name(script: Path) -> None:
    assert in_lua(script.read_text("utf-8")) == []


def test_no_module_spells_a_name() -> None:
    modules = set(WORKERS.rglob("*.py")) - NAMING

    stray = {each: found for each in modules if (found := in_python(each.read_text("utf-8")))}

    assert stray == {}


@pytest.mark.parametrize(
    "spelt",
    [
        "redis.call('HGET', P .. KEY_ARTICLE .. id, 'pn')",
        "redis.call('HSET', P .. 'clock', CLOCK_FLOOR, '1')",
        "redis.call('HSET', clock_key, 'floor', '1')",
        "local key = P .. 'a:' .. id",
        "log('x', number)",
        "if record[f] == 's' then end",
    ],
)
def test_a_name_that_a_script_spells_is_found(spelt: str) -> None:
    assert in_lua(spelt) != []


@pytest.mark.parametrize(
    "spelt",
    [
        "record.get('pn')",
        "fields[b'a']",
        "redis.hget(keys.clock, 'floor')",
        "redis.hmget(keys.clock, ['event', FIELD])",
        "redis.hset(keys.clock, mapping={'floor': 1})",
        "commit.notes(f'a:{article_id}', values)",
    ],
)
def test_a_name_that_a_module_spells_is_found(spelt: str) -> None:
    assert in_python(f"import redis\n{spelt}\n") != []


def test_a_script_that_uses_a_name_which_nobody_gave_is_not_loaded() -> None:
    with pytest.raises(KeyError, match="ARTICLE_NAME"):
        schema.prelude("redis.call('HGET', key, ARTICLE_NAME)")


@pytest.mark.parametrize("name", [each.stem for each in SCRIPTS if each.stem not in SHARED])
def test_the_fence_stands_in_front_of_each_script(name: str) -> None:
    fence = (WORKERS / "state" / "lua" / "fence.lua").read_text("utf-8")
    whole = source(name)

    assert whole.removeprefix(schema.prelude(whole)).startswith(fence)


def test_what_begins_an_era_is_behind_no_fence() -> None:
    assert "'ERA'" not in source("era", is_fenced=False)


@pytest.mark.parametrize(
    "table", [schema.Article, schema.Story, schema.Clock, schema.Log, schema.Count, Key]
)
def test_no_two_names_of_one_table_are_the_same(table: type) -> None:
    values = [*schema.names_of(table).values()]

    assert len(set(values)) == len(values)


def test_a_story_has_a_field_for_each_of_its_figures() -> None:
    elsewhere = {"id", "members", "absorbed"}

    assert {each.upper() for each in set(StoryState._fields) - elsewhere} <= {
        *schema.names_of(schema.Story)
    }


def test_public_streams_are_named_as_the_contract_has_them() -> None:
    streams = Streams("news")
    public = (Key.ARTICLES, Key.STORIES, Key.DEAD, Key.COMMANDS, Key.RULINGS)

    assert [Keys(streams).prefix + each for each in public] == [
        *(streams.articles, streams.stories, streams.dead, streams.commands, streams.rulings)
    ]
