from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from contracts.commands import Answer, AnyCommand, KeepApart, Revoke
from contracts.examples import APART, COMMANDS, LEAD, REFUSED, TOGETHER
from workers.render.rules import RuleView, rules_table, ruling_text, said

AT = datetime(2026, 3, 2, 10, 52, tzinfo=UTC)
HOSTILE = "[bold]x[/] \u202ey" + "я" * 500


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (TOGETHER, "together volna:2026-03-02:117 northwire-88121"),
        (APART, "apart northwire-88121 kola-today/552"),
        (LEAD, "lead northwire-88121"),
        (COMMANDS["revoke"], "revoke rule-7"),
    ],
)
def test_a_command_in_words(command: AnyCommand, words: str) -> None:
    assert said(command).plain == words


def test_a_refusal_names_the_rules_in_the_way() -> None:
    assert ruling_text(REFUSED).plain == (
        "refused  1772448733518-0  rule-7 (together, anna: Один и тот же мост: перевод с "
        "опозданием на час) keeps volna:2026-03-02:117 and northwire-88121 in one story; revoke "
        "it first\nin the way: rule-7; see `onestory rules list`"
    )


def test_an_accepted_command_is_said_with_what_was_done() -> None:
    ruling = REFUSED.model_copy(
        update={"answer": Answer.ACCEPTED, "detail": "2 stories are one", "in_the_way": ()}
    )

    assert ruling_text(ruling).plain == "accepted  1772448733518-0  2 stories are one"


def test_rules_are_listed_with_who_and_why(printed: Callable[..., str]) -> None:
    rules = [RuleView("rule-7", TOGETHER, AT), RuleView("rule-1f0e2d3c", LEAD)]

    assert (
        printed(rules_table(rules))
        == """\
id             since             rule                    who and why

rule-7         2026-03-02 10:52  together                anna: Один и тот же
                                 volna:2026-03-02:117    мост: перевод с
                                 northwire-88121         опозданием на час

rule-1f0e2d3c  -                 lead northwire-88121    pavel: Has the
                                                         figures right
"""
    )


def test_no_rules_are_said_to_be_none() -> None:
    assert str(rules_table([])) == "No rules."


def test_hostile_words_stay_inside_the_width_and_are_not_interpreted(
    printed: Callable[..., str],
) -> None:
    command = KeepApart(articles=(HOSTILE, "b"), by=HOSTILE, reason=HOSTILE)
    ruling = REFUSED.model_copy(
        update={"rule": HOSTILE, "detail": HOSTILE, "in_the_way": (HOSTILE,)}
    )

    table = printed(rules_table([RuleView(HOSTILE, command, AT)]))
    shown = (
        table + printed(ruling_text(ruling)) + said(Revoke(rule=HOSTILE, by="b", reason="c")).plain
    )

    assert max(map(cell_len, table.splitlines())) <= 80
    assert "[bold]x[/] y" in shown
    assert "\u202e" not in shown
