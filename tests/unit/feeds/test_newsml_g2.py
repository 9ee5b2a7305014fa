"""NewsML-G2: each property where the article's contract has it, and no XML that bites."""

from datetime import UTC, datetime

import pytest

from contracts.article import Status
from contracts.fields import MAX_SIGNALS
from tests.support.feeds.samples import (
    articles,
    bad_items,
    notes,
    places,
    read,
    said,
    said_of_one,
    sample,
    skipped,
)
from workers.feeds.formats import as_document, detected
from workers.feeds.reader import Skipped

NAR = "http://iptc.org/std/nar/2006-10-01/"


def news_item(meta: str = "", content: str = "", attributes: str = 'guid="urn:x:1"') -> bytes:
    return (
        f'<newsItem xmlns="{NAR}" {attributes}>\n<itemMeta>{meta}</itemMeta>'
        f"<contentMeta><headline>T</headline></contentMeta>{content}</newsItem>"
    ).encode()


def only(document: bytes) -> dict[str, object]:
    return said_of_one("newsml-g2", document)


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
        },
        {  # no version: all of them
            "id": "urn:x:killed",
            "source": "courier",
            "published_at": datetime(2026, 11, 22, 10, tzinfo=UTC),
            "status": Status.CANCELED,
        },
        {
            "id": "urn:x:data",
            "text": "Паром вернулся.\nПассажиры сошли.",
            "source": "Северный телеграф",
            "published_at": datetime(2026, 11, 22, 9, 57, tzinfo=UTC),
            "version": 2,
        },
    ]
    assert places(items) == ["line 30, newsItem[3]/contentSet/inlineData", "line 36, newsItem[4]"]
    assert skipped(items) == [
        Skipped("line 5, packageItem[1]", "packageItem"),
        Skipped("line 25, newsItem[2]", "picture"),
    ]
    assert [each.where for each in notes(items)] == ["line 10, newsItem[1]/itemMeta/embargoed"]


def test_a_bad_item_shows_its_own_source_and_no_more() -> None:
    first, _ = bad_items(read("newsml-g2", sample("message.newsml-g2.xml")))

    assert first.fragment.startswith(b'<newsItem guid="urn:x:second" version="1"')
    assert first.fragment.endswith(b"</newsItem>")
    assert first.fragment.count(b"<newsItem") == 1


def test_what_stands_around_a_text_is_not_read() -> None:
    """The clock, keywords, a caption, a note to editors; a table is text, wherever it stands."""
    article = only(sample("xhtml.newsml-g2.xml"))

    assert article == {
        "id": "urn:newsml:nordkurier.example:20261122:faehre",
        "title": "Fähre zwischen Lübeck und Orvik fährt wieder",
        "text": "Lübeck (nk) - Die Fähre nach Orvik hat am Sonntag wieder abgelegt.\n"
        "Abfahrt Ankunft\n08:15 10:40\nHin 12 Euro\nZurück 9 Euro",
        "source": "Nordkurier",
        "lang": "de",
        "published_at": datetime(2026, 11, 22, 10, 14, 42, tzinfo=UTC),
        "version": 3,
        "status": Status.USABLE,
        "slug": "FÄHRE-LÜBECK",
        "replaces": "urn:newsml:nordkurier.example:20261121:faehre-eil",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "cp1251.newsml-g2.xml",
            {
                "id": "urn:newsml:volna.example:20261122:ferry",
                "title": "Паром вернулся в порт",
                "text": "Паром «Орвик» вернулся в порт.\nНа борту кафе <Кино> — 3 < 5.",
                "source": "Волна-Информ",
                "lang": "ru",
                "published_at": datetime(2026, 11, 22, 8, tzinfo=UTC),
                "version": 2,
                "status": Status.USABLE,
                "signals": ("update",),
            },
        ),
        (
            "envelope.newsml-g2.xml",
            {
                "id": "urn:newsml:visti.example:20261122:porom",
                "title": "Пором повернувся до порту",
                "text": "Пором повернувся до порту.\nПасажири зійшли.",
                "source": "Вісті",
                "lang": "uk",
                "published_at": datetime(2026, 11, 22, 8, tzinfo=UTC),
                "version": 1,
                "status": Status.WITHHELD,
                "embargoed": datetime(2026, 11, 22, 16, tzinfo=UTC),
            },
        ),
        (
            "kill.newsml-g2.xml",
            {
                "id": "urn:newsml:volna.example:20261122:quake",
                "source": "Волна-Информ",
                "lang": "ru",
                "published_at": datetime(2026, 11, 22, 9, 40, tzinfo=UTC),
                "version": 5,
                "status": Status.CANCELED,
                "signals": ("kill",),
            },
        ),
    ],
)
def test_a_sample_maps_whole(name: str, expected: dict[str, object]) -> None:
    assert only(sample(name)) == expected


def test_flaws_cost_themselves_and_a_missing_identifier_its_item() -> None:
    items = read("newsml-g2", sample("flawed.newsml-g2.xml"))

    found = [said(article) for article in articles(items)]
    assert [(each["id"], each.get("version"), each.get("status")) for each in found] == [
        ("urn:x:zwei", None, None),
        ("urn:x:noon", 1, Status.WITHHELD),  # its embargo can't be read
        ("urn:x:hold", 1, Status.WITHHELD),  # its embargo is empty, its note asks for one
        ("phare#17", 1, Status.WITHHELD),  # its status is not known
    ]
    assert found[0]["text"] == "Le bac a repris la mer.\nDépart à 8 h & 10 h."
    assert found[0]["published_at"] == datetime(2026, 11, 22, 9, tzinfo=UTC)  # firstCreated
    assert places(items) == ["line 10, newsItem[2]/@guid"]
    assert [each.where for each in notes(items)] == [
        "line 5, newsItem[1]/itemMeta/versionCreated",
        "line 5, newsItem[1]/@version",
        "line 11, newsItem[3]/itemMeta/embargoed",
        "line 15, newsItem[4]/itemMeta/embargoed",
        "line 19, newsItem[5]/itemMeta/pubStatus",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sports.newsml-g2.xml", ["sports-content", "statistics"]),
        ("concept.newsml-g2.xml", ["conceptItem"]),
        ("planning.newsml-g2.xml", ["planningItem"]),
    ],
)
@pytest.mark.parametrize("by", ["newsml-g2", "auto"])
def test_what_is_no_text_is_skipped_by_its_own_word(
    name: str, expected: list[str], by: str
) -> None:
    document = sample(name)
    format_name = detected(as_document(document, name), name).name if by == "auto" else by

    items = read(format_name, document)

    assert [each.kind for each in skipped(items)] == expected
    assert bad_items(items) == []


def test_a_story_of_sports_is_text() -> None:
    article = only(sample("sports.newsml-g2.xml"))

    assert (article["title"], article["text"]) == ("Orvik beat Lund", "Orvik beat Lund 2-1.")


@pytest.mark.parametrize(
    "root", ["packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"]
)
def test_other_items_are_known_by_their_root_and_skipped(root: str) -> None:
    document = f'<{root} xmlns="{NAR}" guid="urn:x:1"/>'.encode()

    found = as_document(document, "wire")

    assert list(detected(found).read(found)) == [Skipped(f"line 1, {root}[1]", root)]


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ('<pubStatus qcode="stat:usable"/>', Status.USABLE),
        ('<pubStatus qcode="stat:withheld"/>', Status.WITHHELD),
        ('<pubStatus qcode="stat:canceled"/>', Status.CANCELED),
        ('<pubStatus qcode="other:canceled"/>', Status.CANCELED),  # an alias of the provider's
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"/>', Status.WITHHELD),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatus/cancelled/"/>', Status.CANCELED),
        ('<pubStatus qcode="stat:Cancelled"/>', Status.CANCELED),
        ('<pubStatus literal="Usable"/>', Status.USABLE),
        ("<pubStatus>withheld</pubStatus>", Status.WITHHELD),
        ('<pubStatus qcode="stat:maybe"/>', Status.WITHHELD),
        ('<pubStatus qcode="x:killed"/>', Status.CANCELED),
        ('<embargoed/><pubStatus qcode="stat:usable"/>', Status.USABLE),
        ('<embargoed/><pubStatus qcode="stat:withheld"/>', Status.WITHHELD),
        ('<embargoed>0</embargoed><pubStatus qcode="stat:usable"/>', Status.WITHHELD),
        ('<embargoed>?</embargoed><pubStatus qcode="stat:canceled"/>', Status.CANCELED),
        ('<embargoed/><pubStatus qcode="stat:canceled"/>', Status.CANCELED),
    ],
)
def test_pub_status_is_read_from_code_and_uri(meta: str, expected: Status) -> None:
    assert only(news_item(meta))["status"] is expected


@pytest.mark.parametrize(
    ("document", "where", "says"),
    [
        (news_item(attributes='version="1"'), "newsItem[1]/@guid", "missing"),
        (news_item(attributes='guid=" "'), "newsItem[1]/@guid", "missing"),
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


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('rel="irel:previousVersion" residref="urn:x:0"', "urn:x:0"),
        ('rel="irel:prevVersion" residref="urn:x:0" version="3"', "urn:x:0"),
        ('rel="itemrel:PreviousVersion" href=" http://x.example/0 "', "http://x.example/0"),
        (
            'reluri="http://cv.iptc.org/newscodes/itemrelation/previousVersion" residref="urn:x:0"',
            "urn:x:0",
        ),
        ('rel="irel:prevVersion" residref="urn:x:1"', None),
        ('rel="irel:prevVersion" residref="urn:x:1" version="1"', None),
        ('rel="irel:prevVersion" residref="urn:x:1:1132689232"', None),  # a version of this one
        ('rel="irel:prevVersion" residref="urn:x:10"', "urn:x:10"),
        ('rel="irel:prevVersion"', None),
        ('rel="irel:seeAlso" residref="urn:x:0"', None),
        ('rel="irel:derivedFrom" residref="urn:x:0"', None),
    ],
)
def test_only_a_previous_version_under_another_id_is_replaced(
    link: str, expected: str | None
) -> None:
    assert only(news_item(f"<link {link}/>")).get("replaces") == expected


def test_of_two_previous_versions_the_first_in_rank_is_replaced() -> None:
    first = '<link rel="irel:prevVersion" rank="2" residref="urn:x:a"/>'
    second = '<link rel="irel:prevVersion" rank="1" residref="urn:x:b"/>'

    assert only(news_item(first + second))["replaces"] == "urn:x:b"


@pytest.mark.parametrize(
    ("headlines", "expected"),
    [
        ('<headline rank="2">B</headline><headline rank="1">A</headline>', "A"),
        ('<headline>B</headline><headline rank="7">A</headline>', "A"),
        ('<headline rank="x">A</headline><headline rank="-1">B</headline>', "A"),
        ('<headline role="hld:subHeadline">B</headline><headline>A</headline>', "A"),
        ('<headline role="hl:short">B</headline><headline role="hldrole:main">A</headline>', "A"),
        ('<headline role="hl:seo" rank="1">B</headline><headline role="h:main">A</headline>', "A"),
        ('<headline xml:lang="fr">B</headline><headline xml:lang="en-GB">A</headline>', "A"),
        ("<headline> </headline><headline>A<br/>B</headline>", "A B"),
        ('<headline roleuri="http://x.example/subheadline">B</headline>', None),
    ],
)
def test_the_main_headline_is_taken(headlines: str, expected: str | None) -> None:
    document = news_item(attributes='guid="urn:x:1" xml:lang="en"', content=_xhtml("<p>x</p>"))
    document = document.replace(b"<headline>T</headline>", headlines.encode())

    assert only(document).get("title") == expected


def _xhtml(body: str, head: str = "") -> str:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return f"<contentSet><inlineXML>{html}</inlineXML></contentSet>"


@pytest.mark.parametrize(
    ("content", "meta", "title", "text"),
    [
        (
            _xhtml("<header><h1>A<br/>B</h1></header><p>x</p>", "<title>T</title>"),
            "",
            "A B",
            "x",
        ),
        (_xhtml("<h1>A</h1><p>x</p><h1>C</h1>"), "<title>M</title>", "A", "x\nC"),
        (_xhtml("<p>x</p>", "<title>T</title>"), "<title>M</title>", "T", "x"),
        (_xhtml("<p>x</p>"), "<title>M</title>", "M", "x"),
        (
            _xhtml(
                "<body.head><hedline><hl1>A</hl1><hl2>S</hl2></hedline></body.head>"
                "<body.content><p>x</p></body.content>",
                "<title>T</title>",
            ),
            "",
            "A",
            "x",
        ),
    ],
)
def test_the_content_s_own_headline_stands_in(
    content: str, meta: str, title: str, text: str
) -> None:
    document = news_item(meta, content).replace(b"<headline>T</headline>", b"<headline/>")

    article = only(document)

    assert (article["title"], article["text"]) == (title, text)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>a</p><nav>Menu</nav><p>b</p><footer><p>c</p></footer>", "a\nb"),
        ("<header>Kultur</header>a", "a"),
        ("<figure><img/><figcaption>c</figcaption></figure><p>a</p>", "a"),
        ("<figure><div><table><tr><td>1</td><td>2</td></tr></table></div>c</figure>", "1 2"),
        ("<p>a<ruby>b<rt>c</rt></ruby></p>", "ab"),
        ("<p>a</p><h1>T</h1><p>b</p>", "a\nb"),  # what the headline says already
        ("<div>a<br/>b</div>c", "a\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<p>a\nb</p>", "a b"),
    ],
)
def test_a_body_is_read_as_a_reader_sees_it(body: str, text: str) -> None:
    assert only(news_item(content=_xhtml(body)))["text"] == text


@pytest.mark.parametrize(
    ("data", "attributes", "text"),
    [
        ("<![CDATA[<p>\n One\nline</p><p>Two</p>]]>", 'contenttype="text/plain"', "One line\nTwo"),
        ("<![CDATA[One<br>Two &amp; three]]>", "", "One\nTwo & three"),
        (
            "At the &lt;Kino&gt; 3 &lt; 5\nTwo",
            'contenttype="text/plain"',
            "At the <Kino> 3 < 5\nTwo",
        ),
        ("R&amp;amp;D", 'contenttype="Text/Plain; charset=utf-8"', "R&amp;D"),
        (
            "<![CDATA[<header><p>11:14</p></header><p>One</p><footer>x</footer>]]>",
            'contenttype="text/html"',
            "One",
        ),
        ("<![CDATA[<header><p>One</p>]]>", 'contenttype="text/html"', "One"),  # never ends
        ("<p>One</p><p>Two</p>", 'contenttype="text/html"', "One\nTwo"),
        (
            "<![CDATA[<nitf><hl1>A</hl1><body.content>R&amp;D</body.content></nitf>]]>",
            'contenttype="application/nitf+xml"',
            "R&D",
        ),
        (
            "<![CDATA[<p>One</p><figure><table><td>1</td><td>2</td></table>c</figure>]]>",
            "",
            "One\n1 2",
        ),
        ("z+Dw7uw=", 'contenttype="text/plain; charset=windows-1251" encoding="e:Base64"', "Паром"),
    ],
)
def test_inline_data_is_read_by_what_it_is(data: str, attributes: str, text: str) -> None:
    content = f"<contentSet><inlineData {attributes}>{data}</inlineData></contentSet>"

    assert only(news_item(content=content))["text"] == text


def test_data_has_a_headline_of_its_own_too() -> None:
    data = "<![CDATA[<html><body><header><h1>A</h1></header><p>One</p></body></html>]]>"
    content = f"<contentSet><inlineData contenttype='text/html'>{data}</inlineData></contentSet>"
    document = news_item(content=content).replace(b"<headline>T</headline>", b"")

    article = only(document)

    assert (article["title"], article["text"]) == ("A", "One")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("<p>Sperrfrist 12.00 Uhr</p>", Status.WITHHELD),
        ("<ul><li>Embargo</li></ul><p>11:14</p>", None),  # what it is about
    ],
)
def test_a_note_around_the_text_asks_to_hold_too(header: str, expected: Status | None) -> None:
    body = _xhtml(f"<header>{header}</header><p>One</p>")

    assert only(news_item("<embargoed/>", body)).get("status") == expected
    assert only(news_item("", body)).get("status") is None


def test_a_prolog_in_data_is_passed_over() -> None:
    data = "<![CDATA[\n<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE nitf SYSTEM 'x.dtd'>{}]]>"
    nitf = "<nitf><hl1>A</hl1><body.content><p>One&nbsp;two</p></body.content></nitf>"
    content = f"<contentSet><inlineData>{data.format(nitf)}</inlineData></contentSet>"

    assert only(news_item(content=content))["text"] == "One two"


def test_the_first_rendition_with_words_is_taken() -> None:
    bad = '<inlineData encoding="e:base64">?</inlineData>'
    chart = "<inlineXML><svg><text>12</text></svg></inlineXML>"
    plain = "<inlineData>One</inlineData>"

    for renditions in (bad + plain, plain + bad, plain + chart, chart + plain):
        assert only(news_item(content=f"<contentSet>{renditions}</contentSet>"))["text"] == "One"


@pytest.mark.parametrize(
    ("meta", "renditions", "kind"),
    [
        ("", '<remoteContent contenttype="image/jpeg" href="x"/>', "image/jpeg"),
        ("", '<remoteContent href="x"/>', "remoteContent"),
        (
            "",
            '<inlineData contenttype="image/png" encoding="e:base64">AAAA</inlineData>',
            "image/png",
        ),
        ("", "<inlineXML><kml><Point/></kml></inlineXML>", "kml"),
        ('<itemClass qcode="ninat:text"/>', "<inlineXML><events/></inlineXML>", "events"),
        ('<itemClass qcode="ninat:Picture"/>', "<inlineData>A caption</inlineData>", "picture"),
        ('<itemClass literal="video"/>', "", "video"),
    ],
)
def test_an_item_whose_content_is_no_text_is_skipped(meta: str, renditions: str, kind: str) -> None:
    items = read("newsml-g2", news_item(meta, f"<contentSet>{renditions}</contentSet>"))

    assert items == [Skipped("line 1, newsItem[1]", kind)]


def test_a_kill_is_heard_whatever_its_content() -> None:
    meta = '<pubStatus qcode="stat:canceled"/>'
    for content in (
        '<remoteContent contenttype="image/jpeg" href="x"/>',
        '<inlineData encoding="e:zip">x</inlineData>',
    ):
        article = only(news_item(meta, f"<contentSet>{content}</contentSet>"))

        assert article["status"] is Status.CANCELED


@pytest.mark.parametrize(
    ("guid", "origin", "expected"),
    [
        ("urn:x:1", "https://x.example/", "urn:x:1"),
        ("tag:x.example,2026:1", "https://x.example/", "tag:x.example,2026:1"),
        ("17", "https://x.example/", "https://x.example/#17"),
        ("17", "night.xml", "17"),  # the same item comes in another file
    ],
)
def test_an_id_is_unique_among_feeds(guid: str, origin: str, expected: str) -> None:
    (article,) = articles(read("newsml-g2", news_item(attributes=f'guid="{guid}"'), origin))

    assert article.id == expected


def test_an_id_and_the_one_it_replaces_are_their_provider_s() -> None:
    provider = '<provider qcode="nprov:XY"/><link rel="irel:prevVersion" residref="16"/>'

    article = only(news_item(provider, attributes='guid="17"'))

    assert (article["id"], article["replaces"]) == ("xy#17", "xy#16")


def test_a_version_of_nought_is_below_the_first() -> None:
    note, _ = items = read("newsml-g2", news_item(attributes='guid="urn:x:1" version="0"'))

    assert note in notes(items)
    assert [each.version for each in articles(items)] == [0]


def test_more_signals_than_an_article_has_cost_nothing() -> None:
    many = "".join(f'<signal qcode="s:n{number}"/>' for number in range(MAX_SIGNALS + 1))

    (article,) = articles(read("newsml-g2", news_item(f'<signal qcode="sig:Update"/>{many}')))

    assert article.signals[0] == "update"
    assert len(article.signals) == MAX_SIGNALS


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
    """A caption is a picture's; the class that an item gives itself counts."""
    document = news_item(
        '<itemClass qcode="ninat:text"/>',
        '<contentSet><remoteContent href="http://x.example/"/></contentSet>',
    )
    described = document.replace(
        b"</contentMeta>",
        b"<description role='drol:caption' rank='1'>A ferry</description>"
        b"<description role='drol:summary'>In <b>short</b>.</description></contentMeta>",
    )

    assert "text" not in only(document)
    assert only(described)["text"] == "In short."


def test_a_broken_document_keeps_its_whole_items() -> None:
    items = read("newsml-g2", sample("broken.newsml-g2.xml"))

    assert [article.id for article in articles(items)] == ["urn:x:whole"]
    assert places(items) == ["line 11"]


def test_a_broken_off_message_keeps_the_items_that_were_complete() -> None:
    whole = sample("message.newsml-g2.xml")
    items = read("newsml-g2", whole[: whole.index(b"urn:x:data")])

    assert [article.id for article in articles(items)] == ["urn:x:first", "urn:x:killed"]
    assert places(items)[-1].startswith("line 44")
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
