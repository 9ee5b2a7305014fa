"""Stories that guards keep apart stay apart, in whatever order their articles come."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from contracts.article import Article
from contracts.consumer import Partition
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier
from service.stories.decide import Thresholds
from service.stories.senders import Trust
from service.stories.state import Candidate
from tests.unit.placing.builders import SETTINGS, NoNeighbours, snapshot
from tests.unit.stories.builders import NOW
from workers.placing.context import Grounds, Prepared
from workers.placing.plan import Planner
from workers.state.answers import Kind, Registered
from workers.state.entries import Entry
from workers.state.log_entry import Logged
from workers.window.window import Window

_STRUCK = "struck the {} on Monday, the Institute of Seismology said."
_ORVAN = "killed three people and injured 40"
QUAKES = {
    "orvan-1": (
        "Earthquake of magnitude 5.6 strikes Orvan valley",
        f"An earthquake of magnitude 5.6 {_STRUCK.format('Orvan valley at 04:12')} It {_ORVAN}.",
    ),
    "orvan-2": (
        "Magnitude 5.6 earthquake strikes Orvan valley, three dead",
        f"A quake that {_ORVAN} {_STRUCK.format('Orvan valley at 04:12')} It was 12 km deep.",
    ),
    "sulit-1": (
        "Earthquake of magnitude 4.3 strikes Sulit bay",
        f"An earthquake of magnitude 4.3 {_STRUCK.format('Sulit bay at 19:47')} It did no damage.",
    ),
    "sulit-2": (
        "Magnitude 4.3 earthquake strikes Sulit bay, no damage",
        f"A quake that did no damage {_STRUCK.format('Sulit bay at 19:47')} It was 31 km deep.",
    ),
}
BRIDGES = {
    "headline": ("Earthquake strikes, Institute of Seismology says", ""),
    "wrap-up": (
        "Two earthquakes strike on Monday: Orvan valley and Sulit bay",
        (
            f"Two earthquakes struck on Monday. One of magnitude 5.6 in the Orvan valley {_ORVAN}. "
            "Another of magnitude 4.3 in the Sulit bay at 19:47 did no damage."
        ),
    ),
    "ru-headline": ("Землетрясение в долине Орван и в заливе Сулит, сообщил институт", ""),
}


VERIFIER = Verifier.load()
FINGERPRINTER = Fingerprinter.load()
PRINTS = {
    one.article_id: one
    for one in FINGERPRINTER.fingerprints([
        Article(id=name, title=title, text=text, lang="ru" if name.startswith("ru") else "en")
        for name, (title, text) in {**QUAKES, **BRIDGES}.items()
    ])
}  # fmt: skip


def stories(order: Sequence[Fingerprint]) -> set[frozenset[str]]:
    """What one plan makes of articles that are all compared with each other."""
    window = Window(NoNeighbours())
    window.follow(
        [Logged(number, 0, each.article_id, each.payload) for number, each in enumerate(order, 1)]
    )
    thresholds = Thresholds(VERIFIER.join_threshold, VERIFIER.merge_threshold)
    grounds = Grounds(SETTINGS, FINGERPRINTER, VERIFIER, window, thresholds)
    prepared = []
    for number, each in enumerate(order, 1):
        verdicts = VERIFIER.verdicts([(each, earlier) for earlier in order[: number - 1]])
        compared = [
            Candidate(at + 1, order[at].article_id, probability, verdicts, at)
            for at, probability in enumerate(verdicts.probabilities)
        ]
        compared.sort(key=lambda found: (-found.probability, found.number))
        prepared.append(
            Prepared(
                Entry(f"{number}-0", {}),
                Article(id=each.article_id, title=each.title, source=f"outlet {number}"),
                Trust().voice(f"source:outlet {number}"),
                each,
                Registered(Kind.NEW, number, 0, 1),
                tuple(compared),
            )
        )

    plan = Planner(grounds).plan(prepared, snapshot(), {}, NOW)

    assert len(plan.commits) == len(order)
    partition = Partition()
    for _, commit in plan.commits:
        for event in commit.events:
            partition.apply(event)
    return {frozenset(story.articles) for story in partition.stories.values()}


def test_the_texts_are_what_they_are_for() -> None:
    """Two of one quake are one story, two quakes are two, and the wrap-up fits both."""
    of_one = [("orvan-1", "orvan-2"), ("sulit-1", "sulit-2")]
    of_two = [("orvan-1", "sulit-1"), ("orvan-2", "sulit-2")]
    to_both = [("orvan-1", "wrap-up"), ("sulit-1", "wrap-up")]

    found = VERIFIER.verdicts(
        [(PRINTS[later], PRINTS[first]) for first, later in of_one + of_two + to_both]
    ).probabilities

    assert min(*found[:2], *found[4:]) > VERIFIER.merge_threshold
    assert max(found[2:4]) < 0.05


@pytest.mark.parametrize("bridge", BRIDGES)
def test_neither_a_headline_nor_a_wrap_up_makes_two_quakes_one(bridge: str) -> None:
    """In all orders in which each quake has a story by the time that the bridge comes."""
    orders = [
        order
        for order in permutations((*QUAKES, bridge))
        if {_quake(name) for name in order[: order.index(bridge)]} == {"orvan", "sulit"}
    ]

    mixed = [
        order
        for order in orders
        for story in stories([PRINTS[name] for name in order])
        if len({_quake(name) for name in story & set(QUAKES)}) > 1
    ]

    assert len(orders) == 64  # 24 with the bridge last, 24 with one behind it, 16 with two
    assert mixed == []


def _quake(name: str) -> str:
    return name.partition("-")[0]
