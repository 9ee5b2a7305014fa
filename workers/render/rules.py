"""Editors' rules: what a desk said, and what it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.table import Table
from rich.text import Text

from contracts.commands import Answer, AnyCommand, KeepApart, KeepTogether, Revoke, Ruling, SetLead
from workers.wording import plain

_ID_CHARS = 40
"""Of an article's id, which may have a kilobyte."""
_ANSWER_STYLE = {Answer.ACCEPTED: "green", Answer.REFUSED: "red"}


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule in force."""

    rule_id: str
    command: AnyCommand
    at: datetime | None = None
    """When it was accepted."""


def said(command: AnyCommand) -> Text:
    """What a command asks for.

    >>> said(SetLead(article="coast-7", by="anna", reason="Has the figures")).plain
    'lead coast-7'
    """
    match command:
        case KeepTogether() | KeepApart():
            words = list(command.articles)
        case SetLead():
            words = [command.article]
        case Revoke():
            words = [command.rule]
    return Text(" ".join([command.command, *(plain(word, _ID_CHARS) for word in words)]))


def ruling_text(ruling: Ruling) -> Text:
    """The answer to one command, then the details."""
    return Text.assemble(ruling_answer(ruling), "  ", ruling_details(ruling))


def ruling_answer(ruling: Ruling) -> Text:
    """Accepted or refused."""
    return Text(ruling.answer, style=f"bold {_ANSWER_STYLE[ruling.answer]}")


def ruling_details(ruling: Ruling) -> Text:
    """Which rule, what was done or why it was refused, and what stands in the way."""
    line = Text(
        f"{plain(ruling.rule, _ID_CHARS)}  {plain(ruling.detail)}",
        style=_ANSWER_STYLE[ruling.answer],
    )
    if ruling.in_the_way:
        rules = ", ".join(plain(rule, _ID_CHARS) for rule in ruling.in_the_way)
        line.append(f"\nin the way: {rules}; see `onestory rules list`")
    return line


def rules_table(rules: Sequence[RuleView]) -> Table | Text:
    """One row a rule, oldest first as given."""
    if not rules:
        return Text("No rules.")
    table = Table(box=None, padding=(0, 2, 1, 0), expand=True)
    table.add_column("id", overflow="fold", max_width=16)
    table.add_column("since", no_wrap=True)
    table.add_column("rule", ratio=1, overflow="fold")
    table.add_column("who and why", ratio=1, overflow="fold")
    for rule in rules:
        why = Text.assemble(f"{plain(rule.command.by)}: ", (plain(rule.command.reason, 200), "dim"))
        since = f"{rule.at:%Y-%m-%d %H:%M}" if rule.at else "-"
        table.add_row(Text(plain(rule.rule_id)), since, said(rule.command), why)
    return table
