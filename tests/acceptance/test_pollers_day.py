"""A poller's day: a feed in Russian and one with tombstones, on real HTTP servers that do what such
servers do, a real worker behind the poller, and what a consumer sees at the end of it.

Each article is told once, a version only where a text changed, and garbage never.
"""

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from redis import Redis

from contracts.events import Placement, Retraction, Revision
from tests.support.feeds.desk import Clock
from tests.support.feeds.server import FeedServer, Page, serving
from tests.support.redis import servers
from tests.support.wire import harness
from workers.feeds.feed_list import Feed
from workers.feeds.poll import Polled, Poller
from workers.process.pool import WorkerPool
from workers.settings import Settings


@dataclass(frozen=True)
class News:
    """An item of the Russian feed."""

    name: str
    title: str
    text: str
    at: str

    @property
    def xml(self) -> str:
        link = f"https://kurier.example/{self.name[-1]}"
        return (
            f'<item><guid isPermaLink="false">{self.name}</guid><title>{self.title}</title>'
            f"<link>{link}</link><pubDate>Sun, 22 Nov 2026 {self.at} +0300</pubDate>"
            f"<description>{self.text}</description></item>"
        )


FERRY = News(
    "urn:kurier:1",
    "Паром «Заря» сел на мель у маяка Орван",
    "На борту парома 212 пассажиров, сообщил капитан порта Меркан Иван Одаров. Пострадавших нет, "
    "судно снимут с мели во время вечернего прилива.",
    "08:00:00",
)
BUDGET = News(
    "urn:kurier:2",
    "Дума Тарвинска приняла бюджет с дефицитом 1,5 млрд крон",
    "За бюджет проголосовали 31 депутат из 45. Больше всего денег получат школы и теплосети, "
    "сказала председатель комиссии Анна Бездетко.",
    "08:20:00",
)
MUSEUM = News(
    "urn:kurier:3",
    "В Лузанске после пожара открылся музей стекла",
    "Коллекцию из 640 ваз реставрировали три года. Первым посетителям вход бесплатный, сообщила "
    "директор музея Вера Салтанова.",
    "08:40:00",
)
STORM = News(
    "urn:kurier:4",
    "Шторм оставил без света 40 тысяч домов на побережье Зелёного мыса",
    "Порывы ветра достигали 33 метров в секунду. Энергетики обещают восстановить линии к четвергу.",
    "09:30:00",
)
TRAM = News(
    "urn:kurier:5",
    "Трамвай в Кернамске пустят до аэропорта в 2028 году",
    "Линия длиной 11 километров обойдётся в 7 млрд крон. Подрядчика выберут весной, заявил мэр "
    "Пётр Гарвин.",
    "12:00:00",
)
MORE = " Обновление: в 14:10 паром сняли с мели буксиры «Север» и «Атлант»."
WITHDRAWN, KEPT = "tag:telegraph.example,2026:1", "tag:telegraph.example,2026:2"
UTF_8 = {"Content-Type": "application/rss+xml; charset=utf-8"}
CP1251 = {"Content-Type": "application/rss+xml; charset=windows-1251"}
RSS, ATOM = "/rss", "/atom"


def rss(*items: News, declared: str = "utf-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n<rss version="2.0"><channel>'
        "<title>Курьер</title><link>https://kurier.example/</link><language>ru</language>"
        f"{''.join(item.xml for item in items)}</channel></rss>"
    )


def page(*items: News, headers: dict[str, str] | None = None, etag: str = "") -> Page:
    return Page(rss(*items).encode(), headers=headers or UTF_8, etag=etag)


def atom(*, is_withdrawn: bool) -> bytes:
    """Its XML declaration stands behind a line break, and its ids are no addresses."""
    grave = f'<at:deleted-entry ref="{WITHDRAWN}" when="2026-11-22T11:00:00Z"/>' * is_withdrawn
    entries = {
        WITHDRAWN: ("Tunnel under Lake Vemisal to close for 18 months", "Cracks run for 300 m."),
        KEPT: ("Orchestra of Ponador strikes over pensions", "Its 88 players ask for 6 percent."),
    }
    told = "".join(
        f"<entry><id>{name}</id><title>{title}</title><summary>{text}</summary>"
        f"<updated>2026-11-22T07:00:00Z</updated></entry>"
        for name, (title, text) in entries.items()
        if not (is_withdrawn and name == WITHDRAWN)
    )
    return (
        '\n<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:base="https://telegraph.example/">'
        f"<title>Telegraph</title>{grave}{told}</feed>"
    ).encode()


@dataclass
class Day:
    """The day so far: what was published, and how each feed was found."""

    redis: Redis
    settings: Settings
    server: FeedServer
    pool: WorkerPool
    clock: Clock = field(default_factory=Clock)
    sent: int = 0

    def polls(self, path: str, answer: Page) -> Polled:
        """One poll, ten minutes later, by a poller that was just started; its articles placed."""
        self.server.pages[path] = answer
        self.clock.ms += 600_000
        feed = Feed(url=self.server.url(path), source="Курьер" if path == RSS else "Telegraph")
        polled = Poller(self.redis, self.settings, now_ms=self.clock).poll(feed)
        self.sent += polled.new + polled.changed
        harness.await_handled(self.redis, self.settings, self.sent, self.pool)
        return polled

    @property
    def told(self) -> list[object]:
        return [event.data for event in harness.events(self.redis, self.settings)]


@pytest.fixture(scope="module")
def day(redis_url: str) -> Iterator[Day]:
    namespace = servers.fresh_namespace()
    settings = harness.settings_for(redis_url, namespace, feeds_allow_private=True)
    with (
        servers.connected(redis_url) as redis,
        serving() as server,
        WorkerPool(settings, 1) as pool,
    ):
        yield Day(redis, settings, server, pool)
    servers.forget_namespace(redis_url, namespace)


MORNING = (FERRY, BUDGET, MUSEUM)
LATER = (STORM, *MORNING)
CORRECTED = (STORM, replace(FERRY, text=FERRY.text + MORE), BUDGET, MUSEUM)
EVENING = (TRAM, *CORRECTED)


def one_bad_byte(*items: News) -> bytes:
    body = rss(*items).encode()
    at = body.index("капитан".encode()) + 1
    return body[:at] + b"\xd0" + body[at + 1 :]


def renamed(*items: News) -> list[News]:
    return [replace(each, name=f"kurier-2-{each.name[-1]}") for each in items]


def moved(*items: News) -> list[News]:
    return [replace(each, at=f"1{each.at[1:]}") for each in items]


CHECKING = b"<!DOCTYPE html><html><head><title>Checking your browser</title></head></html>"
STEPS: dict[str, tuple[str, Callable[[], Page], tuple[int, int]]] = {
    "the first poll": (RSS, lambda: page(*MORNING, etag='"1"'), (3, 0)),
    "304": (RSS, lambda: page(*MORNING, etag='"1"'), (0, 0)),
    "the other feed, behind a line break": (
        ATOM,
        lambda: Page(atom(is_withdrawn=False)),
        (2, 0),
    ),
    "windows-1251 that only HTTP names": (
        RSS,
        lambda: Page(rss(*MORNING, declared="utf-8").encode("cp1251"), headers=CP1251),
        (0, 0),
    ),
    "UTF-8 beside a stale declaration": (
        RSS,
        lambda: Page(rss(*MORNING, declared="windows-1251").encode(), headers=UTF_8),
        (0, 0),
    ),
    "windows-1251 by another of its names": (
        RSS,
        lambda: Page(rss(*MORNING, declared="win-1251").encode("cp1251")),
        (0, 0),
    ),
    "koi8-r that only HTTP names": (
        RSS,
        lambda: Page(
            rss(*MORNING, declared="utf-8").encode("koi8-r", "xmlcharrefreplace"),
            headers={"Content-Type": "text/xml; charset=koi8-r"},
        ),
        (0, 0),
    ),
    "UTF-16": (RSS, lambda: Page(rss(*MORNING, declared="utf-16").encode("utf-16")), (0, 0)),
    "one bad byte, and an item more": (RSS, lambda: Page(one_bad_byte(*LATER)), (1, 0)),
    "whole again": (RSS, lambda: page(*LATER), (0, 0)),
    "another guid for the same items": (RSS, lambda: page(*renamed(*LATER)), (0, 0)),
    "the guids of before": (RSS, lambda: page(*LATER), (0, 0)),
    "other dates": (RSS, lambda: page(*moved(*LATER)), (0, 0)),
    "a correction": (RSS, lambda: page(*CORRECTED), (0, 1)),
    "an empty answer": (RSS, lambda: Page(b"", headers=UTF_8), (0, 0)),
    "a page in its place": (RSS, lambda: Page(CHECKING, headers=UTF_8), (0, 0)),
    "503": (RSS, lambda: Page(status=503), (0, 0)),
    "two items are gone": (RSS, lambda: page(*CORRECTED[:2]), (0, 0)),
    "they come back with other dates": (RSS, lambda: page(*moved(*CORRECTED)), (0, 0)),
    "moved to another address, and packed": (
        RSS,
        lambda: Page(status=301, headers={"Location": "/new"}),
        (1, 0),
    ),
    "a tombstone behind a line break": (ATOM, lambda: Page(atom(is_withdrawn=True)), (0, 1)),
    "the tombstone stays": (ATOM, lambda: Page(atom(is_withdrawn=True) + b"\n"), (0, 0)),
    "the withdrawn item in an old copy of the feed": (
        ATOM,
        lambda: Page(atom(is_withdrawn=False) + b"\n"),
        (0, 1),  # sent on; of a killed item the worker tells nothing
    ),
    "back to normal": (RSS, lambda: page(*EVENING, etag='"9"'), (0, 0)),
}
"""What happens → feed, answer, and how many items are new and changed."""


@pytest.fixture(scope="module")
def polls(day: Day) -> dict[str, Polled]:
    """Every step, in order."""
    packed = gzip.compress(rss(*EVENING).encode())
    day.server.pages["/new"] = Page(packed, headers={**UTF_8, "Content-Encoding": "gzip"})
    return {step: day.polls(path, answer()) for step, (path, answer, _) in STEPS.items()}


@pytest.mark.parametrize("step", STEPS)
def test_each_poll_brings_what_is_news(polls: dict[str, Polled], step: str) -> None:
    polled = polls[step]

    assert (polled.new, polled.changed) == STEPS[step][2], polled
    assert polled.bad == 0


def test_what_is_no_feed_is_a_failure_and_one_letter(polls: dict[str, Polled], day: Day) -> None:
    failed = {step for step, polled in polls.items() if polled.failure}

    assert failed == {"an empty answer", "a page in its place", "503"}
    (letter,) = harness.letters(day.redis, day.settings)
    assert letter.detail.startswith("document: an empty document")


@pytest.mark.usefixtures("polls")
def test_a_consumer_is_told_each_article_once(day: Day) -> None:
    placed = Counter(each.title for each in day.told if isinstance(each, Placement))
    withdrawn = [each.article_ids for each in day.told if isinstance(each, Retraction)]
    versions = [
        (each.title, each.new_version)
        for each in day.told
        if isinstance(each, Revision) and each.new_version
    ]

    # The withdrawn one's headline is nowhere any more.
    titles = {each.title for each in (*EVENING,)} | {"Orchestra of Ponador strikes over pensions"}
    assert {title: count for title, count in placed.items() if title in titles} == dict.fromkeys(
        titles, 1
    )
    assert placed.total() == len(titles) + 1
    assert withdrawn == [(WITHDRAWN,)]
    assert versions == [(FERRY.title, 2)]


@pytest.mark.usefixtures("polls")
def test_no_stories_were_merged_or_split(day: Day) -> None:
    names = [type(each).__name__ for each in day.told]

    assert not {"Merger", "Split"} & set(names), names
    assert len(harness.partition_in_redis(day.redis, day.settings)) == len(EVENING) + 1


@pytest.mark.usefixtures("polls")
def test_no_garbage_is_kept_or_told(day: Day) -> None:
    written = repr(day.told)

    assert "\ufffd" not in written
    assert not set("ÐÑÂÃâњќћ") & set(written), "another's bytes, or UTF-8 read as windows-1251"
    assert re.findall("[а-яё][А-ЯЁ]", written) == [], "koi8-r read as windows-1251"
