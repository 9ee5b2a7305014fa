"""Features against plain Python sets, and the network's one promise: it never falls."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fingerprints.anchors import LEAD
from service.fingerprints.keywords import Vocabulary
from service.matching.columns import Columns, anchors, shared
from service.matching.features import NAMES, features
from service.matching.network import Network, stored_verifier
from tests.unit.matching.newsroom import TEXTS, known

DESCRIBING = {
    "names_said", "quantities_said", "dates_said", "length_ratio", "length", "cross_lingual",
    "items",
}  # fmt: skip
"""Features that are no agreement, so more of them need not mean likelier."""

weighted_ids = st.dictionaries(
    st.integers(0, 40), st.tuples(st.integers(1, 4), st.booleans()), max_size=12
)


@given(st.lists(weighted_ids, min_size=2, max_size=6))
def test_shared_weights_equal_those_of_python_sets(sets: list[dict[int, tuple[int, bool]]]) -> None:
    ids = np.array([key for one in sets for key in sorted(one)], np.uint32)
    weights = np.array(
        [one[key][0] | LEAD * one[key][1] for one in sets for key in sorted(one)], np.uint8
    )
    starts = np.cumsum([0, *map(len, sets)])
    first = np.arange(len(sets) - 1)

    found = shared(anchors(ids, weights, starts), first, first + 1)

    for pair, (mine, other) in enumerate(pairwise(sets)):
        common = {key: min(mine[key][0], other[key][0]) for key in mine.keys() & other.keys()}
        assert found.total[pair] == sum(common.values())
        assert found.of_first_lead[pair] == sum(w for key, w in common.items() if mine[key][1])
        assert found.of_second_lead[pair] == sum(w for key, w in common.items() if other[key][1])
        assert found.of_both_leads[pair] == sum(
            weight for key, weight in common.items() if mine[key][1] and other[key][1]
        )


def test_the_order_within_a_pair_is_no_matter() -> None:
    columns = Columns.of([known(name) for name in TEXTS], Vocabulary.load())
    first = np.repeat(np.arange(len(TEXTS)), len(TEXTS))
    second = np.tile(np.arange(len(TEXTS)), len(TEXTS))
    different = columns.tokens[first] != columns.tokens[second]
    first, second = first[different], second[different]

    assert features(columns, first, second).values == pytest.approx(
        features(columns, second, first).values, abs=1e-6
    )


def test_more_agreement_never_lowers_the_probability() -> None:
    network = Network.of(stored_verifier())
    rng = np.random.default_rng(2)
    values = np.zeros((500, len(NAMES)), np.float32)
    shape = len(values), len(network.chosen)
    values[:, network.chosen] = network.mean + network.deviation * rng.normal(size=shape)
    before = network.probabilities(values)

    for column in network.chosen.tolist():
        name = NAMES[column]
        if name in DESCRIBING:
            continue
        raised = values.copy()
        raised[:, column] += rng.uniform(0.1, 1, len(values)).astype(np.float32)
        assert (network.probabilities(raised) >= before - 1e-9).all(), name


def test_a_verifier_trained_on_other_features_is_refused() -> None:
    stored = {**stored_verifier(), "features": ["bodily"]}

    with pytest.raises(ValueError, match="bodily"):
        Network.of(stored)
