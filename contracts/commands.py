"""Editors' rules: what a desk may say about stories, and what it is answered.

A rule outlives re-matching, replays and restarts. Later articles are placed by it, whether
they are there yet or not; one that contradicts another is refused, with the other's id.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.config import JsonDict

from contracts.fields import ONE_LINE

LONGEST_WORD = 1024
_Word = Annotated[str, Field(min_length=1, max_length=LONGEST_WORD, pattern=ONE_LINE)]


def _two(articles: tuple[str, str]) -> tuple[str, str]:
    if articles[0] == articles[1]:
        raise ValueError(f"a rule over two articles, both of them {articles[0]!r}")
    return articles


def _as_array(schema: JsonDict) -> None:
    """Generators know arrays of one kind; few know tuples. The two differ: see `_two`."""
    places = schema.pop("prefixItems")
    if isinstance(places, list) and isinstance(word := places[0], dict):
        schema["items"] = {"title": "ArticleId", **word}
        schema["uniqueItems"] = True


_Pair = Annotated[tuple[_Word, _Word], AfterValidator(_two), Field(json_schema_extra=_as_array)]


def _names_itself(schema: JsonDict) -> None:
    """Without ``command`` nobody can tell which one it is, so its default is for Python alone."""
    required, properties = schema["required"], schema["properties"]
    if isinstance(required, list) and "command" not in required:
        required.insert(0, "command")
    if isinstance(properties, dict) and isinstance(command := properties["command"], dict):
        command.pop("default", None)


class _Command(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
        json_schema_extra=_names_itself,
    )

    id: _Word | None = None
    """Of the rule; the same id again has no effect. Absent: the entry's id in the stream."""
    by: _Word
    """Who says so."""
    reason: _Word
    """Why."""


class KeepTogether(_Command):
    """Two articles are one story, whatever their texts say."""

    command: Literal["together"] = "together"
    articles: _Pair


class KeepApart(_Command):
    """Two articles are two stories, whatever their texts say."""

    command: Literal["apart"] = "apart"
    articles: _Pair


class SetLead(_Command):
    """An article represents the story that it is in."""

    command: Literal["lead"] = "lead"
    article: _Word


class Revoke(_Command):
    """An earlier rule no longer holds. Stories stay as they are until something moves them."""

    command: Literal["revoke"] = "revoke"
    rule: _Word
    """Id of the earlier rule."""


AnyCommand = KeepTogether | KeepApart | SetLead | Revoke
Command = Annotated[AnyCommand, Field(discriminator="command", title="Command")]

COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(Command)
"""Parses a command's JSON."""


class Answer(StrEnum):
    """What became of a command."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Ruling(BaseModel):
    """The answer to one command: an entry of ``{NS}:rulings``."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    rule: str
    """Id of the rule."""
    answer: Answer
    detail: str
    """What was done, or why it was refused."""
    in_the_way: tuple[str, ...] = ()
    """Ids of the rules that it contradicts."""
    command: Command
    at: AwareDatetime
