"""Who sent an article is said by whoever took it in: the poller, the API, a listener."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from pydantic import SecretStr
from redis import Redis
from typer.testing import CliRunner

from contracts.commands import COMMAND
from contracts.dead_letter import DeadLetter, Reason
from tests.support.api.client import ask, bearer
from tests.support.feeds.server import FeedServer, Page, serving
from tests.support.redis import servers
from tests.support.redis.rewind import rewinding_redis
from tests.support.wire import harness, shadows
from tests.support.wire.desk import Desk, desk, item, text
from workers.api.listen import build_app
from workers.cli import app
from workers.feeds.feed_list import Feed
from workers.feeds.poll import Polled, Poller
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.settings import Settings
from workers.shadow.replay import Replay
from workers.state.entries import vouched

TOKENS = {"courier": SecretStr("courier-secret"), "Blog": SecretStr("blog-secret")}
LINES = "application/x-ndjson"


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(
        redis_url,
        namespace,
        feeds_allow_private=True,
        write_token=SecretStr("one-for-all"),
        write_tokens=TOKENS,
    )


@pytest.fixture
def wire(redis_client: Redis, settings: Settings) -> Iterator[Desk]:
    with desk(redis_client, settings) as made:
        yield made


@pytest.fixture
def outlet() -> Iterator[FeedServer]:
    with serving() as server:
        yield server


@pytest.fixture
def stranger() -> Iterator[FeedServer]:
    with serving() as server:
        yield server


def types(events: list[Any]) -> list[str]:
    return [event.type.removeprefix("story.") for event in events]


def letters(wire: Desk) -> list[DeadLetter]:
    return harness.letters(wire.redis, wire.settings)


def rss(*items: str) -> Page:
    return Page(f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode())


def entry(guid: str, story: int) -> str:
    said = text(story)
    return (
        f"<item><guid>{guid}</guid><title>{said['title']}</title>"
        f"<description>{said['text']}</description></item>"
    )


def grave(guid: str) -> Page:
    return Page(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones'
        f'/1.0"><title>x</title><at:deleted-entry ref="{guid}" when="2026-11-25T00:00:00Z"/></feed>'
        .encode()
    )  # fmt: skip


def poll(wire: Desk, server: FeedServer, page: Page, path: str = "/feed", **told: Any) -> Polled:
    server.pages[path] = page
    polled = Poller(wire.redis, wire.settings).poll(Feed(url=server.url(path), **told))
    wire.settle()
    return polled


def jsonl(*articles: dict[str, Any]) -> Page:
    return Page("\n".join(map(json.dumps, articles)).encode(), headers={"Content-Type": LINES})


def test_a_strangers_feed_neither_changes_nor_kills_the_items_of_another(
    wire: Desk, outlet: FeedServer, stranger: FeedServer
) -> None:
    poll(wire, outlet, rss(entry("urn:x:1", 1), entry("urn:x:2", 2)))

    poll(wire, stranger, rss(entry("urn:x:1", 3)))
    poll(wire, stranger, grave("urn:x:2"))
    poll(wire, stranger, jsonl({"id": "urn:x:1", "status": "canceled"}), format="jsonl")

    assert wire.stories == {frozenset({"urn:x:1"}), frozenset({"urn:x:2"})}
    told = letters(wire)
    assert [each.reason for each in told] == [Reason.NOT_THE_OWNER] * 3
    assert f"feed:127.0.0.1:{outlet.port}" in told[0].detail
    assert f"feed:127.0.0.1:{stranger.port}" in told[0].detail


def test_its_own_feed_changes_and_kills_an_item(wire: Desk, outlet: FeedServer) -> None:
    poll(wire, outlet, rss(entry("urn:x:1", 1)))
    poll(wire, outlet, rss(entry("urn:x:1", 2)))
    poll(wire, outlet, grave("urn:x:1"))

    assert wire.stories == set()
    assert letters(wire) == []


def test_feeds_of_one_host_or_one_source_are_one_sender(
    wire: Desk, outlet: FeedServer, stranger: FeedServer
) -> None:
    poll(wire, outlet, rss(entry("urn:x:1", 1)), "/news")
    poll(wire, outlet, rss(entry("urn:x:1", 2)), "/sport")
    poll(wire, outlet, rss(entry("urn:x:3", 3)), "/world", source="Courier")
    poll(wire, stranger, rss(entry("urn:x:3", 4)), source="COURIER ")
    poll(wire, outlet, grave("urn:x:1"), "/graves")

    assert letters(wire) == []
    assert wire.stories == {frozenset({"urn:x:3"})}


def test_the_same_item_in_a_feed_of_another_host_is_a_repeat(
    wire: Desk, outlet: FeedServer, stranger: FeedServer
) -> None:
    poll(wire, outlet, rss(entry("urn:x:1", 1)))
    poll(wire, stranger, rss(entry("urn:x:1", 1)))

    assert letters(wire) == []
    assert harness.counts(wire.redis, wire.settings)["repeated"] == 1


def test_whom_the_list_lets_a_feed_speak_for_it_changes(
    wire: Desk, outlet: FeedServer, stranger: FeedServer
) -> None:
    poll(wire, outlet, rss(entry("urn:x:1", 1)), source="Courier")
    poll(wire, stranger, grave("urn:x:1"), speaks_for=("feed:Courier",))

    assert wire.stories == set()


@pytest.mark.parametrize(
    "page",
    [
        jsonl({"id": "a", "status": "canceled"}),
        Page(b'{"id": "a", "status": "canceled"}'),
        Page(b'{"error": "quota"}', headers={"Content-Type": "application/json"}),
        Page(b"Too many requests"),
    ],
    ids=["lines by type", "lines by look", "an API's error", "words"],
)
def test_what_is_no_feed_is_never_read_as_articles(
    wire: Desk, outlet: FeedServer, page: Page
) -> None:
    wire.place({key: value for key, value in item("a", 1).items() if key != "source"})

    polled = poll(wire, outlet, page)

    assert "asked again in" in polled.failure
    assert wire.stories == {frozenset("a")}
    assert [(each.reason, each.article_id) for each in letters(wire)] == [
        (Reason.BAD_DOCUMENT, None)
    ]


def test_lines_are_polled_where_the_list_says_so_and_are_the_feeds(
    wire: Desk, outlet: FeedServer
) -> None:
    poll(wire, outlet, jsonl(item("a", 1, source="Wire")), format="jsonl")

    wire.place({"id": "a", "status": "canceled", "source": "Wire"})

    assert wire.stories == {frozenset("a")}
    assert [each.reason for each in letters(wire)] == [Reason.NOT_THE_OWNER]


def api(settings: Settings, path: str, body: Any, token: str, kind: str = LINES) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {**bearer(token), "Content-Type": kind}
    return ask(settings, "POST", path, content=content, headers=headers)


def listener(
    settings: Settings, path: str, body: Any, token: str, kind: str = LINES
) -> httpx.Response:
    async def go() -> httpx.Response:
        with servers.connected(str(settings.redis_url)) as redis:
            transport = httpx.ASGITransport(build_app(redis, settings))
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
                headers = {**bearer(token), "Content-Type": kind}
                return await http.post(path, content=json.dumps(body), headers=headers)

    return anyio.run(go)


WAYS: dict[str, Callable[[Settings, Any, str], httpx.Response]] = {
    "an article": lambda *a: api(a[0], "/v1/articles", a[1], a[2], "application/json"),
    "a batch": lambda *a: api(a[0], "/v1/articles", a[1], a[2]),
    "a document": lambda *a: api(a[0], "/v1/documents?format=jsonl", a[1], a[2]),
    "a listener": lambda *a: listener(a[0], "/documents", a[1], a[2]),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_a_named_token_posts_is_its_own(
    wire: Desk, settings: Settings, way: Callable[[Settings, Any, str], httpx.Response]
) -> None:
    gone = {"id": "a", "status": "canceled", "source": "Wire"}
    assert way(settings, item("a", 1, source="Wire"), "courier-secret").is_success
    wire.settle()

    wire.place(gone)
    assert way(settings, gone, "blog-secret").is_success
    assert types(wire.settle()) == []
    details = [each.detail for each in letters(wire)]
    assert len(details) == 2
    assert all("token:courier" in each for each in details)
    assert "token:blog" in details[1]
    assert way(settings, gone, "courier-secret").is_success
    assert types(wire.settle()) == ["retracted"]


def test_the_token_without_a_name_speaks_as_the_stream_does(wire: Desk, settings: Settings) -> None:
    api(settings, "/v1/articles", item("a", 1, source="Wire"), "one-for-all")
    wire.settle()

    assert types(wire.place({"id": "a", "status": "canceled", "source": "Wire"})) == ["retracted"]


def test_a_client_of_the_api_can_t_say_who_sends(wire: Desk, settings: Settings) -> None:
    forged = {"sender": "token:courier", "speaks-for": "*"}
    said = item("a", 1, source="token:courier") | forged
    for kind in (LINES, "application/json"):
        api(settings, "/v1/articles", said, "one-for-all", kind)
        api(settings, "/v1/articles", said, "blog-secret", kind)

    fields = [each for _, each in harness.entries(wire.redis, settings.streams.articles)]
    assert [each.get(b"sender") for each in fields] == [None, b"token:blog", None, b"token:blog"]
    assert all(b"speaks-for" not in each for each in fields)


def test_a_wrong_token_is_nobodys_and_none_is_shown(settings: Settings) -> None:
    refused = api(settings, "/v1/articles", item("a", 1), "courier-secre")

    assert refused.status_code == 401
    assert listener(settings, "/documents", item("a", 1), "courier-secre").status_code == 401
    assert "courier-secret" not in repr(settings)
    only_named = settings.model_copy(update={"write_token": None})
    assert ask(only_named, "POST", "/v1/articles", json=item("a", 1)).status_code == 401


@pytest.mark.parametrize(
    ("token", "by", "signed"),
    [
        ("courier-secret", "Anna", "Anna (token:courier)"),
        ("courier-secret", "Courier", "Courier"),
        ("courier-secret", "x" * 1024, "x" * 1008 + " (token:courier)"),
        ("one-for-all", "Anna", "Anna"),
    ],
)
def test_a_rule_says_by_which_desk_it_was_sent(
    wire: Desk, settings: Settings, token: str, by: str, signed: str
) -> None:
    rule = {"command": "lead", "article": "a", "by": by, "reason": "longer"}
    quick = settings.model_copy(update={"api_rule_wait_s": 0.05})

    api(quick, "/v1/rules", rule, token, "application/json")

    ((_, fields),) = harness.entries(wire.redis, settings.streams.commands)
    assert COMMAND.validate_json(fields[b"data"]).by == signed


def test_a_file_is_known_by_its_sources(wire: Desk, settings: Settings, tmp_path: Path) -> None:
    wire.place(item("a", 1, source="Wire"), item("b", 2, source="Wire"))
    file = tmp_path / "day.jsonl"
    by = {"a": "Wire", "b": "Nobody Blog"}
    kills = [{"id": each, "status": "canceled", "source": by[each]} for each in by]
    file.write_text("\n".join(map(json.dumps, kills)))

    where = ["--redis-url", str(settings.redis_url), "--namespace", settings.namespace]
    for how in ("jsonl", "auto"):
        done = CliRunner().invoke(app, ["publish", str(file), "--format", how, *where])
        assert done.exit_code == 0, done.output
        wire.settle()

    assert wire.stories == {frozenset("b")}
    assert [each.article_id for each in letters(wire)] == ["b", "b"]


def sent(redis: Redis, settings: Settings, sender: str, *articles: dict[str, Any]) -> None:
    for each in articles:
        fields: dict[Any, Any] = {"data": json.dumps(each), **vouched(sender)}
        redis.xadd(settings.streams.articles, fields)


def test_a_replay_and_a_switch_keep_the_owners(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    live = harness.settings_for(redis_url, namespace, keep_input=True)
    shadow = live.model_copy(update={"namespace": servers.fresh_namespace(), "keep_input": False})
    with shadows.leaving_desk(redis_client, live) as wire:
        sent(redis_client, live, "feed:courier", item("a", 1, source="Wire"))
        sent(redis_client, live, "token:desk", item("b", 2, source="Wire"))
        wire.place(item("c", 3, source="Wire"))
    try:
        replay = Replay(redis_client, shadow, live.streams, None)
        replay.begin()
        with WorkerPool(shadow, 1) as pool:
            Run(redis_client, shadow, pool, lambda _: None).run(replay.entries())
        replay.done()
        owners = ["feed:courier", "token:desk", "source:wire"]
        for each in (live, shadow):
            found = [redis_client.hget(each.keys.article(name), "ow") for name in "abc"]
            assert found == [owner.encode() for owner in owners]
        shadows.switched(redis_client, live, shadow)
    finally:
        servers.forget_namespace(redis_url, shadow.namespace)
    with desk(redis_client, live) as wire:
        wire.place(*({"id": each, "status": "canceled", "source": "Wire"} for each in "abc"))

        assert wire.stories == {frozenset("a"), frozenset("b")}
        assert len(letters(wire)) == 2


def test_a_server_that_goes_back_keeps_the_owners_of_what_it_keeps(tmp_path: Path) -> None:
    with rewinding_redis(tmp_path) as server:
        settings = harness.settings_for(server.url, "back")
        with desk(server.redis, settings) as wire:
            wire.place(item("a", 1, source="Wire"), {"id": "k", "status": "canceled"})
            moment = server.now()
            wire.place(item("b", 2, source="Wire"))
        server.rewind(moment)
        with desk(server.redis, settings) as wire:
            wire.place(
                item("b", 3, source="Nobody Blog"),
                item("b", 2, source="Wire", version=2),
                {"id": "a", "status": "canceled", "source": "Nobody Blog"},
            )

            assert wire.stories == {frozenset("a"), frozenset("b")}
            assert [each.article_id for each in letters(wire)] == ["b", "a"]
            assert wire.place(item("k", 4, source="Wire")) == []
