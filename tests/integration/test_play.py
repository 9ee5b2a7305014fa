"""The day's player waits for what Redis can tell, with a test in the worker's place."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from redis import Redis

from contracts.article import Article
from contracts.commands import COMMAND, Answer, Ruling
from contracts.examples import APART
from contracts.streams import GROUP
from tests.support.builders.story_events import at_position, opened
from tests.support.wire import harness
from workers.demo.day import Expect, Step
from workers.demo.play import Play
from workers.errors import OnestoryError
from workers.process.pool import WorkerPool
from workers.settings import Settings

SEND = Step(at="09:00", note="An item", article={"id": "a", "title": "Fire at the port"})


class StandIn(WorkerPool):
    """Does one thing whenever it is looked after: takes an entry, or acknowledges one."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        super().__init__(settings, 0)
        self.redis = redis
        self.streams = settings.streams
        self.embargoes = settings.keys.embargoes
        self.articles: list[Article] = []
        self._pending: list[tuple[str, bytes]] = []

    def start(self) -> None:
        for stream in (self.streams.articles, self.streams.commands):
            self.redis.xgroup_create(stream, GROUP, "0", mkstream=True)

    def check(self) -> None:
        if not self.redis.exists(self.streams.articles):
            return
        if self._pending:
            stream, entry_id = self._pending.pop()
            self.redis.xack(stream, GROUP, entry_id)
            return
        wanted: dict[Any, Any] = {self.streams.articles: ">", self.streams.commands: ">"}
        for stream, entries in cast(Any, self.redis.xreadgroup(GROUP, "stand-in", wanted, 1)):
            for entry_id, fields in entries:
                self._take(stream.decode(), fields[b"data"])
                self._pending.append((stream.decode(), entry_id))
        for story_id in cast(list[bytes], self.redis.zrange(self.embargoes, 0, -1)):
            self.redis.zrem(self.embargoes, story_id)
            self._tell(story_id.decode())

    def _take(self, stream: str, data: bytes) -> None:
        if stream == self.streams.articles:
            self.articles.append(Article.model_validate_json(data))
            self._tell(self.articles[-1].id)
        else:
            ruling = Ruling(
                rule="rule-1",
                answer=Answer.ACCEPTED,
                detail="done",
                command=COMMAND.validate_json(data),
                at=datetime(2026, 3, 2, tzinfo=UTC),
            )
            self.redis.xadd(self.streams.rulings, {"data": ruling.model_dump_json()})

    def _tell(self, article_id: str) -> None:
        event = at_position(opened(f"st_{article_id}", article_id), 1)
        self.redis.xadd(self.streams.stories, {"data": event.model_dump_json()})


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def stand_in(redis_client: Redis, settings: Settings) -> StandIn:
    pool = StandIn(redis_client, settings)
    pool.start()
    return pool


@pytest.fixture
def play(redis_client: Redis, settings: Settings, stand_in: StandIn) -> Play:
    return Play(redis_client, settings, stand_in)


def test_a_step_has_what_it_produced_and_no_earlier_ones(play: Play) -> None:
    first = play.play(SEND)
    second = play.play(SEND.model_copy(update={"article": {"id": "b", "title": "Flood"}}))

    assert [event.data.story_id for event in first.told.events] == ["st_a"]
    assert [event.data.story_id for event in second.told.events] == ["st_b"]
    assert first.broken == ("events: expected none, got story.opened",)
    assert list(play.partition.stories) == ["st_a", "st_b"]


def test_a_step_ends_when_its_entry_is_acknowledged(play: Play, redis_client: Redis) -> None:
    play.play(SEND)

    (group,) = cast(Any, redis_client.xinfo_groups(play.settings.streams.articles))
    assert group["pending"] == 0


def test_events_told_once_more_are_not_new_ones(play: Play, redis_client: Redis) -> None:
    play.play(SEND)
    again = at_position(opened("st_a", "a", title="", redacted=True), 1)
    redis_client.xadd(play.settings.streams.stories, {"data": again.model_dump_json()})

    outcome = play.play(SEND.model_copy(update={"article": {"id": "b", "title": "Flood"}}))

    assert [event.data.story_id for event in outcome.told.events] == ["st_b"]
    assert outcome.told.retold == (again,)
    assert len(play.events) == 3


def test_a_command_is_answered(play: Play) -> None:
    step = Step(at="09:10", note="Apart", command=APART, expect=Expect(ruling=Answer.ACCEPTED))

    outcome = play.play(step)

    assert outcome.broken == ()
    assert outcome.told.rulings[0].command == APART


def test_an_embargo_is_a_few_seconds_from_now(play: Play, stand_in: StandIn) -> None:
    play.play(SEND.model_copy(update={"embargo_in_s": 5.0}))

    until = stand_in.articles[0].embargoed
    assert until is not None
    assert timedelta(0) < until - datetime.now(UTC) <= timedelta(seconds=5)


def test_a_wait_for_release_lasts_until_nothing_is_under_embargo(
    play: Play, redis_client: Redis
) -> None:
    redis_client.zadd(play.settings.keys.embargoes, {"held": 1.0})

    outcome = play.play(Step(at="09:20", note="The embargo ends", wait_for_release=True))

    assert [event.data.story_id for event in outcome.told.events] == ["st_held"]


def test_a_day_without_a_worker_ends_and_names_the_step(
    redis_client: Redis, settings: Settings
) -> None:
    play = Play(redis_client, settings, WorkerPool(settings, 0), patience_s=0.05)

    with pytest.raises(OnestoryError, match=r"09:00 An item: not within 0\.05 s: every entry"):
        play.play(SEND)
