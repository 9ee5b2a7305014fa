"""What a poller tells of a feed over many polls: each item once, under one name."""

import random

import pytest

from contracts.article import Article
from tests.support.feeds.samples import read
from workers.feeds.changes import Changes
from workers.feeds.memory import Seen


class Polls:
    """Polls of one feed, with what is remembered between them."""

    def __init__(self) -> None:
        self.held: dict[str, Seen] = {}
        self.told: list[tuple[str, str, int | None]] = []
        """Id, title and version of what was published, in its order."""

    def poll(self, *items: str, head: str = "") -> list[tuple[str, str, int | None]]:
        document = f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()
        found = [
            item
            for item in read("rss", document, "https://courier.example/rss")
            if isinstance(item, Article)
        ]
        changes = Changes(self.held, found, states_versions=False, now_ms=len(self.told))
        sent = [each for article in found for each in changes.to_publish(article)]
        self.held |= changes.fresh
        self.told += (news := [(each.id, each.title, each.version) for each in sent])
        return news

    @property
    def titles(self) -> list[str]:
        return [title for _, title, _ in self.told]


def item(title: str, guid: str = "", link: str = "", text: str = "", date: str = "") -> str:
    fields = {"guid": guid, "link": link, "description": text, "pubDate": date}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)
    return f"<item><title>{title}</title>{inside}</item>"


SHARED = [{"guid": "17"}, {"guid": "urn:x:1"}, {"link": "/live"}, {"guid": "1", "link": "/live"}]


@pytest.mark.parametrize("shared", SHARED)
def test_a_new_item_of_a_known_name_leaves_the_known_one_alone(shared: dict[str, str]) -> None:
    polls = Polls()
    polls.poll(item("A", **shared))
    polls.poll(item("B", **shared), item("A", **shared))
    polls.poll(item("C", **shared), item("B", **shared), item("A", **shared))
    polls.poll(item("C", **shared), item("B", **shared))
    polls.poll(item("C", **shared))
    polls.poll(item("A", **shared))
    polls.poll(item("B", **shared), item("A", **shared), item("C", **shared))

    assert polls.titles == ["A", "B", "C"]
    assert len({name for name, _, _ in polls.told}) == 3


@pytest.mark.parametrize("shared", [*SHARED, {"guid": "https://courier.example/rss"}])
@pytest.mark.parametrize("seed", range(8))
def test_a_feed_whose_every_item_has_one_name_tells_each_once(
    shared: dict[str, str], seed: int
) -> None:
    """New items come on top, old ones leave, and the order is anybody's."""
    rand, polls = random.Random(seed), Polls()
    first, last, shown = 0, rand.randint(1, 3), set[str]()
    for _ in range(20):
        window = [f"Item {number}" for number in range(first, last)]
        shown.update(window)
        rand.shuffle(window)
        polls.poll(*(item(title, **shared) for title in window))
        last += rand.randint(0, 3)
        first = max(first, min(last - 2, first + rand.randint(0, 3)))

    assert len(set(polls.titles)) == len(polls.titles)
    assert set(polls.titles) == shown
    assert len({name for name, _, _ in polls.told}) == len(polls.told)


def test_a_correction_of_one_of_them_is_its_next_version() -> None:
    polls = Polls()
    polls.poll(item("A", "17"))
    polls.poll(item("B", "17"), item("A", "17"))

    corrected = polls.poll(item("B", "17"), item("A", "17", text="corrected"))
    again = polls.poll(item("B", "17", text="too"), item("A", "17", text="corrected"))

    first, second = polls.told[:2]
    assert corrected == [(first[0], "A", 2)]
    assert again == [(second[0], "B", 2)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"guid": "17"}, {"guid": "1017"}),
        ({"guid": "urn:x:17"}, {"guid": "https://courier.example/17"}),
        ({}, {"guid": "17"}),
        ({"guid": "17"}, {}),
        (
            {"guid": "http://courier.example/17", "link": "http://courier.example/17"},
            {"guid": "https://courier.example/17", "link": "https://courier.example/17"},
        ),
        ({"link": "http://courier.example/17"}, {"link": "https://www.courier.example/17/"}),
        ({"link": "/17"}, {"link": "/17?utm_source=rss"}),
    ],
)
def test_another_guid_for_the_same_page_and_words_is_no_news(
    before: dict[str, str], after: dict[str, str]
) -> None:
    page = {"link": "https://courier.example/17", "text": "Words"}
    polls = Polls()
    (first,) = polls.poll(item("A", **{**page, **before}))

    assert polls.poll(item("A", **{**page, **after})) == []
    assert polls.poll(item("A", **{**page, **after, "text": "Corrected"})) == [(first[0], "A", 2)]
    assert polls.poll(item("A", **{**page, **after, "text": "Once more"})) == [(first[0], "A", 3)]
    assert polls.poll(item("A", **{**page, **before, "text": "Once more"})) == []


def test_other_words_or_another_page_under_another_guid_are_news() -> None:
    polls = Polls()
    polls.poll(item("A", "1", "/1", "Words"))

    assert polls.poll(item("A", "2", "/1", "Other words"))
    assert polls.poll(item("A", "3", "/3", "Words"))


def test_the_same_words_without_any_link_under_another_guid_are_news() -> None:
    """“No trading today” is, each day."""
    polls = Polls()
    polls.poll(item("No trading today", "1"))

    assert len(polls.poll(item("No trading today", "2"))) == 1


def test_two_guids_of_one_page_and_words_are_one_item_until_one_changes() -> None:
    polls = Polls()
    both = [item("A", "1", "/1"), item("A", "2", "/1")]

    (first,) = polls.poll(*both)
    assert polls.poll(*reversed(both)) == []
    assert polls.poll(item("A", "2", "/1", "corrected"), both[0]) != []
    assert polls.poll(item("A", "2", "/1", "corrected"), both[0]) == []
    assert [name for name, _, _ in polls.told].count(first[0]) == 1


def test_a_known_item_that_takes_over_anothers_words_changes() -> None:
    polls = Polls()
    polls.poll(item("A", "1", "/1"), item("B", "2", "/1"))

    assert [title for _, title, _ in polls.poll(item("B", "1", "/1"), item("C", "2", "/1"))] == [
        "B",
        "C",
    ]


@pytest.mark.parametrize(
    "dates", [("22 Nov 2026 09:00:00 GMT", "23 Nov 2026 10:00:00 GMT"), ("", "x")]
)
def test_an_item_that_comes_back_with_another_date_is_no_news(dates: tuple[str, str]) -> None:
    polls = Polls()
    polls.poll(item("A", "1", date=dates[0]), item("B", "2"))
    polls.poll(item("B", "2"))

    assert polls.poll(item("A", "1", date=dates[1]), item("B", "2")) == []
    assert polls.poll(item("A", "1"), item("B", "2")) == []


def test_an_item_that_comes_back_under_another_guid_is_no_news() -> None:
    polls = Polls()
    polls.poll(item("A", "1", "/1"), item("B", "2", "/2"))
    polls.poll(item("B", "2", "/2"))

    assert polls.poll(item("A", "3", "/1"), item("B", "4", "/2")) == []


def test_what_was_remembered_with_its_name_is_known_still() -> None:
    """Digests held the id once; a new version of this service must not tell whole feeds anew."""
    polls = Polls()
    document = item("A", "urn:x:1", "https://courier.example/1")
    polls.poll(document)
    polls.held = {"urn:x:1": Seen(3, "4f5497c0fde50778bba4313d82a427e6", 0)}

    assert polls.poll(document) == []
    assert polls.held["urn:x:1"].version == 3
    assert polls.poll(item("A", "urn:x:2", "https://courier.example/1")) == []


TOMBSTONE = '<deleted-entry ref="{}" when="2026-11-22T09:00:00Z"/>'


def test_a_kill_reaches_an_item_by_its_new_name_and_by_its_old() -> None:
    for reference in ("urn:x:1", "urn:x:2"):
        polls = Polls()
        polls.poll(item("A", "urn:x:1", "/1"))
        polls.poll(item("A", "urn:x:2", "/1"))

        assert [name for name, _, _ in polls.poll(TOMBSTONE.format(reference))] == ["urn:x:1"]
        assert polls.poll(TOMBSTONE.format(reference)) == []


def test_a_kill_reaches_all_items_that_had_its_name_and_are_gone() -> None:
    polls = Polls()
    polls.poll(item("A", "urn:x:1"), item("B", "urn:x:1"), item("C", "urn:x:2"))
    names = {name for name, title, _ in polls.told if title != "C"}

    killed = {name for name, _, _ in polls.poll(TOMBSTONE.format("urn:x:1"), item("C", "urn:x:2"))}

    assert killed == names | {"urn:x:1"}


def test_two_kills_are_two() -> None:
    """They say the same, and of different items."""
    polls = Polls()
    polls.poll(item("A", "urn:x:1", "/1"), item("B", "urn:x:2", "/2"))

    assert len(polls.poll(TOMBSTONE.format("urn:x:1"), TOMBSTONE.format("urn:x:2"))) == 2


@pytest.mark.parametrize("shared", [{}, {"guid": "17"}])
def test_a_damaged_title_makes_no_other_item_where_the_title_is_in_the_name(
    shared: dict[str, str],
) -> None:
    polls = Polls()
    polls.poll(item("Мост", **shared), item("Порт", **shared))

    assert polls.poll(item("Мо\ufffdт", **shared), item("Порт", **shared)) == []
    assert polls.poll(item("Мост", **shared), item("Порт", **shared)) == []


def test_a_feed_that_has_the_hour_in_its_title_has_no_news() -> None:
    polls = Polls()
    polls.poll(item("A", "urn:x:1"), head="<title>News at 9</title>")

    assert polls.poll(item("A", "urn:x:1"), head="<title>News at 10</title>") == []


@pytest.mark.parametrize("guid", ["17", ""])
def test_a_feed_that_names_another_page_as_its_own_has_no_news(guid: str) -> None:
    polls = Polls()

    for head in ("<link>https://courier.example/</link>", "<link>https://new.example/</link>", ""):
        polls.poll(item("A", guid, text="As before"), item("A", guid and "18"), head=head)
    news = polls.poll(item("B", guid, text="As before"), head="")

    assert polls.titles == ["A", "A", "B"]
    assert news == ([(polls.told[0][0], "B", 2)] if guid else [(news[0][0], "B", None)])
