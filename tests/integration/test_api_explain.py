"""Two placed articles compared over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from tests.support.api.client import ask, problem
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item


@pytest.fixture
def newsroom(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[Desk]:
    """Two reprints and a stranger, placed, with their input kept."""
    settings = harness.settings_for(redis_url, namespace, keep_input=True)
    with desk(redis_client, settings) as served:
        served.place(item("a", 1), item("b", 1, 1), item("c", 2))
        yield served


def explained(desk: Desk, first: str, second: str) -> dict[str, Any]:
    answer = ask(desk.settings, "GET", "/v1/explain", params={"a": first, "b": second})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_reprints_are_one_story_with_what_they_share_marked_in_both(newsroom: Desk) -> None:
    told = explained(newsroom, "b", "a")

    assert told["joined"]
    assert told["probability"] > 0.9
    assert told["relation"] in {"copy", "rewrite"}
    assert told["evidence"]["similarity"]["text"] > 0.1
    b, a = told["articles"]
    assert [b["article_id"], a["article_id"]] == ["b", "a"]
    assert a["text"] == item("a", 1)["text"]
    assert a["published_at"].endswith("Z")
    by_group: list[dict[int, set[str]]] = [{}, {}]
    for words, article in zip(by_group, (a, b), strict=True):
        for name in ("title", "text"):
            for start, end, group in article["marks"][name]:
                words.setdefault(group, set()).add(article[name][start:end])
    assert by_group[0].keys() == by_group[1].keys()
    assert by_group[0]
    assert all("" not in words for words in by_group[0].values())


def test_strangers_are_two_stories(newsroom: Desk) -> None:
    told = explained(newsroom, "a", "c")

    assert not told["joined"]
    assert (told["relation"], told["relation_text"]) == (None, "Two stories")
    assert told["rules"] == []


def test_the_rules_that_speak_are_named_over_any_number_of_steps(newsroom: Desk) -> None:
    newsroom.rule("together", "b", "d", rule="one")
    newsroom.rule("together", "d", "c", rule="other")
    newsroom.rule("apart", "a", "c", rule="third")

    assert explained(newsroom, "b", "c")["rules"] == ["one", "other"]
    assert explained(newsroom, "a", "b")["rules"] == ["third"]


def test_an_article_that_is_not_held_or_the_same_one_twice_is_a_problem(newsroom: Desk) -> None:
    def status(first: str, second: str) -> int:
        params = {"a": first, "b": second}
        answer = ask(newsroom.settings, "GET", "/v1/explain", params=params)
        return int(problem(answer)["status"])

    assert status("a", "nobody") == 404
    assert status("a", "<script>\x00\u202e") == 404
    assert status("a", "a") == 422
    assert status("", "a") == 422
    assert status("a", "x" * 2_000) == 422


def test_a_namespace_of_another_model_is_a_conflict(newsroom: Desk) -> None:
    newsroom.redis.set(newsroom.settings.keys.model, "another")

    answer = ask(newsroom.settings, "GET", "/v1/explain", params={"a": "a", "b": "b"})

    assert problem(answer)["status"] == 409
