"""A document is known by its structure; of one that is not understood one letter says what it is.

Each of these cost as many letters as it has lines before one was enough, up to a thousand.
"""

import gzip
import json

import pytest

from tests.support.feeds.samples import SAMPLES, articles, bad_items, sample
from workers.feeds.formats import FORMATS, as_document, detected, of_media_type
from workers.feeds.reader import Item, NotUnderstood

ARTICLE = {"id": "vi-1", "title": "Паром вернулся", "text": "В порт."}
NINJS = {
    "subject": [{"id": "1", "name": "шторм"}] * 90,  # two kilobytes before the first headline
    "uri": "urn:x:1",
    "headlines": [{"value": "Storm"}],
    "associations": [{"id": "2", "uri": "urn:x:2", "type": "picture"}],
}
RSS = "<rss version='2.0'><channel><title>F</title><item><guid>urn:x:1</guid><title>Ferry</title>"
RSS += "</item></channel></rss>"
WIRE = "Паром «Заря» вернулся в порт.\nНа борту 212 пассажиров, сообщил капитан.\n" * 256
PAGE = "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body><p>x</p></html>"


def by_looks(body: str | bytes, name: str = "") -> tuple[str, list[Item]]:
    document = as_document(body if isinstance(body, bytes) else body.encode(), name or "wire")
    found = detected(document, name)
    return found.name, list(found.read(document))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (WIRE, "plain text: “Паром «Заря» вернулся в порт."),
        (PAGE, "an HTML page “Just a moment...”"),
        (
            PAGE.replace("<!DOCTYPE html>", "<?xml version='1.0'?><!-- <rdf:RDF> -->"),
            "an HTML page",
        ),
        ("<HTML><BODY>Wartung</BODY></HTML>", "an HTML page"),
        ("<br />\n<b>Fatal error</b>: Uncaught Error in /srv/rss.php", "an HTML page"),
        ('{"error": {"code": 404, "message": "no such feed"}}', "a JSON object with error “{"),
        (json.dumps({"title": "Gone", "status": 410, "id": 7}, indent=1), "with title “Gone”"),
        (json.dumps({"data": [ARTICLE], "page": 1}, indent=2), "a JSON object with “data”, “page”"),
        (json.dumps([{"id": 5, "title": {"rendered": "x"}}] * 300, indent=1), "a JSON list of ob"),
        ("[1, 2, 3]", "a JSON list of numbers"),
        ('{"id": "a", "title": "x', "broken JSON (not JSON: Unterminated string"),
        ("id;title;text\n1;Паром;Вернулся\n2;Мост;Открыт\n", "a table with semicolons"),
        ("id\ttitle\ttext\n1\tb\tc\n2\tb\tc\n", "a table with tabs"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "an iCalendar file"),
        ("", "an empty document"),
        (" \r\n\t\n", "an empty document"),
        ("\ufeff", "an empty document"),
        (
            "<s:Envelope xmlns:a='urn:other' xmlns:s='urn:soap'><s:Body/></s:Envelope>",
            "XML with root Envelope of “urn:soap”",
        ),
        ("<urlset xmlns='urn:sitemap'/>", "XML with root urlset of “urn:sitemap”"),
        ("<offers/>", "XML with root offers,"),
        ("<?xml version='1.0'", "broken XML ("),
        (b"%PDF-1.7\n\xb5\xb5", "a PDF"),
        (gzip.compress(b"<rss/>"), "a gzip file"),
        (b"PK\x03\x04\x14\0word/", "a ZIP archive or an Office document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"\0\0\0\x18ftypmp42", "a video or an image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP image"),
    ],
)
def test_one_letter_says_what_a_document_is_that_is_not_understood(
    body: str | bytes, says: str
) -> None:
    name, items = by_looks(body)

    assert name == "unknown"
    (item,) = items
    assert isinstance(item, NotUnderstood)
    assert says in item.detail
    assert item.detail.endswith(f"expected one of {', '.join(FORMATS)}")
    for each in FORMATS.values():
        told = list(each.read(as_document(body if isinstance(body, bytes) else body.encode(), "")))
        # What is empty holds no article, and a list of the ninjs kind may hold none that is text.
        assert len(bad_items(told)) <= 1
        assert articles(told) == []


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        (json.dumps(NINJS), "", "ninjs"),
        (json.dumps(NINJS, indent=4), "night.txt", "ninjs"),
        (json.dumps([NINJS] * 3, indent=4), "", "ninjs"),
        (json.dumps([None, NINJS]), "", "ninjs"),
        (f"{json.dumps(NINJS)}\n{{broken\n{json.dumps(NINJS)}", "", "ninjs"),
        (f"{{broken\n{json.dumps(NINJS)}", "", "ninjs"),
        ("[]", "", "ninjs"),
        ('\ufeff {"uri": "urn:x:1"}', "", "ninjs"),
        ('{"id": "1", "text": "a link: \\"uri\\""}', "", "jsonl"),
        (json.dumps(ARTICLE), "a.ninjs", "jsonl"),
        (json.dumps({**ARTICLE, "uri": "urn:x:1"}), "a.jsonl", "jsonl"),
        ('{"id": "1", "titel": "x"}\n{"id": "2", "title": "y"}', "", "jsonl"),
        ('export\n{"id": "1", "title": "x"}\n{"id": "2", "title": "y"}\n', "", "jsonl"),
        ('<rss version="2.0"/>', "a.atom", "rss"),
        (f"Warning: no cache\n{RSS}", "", "rss"),
        (f"<br />\n<b>Warning</b>: no cache in <b>/srv</b>\n{RSS}", "", "rss"),
        ("<!DOCTYPE rss SYSTEM 'http://my.netscape.com/rss-0.91.dtd'>" + RSS, "", "rss"),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", "", "atom"),
        ("<newsItem", "", "unknown"),
        ("<newsItem/>", "", "newsml-g2"),
    ],
)
def test_a_document_is_known_by_its_structure(body: str, name: str, expected: str) -> None:
    assert by_looks(body, name)[0] == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_hides_no_format(encoding: str) -> None:
    for body, expected in ((RSS, "rss"), (json.dumps(NINJS), "ninjs"), (WIRE, "unknown")):
        assert by_looks(body.encode(encoding))[0] == expected
    name, items = by_looks(json.dumps(ARTICLE, ensure_ascii=False).encode(encoding))

    assert name == "jsonl"
    assert [each.title for each in articles(items)] == ["Паром вернулся"]


@pytest.mark.parametrize("asked", FORMATS)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_under_the_name_of_another_format_is_one_letter(name: str, asked: str) -> None:
    items = list(FORMATS[asked].read(as_document(sample(name), "wire")))

    if type(FORMATS[asked].reader) is type(FORMATS[SAMPLES[name]].reader):
        assert articles(items) or bad_items(items)
        return
    (item,) = items
    assert isinstance(item, NotUnderstood)
    assert item.detail == f"{SAMPLES[name]} by its looks, expected {asked}"
    assert SAMPLES[name] in item.remedy


def test_many_lines_under_the_name_of_another_format_are_one_letter() -> None:
    lines = "\n".join(json.dumps({**ARTICLE, "id": f"vi-{number}"}) for number in range(2_500))

    for asked in ("ninjs", "newsml-g2", "rss", "atom"):
        items = list(FORMATS[asked].read(as_document(lines.encode(), "wire")))
        assert [each.detail for each in bad_items(items)] == [
            f"jsonl by its looks, expected {asked}"
        ]


def test_lines_stay_lines_however_many_of_them_are_bad() -> None:
    """Nothing that can be read is given up for what surrounds it."""
    body = "{broken\n" * 1_200 + json.dumps(ARTICLE) + "\nno JSON\n"

    for items in (by_looks(body)[1], list(FORMATS["jsonl"].read(as_document(body.encode(), "")))):
        assert [each.id for each in articles(items)] == ["vi-1"]
        assert [each.where for each in bad_items(items)][-1] == "line 1202"
        assert len(bad_items(items)) == 1_201


@pytest.mark.parametrize("indent", [1, 4])
def test_articles_over_many_lines_are_read_one_by_one(indent: int) -> None:
    both = [ARTICLE, {"id": "vi-2", "titel": "x", "tags": [{"a": 1}]}, {**ARTICLE, "id": "vi-3"}]
    a_list = json.dumps(both, indent=indent, ensure_ascii=False)
    behind_each_other = "\n".join(json.dumps(each, indent=indent) for each in both)

    for body in (a_list, behind_each_other, json.dumps(both)):
        name, items = by_looks(body)
        assert name == "jsonl"
        assert [each.id for each in articles(items)] == ["vi-1", "vi-3"]
        (bad,) = bad_items(items)
        assert bad.article_id == "vi-2"
        assert (
            bad.where == f"line {body[: body.index('vi-2')].rpartition('{')[0].count(chr(10)) + 1}"
        )


def test_a_list_that_breaks_off_keeps_what_was_whole() -> None:
    body = json.dumps([ARTICLE, {**ARTICLE, "id": "vi-2"}, ARTICLE], indent=1)[:-20]

    name, items = by_looks(body)

    assert name == "jsonl"
    assert [each.id for each in articles(items)] == ["vi-1", "vi-2"]
    (bad,) = bad_items(items)
    assert bad.detail.startswith("not JSON: ")
    assert bad.where == "line 12"


def test_media_types_name_one_format_or_none() -> None:
    assert of_media_type("application/rss+xml; charset=utf-8") is FORMATS["rss"]
    assert of_media_type("Application/Vnd.IPTC.G2.NewsItem+XML") is FORMATS["newsml-g2"]
    assert of_media_type("text/xml") is None
    assert of_media_type("") is None
