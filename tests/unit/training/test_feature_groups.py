"""The ablation's groups: nothing is left out twice, nothing is never left out."""

from dataclasses import fields

from service.matching.features import NAMES
from service.matching.guards import Guards
from service.training.doubts import DOUBTS, undoubted
from service.training.feature_groups import GROUPS, GUARDS


def test_every_feature_is_in_exactly_one_group() -> None:
    grouped = [name for names in GROUPS.values() for name in names]

    assert sorted(grouped) == sorted(NAMES)


def test_every_guard_that_vetoes_is_left_out_once() -> None:
    shown = {"by_text_only", "headline_decides", "facts_contained", "names_contained"}

    assert set(GUARDS) == {field.name for field in fields(Guards)} - shown


def test_doubtful_groups_lose_their_label_and_all_others_keep_it() -> None:
    assert [undoubted(group) for group in DOUBTS[0]] == [None] * len(DOUBTS[0])
    assert undoubted("another") == "another"
    assert undoubted(None) is None


def test_no_group_is_in_two_doubts() -> None:
    groups = [group for doubt in DOUBTS for group in doubt]

    assert len(set(groups)) == len(groups)
