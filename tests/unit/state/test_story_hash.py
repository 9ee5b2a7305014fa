"""A story is read from its hash as it was written there."""

from service.stories.state import Member, StoryState
from service.stories.step import StoryChange
from workers.state.story_hash import fields_of, figures_of, whole_of

LEAD = Member("m1", 3, 7, 2, "en", 3, "6f2a", 1_700_000_000_000)
OTHER = Member("x:y", 5, 5, 1, "ru", 3, "", 1_700_000_060_000)
STORY = StoryState(
    id="s-1",
    revision="4-b0b0",
    sequence=4,
    article_count=2,
    lead_id="m1",
    lead_number=7,
    born=3,
    highest=7,
    languages=("en", "ru"),
    independent_sources=1,
    ruled=("m1",),
    members={each.article_id: each for each in (LEAD, OTHER)},
    absorbed=("s-0",),
)
MADE = StoryChange(None, STORY, put=dict(STORY.members or {}), absorbed=("s-0",))


def written(change: StoryChange) -> dict[bytes, bytes]:
    assert change.after is not None
    fields = fields_of(change, change.after)
    return {name.encode(): str(value).encode() for name, value in fields.items()}


def test_a_story_that_was_written_is_read_the_same() -> None:
    assert whole_of("s-1", written(MADE)) == STORY


def test_its_figures_stand_in_the_order_in_which_they_are_read() -> None:
    figures = [*written(MADE).values()][:10]

    assert figures_of([b"s-1", *figures]) == STORY._replace(members=None, absorbed=())


def test_only_what_changed_is_written() -> None:
    after = STORY._replace(revision="5-b0b0", sequence=5, ruled=())

    assert written(StoryChange(STORY, after)) == {b"r": b"5-b0b0", b"q": b"5", b"d": b""}


def test_fields_of_a_later_release_are_passed_over() -> None:
    assert whole_of("s-1", written(MADE) | {b"z": b"1"}) == STORY
