"""What ``onestory demo --day`` prints: each step with what a desk would see of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from contracts.commands import AnyCommand
from contracts.events import AnyEvent
from workers.demo.outcome import Outcome
from workers.render.events import event_text
from workers.render.plain import counted, plain
from workers.render.rules import ruling_text, said
from workers.render.stories import story_table
from workers.render.views import story_views

_INDENT = 7
"""Cells: a time and two spaces."""


@dataclass(slots=True)
class StoryNames:
    """Calls stories ``story 1``, ``story 2`` … in the order in which they are heard of."""

    _names: dict[str, str] = field(default_factory=dict)

    def __call__(self, story_id: str) -> str:
        return self._names.setdefault(story_id, f"story {len(self._names) + 1}")


def outcome_report(outcome: Outcome, names: StoryNames) -> Group:
    """The step's time and note, then what came of it, and what did not come as expected."""
    step, told = outcome.step, outcome.told
    lines: list[Text] = []
    if step.command is not None:
        lines.append(_asked(step.command))
    lines += map(ruling_text, told.rulings)
    lines += [event_text(event, names) for event in told.events]
    lines += [
        Text.assemble(("dead letter", "red"), f"  {letter.reason}: {plain(letter.detail, 200)}")
        for letter in told.dead
    ]
    lines = lines or [Text("no event", style="dim")]
    lines += [Text(f"not as expected: {plain(each)}", style="bold red") for each in outcome.broken]
    return Group(
        Text.assemble((f"{step.at}  ", "dim"), (plain(step.note), "bold")),
        *(Padding(line, (0, 0, 0, _INDENT)) for line in lines),
    )


def day_report(events: Sequence[AnyEvent], outcomes: Sequence[Outcome]) -> Group:
    """The stories that the day leaves, then whether every expectation held."""
    return Group(story_table(story_views(events)), "", _verdict(outcomes))


def _asked(command: AnyCommand) -> Text:
    return Text.assemble(
        f"{plain(command.by)}: ", said(command), (f" ({plain(command.reason)})", "dim")
    )


def _verdict(outcomes: Sequence[Outcome]) -> RenderableType:
    failed = [outcome for outcome in outcomes if outcome.broken]
    if not failed:
        return Text(f"{counted(len(outcomes), 'step')}, each as expected.", style="green")
    title = f"{len(failed)} of {counted(len(outcomes), 'step')} not as expected:"
    return Group(
        Text(title, style="bold red"),
        *(
            Text(f"{outcome.step.at}  {plain(line)}", style="red")
            for outcome in failed
            for line in outcome.broken
        ),
    )
