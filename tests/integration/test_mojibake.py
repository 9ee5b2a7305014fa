"""Articles that come as mojibake, through real workers: repaired before anything is read in them,
and said to be.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis

from contracts.events import Placement, Revision
from tests.support.api.reading_desk import ReadingDesk, reading_desk
from tests.support.mojibake.damages import ONCE
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.desk import item
from workers.placing.explain import decisions

READ_AS_LATIN_1 = "windows-1251 read as latin-1"
TITLE = "Губернатор Орванской области подал в отставку"
TEXT = (
    "Губернатор Орванской области Пётр Вилюгин подал в отставку в понедельник, сообщила его "
    "пресс-служба. Обязанности главы региона исполняет первый заместитель Анна Лодвина."
)


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[ReadingDesk]:
    settings = harness.settings_for(redis_url, namespace, keep_input=True)
    with reading_desk(redis_client, settings) as made:
        yield made


def broken(article_id: str, name: str = READ_AS_LATIN_1, **more: Any) -> dict[str, Any]:
    damage = ONCE[name]
    article = {"id": article_id, "title": damage(TITLE), "text": damage(TEXT), **more}
    return {"source": f"outlet of {article_id}", **article}


def told(wire: ReadingDesk) -> list[Placement | Revision]:
    events = harness.events(wire.desk.redis, wire.desk.settings)
    return [each.data for each in events if isinstance(each.data, Placement | Revision)]


def test_events_search_page_and_history_show_what_it_was(wire: ReadingDesk) -> None:
    wire.desk.place(broken("moji"))

    (event,) = told(wire)
    found = wire.read("/v1/articles/moji")
    trace = wire.read("/v1/articles/moji/trace")
    assert (event.title, event.repaired) == (TITLE, READ_AS_LATIN_1)
    assert (found["title"], found["text"]) == (TITLE, TEXT)
    assert found["repaired"] == READ_AS_LATIN_1
    assert found["lang"] == "ru"
    assert wire.read("/v1/stories", q="губернатор")["total"] == 1
    assert trace["steps"][-1]["text"].endswith(f"; repaired: {READ_AS_LATIN_1}")
    assert decisions(wire.desk.redis, wire.desk.settings, ["moji"])["moji"].endswith(
        f"; repaired: {READ_AS_LATIN_1}"
    )
    assert harness.counts(wire.desk.redis, wire.desk.settings)["repaired"] == 1


@pytest.mark.parametrize(
    "name", [READ_AS_LATIN_1, "koi8-r read as windows-1251", "UTF-8 read as windows-1251"]
)
def test_it_is_a_copy_of_the_same_article_as_it_should_be(wire: ReadingDesk, name: str) -> None:
    whole = {"id": "whole", "title": TITLE, "text": TEXT, "source": "outlet of whole"}

    wire.desk.place(whole, broken("moji", name))

    first, second = told(wire)
    assert first.repaired is None
    assert (second.relation, second.repaired) == ("copy", name)
    assert wire.desk.story_of("moji") == wire.desk.story_of("whole")
    assert wire.read("/v1/articles/whole")["repaired"] is None


def test_a_version_that_is_as_it_should_be_takes_the_note_away(wire: ReadingDesk) -> None:
    wire.desk.place(broken("moji"))

    wire.desk.place({"id": "moji", "title": TITLE, "text": TEXT, "version": 2})

    assert told(wire)[-1].repaired is None
    assert wire.read("/v1/articles/moji")["repaired"] is None
    assert all(
        "repaired" not in step["text"] for step in wire.read("/v1/articles/moji/trace")["steps"]
    )


def test_a_kill_in_a_broken_headline_is_heard(wire: ReadingDesk) -> None:
    wire.desk.place({"id": "moji", "title": TITLE, "text": TEXT})

    wire.desk.place({"id": "moji", "title": ONCE[READ_AS_LATIN_1](f"АННУЛИРУЕТСЯ: {TITLE}")})

    assert wire.refused("/v1/articles/moji") == 410


def test_what_is_held_back_is_said_to_be_repaired_when_it_is_released(wire: ReadingDesk) -> None:
    until = datetime.now(UTC) + timedelta(seconds=2)
    wire.desk.place(broken("moji", embargoed=until.isoformat()))
    held = wire.read("/v1/held")["held"]

    wait_until(wire.desk.settle, "the embargo is over")

    assert [each["article_id"] for each in held] == ["moji"]
    assert held[0]["title"] == TITLE
    assert wire.read("/v1/articles/moji")["repaired"] == READ_AS_LATIN_1


def test_an_article_that_is_as_it_should_be_says_nothing(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1))

    assert (
        b"repaired"
        not in harness.entries(wire.desk.redis, wire.desk.settings.streams.stories)[0][1][b"data"]
    )
    assert "repaired" not in harness.counts(wire.desk.redis, wire.desk.settings)
