from collections.abc import Callable

from contracts.events import Change
from contracts.examples import APART, DEAD_LETTER, REFUSED
from tests.support.builders.story_events import in_order, joined, opened, revised, split
from workers.demo.day import Step
from workers.demo.day_report import StoryNames, day_report, outcome_report
from workers.demo.outcome import Outcome, Told

EVENTS = tuple(in_order(opened("st_1", "a", title="Пожар"), joined("st_1", 2, "b")))
ARTICLE = Step(at="09:05", note="A fire, [bold]twice[/]", article={"id": "b"})


def test_a_step_is_its_time_its_note_and_what_a_desk_sees(printed: Callable[..., str]) -> None:
    assert (
        printed(outcome_report(Outcome(ARTICLE, Told(EVENTS), ()), StoryNames()))
        == """\
09:05  A fire, [bold]twice[/]
       opened     story 1#1  en  Пожар  Harbour Post  a
       joined     story 1#2  en  translation 0.98  Title of b  Harbour Post  b"""
    )


def test_a_step_of_which_nothing_comes_says_so(printed: Callable[..., str]) -> None:
    shown = printed(outcome_report(Outcome(ARTICLE, Told(), ()), StoryNames()))

    assert shown.splitlines()[1].strip() == "no event"


def test_a_command_is_shown_with_its_answer_and_what_moved(printed: Callable[..., str]) -> None:
    step = Step(at="09:10", note="Two fires", command=APART)
    ruling = REFUSED.model_copy(update={"rule": "rule-8", "detail": "b left st_1 for st_2"})
    told = Told((split("st_1", 3, "st_2", "b", because_of="rule-8"),), (ruling,))

    shown = printed(outcome_report(Outcome(step, told, ()), StoryNames()))

    assert "anna       apart northwire-88121 kola-today/552" in shown
    assert "refused    rule-8  b left story 1 for story 2" in shown
    assert "split      story 1#3  b to story 2, 2 left, because of rule-8" in shown


def test_what_is_told_once_more_without_its_text_is_counted(
    printed: Callable[..., str],
) -> None:
    killed = revised("st_1", 3, Change.RETRACTED, "a", lead="b", old_lead="a")

    shown = printed(
        outcome_report(Outcome(ARTICLE, Told((killed,), retold=EVENTS), ()), StoryNames())
    )

    assert "revised    story 1#3  killed a; lead b, was a; 2 articles left" in shown
    assert "retold     2 earlier events, without the withdrawn text" in shown


def test_dead_letters_and_broken_expectations_stand_out(printed: Callable[..., str]) -> None:
    told = Told(dead=(DEAD_LETTER,))

    shown = printed(outcome_report(Outcome(ARTICLE, told, ("events: expected x",)), StoryNames()))

    assert "dead       invalid-article: article: neither title nor text" in shown
    assert "FAILED     events: expected x" in shown


def test_the_day_ends_with_its_stories_called_as_before_and_the_verdict(
    printed: Callable[..., str],
) -> None:
    names = StoryNames()
    names("st_0")
    outcomes = [Outcome(ARTICLE, Told(EVENTS), ())]

    shown = printed(day_report(EVENTS, outcomes, names))

    assert shown.startswith("Story 2 · 2 articles")
    assert shown.endswith("1 step, each as expected.")


def test_a_day_that_went_otherwise_says_where(printed: Callable[..., str]) -> None:
    lead = revised("st_1", 3, Change.LEAD, "b", lead="b")
    outcomes = [
        Outcome(ARTICLE, Told(EVENTS), ()),
        Outcome(ARTICLE, Told((lead,)), ("events: expected none, got story.revised",)),
    ]

    shown = printed(day_report([*EVENTS, lead], outcomes, StoryNames()))

    assert "1 of 2 steps not as expected:" in shown
    assert "09:05  events: expected none, got story.revised" in shown
