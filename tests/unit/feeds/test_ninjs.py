"""ninjs 2.x and 3.x: each property where the article's contract has it."""

import json
from datetime import UTC, datetime

import pytest

from contracts.article import Status
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
from workers.feeds.reader import BadItem, Skipped
from workers.feeds.readers.ninjs import looks_like


def item(**properties: object) -> bytes:
    return json.dumps({"uri": "urn:x:1", "headlines": [{"value": "T"}], **properties}).encode()


def only(document: bytes) -> dict[str, object]:
    return said_of_one("ninjs", document)


def test_an_item_of_2x_maps_whole() -> None:
    assert only(sample("item.ninjs2.json")) == {
        "id": "urn:newsml:volna.example:20261122:merkan-bridge",
        "title": "Мост через Меркан открыли после ремонта",
        "text": "Мост через реку Меркан открыли утром 22 ноября.\nРемонт стоил 5,6 млн «крон».",
        "source": "Северный телеграф",
        "lang": "ru-RU",
        "published_at": datetime(2026, 11, 22, 6, 30, tzinfo=UTC),
        "version": 3,
        "status": Status.WITHHELD,
        "embargoed": datetime(2026, 11, 22, 12, tzinfo=UTC),  # without a zone: UTC
        "slug": "МОСТ-МЕРКАН/ОБНОВЛЕНИЕ 2",
    }


def test_an_item_of_3x_maps_whole() -> None:
    first = articles(read("ninjs", sample("items.ninjs3.json")))[0]

    assert said(first) == {
        "id": "urn:newsml:courier.example:20261122:storm",
        "title": "Storm Odarova cuts power to 40,000 homes",
        # text/plain is taken over the body that is marked up, and «<» in it is no tag
        "text": "Storm Odarova cut power to 40,000 homes.\n\nRepairs will take 2 < 3 days.",
        "source": "Eastern Courier",
        "lang": "en-GB",
        "published_at": datetime(2026, 11, 22, 6, 15, 30, tzinfo=UTC),
        "version": 1_002_000,
        "status": Status.USABLE,
        "replaces": "urn:newsml:courier.example:20261121:storm",
    }


def test_bad_items_cost_their_neighbours_nothing() -> None:
    items = read("ninjs", sample("items.ninjs3.json"))

    assert [article.id for article in articles(items)] == [
        "urn:newsml:courier.example:20261122:storm",
        "urn:x:sidebar",
        "urn:x:killed",
    ]
    assert places(items) == ["$[2].type", "$[3].uri", "$[4]"]
    assert skipped(items) == [Skipped("$[1]", "picture")]


def test_a_kill_without_a_version_has_none_so_that_it_kills_all() -> None:
    killed = articles(read("ninjs", sample("items.ninjs3.json")))[-1]

    assert said(killed) == {
        "id": "urn:x:killed",
        "status": Status.CANCELED,
        "published_at": datetime(2026, 11, 22, 7, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1", 1),
        ("0017", 17),
        ("v3", 3),
        (4, 4),
        ("20261122103000", 20_261_122_103_000),
        ("1.2", 1_002_000),  # 1 × 10⁶ + 2 × 10³
        ("1.2.3", 1_002_003),
        ("1970-01-01T00:01:00Z", 60_000),  # ms since 1970
        ("1970-01-02", 86_400_000),
    ],
)
def test_versions_in_text_become_numbers_that_grow_with_them(
    version: object, expected: int
) -> None:
    assert only(item(version=version))["version"] == expected


def test_without_a_version_the_time_of_the_version_counts_in_seconds() -> None:
    assert only(item(versionCreated="1970-01-01T01:00:00.9Z"))["version"] == 3600
    assert "version" not in only(item())


@pytest.mark.parametrize(
    ("note", "status"),
    [
        ("EMBARGO: not before 10:00", Status.WITHHELD),
        ("Эмбарго до 10:00", Status.WITHHELD),
        ("Embargo lifted", None),
        ("Updates story on the oil embargo", None),
    ],
)
def test_a_note_that_begins_with_an_embargo_holds_without_a_time(
    note: str, status: Status | None
) -> None:
    assert only(item(headlines=[{"value": "H"}], ednote=note)).get("status") == status


@pytest.mark.parametrize(
    ("properties", "where"),
    [
        ({"version": "final"}, "$.version"),
        ({"version": "v2-rc1"}, "$.version"),
        ({"version": "2.0.1.7"}, "$.version"),
        ({"version": "9007199254740993"}, "$.version"),  # 2⁵³ + 1: over the contract's limit
        ({"version": 1.5}, "$.version"),
        ({"version": -1}, "$.version"),
        ({"version": 10**400}, "$.version"),
        ({"version": 1e999}, "$.version"),
        ({"version": True}, "$.version"),
        ({"version": "-1"}, "$.version"),
        ({"version": "٣"}, "$.version"),
        ({"version": ["2"]}, "$.version"),
        ({"versionCreated": "yesterday"}, "$.versioncreated"),
        ({"versionCreated": "0000-00-00 00:00:00"}, "$.versioncreated"),
        ({"contentCreated": {"start": "2026-11-22"}}, "$.contentcreated"),
        ({"firstCreated": 2019}, "$.firstcreated"),
        ({"firstCreated": "9999-12-31T23:59:59Z"}, "$.firstcreated"),
        ({"language": ["ru"]}, "$.language"),
        ({"slugline": 7}, "$.slugline"),
        ({"source": {"name": "Volna"}}, "$.source"),
        ({"bodies": [{"value": "x"}, {"value": None}]}, "$.bodies[1]"),
        ({"bodies": [7]}, "$.bodies[0]"),
        ({"body_xhtml": 7}, "$.body_xhtml"),
    ],
)
def test_metadata_that_is_wrong_costs_a_note_and_itself(
    properties: dict[str, object], where: str
) -> None:
    items = read("ninjs", item(**{"bodies": [{"value": "x"}], **properties}))
    first = item(headlines=[{"value": "T"}])

    assert [note.where for note in notes(items)] == [where]
    assert not bad_items(items)
    assert articles(items)[0].model_copy(update={"text": ""}) == articles(read("ninjs", first))[0]


def test_a_version_that_is_none_leaves_the_time_of_the_version_to_count() -> None:
    mapped = only(item(version="final", versionCreated="1970-01-01T01:00:00Z"))
    killed = only(
        item(version="final", versionCreated="1970-01-01T01:00:00Z", pubStatus="canceled")
    )

    assert mapped["version"] == 3600
    assert "version" not in killed


@pytest.mark.parametrize(
    ("properties", "where"),
    [
        ({"uri": None}, "$.uri"),
        ({"uri": 17}, "$.uri"),
        ({"uri": " "}, "$.uri"),
        ({"type": 1}, "$.type"),
        ({"headlines": []}, "$"),  # no words
    ],
)
def test_without_identifier_or_words_there_is_no_item(
    properties: dict[str, object], where: str
) -> None:
    (bad,) = bad_items(read("ninjs", item(**properties)))

    assert bad.where == where
    assert bad.detail
    assert bad.remedy


@pytest.mark.parametrize("embargoed", ["soon", 5, {"until": "noon"}, True, "0000-00-00"])
@pytest.mark.parametrize("name", ["embargoed", "embargoedUntil"])
def test_an_embargo_that_cant_be_read_holds(name: str, embargoed: object) -> None:
    items = read("ninjs", item(**{name: embargoed}))

    assert articles(items)[0].status is Status.WITHHELD
    assert [note.where for note in notes(items)] == [f"$.{name.lower()}"]


@pytest.mark.parametrize(
    ("embargoed", "ednote", "held"),
    [
        ("", "", False),
        (" ", "Pictures to follow", False),
        (False, "", False),
        ("", "EMBARGO until the speech ends", True),
    ],
)
def test_an_empty_embargo_holds_where_the_note_to_editors_asks_for_it(
    embargoed: object, ednote: str, *, held: bool
) -> None:
    items = read("ninjs", item(embargoed=embargoed, ednote=ednote))

    assert (articles(items)[0].status is Status.WITHHELD) == held
    assert [note.where for note in notes(items)] == ["$.embargoed"]


@pytest.mark.parametrize(
    "properties",
    [
        {"embargoed": "2026-11-22T12:00:00Z"},
        {"embargoedUntil": "2026-11-22T15:00:00+03:00"},  # the name in 3.x
        {"embargoed": "22 Nov 2026 15:00 MSK"},
        {"embargoed": 1_795_348_800},
    ],
)
def test_an_embargo_is_read_under_the_names_of_all_versions(properties: dict[str, object]) -> None:
    mapped = only(item(**properties))

    assert mapped["embargoed"] == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert "status" not in mapped


def test_what_is_null_is_not_there() -> None:
    mapped = only(item(embargoed=None, pubstatus=None, version=None, type=None, bodies=None))

    assert mapped == {"id": "urn:x:1", "title": "T"}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("usable", Status.USABLE),
        ("stat:withheld", Status.WITHHELD),
        ("hold", Status.WITHHELD),
        ("Cancelled", Status.CANCELED),
        ("http://cv.iptc.org/newscodes/pubstatusg2/canceled", Status.CANCELED),
        ("recalled", Status.CANCELED),
    ],
)
def test_a_status_is_read_as_code_and_as_uri(said: str, status: Status) -> None:
    items = read("ninjs", item(pubstatus=said))

    assert articles(items)[0].status is status
    assert not notes(items)


@pytest.mark.parametrize("said", ["maybe", "commissioned", 5, ["usable"]])
def test_an_unknown_status_withholds_with_a_note(said: object) -> None:
    items = read("ninjs", item(pubstatus=said))

    assert articles(items)[0].status is Status.WITHHELD
    assert [note.where for note in notes(items)] == ["$.pubstatus"]


@pytest.mark.parametrize(
    ("properties", "title"),
    [
        ({"headline_sms_text": "Sms", "headline": "Whole"}, "Whole"),
        ({"headline_main": "Main", "headline": "Whole"}, "Whole"),  # «not replacing» it
        ({"headline_seo": "Seo", "headline_main": "Main"}, "Main"),
        ({"headline_twitter_text": "Tweet", "headline_other_text": "Other"}, "Other"),
        ({"headline": "", "headline_short_text": "Short"}, "Short"),
        ({"headline": " ", "title": "Name"}, "Name"),
        ({"headline": "<Kino> &amp; Co"}, "<Kino> & Co"),
        ({"headline": "Storm <em>Odarova</em> &amp; Co"}, "Storm Odarova & Co"),
        ({"headlines": [{"role": "sms", "value": "Sms"}, {"value": "Whole"}]}, "Whole"),
        (
            {"headlines": [{"role": "http://roles.example/short", "value": "Short"},
                           {"role": "main", "value": "Whole"}]},
            "Whole",
        ),
        ({"headlines": "Whole"}, "Whole"),
        ({"headlines": ["Whole"]}, "Whole"),
    ],
)  # fmt: skip
def test_the_headline_that_names_the_whole_is_taken(
    properties: dict[str, object], title: str
) -> None:
    assert only(json.dumps({"uri": "urn:x:1", **properties}).encode())["title"] == title


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"body_sms_text": "Sms", "body_xhtml": "<p>Whole</p>"}, "Whole"),
        ({"body_xhtml": "<p>Marked up</p>", "body_text": "Plain"}, "Plain"),
        ({"body_nitf": "<nitf/>", "body_html": "<p>Whole</p>"}, "Whole"),
        ({"body_text": "", "body_html": "<p>Whole</p>"}, "Whole"),
        ({"body_teaser_html": "<p>More</p>", "body_main": "Whole"}, "Whole"),
        ({"body_sms_text": "Sms", "description_text": "In short"}, "Sms"),
        ({"description_creditline": "Volna", "description_text": "In short"}, "In short"),
        ({"description_caption": "The bridge"}, "The bridge"),
        (
            {"bodies": [{"role": "summary", "contenttype": "text/plain", "value": "In short"},
                        {"role": "richhtml5", "contenttype": "text/html", "value": "Whole"}]},
            "Whole",
        ),
        (
            {"bodies": [{"contenttype": "text/vnd.IPTC.NITF",
                         "value": "<nitf><head><title>No</title></head><body><body.content>"
                                  "<p>Whole</p></body.content></body></nitf>"}]},
            "Whole",
        ),
        ({"bodies": [{"contenttype": "plain", "value": "2 < 3 <b>"}]}, "2 < 3 <b>"),
    ],
)  # fmt: skip
def test_the_body_that_is_the_whole_is_taken(properties: dict[str, object], text: str) -> None:
    assert only(item(**properties))["text"] == text


def test_a_description_stands_in_for_a_missing_body_and_the_title_for_a_headline() -> None:
    mapped = only(item(headlines=[], title="Name", descriptions=[{"value": "In short"}]))

    assert (mapped["title"], mapped["text"]) == ("Name", "In short")


def test_a_link_to_the_same_uri_or_of_another_kind_replaces_nothing() -> None:
    same = {"name": "a", "rel": "irel:previousVersion", "uri": "urn:x:1"}
    other = {"name": "b", "rel": "irel:seeAlso", "uri": "urn:x:2"}

    assert "replaces" not in only(item(associations=[same]))
    assert "replaces" not in only(item(associations=[other]))


def test_one_item_a_line_is_read_with_its_lines() -> None:
    document = b'{"uri": "urn:x:1", "title": "A"}\n\n{"uri": \n{"uri": "urn:x:2", "title": "B"}\n'
    items = read("ninjs", document)

    assert [article.id for article in articles(items)] == ["urn:x:1", "urn:x:2"]
    assert places(items) == ["line 3"]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"", "not JSON"),
        (b"<html></html>", "not JSON"),
        (b'{"uri": "urn:x:1", "title"', "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b'{"a":' * 100_000, "not JSON"),
        (b"null", "NoneType"),
        (b'"text"', "str"),
        (b"NaN", "float"),
    ],
)
def test_a_document_that_is_no_ninjs_is_one_bad_item(document: bytes, says: str) -> None:
    items = read("ninjs", document)

    assert len(items) == 1
    assert says in bad_items(items)[0].detail


def test_an_empty_list_holds_nothing() -> None:
    assert read("ninjs", b"[]") == []


def test_other_encodings_of_unicode_and_lone_surrogates_are_read() -> None:
    document = '{"uri": "urn:x:1", "title": "Паром"}'

    assert only(document.encode("utf-16"))["title"] == "Паром"
    assert only(b"\xef\xbb\xbf" + document.encode())["title"] == "Паром"
    assert only(b'{"uri": "urn:x:1", "title": "a\\ud800b"}')["title"] == "a\ufffdb"
    assert only(b'{"uri": "urn:x:1", "title": "a\xffb"}')["title"] == "a\ufffdb"


def test_the_same_uri_twice_is_two_articles_in_order() -> None:
    document = b'[{"uri": "urn:x:1", "title": "A"}, {"uri": "urn:x:1", "title": "B"}]'

    assert [article.title for article in articles(read("ninjs", document))] == ["A", "B"]


UUID = "0d63670a-8080-4854-9a31-6d18afc8d8f8"
EVENT = {"eventDetails": {"dates": {"startDate": "2026-11-23T10:00:00+03:00"}}}


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        (EVENT, "event"),
        ({**EVENT, "bodies": [{"value": "The port invites the press."}]}, "event"),
        ({"type": "event"}, "event"),
        ({"type": "http://cv.iptc.org/newscodes/ninature/event"}, "event"),
        ({"dates": {"start": "2026-11-24T07:00:00Z"}}, "event"),
        ({"occur_status": {"qcode": "eocstat:eos5"}}, "event"),
        ({"plannedCoverage": [{"title": "We will report"}]}, "planning"),
        ({"planning_date": "2026-11-24T07:00:00Z", "coverages": []}, "planning"),
        ({"type": "ninat:picture", "body_text": "Alt text"}, "picture"),
        ({"type": "Component", "body_text": "A part"}, "component"),
        ({"type": "composite", "associations": {"main": {"uri": "urn:x:2"}}}, "composite"),
        ({"type": "gallery"}, "gallery"),
        ({"type": "quiz"}, "quiz"),
        ({"mimetype": "image/jpeg", "renditions": [{}]}, "picture"),
        (
            {"description_caption": "The bridge", "renditions": {"web": {"mimetype": "image/png"}}},
            "picture",
        ),
    ],
)
def test_what_is_no_text_is_skipped_by_its_kind(properties: dict[str, object], kind: str) -> None:
    assert read("ninjs", item(**properties)) == [Skipped("$", kind)]


def test_an_item_without_words_that_has_renditions_is_skipped() -> None:
    document = b'{"uri": "urn:x:1", "renditions": {"web": {"href": "http://x.example/1.jpg"}}}'

    assert read("ninjs", document) == [Skipped("$", "renditions")]


@pytest.mark.parametrize(
    "properties",
    [
        {"type": "text", **EVENT},  # its type says what it is
        {"events": [{"name": "Press conference"}]},  # what it is about
        {"event": [{"name": "Press conference"}]},  # so in 1.x
        {"type": "preformatted"},
        {"type": "composite"},
        {"type": "story"},
        {"type": ""},
        {"mimetype": "image/jpeg"},
        {"renditions": {"web": {"mimetype": "image/png"}}},
    ],
)
def test_a_text_is_known_by_type_or_body(properties: dict[str, object]) -> None:
    assert only(item(bodies=[{"value": "Words"}], **properties))["text"] == "Words"


@pytest.mark.parametrize("kind", ["composite", "object", "story"])
def test_what_names_nothing_is_told_not_skipped(kind: str) -> None:
    """Agencies write JSON that is nearly ninjs, with words that are read nowhere."""
    document = {"type": kind, "urn": "urn:x:1", "headline": "H", "article_html": "<p>x</p>"}

    (item,) = read("ninjs", json.dumps(document).encode())

    assert isinstance(item, BadItem)
    assert "expected the item's identifier" in item.detail


def test_a_kill_of_a_package_is_a_kill() -> None:
    assert only(item(type="composite", pubstatus="canceled"))["status"] is Status.CANCELED


def test_an_item_as_superdesk_writes_it_maps_whole() -> None:
    first, related = articles(read("ninjs", sample("update.superdesk-ninjs.json")))

    assert said(first) == {
        "id": "urn:newsml:desk.volna.example:2026-11-22T14:05:11.204117"
        ":0b9b6e4e-6a5e-4f0e-9a38-2f4f7f0e1c11",
        "title": "Паром «Заря» вернулся в порт Вельма & ждёт погоды",
        "text": "Паром «Заря» с 212 пассажирами вернулся в порт Вельма из-за шторма.\n"
        "Рейс перенесли на утро.",
        "source": "Волна-Информ",
        "lang": "ru",
        "published_at": datetime(2026, 11, 22, 14, 20, tzinfo=UTC),
        "version": 3,
        "status": Status.USABLE,
        "signals": ("update",),
        "slug": "паром-шторм",
        "replaces": "urn:newsml:desk.volna.example:2026-11-22T09:30:02.118230"
        ":9a1c7f52-1f0b-4f6d-8d55-77c2f5b0a9d0",
    }
    assert related.title == "Штормовое предупреждение в Вельме"


def test_to_kill_an_update_is_not_to_kill_what_it_updated() -> None:
    (killed,) = articles(read("ninjs", sample("kill.superdesk-ninjs.json")))

    assert (killed.id, killed.status) == ("tag:desk.courier.example,2026:8f1d2c1e", "canceled")
    assert killed.replaces is None
    assert killed.version == 5


@pytest.mark.parametrize(
    ("signal", "signals"),
    [
        ([{"code": "correction"}, {"code": "cwarn"}], ("correction",)),
        ([{"qcode": "sig:update", "name": "Update"}] * 2, ("update",)),
        (["http://cv.iptc.org/newscodes/signal/correction", 7, None], ("correction",)),
        ("sig:kill", ("kill",)),
        ({"code": "repeat"}, ("repeat",)),
    ],
)
def test_signals_are_read_as_codes(signal: object, signals: tuple[str, ...]) -> None:
    assert only(item(signal=signal))["signals"] == signals


@pytest.mark.parametrize("signal", [[{"code": "x" * 9_000}] * 500, [], None, 5])
def test_other_signals_are_none(signal: object) -> None:
    assert "signals" not in only(item(signal=signal))


def test_each_sample_comes_out_as_it_should() -> None:
    told = {
        name: (
            [(each.title, str(each.status)) for each in articles(items)],
            [each.kind for each in skipped(items)],
            [each.where for each in notes(items)],
            places(items),
        )
        for name in (
            "sms.ninjs1.json",
            "cut.ninjs1.json",
            "metadata.ninjs2.json",
            "embargo.ninjs3.json",
            "events.ninjs3.json",
            "answer.ninjs.json",
            "kill.superdesk-ninjs.json",
        )
        if (items := read("ninjs", sample(name)))
    }

    assert told == {
        "sms.ninjs1.json": ([("Storm Odarova cuts power to 40,000 homes", "usable")], [], [], []),
        "cut.ninjs1.json": (
            [("Ferry returns to port", "usable"), ("Bridge reopens", "usable")],
            [],
            [],
            ["line 18"],
        ),
        "metadata.ninjs2.json": (
            [
                ("Мост открыт", "usable"),
                ("Мост закрыт", "usable"),
                ("Речь губернатора", "withheld"),
                ("Рынок открылся ростом", "usable"),
                ("Черновик", "withheld"),
            ],
            [],
            [
                "$[0].version",
                "$[1].versioncreated",
                "$[1].contentcreated",
                "$[1].headlines",
                "$[1].bodies[1]",
                "$[1].language",
                "$[1].version",
                "$[2].embargoed",
                "$[3].embargoed",
                "$[4].pubstatus",
            ],
            ["$[5].uri", "$[6]"],
        ),
        "embargo.ninjs3.json": (
            [("Le gouverneur promet un nouveau pont", "usable")],
            [],
            [],
            [],
        ),
        "events.ninjs3.json": (
            [("Port of Velma: ferry was safe", "usable")],
            ["event", "planning", "event", "event", "planning", "composite", "video"],
            [],
            [],
        ),
        "answer.ninjs.json": (
            [("Пором повернувся до порту", "usable"), ("Міст закрили", "withheld")],
            ["picture"],
            [],
            [],
        ),
        "kill.superdesk-ninjs.json": (
            [("RÜCKRUF: Brücke über die Merkan", "canceled")],
            [],
            [],
            [],
        ),
    }
    (speech,) = articles(read("ninjs", sample("embargo.ninjs3.json")))
    assert speech.embargoed == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert speech.published_at == datetime(2026, 11, 22, 7, tzinfo=UTC)
    assert speech.text == "Le gouverneur a promis un nouveau pont sur la Merkan."
    (storm,) = articles(read("ninjs", sample("sms.ninjs1.json")))
    assert storm.text.startswith("Storm Odarova cut power to 40,000 homes on Sunday.\nRepairs")
    assert storm.published_at == datetime(2026, 11, 22, 6, 15, 30, tzinfo=UTC)


def test_items_are_found_in_what_an_api_answers_around_them() -> None:
    news = {"uri": "urn:x:1", "headline": "Ferry", "type": "text"}
    answer = {"id": "q", "data": {"items": [{"meta": {}, "item": news}, {"item": {"uri": 7}}]}}

    items = read("ninjs", json.dumps(answer).encode())

    assert [each.id for each in articles(items)] == ["urn:x:1"]
    assert places(items) == ["$.data.items[1].uri"]


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("2017-1", "https://desk.example/feed", "https://desk.example/feed#2017-1"),
        ("2017-1", "http://desk.example/feed", "https://desk.example/feed#2017-1"),
        ("2017-1", "night.json", "2017-1"),
        ("urn:newsml:x.example:1", "https://desk.example/feed", "urn:newsml:x.example:1"),
        (UUID, "https://desk.example/feed", UUID),
    ],
)
def test_a_polled_name_that_is_of_one_desk_only_stands_behind_its_feed(
    name: str, origin: str, expected: str
) -> None:
    document = json.dumps({"guid": "urn:x:1", "headline": "T", "evolvedfrom": name}).encode()
    (update,) = articles(read("ninjs", document, origin))
    (earlier,) = articles(read("ninjs", document.replace(b"urn:x:1", name.encode()), origin))

    assert (update.replaces, earlier.id) == (expected, expected)
    assert earlier.replaces is None  # it is itself


def test_a_line_break_within_a_text_is_read() -> None:
    assert only(b'{"uri": "urn:x:1", "body_text": "Ferry\nreturns"}')["text"] == "Ferry\nreturns"


def test_values_behind_each_other_are_read_up_to_the_one_that_is_none() -> None:
    one = json.dumps({"uri": "urn:x:1", "title": "A"}, indent=1)

    items = read("ninjs", f"{one}\n{one}\n<html>".encode())

    assert [each.title for each in articles(items)] == ["A", "A"]
    assert places(items) == ["line 9"]


BIG = {"associations": {"a": {"id": "17", "uri": "urn:x:2", "body_text": "x " * 500_000}}}


@pytest.mark.parametrize(
    "value",
    [
        {"uri": "urn:x:1"},
        {"URI": "urn:x:1", "Headlines": []},
        {"subject": [{"id": "1"}] * 900, "uri": "urn:x:1", "headline": "T"},
        {**BIG, "uri": "urn:x:1"},
        {"id": 17, "uri": "urn:x:1", "headline": "T", "pubstatus": "usable"},
        {"guid": "17", "body_html": "<p>T</p>", "type": "text"},
        {"headline": "T", "pubstatus": "usable"},  # its identifier is missing, and told
        [None, {"uri": "urn:x:1", "title": "T"}],
        {"_items": [{"guid": "17", "headline": "T"}]},
    ],
)
def test_ninjs_is_known_by_its_structure(value: object) -> None:
    assert looks_like(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "uri",
        [],
        {},
        {"uri": 7},
        {"id": "vi-1", "title": "T", "text": "x", "status": "canceled"},
        {"id": "vi-1", "title": "T", "uri": "urn:x:1"},
        {"uri": "/v1/items", "error": "no such item"},
        {"uri": "/v1/items", "status": 404, "title": "Not found"},
        {"guid": "17", "title": "T", "pubDate": "Thu, 26 Nov 2026 14:05:00 GMT"},  # RSS as JSON
        {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [{"id": "1"}]},
        {"@context": "https://schema.org", "headline": "T", "associations": []},
        {"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"uri": {}}},
    ],
)
def test_other_json_is_not(value: object) -> None:
    assert not looks_like(value)


def test_answers_within_answers_are_opened_four_times() -> None:
    value: object = {"uri": "urn:x:1", "title": "A"}
    for _ in range(4):
        value = {"item": [value]}

    assert looks_like(value)
    assert not looks_like({"items": [value]})
