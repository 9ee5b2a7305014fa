"""Guards: each speaks where it must, stays silent where it must, and no pair hears another's.

The figures at a bound stand here once more on purpose: an editor reads them in the evidence and in
the documentation, so that moving one is a decision.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.training.feature_groups import GUARDS
from tests.unit.matching.lookalikes import Pair, guarded

PLAIN = Pair()
ACROSS = ("ru", "en")
TEMPLATE = PLAIN.but(template=0.9, words=(60, 80))
"""Two bulletins of one template."""
OTHER_FACTS = TEMPLATE.but(facts_said=10.0, facts_contained=0.1)
OTHER_NAMES = TEMPLATE.but(names_said=10.0, names_contained=0.1)
ALIKE_ACROSS = PLAIN.but(langs=ACROSS, body=0.9, words=(60, 80))
"""Two short texts in two languages that mean nearly the same."""
CONTRADICTING = {"facts_said": 10.0, "facts_contained": 0.1}
ONE_DESCRIPTION = PLAIN.but(lead=0.95, title=0.24, title_and_lead=0.24, words=(40, 45))
"""One outlet's teaser under two headlines that it says nothing of."""
ROUND_UP = PLAIN.but(items=(9, 0), meaning=0.1, body=0.4)
"""A list and a report of something else."""
STRANGERS = PLAIN.but(anchors_shared=0.0, meaning=0.1, body=0.1, wording=0.0)


def speaking(pair: Pair) -> list[str]:
    """The beginnings of what the guards say of a pair."""
    spoken = guarded(pair)
    said = [text.partition(":")[0] for text in spoken.said(0)]
    assert bool(said) == bool(spoken.vetoes[0])
    return said


def test_two_ordinary_reports_are_nobody_s_business() -> None:
    assert speaking(PLAIN) == []


def test_what_guards_say_is_what_an_editor_reads() -> None:
    every = PLAIN.but(
        words=(2, 2),
        items=(9, 0),
        meaning=0.1,
        body=0.1,
        wording=0.0,
        template=0.9,
        anchors_shared=0.0,
        facts_contained=0.3946,
        names_contained=0.4946,
        both_opposed=-1,
        roles_swapped=-1,
    )

    assert guarded(PLAIN, every).said(1) == (
        "too short: fewer than 3 words",
        "little shared: hardly a name, a fact or a phrase",
        "digest: a round-up of several stories joins none of them",
        "other facts: one template, but 39 % of its numbers and dates",
        "other names: one template, but 49 % of its names",
        "opposite: title and lead say that the contrary happened",
        "swapped: the titles tell who did it to whom the other way round",
    )
    assert guarded(ONE_DESCRIPTION).said(0) == (
        "other headlines: one text below them, or none, and little in common",
    )


@pytest.mark.parametrize(
    ("changes", "is_silent"),
    [
        ({}, False),
        ({"words": (150, 150)}, False),
        ({"words": (150, 151)}, True),
        ({"lead": 0.94}, True),
        ({"title": 0.25}, True),
        ({"title_and_lead": 0.25}, True),  # a headline that fits the text below it
        ({"titled": (True, False)}, True),
        ({"langs": ACROSS}, True),
    ],
)
def test_one_description_under_headlines_of_different_things_proves_nothing(
    changes: dict[str, Any], is_silent: bool
) -> None:
    assert speaking(ONE_DESCRIPTION.but(**changes)) == ([] if is_silent else ["other headlines"])


@pytest.mark.parametrize(
    ("changes", "decides"),
    [
        ({}, False),
        ({"bare": (True, True)}, True),
        ({"bare": (True, False)}, False),
        ({"lead": 0.95}, True),
        ({"lead": 0.95, "words": (100, 151)}, False),
        ({"bare": (True, True), "langs": ACROSS}, False),
        ({"bare": (True, True), "titled": (True, False)}, False),
    ],
)
def test_headlines_over_nothing_or_over_one_text_must_speak_for_themselves(
    changes: dict[str, Any], decides: bool
) -> None:
    assert guarded(PLAIN.but(**changes)).headline_decides.tolist() == [decides]


@pytest.mark.parametrize(
    ("words", "is_silent"), [((2, 2), False), ((2, 900), False), ((3, 3), True), ((900, 3), True)]
)
def test_a_text_of_two_words_joins_nothing(words: tuple[int, int], is_silent: bool) -> None:
    assert speaking(PLAIN.but(words=words)) == ([] if is_silent else ["too short"])


def test_strangers_share_too_little() -> None:
    assert speaking(STRANGERS) == ["little shared"]


@pytest.mark.parametrize(
    "in_common",
    [
        {"anchors_shared": 2.5},
        {"wording": 0.15},
        {"meaning": 0.3},
        {"body": 0.3},
        {"opinion": 0.3},
        {"meaning": 0.9, "body": 0.0},
    ],
    ids=str,
)
def test_a_name_a_phrase_or_a_meaning_in_common_is_enough(in_common: dict[str, float]) -> None:
    assert speaking(STRANGERS.but(**in_common)) == []


@pytest.mark.parametrize(
    "in_common", [{"anchors_shared": 2.0}, {"wording": 0.14}, {"meaning": 0.29}], ids=str
)
def test_a_country_a_common_word_or_a_topic_is_not(in_common: dict[str, float]) -> None:
    assert speaking(STRANGERS.but(**in_common)) == ["little shared"]


@pytest.mark.parametrize("items", [(4, 0), (0, 4), (4, 1), (1, 9)])
def test_a_round_up_joins_none_of_its_stories(items: tuple[int, int]) -> None:
    assert speaking(ROUND_UP.but(items=items)) == ["digest"]


@pytest.mark.parametrize("items", [(3, 0), (1, 3), (4, 2), (9, 9)])
def test_a_short_list_is_no_round_up_and_a_list_has_its_translation(items: tuple[int, int]) -> None:
    assert speaking(ROUND_UP.but(items=items)) == []


def test_a_list_under_the_same_headline_is_part_of_the_report() -> None:
    at_the_bounds = ROUND_UP.but(meaning=0.3, body=0.3)

    assert speaking(at_the_bounds) == []
    assert speaking(at_the_bounds.but(meaning=0.29)) == ["digest"]
    assert speaking(at_the_bounds.but(body=0.29)) == ["digest"]
    assert speaking(PLAIN.but(items=(9, 0), round_up_apart=-1)) == ["digest"]


def test_bulletins_of_one_template_with_other_facts_stay_apart() -> None:
    assert speaking(OTHER_FACTS) == ["other facts"]


def test_bulletins_of_one_template_about_others_stay_apart() -> None:
    assert speaking(OTHER_NAMES) == ["other names"]


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"template": 0.5}, "other facts"),
        ({"words": (150, 150)}, "other facts"),
        ({"facts_said": 4.0}, "other facts"),
        ({"facts_contained": 0.39}, "other facts"),
        ({"names_said": 3.0, "names_contained": 0.49, "facts_contained": 1.0}, "other names"),
    ],
    ids=str,
)
def test_a_bulletin_s_guard_speaks_up_to_its_bounds(changes: dict[str, Any], guard: str) -> None:
    assert speaking(OTHER_FACTS.but(**changes)) == [guard]


@pytest.mark.parametrize(
    "changes",
    [
        {"template": 0.49},
        {"words": (20, 151)},
        {"words": (151, 20)},
        {"facts_said": 3.9, "names_said": 2.9},
        {"facts_contained": 0.4, "names_contained": 0.5},
    ],
    ids=str,
)
def test_beyond_them_a_bulletin_is_judged_by_its_wording(changes: dict[str, Any]) -> None:
    both = OTHER_FACTS.but(names_said=10.0, names_contained=0.1)
    assert speaking(both) == ["other facts", "other names"]

    assert speaking(both.but(**changes)) == []


@pytest.mark.parametrize("tagged", [(True, False), (False, True), (True, True)])
def test_a_correction_may_say_other_facts_and_names(tagged: tuple[bool, bool]) -> None:
    both = OTHER_FACTS.but(names_said=10.0, names_contained=0.1)

    assert speaking(both.but(tagged=tagged)) == []


def test_a_toll_of_the_same_names_and_dates_may_grow() -> None:
    grown = OTHER_FACTS.but(tolls=1)

    assert speaking(grown) == []
    assert speaking(grown.but(names_contained=0.75)) == []
    assert speaking(grown.but(names_contained=0.74)) == ["other facts"]
    assert speaking(grown.but(dates=0.49)) == ["other facts"]
    assert speaking(grown.but(tolls=0)) == ["other facts"]


@pytest.mark.parametrize(
    ("changes", "guard"),
    [({"both_opposed": -1}, "opposite"), ({"roles_swapped": -1}, "swapped")],
    ids=str,
)
def test_the_contrary_is_another_story_unless_it_is_a_correction(
    changes: dict[str, Any], guard: str
) -> None:
    assert speaking(PLAIN.but(**changes)) == [guard]
    assert speaking(PLAIN.but(langs=ACROSS, **changes)) == [guard]
    assert speaking(PLAIN.but(tagged=(True, False), **changes)) == []


def test_a_template_says_nothing_of_texts_in_two_languages() -> None:
    """Masked words of two languages are never alike but by chance, and the names are: whatever
    the template's similarity, names are not held against a translation.
    """
    across = OTHER_FACTS.but(langs=ACROSS, body=0.1, names_said=10.0, names_contained=0.0)

    assert speaking(across) == []


def test_short_texts_alike_in_meaning_are_held_to_their_facts_across_languages() -> None:
    assert speaking(ALIKE_ACROSS.but(**CONTRADICTING)) == ["other facts"]
    at_the_bounds = ALIKE_ACROSS.but(body=0.75, words=(150, 150))
    assert speaking(at_the_bounds.but(**CONTRADICTING)) == ["other facts"]
    assert speaking(ALIKE_ACROSS.but(tagged=(True, False), **CONTRADICTING)) == []


@pytest.mark.parametrize(
    "changes",
    [{"body": 0.74}, {"words": (20, 151)}, {"langs": ("en", "en"), "template": 0.1}],
    ids=str,
)
def test_the_meaning_alone_makes_no_bulletin(changes: dict[str, Any]) -> None:
    assert speaking(ALIKE_ACROSS.but(**CONTRADICTING).but(**changes)) == []


ONE_FRAME = ALIKE_ACROSS.but(names_contained=0.0, facts_contained=0.5, facts_said=4.0)
"""Two short texts in two languages that tell the same of different people."""


def test_two_people_in_one_frame_are_told_apart_across_languages() -> None:
    assert speaking(ONE_FRAME) == ["other names"]
    at_the_bounds = ONE_FRAME.but(
        body=0.6, words=(150, 150), names_said=3.0, names_contained=0.19, facts_contained=0.59
    )
    assert speaking(at_the_bounds) == ["other names"]
    assert speaking(ONE_FRAME.but(tagged=(True, False))) == []
    of_one_day = ONE_FRAME.but(facts_contained=1.0, facts_said=3.9)
    assert speaking(of_one_day) == ["other names"]


@pytest.mark.parametrize(
    "changes",
    [
        {"body": 0.59},
        {"words": (20, 151)},
        {"names_said": 2.9},
        {"names_contained": 0.2},
        {"facts_contained": 0.6},
    ],
    ids=str,
)
def test_names_that_may_be_misread_are_not_held_against_a_translation(
    changes: dict[str, Any],
) -> None:
    assert speaking(ONE_FRAME.but(**changes)) == []


@pytest.mark.parametrize(
    ("langs", "is_unknown"),
    [
        (("en", "ru"), False),
        (("ru", "ru"), False),
        (("kk", "en"), True),
        (("uk", "en"), False),
        (("en", "und"), True),
        (("kk", "kk"), True),
        (("be", "bg"), False),
    ],
)
def test_a_language_that_the_model_does_not_know_is_judged_by_its_text(
    langs: tuple[str, str], is_unknown: bool
) -> None:
    spoken = guarded(PLAIN.but(langs=langs))

    assert spoken.by_text_only.tolist() == [is_unknown]
    assert not spoken.vetoes.any()


shares = st.floats(0, 1, width=32)
lengths = st.tuples(st.integers(0, 400), st.integers(0, 400))
pairs = st.builds(
    Pair,
    words=lengths,
    langs=st.tuples(*[st.sampled_from(["en", "ru", "kk"])] * 2),
    items=st.tuples(*[st.integers(0, 6)] * 2),
    tagged=st.tuples(st.booleans(), st.booleans()),
    meaning=shares,
    body=shares,
    wording=shares,
    opinion=shares,
    template=shares,
    dates=shares,
    tolls=st.sampled_from([0.0, 1.0]),
    round_up_apart=st.sampled_from([-1.0, 0.0]),
    both_opposed=st.sampled_from([-1.0, 0.0]),
    roles_swapped=st.sampled_from([-1.0, 0.0]),
    anchors_shared=st.floats(0, 30, width=32),
    facts_said=st.floats(0, 30, width=32),
    facts_contained=shares,
    names_said=st.floats(0, 30, width=32),
    names_contained=shares,
)


def flags(pair: Pair, *others: Pair) -> list[bool]:
    """What each guard says of the last of these pairs."""
    spoken = guarded(*others, pair)
    return [bool(getattr(spoken, name)[-1]) for name in (*GUARDS, "by_text_only")]


@given(pairs, st.lists(pairs, max_size=3))
def test_no_pair_is_judged_by_what_another_one_says(pair: Pair, others: list[Pair]) -> None:
    assert flags(pair, *others) == flags(pair)


@given(pairs)
def test_guards_do_not_ask_which_of_the_two_came_first(pair: Pair) -> None:
    turned = pair.but(
        words=pair.words[::-1],
        langs=pair.langs[::-1],
        items=pair.items[::-1],
        tagged=pair.tagged[::-1],
    )

    assert flags(turned) == flags(pair)


@given(pairs)
def test_what_has_more_in_common_is_vetoed_no_more(pair: Pair) -> None:
    """But for what makes a template: that two texts share a form is no reason to join them."""
    closer = pair.but(
        anchors_shared=pair.anchors_shared + 1,
        facts_contained=(1 + pair.facts_contained) / 2,
        names_contained=(1 + pair.names_contained) / 2,
        wording=(1 + pair.wording) / 2,
    )

    assert np.all(np.array(flags(closer)) <= np.array(flags(pair)))
