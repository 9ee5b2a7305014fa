"""Anything may be sent: each entry is placed or buried with a reason, its neighbours unharmed."""

import json

import pytest
from redis import Redis

from contracts.dead_letter import Reason
from tests.support.builders.corpora import samples, stories_of
from tests.support.wire import harness
from workers.process.pool import WorkerPool
from workers.settings import Settings

HUGE = "Слово за словом ложится в длинный текст. " * 70_000  # 5 MB in UTF-8


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


GOOD = {
    "numeric id": (line(id=7, title="Seven", text="A number as an id."), "7"),
    "nulls": (
        line(id="nulls", title=None, text="Null title, source and url.", source=None),
        "nulls",
    ),
    "NUL bytes": (line(id="nul", text="One\u0000two three four."), "nul"),
    "lone surrogate": (b'{"id": "lone", "text": "Broken \\ud83d emoji in the text."}', "lone"),
    "invalid UTF-8": (b'{"id": "latin", "text": "Caf\xe9 au lait is served."}', "latin"),
    "mojibake": (line(id="moji", text="ÐœÐ¾ÑÐºÐ²Ð° â€” ÑÑ‚Ð¾Ð»Ð¸Ñ†Ð°"), "moji"),
    "5 MB text": (line(id="huge", title="Очень длинный текст", text=HUGE), "huge"),
    "naive date": (
        line(id="naive", text="Naive date here.", published_at="2026-02-09T10:00"),
        "naive",
    ),
    "year 2199": (
        line(id="late", text="Far future date.", published_at="2199-12-31T23:59:59Z"),
        "late",
    ),
    "year 1900": (
        line(id="early", text="Distant past date.", published_at="1900-01-01T00:00:00Z"),
        "early",
    ),
    "emoji only": (line(id="emoji", title="🔥🔥🔥", text=""), "emoji"),
    "two words": (line(id="two", text="Breaking news"), "two"),
    "two words again": (line(id="two-again", text="Breaking news"), "two-again"),
    "id with spaces and quotes": (line(id='odd "id" — 漢字', text="An odd id."), 'odd "id" — 漢字'),
    "id like a script's marker": (line(id='"article_ids":[]', text="Odd too."), '"article_ids":[]'),
    "markup": (
        line(id="html", title="<b>Bold</b>", text="<script>alert(1)</script> plain"),
        "html",
    ),
}

BAD = {
    "not JSON": (b"{broken", Reason.NOT_JSON),
    "a list": (b"[1]", Reason.NOT_JSON),
    "no id": (b'{"text": "no id"}', Reason.INVALID_ARTICLE),
    "empty id": (line(id="", text="x"), Reason.INVALID_ARTICLE),
    "10 kB id": (line(id="i" * 10_000, text="x"), Reason.INVALID_ARTICLE),
    "year 1": (
        line(id="first", text="x", published_at="0001-01-01T00:00:00+03:00"),
        Reason.INVALID_ARTICLE,
    ),
    "year 9999": (
        line(id="last", text="x", embargoed="9999-12-31T23:59:59-14:00"),
        Reason.INVALID_ARTICLE,
    ),
    "a million empty signals": (
        b'{"id": "empty", "text": "x", "signals": [' + b"[]," * 999_999 + b"[]]}",
        Reason.INVALID_ARTICLE,
    ),
    "no words": (line(id="void", title="", text=" "), Reason.INVALID_ARTICLE),
}


def test_a_batch_of_everything_leaves_its_hundred_neighbours_unharmed(
    redis_client: Redis, settings: Settings
) -> None:
    neighbours = samples(50, reprints=1, seed=12)
    lines = [each.line for each in neighbours]
    lines[30:30] = [bad for bad, _ in BAD.values()]
    lines[60:60] = [good for good, _ in GOOD.values()]
    harness.send(redis_client, settings, lines)

    with WorkerPool(settings, 1) as pool:
        harness.await_handled(redis_client, settings, len(lines), pool, timeout_s=60)

    reasons = sorted(letter.reason for letter in harness.letters(redis_client, settings))
    assert reasons == sorted(reason for _, reason in BAD.values())
    # Two equal items of two words tell nobody whether they are one story.
    alone = {frozenset({article_id}) for _, article_id in GOOD.values()}
    consumed = harness.consumed(harness.events(redis_client, settings))
    assert consumed == stories_of(neighbours) | alone
    assert harness.pending(redis_client, settings) == 0


def test_the_same_id_twice_in_a_batch_is_placed_once(
    redis_client: Redis, settings: Settings
) -> None:
    (sample,) = samples(1, reprints=0, seed=13)
    other = json.dumps({**json.loads(sample.line), "text": "Another text under the same id."})
    harness.send(redis_client, settings, [sample.line, other.encode(), sample.line])

    with WorkerPool(settings, 1):
        harness.await_handled(redis_client, settings, 3)

    assert harness.counts(redis_client, settings)["repeated"] == 2
    assert harness.consumed(harness.events(redis_client, settings)) == {frozenset({sample.id})}


def test_flat_fields_and_foreign_shapes_share_a_stream(
    redis_client: Redis, settings: Settings
) -> None:
    stream = settings.streams.articles
    redis_client.xadd(stream, {"id": "flat", "title": "Flat", "text": "Flat fields will do."})
    redis_client.xadd(stream, {"what": "ever"})
    redis_client.xadd(stream, {b"\xff\xfe": b"\x00\xff"})

    with WorkerPool(settings, 1):
        harness.await_handled(redis_client, settings, 3)

    assert harness.consumed(harness.events(redis_client, settings)) == {frozenset({"flat"})}
    foreign, binary = harness.letters(redis_client, settings)
    assert (foreign.reason, foreign.fields) == (Reason.NO_ARTICLE, {"what": "ever"})
    assert (binary.reason, binary.encoding) == (Reason.NO_ARTICLE, "base64")


def test_an_entry_that_others_delete_while_it_is_in_hand_is_reported(
    redis_client: Redis, settings: Settings
) -> None:
    (sample,) = samples(1, reprints=0, seed=14)
    harness.send(redis_client, settings, [sample.line])
    redis_client.xgroup_create(settings.streams.articles, "dedup", id="0")
    ((entry_id, _),) = harness.entries(redis_client, settings.streams.articles)
    redis_client.xreadgroup("dedup", "gone", {settings.streams.articles: ">"}, count=1)
    redis_client.xdel(settings.streams.articles, entry_id)

    with WorkerPool(settings, 1):
        harness.await_handled(redis_client, settings, 1)

    (letter,) = harness.letters(redis_client, settings)
    assert letter.reason is Reason.VANISHED
    assert letter.entry_id == entry_id
    assert harness.pending(redis_client, settings) == 0
