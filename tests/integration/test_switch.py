"""Switching over: consumers of the live stream see lineage, and hold the shadow's partition.

What another model would make of an article is here another text under the same id: the shadow's
fingerprints are of other stories than the live ones.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from contracts.events import Merger, Placement, Split
from tests.support.builders.encoders import tiny_model
from tests.support.redis import servers
from tests.support.wire import harness, shadows
from tests.support.wire.desk import text
from workers.errors import ModelMismatch, NotSwitchable, SwitchUnfinished
from workers.settings import Settings
from workers.shadow.fingerprints import Takeover
from workers.shadow.regrouping import Lineage


@pytest.fixture
def live(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def shadow(redis_url: str) -> Iterator[Settings]:
    name = servers.fresh_namespace()
    yield harness.settings_for(redis_url, name)
    servers.forget_namespace(redis_url, name)


def item(article_id: str, story: int, reprint: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": article_id, "source": f"outlet of {article_id}", **text(story, reprint), **more}


def items(stories: dict[str, int], **more: Any) -> list[dict[str, Any]]:
    return [item(article_id, story, **more) for article_id, story in stories.items()]


def drawn(seed: int) -> tuple[dict[str, int], dict[str, int]]:
    """Two partitions of the same articles, with much in common."""
    rng = random.Random(seed)
    one = {f"a{number}": rng.randrange(8) for number in range(30)}
    other = {each: story if rng.random() < 0.6 else rng.randrange(8) for each, story in one.items()}
    order = list(other)
    rng.shuffle(order)  # so that numbers differ
    return one, {each: other[each] for each in order}


def partition(stories: dict[str, int]) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for article_id, story in stories.items():
        groups.setdefault(story, set()).add(article_id)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("seed", range(4))
def test_consumers_see_lineage_and_hold_the_shadow_s_partition(
    redis_client: Redis, live: Settings, shadow: Settings, seed: int
) -> None:
    one, other = drawn(seed)
    shadows.placed(redis_client, live, items(one))
    shadows.placed(redis_client, shadow, items(other))
    before = shadows.stories(redis_client, live)
    assert set(before.values()) == partition(one)
    told = len(harness.events(redis_client, live))

    done = shadows.switched(redis_client, live, shadow)

    after = shadows.stories(redis_client, live)
    assert (
        set(after.values())
        == partition(other)
        == set(shadows.stories(redis_client, shadow).values())
    )
    fresh = shadows.told_since(redis_client, live, told)
    kinds = [event.type.removeprefix("story.") for event in fresh]
    assert set(kinds) <= {"split", "opened", "merged"}
    assert (kinds.count("split"), kinds.count("opened")) == (done.split, done.split)
    assert kinds.count("merged") == done.merged
    unchanged = {story: ids for story, ids in before.items() if ids in after.values()}
    assert {story: after.get(story) for story in unchanged} == unchanged
    resolve = shadows.consumer(redis_client, live).resolve
    assert all(resolve(story) in after for story in before)
    assert done.without_fingerprint == 0
    assert not redis_client.exists(live.keys.switching)


@pytest.mark.parametrize("seed", range(2))
def test_duplicates_of_old_articles_join_the_right_stories_afterwards(
    redis_client: Redis, live: Settings, shadow: Settings, seed: int
) -> None:
    one, other = drawn(seed)
    shadows.placed(redis_client, live, items(one))
    shadows.placed(redis_client, shadow, items(other))
    shadows.switched(redis_client, live, shadow)

    with shadows.leaving_desk(redis_client, live) as wire:
        wire.place(*(item(f"r{story}", story, 3) for story in set(other.values())))
        wire.place(item("new", 20), item("new-too", 20, 1))

        groups = other | {f"r{story}": story for story in other.values()}
        assert wire.stories == partition(groups | {"new": 20, "new-too": 20})


def test_fingerprints_numbers_and_clock_become_the_shadow_s(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    """Beside what is told there is no trace of the live namespace's own numbers."""
    one, other = drawn(5)
    crowd = items({f"n{number}": 9 for number in range(110)})
    past: dict[str, Any] = {"published_at": "2026-01-01T00:00:00Z"}
    shadows.placed(redis_client, live, [*crowd, *items(one)])
    with shadows.leaving_desk(redis_client, shadow) as wire:
        wire.place(item("past", 30, **past), *items(other), *crowd)
        wire.sweep()  # so that it has a floor

    shadows.switched(redis_client, live, shadow)

    mine, theirs = (shadows.state(redis_client, each) for each in (live, shadow))
    for state in (mine, theirs):
        for own in (b"p", b"era", b"server"):
            state["clock"].pop(own, None)
    assert int(theirs["clock"][b"floor"]) == 2
    for name in ("log", "clock", "epochs", "model"):
        assert mine.get(name) == theirs.get(name), name
    assert {name: mine[name][b"n"] for name in mine if name.startswith("a:")} == {
        name: theirs[name][b"n"] for name in theirs if name.startswith("a:")
    }
    for story in (mine[name] for name in mine if name.startswith("s:") and b"r" in mine[name]):
        members = [value.split(b":")[:2] for name, value in story.items() if name.startswith(b"m")]
        (lead,) = (value for name, value in story.items() if name == b"m" + story[b"l"])
        assert int(story[b"b"]) == min(int(first) for first, _ in members)
        assert int(story[b"hn"]) == max(int(number) for _, number in members)
        assert story[b"ln"] == lead.split(b":")[1]
        assert {number for _, number in members} <= {
            mine[name][b"n"] for name in mine if name.startswith("a:")
        }


def test_an_article_that_moves_is_told_to_leave_and_to_arrive(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    """The fragment is older by its article, but the story that was there keeps its id."""
    shadows.placed(redis_client, live, items({"a": 1, "b": 1, "x": 2, "y": 2}))
    shadows.placed(redis_client, shadow, items({"a": 1, "x": 2, "y": 2, "b": 2}))
    places = {
        each: story for story, ids in shadows.stories(redis_client, live).items() for each in ids
    }

    shadows.switched(redis_client, live, shadow)

    split, opened, merged = (event.data for event in shadows.told_since(redis_client, live, 4))
    assert isinstance(split, Split)
    assert isinstance(opened, Placement)
    assert isinstance(merged, Merger)
    assert (split.split_from, split.article_ids, split.sequence) == (places["a"], ("b",), 3)
    assert (opened.story_id, opened.split_from) == (split.moved_to, places["a"])
    assert opened.title == text(2)["title"]
    assert opened.source == "outlet of b"
    assert opened.evidence.summary.startswith(f"Switched to the stories of {shadow.namespace}")
    assert opened.evidence.thresholds
    assert (merged.merged_into, merged.article_ids) == (places["x"], ("b",))
    assert split.because_of == merged.because_of == f"switch to {shadow.namespace}"


def test_going_to_and_fro_takes_no_id_twice(
    redis_client: Redis, redis_url: str, live: Settings, shadow: Settings
) -> None:
    """An id that merged resolves for as long as the story lives, so what leaves gets another."""
    apart, together = shadow, live.model_copy(update={"namespace": servers.fresh_namespace()})
    shadows.placed(redis_client, live, items({"a": 1, "b": 1, "c": 1}))
    shadows.placed(redis_client, apart, items({"a": 1, "b": 2, "c": 2}))
    shadows.placed(redis_client, together, items({"c": 1, "b": 1, "a": 1}))

    opened = set()
    for _ in range(3):
        shadows.switched(redis_client, live, apart)
        stories = shadows.stories(redis_client, live)
        assert set(stories.values()) == {frozenset("a"), frozenset("bc")}
        opened.add(next(story for story, ids in stories.items() if ids == frozenset("bc")))
        shadows.switched(redis_client, live, together)
        assert set(shadows.stories(redis_client, live).values()) == {frozenset("abc")}

    assert len(opened) == 3
    resolve = shadows.consumer(redis_client, live).resolve
    assert len({resolve(story) for story in opened}) == 1
    servers.forget_namespace(redis_url, together.namespace)


@pytest.mark.parametrize(
    ("where", "name", "calls"),
    [
        (Lineage, "_leave", 0),
        (Lineage, "_leave", 3),
        (Lineage, "_merge", 1),
        (Takeover, "_take_log", 0),
        (Takeover, "_take_clock", 0),
        (Takeover, "_renumber", 0),
        (Takeover, "_renumber", 3),
    ],
)
def test_a_switch_that_was_killed_is_run_again_and_completes(
    redis_client: Redis,
    redis_url: str,
    live: Settings,
    shadow: Settings,
    monkeypatch: pytest.MonkeyPatch,
    where: type[Any],
    name: str,
    calls: int,
) -> None:
    """As if it had never been: the same state and the same events as in an uninterrupted one."""
    twin = live.model_copy(update={"namespace": servers.fresh_namespace()})
    monkeypatch.setattr("workers.shadow.fingerprints._STORIES_AT_ONCE", 2)
    monkeypatch.setattr("workers.shadow.regrouping._AT_ONCE", 1)
    one, other = drawn(11)
    for settings in (live, twin):
        shadows.placed(redis_client, settings, items(one | {"absent": 1, "absent-too": 30}))
    shadows.placed(redis_client, shadow, items(other))
    shadows.switched(redis_client, twin, shadow)

    with monkeypatch.context() as killed:
        kill_at(killed, where, name, calls)
        with pytest.raises(Killed):
            shadows.switched(redis_client, live, shadow)
    with pytest.raises(SwitchUnfinished, match="onestory switch"):
        shadows.claimed(live, "bundled")
    shadows.switched(redis_client, live, shadow)

    assert shadows.state(redis_client, live) == shadows.state(redis_client, twin)
    events, expected = (
        [(event.id, event.type, event.data) for event in harness.events(redis_client, settings)]
        for settings in (live, twin)
    )
    assert events == expected
    assert shadows.stories(redis_client, live) == shadows.stories(redis_client, twin)
    servers.forget_namespace(redis_url, twin.namespace)


class Killed(Exception):
    """In place of kill -9."""


def kill_at(patch: pytest.MonkeyPatch, where: type[Any], name: str, calls: int) -> None:
    """Let a method work so many times, then never again."""
    original, left = getattr(where, name), [calls]

    async def until(*args: Any) -> Any:
        if not left[0]:
            raise Killed
        left[0] -= 1
        return await original(*args)

    patch.setattr(where, name, until)


def test_what_the_shadow_does_not_hold_stays_and_lives_on(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    """Later articles and versions have no fingerprint until they come again; all else holds."""
    shadows.placed(
        redis_client,
        live,
        [
            *items({"a": 1, "b": 1, "late": 1, "held": 1, "killed": 1, "alone": 3, "v": 2, "w": 2}),
            item("v", 2, version=2),
        ],
    )
    shadows.placed(redis_client, shadow, items({"w": 2, "v": 4, "b": 5, "a": 1}))

    done = shadows.switched(redis_client, live, shadow)

    assert done.without_fingerprint == 5
    with shadows.leaving_desk(redis_client, live) as wire:
        first = {"a", "late", "held", "killed"}
        assert wire.stories == {frozenset(first), *map(frozenset, ("b", ["alone"], "vw"))}
        wire.place({"id": "killed", "status": "canceled"})
        wire.place(item("held", 1, status="withheld"))
        assert wire.stories == {frozenset({"a", "late"}), *map(frozenset, ("b", ["alone"], "vw"))}
        wire.place(item("late", 5, version=2), item("v", 2, version=3), item("held", 5, version=2))
        assert wire.stories == {*map(frozenset, ("a", ["alone"], "vw", ["b", "late", "held"]))}


def test_what_is_past_the_window_closes_afterwards_as_before(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    old: dict[str, Any] = {"published_at": "2026-01-01T00:00:00Z"}
    shadows.placed(redis_client, live, [item("old", 3, **old), item("gone", 4, **old)])
    shadows.placed(redis_client, shadow, [item("old", 3, **old)])
    shadows.switched(redis_client, live, shadow)

    with shadows.leaving_desk(redis_client, live) as wire:
        wire.place(*(item(f"n{number}", 5) for number in range(130)))
        wire.sweep()

        assert wire.stories == {frozenset(f"n{number}" for number in range(130))}
        closed = [event for event in wire.events if event.type == "story.closed"]
        assert len(closed) == 2
        assert not redis_client.exists(live.keys.article("old"), live.keys.article("gone"))


def test_editors_rules_hold_through_a_switch(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    """Also over articles that the shadow does not hold."""
    said = (("together", "a", "x"), ("apart", "b", "c"), ("together", "b", "late"), ("lead", "c"))
    for settings, stories in (
        (live, {"a": 1, "b": 2, "late": 2, "d": 2, "c": 3, "x": 4, "e": 3}),
        (shadow, {"d": 2, "a": 1, "b": 6, "c": 6, "x": 4, "e": 6}),
    ):
        with shadows.leaving_desk(redis_client, settings) as wire:
            for number, (command, *articles) in enumerate(said):
                wire.rule(command, *articles, rule=f"r{number}")
            wire.place(*items(stories))
    assert frozenset("bc") not in shadows.stories(redis_client, shadow).values()

    shadows.switched(redis_client, live, shadow)

    after = shadows.stories(redis_client, live)
    expected = set(shadows.stories(redis_client, shadow).values())
    with_late = {ids | {"late"} if "b" in ids else ids for ids in expected}
    assert set(after.values()) == with_late
    partition = shadows.consumer(redis_client, live).stories
    assert [story.lead for story in partition.values() if "c" in story.articles] == ["c"]


def test_an_article_killed_since_the_replay_does_not_come_back(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    shadows.placed(redis_client, live, items({"a": 1, "b": 2}))
    shadows.placed(redis_client, shadow, items({"a": 1, "b": 2}))
    shadows.placed(redis_client, live, [{"id": "a", "status": "canceled"}])

    shadows.switched(redis_client, live, shadow)

    with shadows.leaving_desk(redis_client, live) as wire:
        wire.sweep()
        assert wire.holds(text(1)["title"].split()[0]) == []
        wire.place(item("c", 1, 1), item("a", 1))
        assert wire.stories == {frozenset("b"), frozenset("c")}


def test_the_model_becomes_the_shadow_s(
    redis_client: Redis, live: Settings, shadow: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    spec = f"model2vec:{tiny_model(tmp_path_factory.mktemp('model') / 'tiny', 16)}"
    other = shadow.model_copy(update={"encoder": spec})
    shadows.placed(redis_client, live, items({"a": 1, "b": 2}))
    shadows.placed(redis_client, other, items({"a": 1, "b": 2}))

    done = shadows.switched(redis_client, live, other)

    assert done.model.encode() == redis_client.get(live.keys.model)
    assert done.model.startswith("model2vec/tiny@")
    with pytest.raises(ModelMismatch):
        shadows.claimed(live, "bundled")
    with shadows.leaving_desk(redis_client, live.model_copy(update={"encoder": spec})) as wire:
        wire.place(item("c", 1, 1))
        assert wire.stories == {frozenset("ac"), frozenset("b")}


def test_what_waits_in_the_live_stream_is_placed_afterwards(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    """Publishers need not stop; the shadow may have seen what the live workers have not."""
    shadows.placed(redis_client, live, items({"a": 1, "b": 1}))
    shadows.placed(redis_client, shadow, items({"a": 1, "b": 2, "c": 2}))
    harness.send(redis_client, live, [])
    with shadows.leaving_desk(redis_client, live) as wire:
        wire.send(item("c", 2))

    shadows.switched(redis_client, live, shadow)

    with shadows.leaving_desk(redis_client, live) as wire:
        wire.settle()
        assert wire.stories == {frozenset("a"), frozenset("bc")}


def test_a_switch_is_refused_while_a_worker_of_either_runs(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    """However long it has had nothing to do."""
    for settings in (live, shadow):
        shadows.placed(redis_client, settings, items({"a": 1}))
        redis_client.xgroup_destroy(settings.streams.articles, "dedup")
    for settings in (live, shadow):
        with shadows.leaving_desk(redis_client, settings):
            said = refusal(redis_client, live, shadow)
            assert said.startswith(f"of '{settings.namespace}' worker w0 runs")

    # Nothing was changed, and workers may start.
    shadows.placed(redis_client, live, items({"b": 1}))
    assert set(shadows.stories(redis_client, live).values()) == {frozenset("ab")}


def test_a_switch_is_refused_while_articles_wait_in_the_shadow(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    shadows.placed(redis_client, live, items({"a": 1}))
    with shadows.leaving_desk(redis_client, shadow) as wire:
        wire.place(*items({"a": 1}))
        wire.send(item("b", 1))

    with pytest.raises(NotSwitchable, match="articles wait in"):
        shadows.switched(redis_client, live, shadow)
    assert not redis_client.exists(live.keys.switching)


def test_a_switch_is_refused_while_entries_are_pending(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    shadows.placed(redis_client, shadow, items({"a": 1}))
    shadows.placed(redis_client, live, items({"a": 1}))
    harness.send(redis_client, live, [b"{}"])
    redis_client.xreadgroup("dedup", "dead", {live.streams.articles: ">"})

    assert refusal(redis_client, live, shadow).startswith("1 entries of")


def refusal(redis: Redis, live: Settings, shadow: Settings) -> str:
    with pytest.raises(NotSwitchable) as refused:
        shadows.switched(redis, live, shadow)
    return str(refused.value)


def test_a_switch_is_refused_where_rules_differ(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    shadows.placed(redis_client, shadow, items({"a": 1}))
    with shadows.leaving_desk(redis_client, live) as wire:
        wire.rule("apart", "a", "b", rule="r7")
        wire.place(*items({"a": 1}))

    assert refusal(redis_client, live, shadow).startswith("editors' rules r7 are not the same")


def test_a_switch_to_itself_to_nothing_or_to_a_third_one_is_refused(
    redis_client: Redis, live: Settings, shadow: Settings
) -> None:
    shadows.placed(redis_client, live, items({"a": 1}))

    assert "to itself" in refusal(redis_client, live, live)
    assert "holds no articles" in refusal(redis_client, live, shadow)
    shadows.placed(redis_client, shadow, items({"a": 1}))
    redis_client.hset(live.keys.switching, "to", "third")
    assert "half switched over to 'third'" in refusal(redis_client, live, shadow)
