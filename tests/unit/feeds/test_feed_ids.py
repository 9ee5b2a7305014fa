"""What items of feeds are called: nobody else's name, and the same one at each poll."""

import pytest

from tests.support.feeds.samples import articles, notes, read
from workers.feeds.readers.ids import absolute, address_key, feed_name, is_unique, unique

FEED = "https://courier.example/"
SELF = (
    '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="http://courier.example/rss"/>'
)


def rss(items: str, head: str = f"<link>{FEED}</link>") -> bytes:
    return f'<rss version="2.0"><channel><title>C</title>{head}{items}</channel></rss>'.encode()


def item(title: str, guid: str = "", link: str = "", text: str = "") -> str:
    named = f"<guid>{guid}</guid>" if guid else ""
    linked = f"<link>{link}</link>" if link else ""
    return f"<item>{named}{linked}<title>{title}</title><description>{text}</description></item>"


def ids(document: bytes, origin: str = "https://feeds.example/rss") -> list[str]:
    return [each.id for each in articles(read("rss", document, origin))]


@pytest.mark.parametrize(
    "name",
    [
        "http://courier.example/?p=17",
        "HTTPS://courier.example/news/17",
        "https://ann@courier.example/17",
        "http://127.0.0.1:8080/news/1",
        "ftp://courier.example/17",
        "urn:newsml:courier.example:20261122:17",
        "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
        "URN:x:1",
        "tag:courier.example,2026:17",
        "tag:desk@courier.example,2026-11-22:news/17",
        "uuid:6E8BC430-9c3a-11d9-9669-0800200c9a66",
        "doi:10.1000/182",
        "info:lccn/2002022641",
        "oai:courier.example:17",
    ],
)
def test_a_name_with_an_authority_in_it_is_nobody_elses(name: str) -> None:
    assert is_unique(name)
    assert unique(name, FEED) == name


@pytest.mark.parametrize(
    "name",
    [
        "17",
        "post:17",
        "news:5",
        "id:3",
        "item:1",
        "t3:xyz",
        "post-17",
        "/news/17",
        "news/17",
        "//news/17",
        "Прорыв: мост открыт",
        "http:17",
        "http://",
        "http:///news/17",
        "http://localhost/?p=17",
        "http://LOCALHOST:8080/?p=17",
        "file:///var/www/17.html",
        "file://courier.example/17",
        "post://17",
        "urn:17",
        "urn:x:",
        "tag:17",
        "tag:courier.example:17",
        "tag:courier.example,yesterday:17",
        "uuid:17",
        "doi:17",
        "mailto:desk@courier.example",
        "6e8bc430-9c3a-11d9-9669-0800200c9a66",
    ],
)
def test_a_name_without_an_authority_is_its_feeds(name: str) -> None:
    assert not is_unique(name)
    assert unique(name, FEED) == f"{FEED}#{name}"


def test_a_host_that_only_begins_like_localhost_is_one() -> None:
    assert is_unique("http://localhost.example/17")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<link>https://courier.example/</link>", "https://courier.example/#17"),
        ("<link>http://courier.example/</link>", "https://courier.example/#17"),
        ("<link>/world/</link>", "https://feeds.example/world/#17"),
        ("", "https://feeds.example/rss#17"),
        ("<link></link>", "https://feeds.example/rss#17"),
        (SELF, "https://courier.example/rss#17"),
        ("<links>x</links>", "https://feeds.example/rss#17"),
    ],
)
def test_a_feed_is_called_by_its_page_else_itself_else_where_it_came_from(
    head: str, expected: str
) -> None:
    assert ids(rss(item("A", "17"), head), "http://feeds.example/rss") == [expected]


def test_a_file_without_any_address_is_called_by_its_name() -> None:
    assert ids(rss(item("A", "17") + item("B", link="/news/1"), ""), "night.xml") == [
        "night.xml#17",
        "night.xml#/news/1",
    ]


@pytest.mark.parametrize("origin", ["http-post", "-"])
def test_feeds_without_any_address_that_come_from_one_place_are_told_apart(origin: str) -> None:
    """Of the second feed's items each was counted as one that came again, and was gone."""
    items = item("A", "17") + item("B", link="/news/1")

    courier, herald = (
        ids(rss(items, "").replace(b"<title>C<", f"<title>{title}<".encode()), origin)
        for title in ("Courier", "Herald")
    )

    assert courier == [f"{origin}:Courier#17", f"{origin}:Courier#/news/1"]
    assert not set(courier) & set(herald)


def test_an_atom_feed_without_a_page_is_called_by_its_own_id() -> None:
    assert feed_name("", "", "tag:courier.example,2026:feed", origin="http-post") == (
        "tag:courier.example,2026:feed"
    )


@pytest.mark.parametrize(
    ("head", "link", "expected"),
    [
        ("<link>https://courier.example/</link>", "/news/1", "https://courier.example/news/1"),
        ("<link>https://courier.example/</link>", "news/1", "https://courier.example/news/1"),
        ("<link>https://courier.example/w/</link>", "?p=1", "https://courier.example/w/?p=1"),
        ("<link>https://courier.example/</link>", "//m.example/1", "https://m.example/1"),
        ("<link>/</link>", "/news/1", "https://feeds.example/news/1"),
        ("", "/news/1", "https://feeds.example/news/1"),
        (
            '<link xml:base="https://base.example/">/x/</link>',
            "/news/1",
            "https://base.example/news/1",
        ),
    ],
)
def test_a_relative_link_is_made_absolute_by_the_feeds_base(
    head: str, link: str, expected: str
) -> None:
    (article,) = articles(read("rss", rss(item("A", link=link), head), "https://feeds.example/rss"))

    assert (article.id, article.url) == (expected, expected)


def test_xml_base_goes_before_everything() -> None:
    document = rss(item("A", link="news/1")).replace(
        b"<item>", b'<item xml:base="https://sport.example/today/">'
    )

    assert ids(document) == ["https://sport.example/today/news/1"]


def test_one_relative_link_in_two_feeds_is_two_items() -> None:
    document = rss(item("A", link="/news/1"), "")

    assert ids(document, "https://a.example/rss") != ids(document, "https://b.example/rss")


def test_a_guid_is_a_name_and_a_link_only_if_it_looks_like_one() -> None:
    items = item("A", "17") + item("B", "/news/17") + item("C", "https://courier.example/18")
    items += (
        '<item><guid isPermaLink="false">https://courier.example/19</guid><title>D</title></item>'
    )

    found = articles(read("rss", rss(items)))

    assert [(each.id, each.url) for each in found] == [
        ("https://courier.example/#17", None),
        ("https://courier.example/#/news/17", "https://courier.example/news/17"),
        ("https://courier.example/18", "https://courier.example/18"),
        ("https://courier.example/19", None),
    ]


def test_the_feeds_own_address_names_no_item() -> None:
    """A feed whose every item leads to the home page."""
    items = [item("A", FEED, FEED), item("B", FEED, "http://www.courier.example"), item("C", FEED)]
    names = {title: ids(rss(each))[0] for title, each in zip("ABC", items, strict=True)}

    assert len(set(names.values())) == 3
    assert ids(rss("".join(items))) == list(names.values())
    assert ids(rss("".join(reversed(items)))) == list(names.values())[::-1]
    assert ids(rss(item("A", FEED, FEED, "corrected"))) == [names["A"]]
    assert ids(rss(item("D", FEED, "https://courier.example/4"))) == ["https://courier.example/4"]


@pytest.mark.parametrize("shared", [{"guid": "17"}, {"link": "/live"}, {"guid": "urn:x:1"}])
def test_different_items_of_one_name_are_told_apart_in_any_order(shared: dict[str, str]) -> None:
    one, two = item("A", **shared), item("B", **shared)

    items = read("rss", rss(one + two))
    turned = articles(read("rss", rss(two + one)))
    found = articles(items)

    assert [each.title for each in found] == ["A", "B"]
    assert len({each.id for each in found}) == 2
    assert {each.title: each.id for each in turned} == {each.title: each.id for each in found}
    assert [each.detail for each in notes(items)] == [
        "2 items have it; each is named by its link and title as well"
    ]


def test_items_of_one_name_keep_theirs_when_a_third_comes_or_a_text_is_corrected() -> None:
    before = ids(rss(item("A", "17") + item("B", "17")))
    after = ids(rss(item("C", "17") + item("A", "17", text="corrected") + item("B", "17")))

    assert after[1:] == before


def test_items_of_one_name_and_title_are_told_apart_by_their_texts() -> None:
    found = ids(rss(item("Weather", "17", text="Sun") + item("Weather", "17", text="Rain")))

    assert len(set(found)) == 2


def test_one_guid_with_two_links_is_two_items() -> None:
    found = ids(rss(item("A", "17", "/news/1") + item("A", "17", "/news/2")))

    assert len(set(found)) == 2


def test_the_same_item_twice_has_one_name() -> None:
    items = read("rss", rss(item("A", "17") + item("A", "17")))

    assert [each.id for each in articles(items)] == ["https://courier.example/#17"] * 2
    assert notes(items) == []


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_revisions_of_one_entry_the_later_is_taken(first: int) -> None:
    entries = [
        f"<entry><id>urn:x:1</id><title>A</title><updated>2026-11-22T{hour}:00:00Z</updated>"
        f"<summary>at {hour}</summary></entry>"
        for hour in (10, 11)
    ]
    document = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries[first]}{entries[1 - first]}'

    items = read("atom", f"{document}</feed>".encode())

    assert [(each.id, each.text) for each in articles(items)] == [("urn:x:1", "at 11")]
    assert [each.detail for each in notes(items)] == [
        "2 revisions of one item have it; the latest is taken"
    ]


def test_entries_of_one_id_and_different_titles_are_no_revisions() -> None:
    """Some generators give each entry the id of the feed."""
    document = "".join(
        f"<entry><id>urn:x:1</id><title>{title}</title><updated>2026-11-22T{hour}:00:00Z</updated>"
        "</entry>"
        for title, hour in (("A", 10), ("B", 11))
    )
    found = articles(
        read("atom", f'<feed xmlns="http://www.w3.org/2005/Atom">{document}</feed>'.encode())
    )

    assert [each.title for each in found] == ["A", "B"]
    assert len({each.id for each in found}) == 2


def test_a_name_that_is_as_long_as_names_may_be_is_told_apart_too() -> None:
    long = "urn:x:" + "я" * 509
    found = ids(rss(item("A", long) + item("B", long)))

    assert len(set(found)) == 2
    assert all(len(each.encode()) <= 1024 for each in found)


@pytest.mark.parametrize("link", ["http://[", "https://[::1", "//["])
def test_a_link_that_is_no_address_costs_nothing(link: str) -> None:
    assert absolute(link, FEED) == link
    assert address_key(link)
    assert len(ids(rss(item("A", link=link)))) == 1


def test_what_of_an_address_says_which_page_it_is() -> None:
    assert (
        len(
            {
                address_key(each)
                for each in (
                    "http://courier.example/17",
                    "https://www.courier.example/17/",
                    "https://Courier.example/17?utm_source=rss&utm_medium=feed",
                )
            }
        )
        == 1
    )
    assert address_key("https://courier.example/?p=1") != address_key(
        "https://courier.example/?p=2"
    )
    assert address_key("https://courier.example/#1") != address_key("https://courier.example/#2")
