"""NewsML-G2: each property where the article's contract has it, and no XML that bites."""

from datetime import UTC, datetime

import pytest

from contracts.article import Status
from tests.support.feeds.samples import articles, bad_items, places, read, said, sample, skipped
from workers.feeds.reader import Skipped

NAR = "http://iptc.org/std/nar/2006-10-01/"


def news_item(meta: str = "", content: str = "", attributes: str = 'guid="urn:x:1"') -> bytes:
    return (
        f'<newsItem xmlns="{NAR}" {attributes}>\n<itemMeta>{meta}</itemMeta>'
        f"<contentMeta><headline>T</headline></contentMeta>{content}</newsItem>"
    ).encode()


def only(document: bytes) -> dict[str, object]:
    (article,) = articles(read("newsml-g2", document))
    return said(article)


def test_an_item_maps_whole() -> None:
    assert only(sample("item.newsml-g2.xml")) == {
        "id": "urn:newsml:volna.example:20261122:quake",
        "title": "Землетрясение магнитудой 5,6 произошло в долине Орван",
        "text": "Землетрясение магнитудой 5,6 произошло в долине Орван.\n"
        "Погибли трое & ранены 40 человек: R&amp;D.",
        "source": "Волна-Информ",
        "lang": "ru",
        "published_at": datetime(2026, 11, 22, 6, 15, tzinfo=UTC),
        "version": 4,
        "status": Status.USABLE,
        "embargoed": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "signals": ("correction", "update"),
        "slug": "ЗЕМЛЕТРЯСЕНИЕ-ОРВАН",
        "replaces": "urn:newsml:volna.example:20261122:quake-flash",
    }


def test_a_message_gives_its_text_items_and_names_the_bad_ones() -> None:
    items = read("newsml-g2", sample("message.newsml-g2.xml"))

    assert [said(article) for article in articles(items)] == [
        {
            "id": "urn:x:first",
            "title": "Ferries resume",
            "text": "Ferries resumed today.\nAll of them.",
            "source": "Eastern Courier",
            "lang": "en",
            "published_at": datetime(2026, 11, 22, 9, 59, tzinfo=UTC),
            "version": 1,
            "status": Status.WITHHELD,  # its embargo is empty: no end is known
        },
        {"id": "urn:x:killed", "status": Status.CANCELED},  # no version: all of them
        {
            "id": "urn:x:data",
            "text": "Паром вернулся.\nПассажиры сошли.",
            "source": "Северный телеграф",
            "version": 2,
        },
    ]
    assert places(items) == ["line 24, newsItem[4]/@version", "line 25, newsItem[5]/@guid"]
    assert skipped(items) == [
        Skipped("line 5, packageItem[1]", "packageItem"),
        Skipped("line 23, newsItem[3]", "picture"),
    ]


def test_a_bad_item_shows_its_own_source_and_no_more() -> None:
    first, _ = bad_items(read("newsml-g2", sample("message.newsml-g2.xml")))

    assert first.fragment.startswith(b'<newsItem guid="urn:x:second" version="zwei">')
    assert first.fragment.endswith(b"</newsItem>")
    assert first.fragment.count(b"<newsItem") == 1


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ('<pubStatus qcode="stat:usable"/>', Status.USABLE),
        ('<pubStatus qcode="stat:withheld"/>', Status.WITHHELD),
        ('<pubStatus qcode="stat:canceled"/>', Status.CANCELED),
        ('<pubStatus qcode="other:canceled"/>', Status.CANCELED),  # an alias of the provider's
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"/>', Status.WITHHELD),
        ('<embargoed/><pubStatus qcode="stat:canceled"/>', Status.CANCELED),
    ],
)
def test_pub_status_is_read_from_code_and_uri(meta: str, expected: Status) -> None:
    assert only(news_item(meta))["status"] is expected


@pytest.mark.parametrize(
    ("document", "where", "says"),
    [
        (news_item(attributes='guid="a" version="0"'), "newsItem[1]/@version", "positive"),
        (news_item(attributes='guid="a" version="-1"'), "newsItem[1]/@version", "positive"),
        (news_item(attributes='guid="a" version="1.5"'), "newsItem[1]/@version", "positive"),
        (news_item(attributes='version="1"'), "newsItem[1]/@guid", "missing"),
        (news_item(attributes='guid=" "'), "newsItem[1]/@guid", "missing"),
        (news_item("<embargoed>noon</embargoed>"), "/itemMeta/embargoed", "ISO 8601"),
        (news_item("<versionCreated>x</versionCreated>"), "/itemMeta/versionCreated", "ISO 8601"),
        (news_item('<pubStatus qcode="stat:maybe"/>'), "newsItem[1]", "status: "),
        (
            news_item(
                content='<contentSet><inlineData encoding="e:zip">x</inlineData></contentSet>'
            ),
            "/contentSet/inlineData/@encoding",
            "base64",
        ),
        (
            news_item(
                content='<contentSet><inlineData encoding="e:base64">?</inlineData></contentSet>'
            ),
            "/contentSet/inlineData",
            "no base64",
        ),
    ],
)
def test_what_the_standard_does_not_allow_is_named(document: bytes, where: str, says: str) -> None:
    (bad,) = bad_items(read("newsml-g2", document))

    assert bad.where.startswith("line 1, newsItem[1]")
    assert bad.where.endswith(where)
    assert says in bad.detail


def test_only_a_previous_version_under_another_id_is_replaced() -> None:
    def link(rel: str, target: str) -> bytes:
        return news_item(f'<link rel="{rel}" residref="{target}"/>')

    assert only(link("irel:previousVersion", "urn:x:0"))["replaces"] == "urn:x:0"
    assert "replaces" not in only(link("irel:previousVersion", "urn:x:1"))
    assert "replaces" not in only(link("irel:seeAlso", "urn:x:0"))


def test_data_in_base64_and_html_as_data_are_read() -> None:
    base64 = (
        '<contentSet><inlineData encoding="enc:base64">0J/QsNGA0L7QvA==</inlineData></contentSet>'
    )
    escaped = (
        '<contentSet><inlineData contenttype="text/html">&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two'
        "&lt;/p&gt;</inlineData></contentSet>"
    )

    assert only(news_item(content=base64))["text"] == "Паром"
    assert only(news_item(content=escaped))["text"] == "One\nTwo"


@pytest.mark.parametrize(
    ("meta", "created", "expected"),
    [
        (
            "<firstCreated>2026-11-22</firstCreated>",
            "2020-01-01",
            datetime(2026, 11, 22, tzinfo=UTC),
        ),
        ("", "2026-11-22T08:00:00Z", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("", "2026-11", None),  # truncated, as the schema allows
        ("", "", None),
    ],
)
def test_other_times_stand_in_for_a_missing_one(
    meta: str, created: str, expected: datetime | None
) -> None:
    content = f"<contentCreated>{created}</contentCreated></contentMeta>"
    document = news_item(meta).replace(b"</contentMeta>", content.encode())

    assert only(document).get("published_at") == expected


def test_the_description_stands_in_where_the_content_is_elsewhere() -> None:
    document = news_item(
        content='<contentSet><remoteContent href="http://x.example/"/></contentSet>'
    )
    described = document.replace(
        b"</contentMeta>", b"<description>In <b>short</b>.</description></contentMeta>"
    )

    assert "text" not in only(document)
    assert only(described)["text"] == "In short."


def test_a_broken_off_message_keeps_the_items_that_were_complete() -> None:
    whole = sample("message.newsml-g2.xml")
    items = read("newsml-g2", whole[: whole.index(b"urn:x:data")])

    assert [article.id for article in articles(items)] == ["urn:x:first", "urn:x:killed"]
    assert places(items)[-1].startswith("line 29")
    assert "not well-formed" in bad_items(items)[-1].detail


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (number, b"&l%d;" % (number - 1) * 10) for number in range(1, 10)
)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY l0 "ha">' + LAUGHS + b"]><newsItem>&l9;</newsItem>",
            "declaration",
            id="billion laughs",
        ),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><newsItem>&e;</newsItem>',
            "declaration",
            id="external entity",
        ),
        pytest.param(b"<newsItem>" * 5_000, "deeper than 200", id="deep nesting"),
        pytest.param(b"", "not well-formed", id="empty"),
        pytest.param(b"\xff\xfe\x00", "not well-formed", id="bytes"),
        pytest.param(b'{"uri": "x"}', "not well-formed", id="JSON"),
        pytest.param(b"<html><body/></html>", "'html'", id="HTML"),
        pytest.param(
            b'<?xml version="1.0" encoding="none"?><newsItem/>', "identifier", id="encoding"
        ),
        pytest.param(
            b'<newsItem guid="a"><itemMeta/><contentMeta><headline>\xff</headline>',
            "not well-formed",
            id="invalid UTF-8",
        ),
        pytest.param(
            f'<newsMessage xmlns="{NAR}"><itemSet/></newsMessage>'.encode(),
            "without an item",
            id="no items",
        ),
    ],
)
def test_a_document_that_is_refused_is_one_bad_item(document: bytes, says: str) -> None:
    (item,) = bad_items(read("newsml-g2", document))

    assert says in item.detail
    assert item.where.startswith("line ")


def test_a_document_type_is_not_followed() -> None:
    outside = b'<!DOCTYPE newsItem SYSTEM "http://127.0.0.1/x.dtd">'

    assert read("newsml-g2", outside + news_item()) == read("newsml-g2", news_item())


def test_nothing_after_an_entity_declaration_is_read() -> None:
    """Not even items that need no entity: the declaration itself is refused."""
    document = b'<!DOCTYPE x [<!ENTITY e "v">]>' + news_item()

    assert articles(read("newsml-g2", document)) == []
