"""Deleted entries (RFC 6721) are found wherever they stand, and name what the entries named."""

from datetime import UTC, datetime

import pytest

from contracts.article import Status
from tests.support.feeds.samples import articles, notes, places, read

ATOM_URI = "http://www.w3.org/2005/Atom"
URI = "http://purl.org/atompub/tombstones/1.0"
ATOM, AT = f'xmlns="{ATOM_URI}"', f'xmlns:at="{URI}"'
WHEN = 'when="2026-11-22T09:00:00Z"'
SAID = f'ref="urn:x:1" {WHEN}'
DECLARED = '<?xml version="1.0" encoding="utf-8"?>'
ENTRY = "<entry><id>urn:x:2</id><title>Tram</title></entry>"


def feed(inside: str, more: str = "") -> str:
    return f"<feed {ATOM} {AT}{more}>{inside}</feed>"


def tombstone(reference: str = "urn:x:1", inside: str = "") -> str:
    return f'<at:deleted-entry ref="{reference}" {WHEN}>{inside}</at:deleted-entry>'


def killed(document: str, origin: str = "wire") -> list[str]:
    found = articles(read("atom", document.encode(), origin))
    return [each.id for each in found if each.status is Status.CANCELED]


def alive(document: str) -> list[str]:
    found = articles(read("atom", document.encode()))
    return [each.id for each in found if each.status is Status.USABLE]


@pytest.mark.parametrize(
    "before", ["\n", "  \r\n", "\n<!-- cache -->\n", "PHP Warning: x\n", "<br/>"]
)
def test_behind_what_stands_before_the_declaration(before: str) -> None:
    document = before + DECLARED + feed(tombstone() + ENTRY)

    assert killed(document) == ["urn:x:1"]
    assert alive(document) == ["urn:x:2"]
    assert places(read("atom", document.encode())) == []


@pytest.mark.parametrize(
    "fault",
    [
        "<title>Fish & chips</title>",
        "<entry><id>urn:x:3</id><title>A & B</title></entry>",
        "<entry><id>urn:x:3</id><title>A <b>B</title></entry>",
        "<entry><id>urn:x:3</id><title>A</title><summary>B <p></entry>",
        "<entry><id>urn:x:3</id><title>A</title><content type='xhtml'><div>B</entry>",
        "<entry><id>urn:x:3</id><title>A</title>",
        "<entry><id>urn:x:3</id><title>A</title><summary><![CDATA[B</summary></entry>",
        "<entry><id>urn:x:3</id><title>A<!-- B</title></entry>",
        "<entry><id>urn:x:3</id><title>A</title><source><title>B</entry>",
        "<entry><id>urn:x:3</id><x:y>A</x:y></entry>",
        "</entry>",
    ],
)
def test_behind_any_fault(fault: str) -> None:
    document = feed(fault + tombstone() + ENTRY)
    items = read("atom", document.encode())

    assert killed(document) == ["urn:x:1"]
    assert "urn:x:2" in alive(document)
    assert sum(place.startswith("line") for place in places(items)) == 1


def test_in_a_feed_that_breaks_off() -> None:
    assert killed(feed(ENTRY + tombstone() + tombstone("urn:x:4"))[:-20]) == ["urn:x:1", "urn:x:4"]
    assert killed(f'<feed {ATOM} {AT}>{tombstone()}<at:deleted-entry ref="urn:x:4') == ["urn:x:1"]


@pytest.mark.parametrize(
    ("reference", "identity"),
    [
        ("urn:x:17", "urn:x:17"),
        ("news:17", "news:17"),
        ("post17;abc", "post17;abc"),
        ("17", "17"),
        ("/news/17", "/news/17"),
        ("../17", "../17"),
        ("a?x=1&amp;y=2", "a?x=1&amp;y=2"),
        ("a?x=1&#38;y=2", "<![CDATA[a?x=1&y=2]]>"),
        ("https://t.example/a%2Fb", "https://t.example/a%2Fb"),
        (" urn:x:17\n", "\n urn:x:17 "),
        ("новость:17", "новость:17"),
    ],
)
@pytest.mark.parametrize("base", ["", ' xml:base="https://t.example/a/"', ' xml:base="x/"'])
@pytest.mark.parametrize("fault", ["", "<title>A & B</title>"])
def test_a_reference_is_the_id_as_written(
    reference: str, identity: str, base: str, fault: str
) -> None:
    """RFC 4287, 4.2.6: ids are compared letter for letter, and ``xml:base`` is not for them."""
    entry = f"<entry><id>{identity}</id><title>T</title></entry>"

    assert killed(feed(fault + tombstone(reference), base)) == alive(feed(fault + entry, base))


def test_an_id_does_not_depend_on_a_fault_elsewhere() -> None:
    entry = "<entry><id>a?x=1&amp;y=2</id><title>T</title></entry>"

    assert alive(feed(entry)) == alive(feed(f"{entry}<title>A & B</title>")) == ["wire#a?x=1&y=2"]


@pytest.mark.parametrize("fault", ["", "<title>A & B</title>"])
@pytest.mark.parametrize(
    "document",
    [
        f"<feed {ATOM} xmlns:t='{URI}'>%s<t:deleted-entry {SAID}/></feed>",
        f"<feed {ATOM}>%s<deleted-entry xmlns='{URI}' {SAID}/></feed>",
        f"<feed {ATOM}>%s<deleted-entry {SAID}></deleted-entry></feed>",
        f"<a:feed xmlns:a='{ATOM_URI}' {AT}>%s<at:deleted-entry {SAID}/></a:feed>",
        f"<rss version='2.0' {AT}><channel>%s<at:deleted-entry {SAID}/></channel></rss>",
    ],
)
def test_under_any_prefix_and_in_rss(document: str, fault: str) -> None:
    found = articles(read("atom", (document % fault).encode()))

    assert [(each.id, each.status, each.published_at) for each in found] == [
        ("urn:x:1", Status.CANCELED, datetime(2026, 11, 22, 9, tzinfo=UTC))
    ]


def test_what_it_says_of_itself_is_not_the_feeds() -> None:
    inside = (
        "<at:by><name>Ann</name></at:by><at:comment>Retracted</at:comment><title>Old</title>"
        "<link href='https://x.example/'/><id>urn:x:9</id><updated>2026-11-22T10:00:00Z</updated>"
    )
    document = feed(f"<title>Telegraph</title>{tombstone(inside=inside)}{ENTRY}")
    deleted = articles(read("atom", document.encode()))

    assert [(each.id, each.source, each.title) for each in deleted] == [
        ("urn:x:2", "Telegraph", "Tram"),
        ("urn:x:1", None, ""),
    ]


def test_two_tombstones_of_one_entry_are_one_kill_of_the_later() -> None:
    later = tombstone().replace("T09", "T11")
    back = "<entry><id>urn:x:1</id><title>T</title><updated>2026-11-22T10:00:00Z</updated></entry>"

    assert killed(feed(later + tombstone() + back)) == ["urn:x:1"]
    assert killed(feed(tombstone() + later + back)) == ["urn:x:1"]
    assert killed(feed(tombstone() + tombstone() + back)) == []


def test_a_time_that_is_none_is_noted_and_kills() -> None:
    document = feed(tombstone().replace("2026-11-22T09:00:00Z", "yesterday") + ENTRY)

    assert killed(document) == ["urn:x:1"]
    assert [each.where for each in notes(read("atom", document.encode()))] == [
        "deleted-entry 'urn:x:1'/@when"
    ]


def test_lines_are_told_also_where_something_stands_before() -> None:
    document = feed(f"{ENTRY}\n<at:deleted-entry {WHEN}/>")

    assert places(read("atom", f"\n\n{DECLARED}\n{document}".encode())) == [
        "line 5, deleted-entry/@ref"
    ]
    assert places(read("atom", f"Notice: x\n\n{DECLARED}\n{document}".encode())) == [
        "line 5, deleted-entry/@ref"
    ]


def test_markup_in_an_article_is_no_tombstone() -> None:
    shown = f"<content type='xhtml'><div>{tombstone()}</div></content>"

    assert killed(feed(f"<entry><id>urn:x:1</id><title>How to</title>{shown}</entry>")) == []


@pytest.mark.parametrize("fault", ["", "<title>A & B</title>"])
@pytest.mark.parametrize("before", ["", ENTRY])
def test_a_tombstone_within_an_entry_costs_it_nothing(before: str, fault: str) -> None:
    entry = f"<entry><id>urn:x:3</id>{tombstone()}<title>T</title><summary>S</summary></entry>"
    document = feed(f"<title>Telegraph</title>{before}{entry}{fault}")
    found = articles(read("atom", document.encode()))

    assert [(each.id, each.title, each.text, each.source) for each in found[-2:]] == [
        ("urn:x:3", "T", "S", "Telegraph"),
        ("urn:x:1", "", "", None),
    ]
    assert len(found) == 2 + bool(before)
