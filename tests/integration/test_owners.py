"""Nobody touches what another sender owns: kills, holds, versions, replacements, whoever sends."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from redis import Redis

from contracts.dead_letter import DeadLetter, Reason
from service.stories.senders import KINDS, covers, named
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item, text
from workers.settings import Settings
from workers.state.entries import vouched
from workers.state.schema import mandate_text

NAMES = st.builds(named, st.sampled_from(KINDS), st.text(max_size=80))
WIRE, NOBODY_BLOG = "Wire", "Nobody Blog"
SOON = (datetime.now(UTC) + timedelta(days=1)).isoformat()


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def wire(redis_client: Redis, settings: Settings) -> Iterator[Desk]:
    with desk(redis_client, settings) as made:
        yield made


def sent(wire: Desk, sender: str, *articles: dict[str, Any], speaks_for: str = "") -> None:
    """As the poller or the API sends them."""
    lent = [speaks_for] if speaks_for else []
    for each in articles:
        fields: dict[Any, Any] = {"data": json.dumps(each), **vouched(sender, lent)}
        wire.redis.xadd(wire.settings.streams.articles, fields)


def letters(wire: Desk) -> list[DeadLetter]:
    return harness.letters(wire.redis, wire.settings)


def kill(article_id: str, source: str | None = None, **more: Any) -> dict[str, Any]:
    said = {"id": article_id, "status": "canceled", "source": source, **more}
    return {name: value for name, value in said.items() if value is not None}


FOREIGN: dict[str, dict[str, Any]] = {
    "a kill": kill("a", NOBODY_BLOG),
    "a kill by its headline": item("a", 1, source=NOBODY_BLOG, title="KILL: " + text(1)["title"]),
    "a kill under an id of its own": kill("k", NOBODY_BLOG, replaces="a"),
    "a hold": item("a", 1, source=NOBODY_BLOG, status="withheld"),
    "a hold with a version": item("a", 1, source=NOBODY_BLOG, status="withheld", version=9),
    "another version": item("a", 2, source=NOBODY_BLOG, version=9),
    "another text under the same version": item("a", 2, source=NOBODY_BLOG),
    "an embargo": item("a", 1, 1, source=NOBODY_BLOG, version=9, embargoed=SOON),
    "a replacement": item("b", 2, source=NOBODY_BLOG, replaces="a"),
}


@pytest.mark.parametrize("message", FOREIGN.values(), ids=FOREIGN)
def test_what_another_source_says_of_an_item_changes_nothing_and_is_told(
    wire: Desk, message: dict[str, Any]
) -> None:
    wire.place(item("a", 1, source=WIRE))

    told = wire.place(message)

    assert told == []
    assert wire.stories == {frozenset("a")}
    (letter,) = letters(wire)
    assert letter.reason is Reason.NOT_THE_OWNER
    assert "source 'wire'" in letter.detail
    assert "source 'nobody blog'" in letter.detail
    assert '"nobody blog" = ["wire"]' in letter.remedy
    assert json.loads(letter.fields["data"]) == message
    assert harness.pending(wire.redis, wire.settings) == 0
    assert types(wire.place(item("a", 1, 1, source=" WIRE ", version=10))) == ["revised"]


@pytest.mark.parametrize("message", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("owner", ["feed:courier.example", "token:courier"])
def test_nor_does_it_touch_what_a_feed_or_a_token_sent_whatever_source_it_names(
    wire: Desk, owner: str, message: dict[str, Any]
) -> None:
    sent(wire, owner, item("a", 1, source=WIRE))
    wire.settle()

    told = wire.place(
        {**message, "source": WIRE}, {name: message[name] for name in message if name != "source"}
    )

    assert told == []
    assert wire.stories == {frozenset("a")}
    assert [each.reason for each in letters(wire)] == [Reason.NOT_THE_OWNER] * 2


@pytest.mark.parametrize("message", FOREIGN.values(), ids=FOREIGN)
def test_what_comes_over_the_stream_is_out_of_reach_for_feeds_and_tokens(
    wire: Desk, message: dict[str, Any]
) -> None:
    without = item("a", 1)
    del without["source"]
    wire.place(without)

    for sender in ("feed:nobody.example", "token:nobody"):
        sent(wire, sender, message)

    assert wire.settle() == []
    assert [each.reason for each in letters(wire)] == [Reason.NOT_THE_OWNER] * 2
    assert "no source" in letters(wire)[0].detail


def test_held_items_are_owned_too(wire: Desk) -> None:
    wire.place(item("a", 1, source=WIRE, status="withheld"))

    wire.place(
        item("a", 1, source=NOBODY_BLOG, version=2),
        kill("a", NOBODY_BLOG),
        item("a", 1, source=NOBODY_BLOG),
    )

    assert wire.stories == set()
    assert len(letters(wire)) == 3
    assert types(wire.place(item("a", 1, source=WIRE, version=2))) == ["opened"]


def test_an_item_under_embargo_that_a_feed_sent_comes_out_and_stays_its_own(wire: Desk) -> None:
    until = datetime.now(UTC) + timedelta(seconds=1)
    sent(wire, "feed:courier", item("a", 1, source=WIRE, embargoed=until.isoformat()))
    wire.settle()

    wait_until(wire.settle, "the embargo is over")

    assert wire.stories == {frozenset("a")}
    assert wire.place(kill("a", WIRE)) == []
    sent(wire, "feed:courier", kill("a"))
    assert types(wire.settle()) == ["retracted"]


def test_the_same_text_from_elsewhere_is_a_repeat(wire: Desk) -> None:
    wire.place(item("a", 1, source=WIRE))

    wire.place(item("a", 1, source=NOBODY_BLOG), item("a", 1, source=NOBODY_BLOG, version=2))

    assert letters(wire) == []
    assert harness.counts(wire.redis, wire.settings)["repeated"] == 2


def test_a_text_that_is_being_decided_is_a_repeat_in_one_batch(wire: Desk) -> None:
    wire.place(item("a", 1, source=WIRE), item("a", 1, source=NOBODY_BLOG))

    assert letters(wire) == []
    assert wire.stories == {frozenset("a")}


def test_another_outlets_own_article_needs_no_permission(wire: Desk) -> None:
    wire.place(item("a", 1, source=WIRE), item("b", 1, 1, source=NOBODY_BLOG))

    assert wire.stories == {frozenset("ab")}
    assert letters(wire) == []


def test_a_kill_that_names_no_source_kills_what_came_the_same_way(wire: Desk) -> None:
    wire.place(item("a", 1, source=WIRE))

    assert types(wire.place(kill("a"))) == ["retracted"]


def test_an_item_without_a_source_is_nobodys_among_those_who_write_to_the_stream(
    wire: Desk,
) -> None:
    without = item("a", 1)
    del without["source"]
    wire.place(without)

    assert types(wire.place(item("a", 1, 1, source=WIRE, version=2))) == ["revised"]
    assert types(wire.place(kill("a", NOBODY_BLOG))) == ["retracted"]


@pytest.mark.parametrize("killer", ["feed:nobody", "token:nobody", "source:nobody blog"])
def test_a_kill_before_its_item_holds_for_its_own_sender_only_and_is_told(
    wire: Desk, killer: str
) -> None:
    sent(wire, killer, kill("a", version=7))
    wire.settle()

    (opened,) = wire.place(item("a", 1, source=WIRE))

    assert opened.data.article_id == "a"
    (letter,) = letters(wire)
    assert letter.reason is Reason.NOT_THE_OWNER
    assert letter.article_id == "a"
    assert letter.fields == {
        "data": '{"id": "a", "status": "canceled", "version": 7}', "sender": killer,
    }  # fmt: skip
    assert types(wire.place(item("a", 1, 1, source=WIRE, version=2))) == ["revised"]
    assert len(letters(wire)) == 1


def test_kills_by_two_senders_before_the_item_hold_for_each(wire: Desk) -> None:
    wire.place(kill("a", NOBODY_BLOG), kill("a", WIRE), kill("a", "Third"))

    assert wire.place(item("a", 1, source=WIRE)) == []
    assert types(wire.place(item("a", 2, source="Courier"))) == ["opened"]
    assert len(letters(wire)) == 3


def test_a_foreign_kill_is_told_of_an_item_that_is_held_first(wire: Desk) -> None:
    wire.place(kill("a", NOBODY_BLOG), item("a", 1, source=WIRE, status="withheld"))

    assert len(letters(wire)) == 1
    assert types(wire.place(item("a", 1, source=WIRE, version=2))) == ["opened"]
    assert len(letters(wire)) == 1


def test_the_kills_of_a_crowd_before_an_item_are_told_and_cost_little(wire: Desk) -> None:
    wire.place(*(kill("a", f"blog {number}") for number in range(66)))

    assert [each.reason for each in letters(wire)] == [Reason.KILLS_NOTHING] * 2
    assert "64 other senders have killed 'a'" in letters(wire)[0].detail


def test_a_kill_that_an_older_version_remembered_holds_for_everybody(wire: Desk) -> None:
    wire.redis.hset(wire.settings.keys.article("a"), mapping={"k": 2**53 - 1})

    assert wire.place(item("a", 1, source=WIRE)) == []
    assert wire.stories == set()


def test_a_record_of_an_older_version_is_everybodys_until_the_next_version(wire: Desk) -> None:
    wire.place(item("a", 1, source=WIRE))
    wire.redis.hdel(wire.settings.keys.article("a"), "ow")

    assert types(wire.place(item("a", 1, 1, source="Courier", version=2))) == ["revised"]
    wire.place(item("a", 1, source=WIRE, version=3, title="Another"), kill("a", WIRE))
    assert wire.partition.version("a") == 2


def test_of_a_killed_item_a_strangers_letter_keeps_no_word(wire: Desk) -> None:
    wire.place(item("a", 1, source=WIRE), kill("a", WIRE))
    wire.sweep()

    wire.place(item("a", 1, source=NOBODY_BLOG, version=3))

    (letter,) = letters(wire)
    assert (letter.reason, letter.fields) == (Reason.NOT_THE_OWNER, {})
    assert wire.holds(text(1)["title"].split()[0]) == []
    assert types(wire.place(kill("a", NOBODY_BLOG))) == []


@pytest.mark.parametrize("owner", ["source:wire", "feed:wire"])
def test_a_stranger_s_kill_of_an_item_that_is_forgotten_purges_nothing_of_it(
    redis_client: Redis, settings: Settings, owner: str
) -> None:
    kept = settings.model_copy(update={"keep_input": True})
    words = text(1)["title"].split()[0]
    with desk(redis_client, kept) as wire:
        sent(wire, owner, item("a", 1, source=WIRE), {**item("a", 1, source=WIRE), "version": "x"})
        wire.settle()
        broken, _ = harness.entries(wire.redis, kept.streams.articles)[-1]
        wire.redis.xdel(kept.streams.articles, broken)  # its letter stays
        wire.redis.delete(kept.keys.article("a"))  # as when its window has passed
        held = wire.holds(words)

        wire.place(kill("a", NOBODY_BLOG))
        sent(wire, "feed:nobody", kill("a"))
        wire.settle()
        wire.sweep()
        assert wire.holds(words) == held
        assert not wire.redis.hlen(kept.keys.purges)

        sent(wire, owner, kill("a"))
        wire.settle()
        wire.redis.delete(kept.keys.log)  # its fingerprint leaves with the window
        wire.sweep()
        assert wire.holds(words) == []


def test_a_kill_by_text_reaches_only_items_for_which_it_may_speak(wire: Desk) -> None:
    sent(wire, "feed:courier", item("a", 1, source=WIRE))
    wire.settle()
    by_text = item("kill-1", 1, 2, source=WIRE, title="KILL: " + text(1)["title"])

    assert wire.place(by_text) == []
    assert [each.reason for each in letters(wire)] == [Reason.KILLS_NOTHING]
    sent(wire, "feed:courier", by_text)
    assert types(wire.settle()) == ["retracted"]


def test_a_replacement_of_an_item_that_comes_later_is_looked_at_when_it_comes(wire: Desk) -> None:
    wire.place(
        item("b", 2, source=NOBODY_BLOG, replaces="a"), item("d", 4, source=WIRE, replaces="c")
    )

    wire.place(item("a", 1, source=WIRE), item("c", 3, source=WIRE))

    assert wire.stories == {frozenset("a"), frozenset("b"), frozenset("cd")}


@pytest.mark.parametrize("first", ["b", "x"])
def test_a_strangers_replacement_of_what_comes_later_hides_no_other(wire: Desk, first: str) -> None:
    outlets = {"b": WIRE, "x": NOBODY_BLOG}
    for story, each in enumerate(sorted(outlets, key=lambda name: name != first)):
        wire.place(item(each, story, source=outlets[each], replaces="a"))

    wire.place(item("a", 5, source=WIRE))

    assert wire.stories == {frozenset("ab"), frozenset("x")}


def test_a_replacement_in_one_batch_with_its_item_is_told_as_if_they_came_one_by_one(
    wire: Desk,
) -> None:
    wire.place(
        item("b", 2, source=NOBODY_BLOG, replaces="a"),
        item("a", 1, source=WIRE),
        item("c", 3, source=NOBODY_BLOG, replaces="a"),
    )

    assert wire.stories == {frozenset("a"), frozenset("b")}
    assert [each.article_id for each in letters(wire)] == ["c"]


def test_of_two_workers_each_refuses_what_the_other_s_sender_owns(
    redis_client: Redis, settings: Settings
) -> None:
    with desk(redis_client, settings, workers=2) as wire:
        wire.send(item("a", 1, source=WIRE), item("b", 2, source=NOBODY_BLOG))
        wire.settle(0)
        wire.send(kill("a", NOBODY_BLOG), item("b", 3, source=WIRE, version=2))
        wire.send(item("a", 1, source=NOBODY_BLOG))
        wire.settle(1)

        assert wire.stories == {frozenset("a"), frozenset("b")}
        assert [each.article_id for each in letters(wire)] == ["a", "b"]


def test_an_item_that_became_a_dead_letter_is_owned_by_nobody(wire: Desk) -> None:
    worker = wire.workers[0]
    wire.send(item("a", 1, source=WIRE))

    async def fails() -> None:
        (entry,) = await harness.taken(worker, 1)
        read, _ = worker.deduplicator._read([entry])
        await worker.deduplicator.preparer.prepare(read)
        await worker.reclaimer.give_up(entry, 5)

    wire.loop.run_until_complete(fails())

    assert not wire.redis.exists(wire.settings.keys.article("a"))
    assert types(wire.place(item("a", 1, source="Courier"))) == ["opened"]


def trusting(settings: Settings, file: Path, lines: str) -> Settings:
    file.write_text(f"[speaks-for]\n{lines}\n", "utf-8")
    return settings.model_copy(update={"trust": file})


def test_whom_a_file_of_trust_names_may_speak_and_nobody_else(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    told = '"token:desk" = ["*"]\n"Reuters" = ["Рейтер", "feed:reuters-world"]'
    with desk(redis_client, trusting(settings, tmp_path / "trust.toml", told)) as wire:
        sent(wire, "feed:reuters-world", item("a", 1))
        wire.send(item("b", 2, source="рейтер"), item("c", 3, source=WIRE))
        wire.settle()

        wire.place(kill("a", "REUTERS"), item("b", 2, 1, source="Reuters", version=2))
        wire.place(kill("c", "Reuters"), kill("b", "Рейтеръ"))
        assert wire.stories == {frozenset("b"), frozenset("c")}
        assert wire.partition.version("b") == 2
        assert [each.article_id for each in letters(wire)] == ["c", "b"]

        sent(wire, "token:desk", kill("b"), kill("c"), kill("later"))
        wire.settle()
        wire.place(item("later", 5, source=WIRE))
        assert wire.stories == set()


def test_whom_its_list_lets_a_feed_speak_for_it_may(wire: Desk) -> None:
    wire.place(item("a", 1, source=WIRE), item("b", 2, source="Courier"))

    sent(wire, "feed:wire.example", kill("a"), kill("b"), speaks_for="source:wire")
    wire.settle()

    assert wire.stories == {frozenset("b")}
    assert len(letters(wire)) == 1


@pytest.mark.parametrize("said", ["Bob", "source", "*", "feed", "feed:\n", "\xff"])
def test_a_clients_own_field_of_that_name_says_nothing(wire: Desk, said: str) -> None:
    data = json.dumps(item("a", 1, source=WIRE))
    fields: dict[Any, Any] = {"data": data, "sender": said.encode("latin-1")}
    wire.redis.xadd(wire.settings.streams.articles, fields)
    wire.settle()

    assert types(wire.place(kill("a", WIRE))) == ["retracted"]


@given(
    st.lists(st.one_of(NAMES, st.sampled_from(["*", "source"])), max_size=4),
    st.lists(NAMES, min_size=1, max_size=20),
)
@settings_of_hypothesis(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_redis_reads_a_mandate_as_the_service_does(
    redis_client: Redis, mandate: list[str], owners: list[str]
) -> None:
    owners += mandate
    script = (
        (files("workers.state") / "lua" / "mandate.lua").read_text("utf-8")
        + """
        local answers = {}
        for at = 2, #ARGV do answers[#answers + 1] = covers(ARGV[1], ARGV[at]) and 1 or 0 end
        return answers
    """
    )

    answers = redis_client.eval(script, 0, mandate_text(mandate), *owners)

    assert answers == [covers(mandate, each) for each in owners]


def types(events: list[Any]) -> list[str]:
    return [event.type.removeprefix("story.") for event in events]
