"""What a telegram's keywords say happens: its item is killed, held back, or revised."""

from collections.abc import Iterator

import pytest
from redis import Redis

from contracts.dead_letter import Reason
from contracts.events import StoryJoined
from tests.support.feeds.samples import articles, read, sample
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[Desk]:
    with desk(redis_client, harness.settings_for(redis_url, namespace)) as made:
        yield made


def sent(document: bytes, format_name: str) -> dict[str, object]:
    (article,) = articles(read(format_name, document))
    return article.model_dump(exclude_unset=True, mode="json")


@pytest.mark.parametrize(
    ("item", "kill"),
    [
        ("text.iptc7901.txt", "kill.iptc7901.txt"),
        ("writethru.anpa1312.txt", "kill.anpa1312.txt"),
    ],
)
def test_a_kill_that_repeats_its_item_kills_it(wire: Desk, item: str, kill: str) -> None:
    format_name = item.split(".")[1]
    (opened,) = wire.place(sent(sample(item), format_name))

    told = wire.place(sent(sample(kill), format_name))

    assert opened.type == "story.opened"
    assert [each.type for each in told] == ["story.retracted"]
    assert wire.stories == set()


def test_a_kill_that_only_names_its_item_is_a_letter_for_a_person(wire: Desk) -> None:
    wire.place(sent(sample("text.iptc7901.txt"), "iptc7901"))
    kill = sample("kill.iptc7901.txt").partition(b"\x02")[0] + (
        b"\x02KILL\r\nFerry story =\r\nPlease kill our item hpe017.\r\n\x03251600 GMT Nov 26\x04"
    )

    assert wire.place(sent(kill, "iptc7901")) == []

    (letter,) = harness.letters(wire.redis, wire.settings)
    assert letter.reason is Reason.KILLS_NOTHING
    assert len(wire.stories) == 1


def test_a_new_lead_under_a_number_of_its_own_joins_as_a_revision(wire: Desk) -> None:
    wire.place(sent(sample("text.anpa1312.txt"), "anpa1312"))

    (joined,) = wire.place(sent(sample("writethru.anpa1312.txt"), "anpa1312"))

    assert isinstance(joined, StoryJoined)
    assert joined.data.relation == "revision"


def test_what_is_held_back_is_told_nowhere(wire: Desk) -> None:
    assert wire.place(sent(sample("hold.iptc7901.txt"), "iptc7901")) == []
