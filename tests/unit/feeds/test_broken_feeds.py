"""Feeds that are not well-formed, or not alone: what is at fault costs no other item."""

import pytest

from tests.support.feeds.samples import articles, bad_items, notes, read, said

RSS = '<rss version="2.0"><channel><title>C</title><link>https://c.example/</link>'
END = "</channel></rss>"
ITEMS = "".join(
    f"<item><guid>urn:x:{number}</guid><title>Item {number}</title></item>" for number in (1, 2)
)
LONG = "x" * 5_000


def ids(document: str) -> list[str]:
    return [each.id for each in articles(read("rss", document.encode()))]


@pytest.mark.parametrize(
    "behind",
    [
        f"<!-- cached {LONG} -->",
        f"<script>{LONG}</script>",
        f"<script>if (a < b && c) {{ {LONG} }}</script><div>Powered by<br></div>",
        f"\n{LONG}",
        f"<?php {LONG}",
        "</rss>" + LONG,
        "</body></html>",
        "\0" * 500,
        "<!DOCTYPE html><html></html>",
    ],
)
@pytest.mark.parametrize("fault", ["", "<title>A & B</title>"])
def test_what_stands_behind_a_feed_costs_no_item(behind: str, fault: str) -> None:
    assert ids(f"{RSS}{fault}{ITEMS}{END}{behind}") == ["urn:x:1", "urn:x:2"]


def test_what_stands_behind_is_noted_and_no_dead_letter() -> None:
    items = read("rss", f"{RSS}{ITEMS}{END}\n<script>track()</script>".encode())

    assert bad_items(items) == []
    assert [(each.where, each.detail) for each in notes(items)] == [
        ("line 2", "24 bytes behind the feed, expected none; left out")
    ]


def test_items_behind_a_feeds_end_are_read() -> None:
    third = "<item><guid>urn:x:3</guid><title>Third</title></item>"

    assert ids(f"{RSS}{ITEMS}{END}{RSS}{third}{END}") == ["urn:x:1", "urn:x:2", "urn:x:3"]
    assert ids(f"{RSS}{ITEMS}</channel>{third}</rss>") == ["urn:x:1", "urn:x:2", "urn:x:3"]


@pytest.mark.parametrize(
    "before",
    [
        "\n",
        "<br />\n<b>Warning</b>: mysql_connect() in <b>/www/db.php</b> on line <b>5</b><br />\n",
        "Notice: undefined index\n",
        "<!-- cache -->",
        "<html><body>",
        "\x00\x00",
    ],
)
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0"?>', '<?xml version="1.1"?>\n'])
def test_what_stands_before_a_feed_costs_nothing(before: str, declared: str) -> None:
    items = read("rss", f"{before}{declared}{RSS}{ITEMS}{END}".encode())

    assert [each.id for each in articles(items)] == ["urn:x:1", "urn:x:2"]
    assert bad_items(items) == []


def test_what_stands_before_is_noted_and_lines_are_told_right() -> None:
    document = f"Notice: undefined index\n\n{RSS}\n<item><guid>urn:x:1</guid></item>{END}"
    items = read("rss", document.encode())

    assert [each.detail for each in notes(items)] == [
        "23 bytes before the feed, expected none; left out"
    ]
    assert [each.where for each in bad_items(items)] == ["line 4, item[1]"]


@pytest.mark.parametrize("cut", ["", "</title>", "</title><link>https", "</title></item"])
def test_the_last_item_counts_if_its_end_was_seen(cut: str) -> None:
    last = f"<item><guid>urn:x:3</guid><title>Third{cut}"

    assert ids(f"{RSS}{ITEMS}{last}") == ["urn:x:1", "urn:x:2"]
    assert ids(f"{RSS}{ITEMS}<title>A & B</title><it") == ["urn:x:1", "urn:x:2"]


def test_a_last_item_without_an_end_counts_if_its_feed_ended() -> None:
    assert ids(f"{RSS}{ITEMS}<item><guid>urn:x:3</guid><title>Third</title>{END}")[2:] == [
        "urn:x:3"
    ]


@pytest.mark.parametrize(
    "inside",
    [
        "<description>B <p>C",
        "<description>B <b>C</description>",
        "<description><![CDATA[B",
        "<description>B<!-- C",
        "<source url='https://x.example/'>B",
        "<image><url>B",
        "<textinput><name>B",
        "<svg><title>B",
        "<author><name>B",
        "<a href='B>C</a>",
        "<x:y>B</x:y>",
        "B < C & D",
    ],
)
def test_what_an_item_leaves_open_ends_with_it(inside: str) -> None:
    broken = f"<item><guid>urn:x:0</guid><title>Broken & open</title>{inside}</item>"
    found = articles(read("rss", f"{RSS}{broken}{ITEMS}{END}".encode()))

    assert [(each.id, each.title) for each in found] == [
        ("urn:x:0", "Broken & open"),
        ("urn:x:1", "Item 1"),
        ("urn:x:2", "Item 2"),
    ]
    assert {each.source for each in found[1:]} == {"C"}


def test_an_open_title_ends_before_the_next_element() -> None:
    item = "<item><title>Open & shut<description>Words</description><guid>urn:x:1</guid></item>"
    (found,) = articles(read("rss", f"{RSS}{item}{END}".encode()))

    assert (found.id, found.title, found.text) == ("urn:x:1", "Open & shut", "Words")


RICH = """
<item><guid isPermaLink="false">c:1&amp;2</guid><title>AT&amp;T &lt;b&gt;up&lt;/b&gt;</title>
  <link>https://c.example/?id=1&amp;x=2</link>
  <description>&lt;p&gt;A &amp;amp; B&lt;/p&gt; C</description></item>
<item><guid><![CDATA[https://c.example/?id=2&x=3]]></guid><title><![CDATA[«A» & <i>b</i>]]></title>
  <description><![CDATA[<p>One &mdash; two.</p><br>3 &lt; 4]]></description></item>
<item><link> /rel/3 </link><title>Two
  lines</title><description>2 &lt; 3</description></item>
<item><title>Only &#171;words&#187;</title><pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate></item>
"""


@pytest.mark.parametrize("fault", ["&", "<p>", "<br>", "<a b=c>", "</p>", "\x0b", "<x:y/>"])
def test_a_fault_elsewhere_changes_nothing_of_an_item(fault: str) -> None:
    """Else a feed that is broken for one day tells all its items anew."""
    whole = articles(read("rss", f"{RSS}{RICH}{END}".encode()))
    broken = articles(read("rss", f"{RSS}{RICH}{fault}{END}".encode()))

    assert [said(each) for each in broken] == [said(each) for each in whole]
    assert len(whole) == 4


def test_an_ampersand_that_begins_no_reference_is_one() -> None:
    """``R&D`` was ``R&D;``, and ``&section=5`` in an address became a paragraph sign."""
    address = "https://c.example/?id=1&section=5&copy=1&lang=ru"
    inside = f"<title>R&D, AT&T&amp;Co</title><link>{address}</link><description>M&S</description>"

    (found,) = articles(read("rss", f"{RSS}<item>{inside}</item>{END}".encode()))

    assert (found.id, found.url) == (address, address)
    assert (found.title, found.text) == ("R&D, AT&T&Co", "M&S")


def test_a_wrapped_feed_is_read() -> None:
    document = f"<result><status>ok</status>{RSS}{ITEMS}{END}</result>"

    assert ids(document) == ["urn:x:1", "urn:x:2"]


def test_a_large_feed_of_full_texts_is_read_behind_a_fault() -> None:
    text = "<![CDATA[<p>" + "Слово и дело. " * 500 + "</p>]]>"
    items = "".join(
        f"<item><guid>urn:x:{number}</guid><title>T</title><description>{text}</description></item>"
        for number in range(200)
    )

    assert len(ids(f"{RSS}<title>A & B</title>{items}{END}")) == 200


def test_a_bad_item_of_a_broken_feed_is_known_by_what_it_says() -> None:
    """A poller tells it once, also after others came on top of it."""
    bad = "<item><guid>urn:x:0</guid></item>"
    fragments = [
        bad_items(read("rss", f"{RSS}<title>A & B</title>{items}{END}".encode()))[-1].fragment
        for items in (bad + ITEMS, ITEMS + bad)
    ]

    assert fragments == [b"urn:x:0", b"urn:x:0"]
