"""The scripted day of a wire through a real worker on a real Redis, step by step.

A failure names the step and its note; what it expects is in ``workers/demo/day.jsonl``.
"""

from collections.abc import Iterator, Sequence

import pytest

from contracts.consumer import Partition
from contracts.events import STORY_EVENT
from tests.support.redis import servers
from tests.support.wire import harness
from workers.demo.day import Step, day_steps
from workers.demo.outcome import Outcome
from workers.demo.play import Play
from workers.process.pool import WorkerPool
from workers.render.views import story_views

STEPS = day_steps()


def named(step: Step) -> str:
    return f"{step.at} {step.note}"


def held(partition: Partition) -> dict[str, tuple[set[str], str]]:
    """Articles and lead by story."""
    return {story.id: (set(story.articles), story.lead) for story in partition.stories.values()}


@pytest.fixture(scope="module")
def play(redis_url: str) -> Iterator[Play]:
    """A worker with a namespace of its own."""
    namespace = servers.fresh_namespace()
    settings = harness.settings_for(redis_url, namespace)
    with servers.connected(redis_url) as redis, WorkerPool(settings, 1) as pool:
        yield Play(redis, settings, pool)
    servers.forget_namespace(redis_url, namespace)


@pytest.fixture(scope="module")
def outcomes(play: Play) -> Sequence[Outcome]:
    """Every step played once, in order."""
    return [play.play(step) for step in STEPS]


@pytest.mark.parametrize("number", range(len(STEPS)), ids=map(named, STEPS))
def test_each_step_does_what_a_desk_expects(outcomes: Sequence[Outcome], number: int) -> None:
    outcome = outcomes[number]

    assert not outcome.broken, f"{named(outcome.step)}: {'; '.join(outcome.broken)}"


def test_no_headline_of_a_killed_item_is_left_in_the_streams(
    outcomes: Sequence[Outcome], play: Play
) -> None:
    """Neither in its own events nor in the evidence of those that were compared with it."""
    killed = {each for outcome in outcomes for each in outcome.step.expect.gone}
    articles = [step.article for step in STEPS if step.article and "title" in step.article]
    # Evidence cuts long headlines.
    headlines = [each["title"][:30].encode() for each in articles if each["id"] in killed]
    streams = play.settings.streams
    names = (streams.articles, streams.stories, streams.dead, streams.commands, streams.rulings)

    def quoted() -> list[bytes]:
        entries = [fields for name in names for _, fields in harness.entries(play.redis, name)]
        bodies = [body for fields in entries for body in fields.values()]
        return [title for title in headlines if any(title in body for body in bodies)]

    assert len(headlines) == len(killed) == 3
    servers.wait_until(lambda: not quoted(), "the text of killed items is purged")


def test_every_event_of_the_day_was_told_once_and_none_is_missing(
    outcomes: Sequence[Outcome], play: Play
) -> None:
    events = [event for outcome in outcomes for event in outcome.told.events]

    assert len({event.id for event in events}) == len(events)
    assert play.partition.incomplete == []


def test_what_a_desk_sees_at_the_end_is_the_reference_consumers_partition(
    outcomes: Sequence[Outcome], play: Play
) -> None:
    events = [event for outcome in outcomes for event in outcome.told.events]

    seen = {
        story.story_id: {each.article_id for each in story.articles}
        for story in story_views(events)
    }

    assert seen == {
        story_id: set(story.articles) for story_id, story in play.partition.stories.items()
    }


def test_a_reader_who_comes_when_the_text_is_withdrawn_holds_the_same_stories(
    outcomes: Sequence[Outcome], play: Play
) -> None:
    late = Partition()

    for _, fields in harness.entries(play.redis, play.settings.streams.stories):
        late.apply(STORY_EVENT.validate_json(fields[b"data"]))

    assert len(outcomes) == len(STEPS)
    assert held(late) == held(play.partition)
    assert late.incomplete == []
