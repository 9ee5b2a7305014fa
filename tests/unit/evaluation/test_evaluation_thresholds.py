"""Thresholds by F1, against trying every one, and chosen on one half only."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.evaluation.thresholds import best_threshold, f1_of, halves, held_out

SCORED = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=30).filter(
    lambda rows: any(same for _, same in rows)
)


@given(SCORED)
def test_no_other_threshold_gives_a_higher_f1(rows: list[tuple[int, bool]]) -> None:
    scores = np.array([float(score) for score, _ in rows])
    same = np.array([same for _, same in rows])

    chosen = f1_of(scores >= best_threshold(scores, same), same)

    assert chosen == max(f1_of(scores >= tried, same) for tried in np.arange(-0.5, 10))


def test_without_a_same_pair_there_is_nothing_to_choose_by() -> None:
    with pytest.raises(ValueError, match="at least one same pair among 2"):
        best_threshold(np.array([0.1, 0.2]), np.array([False, False]))


def test_halves_divide_everything_and_differ_from_split_to_split() -> None:
    splits = halves(11, 5, seed=1)

    for known, unknown in splits:
        assert sorted([*known, *unknown]) == list(range(11))
        assert (len(known), len(unknown)) == (5, 6)
    assert len({tuple(known) for known, _ in splits}) == 5


def test_a_score_that_only_remembers_the_known_half_is_worth_nothing() -> None:
    rng = np.random.default_rng(2)
    same = rng.random(400) < 0.5

    def remembered(known: NDArray[np.intp]) -> NDArray[np.float64]:
        scores: NDArray[np.float64] = rng.random(len(same))
        scores[known] = same[known] * 2.0 - 0.5
        return scores

    chance = f1_of(np.ones(len(same), bool), same)
    assert held_out(same, halves(400, 20, seed=3), remembered).mean < chance
    assert held_out(same, halves(400, 20, seed=3), lambda _: same.astype(np.float64)).mean == 1
