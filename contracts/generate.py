"""Writes the JSON Schemas and the AsyncAPI document from the models.

``python -m contracts.generate`` writes what changed; with ``--check`` it writes
nothing and fails if a checked-in file differs from what the models say.
"""

import json
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from contracts.article import Article
from contracts.asyncapi import asyncapi
from contracts.commands import COMMAND, Ruling
from contracts.dead_letter import DeadLetter
from contracts.events import (
    StoryClosed,
    StoryJoined,
    StoryMerged,
    StoryOpened,
    StoryRetracted,
    StoryRevised,
    StorySplit,
)

FOLDER = Path(__file__).parent

_Mode = Literal["validation", "serialization"]

# An article is described as publishers may send it, the rest as readers get it.
_MODELS: dict[str, tuple[TypeAdapter[Any], _Mode]] = {
    "article": (TypeAdapter(Article), "validation"),
    "story.opened": (TypeAdapter(StoryOpened), "serialization"),
    "story.joined": (TypeAdapter(StoryJoined), "serialization"),
    "story.revised": (TypeAdapter(StoryRevised), "serialization"),
    "story.merged": (TypeAdapter(StoryMerged), "serialization"),
    "story.split": (TypeAdapter(StorySplit), "serialization"),
    "story.retracted": (TypeAdapter(StoryRetracted), "serialization"),
    "story.closed": (TypeAdapter(StoryClosed), "serialization"),
    "command": (COMMAND, "validation"),
    "ruling": (TypeAdapter(Ruling), "serialization"),
    "dead-letter": (TypeAdapter(DeadLetter), "serialization"),
}


class _WithoutTitles(GenerateJsonSchema):
    """JSON Schema 2020-12 without the titles that only repeat the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


def documents() -> dict[Path, str]:
    """Every generated file's content, by its path relative to ``contracts``."""
    paths = {name: Path("schemas", f"{name}.schema.json") for name in _MODELS}
    written = {
        paths[name]: _text(
            {"$schema": _WithoutTitles.schema_dialect}
            | model.json_schema(mode=mode, schema_generator=_WithoutTitles)
        )
        for name, (model, mode) in _MODELS.items()
    }
    document = asyncapi({name: f"./{path.as_posix()}" for name, path in paths.items()})
    return written | {Path("asyncapi.json"): _text(document)}


def drifted() -> list[Path]:
    """Files that are absent, differ, or that no model stands behind any more; sorted."""
    expected = documents()
    found = {path.relative_to(FOLDER) for path in FOLDER.glob("schemas/*")}
    differ = {path for path, text in expected.items() if _read(FOLDER / path) != text}
    return sorted(differ | (found - expected.keys()))


def main(arguments: list[str]) -> int:
    """The exit code: 1 if ``--check`` found a difference."""
    drift = drifted()
    if "--check" in arguments:
        for path in drift:
            print(f"contracts/{path} differs from the models; run: python -m contracts.generate")
        return 1 if drift else 0
    expected = documents()
    for path in drift:
        if path in expected:
            (FOLDER / path).parent.mkdir(exist_ok=True)
            (FOLDER / path).write_text(expected[path], encoding="utf-8")
        else:
            (FOLDER / path).unlink()
        print(f"contracts/{path}")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
