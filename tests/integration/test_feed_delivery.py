"""Onto the streams: articles as the feed said them, and bounded, harmless dead letters."""

import pytest
from redis import Redis

from contracts.dead_letter import Reason
from tests.support.feeds.samples import SAMPLES, articles, bad_items, published, read, sample
from tests.support.wire import harness
from workers.errors import Unprocessable
from workers.feeds import deliver as delivery
from workers.feeds.deliver import deliver
from workers.settings import Settings
from workers.state.entries import Entry, article_of


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, feeds_allow_private=True)


def test_articles_and_dead_letters_come_in_the_documents_order(
    redis_client: Redis, settings: Settings
) -> None:
    items = read("ninjs", sample("items.ninjs3.json"))

    done = deliver(redis_client, settings.streams, items, format_name="ninjs", origin="a.json")

    assert (done.accepted, done.bad, dict(done.skipped)) == (3, 3, {"picture": 1})
    assert [each["id"] for each in published(redis_client, settings)] == [
        "urn:newsml:courier.example:20261122:storm",
        "urn:x:sidebar",
        "urn:x:killed",
    ]
    letters = harness.letters(redis_client, settings)
    first = letters[0]
    assert [each.article_id for each in letters] == ["urn:x:bad-version", None, None]
    assert first.reason is Reason.BAD_DOCUMENT
    assert first.entry_id == "a.json#$[2].version"
    assert first.deliveries == 0
    assert first.detail.startswith("$[2].version: version 'final'")
    assert first.fields["fragment"].startswith('{"uri": "urn:x:bad-version"')


@pytest.mark.parametrize(
    ("name", "document", "article_id"),
    [
        ("jsonl", b'{"id": "a", "title": []}', "a"),
        ("ninjs", b'{"uri": "urn:x:a", "headline": "x", "embargoed": "0001-01-01"}', "urn:x:a"),
        (
            "newsml-g2",
            b"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/' guid='urn:x:a' version='0'/>",
            "urn:x:a",
        ),
        (
            "rss",
            b"<rss version='2.0'><channel><title>F</title><item><guid>urn:x:a</guid>"
            b"<title>" + b"x" * 5_000 + b"</title></item></channel></rss>",
            "urn:x:a",
        ),
    ],
)
def test_the_letter_of_a_bad_item_names_it(
    redis_client: Redis, settings: Settings, name: str, document: bytes, article_id: str
) -> None:
    items = read(name, document)
    deliver(redis_client, settings.streams, items, format_name=name, origin="a")

    (letter,) = harness.letters(redis_client, settings)
    assert letter.article_id == article_id


def test_a_version_that_the_feed_did_not_name_is_not_on_the_stream(
    redis_client: Redis, settings: Settings
) -> None:
    deliver(
        redis_client,
        settings.streams,
        read("newsml-g2", sample("message.newsml-g2.xml")),
        format_name="newsml-g2",
        origin="m.xml",
    )

    killed = published(redis_client, settings)[1]
    assert (killed["id"], killed["status"]) == ("urn:x:killed", "canceled")
    assert "version" not in killed


@pytest.mark.parametrize("name", SAMPLES)
def test_a_worker_reads_from_the_stream_what_the_reader_read(
    redis_client: Redis, settings: Settings, name: str
) -> None:
    items = read(SAMPLES[name], sample(name))

    deliver(redis_client, settings.streams, items, format_name=SAMPLES[name], origin=name)

    entries = harness.entries(redis_client, settings.streams.articles)
    found = [article_of(Entry(*entry), settings.max_entry_bytes) for entry in entries]
    assert found == articles(items)
    assert [each.model_fields_set for each in found] == [
        each.model_fields_set for each in articles(items)
    ]


def test_a_letter_that_is_sent_again_is_no_article_and_says_so(
    redis_client: Redis, settings: Settings
) -> None:
    bad = 0
    for name, format_name in SAMPLES.items():
        items = read(format_name, sample(name))
        bad += len(bad_items(items))
        deliver(redis_client, settings.streams, items, format_name=format_name, origin=name)

    assert len(harness.letters(redis_client, settings)) == bad > 0
    for letter in harness.letters(redis_client, settings):
        entry = Entry("1-1", {key.encode(): value.encode() for key, value in letter.fields.items()})
        with pytest.raises(Unprocessable) as caught:
            article_of(entry, settings.max_entry_bytes)
        assert caught.value.reason is Reason.NO_ARTICLE


def test_a_document_of_bad_items_makes_a_bounded_number_of_letters(
    redis_client: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MOST_LETTERS", 3)
    items = read("jsonl", b"x\n" * 10 + b'{"id": "a", "title": "b"}')

    done = deliver(redis_client, settings.streams, items, format_name="jsonl", origin="f")

    assert (done.accepted, done.bad, len(done.rejected)) == (1, 10, 3)
    told = harness.letters(redis_client, settings)
    assert [letter.entry_id for letter in told[:3]] == ["f#line 1", "f#line 2", "f#line 3"]
    assert told[3].detail == "rest of the document: 7 more bad items"
    assert len(told) == 4
