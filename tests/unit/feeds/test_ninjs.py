"""ninjs 2.x and 3.x: each property where the article's contract has it."""

import json
from datetime import UTC, datetime

import pytest

from contracts.article import Status
from tests.support.feeds.samples import articles, bad_items, places, read, said, sample, skipped
from workers.feeds.reader import Skipped


def item(**properties: object) -> bytes:
    return json.dumps({"uri": "urn:x:1", "headlines": [{"value": "T"}], **properties}).encode()


def only(document: bytes) -> dict[str, object]:
    (article,) = articles(read("ninjs", document))
    return said(article)


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
    assert places(items) == ["$[2].version", "$[3].uri", "$[4]"]
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
    ("properties", "where"),
    [
        ({"version": "final"}, "$.version"),
        ({"version": "9007199254740993"}, "$.version"),  # 2⁵³ + 1: over the contract's limit
        ({"version": 1.5}, "$.version"),
        ({"version": True}, "$.version"),
        ({"version": "-1"}, "$.version"),
        ({"version": "٣"}, "$.version"),
        ({"uri": None}, "$.uri"),
        ({"uri": 17}, "$.uri"),
        ({"uri": " "}, "$.uri"),
        ({"versionCreated": "yesterday"}, "$.versioncreated"),
        ({"embargoed": "soon"}, "$.embargoed"),
        ({"embargoed": 5}, "$.embargoed"),
        ({"headlines": "T"}, "$.headlines"),
        ({"headlines": ["T"]}, "$.headlines[0]"),
        ({"bodies": [{"value": "x"}, {"value": None}]}, "$.bodies[1].value"),
        ({"language": ["ru"]}, "$.language"),
        ({"type": 1}, "$.type"),
    ],
)
def test_a_property_of_the_wrong_kind_is_named(properties: dict[str, object], where: str) -> None:
    (bad,) = bad_items(read("ninjs", item(**properties)))

    assert bad.where == where
    assert bad.detail
    assert bad.remedy


def test_a_status_out_of_the_vocabulary_is_refused_by_name() -> None:
    (bad,) = bad_items(read("ninjs", item(pubstatus="maybe")))

    assert bad.where == "$"
    assert bad.detail.startswith("status: ")
    assert "'maybe'" in bad.detail


def test_names_of_1x_are_read_too() -> None:
    mapped = only(
        b'{"uri": "urn:x:1", "headline": "Old", "body_xhtml": "<p>No</p>", "body_text": "Yes"}'
    )

    assert (mapped["title"], mapped["text"]) == ("Old", "Yes")


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
