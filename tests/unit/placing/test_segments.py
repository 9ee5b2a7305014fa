"""A batch cut into parts whose articles do not get in each other's way."""

from itertools import chain
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.article import Article
from service.stories.intent import Wish, intent
from service.stories.senders import Trust
from workers.placing.segments import Read, segments
from workers.state.entries import Entry


def read(number: int, article_id: str, **fields: Any) -> Read:
    article = Article.model_validate({"id": article_id, "title": "Bridge opens", **fields})
    return Read(Entry(f"{number}-0", {}), article, intent(article), Trust().voice("source:"))


def cut(*batch: Read) -> list[list[Read]]:
    return list(segments(batch))


def test_nothing_is_no_part() -> None:
    assert cut() == []


def test_articles_that_differ_are_one_part_in_their_order() -> None:
    batch = [read(1, "b"), read(2, "a"), read(3, "c", status="withheld")]

    assert cut(*batch) == [batch]


def test_a_higher_version_waits_for_the_part_of_the_lower_one() -> None:
    one, other, newer, last = read(1, "a"), read(2, "b"), read(3, "a", version=2), read(4, "c")

    assert cut(one, other, newer, last) == [[one, other], [newer, last]]


def test_the_same_or_a_lower_version_goes_behind_its_part_and_holds_nobody_up() -> None:
    first, again, other = read(1, "a", version=2), read(2, "a", version=2), read(3, "b")
    older = read(4, "a")

    assert cut(first, again, other, older) == [[first, other], [again], [older]]


def test_a_version_of_another_time_of_release_is_no_repetition() -> None:
    first, later = read(1, "a"), read(2, "a", embargoed="2026-03-02T10:00:00Z")
    other = read(3, "b")

    assert cut(first, later, other) == [[first], [later, other]]


def test_a_version_that_is_held_back_or_released_is_no_repetition() -> None:
    published, held = read(1, "a"), read(2, "a", status="withheld")
    held_again, other = read(3, "a", status="withheld"), read(4, "b")

    assert cut(published, held, other) == [[published], [held, other]]
    assert cut(held, published, other) == [[held], [published, other]]
    assert cut(held, held_again, other) == [[held], [held_again, other]]


def test_a_kill_stands_alone() -> None:
    one, kill, other = read(1, "a"), read(2, "b", status="canceled"), read(3, "c")

    assert cut(one, kill, other) == [[one], [kill], [other]]
    assert cut(kill, kill) == [[kill], [kill]]


def test_what_was_repeated_comes_before_a_kill_that_follows() -> None:
    first, again, kill = read(1, "a"), read(2, "a"), read(3, "a", status="canceled")

    assert cut(first, again, kill) == [[first], [again], [kill]]


statuses = st.sampled_from(["usable", "usable", "usable", "withheld", "canceled"])
batches = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3), statuses), max_size=12).map(
    lambda drawn: [
        read(number, article_id, version=version, status=status)
        for number, (article_id, version, status) in enumerate(drawn)
    ]
)


@given(batches)
def test_every_entry_is_in_one_part(batch: list[Read]) -> None:
    parts = cut(*batch)

    assert sorted(map(id, chain.from_iterable(parts))) == sorted(map(id, batch))
    assert all(parts)


@given(batches)
def test_no_part_holds_an_article_twice_or_a_kill_beside_others(batch: list[Read]) -> None:
    for part in cut(*batch):
        assert len({each.article.id for each in part}) == len(part)
        assert len(part) == 1 or all(each.intent.wish is not Wish.KILL for each in part)


@given(batches)
def test_entries_of_one_article_keep_their_order(batch: list[Read]) -> None:
    """So a kill comes behind what it kills, and the highest version that is out is the last."""
    handled = list(chain.from_iterable(cut(*batch)))

    for article_id in "abc":
        own = [each for each in batch if each.article.id == article_id]
        assert [each for each in handled if each.article.id == article_id] == own


@given(batches)
def test_kills_are_overtaken_by_nobody(batch: list[Read]) -> None:
    handled = list(chain.from_iterable(cut(*batch)))

    for place, item in enumerate(batch):
        if item.intent.wish is Wish.KILL:
            assert {id(each) for each in handled[:place]} == {id(each) for each in batch[:place]}
