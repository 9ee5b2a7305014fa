"""The parsers of foreign bytes."""

import asyncio
import gzip
import json
import math
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from faststream.redis.parser import BinaryMessageFormatV1
from pydantic import TypeAdapter, ValidationError

from contracts.article import Article
from contracts.commands import COMMAND, Ruling
from contracts.dead_letter import DeadLetter, Reason
from contracts.events import STORY_EVENT
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier
from service.stories.intent import intent
from service.stories.withdrawn import without_text
from service.text.document import document
from service.text.headline import headline, signalled
from service.text.markup import plain
from service.text.names import skeleton
from service.text.normalise import normalise
from service.text.tokens import word_tokens
from tests.faults.wording import Words, words
from tests.fuzz.texts import TEXTS
from tests.support.api.shelves import shelf_of
from tests.support.builders.corpora import article_line
from tests.support.builders.story_events import joined, merged, opened, retracted, revised, split
from tests.support.feeds.samples import SAMPLES, sample
from workers.api.hub import entry_id_of
from workers.archive.listing import (
    BadCursor,
    Query,
    cursor_number,
    cursor_of,
    cursor_word,
    page_of,
)
from workers.archive.shelf import Shelf
from workers.connection.url import server_of, without_password
from workers.errors import OnestoryError, Unprocessable
from workers.feeds.addresses import is_public
from workers.feeds.exchange import FetchFailed
from workers.feeds.feed_list import feeds_in
from workers.feeds.fetch import _parsed, _retry_after, origin_of
from workers.feeds.formats import FORMATS, as_document, detected, of_media_type
from workers.feeds.reader import LONGEST_FRAGMENT, BadItem, Note, Skipped
from workers.models import models
from workers.settings import Settings
from workers.state.entries import Entry, article_of, dead_letter
from workers.state.log_entry import logged
from workers.state.streams import document_of
from workers.window.neighbours import FaissNeighbours
from workers.window.window import Window

Feed = Callable[[bytes], None]
"""Takes one input; raises if the parser breaks its word."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parser, and what valid input of it looks like."""

    feed: Feed
    samples: Sequence[bytes]


MOST_ENTRY_BYTES = 100_000
ARTICLES = [
    json.dumps(each, ensure_ascii=False).encode()
    for each in (
        {
            "id": "vna-17",
            "title": "Посол Бездетко дал интервью",
            "text": "9 февраля…",
            "lang": "ru",
        },
        {
            "id": "x:1",
            "version": 3,
            "title": "UPDATE 1-Ferry returns",
            "source": "Harbour Post",
            "url": "https://harbour.example/1",
            "published_at": "2026-02-09T10:00:00+03:00",
            "status": "withheld",
            "embargoed": "2026-02-09T12:00:00Z",
            "signals": ["correction"],
            "slug": "FERRY/UPDATE 2",
            "replaces": "x:0",
            "text": "HARBOUR, Feb 9. The ferry \ud83d\ude00 returned with 1,500.5 t.".encode(
                "utf-16", "surrogatepass"
            ).decode("utf-16"),
        },
        {"id": "k", "status": "canceled"},
    )
]


def _entry(fields: dict[bytes, bytes]) -> None:
    """An article, or a reason that makes a letter of which nothing is lost."""
    entry = Entry("1-0", fields)
    try:
        article = article_of(entry, MOST_ENTRY_BYTES)
    except Unprocessable as error:
        _letter(entry, error)
        return
    intent(article)
    # A publisher that reads it back and sends it again sends the same.
    again = article_of(Entry("2-0", {b"data": article.model_dump_json().encode()}), 10**9)
    assert again.id == article.id
    assert again.text == article.text


def _letter(entry: Entry, error: Unprocessable) -> None:
    assert error.remedy
    assert len(error.detail) < 20_000
    letter = dead_letter(entry, error.reason, error.detail, deliveries=1)
    assert DeadLetter.model_validate_json(letter.model_dump_json()) == letter


def entry_json(data: bytes) -> None:
    _entry({b"data": data})


def entry_flat(data: bytes) -> None:
    """A line a field: name, tab, value."""
    pairs = (line.partition(b"\t") for line in data.split(b"\n"))
    _entry({name: value for name, _, value in pairs})


def entry_envelope(data: bytes) -> None:
    _entry({b"__data__": data})


def _model(*adapters: Any) -> Feed:
    """JSON of a contract: what it reads it writes, and reads as the same."""

    def feed(data: bytes) -> None:
        for adapter in adapters:
            try:
                value = adapter.validate_json(data)
            except ValidationError:
                continue
            assert adapter.validate_json(adapter.dump_json(value)) == value

    return feed


def event(data: bytes) -> None:
    """A consumer reads it, or says why not; and the purge of killed articles goes over it."""
    _model(STORY_EVENT)(data)
    try:
        STORY_EVENT.validate_json(data)
    except ValidationError:
        return
    if (redacted := without_text(data, {"a"})) is not None:
        STORY_EVENT.validate_json(redacted)


def fingerprint(payload: bytes) -> None:
    """What is called readable has parts that can be read."""
    try:
        found = Fingerprint.checked(payload)
    except ValueError:
        return
    parts = [found.names, found.numbers, found.name_weights, found.number_weights]
    parts += [found.shingle_rows, found.template_rows, found.body_vector, found.head_vector]
    assert all(part is not None for part in parts)
    assert len(found.surfaces) == len(found.names) + len(found.numbers)
    for text in (found.article_id, found.title, found.source, found.tag, found.lang):
        assert text is None or len(text) <= len(payload)
    assert found.published_ms is None or isinstance(found.published_ms, int)


def log_entry(data: bytes) -> None:
    """A window takes it in or leaves it out, and goes on with the next one."""
    window = Window(FaissNeighbours())
    good = _payloads()[0]
    window.follow([logged(b"1-0", {b"a": b"one", b"t": b"0", b"p": good})])
    window.follow([logged(b"2-0", {b"a": b"two", b"t": b"0", b"p": data})])
    window.follow([logged(b"3-0", {b"a": b"three", b"t": b"0", b"p": good})])
    assert window.last == 3
    assert 3 in window.nearest([Fingerprint(good)], 3)[0]


def _reader(name: str) -> Feed:
    def feed(data: bytes) -> None:
        document = as_document(data, "wire")
        for format_ in (FORMATS[name], detected(document)):
            for item in format_.read(document):
                assert isinstance(item, Article | BadItem | Note | Skipped)
                if isinstance(item, BadItem):
                    assert item.where
                    assert item.detail
                    assert len(item.fragment) <= LONGEST_FRAGMENT

    return feed


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\0", "")


def text(data: bytes) -> None:
    """Every step of the pipeline, for title and text."""
    title, _, body = _text(data).partition("\n")
    said = headline(title)
    assert len(said.text) <= len(title)
    signalled([title], title)
    clean = normalise(plain(body))
    assert len(clean) <= 20 * len(body) + 100
    for word in word_tokens(clean)[:50]:
        assert len(skeleton(word)) <= 4 * len(word) + 4
    article = Article(id="a", title=title, text=body or "x")
    read_ = document(article)
    again = document(article)
    assert (read_.lang, read_.title, read_.tokens) == (again.lang, again.title, again.tokens)
    assert len(read_.anchors) <= len(title) + len(body)


def whole_fingerprint(data: bytes) -> None:
    """An article of any words has a fingerprint, the same each time, which can be stored."""
    title, _, body = _text(data).partition("\n")
    article = Article(id="a", title=title, text=body or "x", lang=title[:2], source=title[:9])
    one, other = _fingerprinter().fingerprints([article, article])
    assert one.payload == other.payload
    assert len(one.payload) < 20_000
    fingerprint(one.payload)
    assert Fingerprint.checked(one.payload).article_id == "a"
    similarity = _models()[1].verdicts([(one, other)]).probabilities[0]
    assert math.isfinite(similarity)


def feed_list(data: bytes) -> None:
    """The poller's file."""
    file = _scratch() / "feeds.toml"
    file.write_bytes(data)
    try:
        for each in feeds_in(file):
            address(each.url.encode())
    except OnestoryError:
        return


def address(data: bytes) -> None:
    """A feed's address, of an editor or of a redirect: judged, and shown without its password."""
    url = _text(data)
    said = origin_of(url)
    try:
        parsed = _parsed(url)
    except FetchFailed as error:
        said = str(error)
    else:
        assert parsed.host
        said = said.partition("://")[2].partition("/")[0]
    assert "@" not in said


def ip(data: bytes) -> None:
    """No spelling of a private address is public."""
    for size in (4, 16):
        if len(data) >= size:
            found = ip_address(data[:size])
            if found.is_private or found.is_loopback or found.is_link_local:
                assert not is_public(found)
    try:
        is_public(ip_address(_text(data)))
    except ValueError:
        return


def redis_url(data: bytes) -> None:
    """Where the server is, or an error; the input once as the URL, once as the password in it."""
    for shape in ("{}", "redis://ann:{}@host:7000/2", "redis+sentinel://:{}@a:26379,b/main"):
        secret = _text(data) if shape == "{}" else f"Zq{_text(data)}"
        url = shape.format(secret)
        said = without_password(url)
        try:
            server_of(url, "{news}:")
        except OnestoryError as error:
            said += str(error)
        assert shape == "{}" or "@" in secret or secret not in said


def packed(data: bytes) -> None:
    """A file that calls itself .gz."""
    file = _scratch() / "night.jsonl.gz"
    file.write_bytes(data)
    try:
        assert len(document_of(file, 100_000)) <= 100_000
    except (OnestoryError, OSError):
        return


def headers(data: bytes) -> None:
    """What a feed's server says in headers."""
    said = _text(data)
    of_media_type(said)
    assert 0 <= _retry_after(said) < math.inf


def board_query(data: bytes) -> None:
    """What a reader asks of the list of stories: a page, or a cursor that is none; the board stays
    as it was.
    """
    shelf, asked_ = _shelf(), _text(data)
    words_, _, cursor = asked_.partition("\t")
    before = page_of(shelf, Query())
    found = page_of(shelf, Query(q=words_, source=cursor, langs=(words_[:2],)))
    assert len(found.stories) <= found.total <= before.total
    for state in ("open", "all"):
        try:
            page_of(shelf, Query(cursor=cursor or words_, state=state))
        except BadCursor:
            continue
    assert page_of(shelf, Query()) == before
    for parsed in (cursor_word, cursor_number):
        try:
            parsed(asked_, "stories")
        except BadCursor:
            continue


def board_event(data: bytes) -> None:
    """An entry of the stories stream: the board takes it in, or leaves it out and goes on."""
    shelf = shelf_of(STORY_EVENT.validate_json(_events()[0]))
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    shelf.apply(b"2-0", value)
    shelf.settle()
    shelf.apply(b"3-0", json.loads(_events()[1]))
    shelf.settle()
    page_of(shelf, Query(state="all"))


def event_id(data: bytes) -> None:
    """``Last-Event-ID``."""
    try:
        ms, number = entry_id_of(_text(data))
    except ValueError:
        return
    assert ms >= 0 <= number


@cache
def _shelf() -> Shelf:
    return shelf_of(*(STORY_EVENT.validate_json(each) for each in _events()[:3]))


@cache
def _models() -> tuple[Fingerprinter, Verifier]:
    return models(Settings())


def _fingerprinter() -> Fingerprinter:
    return _models()[0]


@cache
def _payloads() -> list[bytes]:
    rng = random.Random(5)
    made: list[Words] = [words(rng) for _ in range(6)]
    articles = [
        Article.model_validate_json(article_line(f"a{place}", each.title, each.text))
        for place, each in enumerate(made)
    ]
    return [each.payload for each in _fingerprinter().fingerprints(articles)]


def _inconsistent(payload: bytes) -> list[bytes]:
    """With more names, other widths, or a language that is none, and the right length."""
    return [
        payload[:at] + new + payload[at + len(new) :]
        for at, new in ((1, b"\xff"), (36, b"\xff\xff"), (40, b"\x06\xff"), (41, b"\xff"))
    ]


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="onestory-fuzz-"))


def _events() -> list[bytes]:
    moment = datetime(2026, 3, 17, tzinfo=UTC)
    told = [
        opened("s", "a"),
        joined("s", 2, "b", matched_article_id="a", published_at=moment),
        revised("s", 3, "version", "a", new_version=2),  # type: ignore[arg-type]
        merged("s", 4, "t", "a", "b"),
        split("s", 5, "t", "a"),
        retracted("s", 6, "a"),
    ]
    return [each.model_dump_json().encode() for each in told]


def _envelopes() -> list[bytes]:
    return [
        asyncio.run(
            BinaryMessageFormatV1.encode(
                message=each, reply_to=None, headers={"a": "b"}, correlation_id="1"
            )
        )
        for each in ARTICLES
    ]


_LETTER = DeadLetter(
    reason=Reason.NOT_JSON,
    detail="not JSON",
    remedy="send JSON",
    entry_id="1-0",
    deliveries=1,
    dead_at=datetime(2026, 3, 17, tzinfo=UTC),
    fields={"data": "{"},
)
_COMMANDS = [
    b'{"command": "together", "id": "r", "by": "anna", "reason": "One", "articles": ["a", "b"]}',
    b'{"command": "lead", "by": "anna", "reason": "One", "article": "a"}',
    b'{"command": "revoke", "by": "anna", "reason": "One", "rule": "r"}',
]
_RULING = (
    b'{"rule": "r", "answer": "refused", "detail": "no", "in_the_way": ["q"], '
    b'"at": "2026-03-17T06:01:02Z", "command": ' + _COMMANDS[0] + b"}"
)
_URLS = [
    b"https://ann:s3cret@courier.example:8443/rss?x=1#y",
    b"http://[::1]:80/feed",
    b"http://192.0.2.1/",
    b"https://ann:s#cret@courier.example/",
    b"https://ann:s/cret@courier.example/",
]
_REDIS_URLS = [
    b"redis://:s3cret@host:7000/2",
    b"rediss://ann:s3cret@host?ssl_ca_certs=%2Fca.pem",
    b"unix:///run/redis.sock?db=1",
    b"redis+sentinel://ann:s3cret@a:26379,b/main/0?sentinel_password=s3cret",
    b"redis+cluster://:s3cret@a,b:7001",
]
_TOML = b"""[[feed]]
url = "https://courier.example/rss"
interval_s = 300
format = "rss"
source = "Eastern Courier"
lang = "ru"
"""


@cache
def targets() -> dict[str, Target]:
    """All of them, by name."""
    payloads = _payloads()
    flat = [
        b"\n".join(b"%s\t%s" % pair for pair in ((b"id", b"v-1"), (b"title", "Мост".encode()))),
        b"id\tv-1\ntext\tOn February 9\nversion\t2\nembargoed\t2026-01-01T00:00:00Z",
    ]
    found = {
        "entry: JSON": Target(entry_json, ARTICLES),
        "entry: flat fields": Target(entry_flat, flat),
        "entry: FastStream's envelope": Target(entry_envelope, _envelopes()),
        "command and ruling": Target(_model(COMMAND, TypeAdapter(Ruling)), [*_COMMANDS, _RULING]),
        "story event": Target(event, _events()),
        "dead letter": Target(
            _model(TypeAdapter(DeadLetter)), [_LETTER.model_dump_json().encode()]
        ),
        "fingerprint": Target(fingerprint, [*payloads, *_inconsistent(payloads[0])]),
        "entry of the log": Target(log_entry, payloads),
        "text pipeline": Target(text, TEXTS),
        "text to fingerprint and verdict": Target(whole_fingerprint, TEXTS),
        "list of feeds": Target(feed_list, [_TOML]),
        "feed's address": Target(address, _URLS),
        "IP address": Target(ip, [b"127.0.0.1", b"::ffff:10.0.0.1", b"\x7f\0\0\1", b"\0" * 16]),
        "REDIS_URL": Target(redis_url, _REDIS_URLS),
        "gzip file": Target(packed, [gzip.compress(ARTICLES[0]), gzip.compress(b"x" * 300_000)]),
        "headers of a feed's server": Target(
            headers,
            [
                b"120",
                b"Sun, 22 Nov 2026 10:00:00 GMT",
                b"Sun, 22 Nov 20269999999999999999999 10:00:00 GMT",
                b"application/rss+xml; charset=utf-8",
            ],
        ),
    }
    page = page_of(_shelf(), Query(limit=1))
    cursors = [f"Title of a\t{cursor_of('stories', 3, 1)}".encode(), (page.next or "x").encode()]
    found["API: search and cursor"] = Target(board_query, cursors)
    found["event for the board"] = Target(
        board_event, [*_events(), _events()[1].replace(b"2026-03-17", b"x")]
    )
    found["API: Last-Event-ID"] = Target(event_id, [b"1763812345678-0", b"17"])
    for name in FORMATS:
        samples = [sample(each) for each, of in SAMPLES.items() if of == name]
        found[f"feed: {name}"] = Target(_reader(name), samples)
    return found
