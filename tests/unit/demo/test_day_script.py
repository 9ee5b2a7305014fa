"""The scripted day is what it says it is, before any service sees it."""

import re
from datetime import date

import pytest
from pydantic import ValidationError

from contracts.article import Article, Status
from contracts.commands import KeepApart, KeepTogether, Revoke, SetLead
from contracts.events import AnyEvent
from workers.demo.day import Step, day_steps

STEPS = day_steps()
ARTICLES = [
    Article.model_validate(step.article)
    for step in STEPS
    if step.article is not None and not step.expect.dead
]
TOLD = [article for article in ARTICLES if article.has_words]


def test_the_day_is_told_in_order_of_time() -> None:
    times = [step.at for step in STEPS]

    assert times == sorted(times)
    assert len(set(times)) == len(times) == 44


def test_articles_are_of_that_day_and_sent_when_they_are_published() -> None:
    worded = [step for step in reversed(STEPS) if step.article and "text" in step.article]
    sent = {step.article["id"]: step.at for step in worded if step.article}

    for article in TOLD:
        assert article.published_at is not None
        assert article.published_at.date() == date(2026, 3, 2)
        assert f"{article.published_at:%H:%M}" == sent[article.id]


def test_articles_have_the_length_of_wire_items_in_both_languages() -> None:
    lengths = [len(article.text.split()) for article in TOLD]

    assert min(lengths) >= 60
    assert max(lengths) <= 150
    assert {article.lang for article in TOLD} == {"ru", "en"}
    for article in TOLD:
        assert bool(re.search("[а-я]", article.text)) == (article.lang == "ru")


def test_expectations_are_about_articles_that_were_sent() -> None:
    sent: set[str] = set()
    for step in STEPS:
        expect = step.expect
        sent |= {step.article["id"]} if step.article else set()
        named = {
            *(each for pair in expect.story_of.items() for each in pair),
            *(each for pair in expect.apart for each in pair),
            *(each for pair in expect.lead.items() for each in pair),
            *(*expect.alone, *expect.gone, *expect.hidden, *expect.version),
            *(*expect.translations, *expect.copies),
        }

        assert named <= sent, f"{step.at} {step.note}"


def test_everything_that_happens_to_a_wire_happens() -> None:
    events = {event for step in STEPS for event in step.expect.events}
    commands = {type(step.command) for step in STEPS if step.command is not None}

    closed = "story.closed"  # three days later
    assert events == {event_type(each) for each in AnyEvent.__args__} - {closed}
    assert commands == {KeepTogether, KeepApart, SetLead, Revoke}
    assert {article.status for article in ARTICLES} == set(Status)
    assert any(article.replaces for article in ARTICLES)
    assert any(step.embargo_in_s for step in STEPS)
    assert any(step.wait_for_release for step in STEPS)


def event_type(event: type[AnyEvent]) -> str:
    return str(event.model_fields["type"].default)


@pytest.mark.parametrize(
    "step",
    [
        {"at": "9:00", "note": "no such time", "wait_for_release": True},
        {"at": "09:00", "note": "nothing happens"},
        {"at": "09:00", "note": "two things", "article": {"id": "a"}, "wait_for_release": True},
        {"at": "09:00", "note": "typo", "article": {"id": "a"}, "expect": {"event": []}},
    ],
    ids=lambda step: str(step["note"]),
)
def test_a_mistake_in_the_script_is_refused(step: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Step.model_validate(step)
