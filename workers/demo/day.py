"""The scripted day of a wire: what is sent when, why, and what must come of it.

``day.jsonl`` was written for this project; every name, place and number in it is made up.
Each line is one step: an article as a feed sends it, an editor's command, or a wait for
what is under embargo. The service sees the article or the command and nothing else.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.commands import Answer, Command


class _Script(BaseModel):
    # A misspelt expectation would never fail, so unknown fields are refused.
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Expect(_Script):
    """What must be true once a step has settled."""

    events: tuple[str, ...] = ()
    """Types of the events that the step produced, in their order."""
    story_of: dict[str, str] = Field(default_factory=dict)
    """Article → an article of the same story."""
    apart: tuple[tuple[str, str], ...] = ()
    """Articles of two stories."""
    alone: tuple[str, ...] = ()
    """The only articles of their stories."""
    gone: tuple[str, ...] = ()
    """Killed: in no story."""
    hidden: tuple[str, ...] = ()
    """Under embargo or held back: in no story yet."""
    lead: dict[str, str] = Field(default_factory=dict)
    """Article → the lead of its story."""
    version: dict[str, int] = Field(default_factory=dict)
    """Article → the version that was told last."""
    translations: tuple[str, ...] = ()
    """Articles that a kill names as translations of the killed one."""
    copies: tuple[str, ...] = ()
    """Likewise in its own language."""
    ruling: Answer | None = None
    """To the step's command."""
    in_the_way: tuple[str, ...] = ()
    """Rules that a refusal names."""
    dead: tuple[str, ...] = ()
    """Reasons of the dead letters that the step left."""


class Step(_Script):
    """One thing that happens."""

    at: str = Field(pattern=r"^\d\d:\d\d$")
    """Time of the scripted day."""
    note: str
    """One line: what happens, and why."""
    article: dict[str, Any] | None = None
    """As the feed sends it, mistakes and all."""
    command: Command | None = None
    wait_for_release: bool = False
    """Nothing is sent: the step ends when nothing is under embargo any more."""
    embargo_in_s: float | None = None
    """The article may be published so many real seconds after it is sent."""
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        things = (self.article is not None, self.command is not None, self.wait_for_release)
        if sum(things) != 1:
            raise ValueError("a step is an article, a command, or a wait for release")
        return self


def day_steps() -> Sequence[Step]:
    """The day in the order of time."""
    lines = files("workers.demo").joinpath("day.jsonl").read_bytes().splitlines()
    return tuple(Step.model_validate_json(line) for line in lines)
