"""The poller's pauses, limits and faults; nothing is forgotten, no feed silences another."""

import logging
from threading import Event

import pytest

from tests.support.feeds.desk import Desk, item, rss
from tests.support.feeds.server import Page
from tests.support.wire import harness
from workers.feeds.exchange import Request
from workers.feeds.fetch import Response, fetch, origin_of
from workers.feeds.memory import Memory
from workers.feeds.poll import Polled, Poller


def test_bad_items_become_dead_letters_beside_their_neighbours(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(rss(item(1, "A"), "<item><guid>urn:x:2</guid></item>"))

    polled = desk.poll()
    desk.poll()

    assert (polled.new, polled.bad) == (1, 1)
    (letter,) = harness.letters(desk.redis, desk.settings)
    assert letter.entry_id == f"{desk.server.url('/feed')}#line 1, item[2]"


def test_a_bad_item_has_one_letter_however_long_it_stays_in_its_feed(desk: Desk) -> None:
    broken = "<item><guid>urn:x:9</guid></item>"
    for number in range(3):
        desk.server.pages["/feed"] = Page(rss(item(number, "A"), broken))
        assert desk.poll().bad == 1
    desk.server.pages["/feed"] = Page(rss(broken.replace("9", "8"), broken))
    desk.poll()

    assert len(harness.letters(desk.redis, desk.settings)) == 2


def test_a_feed_that_fails_is_asked_less_and_less_and_recovers(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(status=500)
    waits = []
    for _ in range(6):
        assert "answer 500" in desk.poll(interval_s=300).failure
        waits.append(desk.due_s())
    desk.server.pages["/feed"] = Page(rss(item(1, "A")))
    desk.poll(interval_s=300)

    assert waits == [600, 1200, 2400, 3600, 3600, 3600]  # 300 × 2ⁿ, an hour at most
    assert desk.due_s() == 300
    assert desk.titles == [("A", None)]


def test_an_unchanged_feed_counts_as_recovered(desk: Desk) -> None:
    page = Page(rss(item(1, "A")), etag='"v1"')
    for each, waited in (
        (page, 300),
        (Page(status=500), 600),
        (page, 300),
        (Page(status=500), 600),
    ):
        desk.server.pages["/feed"] = each
        desk.poll(interval_s=300)
        assert desk.due_s() == waited


def test_a_server_that_asks_for_a_longer_pause_gets_it(desk: Desk) -> None:
    for asked, waited in (("7200", 7200), ("10", 1200), ("9999999", 86_400)):
        desk.server.pages["/feed"] = Page(status=429, headers={"Retry-After": asked})
        desk.poll(interval_s=300)
        assert desk.due_s() == waited


def test_a_failure_forgets_nothing(desk: Desk) -> None:
    page = Page(rss(item(1, "A")), etag='"v1"')
    for each in (page, Page(status=503), page):
        desk.server.pages["/feed"] = each
        desk.poll()

    assert desk.server.asked[2][1]["if-none-match"] == '"v1"'
    assert desk.titles == [("A", None)]


def test_a_document_over_the_limit_is_a_failure(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(update={"max_document_bytes": 1_000})
    desk.server.pages["/feed"] = Page(rss(item(1, "A" * 2_000)))

    assert "expected at most 1000" in desk.poll().failure
    assert desk.titles == []


def test_private_addresses_are_refused_unless_allowed(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(update={"feeds_allow_private": False})
    desk.server.pages["/feed"] = Page(rss(item(1, "A")))

    assert "expected a public address" in desk.poll().failure
    assert desk.server.asked == []


def test_remembered_items_are_bounded_and_the_newest_document_is_kept_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.feeds.memory.MOST_ITEMS", 2)
    for number in range(1, 6):
        desk.clock.ms += 1_000
        desk.server.pages["/feed"] = Page(rss(item(number, f"T{number}")))
        desk.poll()

    held = Memory(desk.redis, desk.settings.keys).items(desk.server.url("/feed"))
    assert set(held) == {"urn:x:3", "urn:x:4", "urn:x:5"}


def test_the_loop_polls_what_is_due_and_stops(desk: Desk) -> None:
    """Time passes when the loop waits: the first feed is due thrice, the slow one once."""
    desk.server.pages |= {"/feed": Page(rss(item(1, "A"))), "/slow": Page(status=404)}
    feeds = [
        desk.feed(interval_s=100),
        desk.feed(url=desk.server.url("/slow"), interval_s=86_400),
    ]
    told: list[Polled] = []

    class Stop(Event):
        def wait(self, timeout: float | None = None) -> bool:
            desk.clock.ms += int((timeout or 0) * 1000)
            return super().wait(0)

    stop = Stop()

    def tell(polled: Polled) -> None:
        told.append(polled)
        if len(told) == 4:
            stop.set()

    desk.poller().run(feeds, tell, stop)

    assert [path for path, _ in desk.server.asked].count("/feed") == 3
    assert [path for path, _ in desk.server.asked].count("/slow") == 1


def test_a_fault_of_ours_in_one_feed_leaves_the_others_alone(desk: Desk) -> None:
    desk.server.pages |= {"/feed": Page(rss(item(1, "A")))}

    def get(request: Request) -> Response:
        if request.url.endswith("/broken"):
            raise KeyError("ours")
        return fetch(request)

    poller = Poller(desk.redis, desk.settings, get=get, now_ms=desk.clock)
    broken, good = poller.poll_all([desk.feed(url=desk.server.url("/broken")), desk.feed()])

    assert "could not be read: KeyError, see the log" in broken.failure
    assert good.new == 1


KEY = "k3y-0f-th3-w1re"


def test_no_secret_of_an_address_is_shown_or_stored(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """In a query, as a name alone, and as a password; with documents, letters, failures, faults."""
    caplog.set_level(logging.DEBUG)
    path = f"/feed?apikey={KEY}&lang=ru&{KEY}"
    url = desk.server.url(path).replace("http://", f"http://me:{KEY}@")
    # An item without link and id has one of the feed's address.
    document = rss("<item><title>Ferry</title></item>", "<item><guid>7</guid></item>", item(1, "x"))
    said = []
    for page in (
        Page(document),
        Page(b"<rss"),
        Page(status=404),
        Page(status=302, headers={"Location": path + "&again=1"}),
        Page(status=302, headers={"Location": f"ftp://a/?{KEY}"}),
        Page(status=302, headers={"Location": f"http://[/?{KEY}"}),
    ):
        desk.server.pages[path] = page
        said.append(desk.poll(url=url))
    said += [desk.poll(url=f"http://[{KEY}@/x?{KEY}")]

    def fail(request: Request) -> Response:
        raise ValueError(repr(request))

    faulty = Poller(desk.redis, desk.settings, get=fail)
    said += faulty.poll_all([desk.feed(url=url)])

    assert f"/feed?apikey={KEY}" in desk.server.asked[0][0], "the server gets it"
    assert len({each.url for each in said[:6]}) == 1
    assert "apikey=*&lang=*&*#" in said[0].url
    stored = [*desk.redis.scan_iter(f"{{{desk.settings.namespace}}}:*")]
    kept = [desk.redis.dump(each) for each in stored]
    entries = [
        harness.entries(desk.redis, stream)
        for stream in (desk.settings.streams.articles, desk.settings.streams.dead)
    ]
    assert len(entries[0]) == 2
    assert len(entries[1]) >= 2
    assert KEY not in repr((said, stored, kept, entries))
    assert KEY not in caplog.text


def test_what_was_remembered_by_an_address_with_its_key_is_taken_over(desk: Desk) -> None:
    path = f"/feed?apikey={KEY}"
    desk.server.pages[path] = Page(rss(item(1, "One"), item(2, "Two")))
    desk.poll(url=desk.server.url(path))
    # As a version before kept it.
    keys, now = desk.settings.keys, origin_of(desk.server.url(path))
    for name in (keys.feed, keys.feed_items):
        desk.redis.rename(name(now), name(desk.server.url(path)))
    desk.server.pages[path] = Page(rss(item(1, "One"), item(2, "Two"), item(3, "Three")))

    polled = desk.poll(url=desk.server.url(path))

    assert (polled.new, polled.unchanged) == (1, 2)
    assert [each for each in desk.redis.scan_iter() if KEY.encode() in each] == []
    assert desk.redis.ttl(keys.feed_items(now)) > 0


def test_two_feeds_that_differ_in_their_query_alone_are_two(desk: Desk) -> None:
    for section in ("world", "sport"):
        desk.server.pages[f"/feed?section={section}"] = Page(rss(item(1, section)))

    polls = [desk.poll(url=desk.server.url(f"/feed?section={each}")) for each in ("world", "sport")]

    assert [each.new for each in polls] == [1, 1]
