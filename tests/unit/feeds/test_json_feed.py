"""JSON Feed: identity, versions, words; what is wrong costs itself, its item, or what follows."""

import json
from datetime import UTC, datetime

import pytest

from contracts.article import Article
from tests.support.feeds.samples import (
    articles,
    bad_items,
    notes,
    places,
    read,
    said,
    sample,
    skipped,
)
from workers.feeds.formats import as_document, detected, of_media_type
from workers.feeds.reader import Item

VERSION = "https://jsonfeed.org/version/1.1"
ITEM = {"id": "urn:x:1", "title": "Ferry returns"}


def feed(*items: object, **members: object) -> bytes:
    return json.dumps({"version": VERSION, "title": "C", "items": items} | members).encode()


def items_of(document: bytes, origin: str = "wire") -> list[Item]:
    return read("json-feed", document, origin)


def only(document: bytes) -> Article:
    (article,) = articles(items_of(document))
    return article


def test_a_feed_maps_whole() -> None:
    items = items_of(sample("feed.json-feed.json"))
    first, second = articles(items)

    assert said(first) == {
        "id": "https://courier.example/news/17",
        "title": "Паром «Заря» вернулся в порт & удивил",
        "text": "Паром вернулся в порт.\nНа борту было 212 человек.",
        "source": "Восточный курьер",
        "url": "https://courier.example/news/17",
        "lang": "ru",
        "published_at": datetime(2026, 11, 26, 6, tzinfo=UTC),
        "version": int(datetime(2026, 11, 26, 7, 30, tzinfo=UTC).timestamp()),
    }
    assert said(second) == {
        "id": "https://courier.example/feed.json#18",  # a number, unique in its feed only
        "title": "Film <Kino> opens",
        "text": "Two < three.\nThe film opened on Thursday.",
        "source": "Восточный курьер",
        "url": "https://courier.example/news/18",
        "lang": "en",
        "published_at": datetime(2026, 11, 26, 7, tzinfo=UTC),
    }
    assert len(items) == 2


def test_a_microblog_has_no_titles_and_its_pictures_are_skipped() -> None:
    items = items_of(sample("microblog.json-feed.json"))

    assert [(each.id, each.title, each.text, each.url) for each in articles(items)] == [
        (
            "https://hafen.example/#2026-11-26-1",
            "",
            "Die Fähre „Möwe“ ist zurück. 212 Fahrgäste waren an Bord.",
            None,
        ),
        (
            "https://hafen.example/#2026-11-26-2",
            "",
            "Der Anleger bleibt gesperrt.",
            "https://anleger.example/sperrung",
        ),
    ]
    assert [(each.where, each.kind) for each in skipped(items)] == [
        ("$.items[2]", "image"),
        ("$.items[3]", "attachments"),
    ]


def test_what_is_wrong_costs_itself_or_its_item() -> None:
    items = items_of(sample("wrong.json-feed.json"), "https://telegraph.example/feed.json?key=*")
    fourth, sixth = articles(items)

    assert (fourth.id, fourth.title, fourth.text) == (
        "https://telegraph.example/feed.json?key=*#4",  # no subscriber's key in an id
        "",
        "The tram line closes.",
    )
    assert (fourth.published_at, fourth.version, fourth.lang, fourth.source) == (None,) * 4
    assert (sixth.title, sixth.published_at) == (
        "Buses run",
        datetime(2026, 11, 26, 12, tzinfo=UTC),
    )
    assert places(items) == ["$.items[0].id", "$.items[1].id", "$.items[2]", "$.items[4]"]
    assert {note.where for note in notes(items)} == {
        "$.title",
        "$.language",
        "$.items[3].title",
        "$.items[3].date_published",
        "$.items[3].date_modified",
        "$.items[5].url",
    }


def test_a_feed_that_breaks_off_gives_its_complete_items() -> None:
    document = sample("broken-off.json-feed.json")
    items = items_of(document)

    assert [(each.id, each.source, each.lang) for each in articles(items)] == [
        ("urn:visnyk:1", "Громадський вісник", "uk")
    ]
    assert places(items) == ["line 8"]
    assert detected(as_document(document, "wire")).name == "json-feed"


def test_a_fault_is_shown_where_it_is() -> None:
    (letter,) = bad_items(items_of(feed(*[ITEM] * 500).replace(b'"items"', b'"items')))

    assert b'"items: [{' in letter.fragment
    assert len(letter.fragment) <= 400


@pytest.mark.parametrize("behind", ["}", ",]}", "]]}", "], title}", ""])
def test_a_fault_behind_the_items_costs_none(behind: str) -> None:
    items = items_of(feed(ITEM, {**ITEM, "id": "urn:x:2"})[: -len("]}")] + behind.encode())

    assert [each.id for each in articles(items)] == ["urn:x:1", "urn:x:2"]
    assert len(bad_items(items)) == 1


def test_a_feed_that_has_ended_is_read() -> None:
    assert [each.id for each in articles(items_of(sample("expired.json-feed.json")))] == [
        "urn:slow:1"
    ]
    assert items_of(feed()) == []


def test_the_longer_content_is_the_text_and_the_summary_without_one() -> None:
    first, second = articles(items_of(sample("corrected.json-feed.json")))

    assert first.text.endswith("\n212 people were aboard.")
    assert first.version == int(datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp())
    assert (second.text, second.lang) == ("Read <more> & less", "de")
    assert (
        only(feed({**ITEM, "summary": "Aboard: 212.", "content_text": ""})).text == "Aboard: 212."
    )


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (17, "wire#17"),
        (1.50, "wire#1.5"),
        (0, "wire#0"),
        (10**40, f"wire#{10**40}"),
        (" urn:x:1 ", "urn:x:1"),
        ("https://a.example/1", "https://a.example/1"),
    ],
)
def test_a_number_is_its_digits_as_an_id(identity: object, expected: str) -> None:
    assert only(feed({**ITEM, "id": identity})).id == expected


@pytest.mark.parametrize("identity", [None, "", "  ", True, [1], {"a": 1}])
def test_an_item_without_an_id_is_a_letter(identity: object) -> None:
    items = items_of(feed({**ITEM, "id": identity}, {**ITEM, "id": "urn:x:2"}))

    assert [each.id for each in articles(items)] == ["urn:x:2"]
    assert places(items) == ["$.items[0].id"]


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ({"feed_url": "https://a.example/f.json", "home_page_url": "https://a.example/"},
         "https://a.example/f.json"),
        ({"home_page_url": "https://a.example/"}, "https://a.example/"),
        ({"feed_url": "https://a.example/f.json?key=1", "home_page_url": "https://a.example/"},
         "https://a.example/"),
        ({"feed_url": "/f.json", "home_page_url": 7}, "wire"),
        ({"feed_url": "http://a.example/f.json"}, "https://a.example/f.json"),
        ({}, "wire"),
    ],
)  # fmt: skip
def test_an_id_that_is_unique_in_its_feed_has_the_feed_s_name_before_it(
    members: dict[str, object], name: str
) -> None:
    assert only(feed({**ITEM, "id": "17"}, **members)).id == f"{name}#17"


def test_two_items_of_one_id_are_both_told() -> None:
    other = {"id": "urn:x:1", "title": "Bridge closes"}
    once = items_of(feed(ITEM, other, other))
    again = items_of(feed({"id": "urn:x:3", "title": "New"}, other, ITEM))

    assert {each.title for each in articles(once)} == {"Ferry returns", "Bridge closes"}
    assert {each.id for each in articles(once)} == {each.id for each in articles(again)[1:]}
    assert [note.where for note in notes(once)] == ["id 'urn:x:1'"]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("/1", "https://a.example/1"),
        ("mailto:desk@a.example", None),
        ("//[", None),
        ("", None),
    ],
)
def test_an_address_is_absolute(link: str, url: str | None) -> None:
    assert only(feed({**ITEM, "url": link}, home_page_url="https://a.example/news")).url == url


def test_a_later_change_is_a_higher_version_and_publication_is_none() -> None:
    def version(**dates: str) -> int | None:
        return only(feed({**ITEM, **dates})).version

    changed = version(date_modified="2026-11-26T10:00:01Z")
    before = version(date_modified="2026-11-26T13:00:00+03:00")

    assert changed is not None
    assert before is not None
    assert changed == before + 1
    assert version(date_published="2026-11-26T10:00:00Z") is None


@pytest.mark.parametrize(
    ("version", "is_known"),
    [
        ("https://jsonfeed.org/version/1", True),
        ("http://www.jsonfeed.org/version/1.1", True),
        ("https://jsonfeed.org/version/2", False),
        ("1.1", False),
        (None, False),
        (["https://jsonfeed.org/version/1"], False),
    ],
)
def test_another_version_is_noted_and_read(version: object, is_known: bool) -> None:
    items = items_of(feed(ITEM, version=version))

    assert [each.id for each in articles(items)] == ["urn:x:1"]
    assert [note.where for note in notes(items)] == ([] if is_known else ["$.version"])


@pytest.mark.parametrize(
    ("document", "place", "says"),
    [
        (b"", "line 1", "not JSON"),
        (b"[", "line 1", "not JSON"),
        (b"<rss/>", "line 1", "not JSON"),
        (b"[]", "$", "expected a JSON Feed"),
        (b"null", "$", "expected a JSON Feed"),
        (b'{"error": "no such feed"}', "$", "expected a JSON Feed"),
        (feed(items={"0": ITEM}), "$.items", "JSON of type dict, expected a list"),
        (feed(items=None), "$.items", "JSON of type NoneType, expected a list"),
        (b"[" * 200_000, "document", "not JSON"),
        (b'{"items": ' + b"[" * 200_000, "document", "not JSON"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [' + b'{"a":' * 200_000,
         "document", "not JSON"),
    ],
)  # fmt: skip
def test_a_document_that_is_no_feed_is_one_letter(document: bytes, place: str, says: str) -> None:
    items = items_of(document)

    assert items == bad_items(items)
    assert places(items) == [place]
    assert says in bad_items(items)[0].detail


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"title": "Feed", "id": "x", "uri": "urn:x:0", "headline": "No item", "text": "x"},
        {"version": "http://jsonfeed.org/version/1", "items": []},
        {"_notes": "x" * 9_000},
    ],
)
@pytest.mark.parametrize("name", ["", "feed.json", "feed.ninjs", "feed.jsonl"])
def test_a_feed_is_known_by_its_version_wherever_that_stands(
    members: dict[str, object], name: str
) -> None:
    document = json.loads(feed(ITEM))
    for indent in (None, 1):
        last = {**members, **document, **members}
        body = json.dumps({key: last[key] for key in sorted(last)}, indent=indent).encode()

        assert detected(as_document(body, name), name).name == "json-feed"


@pytest.mark.parametrize(
    ("document", "format_name"),
    [
        ({"version": "1.0", "home_page_url": "https://a.example/", "items": [ITEM]}, "json-feed"),
        ({"feed_url": "https://a.example/f.json", "items": []}, "json-feed"),
        ({"version": "1.0", "items": [ITEM]}, "unknown"),
        ({"version": "1", "uri": "urn:x:1", "headline": "Ferry", "items": []}, "ninjs"),
        ({"id": "1", "title": VERSION, "text": "Ferry"}, "jsonl"),
    ],
)
def test_other_json_is_no_feed(document: dict[str, object], format_name: str) -> None:
    assert detected(as_document(json.dumps(document).encode(), "wire")).name == format_name


def test_its_media_type_names_it() -> None:
    found = of_media_type("application/feed+json; charset=utf-8")

    assert found is not None
    assert (found.name, found.states_versions) == ("json-feed", False)
