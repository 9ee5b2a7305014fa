"""The story rule offline is the one in service."""

import pytest

from service.training.simulation import Rule, stories

RULE = Rule(join=0.5, merge=0.8)


@pytest.mark.parametrize(
    ("across", "found"),
    [
        ({}, [0, 0, 0]),  # never compared: the third article decides
        ({(1, 0): 0.3}, [0, 0, 0]),  # (2.5 - 0.8) / 2
        ({(1, 0): 0.01}, [0, 1, 0]),  # (2.5 - 3) / 2
        ({(1, 0): 0.0}, [0, 1, 0]),  # a veto
    ],
)
def test_two_stories_merge_by_a_third_article_unless_they_deny_it(
    across: dict[tuple[int, int], float], found: list[int]
) -> None:
    scores = {(2, 0): 0.99, (2, 1): 0.95, **across}

    assert stories([[], [0] if across else [], [0, 1]], scores, RULE) == found
