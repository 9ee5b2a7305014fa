"""The poller publishes what is new or changed, once, with versions that grow."""

import json
from typing import cast

import pytest

from tests.support.feeds.desk import Desk, item, rss
from tests.support.feeds.headlines import HEADLINES, readable
from tests.support.feeds.samples import published
from tests.support.feeds.server import Page
from workers.feeds.poll import Polled


def test_new_items_are_published_once_even_by_another_poller(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(rss(item(1, "A"), item(2, "B")))

    first = desk.poll()
    again = desk.poll()  # a new Poller: what it knows is in Redis

    assert (first.new, first.changed, first.bad, first.failure) == (2, 0, 0, "")
    assert again == Polled(first.url)
    assert desk.titles == [("A", None), ("B", None)]


def test_a_feed_that_did_not_change_is_not_sent_again_by_its_server(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(rss(item(1, "A")), etag='"v1"')

    desk.poll()
    again = desk.poll()

    assert desk.server.asked[1][1]["if-none-match"] == '"v1"'
    assert again == Polled(again.url)
    assert desk.titles == [("A", None)]
    assert desk.due_s() == 300


def test_a_changed_item_gets_a_higher_version_and_the_others_stay(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(rss(item(1, "A"), item(2, "B")))
    desk.poll()
    desk.server.pages["/feed"] = Page(rss(item(3, "C"), item(1, "A, corrected"), item(2, "B")))

    second = desk.poll()
    desk.server.pages["/feed"] = Page(rss(item(1, "A, once more"), item(2, "B")))
    desk.poll()

    assert (second.new, second.changed, second.unchanged) == (1, 1, 1)
    assert desk.titles == [
        ("A", None),
        ("B", None),
        ("C", None),
        ("A, corrected", 2),
        ("A, once more", 3),
    ]


def test_a_json_feed_is_known_and_its_items_are_told_once(desk: Desk) -> None:
    def feed(*items: dict[str, object]) -> Page:
        document = {"version": "https://jsonfeed.org/version/1.1", "items": items}
        body = json.dumps(document, ensure_ascii=False).encode()
        return Page(body, headers={"Content-Type": "application/json"})

    ferry = {"id": 1, "title": "Паром"}
    bridge = {"id": 2, "title": "Bridge", "date_modified": "1970-01-01T00:01:00Z"}
    for page in (
        feed(ferry),
        feed(bridge, ferry),
        feed(bridge, ferry | {"date_published": "2026-11-26T10:00:00Z"}),
        feed(bridge | {"title": "Bridge closed"}, ferry | {"title": "Паром вернулся"}),
    ):
        desk.server.pages["/feed"] = page
        assert desk.poll().failure == ""

    assert desk.titles == [
        ("Паром", None),
        ("Bridge", 60),
        ("Bridge closed", 61),
        ("Паром вернулся", 2),
    ]


def test_a_feeds_own_update_time_is_the_version_and_a_silent_change_the_next(desk: Desk) -> None:
    def feed(title: str, updated: str) -> Page:
        when = f"<updated>1970-01-01T{updated}Z</updated>"
        return Page(
            f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:x:1</id>'
            f"<title>{title}</title>{when}</entry></feed>".encode()
        )

    for title, updated in (
        ("A", "00:01:00"),
        ("A", "00:02:00"),  # a later time alone changes nothing that a reader sees
        ("B", "00:03:00"),
        ("C", "00:03:00"),  # changed, and the time forgotten
        ("D", "00:00:10"),  # and set back
        ("E", "00:10:00"),
    ):
        desk.server.pages["/feed"] = feed(title, updated)
        desk.poll(format="atom")

    assert desk.titles == [("A", 60), ("B", 180), ("C", 181), ("D", 182), ("E", 600)]


def test_items_dated_anew_at_every_request_are_not_changed(desk: Desk) -> None:
    for minute in (1, 2):
        date = f"<pubDate>Sun, 22 Nov 2026 09:0{minute}:00 GMT</pubDate>"
        desk.server.pages["/feed"] = Page(rss(item(1, "A", date)))
        desk.poll()

    assert desk.titles == [("A", None)]


def test_two_items_of_one_id_do_not_take_turns(desk: Desk) -> None:
    for number in range(3):
        desk.server.pages["/feed"] = Page(rss(item(1, "A"), item(1, "B"), f"<!--{number}-->"))
        desk.poll()

    assert desk.titles == [("A", None), ("B", None)]


def test_wire_items_keep_their_own_versions(desk: Desk) -> None:
    def wire(version: int, title: str) -> bytes:
        return json.dumps({"uri": "urn:x:1", "version": str(version), "title": title}).encode()

    for document in (wire(1, "A"), wire(1, "A") + b"\n", wire(2, "A"), wire(2, "B")):
        desk.server.pages["/feed"] = Page(document)
        desk.poll(format="ninjs")

    # The last has the version of the one before: the service will not count it, nor do we.
    assert desk.titles == [("A", 1), ("A", 2), ("B", 2)]


def test_a_withdrawn_item_is_killed_once_and_wholly(desk: Desk) -> None:
    tombstone = '<deleted-entry ref="urn:x:1" when="2026-11-22T09:00:00Z"/>'
    for inside in ("<entry><id>urn:x:1</id><title>A</title></entry>", tombstone, tombstone + " "):
        desk.server.pages["/feed"] = Page(
            f'<feed xmlns="http://www.w3.org/2005/Atom">{inside}</feed>'.encode()
        )
        desk.poll()

    first, kill = published(desk.redis, desk.settings)
    assert (first["id"], kill["id"], kill["status"]) == ("urn:x:1", "urn:x:1", "canceled")
    assert "version" not in kill


def test_the_count_of_versions_goes_on_behind_a_kill(desk: Desk) -> None:
    tombstone = '<deleted-entry ref="urn:x:1" when="2026-11-22T09:00:00Z"/>'
    for inside in (
        "<entry><id>urn:x:1</id><title>A</title></entry>",
        "<entry><id>urn:x:1</id><title>B</title></entry>",
        tombstone,
        "<entry><id>urn:x:1</id><title>C</title></entry>",
    ):
        desk.server.pages["/feed"] = Page(
            f'<feed xmlns="http://www.w3.org/2005/Atom">{inside}</feed>'.encode()
        )
        desk.poll()

    assert desk.titles == [("A", None), ("B", 2), (None, None), ("C", 3)]


def test_the_list_of_feeds_names_source_and_language(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(rss("<language>en-us</language>", item(1, "Паром")))

    desk.poll(source="Волна-Информ", lang="ru")

    (article,) = published(desk.redis, desk.settings)
    assert (article["source"], article["lang"]) == ("Волна-Информ", "ru")


def _in_russian(first: str) -> bytes:
    titles = [each for each in HEADLINES["ru"] if readable(each, "koi8-r") == each]
    return rss(*(item(each, title) for each, title in enumerate((first, *titles)))).replace(
        "\ufffd".encode(), b"\xd0"
    )


def test_one_bad_byte_changes_no_item(desk: Desk) -> None:
    """A stray byte made a western code page of the document, and a version of each of its items."""
    clean = Page(_in_russian("Паром вернулся"), etag='"clean"')
    desk.server.pages["/feed"] = clean
    desk.poll()
    told = desk.titles
    desk.server.pages["/feed"] = Page(_in_russian("Паром верн\ufffdулся"), etag='"damaged"')

    damaged = desk.poll()
    desk.server.pages["/feed"] = clean
    again = desk.poll()

    assert (damaged.new, damaged.changed, damaged.notes) == (0, 0, 1)
    assert (again.new, again.changed, again.notes) == (0, 0, 0)
    assert desk.titles == told


def test_a_bad_byte_in_the_markup_changes_no_item_either(desk: Desk) -> None:
    clean = _in_russian("Паром")
    desk.server.pages["/feed"] = Page(clean)
    desk.poll()
    told = desk.titles
    desk.server.pages["/feed"] = Page(clean.replace(b"</title>", b"</ti\xd0tle>", 1))

    damaged = desk.poll()
    desk.server.pages["/feed"] = Page(clean)
    again = desk.poll()

    assert (damaged.changed, again.changed, desk.titles) == (0, 0, told)


@pytest.mark.parametrize(
    ("clean", "damaged"),
    [
        ("<link>https://", "<link>ht\ufffdtps://"),
        ("<link>", "<li\ufffdnk>"),
        ("]]></description>", "]\ufffd]></description>"),
        ("<channel>", "\ufffdchannel>"),
    ],
)
@pytest.mark.parametrize("guid", ["<guid>1{}</guid>", ""])
def test_a_bad_byte_where_no_article_has_it_changes_no_item(
    desk: Desk, clean: str, damaged: str, guid: str
) -> None:
    """An address without its scheme was none, and a section without its end took what follows."""
    items = [
        f"<item><title>{title}</title><link>https://x.example/{number}</link>{guid.format(number)}"
        f"<description><![CDATA[Коротко: {title}.]]></description>"
        f"<full-text>{title}. Подробности сообщат позже.</full-text></item>"
        for number, title in enumerate(HEADLINES["ru"][:3])
    ]
    whole = f'<rss version="2.0"><channel><link>https://x.example/</link>{"".join(items)}'
    desk.server.pages["/feed"] = Page(f"{whole}</channel></rss>".encode())
    desk.poll()
    told = desk.titles
    bad = f"{whole.replace(clean, damaged, 1)}</channel></rss>".encode()
    desk.server.pages["/feed"] = Page(bad.replace("\ufffd".encode(), b"\xd0"))

    polled = desk.poll()
    desk.server.pages["/feed"] = Page(f"{whole}</channel></rss>".encode())
    again = desk.poll()

    assert (polled.new, polled.changed, again.new, again.changed) == (0, 0, 0, 0)
    assert len(told) == 3
    assert desk.titles == told


def test_a_new_item_does_not_wait_for_a_broken_neighbour(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(_in_russian("Паром"))
    desk.poll()
    body = _in_russian("Паром").replace(b"</title>", b"</ti\xd0tle>", 1)
    added = "<item><guid>urn:x:new</guid><title>Музей открылся</title></item></channel>".encode()
    desk.server.pages["/feed"] = Page(body.replace(b"</channel>", added))

    assert desk.poll().new == 1
    assert desk.titles[-1] == ("Музей открылся", None)


def test_damage_that_stays_is_published_although_the_server_has_nothing_new(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(_in_russian("Паром"), etag='"clean"')
    desk.poll()
    desk.server.pages["/feed"] = Page(_in_russian("Паром верн\ufffd"), etag='"cut"')

    waits, published_, same = desk.poll(), desk.poll(), desk.poll()

    assert (waits.changed, published_.changed, same) == (0, 1, Polled(same.url))
    assert desk.titles[-1] == ("Паром верн\ufffd", 2)
    asked = [headers.get("if-none-match") for _, headers in desk.server.asked]
    assert asked == [None, '"clean"', None, '"cut"']


@pytest.mark.parametrize(
    ("encoding", "content_type", "declared"),
    [
        ("windows-1251", "text/xml; charset=windows-1251", ""),
        ("koi8-r", "application/rss+xml; charset=koi8-r", ""),
        ("koi8-r", "text/xml; charset=KOI8R", "windows-1251"),
        ("windows-1251", "text/xml", "win-1251"),
        ("windows-1251", "text/xml", "cp-1251"),
        ("windows-1251", "text/xml; charset=utf-8", ""),
        ("windows-1251", "text/xml; charset=iso-8859-1", "utf-8"),
        ("windows-1251", "text/xml", ""),
        ("utf-8-sig", "text/xml", "windows-1251"),
        ("utf-8", "text/xml; charset=utf-8", "windows-1251"),
        ("utf-8", "text/xml; charset=windows-1251", ""),
        ("utf-8", "text/xml", "UTF8"),
        ("utf-16", "text/xml", "utf-16"),
        ("utf-16", "text/xml; charset=utf-8", "windows-1251"),
    ],
)
def test_a_feed_that_changes_its_encoding_changes_no_item(
    desk: Desk, encoding: str, content_type: str, declared: str
) -> None:
    desk.server.pages["/feed"] = Page(_in_russian("Паром"))
    desk.poll()
    told = desk.titles
    said = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = (said + _in_russian("Паром").decode()).encode(encoding)
    desk.server.pages["/feed"] = Page(body, headers={"Content-Type": content_type})

    polled = desk.poll()

    assert (polled.new, polled.changed, polled.bad) == (0, 0, 0)
    assert desk.titles == told


def test_what_is_remembered_of_a_whole_item_is_what_it_was(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(_in_russian("Паром"))
    desk.poll()
    key = desk.settings.keys.feed_items(desk.server.url("/feed"))

    held = cast("list[bytes]", desk.redis.hvals(key))

    assert {len(each.split()) for each in held} == {3}  # as before
