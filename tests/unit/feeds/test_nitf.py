"""NITF: each field by the schema's clause, and what agencies leave out or fill in wrongly."""

from datetime import UTC, datetime

import pytest

from contracts.article import Status
from service.stories.intent import Intent, Wish, intent
from tests.support.feeds.samples import (
    articles,
    bad_items,
    notes,
    read,
    said_of_one,
    sample,
    skipped,
)
from workers.feeds.formats import as_document, detected, of_media_type
from workers.feeds.reader import Skipped

BODY = "<body><body.content><p>Text</p></body.content></body>"


def nitf(data: str = "", attributes: str = "", body: str = BODY, head: str = "") -> bytes:
    data = data or '<doc-id regsrc="X" id-string="1"/>'
    docdata = f"<docdata {attributes}>{data}</docdata>"
    return f"<nitf><head><title>T</title>{head}{docdata}</head>{body}</nitf>".encode()


def only(document: bytes) -> dict[str, object]:
    return said_of_one("nitf", document)


def test_a_document_maps_whole() -> None:
    assert only(sample("text.nitf.xml")) == {
        "id": "courier.example#courier-4411",
        "title": "Ferry Aurora returns with 412 passengers",
        "text": "The ferry Aurora returned to Port Lorne on Sunday with 412 passengers & crew.\n"
        "It had waited two days off the coast.\n"
        "Day Wind\n"
        "Friday 32 m/s",
        "source": "courier.example",
        "lang": "en-GB",
        "published_at": datetime(2026, 11, 22, 8, 15, tzinfo=UTC),
        "version": 3,
        "status": Status.USABLE,  # its release is its issue: no embargo
        "signals": ("correction",),
        "slug": "HARBOUR-FERRY/ (UPDATE 2)",
        "replaces": "courier.example#courier-4410",
    }
    assert notes(read("nitf", sample("text.nitf.xml"))) == []


def test_windows_1251_is_read() -> None:
    assert only(sample("russian.nitf.xml")) == {
        "id": "Волна-Информ#2026-11-22/0417",
        "title": "Землетрясение магнитудой 5,6 произошло в долине Орван",
        "text": "ОРВАН, 22 ноября. Землетрясение магнитудой 5,6 произошло утром в долине Орван.\n"
        "Погибли трое, ранены 40 человек – «больше пострадавших нет», сообщил штаб.",
        "source": "Волна-Информ",
        "lang": "ru-RU",
        "published_at": datetime(2026, 11, 22, 6, 15, tzinfo=UTC),
        "version": 4,
        "status": Status.USABLE,
        "slug": "Землетрясение-Орван",
    }


def test_a_document_type_is_read_past() -> None:
    document = as_document(sample("doctype.nitf.xml"), "wire")

    assert detected(document).name == "nitf"
    assert only(sample("doctype.nitf.xml")) == {
        "id": "Лорн-Прес#урн-0042",
        "title": "Пором «Аврора» повернувся в порт",
        "text": "Пором «Аврора» повернувся в порт Лорн із 412 пасажирами.",
        "source": "Лорн-Прес",
        "lang": "uk-UA",
        "published_at": datetime(2026, 11, 22, 10, 15, tzinfo=UTC),
        "version": 1,
        "status": Status.USABLE,
        "slug": "порт-пором",
    }


def test_a_kill_is_of_the_document_that_it_refers_to() -> None:
    (killed,) = articles(read("nitf", sample("text.nitf.xml")))
    (kill,) = articles(read("nitf", sample("kill.nitf.xml")))

    assert kill.status is Status.CANCELED
    assert intent(kill) == Intent(Wish.KILL, killed.id, 2**53 - 1)


def test_an_embargo_ends_at_the_release() -> None:
    found = only(sample("embargo.nitf.xml"))

    assert found["id"] == "tag:nordpost.example,2026:brandbericht"
    assert found["source"] == "Nordpost"
    assert found["status"] is Status.USABLE
    assert found["embargoed"] == datetime(2026, 11, 23, 4, tzinfo=UTC)


def test_a_release_that_cant_be_read_withholds_and_bad_fields_cost_themselves() -> None:
    items = read("nitf", sample("withheld.nitf.xml"))

    assert only(sample("withheld.nitf.xml")) == {
        "id": "courier.example#courier-4501",
        "title": "Mayor of Lorne acquitted",
        "text": "A court in Lorne acquitted the mayor.",
        "source": "courier.example",
        "status": Status.WITHHELD,
        "slug": "VERDICT",
    }
    assert [note.where for note in notes(items)] == [
        "line 2, nitf/head/docdata/date.release/@norm",
        "line 2, nitf/head/docdata/date.issue/@norm",
        "line 2, nitf/head/docdata/du-key/@generation",
    ]


def test_a_document_without_an_id_is_named_by_its_words() -> None:
    """As agencies send that name it outside of NITF, such as in an Atom entry around it."""
    whole = sample("nameless.nitf.xml")
    found = only(whole)

    assert str(found["id"]).startswith("ALX#")
    assert only(whole)["id"] == found["id"]
    assert only(whole.replace(b"412", b"413"))["id"] != found["id"]
    assert found["lang"] == "fr"
    assert "embargoed" not in found  # the schema's form of a time, left as it is
    assert "status" not in found


def test_a_name_does_not_change_with_the_file_that_it_comes_in() -> None:
    nameless = b"<nitf><body><body.content><p>Ferry returns.</p></body.content></body></nitf>"
    found = [articles(read("nitf", nameless, origin))[0].id for origin in ("a.xml", "http-post")]

    assert found[0] == found[1]


def test_a_picture_is_skipped() -> None:
    assert read("nitf", sample("picture.nitf.xml")) == [Skipped("line 2, nitf", "image")]


def test_data_is_skipped_unless_it_is_canceled() -> None:
    data = nitf(head='<tobject tobject.type="Data"/>')

    assert skipped(read("nitf", data)) == [Skipped("line 1, nitf", "data")]
    assert only(data.replace(b"<docdata ", b'<docdata management-status="canceled" '))


RELEASE = "<doc-id regsrc='X' id-string='1'/><date.issue norm='20261122T080000Z'/>"
LATER = "<date.release norm='20261123T080000Z'/>"
UNTIL = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "data", "expected", "embargoed"),
    [
        ("usable", "", Status.USABLE, None),
        ("Usable", LATER, Status.USABLE, UNTIL),
        ("embargoed", LATER, Status.USABLE, UNTIL),
        ("embargoed", "", Status.WITHHELD, None),
        ("embargoed", "<date.release/>", Status.WITHHELD, None),
        ("usable", "<date.release/>", Status.USABLE, None),
        ("usable", "<date.release norm='YYYYMMDDT000000-HHMM'/>", Status.USABLE, None),
        ("usable", "<date.release norm='20261122T080000Z'/>", Status.USABLE, None),
        ("usable", "<date.release norm='tomorrow'/>", Status.WITHHELD, None),
        ("usable", "<ed-msg info='EMBARGO: Monday 0800'/>", Status.WITHHELD, None),
        ("usable", "<ed-msg info='Эмбарго до понедельника'/>", Status.WITHHELD, None),
        ("usable", "<ed-msg info='Embargo lifted'/>", Status.USABLE, None),
        ("usable", "<ed-msg info='UPDATES with oil embargo'/>", Status.USABLE, None),
        ("usable", "<ed-msg info='Not for use in print'/>", Status.USABLE, None),
        ("usable", "<date.release/><ed-msg info='Embargo: Monday'/>", Status.WITHHELD, None),
        ("withheld", "", Status.WITHHELD, None),
        ("canceled", LATER, Status.CANCELED, None),
        ("cancelled", "", Status.CANCELED, None),
        ("draft", "", Status.WITHHELD, None),
        ("", "", Status.USABLE, None),
    ],
)
def test_status_and_embargo(
    status: str, data: str, expected: Status, embargoed: datetime | None
) -> None:
    attributes = f'management-status="{status}"' if status else ""

    (article,) = articles(read("nitf", nitf(RELEASE + data, attributes)))

    assert (article.status, article.embargoed) == (expected, embargoed)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('<doc-id regsrc="AP" id-string="17"/>', "AP#17"),
        ('<doc-id id-string="17"/><del-list><from-src src-name="PA"/></del-list>', "PA#17"),
        ('<doc-id id-string="17"/><doc.copyright holder="EFE"/>', "EFE#17"),
        ('<doc-id id-string="17"/>', "17"),
        ('<doc-id regsrc="AP" id-string="urn:newsml:x:2026:1"/>', "urn:newsml:x:2026:1"),
        ('<doc-id regsrc="RB" id-string="2026:RB:8883:0"/>', "RB#2026:RB:8883:0"),
    ],
)
def test_an_id_is_unique_within_its_source(data: str, expected: str) -> None:
    assert only(nitf(data))["id"] == expected


def test_an_id_without_a_source_is_unique_within_its_address() -> None:
    document = nitf('<doc-id id-string="17"/>')
    (polled,) = articles(read("nitf", document, "https://x.example/17.xml"))

    assert polled.id == "https://x.example/17.xml#17"


def test_the_uno_names_a_document_without_a_doc_id() -> None:
    document = nitf("<urgency/>").replace(b"<nitf>", b'<nitf uno="urn:x:uno:1">')

    assert only(document)["id"] == "urn:x:uno:1"


OLD = '<doc-id regsrc="X" id-string="2"/>'
CANCELED = "management-status='canceled'"


@pytest.mark.parametrize(
    ("attributes", "data", "expected"),
    [
        ('management-doc-idref="1"', OLD, "X#1"),
        ('management-doc-idref="1" management-idref-status="usable"', OLD, "X#1"),
        ('management-doc-idref="2"', OLD, None),
        ('management-doc-idref="urn:x:1"', OLD, "urn:x:1"),
        ("", OLD + '<correction id-string="1"/>', "X#1"),
        (f"{CANCELED} management-doc-idref='1'", OLD, "X#1"),
        # The other one stays as it is: this one alone is canceled.
        (f"{CANCELED} management-doc-idref='1' management-idref-status='usable'", OLD, None),
    ],
)
def test_what_a_document_replaces(attributes: str, data: str, expected: str | None) -> None:
    assert only(nitf(data, attributes)).get("replaces") == expected


def test_a_cancellation_names_something() -> None:
    (bad,) = bad_items(read("nitf", nitf("<urgency/>", CANCELED)))
    found = only(nitf("<urgency/>", f"{CANCELED} management-doc-idref='1'"))

    assert bad.where == "line 1, nitf/head/docdata/doc-id/@id-string"
    assert (found["id"], found["status"]) == ("1", Status.CANCELED)


@pytest.mark.parametrize(
    ("data", "attributes", "expected"),
    [
        ('<du-key generation="14" version="1"/>', "", 14),
        ('<du-key version="04"/>', "", 4),
        ('<du-key generation="x" version="4"/>', "", 4),
        ('<date.issue norm="20261122T080000Z"/>', "", 1795334400),
        ('<date.issue norm="20261122T080000Z"/>', 'management-status="canceled"', None),
        ("", "", None),
    ],
)
def test_versions(data: str, attributes: str, expected: int | None) -> None:
    document = nitf('<doc-id regsrc="X" id-string="1"/>' + data, attributes)

    assert only(document).get("version") == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('<ed-msg msg-type="KILL" info=""/>', ("kill",)),
        ('<ed-msg info="KILL: wrong in substance"/>', ("kill",)),
        ('<ed-msg info="UPDATE 2 - adds quotes"/>', ("update",)),
        ('<correction info="name"/>', ("correction",)),
        ('<ed-msg info="Kill Bill opens the festival" msg-type="announcement"/>', None),
        ('<ed-msg msg-type="' + "x" * 5_000 + '"/>', None),
    ],
)
def test_signals_to_editors(data: str, expected: tuple[str, ...] | None) -> None:
    assert only(nitf('<doc-id regsrc="X" id-string="1"/>' + data)).get("signals") == expected


@pytest.mark.parametrize(
    ("body_head", "title"),
    [
        ("<hedline><hl1>One</hl1><hl2>Two</hl2></hedline>", "One"),
        ("<hedline><hl1>One<br/>Two</hl1></hedline>", "One Two"),
        ("<hedline><hl1/></hedline><hedline><hl1>One</hl1></hedline>", "One"),
        ("<hedline><hl2>Two</hl2></hedline>", "T"),
        ("", "T"),
    ],
)
def test_headlines(body_head: str, title: str) -> None:
    body = BODY.replace("<body>", f"<body><body.head>{body_head}</body.head>")

    assert only(nitf(body=body))["title"] == title


def test_the_abstract_stands_in_for_a_missing_text() -> None:
    body = "<body><body.head><abstract><p>In short.</p></abstract></body.head></body>"

    assert only(nitf(body=body))["text"] == "In short."


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        (b"<rss/>", "root element 'rss', expected nitf"),
        (b"<nitf><head>", "not well-formed"),
        (b"", "not well-formed"),
        (b'<!DOCTYPE nitf [<!ENTITY a "b">]><nitf/>', "entity declaration"),
        (b"<nitf><body/></nitf>", "neither title nor text"),
    ],
)
def test_what_is_no_document_is_one_bad_item(document: bytes, detail: str) -> None:
    (found,) = bad_items(read("nitf", document))

    assert detail in found.detail


def test_media_types() -> None:
    for name in ("application/nitf+xml", "text/vnd.IPTC.NITF; charset=utf-8"):
        found = of_media_type(name)
        assert found
        assert found.name == "nitf"
