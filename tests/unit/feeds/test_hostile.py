"""Documents that were made to cost much, or to end a reader, cost an error each."""

import pytest

from contracts.article import Article
from tests.support.feeds.samples import articles, bad_items, read, said
from workers.feeds.reader import Note
from workers.feeds.readers.markup import text_of
from workers.feeds.readers.xml import MOST_ATTRIBUTES, MOST_DECLARED, MOST_PREFIXES, tree

DIGITS = "9" * 5_000
"""More than Python makes a number of."""


def _rss(items: str, before: str = "") -> str:
    return f'{before}<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'


@pytest.mark.parametrize("escaped", ["&", "&amp;"])
@pytest.mark.parametrize(
    "number", [DIGITS, f"x{DIGITS}", "0" * 5_000 + "9" * 8, "55296", "xD800", "x110000", "0"]
)
def test_a_reference_to_no_character_costs_no_other_item(escaped: str, number: str) -> None:
    items = f"<item><guid>a</guid><title>Ferry {escaped}#{number};</title></item>"
    items += "<item><guid>b</guid><title>Bridge</title></item>"

    found = articles(read("rss", _rss(items).encode()))

    assert [each.title for each in found][1] == "Bridge"
    assert found[0].title in {"Ferry", "Ferry \ufffd"}
    assert text_of(f"<p>a &#{DIGITS}; b</p>") == "a \ufffd b"


@pytest.mark.parametrize("version", [DIGITS, "9" * 16, "-1", "1.0", "x", "٣"])
def test_a_version_that_is_no_number_here_costs_itself(version: str) -> None:
    item = f'<newsItem guid="a" version="{version}"><contentMeta><headline>Ferry</headline>'
    message = f"<newsMessage>{item}</contentMeta></newsItem></newsMessage>"

    note, article = read("newsml-g2", message.encode())

    assert isinstance(note, Note)
    assert note.where.endswith("/@version")
    assert isinstance(article, Article)
    assert said(article) == {"id": "a", "title": "Ferry"}


def test_an_element_has_a_hundred_attributes_at_most() -> None:
    named = [f"a{place}='x'" for place in range(MOST_ATTRIBUTES + 1)]

    fitting = tree(f"<a><item {' '.join(named[1:])}/></a>".encode(), {"item"})
    found = tree(f"<a><item {' '.join(named)}/></a>".encode(), {"item"})

    assert fitting.fault is None
    assert found.fault is not None
    assert found.fault.detail == "an element with 101 attributes, expected at most 100"
    assert found.fault.forbidden


def test_a_document_has_a_hundred_prefixes_at_most() -> None:
    elements = [f"<a{place}:x xmlns:a{place}='u'/>" for place in range(MOST_PREFIXES + 1)]

    assert tree(f"<a>{''.join(elements[1:])}</a>".encode(), ()).fault is None
    assert tree(f"<a>{''.join(elements)}</a>".encode(), ()).fault is not None


@pytest.mark.parametrize(
    "declaration",
    [
        "<!ENTITY a 'b'>",
        "<!ENTITY a 'b'> <!ENTITY c '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>",
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY a PUBLIC 'x' 'http://127.0.0.1/'>",
        "<!ENTITY a SYSTEM 'x' NDATA gif>",
        "<!ENTITY % a 'b'>",
        "<!ENTITY % a SYSTEM 'http://127.0.0.1/'> %a;",
        "<!ENTITY % a '<!ENTITY b \"c\">'> %a;",
        "<!ELEMENT rss (channel)><!ENTITY nbsp '&#160;'>",
    ],
)
@pytest.mark.parametrize("before", ["", "\n<?xml version='1.0' standalone='yes'?>\n"])
def test_a_declaration_of_an_entity_is_one_letter_that_says_so(
    declaration: str, before: str
) -> None:
    item = "<item><guid>a</guid><title>Ferry &a;</title></item>"

    found = read("rss", _rss(item, f"{before}<!DOCTYPE rss [{declaration}]>").encode())

    (letter,) = bad_items(found)
    assert found == [letter]
    assert letter.detail == "an entity declaration, expected none"
    assert "entities" in letter.remedy


def test_declarations_behind_a_reference_to_others_declare_nothing() -> None:
    subset = "%others; <!ENTITY a 'b'><!ATTLIST item c CDATA 'd'>"

    found = tree(f"<!DOCTYPE a [{subset}]><a><item>&nbsp;</item>&a;</a>".encode(), {"item"})

    assert [(each.text, each.attrib) for each in found.items] == [("\xa0", {})]
    assert found.fault is not None
    assert found.fault.detail == "not well-formed XML: undefined entity &a;"


def test_a_document_type_gives_no_attributes_and_declares_two_hundred_at_most() -> None:
    kinds = ("'x'", "#IMPLIED", "#REQUIRED")
    declared = [f"a{place} CDATA {kinds[place % 3]}" for place in range(MOST_DECLARED + 1)]

    def document(attributes: list[str]) -> bytes:
        subset = f"<!ATTLIST item {' '.join(attributes)}>"
        return f"<!DOCTYPE a [{subset}]><a><item c='d'/></a>".encode()

    fitting = tree(document(declared[1:]), {"item"})
    found = tree(document(declared), {"item"})

    assert fitting.fault is None
    assert [item.attrib for item in fitting.items] == [{"c": "d"}]
    assert found.fault is not None
    assert found.fault.forbidden
    assert found.fault.detail == "more than 200 attributes declared in a document type"


def test_text_in_pieces_is_whole() -> None:
    (item,) = tree(b"<a><item>a<!-- -->b<b>c</b>d<?p?>e&amp;f</item></a>", {"item"}).items

    assert "".join(item.itertext()) == "abcde&f"
    assert (item.text, item[0].text, item[0].tail) == ("ab", "c", "de&f")


@pytest.mark.parametrize(
    "before",
    [
        "<!-- by <rss> -->",
        "\n <?xml version='1.0'?>\n<?xml-stylesheet href='<a>'?>",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]>",
        "Warning: cache <!-- -->",
    ],
)
def test_what_stands_before_a_broken_feed_does_not_hide_it(before: str) -> None:
    items = "<item><guid>a</guid><title>Ferry & bridge</title></item>" * 2

    found = read("rss", _rss(items, f"\n{before}").encode())

    assert [each.title for each in articles(found)] == ["Ferry & bridge"] * 2 or (
        "DOCTYPE" in before and len(bad_items(found)) == 1
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "windows-1251"])
def test_a_broken_feed_is_read_in_its_encoding(encoding: str) -> None:
    items = "<item><guid>a</guid><title>Паром & мост</title></item>" * 2
    declared = f"<?xml version='1.0' encoding='{encoding[:6] if '16' in encoding else encoding}'?>"

    found = read("rss", _rss(items, declared).encode(encoding))

    assert {each.title for each in articles(found)} == {"Паром & мост"}


def test_an_author_and_tags_are_not_read() -> None:
    tags = "".join(f"<category>{place}</category>" for place in range(3))
    tags += "<category domain='a'/><category term='b'>c</category><tags>d,e</tags>"
    item = f"<item><guid>a</guid><title>Ferry</title><author>{'a' * 200_000}</author>{tags}</item>"

    assert [each.title for each in articles(read("rss", _rss(item).encode()))] == ["Ferry"]
    assert [each.title for each in articles(read("rss", _rss(f"{item}&").encode()))] == ["Ferry"]


@pytest.mark.parametrize("format_name", ["rss", "newsml-g2", "newsml-1", "nitf"])
def test_a_letter_shows_the_beginning_of_a_root_elements_name(format_name: str) -> None:
    (letter,) = bad_items(read(format_name, f"<{'a' * 100_000}/>".encode()))

    assert len(letter.detail) < 200
