"""Events add up to the stories that a desk sees."""

from contracts.events import AnyEvent, Change, Relation
from contracts.examples import EVENTS
from tests.support.builders.story_events import (
    EVIDENCE,
    articles_of,
    at_position,
    closed,
    in_order,
    joined,
    merged,
    opened,
    retracted,
    revised,
    split,
)
from workers.render.views import ArticleView, StoryView, story_views


def test_events_add_up_to_stories_even_when_they_come_twice() -> None:
    events = in_order(
        opened("st_1", "a"),
        opened("st_2", "b"),
        joined("st_1", 2, "c"),
        merged("st_2", 2, "st_1", "b", independent_sources=3),
    )

    stories = story_views([*events, *events])

    a, b = (ArticleView(i, "en", f"Title of {i}", "Harbour Post", summary="why") for i in "ab")
    c = ArticleView(
        "c", "en", "Title of c", "Harbour Post", None, Relation.TRANSLATION, 0.98765, "why"
    )
    assert stories == (StoryView("st_1", (a, b, c), lead="a", independent_sources=3),)


def test_a_new_version_brings_its_own_words_and_keeps_its_place() -> None:
    events = in_order(
        opened("st_1", "a"),
        joined("st_1", 2, "b"),
        revised("st_1", 3, Change.VERSION, "a", new_version=2, title="Corrected", lang="ru"),
    )

    (story,) = story_views(events)

    assert [(each.title, each.lang) for each in story.articles] == [
        ("Corrected", "ru"),
        ("Title of b", "en"),
    ]


def test_what_leaves_is_where_it_went() -> None:
    events = in_order(
        opened("st_1", "a"),
        joined("st_1", 2, "b"),
        split("st_1", 3, "st_2", "a", lead="b", old_lead="a"),
        opened("st_2", "a", split_from="st_1", title="Else"),
    )

    stories = story_views(events)

    assert articles_of(stories) == {"st_1": ["b"], "st_2": ["a"]}
    assert [story.lead for story in stories] == ["b", "a"]
    assert stories[1].articles[0].title == "Else"


def test_the_lead_is_the_one_that_was_told_last() -> None:
    events = in_order(
        opened("st_1", "a"),
        joined("st_1", 2, "b"),
        revised("st_1", 3, Change.LEAD, "b", lead="b", old_lead="a"),
    )

    (story,) = story_views(events)

    assert story.lead == "b"


def test_of_a_killed_article_nothing_is_shown() -> None:
    events = in_order(
        opened("st_1", "a", title="Secret"),
        joined("st_1", 2, "b"),
        revised("st_1", 3, Change.RETRACTED, "a", lead="b", old_lead="a"),
        opened("st_2", "c", title="Secret"),
        retracted("st_2", 2, "c"),
    )

    stories = story_views(events)

    assert articles_of(stories) == {"st_1": ["b"]}
    assert "Secret" not in repr(stories)


def test_what_is_held_back_is_not_shown_until_it_joins_again() -> None:
    events = in_order(
        opened("st_1", "a"),
        joined("st_1", 2, "b"),
        revised("st_1", 3, Change.WITHHELD, "b"),
        joined("st_1", 4, "b", version=3),
    )

    assert articles_of(story_views(events[:3])) == {"st_1": ["a"]}
    assert articles_of(story_views(events)) == {"st_1": ["a", "b"]}


def test_copies_without_the_withdrawn_text_come_late_and_move_nothing() -> None:
    """A reader that comes late finds them at the stream's end, at their old positions."""
    events = in_order(
        opened("st_1", "a", title="", redacted=True),
        opened("st_2", "b"),
        joined("st_1", 2, "c", title="", redacted=True),
        revised("st_1", 3, Change.RETRACTED, "a", lead="c", old_lead="a"),
        revised("st_1", 4, Change.VERSION, "c", new_version=2, lead="c", title="New words"),
    )
    told_last = [*events[1:2], *events[3:], events[0], events[2]]

    late = story_views(told_last)

    assert articles_of(late) == {"st_1": ["c"], "st_2": ["b"]}
    story = next(each for each in late if each.story_id == "st_1")
    assert story.lead == "c"
    assert story.articles[0].title == "New words"


def test_a_copy_without_the_withdrawn_text_takes_it_back_from_who_has_it() -> None:
    """The evidence of a live article quotes the headline of the killed one."""
    quoting = EVIDENCE.model_copy(update={"summary": "Translation of “Secret”"})
    events = in_order(
        opened("st_1", "a", title="Secret"),
        joined("st_1", 2, "b", evidence=quoting),
        revised("st_1", 3, Change.RETRACTED, "a", lead="b", old_lead="a"),
    )
    without = joined("st_1", 2, "b", evidence=EVIDENCE, redacted=True)

    (story,) = story_views([*events, at_position(without, 2)])

    assert "Secret" not in repr(story)
    assert [(each.title, each.summary) for each in story.articles] == [("Title of b", "why")]


def test_a_closed_story_is_no_longer_among_the_open_ones() -> None:
    events = in_order(opened("st_1", "a"), opened("st_2", "b"), closed("st_1", 2))

    assert articles_of(story_views(events)) == {"st_2": ["b"]}


def test_an_event_that_is_missing_leaves_a_gap_and_breaks_nothing() -> None:
    events = [
        at_position(split("st_1", 3, "st_2", "a", "x"), 3),
        at_position(revised("st_1", 4, Change.VERSION, "a", new_version=3, title="Third"), 4),
    ]

    (story,) = story_views(events)

    assert (story.story_id, [each.title for each in story.articles]) == ("st_2", ["Third"])


def test_every_example_of_an_event_can_be_applied() -> None:
    examples: list[AnyEvent] = list(EVENTS.values())

    assert story_views(examples) == ()  # closed, or moved before it was told of
