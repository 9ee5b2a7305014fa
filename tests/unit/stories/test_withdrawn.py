"""What is left to read of an article that was killed."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.consumer import Partition
from contracts.dead_letter import DeadLetter, Reason
from contracts.events import (
    STORY_EVENT,
    Change,
    Evidence,
    Placement,
    Relation,
    Retraction,
    Revision,
    Similarity,
    StoryJoined,
    StoryRetracted,
    StoryRevised,
)
from service.stories.withdrawn import WITHDRAWN, is_letter_of, without_text
from tests.unit.stories.builders import EVIDENCE, NOW, SOURCE

COUNTED: dict[str, Any] = {
    "story_id": "s",
    "sequence": 2,
    "position": 7,
    "article_count": 2,
    "languages": ("en",),
    "independent_sources": 1,
    "lead": "a",
}
QUOTING = Evidence(
    summary="Copy of “Bridge opens”",
    similarity=Similarity(text=0.9, facts=0.9, meaning=0.9, headline=0.9),
    shared=("Bezdetko",),
    guards=("other names: one template",),
    thresholds={"join": 0.5},
    candidates=3,
    model=EVIDENCE.model,
)
SILENT = QUOTING.model_copy(update={"summary": WITHDRAWN, "shared": (), "guards": ()})
PLACED = Placement(
    **COUNTED,
    article_id="b",
    lang="en",
    relation=Relation.COPY,
    score=0.9,
    matched_article_id="a",
    evidence=QUOTING,
    title="Bridge opens",
    source="Wire",
    url="https://example.org/b",
    published_at=NOW,
)


def joined(data: Placement) -> StoryJoined:
    return StoryJoined(id="s-2", source=SOURCE, subject="s", time=NOW, data=data)


def redacted(event: Any, *killed: str) -> Any:
    """The event without the killed articles' words; None if it says none of them."""
    said = without_text(event.model_dump_json().encode(), set(killed))
    return None if said is None else STORY_EVENT.validate_json(said)


def test_of_a_killed_article_s_own_event_ids_and_figures_are_left() -> None:
    event = joined(PLACED)

    assert redacted(event, "b") == joined(
        PLACED.model_copy(
            update={
                "redacted": True,
                "title": "",
                "source": None,
                "url": None,
                "evidence": SILENT,
            }
        )
    )


def test_what_was_compared_with_a_killed_article_keeps_its_own_headline() -> None:
    assert redacted(joined(PLACED), "a", "z") == joined(
        PLACED.model_copy(update={"redacted": True, "evidence": SILENT})
    )


def test_an_event_about_others_is_left_as_it_is() -> None:
    assert redacted(joined(PLACED), "s", "c", "Bridge opens") is None


def test_a_story_s_revision_that_quotes_is_silenced_and_one_that_does_not_is_marked() -> None:
    version = Revision(
        **COUNTED, change=Change.VERSION, article_id="b", title="Bridge", evidence=QUOTING
    )
    lead = Revision(**COUNTED, change=Change.LEAD, article_id="b")

    said, marked = (
        redacted(StoryRevised(id="s-2", source=SOURCE, subject="s", time=NOW, data=each), "b")
        for each in (version, lead)
    )

    assert said.data == version.model_copy(
        update={"title": "", "evidence": SILENT, "redacted": True}
    )
    assert marked.data == lead.model_copy(update={"redacted": True})


def test_an_event_that_holds_only_ids_is_left_as_it_is() -> None:
    data = Retraction(story_id="s", sequence=3, article_ids=("a",), change=Change.RETRACTED)

    assert (
        redacted(StoryRetracted(id="s-3", source=SOURCE, subject="s", time=NOW, data=data), "a")
        is None
    )


@pytest.mark.parametrize("killed", ["a", "b"])
def test_what_was_redacted_once_is_left_as_it_is(killed: str) -> None:
    assert redacted(redacted(joined(PLACED), killed), killed) is None


@pytest.mark.parametrize("foreign", [b"", b"{", b"[]", b"7", b'{"data": "a"}', b'{"data": null}'])
def test_what_is_no_event_is_left_as_it_is(foreign: bytes) -> None:
    assert without_text(foreign, {"a"}) is None


def test_who_reads_the_redacted_event_alone_knows_where_the_article_is() -> None:
    partition = Partition()

    partition.apply(redacted(joined(PLACED), "b"))

    assert partition.stories["s"].articles == ["b"]
    assert partition.stories["s"].titles == {"b": ""}


def letter(body: bytes | str, **more: Any) -> DeadLetter:
    raw = body.encode() if isinstance(body, str) else body
    encoding = more.pop("encoding", "utf-8")
    return DeadLetter(
        reason=Reason.NOT_JSON,
        detail="",
        remedy="",
        entry_id="1-0",
        deliveries=1,
        dead_at=datetime(2026, 3, 2, tzinfo=UTC),
        fields={"data": b64encode(raw).decode() if encoding == "base64" else raw.decode()},
        encoding=encoding,
        **more,
    )


@pytest.mark.parametrize(
    "found",
    [
        letter("...", article_id="тасс-1"),
        letter('{"id": "тасс-1", "title": 7}'),
        letter('{"id": "тасс-1", "tit'),
        letter(json.dumps({"id": "тасс-1", "title": 7})),
        letter(json.dumps({"id": "тасс-1", "title": 7})[:-4]),
        letter("тасс-1"),
        letter(" тасс-1 "),
        letter('{"id": "тасс-1"}'.encode() + b"\xff", encoding="base64"),
        letter('{"id": 42}'),
    ],
    ids=range(9),
)
def test_a_letter_of_a_killed_article_is_found_however_it_is_written(found: DeadLetter) -> None:
    assert is_letter_of(found, {"other", "тасс-1", "42"})


@pytest.mark.parametrize(
    "other",
    [
        letter("..."),
        letter('{"id": "тасс-10"}'),
        letter('{"id": "b", "text": "тасс-1 is out"}'),
        letter('{"id": "b"}', article_id="тасс-10"),
        letter('{"id": 421}'),
        letter("[42]"),
        letter("42 people"),
    ],
    ids=range(7),
)
def test_a_letter_of_another_article_stays(other: DeadLetter) -> None:
    assert not is_letter_of(other, {"тасс-1", "42"})


def test_one_field_of_many_is_enough() -> None:
    flat = letter("").model_copy(update={"fields": {"version": "two", "id": "a", "text": "Bridge"}})

    assert is_letter_of(flat, {"a"})
    assert not is_letter_of(flat, {"b"})


@given(st.text(min_size=1).map(str.strip).filter(bool), st.booleans())
def test_whatever_the_id_its_letter_is_found(article_id: str, is_ascii: bool) -> None:
    body = json.dumps({"id": article_id, "title": 7}, ensure_ascii=is_ascii)

    assert is_letter_of(letter(body[:-5]), {article_id})
