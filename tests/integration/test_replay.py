"""Replay on a real Redis: the same input in the same order is the same world."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis

from contracts.streams import Streams
from tests.support.redis import servers
from tests.support.wire import harness, shadows
from tests.support.wire.desk import text
from workers.demo.feed import demo_lines
from workers.errors import NamespaceInUse, NothingToReplay, OnestoryError
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.process.totals import RunTotals
from workers.settings import Settings
from workers.shadow.diff import diff
from workers.shadow.diff_result import Kind
from workers.shadow.history import history_of
from workers.shadow.replay import Replay


@pytest.fixture
def live(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, keep_input=True)


@pytest.fixture
def fresh(redis_url: str) -> Iterator[Settings]:
    name = servers.fresh_namespace()
    yield harness.settings_for(redis_url, name)
    servers.forget_namespace(redis_url, name)


@pytest.fixture
def another(redis_url: str) -> Iterator[Settings]:
    name = servers.fresh_namespace()
    yield harness.settings_for(redis_url, name)
    servers.forget_namespace(redis_url, name)


def item(article_id: str, story: int, reprint: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": article_id, "source": f"outlet of {article_id}", **text(story, reprint), **more}


LIFE = [
    *(item(f"a{number}", number % 7, number % 3) for number in range(40)),
    item("a3", 20, version=2),
    item("a4", 4, 2, version=5),
    {"id": "a5", "status": "canceled"},
    item("a6", 6, status="withheld"),
    item("b", 21, replaces="a8", source="outlet of a8"),
    item("a9", 9, 1, version=2),
    {"id": "a0", "status": "canceled", "version": 1},
    *(item(f"c{number}", number, 3) for number in range(25)),
    {"id": "no article"},
    item("a6", 6, version=2),
]
"""Versions, kills, holds and what is no article, dated so that their order is all that counts."""


def lines(articles: Sequence[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(article, ensure_ascii=False).encode() for article in articles]


def replayed(
    redis: Redis,
    settings: Settings,
    articles: Sequence[dict[str, Any]] = (),
    *,
    source: Settings | None = None,
    rules_from: Settings | None = None,
    resume: bool = False,
) -> RunTotals:
    """As the command does it: one worker process, articles or a namespace's kept input."""
    streams = [each.streams if each else None for each in (source, rules_from)]
    job = Replay(redis, settings, *streams)
    job.begin(resume=resume)
    with WorkerPool(settings, 1) as pool:
        sent: Any = job.entries() if source else iter(lines(articles))
        totals = Run(redis, settings, pool, lambda _: None).run(sent)
    job.done()
    return totals


def told(redis: Redis, settings: Settings) -> list[tuple[str, str, Any]]:
    """Events but for their time and the namespace's name, in the order in which they were told."""
    with shadows.leaving_desk(redis, settings) as wire:
        wire.sweep()  # what was killed is purged, if no worker has come to it yet
    events = sorted(harness.events(redis, settings), key=lambda event: event.data.position)
    return [(event.id, event.type, event.data) for event in events]


def test_the_same_input_in_the_same_order_gives_the_same_ids_and_events(
    redis_client: Redis, live: Settings, fresh: Settings, another: Settings
) -> None:
    """With versions, kills, holds and rules: rules are in force from the first article on."""
    with shadows.leaving_desk(redis_client, live) as wire:
        wire.rule("together", "a1", "a2", rule="r1")
        wire.rule("apart", "a7", "a14", rule="r2")
        wire.rule("lead", "a17", rule="r3")

    totals = replayed(redis_client, fresh, LIFE, rules_from=live)
    replayed(redis_client, another, LIFE, rules_from=live)

    assert totals.unaccounted == 0
    assert (totals.dead_lettered, totals.killed) == (1, 2)
    assert told(redis_client, fresh) == told(redis_client, another)
    stories = shadows.stories(redis_client, fresh)
    assert stories == shadows.stories(redis_client, another)
    story_of = {each: story for story, ids in stories.items() for each in ids}
    assert story_of["a1"] == story_of["a2"]
    assert story_of["a7"] != story_of["a14"]
    assert shadows.consumer(redis_client, fresh).stories[story_of["a17"]].lead == "a17"


def test_how_the_stream_is_cut_into_batches_changes_nothing(
    redis_client: Redis, fresh: Settings, another: Settings
) -> None:
    """Of a story that many outlets report at once, those behind an article are no neighbours of
    it; in one batch they took the places of those before it, and stories fell apart.
    """
    articles = [json.loads(line) for line in demo_lines()]
    crowd = [
        {**article, "id": f"{article['id']}-{outlet}", "source": f"outlet {outlet}"}
        for outlet in range(6)
        for article in articles
    ]

    in_batches(redis_client, fresh, crowd, 500)
    in_batches(redis_client, another, crowd, 25)

    one, other = (
        [(event.id, event.type) for event in harness.events(redis_client, each)]
        for each in (fresh, another)
    )
    assert one == other
    stories = shadows.stories(redis_client, fresh)
    assert stories == shadows.stories(redis_client, another)


def in_batches(
    redis: Redis, settings: Settings, articles: Sequence[dict[str, Any]], size: int
) -> None:
    with shadows.leaving_desk(redis, settings) as wire:
        worker = wire.workers[0]

        async def handled() -> None:
            while entries := await harness.taken(worker, size):
                await worker.deduplicator.handle(entries)

        wire.send(*articles)
        wire.loop.run_until_complete(handled())


def test_kept_input_gives_the_live_stories_again(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    """What was killed left the stream with its kill, so a story that it opened has another id."""
    with shadows.leaving_desk(redis_client, live) as wire:
        wire.place(*LIFE)
        wire.sweep()  # purges
    killed = {"a5", "a0"}

    replayed(redis_client, fresh, source=live, rules_from=live)

    before, after = (shadows.stories(redis_client, each) for each in (live, fresh))
    assert set(before.values()) == set(after.values())
    opened_by_killed = {
        event.data.story_id
        for event in harness.events(redis_client, live)
        if event.type == "story.opened" and event.data.article_id in killed
    }
    assert before.keys() - after.keys() <= opened_by_killed
    found = diff(
        ("live", "fresh"),
        history_of(redis_client, live.streams),
        history_of(redis_client, fresh.streams),
    )
    assert (found.groups, found.moved, found.only) == ((), 0, (0, 0))
    assert (found.bcubed.precision, found.bcubed.recall) == (1.0, 1.0)


def test_a_rule_that_came_in_the_middle_is_in_force_from_the_start(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    """What the stories went through is not told again, and what a rule that was revoked since
    put together is not put together.
    """
    with shadows.leaving_desk(redis_client, live) as wire:
        wire.place(item("a", 1), item("b", 2), item("c", 3), item("d", 3, 1))
        wire.rule("together", "a", "b", rule="r1")
        wire.rule("apart", "c", "d", rule="r2")
        wire.rule("lead", "b", rule="r3")
        wire.rule("together", "a", "c", rule="r4")
        wire.rule("revoke", "r4", rule="r5")
        wire.place(item("e", 1, 1), item("f", 2, 1))

    replayed(redis_client, fresh, source=live, rules_from=live)

    kinds = [event.type for event in harness.events(redis_client, fresh)]
    assert kinds.count("story.split") == kinds.count("story.merged") == 0
    stories, before = (shadows.stories(redis_client, each) for each in (fresh, live))
    assert set(stories.values()) == {frozenset(each) for each in ("abef", "c", "d")}
    assert set(before.values()) == {frozenset(each) for each in ("abcef", "d")}
    leads = {
        frozenset(story.articles): story.lead
        for story in shadows.consumer(redis_client, fresh).stories.values()
    }
    assert leads[frozenset("abef")] == "b"


def test_an_embargo_that_is_over_holds_nothing_back(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    until = datetime.now(UTC) + timedelta(seconds=1)
    with shadows.leaving_desk(redis_client, live) as wire:
        wire.place(item("a", 1), item("e", 1, 1, embargoed=until.isoformat()))
        servers.wait_until(wire.settle, "the embargo is over")

    totals = replayed(redis_client, fresh, source=live)

    assert (totals.held, totals.placed, totals.repeated) == (0, 2, 1)
    assert shadows.stories(redis_client, fresh) == shadows.stories(redis_client, live)


def test_entries_of_every_shape_are_replayed(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    """A kill without a version kills all; as flat fields it must not come to say version 1."""
    flat: dict[Any, Any] = {**item("a", 1), "version": "3"}
    with shadows.leaving_desk(redis_client, live) as wire:
        redis_client.xadd(live.streams.articles, flat)
        redis_client.xadd(live.streams.articles, {"nothing": "here"})
        redis_client.xadd(live.streams.articles, {"id": "b", "title": "Held", "status": "withheld"})
        wire.settle()

    totals = replayed(redis_client, fresh, source=live)

    assert (totals.lines, totals.placed, totals.held) == (2, 1, 1)
    assert shadows.consumer(redis_client, fresh).version("a") == 3
    held = redis_client.hget(fresh.keys.held, "b") or b""
    assert "version" not in json.loads(held)


def test_a_replay_goes_on_where_the_last_one_ended(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    shadows.placed(redis_client, live, [item("a", 1), item("b", 2)])
    first = replayed(redis_client, fresh, source=live)
    shadows.placed(redis_client, live, [item("c", 1, 1)])

    second = replayed(redis_client, fresh, source=live, resume=True)

    assert (first.lines, second.lines, second.placed) == (2, 1, 1)
    assert shadows.stories(redis_client, fresh) == shadows.stories(redis_client, live)


def test_a_replay_that_was_killed_is_resumed_and_nothing_is_lost(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    """Some of it is placed, some was delivered to a worker that is dead, some waits."""
    articles = [item(f"a{number}", number) for number in range(9)]
    shadows.placed(redis_client, live, articles)
    killed = Replay(redis_client, fresh, live.streams, live.streams)
    killed.begin()
    with shadows.leaving_desk(redis_client, fresh) as wire:
        wire.place(*articles[:3])
    harness.send(redis_client, fresh, [each[b"data"] for each in killed.entries()][3:])
    redis_client.xreadgroup("dedup", "dead", {fresh.streams.articles: ">"}, count=3)

    totals = replayed(redis_client, fresh, source=live, rules_from=live, resume=True)

    assert (totals.lines, totals.repeated, totals.placed) == (9, 3, 6)
    assert shadows.stories(redis_client, fresh) == shadows.stories(redis_client, live)


def test_a_namespace_in_use_is_refused(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    shadows.placed(redis_client, live, [item("a", 1)])
    harness.send(redis_client, fresh, lines([item("b", 1)]))

    with pytest.raises(NamespaceInUse, match="name a fresh one"):
        Replay(redis_client, fresh).begin()
    with pytest.raises(NamespaceInUse, match="filled by no replay"):
        Replay(redis_client, fresh).begin(resume=True)
    assert redis_client.xlen(fresh.streams.articles) == 1


def test_only_the_same_replay_is_resumed_under_the_same_rules(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    shadows.placed(redis_client, live, [item("a", 1)])
    Replay(redis_client, fresh, live.streams, live.streams).begin()

    with pytest.raises(NamespaceInUse, match="expected one from files"):
        Replay(redis_client, fresh).begin(resume=True)
    with shadows.leaving_desk(redis_client, live) as wire:
        wire.rule("lead", "a", rule="r1")
    with pytest.raises(NamespaceInUse, match=r"rules .* have changed"):
        Replay(redis_client, fresh, live.streams, live.streams).begin(resume=True)


def test_a_stream_that_keeps_nothing_says_what_to_do(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    forgetful = live.model_copy(update={"keep_input": False})
    empty = Streams(servers.fresh_namespace())
    shadows.placed(redis_client, forgetful, [item("a", 1)])
    harness.send(redis_client, live, lines([item("b", 2)]))  # waits, and is no kept input

    for source in (live.streams, empty):
        with pytest.raises(NothingToReplay, match="ONESTORY_KEEP_INPUT=1"):
            Replay(redis_client, fresh, source).begin()
    with pytest.raises(OnestoryError, match="into itself"):
        Replay(redis_client, live, live.streams).begin()
    assert not redis_client.exists(fresh.keys.replay)


def test_a_stream_that_no_worker_has_read_is_input_as_well(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    harness.send(redis_client, live, lines([item("a", 1), item("b", 1, 1)]))

    replayed(redis_client, fresh, source=live)

    assert set(shadows.stories(redis_client, fresh).values()) == {frozenset("ab")}


RATES = (
    "The central bank of Norvia kept its key rate at 7.5 percent on Monday, governor Ada Lind "
    "said. Inflation will slow to 4 percent by the end of the year, the bank expects."
)
COMMENT = "The central bank of Norvia worries about jobs. Governor Ada Lind met trade unions."


def test_a_looser_threshold_shows_the_stories_that_differ_and_why(
    redis_client: Redis, live: Settings, fresh: Settings
) -> None:
    looser = fresh.model_copy(update={"operating_point": "event"})
    day = {"published_at": "2026-02-09T10:00:00Z", "lang": "en"}
    articles = [
        {"id": "a", "title": "Norvia keeps rate", "text": RATES, "source": "one", **day},
        {"id": "b", "title": "Norvia: jobs", "text": COMMENT, **day},
        item("c", 1),
        item("d", 1, 1),
    ]
    replayed(redis_client, live, articles)
    replayed(redis_client, looser, articles)

    found = diff(
        ("strict", "loose"),
        history_of(redis_client, live.streams),
        history_of(redis_client, looser.streams),
    )

    assert [group.kind for group in found.groups] == [Kind.MERGED]
    ((moved,),) = (group.moved for group in found.groups)
    assert moved.article_id == "b"
    assert moved.told_before is not None
    assert moved.told_after is not None
    assert moved.told_before.score == moved.told_after.score
    assert (moved.told_before.relation, moved.told_after.relation) == (None, "rewrite")
    strict, loose = (dict(side[0].thresholds)["join"] for side in found.operating)
    assert loose <= (moved.told_after.score or 0.0) < strict
