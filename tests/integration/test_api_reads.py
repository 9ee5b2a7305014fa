"""The reading endpoints over real workers, as a client sees them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from redis import Redis

from contracts.streams import GROUP
from tests.support.api.reading_desk import ReadingDesk, reading_desk
from tests.support.wire import harness
from tests.support.wire.desk import item


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[ReadingDesk]:
    with reading_desk(redis_client, harness.settings_for(redis_url, namespace)) as made:
        yield made


@pytest.fixture
def keeping(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[ReadingDesk]:
    """Placed entries stay on the stream."""
    settings = harness.settings_for(redis_url, namespace, keep_input=True)
    with reading_desk(redis_client, settings) as made:
        yield made


@pytest.fixture
def narrow(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[ReadingDesk]:
    """Entries have ten kilobytes at most."""
    settings = harness.settings_for(redis_url, namespace, max_entry_bytes=10_000)
    with reading_desk(redis_client, settings) as made:
        yield made


def steps(trace: Any) -> list[str]:
    return [step["step"] for step in trace["steps"]]


def in_an_hour() -> str:
    return (datetime.now(UTC) + timedelta(hours=1)).isoformat()


KILL = {"id": "a", "status": "canceled"}


def test_a_story_is_in_the_list_and_whole_under_its_id(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1), item("b", 1, 1), item("x", 2))

    listed = wire.read("/v1/stories")
    whole = wire.read(f"/v1/stories/{wire.desk.story_of('a')}")

    assert listed["total"] == 2
    assert listed["next"] is None
    assert [card["article_count"] for card in listed["stories"]] == [1, 2]
    assert listed["stories"][1].items() <= whole.items()
    assert [member["article_id"] for member in whole["members"]] == ["a", "b"]
    assert [member["is_lead"] for member in whole["members"]] == [True, False]
    assert whole["members"][1]["evidence"]["similarity"]["text"] > 0.5
    assert [line["type"] for line in whole["history"]] == ["story.opened", "story.joined"]
    assert whole["history"][1]["text"].startswith(f"“{item('b', 1, 1)['title']}” (outlet of b)")
    assert whole["asked_id"] == whole["id"]
    assert whole["merged_into"] is None
    assert whole["opened_at"].endswith("Z")


def test_stories_are_found_paged_and_filtered(wire: ReadingDesk) -> None:
    wire.desk.place(*(item(f"a{n}", n) for n in range(5)), item("b3", 3, 1))
    word = item("a2", 2)["title"].split()[0]

    first = wire.read("/v1/stories", limit=2)
    second = wire.read("/v1/stories", limit=2, cursor=first["next"])
    third = wire.read("/v1/stories", limit=2, cursor=second["next"])

    pages = [first, second, third]
    ids = [card["id"] for page in pages for card in page["stories"]]
    assert len(set(ids)) == 5
    assert third["next"] is None
    assert {page["total"] for page in pages} == {5}
    assert wire.read("/v1/stories", q=word.upper())["total"] >= 1
    assert wire.read("/v1/stories", q=f"{word[:4]} a2")["total"] == 1
    assert wire.read("/v1/stories", min_size=2)["total"] == 1
    assert wire.read("/v1/stories", source="outlet of b3")["total"] == 1
    assert wire.read("/v1/stories", lang=["en", "ru"])["total"] == 0
    assert wire.read("/v1/stories", since="2020-01-01")["total"] == 5
    assert wire.read("/v1/stories", until="2020-01-01T00:00:00Z")["total"] == 0


def test_an_id_that_merged_away_answers_with_the_story_that_goes_on(wire: ReadingDesk) -> None:
    wire.desk.place(item("x", 2), item("a", 1))
    ended, into = wire.desk.story_of("a"), wire.desk.story_of("x")
    wire.desk.place(item("a", 2, 1, version=2))

    whole = wire.read(f"/v1/stories/{ended}")

    assert (whole["id"], whole["asked_id"], whole["merged_into"]) == (into, ended, into)
    assert whole["absorbed"] == [ended]
    assert {member["article_id"] for member in whole["members"]} == {"a", "x"}
    assert wire.read("/v1/articles/a/story")["id"] == into
    assert f"Merged into {into}" in " ".join(line["text"] for line in whole["history"])
    assert wire.read("/v1/stories", state="all")["total"] == 1


def test_the_events_of_a_story_are_those_of_the_stream(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1), item("x", 2), item("b", 1, 1), item("c", 1, 2))
    story = wire.desk.story_of("a")
    told = [json.loads(event.model_dump_json()) for event in wire.desk.events]

    first = wire.read(f"/v1/stories/{story}/events", limit=2)
    second = wire.read(f"/v1/stories/{story}/events", limit=2, cursor=first["next"])

    assert [*first["events"], *second["events"]] == [e for e in told if e["subject"] == story]
    assert second["next"] is None


def test_a_killed_article_is_nowhere_at_once(keeping: ReadingDesk) -> None:
    """Before any sweep: its words are still in the stream then."""
    wire = keeping
    killed = item("a", 1)
    wire.desk.place(killed, item("b", 1, 1), item("far", 2))
    story = wire.desk.story_of("a")
    word = killed["title"].split()[1]
    assert word in wire.get(f"/v1/stories/{story}").text
    assert wire.read("/v1/articles/a")["text"] == killed["text"]

    wire.desk.place(KILL)

    wholes = [wire.get(f"/v1/stories/{story}{more}").text for more in ("", "/events")]
    for text in [*wholes, wire.get("/v1/articles/a/trace").text]:
        assert f"“{killed['title']}”" not in text
        assert f'"{killed["title"]}"' not in text
    assert wire.read("/v1/stories", source="outlet of a")["total"] == 0
    assert wire.refused("/v1/articles/a") == 410
    assert wire.refused("/v1/articles/a/story") == 410
    trace = wire.read("/v1/articles/a/trace")
    assert trace["state"] == "killed"
    assert steps(trace)[-1] == "killed"
    assert wire.read("/v1/articles/b")["redacted"]


def test_the_kill_of_a_last_member_retracts_its_story(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1))
    story = wire.desk.story_of("a")

    wire.desk.place(KILL)

    assert wire.read("/v1/stories")["total"] == 0
    card = wire.read("/v1/stories", state="all")["stories"][0]
    assert (card["state"], card["article_count"], card["headlines"]) == ("retracted", 0, [])
    assert wire.read(f"/v1/stories/{story}")["history"][-1]["text"] == (
        "a was killed; no article is left"
    )


def test_a_kill_ahead_of_its_item_is_known(wire: ReadingDesk) -> None:
    wire.desk.place(KILL)

    assert wire.refused("/v1/articles/a") == 410
    assert wire.read("/v1/articles/a/trace")["state"] == "killed"


def test_an_article_has_its_text_where_input_is_kept(keeping: ReadingDesk) -> None:
    keeping.desk.place(item("a", 1), item("b", 1, 1))
    keeping.desk.place(item("a", 1, 2, version=2))

    found = keeping.read("/v1/articles/a")

    assert found["text"] == item("a", 1, 2)["text"]
    assert found["text_note"] is None
    assert (found["version"], found["state"]) == (2, "placed")
    assert found["story_id"] == keeping.desk.story_of("a")


def test_where_input_is_not_kept_the_answer_says_what_to_set(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1))

    found = wire.read("/v1/articles/a")

    assert found["text"] is None
    assert "ONESTORY_KEEP_INPUT=1" in found["text_note"]
    assert found["title"] == item("a", 1)["title"]


def test_what_is_held_is_listed_with_where_it_would_go_and_without_text(
    keeping: ReadingDesk,
) -> None:
    wire = keeping
    until = in_an_hour()
    wire.desk.place(item("a", 1))
    wire.desk.place(item("e", 1, 1, embargoed=until), item("h", 3, status="withheld"), item("g", 4))
    wire.desk.place(item("g", 4, status="withheld", version=2))

    held = wire.read("/v1/held")["held"]
    paged = wire.read("/v1/held", limit=1)
    rest = wire.read("/v1/held", limit=9, cursor=paged["next"])

    assert [each["article_id"] for each in held] == ["g", "h", "e"]
    assert [each["until"] for each in held[:2]] == [None, None]
    assert held[2]["would"]["matched_article_id"] == "a"
    assert held[2]["would"]["story_id"] == wire.desk.story_of("a")
    assert held[2]["title"] == item("e", 1, 1)["title"]
    assert [*paged["held"], *rest["held"]] == held
    for name, state in (("e", "embargoed"), ("h", "held"), ("g", "held")):
        found = wire.read(f"/v1/articles/{name}")
        assert (found["state"], found["text"], found["story_id"]) == (state, None, None)
        assert "held back" in found["text_note"]
        assert steps(wire.read(f"/v1/articles/{name}/trace"))[-1] == "held"
        assert wire.refused(f"/v1/articles/{name}/story") == 404


def test_a_trace_tells_every_state_of_an_item(wire: ReadingDesk) -> None:
    wire.desk.send(item("a", 1))
    waiting = wire.read("/v1/articles/a/trace")
    (entry_id, _) = harness.entries(wire.desk.redis, wire.desk.settings.streams.articles)[0]
    stream = wire.desk.settings.streams.articles
    wire.desk.redis.xreadgroup(GROUP, "died", {stream: ">"})
    in_work = wire.read("/v1/articles/a/trace")
    wire.desk.redis.hset(wire.desk.settings.keys.errors, entry_id, "ValueError: no")
    failed = wire.read("/v1/articles/a/trace", entry_id=entry_id)
    wire.desk.drain()
    placed = wire.read("/v1/articles/a/trace")

    assert (waiting["state"], steps(waiting)) == ("waiting", ["received"])
    assert (in_work["state"], steps(in_work)) == ("in_work", ["received", "delivered"])
    assert in_work["steps"][0]["entry_id"] == entry_id
    assert steps(failed) == ["received", "delivered", "failed"]
    assert "ValueError: no" in failed["summary"]
    assert (placed["state"], steps(placed)) == ("placed", ["received", "placed"])
    assert placed["steps"][0]["entry_id"] == entry_id
    assert placed["steps"][1]["story_id"] == wire.desk.story_of("a")


def test_a_trace_follows_an_item_from_story_to_story(wire: ReadingDesk) -> None:
    wire.desk.place(item("x", 2), item("a", 1), item("b", 1, 1))
    wire.desk.place(item("a", 1, 2, version=2))
    wire.desk.place(item("a", 3, version=3))
    wire.desk.place(item("a", 2, 1, version=4))

    trace = wire.read("/v1/articles/a/trace")

    expected = ["placed", "revised", "moved", "placed", "merged", "revised"]
    assert [each for each in steps(trace) if each != "received"] == expected
    assert trace["summary"] == f"It is in story {wire.desk.story_of('x')}"
    assert {each["event_id"] for each in trace["steps"]} > {event.id for event in wire.desk.told}


def test_an_entry_without_effect_is_told_as_repeated(keeping: ReadingDesk) -> None:
    keeping.desk.place(item("a", 1))
    keeping.desk.place(item("a", 1))
    stream = keeping.desk.settings.streams.articles
    first, second = (name for name, _ in harness.entries(keeping.desk.redis, stream))

    repeated = keeping.read("/v1/articles/a/trace", entry_id=second)

    assert "repeated" in steps(repeated)
    assert repeated["state"] == "placed"
    assert "repeated" not in steps(keeping.read("/v1/articles/a/trace", entry_id=first))


def test_an_item_in_a_long_backlog_is_found_by_its_entry(
    wire: ReadingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.archive.whereabouts.SCANNED", 3)
    monkeypatch.setattr("workers.archive.whereabouts._CHUNK", 1)
    wire.desk.send(*(item(f"a{n}", n) for n in range(6)))
    (entry_id, _) = harness.entries(wire.desk.redis, wire.desk.settings.streams.articles)[0]

    unfound = wire.read("/v1/articles/a0/trace")
    found = wire.read("/v1/articles/a0/trace", entry_id=entry_id)

    assert wire.read("/v1/articles/a5/trace")["state"] == "waiting"
    assert unfound["state"] == "unknown"
    assert "3 older entries" in unfound["summary"]
    assert found["state"] == "waiting"


def test_an_item_is_found_however_its_id_is_written(wire: ReadingDesk) -> None:
    ids = ["Волна/117", 'the "bridge"', "emoji-🌉"]
    stream = wire.desk.settings.streams.articles
    bodies = [json.dumps({"id": each, "title": "A bridge"}) for each in ids]
    bodies += [body.replace("/", "\\/") for body in bodies]

    for body in bodies:
        wire.desk.redis.delete(stream)
        wire.desk.redis.xadd(stream, {"data": body})
        article_id = json.loads(body)["id"]
        trace = wire.read(f"/v1/articles/{quote(article_id, safe='')}/trace")
        assert trace["state"] == "waiting", body


def test_an_item_that_closed_with_its_story_is_forgotten_not_unknown(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1))
    later = datetime.fromisoformat(item("a", 1)["published_at"]) + timedelta(days=30)
    wire.desk.place(
        *(
            item(
                f"n{n}", 2 + n % 30, n % 4, published_at=(later + timedelta(seconds=n)).isoformat()
            )
            for n in range(110)
        )
    )
    wire.desk.sweep()

    trace = wire.read("/v1/articles/a/trace")

    assert trace["state"] == "forgotten"
    assert wire.read("/v1/articles/a")["state"] == "forgotten"
    assert wire.read("/v1/articles/a/story")["state"] == "closed"
    assert wire.read("/v1/stories", state="closed")["total"] == 1


def test_dead_letters_are_listed_with_their_remedy(wire: ReadingDesk) -> None:
    wire.desk.place(
        {"id": "bad", "title": "", "text": ""}, {"id": "worse", "title": 17, "text": []}
    )
    wire.desk.redis.xadd(wire.desk.settings.streams.articles, {"data": b"{"})
    wire.desk.settle()

    letters = wire.read("/v1/dead")
    first = wire.read("/v1/dead", limit=2)
    second = wire.read("/v1/dead", limit=2, cursor=first["next"])

    assert letters["by_reason"] == {"invalid-article": 2, "not-json": 1}
    assert letters["letters"][0]["reason"] == "not-json"
    assert letters["letters"][0]["remedy"]
    assert [*first["letters"], *second["letters"]] == letters["letters"]
    assert second["next"] is None


def test_an_item_that_is_dead_is_traced_to_its_letter(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1), {"id": "k", "title": "KILL: nothing that is here", "text": "."})

    trace = wire.read("/v1/articles/k/trace")

    assert trace["state"] == "dead"
    assert trace["steps"][-1]["step"] == "dead"
    assert "kills-nothing" in trace["steps"][-1]["text"]
    assert wire.read("/v1/articles/k")["state"] == "dead"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"data": '{"id": "lost", "title": []}'}, "invalid-article", id="a bad field"),
        pytest.param(
            {"data": '{"title": "t", "version": "final", "id": "lost"}'},
            "invalid-article",
            id="last",
        ),
        pytest.param({"id": "lost", "published_at": "soon"}, "invalid-article", id="flat"),
        pytest.param(
            {"data": b'{"id": "lost", "title": "caf\xe9", "signals": {}}'},
            "invalid-article",
            id="not UTF-8, so that its letter is base64",
        ),
        pytest.param(
            {"data": json.dumps({"text": "x" * 20_000, "id": "lost"})}, "too-large", id="too large"
        ),
        pytest.param({"data": '{"id": "lost", "text": "cut o'}, "not-json", id="cut off"),
    ],
)
def test_an_item_that_is_no_article_is_traced_to_its_letter(
    narrow: ReadingDesk, fields: dict[Any, Any], reason: str
) -> None:
    redis, settings = narrow.desk.redis, narrow.desk.settings
    narrow.desk.place(item("a", 1))
    redis.xadd(settings.streams.articles, fields)
    waiting = narrow.read("/v1/articles/lost/trace")
    narrow.desk.settle()

    trace = narrow.read("/v1/articles/lost/trace")

    (letter,) = narrow.read("/v1/dead")["letters"]
    assert waiting["state"] == "waiting"
    assert letter["article_id"] == "lost"
    assert trace["state"] == "dead"
    assert trace["summary"].startswith(f"It became dead letter {letter['entry_id']}: {reason}: ")
    assert trace["summary"].endswith(letter["remedy"])
    assert narrow.read("/v1/articles/lost")["state"] == "dead"


def test_a_number_as_an_id_is_traced_to_its_letter_too(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1), {"id": 117, "title": {}})

    assert wire.read("/v1/articles/117/trace")["state"] == "dead"


def test_figures_add_up(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1), item("b", 1, 1), item("x", 2))
    wire.desk.place(item("h", 3, status="withheld"), item("c", 1, 2))
    wire.desk.send(item("w", 4))

    figures = wire.read("/v1/figures", minutes=5)

    now = figures["now"]
    assert (now["stories_open"], now["articles_held"], now["held"]) == (2, 4, 1)
    assert (now["lag"], now["pending"], now["dead"], now["workers"]) == (1, 0, 0, 1)
    assert len(figures["series"]) == 5
    counted = {
        name: sum(minute[name] for minute in figures["series"])
        for name in ("articles", "opened", "joined")
    }
    assert counted == {"articles": 4, "opened": 2, "joined": 2}
    assert {each["size"]: each["stories"] for each in figures["sizes"]} == {
        "1": 1,
        "2": 0,
        "3-4": 1,
        "5-8": 0,
        "9-16": 0,
        "17+": 0,
    }
    assert sum(figures["languages"].values()) == 4
    assert sum(figures["relations"].values()) == 2
    assert figures["series"][-1]["near_threshold"] in (None, 0.0)
    assert figures["series"][-1]["stories_open"] == now["stories_open"]
    assert figures["series"][0]["stories_open"] == 0


def test_a_rule_marks_its_story(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1), item("b", 2))

    wire.desk.rule("together", "a", "b", rule="r1")

    (card,) = wire.read("/v1/stories")["stories"]
    assert card["ruled"]
    assert card["newest"]["type"] == "story.merged"


def test_ids_of_any_kind_are_found(wire: ReadingDesk) -> None:
    ids = [
        "https://wire.example/items/17?x=1#y",
        "tag:w,2026:a/b",
        "Волна 117 №2",
        "a%2Fb",
        "ё" * 500,
    ]
    wire.desk.place(*(item(each, n) for n, each in enumerate(ids)))

    for each in ids:
        path = f"/v1/articles/{quote(each, safe='')}"
        assert wire.read(path)["article_id"] == each
        assert wire.read(f"{path}/trace")["state"] == "placed"


_REFUSED: list[tuple[int, str, dict[str, Any]]] = [
    (404, "/v1/stories/st_0", {}),
    (404, "/v1/stories/%00%1b[31m", {}),
    (404, "/v1/stories/st_0/events", {}),
    (404, "/v1/articles/nobody", {}),
    (404, "/v1/articles/nobody/story", {}),
    (400, "/v1/stories", {"cursor": "no cursor"}),
    (400, "/v1/held", {"cursor": "no cursor"}),
    (400, "/v1/dead", {"cursor": "eyJ9"}),
    (422, "/v1/stories", {"limit": 0}),
    (422, "/v1/stories", {"limit": 201}),
    (422, "/v1/stories", {"limit": "many"}),
    (422, "/v1/stories", {"sort": "taste"}),
    (422, "/v1/stories", {"since": "yesterday"}),
    (422, "/v1/stories", {"min_size": 0}),
    (422, "/v1/figures", {"minutes": 0}),
    (422, "/v1/figures", {"minutes": 100_000}),
    (422, "/v1/articles/a/trace", {"entry_id": "not-an-id"}),
]


def test_what_cannot_be_answered_is_a_problem_that_says_why(wire: ReadingDesk) -> None:
    for status, path, params in _REFUSED:
        assert wire.refused(path, **params) == status, (path, params)


def test_a_search_for_anything_is_harmless(wire: ReadingDesk) -> None:
    wire.desk.place(item("a", 1))

    for q in ("\x00", "<img src=x onerror=alert(1)>", "%", "*", "ы" * 10_000):
        assert wire.read("/v1/stories", q=q)["total"] in (0, 1)


def test_a_board_that_reads_on_says_when_to_come_back(wire: ReadingDesk) -> None:
    answer = wire.ask("/v1/stories")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["content-type"] == "application/problem+json"


def test_every_endpoint_is_described(wire: ReadingDesk) -> None:
    described = wire.read("/openapi.json")

    asked = {
        parameter["name"] for parameter in described["paths"]["/v1/stories"]["get"]["parameters"]
    }
    assert {"q", "lang", "source", "since", "cross_lingual", "cursor"} <= asked
    card = described["components"]["schemas"]["StoryCard"]["properties"]
    assert all("description" in field or "$ref" in str(field) or field for field in card.values())
    assert card["independent_sources"]["description"].startswith("Reports that stand on their own")
