from collections.abc import Callable

import pytest

from contracts.events import AnyEvent, Change, Relation
from contracts.examples import EVENTS
from tests.support.builders.story_events import (
    closed,
    joined,
    merged,
    opened,
    retracted,
    revised,
    split,
)
from workers.render.events import event_details, event_line

HOSTILE = "[bold]x[/]\x1b[2J\r\n\u202ey"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            opened("st_1", "a", title="[red]Alarm"),
            "opened     st_1#1  en  [red]Alarm  Harbour Post  a",
        ),
        (
            opened("st_2", "a", split_from="st_1", rule="rule-7"),
            "opened     st_2#1  en  Title of a  Harbour Post  a  from st_1  by rule-7",
        ),
        (
            opened("st_1", "a", title="", source=None, redacted=True),
            "opened     st_1#1  en  (text withdrawn)  a",
        ),
        (
            joined("st_1", 2, "b", lang="ru", title="Пожар\nна пароме", source=None),
            "joined     st_1#2  ru  translation 0.98  Пожар на пароме  b",
        ),
        (
            joined("st_1", 2, "b", relation=Relation.COPY, score=None, redacted=True),
            "joined     st_1#2  en  copy   Title of b  (text withdrawn)  Harbour Post  b",
        ),
        (
            joined("st_3", 2, "b", split_from="st_1"),
            "joined     st_3#2  en  translation 0.98  Title of b  Harbour Post  b  from st_1",
        ),
        (
            revised(
                "st_1",
                3,
                Change.VERSION,
                "a",
                old_version=1,
                new_version=2,
                relation=Relation.REVISION,
                score=0.998,
                title="Мост",
                source="Волна",
                lang="ru",
            ),
            "revised    st_1#3  ru  version 1 → 2  revision 0.99  Мост  Волна  a",
        ),
        (
            revised("st_1", 4, Change.LEAD, "b", lead="b", old_lead="a", rule="rule-7"),
            "revised    st_1#4  lead b, was a  by rule-7",
        ),
        (
            revised(
                "st_1",
                5,
                Change.RETRACTED,
                "a",
                old_version=2,
                lead="b",
                old_lead="a",
                translations=("b", "c"),
                copies=("d",),
                article_count=3,
            ),
            (
                "revised    st_1#5  killed a (version 2); lead b, was a; "
                "check translations b, c; check copies d; 3 articles left"
            ),
        ),
        (
            revised("st_1", 5, Change.WITHHELD, "b", article_count=1),
            "revised    st_1#5  held back b; 1 article left",
        ),
        (
            merged("st_2", 2, "st_1", "c", "d"),
            "merged     st_2#2  into st_1: 2 articles moved, 3 there now, because of c",
        ),
        (
            split("st_1", 6, "st_4", "a", "d", lead="b", old_lead="a", because_of="rule-8"),
            "split      st_1#6  a, d to st_4, 2 left, because of rule-8; lead b, was a",
        ),
        (
            retracted("st_1", 7, "a"),
            "retracted  st_1#7  killed a; no article left",
        ),
        (
            retracted("st_1", 7, "a", change=Change.WITHHELD),
            "retracted  st_1#7  held back a; no article left",
        ),
        (
            closed("st_1", 8, languages=("en", "ru")),
            "closed     st_1#8  2 articles, en ru, 1 independent source, lead a",
        ),
    ],
)
def test_an_event_is_one_readable_line(event: AnyEvent, line: str) -> None:
    assert event_line(event).plain == f"06:01:02  {line}"


def test_stories_can_be_called_something_else() -> None:
    event = split("st_1", 6, "st_4", "a")

    line = event_details(event, named={"st_1": "story 1", "st_4": "story 2"}.__getitem__)

    assert line.plain == "story 1#6  a to story 2, 2 left, because of a"


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_every_kind_of_event_has_a_line_that_names_its_story(event: AnyEvent) -> None:
    line = event_line(event).plain

    assert event.type.removeprefix("story.") in line
    assert f"  {event.data.story_id}#{event.data.sequence}  " in line


@pytest.mark.parametrize(
    "event",
    [
        opened("st_1", HOSTILE, title=HOSTILE, source=HOSTILE, lang=HOSTILE, rule=HOSTILE),
        opened(HOSTILE, HOSTILE, title="", redacted=True, split_from=HOSTILE),
        revised("st_1", 2, Change.VERSION, HOSTILE, title=HOSTILE, source=HOSTILE, lang=HOSTILE),
        revised("st_1", 2, Change.LEAD, HOSTILE, lead=HOSTILE, old_lead=HOSTILE, rule=HOSTILE),
        revised("st_1", 2, Change.RETRACTED, HOSTILE, translations=(HOSTILE,), copies=(HOSTILE,)),
        merged("st_1", 2, HOSTILE, HOSTILE, because_of=HOSTILE),
        split("st_1", 2, HOSTILE, HOSTILE, lead=HOSTILE, old_lead=HOSTILE),
        retracted("st_1", 2, HOSTILE),
        closed("st_1", 2, languages=(HOSTILE,), lead=HOSTILE),
    ],
    ids=lambda event: event.type,
)
def test_hostile_words_stay_words_on_one_line(printed: Callable[..., str], event: AnyEvent) -> None:
    shown = printed(event_line(event), soft_wrap=True)

    assert len(shown.splitlines()) == 1
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[bold]x[/] [2J y" in shown


def test_long_ids_and_long_lists_are_cut() -> None:
    ids = tuple(f"{number}" + "я" * 1_000 for number in range(200))

    line = event_line(revised("st_1", 5, Change.RETRACTED, ids[0], translations=ids)).plain

    assert len(line) < 600
    assert "and 192 more" in line  # 200 - 8


def test_a_line_is_cut_on_a_terminal_and_whole_in_a_pipe(printed: Callable[..., str]) -> None:
    line = event_line(opened("st_1", "a", title="x" * 100))

    terminal = printed(line, width=80, no_wrap=True, overflow="ellipsis")
    pipe = printed(line, width=80, soft_wrap=True)

    assert len(terminal) == 80
    assert terminal.endswith("…")
    assert pipe == line.plain
