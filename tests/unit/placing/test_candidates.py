"""Which articles are verified: the nearest, those in most buckets, and some in other languages."""

from typing import Any

import numpy as np

from service.fingerprints.fingerprint import Fingerprint
from tests.support.builders.fingerprints import fingerprint
from tests.unit.placing.builders import SETTINGS, TableVerifier
from workers.placing.candidates import candidates
from workers.state.answers import Kind, Registered
from workers.state.log_entry import Logged
from workers.window.neighbours import FaissNeighbours
from workers.window.window import Window


def window_of(*fingerprints: Fingerprint) -> Window:
    """They are numbered from 1."""
    window = Window(FaissNeighbours())
    window.follow(
        [
            Logged(number, 0, f"a{number}", each.payload)
            for number, each in enumerate(fingerprints, 1)
        ]
    )
    return window


def compared(asking: Fingerprint, window: Window) -> set[int]:
    """Numbers of the candidates of an article that is registered next."""
    registered = Registered(
        kind=Kind.NEW,
        number=len(window) + 1,
        event_ms=0,
        floor=1,
    )
    (found,) = candidates([(asking, registered)], window, TableVerifier({}), SETTINGS)
    return {each.number for each in found}


def wordless(number: int, **changes: Any) -> Fingerprint:
    """Only vectors bring it together with others."""
    return fingerprint(number, shingle_rows=np.full(64, 0xFF, np.uint8), **changes)


def look_alikes(count: int, lang: str) -> list[Fingerprint]:
    return [wordless(7, lang=lang) for _ in range(count)]


def test_a_fourth_of_the_places_is_for_other_languages() -> None:
    """The two translations have the headline alone in common with the article."""
    translations = [wordless(each, head_of=7, lang="ru") for each in (101, 102)]
    window = window_of(*translations, *look_alikes(40, "en"))

    found = compared(wordless(7, lang="en"), window)

    assert {1, 2} <= found
    assert len(found) == SETTINGS.neighbours


def test_places_that_nobody_abroad_takes_go_to_those_at_home() -> None:
    window = window_of(*look_alikes(40, "en"))

    assert len(compared(wordless(7, lang="en"), window)) == SETTINGS.neighbours


def test_those_abroad_who_are_nearer_take_as_many_places_as_they_need() -> None:
    window = window_of(*look_alikes(20, "ru"), *(wordless(n, head_of=7) for n in range(50, 70)))

    found = compared(wordless(7, lang="en"), window)

    assert len(found & set(range(1, 21))) == SETTINGS.neighbours


def test_the_buckets_of_a_template_leave_a_place_for_other_languages() -> None:
    """Strangers by their vectors: only buckets bring them together."""
    asking = fingerprint(7, lang="en")
    abroad, template = np.full((2, 64), 99, np.uint8)
    abroad[:4] = asking.shingle_rows[:4]
    template[4:] = asking.shingle_rows[4:]
    window = window_of(
        fingerprint(501, lang="ru", shingle_rows=abroad),
        *(fingerprint(600 + n, shingle_rows=template) for n in range(30)),
    )

    found = compared(asking, window)

    assert 1 in found
    assert len(found) == SETTINGS.bucket_mates
