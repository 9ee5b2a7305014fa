"""Reliability tables, calibration error and Brier score, against worked examples."""

import numpy as np
import pytest

from service.evaluation.calibration import (
    EDGES,
    Bin,
    brier_score,
    calibration_error,
    reliability,
)


def test_a_bin_holds_its_lower_edge_and_the_last_one_holds_one() -> None:
    predicted = np.array([0.0, 0.5, 1.0])

    bins = reliability(predicted, np.array([False, True, True]), (0.0, 0.5, 1.0))

    assert bins == (Bin(0.0, 0.5, 1, 0.0, 0.0), Bin(0.5, 1.0, 2, 0.75, 1.0))


def test_an_empty_bin_is_shown_and_weighs_nothing() -> None:
    bins = reliability(np.array([0.05, 0.05]), np.array([False, True]), (0.0, 0.1, 0.2, 1.0))

    assert [one.count for one in bins] == [2, 0, 0]
    # One of two came true where 0.05 was said.
    assert calibration_error(bins) == pytest.approx(0.45)


def test_a_prediction_outside_all_bins_is_refused_rather_than_lost() -> None:
    with pytest.raises(ValueError, match=r"expected predictions from 0.0 to 1.0, got .* 1.5"):
        reliability(np.array([0.5, 1.5]), np.array([True, True]))


def test_every_prediction_is_counted_once() -> None:
    rng = np.random.default_rng(3)
    predicted = np.concatenate([rng.random(500), np.array(EDGES)])
    true = rng.random(len(predicted)) < predicted

    bins = reliability(predicted, true)

    assert sum(one.count for one in bins) == len(predicted)
    assert sum(one.count * one.observed for one in bins) == pytest.approx(true.sum(), abs=1e-3)


def test_a_calibrated_forecast_has_hardly_an_error_and_a_shifted_one_its_shift() -> None:
    rng = np.random.default_rng(4)
    chance = rng.uniform(0.1, 0.7, 40_000)
    true = rng.random(len(chance)) < chance

    assert calibration_error(reliability(chance, true)) < 0.01
    assert calibration_error(reliability(chance + 0.2, true)) == pytest.approx(0.2, abs=0.01)


def test_brier_score_is_the_mean_squared_error() -> None:
    # (0.2² + 0.5² + 0.1²) / 3
    assert brier_score(np.array([0.8, 0.5, 0.1]), np.array([True, False, False])) == pytest.approx(
        0.1
    )
