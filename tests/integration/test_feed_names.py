"""Feeds polled from real servers, through a real worker: what a consumer of stories is told."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from redis import Redis

from tests.support.feeds.server import FeedServer, Page, serving
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk
from workers.feeds.feed_list import Feed
from workers.feeds.poll import Polled, Poller
from workers.settings import Settings

FERRY = ("Ferry returns to Port Orvan", "The ferry with 40 people aboard came back on Monday.")
MUSEUM = (
    "Museum of glass opens in Velsk",
    "The museum shows 300 lamps, its director Odarova said.",
)


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, feeds_allow_private=True)


@pytest.fixture
def servers() -> Iterator[list[FeedServer]]:
    with ExitStack() as stack:
        yield [stack.enter_context(serving()) for _ in range(2)]


@pytest.fixture
def wire(redis_client: Redis, settings: Settings) -> Iterator[Desk]:
    with desk(redis_client, settings) as made:
        yield made


@dataclass
class Outlet:
    wire: Desk
    server: FeedServer

    def poll(self, document: str) -> Polled:
        self.server.pages["/rss"] = Page(document.encode())
        feed = Feed.model_validate({"url": self.server.url("/rss")})
        return Poller(self.wire.redis, self.wire.settings).poll(feed)

    def told(self, document: str) -> list[tuple[str, str]]:
        """What kind of event of which article follows a poll."""
        self.poll(document)
        told = []
        for each in self.wire.settle():
            named = getattr(each.data, "article_ids", None) or [each.data.article_id]
            told += [(each.type.removeprefix("story."), name) for name in named]
        return told


@pytest.fixture
def outlets(wire: Desk, servers: list[FeedServer]) -> list[Outlet]:
    return [Outlet(wire, server) for server in servers]


def item(words: tuple[str, str], inside: str) -> str:
    title, text = words
    return f"<item><title>{title}</title><description>{text}</description>{inside}</item>"


def rss(*items: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


@pytest.mark.parametrize(
    "inside", ["<link>/news/1</link>", "<guid>17</guid>", "<guid>post:17</guid>"]
)
def test_one_name_in_two_feeds_is_two_articles(outlets: list[Outlet], inside: str) -> None:
    (first,) = outlets[0].told(rss(item(FERRY, inside)))
    (second,) = outlets[1].told(rss(item(MUSEUM, inside)))

    assert first[0] == second[0] == "opened"
    assert first[1] != second[1]


def test_a_site_that_changes_its_guids_is_told_once(outlets: list[Outlet]) -> None:
    outlet = outlets[0]
    page = "<link>http://courier.example/17</link>"
    outlet.told(rss(item(FERRY, f"<guid>http://courier.example/17</guid>{page}")))
    moved = f"<guid>https://courier.example/17</guid>{page.replace('http:', 'https:')}"

    assert outlet.told(rss(item(FERRY, moved))) == []
    assert outlet.told(rss(item(FERRY, f"{moved}<pubDate>22 Nov 2026 09:00 GMT</pubDate>"))) == []


def test_two_items_of_one_guid_are_both_told_and_told_once(outlets: list[Outlet]) -> None:
    outlet = outlets[0]
    one, two = (item(words, "<guid>17</guid>") for words in (FERRY, MUSEUM))
    told = outlet.told(rss(one))
    told += outlet.told(rss(two, one))
    told += outlet.told(rss(one, two))
    told += outlet.told(rss(two))

    assert [kind for kind, _ in told] == ["opened", "opened"]
    assert len({name for _, name in told}) == 2


def test_a_tombstone_kills_what_the_feed_told(outlets: list[Outlet]) -> None:
    """With a line before the declaration, ``xml:base``, an opaque id and a fault before it."""
    outlet = outlets[0]
    head = (
        '\n<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:base="https://courier.example/a/">'
    )
    title, text = FERRY
    entry = f"<entry><id>item17</id><title>{title}</title><summary>{text}</summary></entry>"
    ((_, name),) = outlet.told(f"{head}{entry}</feed>")
    tombstone = '<at:deleted-entry ref="item17" when="2026-11-22T09:00:00Z"/>'

    killed = outlet.told(f"{head}<title>Fish & chips</title>{tombstone}</feed>")

    assert killed == [("retracted", name)]
    assert outlet.told(f"{head}{tombstone}</feed>") == []
