"""NITF and NewsML 1.x through a worker: one text in both is one story, and kills reach it."""

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.support.feeds.samples import SAMPLES, read, sample
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk
from workers.feeds.deliver import deliver
from workers.settings import Settings

NITF_ID = "courier.example#courier-4411"
NEWSML_ID = "urn:newsml:courier.example:20261122:HARBOUR-1"


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def wire(redis_client: Redis, settings: Settings) -> Iterator[Desk]:
    with desk(redis_client, settings) as served:
        yield served


def told(wire: Desk, settings: Settings, name: str) -> list[str]:
    """Kinds of the events that a sample gives."""
    items = read(SAMPLES[name], sample(name))
    deliver(wire.redis, settings.streams, items, format_name=SAMPLES[name], origin=name)
    return [event.type for event in wire.settle()]


def test_one_text_in_two_formats_is_one_story(wire: Desk, settings: Settings) -> None:
    assert told(wire, settings, "text.nitf.xml") == ["story.opened"]
    assert told(wire, settings, "message.newsml-1.xml") == ["story.joined"]

    assert wire.stories == {frozenset({NITF_ID, NEWSML_ID})}


def test_a_kill_of_nitf_reaches_the_document_that_it_refers_to(
    wire: Desk, settings: Settings
) -> None:
    told(wire, settings, "text.nitf.xml")

    assert told(wire, settings, "kill.nitf.xml") == ["story.retracted"]
    assert told(wire, settings, "text.nitf.xml") == []


def test_a_kill_of_newsml_is_of_the_revision_before(wire: Desk, settings: Settings) -> None:
    told(wire, settings, "alternatives.newsml-1.xml")

    assert told(wire, settings, "kill.newsml-1.xml") == ["story.retracted"]


@pytest.mark.parametrize("name", ["withheld.nitf.xml", "withheld.newsml-1.xml"])
def test_what_is_withheld_is_not_told(wire: Desk, settings: Settings, name: str) -> None:
    assert told(wire, settings, name) == []
