"""The window: what a worker holds of the log, and what it forgets."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from service.fingerprints.fingerprint import Fingerprint
from tests.support.builders.fingerprints import fingerprint
from workers.state.log_entry import Logged
from workers.window.neighbours import (
    FaissNeighbours,
    NearestNeighbours,
    retrieval_vectors,
)
from workers.window.payloads import Payloads
from workers.window.shared_folder import SharedFolder
from workers.window.window import Window


class ExactNeighbours:
    """Looks at every vector: what the index is an approximation of."""

    def __init__(self) -> None:
        self.held: dict[int, Fingerprint] = {}

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        self.held.update(zip(numbers, fingerprints, strict=True))

    def remove_below(self, floor: int) -> None:
        self.held = {number: each for number, each in self.held.items() if number >= floor}

    def remove(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            del self.held[number]

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        if not fingerprints or not self.held:
            return [{} for _ in fingerprints]
        numbers = list(self.held)
        cosines = _unit(fingerprints) @ _unit(list(self.held.values())).T
        return [
            {numbers[place]: float(row[place]) for place in np.argsort(-row)[:count]}
            for row in cosines
        ]


def _unit(fingerprints: Sequence[Fingerprint]) -> NDArray[np.float64]:
    vectors = retrieval_vectors(fingerprints).astype(np.float64)
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@pytest.fixture(params=[ExactNeighbours, FaissNeighbours])
def neighbours(request: pytest.FixtureRequest) -> NearestNeighbours:
    made: NearestNeighbours = request.param()
    return made


@pytest.fixture(params=["alone", "shared"])
def payloads(request: pytest.FixtureRequest, tmp_path: Path) -> Payloads:
    """Of a worker that has them alone, and of one that shares them."""
    return Payloads(SharedFolder(tmp_path, "wire") if request.param == "shared" else None)


def logged(number: int, *, event_ms: int = 0) -> Logged:
    return Logged(number, event_ms, f"a{number}", fingerprint(number).payload)


def test_an_article_is_nearest_to_itself_by_body_and_by_headline(
    neighbours: NearestNeighbours,
) -> None:
    neighbours.add(range(1, 60), [fingerprint(number) for number in range(1, 60)])
    same_headline = fingerprint(99, head_of=7)

    (by_body,) = neighbours.nearest([fingerprint(7)], 3)
    (by_head,) = neighbours.nearest([same_headline], 3)

    assert max(by_body, key=by_body.__getitem__) == 7
    assert by_body[7] == pytest.approx(1.0, abs=0.01)
    # Title and lead are the same, the bodies strangers: 2 * 0.7² / (1 + 2 * 0.7²).
    assert by_head[7] == pytest.approx(0.495, abs=0.15)


def test_several_queries_are_answered_in_order(neighbours: NearestNeighbours) -> None:
    neighbours.add([1, 2, 3], [fingerprint(number) for number in (1, 2, 3)])

    found = neighbours.nearest([fingerprint(3), fingerprint(1)], 2)

    assert [max(near, key=near.__getitem__) for near in found] == [3, 1]


def test_an_empty_index_and_no_query_find_nothing(neighbours: NearestNeighbours) -> None:
    assert neighbours.nearest([fingerprint(1)], 5) == [{}]
    assert neighbours.nearest([], 5) == []


def test_what_is_below_the_floor_is_not_found(neighbours: NearestNeighbours) -> None:
    neighbours.add([1, 2], [fingerprint(1), fingerprint(2)])

    neighbours.remove_below(2)

    (near,) = neighbours.nearest([fingerprint(1)], 5)
    assert set(near) == {2}


def test_an_index_that_grows_into_cells_still_finds_and_still_forgets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From a scan into cells at 2,000, for speed."""
    monkeypatch.setattr("workers.window.shelves.MOST_SCANNED", 2_000)
    grown = FaissNeighbours()
    for start in range(1, 4_301, 100):
        numbers = range(start, start + 100)
        grown.add(numbers, [fingerprint(number) for number in numbers])
    asked = [3, 1_500, 4_099, 4_200]

    grown.remove_below(1_500)

    best = [
        max(near, key=near.__getitem__, default=None)
        for near in grown.nearest([fingerprint(number) for number in asked], 3)
    ]
    assert best[0] != 3
    assert best[1:] == asked[1:]
    forgotten = grown.nearest([fingerprint(number) for number in range(1, 200)], 12)
    assert all(number >= 1_500 for near in forgotten for number in near)


def test_entries_already_followed_are_ignored(payloads: Payloads) -> None:
    neighbours = ExactNeighbours()
    window = Window(neighbours, payloads)
    window.follow([logged(1), logged(2)])

    window.follow([logged(2), logged(3)])

    assert (len(window), window.last) == (3, 3)
    assert sorted(neighbours.held) == [1, 2, 3]


def test_below_the_floor_all_is_forgotten_for_good(payloads: Payloads) -> None:
    neighbours = ExactNeighbours()
    window = Window(neighbours, payloads)
    window.follow([logged(number) for number in range(1, 6)])

    window.drop_below(4)
    window.drop_below(2)

    assert sorted(neighbours.held) == [4, 5]
    assert window.fingerprint(3) is None
    assert window.fingerprint(4) is not None


def test_candidates_are_earlier_held_and_near_in_time(payloads: Payloads) -> None:
    window = Window(ExactNeighbours(), payloads)
    window.follow([logged(number, event_ms=number * 100) for number in range(1, 8)])

    found = window.within([1, 3, 5, 6, 7, 42], before=6, event_ms=600, window_ms=300)

    assert found == [3, 5]


def test_an_entry_that_this_version_can_not_read_costs_nobody_else(payloads: Payloads) -> None:
    window = Window(ExactNeighbours(), payloads)

    window.follow([logged(1), Logged(2, 0, "a2", b"\xff written by a newer version"), logged(3)])

    assert (len(window), window.last) == (2, 3)
    assert 2 not in window


def test_the_window_hands_out_what_was_logged(payloads: Payloads) -> None:
    window = Window(ExactNeighbours(), payloads)
    original = fingerprint(5)

    window.follow([Logged(5, 0, original.article_id, original.payload)])

    assert window[5].article_id == original.article_id
    assert np.array_equal(window[5].body_vector, original.body_vector)


def test_a_marker_in_the_log_takes_an_article_out(payloads: Payloads) -> None:
    window = Window(ExactNeighbours(), payloads)
    window.follow([logged(1), logged(2), logged(3)])

    window.follow([Logged(4, drops=2), logged(5), Logged(6, drops=5)])

    assert [number for number in range(1, 7) if number in window] == [1, 3]
    assert window.last == 6
    (near,) = window.nearest([fingerprint(2)], 9)
    assert near.keys() == {1, 3}


def test_a_marker_for_what_was_never_held_changes_nothing(payloads: Payloads) -> None:
    window = Window(ExactNeighbours(), payloads)

    window.follow([logged(7), Logged(8, drops=3)])

    assert 7 in window


def test_a_window_that_begins_anew_holds_what_the_log_says_now(payloads: Payloads) -> None:
    """Numbers are given to other articles, after a server lost what it wrote last."""
    window = Window(ExactNeighbours(), payloads)
    window.follow([logged(number) for number in range(1, 6)])
    window.drop_below(3)

    window.clear()

    assert (len(window), window.last, window.floor) == (0, 0, 0)
    window.follow([logged(1), Logged(2, 0, "a88", fingerprint(88).payload)])
    assert [window.article_id(number) for number in (1, 2)] == ["a1", "a88"]
    assert 3 not in window
    (near,) = window.nearest([fingerprint(4)], 9)
    assert near.keys() == {1, 2}


def test_ids_languages_and_times_are_told_of_what_is_held_alone(payloads: Payloads) -> None:
    window = Window(ExactNeighbours(), payloads)
    spoken = {4: "ru", 5: "en", 7: "und"}
    window.follow(
        [
            Logged(number, 10 * number, f"a{number}", fingerprint(number, lang=lang).payload)
            for number, lang in spoken.items()
        ]
    )

    assert window.abroad([7, 4, 5], fingerprint(1, lang="en")) == [7, 4]
    assert [(window.article_id(each), window.event_ms(each)) for each in spoken] == [
        ("a4", 40), ("a5", 50), ("a7", 70),
    ]  # fmt: skip
    for number in (0, 3, 6, 8):
        assert number not in window
        assert window.fingerprint(number) is None
        with pytest.raises(KeyError):
            window.article_id(number)
        with pytest.raises(KeyError):
            window.event_ms(number)
    assert window.within([0, 3, 4, 5, 6, 7, 8], before=100, event_ms=50, window_ms=20) == [4, 5, 7]


def test_those_that_share_buckets_are_earlier_and_held(payloads: Payloads) -> None:
    """Rows of these articles are equal, so they are in sixteen buckets together."""
    window = Window(ExactNeighbours(), payloads)
    alike = [fingerprint(n, shingle_rows=fingerprint(1).shingle_rows) for n in range(1, 7)]
    window.follow([Logged(n, 0, f"a{n}", each.payload) for n, each in enumerate(alike, 1)])
    window.follow([Logged(7, drops=3)])
    window.drop_below(2)

    known, held_back = window.mates([alike[4], fingerprint(1)], [5, 8])

    assert (known, held_back) == ([2, 4], [2, 4, 5, 6])
    window.clear()
    assert window.mates([alike[4]], [5]) == [[]]
