"""Answers that are no feed: a pause like a failure's, one letter, and nothing forgotten."""

import gzip
import json

import pytest

from tests.support.feeds.desk import Desk, item, rss
from tests.support.feeds.server import Page
from tests.support.wire import harness

FEED = Page(rss(item(1, "A"), item(2, "B")), etag='"v1"')
CHECK = (
    "<!DOCTYPE html><html><head><title>Checking your browser</title></head><body>{}</body></html>"
)
RDF = (
    b"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    b"xmlns='http://purl.org/rss/1.0/'><channel><title>F</title></channel></r:RDF>"
)
ANSWERS = (
    (b"", "application/rss+xml", "an empty document"),
    (b"\r\n", "", "an empty document"),
    (CHECK.encode(), "text/html", "an HTML page “Checking your browser”"),
    (CHECK.encode(), "application/rss+xml", "an HTML page"),
    (b'{"error": "rate limited"}', "application/json", "error “rate limited”"),
    (b"<maintenance/>", "text/xml", "XML with root maintenance"),
    (b"Service temporarily unavailable", "text/plain", "plain text"),
    (gzip.compress(b"<rss/>"), "application/gzip", "a gzip file"),
)


def told(desk: Desk) -> list[str]:
    return [each.detail for each in harness.letters(desk.redis, desk.settings)]


@pytest.mark.parametrize(
    ("named", "body", "content_type", "says"),
    [
        (named, *answer)
        for named in ("auto", "rss", "ninjs", "newsml-g2", "jsonl")
        for answer in ANSWERS
        if named != "jsonl" or answer[0].strip()  # of lines there may be none
    ],
)
def test_an_answer_that_is_no_feed_is_a_failure_and_one_letter(
    desk: Desk, named: str, body: bytes, content_type: str, says: str
) -> None:
    waits = []
    for number in range(4):
        # Such pages carry a number of the request, so each is another document.
        changed = body.replace(b"<body>{}", b"<body>%d" % number)
        desk.server.pages["/feed"] = Page(changed, headers={"Content-Type": content_type})
        polled = desk.poll(format=named, interval_s=300)
        assert says in polled.failure
        waits.append(desk.due_s())

    assert waits == [600, 1200, 2400, 3600]
    (letter,) = told(desk)
    assert letter.startswith("document: ")
    assert says in letter
    assert desk.titles == []


def test_a_feed_that_comes_back_tells_nothing_again(desk: Desk) -> None:
    page = Page(CHECK.encode())
    for answer in (FEED, page, Page(b""), Page(status=503), page, FEED):
        desk.server.pages["/feed"] = answer
        last = desk.poll(interval_s=300)

    assert [headers.get("if-none-match") for _, headers in desk.server.asked[1:]] == ['"v1"'] * 5
    assert (last.failure, desk.due_s()) == ("", 300)
    assert [title for title, _ in desk.titles] == ["A", "B"]
    assert len(told(desk)) == 1


@pytest.mark.parametrize("back", [FEED, Page(rss(item(1, "A"), item(2, "B"), item(3, "C")))])
def test_it_is_told_again_once_the_feed_was_well_in_between(desk: Desk, back: Page) -> None:
    for answer in (FEED, Page(b""), Page(b""), back, Page(b""), Page(b"")):
        desk.server.pages["/feed"] = answer
        desk.poll()

    assert len(told(desk)) == 2


@pytest.mark.parametrize(
    "empty",
    [
        rss(),
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title></feed>",
        RDF,
        b"[]",
    ],
)
def test_a_feed_without_items_is_a_feed(desk: Desk, empty: bytes) -> None:
    desk.server.pages["/feed"] = Page(empty)

    polled = desk.poll(interval_s=300)

    assert (polled.failure, polled.bad, desk.due_s()) == ("", 0, 300)
    assert told(desk) == []


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes(desk: Desk) -> None:
    desk.server.pages["/feed"] = Page(rss(item(1, "A"), item(2, "B"), item(3, "C"))[:-40])

    polled = desk.poll(interval_s=300)

    assert (polled.failure, polled.bad, desk.due_s()) == ("", 1, 300)
    assert desk.titles


def test_a_document_counts_more_than_its_media_type(desk: Desk) -> None:
    """Servers send feeds under any type; a look finds what it is."""
    ninjs = json.dumps({"uri": "urn:x:1", "headlines": [{"value": "Storm"}]}, indent=1)
    for body, said in ((ninjs.encode(), "application/rss+xml"), (FEED.body, "text/html")):
        desk.server.pages["/feed"] = Page(body, headers={"Content-Type": said})
        assert desk.poll().failure == ""

    assert [title for title, _ in desk.titles] == ["Storm", "A", "B"]


def test_another_format_than_the_list_names_is_told_once(desk: Desk) -> None:
    for number in range(3):
        desk.server.pages["/feed"] = Page(rss(item(number, "A")))
        assert "rss by its looks, expected ninjs" in desk.poll(format="ninjs").failure

    assert len(told(desk)) == 1


def test_json_lines_are_taken_where_the_list_names_them(desk: Desk) -> None:
    for number in range(2):
        line = json.dumps({"id": f"urn:x:{number}", "title": "A"})
        desk.server.pages["/feed"] = Page(line.encode())
        assert 'format = "jsonl"' in desk.poll().failure
    assert desk.poll(format="jsonl").new == 1

    assert len(told(desk)) == 1


def test_what_a_feed_says_wrongly_without_cost_is_counted_and_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    body = '<?xml version="1.0" encoding="x-no-such"?>' + rss(item(1, "Мост")).decode()
    desk.server.pages["/feed"] = Page(body.encode())

    polled = desk.poll()

    assert (polled.new, polled.notes, polled.bad) == (1, 1, 0)
    assert "'x-no-such' is not known" in caplog.text
