"""Dead letters: what couldn't be placed, why, and what to do about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from contracts.dead_letter import DeadLetter, Reason
from workers.wording import plain

_FIELD_CHARS = 600
"""Of a field's value as ``onestory dead show`` shows it; a body may have megabytes."""

_DETAIL_CHARS = 200
_EXAMPLE_CHARS = 64
"""Of a bad line: enough to know it by."""

_ID_CHARS = 40
"""Of an article's id, which may have a kilobyte."""


@dataclass(frozen=True, slots=True)
class DeadView:
    """A dead letter and its own entry id, by which it is retried or dropped."""

    dead_id: str
    letter: DeadLetter


@dataclass(frozen=True, slots=True)
class UnreadableView:
    """An entry among the dead letters that is none."""

    dead_id: str
    why: str
    fields: Mapping[bytes, bytes]


AnyView = DeadView | UnreadableView


def dead_table(letters: Sequence[AnyView]) -> Table | Text:
    """One row a dead letter, oldest first as given."""
    if not letters:
        return Text("No dead letters.")
    table = Table(box=None, padding=(0, 2, 1, 0), expand=True)
    table.add_column("id", no_wrap=True)
    table.add_column("article", overflow="fold", max_width=16)
    table.add_column("what is wrong, and what to do", ratio=1, overflow="fold")
    for dead in letters:
        if isinstance(dead, UnreadableView):
            table.add_row(Text(plain(dead.dead_id)), Text("-"), _unreadable(dead))
            continue
        letter = dead.letter
        article_id = plain(letter.article_id or "-", _ID_CHARS)
        table.add_row(Text(plain(dead.dead_id)), Text(article_id), _why(letter))
    return table


def dead_reasons(counts: Counter[Reason], first: Mapping[Reason, DeadLetter]) -> Table:
    """One row a reason, the most frequent first, with its first letter as the example.

    Args:
        counts: letters by reason.
        first: a letter of each of these reasons.
    """
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("bad", justify="right", no_wrap=True)
    table.add_column("what is wrong, and what to do; the first of them", overflow="fold")
    for reason, count in counts.most_common():
        letter = first[reason]
        body = next(iter(letter.fields.values()), "") if letter.encoding == "utf-8" else ""
        # Cut before it is made plain: it may have megabytes.
        example = plain(body[: 2 * _DETAIL_CHARS], _EXAMPLE_CHARS)
        why = Text.assemble(_why(letter), (f"\n  {example}" if example else "", "dim"))
        table.add_row(f"{count:,}", why)
    return table


def dead_panel(dead: AnyView) -> Panel:
    """One dead letter with the fields of its entry, long values cut."""
    if isinstance(dead, UnreadableView):
        values = {
            name.decode(errors="replace"): value[: 2 * _FIELD_CHARS].decode(errors="replace")
            for name, value in dead.fields.items()
        }
        return _panel(dead.dead_id, "unreadable", Group(_unreadable(dead), _fields(values)))
    letter = dead.letter
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("wrong", Text(plain(letter.detail)))
    facts.add_row("to do", Text(plain(letter.remedy)))
    facts.add_row("article", Text(plain(letter.article_id or "-", _DETAIL_CHARS)))
    facts.add_row("entry", Text(plain(letter.entry_id)))
    facts.add_row("deliveries", str(letter.deliveries))
    facts.add_row("since", f"{letter.dead_at:%Y-%m-%d %H:%M:%S %Z}")
    rule = Rule(Text(f"fields as they came ({letter.encoding})"))
    return _panel(dead.dead_id, letter.reason, Group(facts, rule, _fields(letter.fields)))


def _panel(dead_id: str, what: str, content: Group) -> Panel:
    title = Text(f"{plain(dead_id)} · {what}", style="bold red")
    return Panel(content, title=title, title_align="left")


def _unreadable(dead: UnreadableView) -> Text:
    return Text.assemble(
        ("unreadable", "red"),
        f": {plain(dead.why, _DETAIL_CHARS)}\n",
        (f"→ no worker wrote it: onestory dead drop {plain(dead.dead_id)}", "dim"),
    )


def _why(letter: DeadLetter) -> Text:
    return Text.assemble(
        (letter.reason, "red"),
        f": {plain(letter.detail, _DETAIL_CHARS)}\n",
        (f"→ {plain(letter.remedy)}", "dim"),
    )


def _fields(fields: Mapping[str, str]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", max_width=16, overflow="fold")
    grid.add_column(overflow="fold")
    for name, value in fields.items():
        size = f" ({len(value):,} characters)" if len(value) > _FIELD_CHARS else ""
        grid.add_row(Text(plain(name)), Text(plain(value[: 2 * _FIELD_CHARS], _FIELD_CHARS) + size))
    return grid
