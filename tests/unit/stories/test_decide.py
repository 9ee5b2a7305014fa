"""Decisions: which story an article joins, and when two stories are one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.stories.decide import (
    Bar,
    Decision,
    JoinStory,
    OpenStory,
    Question,
    Thresholds,
    Vote,
    bars_merger,
    is_bridged,
    story_id_for,
    story_probability,
    votes_of,
)
from service.stories.decide import decide as decided
from service.stories.state import Match, StoryState
from tests.unit.stories import builders
from tests.unit.stories.builders import candidate, figures_only, member

THRESHOLDS = Thresholds(join=0.5, merge=0.9)


def story(name: str, lead_number: int, count: int = 2) -> StoryState:
    lead, *others = (member(f"{name}-{place}", lead_number + place) for place in range(count))
    return figures_only(builders.story(name, lead, *others))


def match(story_id: str, probability: float, number: int = 5) -> Match:
    return Match(candidate(number, probability), story_id)


def decide(
    matches: list[Match],
    stories: dict[str, StoryState],
    leads: dict[str, float],
    thresholds: Thresholds,
    new_story_id: str,
    **more: Any,
) -> Decision:
    further = {
        story_id: [Vote(100 + place, probability)]
        for place, (story_id, probability) in enumerate(leads.items())
    }
    votes = votes_of(matches, further)
    return decided(Question(matches, stories, votes, new_story_id, **more), thresholds)


OLD, YOUNG = story("old", 1), story("young", 2)
STORIES = {"old": OLD, "young": YOUNG}


def test_an_article_that_was_compared_with_nothing_opens_a_story() -> None:
    assert decide([], STORIES, {}, THRESHOLDS, "new") == OpenStory("new")


def test_the_likeliest_story_is_joined() -> None:
    best = match("young", 0.8)

    decision = decide([match("old", 0.6), best], STORIES, {}, THRESHOLDS, "new")

    assert decision == JoinStory(YOUNG, best)


def test_below_the_join_threshold_an_article_stays_alone() -> None:
    assert decide([match("old", 0.49)], STORIES, {}, THRESHOLDS, "new") == OpenStory("new")


def test_members_that_say_no_outvote_one_that_says_yes() -> None:
    matches = [match("old", 0.9, 5), match("old", 0.1, 6), match("old", 0.2, 7)]

    assert decide(matches, STORIES, {}, THRESHOLDS, "new") == OpenStory("new")


def test_a_straggler_like_the_article_does_not_draw_it_into_a_foreign_story() -> None:
    """logit(0.95) = 2.94, and the lead's is cut at -3: the mean is below 0."""
    decision = decide([match("old", 0.95)], STORIES, {"old": 0.01}, THRESHOLDS, "new")

    assert decision == OpenStory("new")


def test_the_lead_of_one_story_says_nothing_about_another() -> None:
    second = match("old", 0.7)

    decision = decide([match("young", 0.95), second], STORIES, {"young": 0.01}, THRESHOLDS, "new")

    assert decision == JoinStory(OLD, second)


def test_two_stories_that_an_article_surely_belongs_to_become_the_older_one() -> None:
    to_young = match("young", 0.99)

    decision = decide([to_young, match("old", 0.95)], STORIES, {}, THRESHOLDS, "new")

    assert decision == JoinStory(OLD, to_young, (YOUNG,))


def test_a_doubtful_second_story_is_not_merged() -> None:
    best = match("young", 0.99)

    decision = decide([best, match("old", 0.89)], STORIES, {}, THRESHOLDS, "new")

    assert decision == JoinStory(YOUNG, best)


def test_a_second_story_with_a_foreign_lead_is_not_merged() -> None:
    best = match("young", 0.99)

    decision = decide([best, match("old", 0.95)], STORIES, {"old": 0.3}, THRESHOLDS, "new")

    assert decision == JoinStory(YOUNG, best)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_order_in_which_matches_come_changes_nothing(reverse: bool) -> None:
    matches = [match("young", 0.8, 7), match("old", 0.8, 6), match("old", 0.8, 3)]
    ordered = sorted(matches, key=lambda each: each.candidate.number, reverse=reverse)

    assert decide(ordered, STORIES, {}, THRESHOLDS, "new") == JoinStory(OLD, matches[2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_story_is_as_likely_as_its_members_say(probabilities: list[float]) -> None:
    """The mean lies between the least and the greatest word, cut at 0.0474 (a veto at 0.0003) and
    at 0.9997.
    """
    low, high = (max(0.0474, min(0.9997, end)) for end in (min(probabilities), max(probabilities)))
    if 0 in probabilities:
        low = 0.0003

    assert low - 1e-3 <= story_probability(probabilities) <= high + 1e-3


def ask(matches: list[Match], **more: Any) -> Decision:
    stories = STORIES | {"lone": story("lone", 3, count=1)}
    return decide(matches, stories, {}, THRESHOLDS, "new", **more)


def test_a_version_stays_where_nothing_speaks_against_it() -> None:
    assert ask([], own="old") == JoinStory(OLD, None)


def test_a_version_that_no_longer_fits_leaves_for_where_it_does() -> None:
    best = match("young", 0.8)

    assert ask([match("old", 0.2)], own="old") == OpenStory("new")
    assert ask([match("old", 0.2), best], own="old") == JoinStory(YOUNG, best)


def test_a_version_that_fits_its_story_draws_only_sure_ones_to_it() -> None:
    own = match("old", 0.8)

    assert ask([own, match("young", 0.85)], own="old") == JoinStory(OLD, own)
    assert ask([own, match("young", 0.99)], own="old").stories == (OLD, YOUNG)


def test_an_only_article_takes_its_story_where_a_new_one_would_go() -> None:
    decision = ask([match("young", 0.6)], own="lone")

    assert [each.id for each in decision.stories] == ["young", "lone"]


def test_a_bound_story_is_joined_whatever_the_texts_say() -> None:
    likely = match("young", 0.8)

    assert ask([], bound=["old"]) == JoinStory(OLD, None)
    assert ask([likely], bound=["old"]) == JoinStory(OLD, None)
    assert ask([match("old", 0.1)], bound=["old"], own="young").stories == (OLD, YOUNG)


def test_a_barred_story_is_not_joined_however_likely() -> None:
    sure = match("old", 0.999)

    assert ask([sure], barred=["old"]) == OpenStory("new")
    assert ask([sure], barred=["old"], bound=["old"]) == OpenStory("new")


def test_stories_that_are_kept_apart_do_not_merge_and_the_bound_one_wins() -> None:
    matches = [match("old", 0.99), match("young", 0.99)]

    apart = ask(matches, are_apart=lambda _one, _other: True)
    bound = ask(matches, bound=["young"], are_apart=lambda _one, _other: True)

    assert apart.story_id == "old"
    assert bound.stories == (YOUNG,)


def test_a_story_id_depends_on_its_first_article_and_its_time_alone() -> None:
    assert story_id_for("tass-1", 3) == story_id_for("tass-1", 3)
    assert len({story_id_for("tass-1", 3), story_id_for("tass-1", 4), story_id_for("x", 3)}) == 3


def test_a_story_that_is_just_likely_enough_is_joined() -> None:
    """logit(0.5) = 0, so the mean is the threshold to the last bit."""
    decision = decide([match("old", 0.5)], STORIES, {}, THRESHOLDS, "new")

    assert decision == JoinStory(OLD, match("old", 0.5))


def test_a_version_that_is_just_likely_enough_stays() -> None:
    own = match("old", 0.5)

    assert ask([own, match("young", 0.8)], own="old") == JoinStory(OLD, own)


def test_a_version_stays_even_where_nobody_may_join() -> None:
    strict = Thresholds(join=1.0, merge=1.0)

    assert decide([], STORIES, {}, strict, "new", own="old") == JoinStory(OLD, None)


def test_of_bound_stories_the_likelier_goes_on_where_they_are_kept_apart() -> None:
    matches = [match("young", 0.6), match("old", 0.3)]

    decision = ask(matches, bound=["old", "young"], are_apart=lambda _one, _other: True)

    assert decision.stories == (YOUNG,)


def test_of_bound_stories_one_that_was_compared_goes_before_one_that_was_not() -> None:
    matches = [match("young", 0.4)]

    decision = ask(matches, bound=["old", "young"], are_apart=lambda _one, _other: True)

    assert decision.stories == (YOUNG,)


def test_a_bound_story_goes_before_the_own_one_where_they_are_kept_apart() -> None:
    decision = ask(
        [match("old", 0.99)], bound=["young"], own="old", are_apart=lambda _one, _other: True
    )

    assert decision.stories == (YOUNG,)


def test_a_version_leaves_a_story_that_it_is_barred_from() -> None:
    assert ask([match("old", 0.99)], own="old", barred=["old"]) == OpenStory("new")


def test_a_story_kept_apart_is_passed_over_and_the_next_one_merges() -> None:
    matches = [match("old", 0.999), match("young", 0.99), match("lone", 0.95)]

    decision = ask(matches, are_apart=lambda one, other: "young" in (one.id, other.id))

    assert [each.id for each in decision.stories] == ["old", "lone"]


def test_a_story_exactly_as_likely_as_a_merger_asks_merges() -> None:
    even = Thresholds(join=0.5, merge=0.5)

    decision = decide([match("young", 0.8), match("old", 0.5)], STORIES, {}, even, "new")

    assert decision.stories == (OLD, YOUNG)


def test_one_sure_vote_counts_for_no_more_than_three_thousand_to_one() -> None:
    """e^8 = 2981: sure and vetoed are even, else one pair would decide."""
    assert story_probability([1.0]) == pytest.approx(2981 / 2982, abs=1e-6)
    assert story_probability([1.0, 0.0]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("probabilities", "joins"),
    [
        ([0.9996, 0.0001, 0.0001], True),  # (7.8 - 3 - 3) / 3: misread twice, read once
        ([0.8, 0.0001], False),  # (1.4 - 3) / 2
        ([0.9996, 0.0, 0.0], False),  # (7.8 - 8 - 8) / 3: vetoes
        ([0.9996, 0.0], False),  # (7.8 - 8) / 2
    ],
)
def test_an_unlikely_vote_weighs_less_than_a_sure_one_and_a_veto_as_much(
    probabilities: list[float], joins: bool
) -> None:
    matches = [match("old", each, number) for number, each in enumerate(probabilities)]

    assert isinstance(ask(matches), JoinStory) == joins


def test_copies_have_one_vote_and_the_surest_of_them_casts_it() -> None:
    """A reprint thrice, to which a translation is unlikely but once: (2.9 - 2.2) / 2 > 0."""
    matches = [match("old", 0.1, 1), match("old", 0.1, 2), match("old", 0.95, 3)]
    stranger = match("old", 0.1, 4)

    each = ask([*matches, stranger])
    once = ask([*matches, stranger], copies={2: 1, 3: 1})

    assert isinstance(each, OpenStory)
    assert once == JoinStory(OLD, matches[2])


def test_a_lead_that_is_a_copy_of_a_candidate_has_no_vote_of_its_own() -> None:
    """Member 3 says the same: (2.2 - 1.4) / 2 > 0 > (2.2 - 1.4 - 1.4) / 3."""
    matches = [match("old", 0.9, 1), match("old", 0.2, 3)]

    apart = decide(matches, STORIES, {"old": 0.2}, THRESHOLDS, "new")
    joined = decide(matches, STORIES, {"old": 0.2}, THRESHOLDS, "new", copies={100: 3})

    assert isinstance(apart, OpenStory)
    assert isinstance(joined, JoinStory)


BOTH = [match("young", 0.99, 5), match("old", 0.95, 6)]


@pytest.mark.parametrize(
    ("across", "merges"),
    [
        ([], True),  # nothing of them is within the window
        ([0.9, 0.0], False),  # a veto
        ([0.9, 0.6, 0.7, 0.8], True),
        ([0.1], True),  # (2.5 of the article, cut - 2.2) / 2
        ([0.1, 0.1], False),  # (2.5 - 2.2 - 2.2) / 3
        ([0.001], False),  # (2.5 - 3) / 2: a sure no, however sure the article
    ],
)
def test_a_merger_asks_what_the_two_stories_say_of_each_other(
    across: list[float], merges: bool
) -> None:
    said = [candidate(number, each) for number, each in enumerate(across)]

    decision = ask(BOTH, across=lambda _one, _other: said)

    assert isinstance(decision, JoinStory)
    assert decision.stories == ((OLD, YOUNG) if merges else (YOUNG,))
    unlike = min(said, key=lambda each: each.probability, default=None)
    assert decision.bars == (() if merges else (Bar(OLD, unlike),))


@pytest.mark.parametrize(
    ("across", "merges"),
    [([0.04], False), ([0.05], True), ([0.04, 0.01], False), ([0.01, 0.6], True)],
)
def test_one_article_however_sure_makes_no_strangers_one(across: list[float], merges: bool) -> None:
    """Its word counts 4 at most, and a sure no -3: without a second witness it would do."""
    assert bars_merger(across, [1.0], THRESHOLDS.join) == (not merges)


@pytest.mark.parametrize(
    ("probabilities", "stems", "bridged"),
    [
        ([], {}, False),
        ([0.99], {}, False),  # nobody else was asked
        ([0.99, 0.04], {}, True),
        ([0.99, 0.05], {}, False),  # the other is in doubt
        ([0.04, 0.01], {}, False),  # nobody speaks for it
        ([0.99, 0.9, 0.0], {}, False),
        ([0.99, 0.9, 0.0], {1: 0}, True),  # the second witness copied from the first
    ],
)
def test_a_story_hangs_on_a_bridge_where_one_text_speaks_and_others_are_strangers(
    probabilities: list[float], stems: dict[int, int], bridged: bool
) -> None:
    votes = [Vote(number, each) for number, each in enumerate(probabilities)]

    assert is_bridged(votes, stems) == bridged


def test_a_bridged_story_is_joined_only_if_it_is_bound_or_the_version_s_own() -> None:
    second = match("young", 0.6)
    matches = [match("old", 0.99), second]

    assert ask(matches, bridged={"old"}) == JoinStory(YOUNG, second)
    assert ask(matches[:1], bridged={"old"}) == OpenStory("new")
    assert ask(matches, bridged={"old"}, bound={"old"}).stories == (OLD,)
    assert ask(matches, bridged={"old"}, own="old").stories == (OLD,)


def test_an_editor_s_word_goes_before_what_two_stories_say_of_each_other() -> None:
    decision = ask(BOTH, bound=["old", "young"], across=lambda _one, _other: [candidate(1, 0.0)])

    assert decision.stories == (OLD, YOUNG)


def test_a_story_is_opened_under_an_id_that_is_new_each_time() -> None:
    ids = [story_id_for("tass-1", 3, opened) for opened in range(4)]

    assert ids[0] == story_id_for("tass-1", 3) == "st_080bb9570d90db12c7e7"
    assert len(set(ids)) == 4
    assert {len(each) for each in ids} == {23}


def test_an_opened_story_makes_no_others_one() -> None:
    assert OpenStory("new").stories == ()


probable = st.floats(0.01, 0.99)
voted = st.lists(st.tuples(st.sampled_from(["old", "young", "lone"]), probable), max_size=8)
some = st.sets(st.sampled_from(["old", "young", "lone"]))


@given(voted, some, some, st.none() | st.sampled_from(["old", "lone"]), st.randoms())
def test_what_holds_of_every_decision(
    votes: list[tuple[str, float]], bound: set[str], barred: set[str], own: str | None, random: Any
) -> None:
    matches = [match(name, probability, n) for n, (name, probability) in enumerate(votes)]
    shuffled = random.sample(matches, len(matches))

    decision = ask(matches, bound=bound, barred=barred, own=own)

    ids = {each.id for each in decision.stories}
    assert decision == ask(shuffled, bound=bound, barred=barred, own=own)
    assert not ids & barred
    assert ids >= bound - barred
    assert [each.born for each in decision.stories] == sorted(
        each.born for each in decision.stories
    )
    if isinstance(decision, JoinStory) and decision.match is not None:
        assert decision.match.story_id in ids


@given(voted)
def test_stories_that_are_all_kept_apart_never_become_one(votes: list[tuple[str, float]]) -> None:
    matches = [match(name, probability, n) for n, (name, probability) in enumerate(votes)]

    decision = ask(matches, bound=["old", "young"], are_apart=lambda _one, _other: True)

    assert len(decision.stories) == 1
