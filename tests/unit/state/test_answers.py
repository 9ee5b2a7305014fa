"""What a registration says and is told."""

import re
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from contracts.article import Article
from workers.state.answers import Busy, Foreign, Hold, Kind, Registered, Seen, registered
from workers.state.article_record import hold_of

FIRST = [
    *(b"kind", b"new", b"number", 12, b"event_ms", 1_700_000_000_000),
    *(b"floor", 3),
]


def test_an_article_that_comes_first_is_told_its_place_alone() -> None:
    assert registered(FIRST) == Registered(Kind.NEW, 12, 1_700_000_000_000, 3)


def test_numbers_are_numbers_whatever_redis_holds_them_as() -> None:
    known = [
        *(b"story_id", b"s-1", b"old_number", 5, b"old_version", b"1", b"held_version", b"2"),
        *(b"opened", b"1", b"killed", b"7", b"replaced_by", b"b"),
    ]

    assert registered([*FIRST, *known]) == Registered(
        Kind.NEW,
        12,
        1_700_000_000_000,
        3,
        story_id="s-1",
        old_number=5,
        old_version=1,
        held_version=2,
        opened=1,
        killed="7",
        replaced_by="b",
    )


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ([b"kind", b"seen", b"story_id", b"s-1"], Seen("s-1")),
        ([b"kind", b"seen"], Seen("")),
        ([b"kind", b"busy"], Busy()),
        (
            [b"kind", b"foreign", b"owner", b"feed:a", b"about", b"x", b"number", 7],
            Foreign("feed:a", "x", 7),
        ),
        (
            [b"kind", b"foreign", b"owner", b"a", b"about", b"x", b"number", 0, b"killed", b"3"],
            Foreign("a", "x", 0, killed="3"),
        ),
    ],
)
def test_what_needs_nothing_done_says_so(answer: list[bytes], read: Seen | Busy | Foreign) -> None:
    assert registered(answer) == read


def test_the_script_answers_by_the_names_that_are_read() -> None:
    script = (files("workers.state") / "lua" / "register.lua").read_text("utf-8")
    answered = script[script.index("local answer = {") :]

    names = re.findall(r"tell\('(\w+)'", answered)
    names += re.findall(r"'([a-z_]+)', ", answered[: answered.index("}")])

    assert {*names} == {*Registered.__dataclass_fields__}


@pytest.mark.parametrize(
    ("is_held", "is_explicit", "hold"),
    [
        (False, True, None),
        (True, True, Hold(None)),
        (True, False, Hold(None, at_any_version=True)),
    ],
    ids=["published", "a version is held back", "whatever is there is held back"],
)
def test_an_article_is_held_back_as_its_feed_says(
    is_held: bool, is_explicit: bool, hold: Hold | None
) -> None:
    article = Article(id="a", title="Quake off Honshu")

    assert hold_of(article, is_held=is_held, is_explicit=is_explicit) == hold


def test_an_embargo_has_an_end() -> None:
    article = Article(id="a", title="Budget", embargoed=datetime(2026, 3, 17, 6, tzinfo=UTC))

    assert hold_of(article, is_held=False, is_explicit=True) == Hold(1_773_727_200_000)
