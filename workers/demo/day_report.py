"""What ``onestory demo --day`` prints: each step with what a desk would see of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from contracts.commands import AnyCommand
from contracts.events import AnyEvent
from workers.demo.outcome import Outcome
from workers.render.events import KIND_CELLS, event_details, event_kind
from workers.render.rules import ruling_answer, ruling_details, said
from workers.render.stories import story_table
from workers.render.views import story_views
from workers.wording import counted, plain

_STORY_ID = re.compile(r"\bst_[0-9a-f]+\b")


@dataclass(slots=True)
class StoryNames:
    """Calls stories ``story 1``, ``story 2`` … in the order in which they are heard of."""

    _names: dict[str, str] = field(default_factory=dict)

    def __call__(self, story_id: str) -> str:
        return self._names.setdefault(story_id, f"story {len(self._names) + 1}")

    def instead_of_ids(self, words: str) -> str:
        """Words with the stories called by their names."""
        return _STORY_ID.sub(lambda found: self(found[0]), words)


def outcome_report(outcome: Outcome, names: StoryNames) -> Table:
    """The step's time and note, then what came of it, and what did not come as expected."""
    step, told = outcome.step, outcome.told
    came = Table.grid(padding=(0, 2))
    came.add_column(width=KIND_CELLS, no_wrap=True, overflow="ellipsis")
    came.add_column(overflow="fold")
    if step.command is not None:
        came.add_row(Text(plain(step.command.by)), _asked(step.command))
    for ruling in told.rulings:
        detail = names.instead_of_ids(ruling.detail)
        readable = ruling.model_copy(update={"detail": detail})
        came.add_row(ruling_answer(ruling), ruling_details(readable))
    for event in told.events:
        came.add_row(event_kind(event), event_details(event, names))
    for letter in told.dead:
        why = f"{letter.reason}: {plain(letter.detail, 200)}"
        came.add_row(Text("dead", style="red"), Text(why))
    if told.retold:
        again = f"{counted(len(told.retold), 'earlier event')}, without the withdrawn text"
        came.add_row(Text("retold", style="dim"), Text(again, style="dim"))
    if not came.rows:
        came.add_row("", Text("no event", style="dim"))
    for line in outcome.broken:
        readable_line = names.instead_of_ids(line)
        came.add_row(Text("FAILED", style="bold red"), Text(plain(readable_line), style="red"))
    block = Table.grid(padding=(0, 2))
    block.add_column(style="dim", no_wrap=True)
    block.add_column(overflow="fold")
    block.add_row(step.at, Text(plain(step.note), style="bold"))
    block.add_row("", came)
    return block


def day_report(events: Sequence[AnyEvent], outcomes: Sequence[Outcome], names: StoryNames) -> Group:
    """The stories that the day leaves, called as in its steps, and whether all came as expected."""
    return Group(story_table(story_views(events), names), "", _verdict(outcomes, names))


def _asked(command: AnyCommand) -> Text:
    return Text.assemble(said(command), (f"  {plain(command.reason)}", "dim"))


def _verdict(outcomes: Sequence[Outcome], names: StoryNames) -> RenderableType:
    failed = [outcome for outcome in outcomes if outcome.broken]
    if not failed:
        return Text(f"{counted(len(outcomes), 'step')}, each as expected.", style="green")
    title = f"{len(failed)} of {counted(len(outcomes), 'step')} not as expected:"
    return Group(
        Text(title, style="bold red"),
        *(
            Text(f"{outcome.step.at}  {plain(names.instead_of_ids(line))}", style="red")
            for outcome in failed
            for line in outcome.broken
        ),
    )
