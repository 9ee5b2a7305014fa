from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.events import (
    Evidence,
    Merger,
    Model,
    Placement,
    Relation,
    StoryJoined,
    StoryMerged,
    StoryOpened,
    event_id,
)
from workers.render.events import event_line
from workers.render.views import ArticleView, StoryView, story_views

AT = datetime(2026, 3, 17, 6, 1, 2, tzinfo=UTC)
MODEL = Model(version="1", sha256="0123456789abcdef")


def placement(story_id: str, sequence: int, article_id: str, **changes: Any) -> Placement:
    fields: dict[str, Any] = {
        "story_id": story_id,
        "article_id": article_id,
        "sequence": sequence,
        "lang": "en",
        "relation": None,
        "score": None,
        "matched_article_id": None,
        "evidence": Evidence(summary="why", model=MODEL),
        "article_count": sequence,
        "languages": ("en",),
        "title": f"Title of {article_id}",
        "source": "Harbour Post",
    }
    return Placement(**fields | changes)


def opened(story_id: str, article_id: str, **changes: Any) -> StoryOpened:
    data = placement(story_id, 1, article_id, **changes)
    return StoryOpened(
        id=event_id(story_id, 1), source="/onestory", subject=story_id, time=AT, data=data
    )


def joined(story_id: str, sequence: int, article_id: str, **changes: Any) -> StoryJoined:
    changes = {"relation": Relation.TRANSLATION, "score": 0.98765, **changes}
    data = placement(story_id, sequence, article_id, **changes)
    return StoryJoined(
        id=event_id(story_id, sequence), source="/onestory", subject=story_id, time=AT, data=data
    )


def merged(story_id: str, into: str, *moved: str) -> StoryMerged:
    data = Merger(
        story_id=story_id,
        sequence=2,
        merged_into=into,
        article_ids=moved,
        because_of="c",
        article_count=3,
        languages=("en",),
    )
    return StoryMerged(
        id=event_id(story_id, 2), source="/onestory", subject=story_id, time=AT, data=data
    )


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            opened("st_1", "a", title="[red]Alarm"),
            "06:01:02  opened  st_1#1  en  [red]Alarm  Harbour Post",
        ),
        (
            joined("st_1", 2, "b", lang="ru", title="Пожар\nна пароме", source=None),
            "06:01:02  joined  st_1#2  ru  translation 0.98  Пожар на пароме",
        ),
        (
            merged("st_2", "st_1", "c", "d"),
            "06:01:02  merged  st_2#2  into st_1: 2 articles moved, 3 there now, because of c",
        ),
    ],
)
def test_an_event_is_one_readable_line(
    event: StoryOpened | StoryJoined | StoryMerged, line: str
) -> None:
    assert event_line(event).plain == line


def test_a_line_is_cut_on_a_terminal_and_whole_in_a_pipe(printed: Callable[..., str]) -> None:
    line = event_line(opened("st_1", "a", title="x" * 100))

    terminal = printed(line, width=80, no_wrap=True, overflow="ellipsis")
    pipe = printed(line, width=80, soft_wrap=True)

    assert len(terminal) == 80
    assert terminal.endswith("…")
    assert pipe == line.plain


def test_events_add_up_to_stories_even_when_they_come_twice() -> None:
    events: list[StoryOpened | StoryJoined | StoryMerged] = [
        opened("st_1", "a"),
        opened("st_2", "b"),
        joined("st_1", 2, "c"),
        merged("st_2", "st_1", "b"),
    ]

    stories = story_views([*events, *events])

    a, b = (ArticleView(i, "en", f"Title of {i}", "Harbour Post", summary="why") for i in "ab")
    c = ArticleView(
        "c", "en", "Title of c", "Harbour Post", None, Relation.TRANSLATION, 0.98765, "why"
    )
    assert stories == (StoryView("st_1", (a, c, b)),)
