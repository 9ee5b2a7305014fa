"""RSS and Atom: identity, versions, drafts and tombstones; feeds as the web has them."""

from datetime import UTC, datetime

import pytest

from contracts.article import Status
from tests.support.feeds.samples import articles, bad_items, places, read, said, sample


def rss(items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>C</title>{items}</channel></rss>'.encode()


def atom(entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


def entry(identity: str, inside: str = "") -> str:
    return f"<entry><id>{identity}</id><title>T</title>{inside}</entry>"


def test_an_rss_feed_maps_whole() -> None:
    items = read("rss", sample("feed.rss.xml"))
    first, second, third, fourth = articles(items)

    assert said(first) == {
        "id": "https://courier.example/#17",  # no URI: unique in its feed only
        "title": "Выставка «Орван» открылась & удивила",
        "text": "Выставка открылась.\nПришли 300 человек.",
        "source": "Восточный курьер",
        "url": "https://courier.example/news/17",
        "lang": "ru",
        "published_at": datetime(2026, 11, 22, 6, tzinfo=UTC),
    }
    assert said(second) == {
        "id": "https://courier.example/news/18",
        "title": "Corrected: the fair opened on Saturday",
        "text": "The fair opened on Saturday.",
        "source": "Northern Telegraph",
        "url": "https://courier.example/news/18",
        "lang": "en",
        "published_at": datetime(2026, 11, 22, 7, 30, tzinfo=UTC),
        "version": int(datetime(2026, 11, 22, 7, 30, tzinfo=UTC).timestamp()),
    }
    assert third.id == "https://courier.example/news/19"
    assert fourth.id.startswith("https://courier.example/#")
    assert len(fourth.id) == len("https://courier.example/#") + 32
    assert places(items) == ["line 31, item[5]"]


def test_an_atom_feed_maps_whole() -> None:
    first, draft, deleted = articles(read("atom", sample("feed.atom.xml")))

    assert said(first) == {
        "id": "tag:telegraph.example,2026:1",
        "title": "Tram line closes",
        "text": "The tram line closes.\nBuses run.",
        "source": "Northern Telegraph",
        "url": "https://telegraph.example/news/1",
        "lang": "en",
        "published_at": datetime(2026, 11, 22, 8, tzinfo=UTC),
        "version": int(datetime(2026, 11, 22, 9, 0, 5, tzinfo=UTC).timestamp()),
    }
    assert (draft.status, draft.lang, draft.text) == (
        Status.WITHHELD,
        "ru",
        "Дважды два < пяти",
    )
    assert said(deleted) == {  # and no version: all of them
        "id": "tag:telegraph.example,2026:withdrawn",
        "status": Status.CANCELED,
        "published_at": datetime(2026, 11, 22, 9, 45, tzinfo=UTC),
    }


def test_a_later_update_is_a_higher_version() -> None:
    def version(updated: str) -> int:
        document = atom(entry("urn:x:1", f"<updated>{updated}</updated>"))
        return articles(read("atom", document))[0].effective_version

    assert version("2026-11-22T10:00:01Z") == version("2026-11-22T13:00:00+03:00") + 1


def test_a_draft_that_says_no_is_none() -> None:
    control = '<c:control xmlns:c="http://www.w3.org/2007/app"><c:draft>no</c:draft></c:control>'

    (article,) = articles(read("atom", atom(entry("urn:x:1", control))))

    assert article.status is Status.USABLE


@pytest.mark.parametrize(
    ("when", "updated", "expected"),
    [
        ("2026-11-22T09:00:00Z", "2026-11-22T08:00:00Z", [Status.CANCELED]),
        ("2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z", [Status.USABLE]),  # published again
        ("2026-11-22T09:00:00Z", "no time", [Status.CANCELED]),
        ("no time", "2026-11-22T10:00:00Z", [Status.CANCELED]),
    ],
)
def test_a_tombstone_kills_unless_a_later_entry_stands_beside_it(
    when: str, updated: str, expected: list[Status]
) -> None:
    tombstone = (
        f'<t:deleted-entry xmlns:t="http://purl.org/atompub/tombstones/1.0" ref="urn:x:1" '
        f'when="{when}"/>'
    )
    document = atom(tombstone + entry("urn:x:1", f"<updated>{updated}</updated>"))

    assert [article.status for article in articles(read("atom", document))] == expected


def test_a_tombstone_without_a_reference_is_named() -> None:
    document = atom('<deleted-entry when="2026-11-22T09:00:00Z"/>' + entry("urn:x:1"))
    items = read("atom", document)

    assert [article.id for article in articles(items)] == ["urn:x:1"]
    assert places(items) == ["line 1, deleted-entry/@ref"]


def test_a_tombstone_without_a_reference_deletes_no_entry_without_an_id() -> None:
    document = atom(
        '<deleted-entry when="2026-11-22T09:00:00Z"/>'
        '<entry><title>T</title><link href="https://a.example/1"/></entry>'
    )

    assert [each.id for each in articles(read("atom", document))] == ["https://a.example/1"]


def test_a_tombstone_names_its_entry_as_the_entry_named_itself() -> None:
    entry_alone = read("atom", atom(entry("17")), "a.xml")
    tombstone = read("atom", atom('<deleted-entry ref="17" when="2026-11-22T09:00:00Z"/>'), "a.xml")

    assert articles(entry_alone)[0].id == articles(tombstone)[0].id == "a.xml#17"


def test_ids_without_a_scheme_in_two_feeds_are_two_items() -> None:
    one = articles(read("rss", rss("<item><guid>17</guid><title>T</title></item>"), "a.xml"))[0]
    two = articles(read("rss", rss("<item><guid>17</guid><title>T</title></item>"), "b.xml"))[0]

    assert (one.id, two.id) == ("a.xml#17", "b.xml#17")


def test_rss_1_0_is_read() -> None:
    document = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/"><channel><title>C</title></channel>'
        b'<item rdf:about="https://c.example/1"><title>T</title>'
        b"<link>https://c.example/1</link></item></rdf:RDF>"
    )

    assert [article.id for article in articles(read("rss", document))] == ["https://c.example/1"]


@pytest.mark.parametrize("date", ["yesterday", "soon: 32 Jan", "   "])
def test_a_date_that_is_none_leaves_the_time_of_arrival(date: str) -> None:
    document = rss(f"<item><title>T</title><pubDate>{date}</pubDate></item>")

    (article,) = articles(read("rss", document))

    assert article.published_at is None


NETSCAPE = (
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
)


@pytest.mark.parametrize(
    "before",
    [
        "",
        NETSCAPE,
        f"<?xml version='1.0' standalone='yes'?>\n{NETSCAPE}",
        f"\n<?xml version='1.0'?>\n<!-- <rss> -->\n{NETSCAPE}",
        "<!DOCTYPE rss SYSTEM 'file:///etc/passwd'>",
        "<!DOCTYPE rss [<!ELEMENT rss (channel)><!ATTLIST item a CDATA 'b]'><!-- ] -->]>",
    ],
)
def test_a_document_type_is_read_and_names_of_characters_are_the_characters(before: str) -> None:
    document = (
        "<item><guid>urn:x:1</guid><title>Fish&nbsp;&amp; chips&mdash;&laquo;hot&raquo;</title>"
        "<description><![CDATA[Caf&eacute; &amp; <b>bar</b>]]></description></item>\n"
        "<item><guid>urn:x:2</guid><title>2 &lt; 3 &notin; &Eacute;</title></item>"
    )

    items = read("rss", before.encode() + rss(document))

    assert [(each.id, each.title, each.text) for each in articles(items)] == [
        ("urn:x:1", "Fish & chips—«hot»", "Café & bar"),
        ("urn:x:2", "2 < 3 ∉ É", ""),
    ]
    assert places(items) == []


def test_a_name_that_html_does_not_know_is_told_and_costs_no_item() -> None:
    items = read("rss", rss("<item><guid>urn:x:1</guid><title>A &unheard; of</title></item>"))

    assert [each.title for each in articles(items)] == ["A &unheard; of"]
    assert "&unheard;" in bad_items(items)[0].detail


def test_declarations_before_a_broken_feed_are_not_expanded() -> None:
    before = f'</a>\n<!ENTITY a "[">\n<!DOCTYPE rss>\n<!ENTITY long "{"x" * 99}">\n'
    item = "<item><guid>urn:x:1</guid><title>T</title><description>&long;</description></item>"

    (found,) = articles(read("rss", before.encode() + rss(item)))

    assert found.text == "&long;"


def test_a_feed_that_is_not_well_formed_is_read_and_told_once() -> None:
    document = rss(
        "<item><guid>urn:x:1</guid><title>Fish & chips</title></item>\n"
        "<item><guid>urn:x:2</guid><title>A&nbsp;second</title></item>"
    )
    items = read("rss", document)

    assert [(article.id, article.title) for article in articles(items)] == [
        ("urn:x:1", "Fish & chips"),
        ("urn:x:2", "A second"),
    ]
    assert places(items) == ["line 1"]


def test_a_feed_that_breaks_off_gives_its_whole_items_and_not_the_last() -> None:
    document = rss(
        "<item><guid>urn:x:1</guid><title>Whole</title></item>\n"
        "<item><guid>urn:x:2</guid><title>Broken o"
    )[: -len("</channel></rss>")]
    items = read("rss", document)

    assert [article.title for article in articles(items)] == ["Whole"]
    assert places(items) == ["line 2"]


def test_a_large_feed_that_is_not_well_formed_is_refused_at_once() -> None:
    document = rss("<item><title>A & B</title></item>" * 40_000)
    items = read("rss", document)

    assert articles(items) == []
    assert places(items) == ["line 1"]


def test_a_feed_without_items_holds_nothing() -> None:
    assert read("rss", rss("")) == []
    assert read("atom", atom("<title>T</title>")) == []


@pytest.mark.parametrize(
    ("document", "says"),
    [
        pytest.param(b"<html><body><p>Not found</p></body></html>", "'html'", id="HTML"),
        pytest.param(b"<!DOCTYPE html><html></html>", "'html'", id="HTML5"),
        pytest.param(
            b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>',
            "declaration",
            id="entity",
        ),
        pytest.param(b"", "not well-formed", id="empty"),
        pytest.param(b"{}", "not well-formed", id="JSON"),
        pytest.param(b"<a>" * 1_000, "deeper than 200", id="deep nesting"),
        pytest.param(b"/etc/passwd", "not well-formed", id="a file's name"),
        pytest.param(b"http://127.0.0.1/feed", "not well-formed", id="an address"),
    ],
)
def test_a_document_that_is_no_feed_is_one_bad_item(document: bytes, says: str) -> None:
    items = read("rss", document)

    assert len(items) == 1
    assert says in bad_items(items)[0].detail


def test_feeds_in_windows_1251_are_read() -> None:
    document = (
        '<?xml version="1.0" encoding="windows-1251"?>'
        + rss("<item><guid>urn:x:1</guid><title>Паром</title></item>").decode()
    )

    assert articles(read("rss", document.encode("cp1251")))[0].title == "Паром"


def test_what_stands_beside_a_text_is_no_reason_to_refuse_it() -> None:
    """A feed's long title refused all its items."""
    head = f"<title>{'К' * 600}</title><language>{'ru, ' * 20}</language>"
    item = f"<item><guid>urn:x:1</guid><title>T</title><link>https://x/{'y' * 9_000}</link></item>"

    items = read("rss", f'<rss version="2.0"><channel>{head}{item}</channel></rss>'.encode())

    assert [said(each) for each in articles(items)] == [
        {"id": "urn:x:1", "title": "T", "source": "К" * 512}
    ]
    assert bad_items(items) == []
