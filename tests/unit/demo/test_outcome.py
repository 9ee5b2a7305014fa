"""Each kind of expectation holds where it should, and can fail."""

from datetime import UTC, datetime

import pytest

from contracts.commands import Answer
from contracts.consumer import Partition
from contracts.events import Change
from contracts.examples import DEAD_LETTER, REFUSED
from tests.support.builders.story_events import in_order, joined, opened, revised
from workers.demo.day import Expect
from workers.demo.outcome import Told, broken

EVENTS = in_order(
    opened("st_1", "a"),
    joined("st_1", 2, "b", version=2),
    opened("st_2", "c"),
    joined("st_1", 3, "d"),
    revised("st_1", 4, Change.RETRACTED, "d", translations=("a", "b"), copies=("a",)),
)
LAST = Told(
    (EVENTS[-1],),
    (REFUSED.model_copy(update={"at": datetime(2026, 3, 2, tzinfo=UTC)}),),
    (DEAD_LETTER,),
)
RIGHT = Expect(
    events=("story.revised",),
    story_of={"b": "a"},
    apart=(("a", "c"),),
    alone=("c",),
    gone=("d",),
    hidden=("never-told",),
    lead={"b": "a"},
    version={"b": 2},
    translations=("b", "a"),
    copies=("a",),
    ruling=Answer.REFUSED,
    in_the_way=("rule-7",),
    dead=("invalid-article",),
)


@pytest.fixture
def partition() -> Partition:
    partition = Partition()
    for event in EVENTS:
        partition.apply(event)
    return partition


def test_a_step_that_goes_as_expected_breaks_nothing(partition: Partition) -> None:
    assert broken(RIGHT, LAST, partition) == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"events": ()}, "events: expected none, got story.revised"),
        ({"story_of": {"c": "a"}}, "story of c: expected st_1, got st_2"),
        ({"story_of": {"d": "x"}}, "story of d: expected that of x, got none"),
        ({"apart": (("a", "b"),)}, "a and b in two stories: expected True, got False"),
        ({"apart": (("a", "d"),)}, "a and d in two stories: expected True, got False"),
        ({"alone": ("a",)}, "articles with a: expected a, got a, b"),
        ({"alone": ("d",)}, "articles with d: expected d, got none"),
        ({"gone": ("a",)}, "story of a: expected none, got st_1"),
        ({"hidden": ("c",)}, "story of c: expected none, got st_2"),
        ({"lead": {"b": "b"}}, "lead of the story of b: expected b, got a"),
        ({"version": {"b": 3}}, "version of b: expected 3, got 2"),
        ({"version": {"x": 1}}, "version of x: expected 1, got none"),
        ({"translations": ("b",)}, "translations named: expected b, got a, b"),
        ({"copies": ()}, "copies named: expected none, got a"),
        ({"ruling": Answer.ACCEPTED}, "rulings: expected accepted, got refused"),
        ({"in_the_way": ()}, "rules in the way: expected none, got rule-7"),
        ({"dead": ()}, "dead letters: expected none, got invalid-article"),
    ],
)
def test_what_is_otherwise_is_said_in_one_line(
    partition: Partition, wrong: dict[str, object], said: str
) -> None:
    expect = Expect.model_validate(RIGHT.model_dump() | wrong)

    assert broken(expect, LAST, partition) == (said,)


def test_a_step_without_expectations_expects_silence(partition: Partition) -> None:
    assert broken(Expect(), Told(), partition) == ()
    assert len(broken(Expect(), LAST, partition)) == 6  # each kind of what was told
