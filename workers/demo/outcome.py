"""What became of one step of the day, compared with what was expected."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.commands import Ruling
from contracts.consumer import Partition
from contracts.dead_letter import DeadLetter
from contracts.events import AnyEvent, StoryRevised
from workers.demo.day import Expect, Step


@dataclass(frozen=True, slots=True)
class Told:
    """What came out of the service from one step, each kind in the order in which it came."""

    events: tuple[AnyEvent, ...] = ()
    """Without those that were told once more."""
    rulings: tuple[Ruling, ...] = ()
    dead: tuple[DeadLetter, ...] = ()
    retold: tuple[AnyEvent, ...] = ()
    """Earlier events without the text that was withdrawn since; they may come any time later."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step, what came of it, and every expectation that did not hold, in words."""

    step: Step
    told: Told
    broken: tuple[str, ...]


def broken(expect: Expect, told: Told, partition: Partition) -> tuple[str, ...]:
    """Expectations that don't hold, one line each.

    Args:
        expect: of one step.
        told: what came of that step.
        partition: all events so far, applied.
    """
    return tuple(
        f"{what}: expected {_worded(wanted)}, got {_worded(found)}"
        for what, wanted, found in (*_about_told(expect, told), *_about_places(expect, partition))
        if wanted != found
    )


_Fact = tuple[str, object, object]
"""What it is about, as expected, as found."""


def _about_told(expect: Expect, told: Told) -> Iterator[_Fact]:
    """What the step produced."""
    yield "events", expect.events, tuple(event.type for event in told.events)
    revisions = [event.data for event in told.events if isinstance(event, StoryRevised)]
    translations = [each for revision in revisions for each in revision.translations]
    copies = [each for revision in revisions for each in revision.copies]
    yield "translations named", sorted(expect.translations), sorted(translations)
    yield "copies named", sorted(expect.copies), sorted(copies)
    rulings = [expect.ruling] if expect.ruling else []
    yield "rulings", rulings, [ruling.answer for ruling in told.rulings]
    in_the_way = [rule for ruling in told.rulings for rule in ruling.in_the_way]
    yield "rules in the way", list(expect.in_the_way), in_the_way
    yield "dead letters", list(expect.dead), [letter.reason for letter in told.dead]


def _about_places(expect: Expect, partition: Partition) -> Iterator[_Fact]:
    """Where articles are now."""
    at = {each: story for story in partition.stories.values() for each in story.articles}
    ids = {each: story.id for each, story in at.items()}
    for one, other in expect.story_of.items():
        yield f"story of {one}", ids.get(other, f"that of {other}"), ids.get(one)
    for one, other in expect.apart:
        two = len({ids.get(one), ids.get(other)} - {None}) == 2
        yield f"{one} and {other} in two stories", True, two
    for one in expect.alone:
        yield f"articles with {one}", [one], at[one].articles if one in at else []
    for one in (*expect.gone, *expect.hidden):
        yield f"story of {one}", None, ids.get(one)
    for one, lead in expect.lead.items():
        yield f"lead of the story of {one}", lead, at[one].lead if one in at else None
    for one, version in expect.version.items():
        yield f"version of {one}", version, partition.version(one)


def _worded(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
