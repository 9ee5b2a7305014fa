"""The reading endpoints over real workers, as a client sees them."""

from collections.abc import Iterator

import pytest
from redis import Redis

from tests import harness
from tests.desk import item
from tests.reading_desk import ReadingDesk, reading_desk


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[ReadingDesk]:
    with reading_desk(redis_client, harness.settings_for(redis_url, namespace)) as made:
        yield made


def test_a_story_is_in_the_list_and_whole_under_its_id(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1), item("b", 1, 1), item("x", 2))

    listed = wire.read("/v1/stories")

    assert listed["total"] == 2
    assert [card["article_count"] for card in listed["stories"]] == [1, 2]
    whole = wire.read(f"/v1/stories/{wire.desk.story_of('a')}")
    assert [member["article_id"] for member in whole["members"]] == ["a", "b"]
    assert whole["members"][0]["is_lead"]
    assert [line["type"] for line in whole["history"]] == ["story.opened", "story.joined"]
    assert whole["asked_id"] == whole["id"]
    print(whole)
