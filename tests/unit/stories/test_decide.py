"""Decisions: which story an article joins, and when two stories are one."""

import pytest

from service.stories.decide import JoinStory, OpenStory, Thresholds, decide, story_id_for
from service.stories.state import Candidate, Match, StoryState
from tests.unit.stories.builders import verdict

THRESHOLDS = Thresholds(join=0.5, merge=0.9, lead=0.2)


def story(name: str, lead_number: int) -> StoryState:
    return StoryState(name, 3, 2, f"lead-of-{name}", lead_number, ("en",))


def match(story_id: str, probability: float, number: int = 5) -> Match:
    return Match(Candidate(number, f"article-{number}", verdict(probability)), story_id)


OLD, YOUNG = story("old", 1), story("young", 2)
STORIES = {"old": OLD, "young": YOUNG}


def test_an_article_without_matches_opens_a_story() -> None:
    assert decide([], STORIES, {}, THRESHOLDS, "new") == OpenStory("new")


def test_the_best_match_chooses_the_story() -> None:
    best = match("young", 0.8)

    decision = decide([match("old", 0.6), best], STORIES, {}, THRESHOLDS, "new")

    assert decision == JoinStory(YOUNG, best)


def test_below_the_join_threshold_an_article_stays_alone() -> None:
    assert decide([match("old", 0.49)], STORIES, {}, THRESHOLDS, "new") == OpenStory("new")


def test_resembling_a_straggler_is_not_enough_when_the_lead_is_another_story() -> None:
    decision = decide([match("old", 0.99)], STORIES, {"old": 0.1}, THRESHOLDS, "new")

    assert decision == OpenStory("new")


def test_an_article_turns_to_the_next_story_when_the_best_one_has_a_foreign_lead() -> None:
    second = match("old", 0.7)

    decision = decide(
        [match("young", 0.99), second], STORIES, {"young": 0.0, "old": 0.7}, THRESHOLDS, "new"
    )

    assert decision == JoinStory(OLD, second)


def test_two_stories_that_an_article_surely_belongs_to_become_the_older_one() -> None:
    to_old = match("old", 0.95)

    decision = decide(
        [match("young", 0.99), to_old],
        STORIES,
        {"young": 0.99, "old": 0.95},
        THRESHOLDS,
        "new",
    )

    assert decision == JoinStory(OLD, to_old, (YOUNG,))


def test_a_doubtful_second_story_is_not_merged() -> None:
    best = match("young", 0.99)

    decision = decide(
        [best, match("old", 0.89)], STORIES, {"young": 0.99, "old": 0.89}, THRESHOLDS, "new"
    )

    assert decision == JoinStory(YOUNG, best)


def test_a_sure_match_with_a_doubtful_lead_does_not_merge_stories() -> None:
    best = match("young", 0.99)

    decision = decide(
        [best, match("old", 0.95)], STORIES, {"young": 0.99, "old": 0.3}, THRESHOLDS, "new"
    )

    assert decision == JoinStory(YOUNG, best)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_order_in_which_matches_come_changes_nothing(reverse: bool) -> None:
    matches = [match("young", 0.8, 7), match("old", 0.8, 6), match("old", 0.6, 3)]

    decision = decide(
        sorted(matches, key=lambda each: each.candidate.number, reverse=reverse),
        STORIES,
        {},
        THRESHOLDS,
        "new",
    )

    assert decision == JoinStory(OLD, matches[1])


def test_a_story_id_depends_on_its_first_article_and_its_time_alone() -> None:
    assert story_id_for("tass-1", 3) == story_id_for("tass-1", 3)
    assert len({story_id_for("tass-1", 3), story_id_for("tass-1", 4), story_id_for("x", 3)}) == 3
