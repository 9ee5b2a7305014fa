"""NewsML 1.x: identity and status by the DTD's clauses, and which component is the article."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from contracts.article import Status
from service.stories.intent import Intent, Wish, intent
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
from workers.feeds.formats import as_document, detected, of_media_type
from workers.feeds.reader import Skipped

PROVIDER = "<ProviderId>x.example</ProviderId>"
PARTS = f"{PROVIDER}<DateId>20261122</DateId><NewsItemId>7</NewsItemId>"
STEM = "urn:newsml:x.example:20261122:7"
USABLE = '<Status FormalName="Usable"/>'
TEXT = '<ContentItem><MediaType FormalName="Text"/><DataContent>Text</DataContent></ContentItem>'
COMPONENT = f"<NewsComponent><NewsLines><HeadLine>T</HeadLine></NewsLines>{TEXT}</NewsComponent>"


def newsml(identifier: str = PARTS, management: str = USABLE, content: str = COMPONENT) -> bytes:
    return (
        f"<NewsML>\n<NewsItem><Identification><NewsIdentifier>{identifier}</NewsIdentifier>"
        f"</Identification><NewsManagement>{management}</NewsManagement>{content}</NewsItem></NewsML>"
    ).encode()


def only(document: bytes) -> dict[str, object]:
    return said_of_one("newsml-1", document)


def content(text: str, role: str = "", inner: str = "") -> str:
    """A component of text."""
    said_role = f'<Role FormalName="{role}"/>' if role else ""
    item = TEXT.replace("Text<", f"{text}<")
    return f"<NewsComponent>{said_role}{inner}{item}</NewsComponent>"


def test_a_message_maps_whole_and_counts_what_is_no_text() -> None:
    items = read("newsml-1", sample("message.newsml-1.xml"))

    assert [said(article) for article in articles(items)] == [
        {
            "id": "urn:newsml:courier.example:20261122:HARBOUR-1",
            "title": "Ferry Aurora returns with 412 passengers",
            "text": "The ferry Aurora returned to Port Lorne on Sunday with 412 passengers & "
            "crew.\nIt had waited two days off the coast.",
            "source": "Eastern Courier",
            "lang": "en",
            "published_at": datetime(2026, 11, 22, 8, 15, tzinfo=UTC),
            "version": 3,
            "status": Status.USABLE,
            "signals": ("correction",),
            "slug": "HARBOUR-FERRY",
            "replaces": "urn:newsml:courier.example:20261121:HARBOUR-0",
        }
    ]
    assert skipped(items) == [
        Skipped("line 88, NewsItem[2]", "Photo"),
        Skipped("line 120, NewsItem[3]", "NewsItemRef"),
    ]
    assert len(items) == 3


def test_windows_1251_and_html_in_cdata_are_read() -> None:
    assert only(sample("russian.newsml-1.xml")) == {
        "id": "urn:newsml:volna.example:20261122:0417",
        "title": "Землетрясение магнитудой 5,6 произошло в долине Орван",
        "text": "ОРВАН, 22 ноября. Землетрясение магнитудой 5,6 произошло утром.\n"
        "Погибли трое, ранены 40 человек.",
        "source": "Волна-Информ",
        "lang": "ru",
        "published_at": datetime(2026, 11, 22, 6, 15, tzinfo=UTC),
        "version": 2,
        "status": Status.USABLE,
        "signals": ("update",),
        "slug": "Землетрясение-Орван",
    }


def test_a_document_type_is_read_past_and_the_abstract_is_not_the_text() -> None:
    document = as_document(sample("doctype.newsml-1.xml"), "wire")

    assert detected(document).name == "newsml-1"
    assert only(sample("doctype.newsml-1.xml")) == {
        "id": "tag:nordpost.example,2026:hafen",
        "title": "Hafen von Lorne wieder offen",
        "text": "Der Hafen von Lorne ist seit Sonntag wieder offen.",
        "source": "Nordpost",
        "published_at": datetime(2026, 11, 22, 8, 10, tzinfo=UTC),
        "version": 2,
        "status": Status.USABLE,
        "signals": ("correction",),
        "slug": "Hafen",
    }


def test_of_equivalents_the_one_in_the_items_language_is_read() -> None:
    french = only(sample("alternatives.newsml-1.xml"))
    english = only(sample("alternatives.newsml-1.xml").replace(b'xml:lang="fr"', b'xml:lang="en"'))

    assert (french["lang"], french["title"], french["text"]) == (
        "fr",
        "Le bac Aurora est de retour au port",
        "Le bac Aurora est rentré dimanche avec 412 passagers.",  # base64
    )
    assert (english["lang"], english["title"], english["text"]) == (
        "en",
        "Ferry Aurora is back in port",
        "The ferry Aurora returned on Sunday with 412 passengers.",
    )


def test_kills_by_status_and_by_instruction() -> None:
    first, second = articles(read("newsml-1", sample("kill.newsml-1.xml")))
    (killed,) = articles(read("newsml-1", sample("alternatives.newsml-1.xml")))

    assert intent(first) == Intent(Wish.KILL, killed.id, 2)
    assert intent(second) == Intent(Wish.KILL, "urn:newsml:alx.example:20261122:BAC-8", 3)


def test_an_embargo_ends_when_the_status_will_be_usable() -> None:
    found = articles(read("newsml-1", sample("embargo.newsml-1.xml")))

    assert [(each.status, each.embargoed) for each in found] == [
        (Status.USABLE, datetime(2026, 11, 23, 5, tzinfo=UTC)),
        (Status.USABLE, datetime(2026, 11, 23, 19, tzinfo=UTC)),  # withheld till then
        (Status.USABLE, None),  # it will be canceled: no embargo
    ]


def test_what_is_not_understood_or_asks_for_an_embargo_is_withheld() -> None:
    items = read("newsml-1", sample("withheld.newsml-1.xml"))

    assert [each.status for each in articles(items)] == [Status.WITHHELD] * 3
    assert [note.where for note in notes(items)] == [
        "line 6, NewsItem[1]/NewsManagement/StatusWillChange/DateAndTime",
        "line 37, NewsItem[2]/NewsManagement/Status/@FormalName",
        "line 64, NewsItem[3]/NewsManagement/StatusWillChange/DateAndTime",
    ]


def test_what_would_lose_words_is_told_and_bad_fields_cost_themselves() -> None:
    items = read("newsml-1", sample("bad.newsml-1.xml"))

    assert places(items) == [
        "line 6, NewsItem[1]/Update",
        "line 26, NewsItem[2]",
        "line 43, NewsItem[3]/Identification/NewsIdentifier/PublicIdentifier",
        "line 97, NewsItem[5]/NewsComponent/ContentItem",
    ]
    (article,) = articles(items)
    assert article.title == "Le bac Borée part lundi"
    assert article.published_at == datetime(2026, 11, 22, 10, tzinfo=UTC)  # FirstCreated
    assert [note.where for note in notes(items)] == [
        "line 70, NewsItem[4]/NewsManagement/ThisRevisionCreated",
        "line 70, NewsItem[4]/Identification/NewsIdentifier/RevisionId",
    ]


def public(identifier: str, revision: str = "", parts: str = PARTS) -> str:
    said_revision = f"<RevisionId>{revision}</RevisionId>" if revision else ""
    return f"{parts}{said_revision}<PublicIdentifier>{identifier}</PublicIdentifier>"


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        (public(f"{STEM}:3", "3"), STEM),
        (public(f"{STEM}:3U", "3"), STEM),
        (public(f"{STEM}:4", "3"), STEM),
        (public(STEM, "7"), STEM),
        (public("", "3"), STEM),
        (PARTS, STEM),
        # The parts are not all there, or are not those of the identifier.
        (public(f"{STEM}:3", "3", ""), STEM),
        (public(f"{STEM}:3N", "", ""), STEM),
        (public("urn:newsml:x.example:77:1N", "1"), "urn:newsml:x.example:77"),
        (public("urn:newsml:x.example:20261122:1", "1", "<NewsItemId>1</NewsItemId>"),
         "urn:newsml:x.example:20261122:1"),
        (public("urn:newsml:x.example:20261122:12345", "1", ""),
         "urn:newsml:x.example:20261122:12345"),
        (public("tag:x.example,2026:7:2N", "2"), "tag:x.example,2026:7"),
        (public("77:2", "2", PROVIDER), "x.example#77"),
        (f"{PROVIDER}<NewsItemId>7</NewsItemId>", "x.example#7"),
        ("<NewsItemId>7</NewsItemId>", "7"),
    ],
)  # fmt: skip
def test_revisions_of_an_item_share_its_id(identifier: str, expected: str) -> None:
    assert only(newsml(identifier))["id"] == expected


@pytest.mark.parametrize(
    ("revision", "expected"),
    [("<RevisionId>3</RevisionId>", 3), ("<RevisionId> 03N </RevisionId>", 3), ("", 1795334400)],
)
def test_versions(revision: str, expected: int) -> None:
    created = "<ThisRevisionCreated>20261122T080000Z</ThisRevisionCreated>"

    assert only(newsml(PARTS + revision, created + USABLE))["version"] == expected


def test_a_kill_without_a_revision_is_of_all() -> None:
    created = "<ThisRevisionCreated>20261122T080000Z</ThisRevisionCreated>"
    kill = newsml(PARTS, f'{created}<Status FormalName="Canceled"/>', "")

    assert "version" not in only(kill)


def status(word: str, more: str = "") -> str:
    return f'<Status FormalName="{word}"/>{more}'


def change(future: str, when: str) -> str:
    future = f'<FutureStatus FormalName="{future}"/>' if future else ""
    return f"<StatusWillChange>{future}<DateAndTime>{when}</DateAndTime></StatusWillChange>"


def instruction(word: str, earlier: str = "") -> str:
    inner = f"<RevisionStatus>{status(earlier)}</RevisionStatus>" if earlier else ""
    return f'<Instruction FormalName="{word}">{inner}</Instruction>'


TIME = "20261123T080000Z"
UNTIL = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("management", "expected", "embargoed"),
    [
        (status("Usable"), Status.USABLE, None),
        (status("STATUS:usable"), Status.USABLE, None),
        ("", Status.USABLE, None),
        (status("Withheld"), Status.WITHHELD, None),
        (status("Canceled"), Status.CANCELED, None),
        (status("Cancelled"), Status.CANCELED, None),
        (status("Embargoed"), Status.WITHHELD, None),
        (status("Embargoed", change("Usable", TIME)), Status.USABLE, UNTIL),
        (status("Embargoed", change("", TIME)), Status.USABLE, UNTIL),
        (status("Usable", change("Usable", TIME)), Status.USABLE, UNTIL),
        (status("Withheld", change("Usable", TIME)), Status.USABLE, UNTIL),
        (status("Withheld", change("Canceled", TIME)), Status.WITHHELD, None),
        (status("Usable", change("Withheld", TIME)), Status.USABLE, None),
        (status("Usable", change("Withheld", "x") + change("Usable", TIME)), Status.USABLE, UNTIL),
        (status("Usable", change("Usable", "")), Status.USABLE, None),
        (status("Embargoed", change("Usable", "")), Status.WITHHELD, None),
        (status("Embargoed", change("Usable", "soon")), Status.WITHHELD, None),
        (status("Usable", instruction("Delete")), Status.CANCELED, None),
        # The status is that of earlier revisions: this one takes their place.
        (status("Usable", instruction("Cancel", "Canceled")), Status.USABLE, None),
    ],
)
def test_status_and_embargo(management: str, expected: Status, embargoed: datetime | None) -> None:
    (article,) = articles(read("newsml-1", newsml(management=management)))

    assert (article.status, article.embargoed) == (expected, embargoed)


def test_an_item_of_nothing_that_cancels_earlier_revisions_is_a_kill() -> None:
    management = status("Usable", instruction("Cancel", "Canceled"))

    assert only(newsml(management=management, content=""))["status"] is Status.CANCELED


LINES = "<NewsLines><HeadLine>Far</HeadLine></NewsLines>"
NEAR = "<NewsLines><HeadLine>Near</HeadLine></NewsLines>"
FR = '<DescriptiveMetadata><Language FormalName="fr"/></DescriptiveMetadata>'
NL = '<DescriptiveMetadata><Language FormalName="nl"/></DescriptiveMetadata>'
MIME = "<ContentItem Href='a'><MimeType FormalName='{}'/></ContentItem>"
PHOTO = '<ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem>'


@pytest.mark.parametrize(
    ("inner", "title", "text"),
    [
        (LINES + content("One") + content("Two"), "Far", "One\nTwo"),
        (LINES + content("One", inner=NEAR), "Near", "One"),
        (LINES + content("Short", "Abstract") + content("One", "Main"), "Far", "One"),
        (LINES + content("More", "Background") + content("One", "Main"), "Far", "One"),
        (LINES + content("One", "Copy"), "Far", "One"),
        (LINES + content("Far", "Title") + content("One", "Lead") + content("Two", "Body"), "Far",
         "One\nTwo"),
        (LINES + content("Short", "Abstract"), "Far", "Short"),
        (LINES + content("Un", "Text", FR) + content("Een", "Text", NL), "Far", "Un"),
        (LINES + content("Ship", "Caption", PHOTO) + content("One"), "Far", "One"),
        (LINES, "Far", None),
        (content("&lt;Kino&gt; ist R&amp;amp;D"), None, "<Kino> ist R&amp;D"),
        (content("<nitf><body><body.head><hedline><hl1>Own</hl1></hedline></body.head>"
                 "<body.content><p>One</p></body.content></body></nitf>"), "Own", "One"),
        (content("<html><head><title>H</title></head><body><p>One</p></body></html>"), "H", "One"),
    ],
)  # fmt: skip
def test_which_component_is_the_article(inner: str, title: str | None, text: str | None) -> None:
    found = only(newsml(content=f"<NewsComponent>{inner}</NewsComponent>"))

    assert (found.get("title"), found.get("text") or None) == (title, text)


def test_the_headline_is_in_the_languages_of_the_text() -> None:
    two = '<HeadLine xml:lang="fr">Bac</HeadLine><HeadLine xml:lang="nl">Veer</HeadLine>'
    inner = f"<NewsLines>{two}</NewsLines>{NL}{TEXT}"

    found = only(newsml(content=f"<NewsComponent>{inner}</NewsComponent>"))

    assert (found["title"], found["lang"]) == ("Veer", "nl")


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        (f"<NewsComponent>{LINES}{PHOTO}</NewsComponent>", "Photo"),
        (f"<NewsComponent>{PHOTO}{content('Ship', 'Caption')}</NewsComponent>", "Photo"),
        (f"<NewsComponent>{MIME.format('video/mp4')}</NewsComponent>", "video/mp4"),
        (f"<NewsComponent>{MIME.format('image/svg+xml')}</NewsComponent>", "image/svg+xml"),
        ("<NewsComponent><ContentItem Href='a.mp4'/></NewsComponent>", "Href"),
        ("<NewsComponent><NewsItemRef NewsItem='#a'/></NewsComponent>", "NewsItemRef"),
        ("<TopicSet FormalName='Countries'><Topic/></TopicSet>", "TopicSet"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_skipped_under_its_own_name(inner: str, kind: str) -> None:
    items = read("newsml-1", newsml(content=inner))

    assert items == [Skipped("line 2, NewsItem[1]", kind)]


def test_items_within_an_item_are_items() -> None:
    inner = newsml(PARTS.replace(">7<", ">8<"))
    inner = inner[inner.index(b"<NewsItem>") : inner.index(b"</NewsML>")]
    outer = newsml(content=f"<NewsComponent>{inner.decode()}</NewsComponent>")

    items = read("newsml-1", outer)

    assert skipped(items) == [Skipped("line 2, NewsItem[1]", "NewsItem")]
    assert [each.id for each in articles(items)] == [STEM[:-1] + "8"]


@pytest.mark.parametrize(
    ("encoding", "detail"),
    [
        ("<Encoding Notation='gzip'><DataContent>x</DataContent></Encoding>", "expected base64"),
        ("<Encoding Notation='base64'/>", "expected base64 and DataContent"),
        ("<Encoding Notation='base64'><DataContent>?</DataContent></Encoding>", "no base64"),
    ],
)
def test_a_text_that_cant_be_decoded_is_told(encoding: str, detail: str) -> None:
    inner = f'<ContentItem><MediaType FormalName="Text"/>{encoding}</ContentItem>'
    broken = f"<NewsComponent>{LINES}{inner}</NewsComponent>"

    (bad,) = bad_items(read("newsml-1", newsml(content=broken)))
    other = only(newsml(content=f"<NewsComponent>{LINES}{inner}{TEXT}</NewsComponent>"))

    assert detail in bad.detail
    assert bad.article_id == STEM
    assert other["text"] == "Text"


def test_text_in_base64_is_decoded_by_its_own_declaration() -> None:
    nitf = (
        '<?xml version="1.0" encoding="windows-1251"?><nitf><body><body.head>Шапка</body.head>'
        "<body.content><p>Паром вернулся</p></body.content></body></nitf>"
    )
    data = b64encode(nitf.encode("windows-1251")).decode()
    encoding = f"<Encoding Notation='base64'><DataContent>{data}</DataContent></Encoding>"
    inner = f'<ContentItem><MediaType FormalName="Text"/>{encoding}</ContentItem>'

    assert (
        only(newsml(content=f"<NewsComponent>{inner}</NewsComponent>"))["text"] == "Паром вернулся"
    )


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ('<AssociatedWith FormalName="Replaces" NewsItem="urn:newsml:x:20261121:1:4"/>',
         "urn:newsml:x:20261121:1"),
        ('<AssociatedWith FormalName="Replaces" NewsItem="urn:newsml:x:20261121:1"/>',
         "urn:newsml:x:20261121:1"),
        ('<DerivedFrom FormalName="PreviousVersion" NewsItem="urn:x:1"/>', "urn:x:1"),
        ('<AssociatedWith NewsItem="urn:newsml:x:20261121:1:4"/>', None),
        ('<AssociatedWith FormalName="Photo" NewsItem="urn:newsml:x:20261121:1:4"/>', None),
        (f'<AssociatedWith FormalName="Replaces" NewsItem="{STEM}:1"/>', None),
    ],
)  # fmt: skip
def test_what_an_item_replaces(relation: str, expected: str | None) -> None:
    assert only(newsml(management=USABLE + relation)).get("replaces") == expected


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        (b"<rss/>", "root element 'rss', expected NewsML"),
        (b"<NewsML/>", "NewsML without a NewsItem"),
        (b"<NewsML><NewsItem>", "not well-formed"),
        (b"", "not well-formed"),
        (b'<!DOCTYPE NewsML [<!ENTITY a "b">]><NewsML/>', "entity declaration"),
    ],
)
def test_what_is_no_message_is_one_bad_item(document: bytes, detail: str) -> None:
    (found,) = bad_items(read("newsml-1", document))

    assert detail in found.detail


def test_the_media_type() -> None:
    found = of_media_type("text/vnd.IPTC.NewsML")
    assert found
    assert found.name == "newsml-1"


def test_a_kill_that_holds_nothing_is_nobodys() -> None:
    """Its item was from the party that its component names; the owner of another name would not
    be obeyed."""
    kill = only(newsml(management='<Status FormalName="Canceled"/>', content=""))

    assert (kill["id"], kill["status"]) == (STEM, Status.CANCELED)
    assert "source" not in kill
