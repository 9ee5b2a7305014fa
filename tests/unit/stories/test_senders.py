"""Who may speak for whom: everyone for itself, and nobody else unasked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.stories.senders import (
    EVERYONE,
    FEED,
    KINDS,
    SOURCE,
    TOKEN,
    Trust,
    covers,
    named,
    sender_named,
    shown,
)

NAMES = st.builds(named, st.sampled_from(KINDS), st.text(max_size=80))
TRUSTS = st.dictionaries(
    st.one_of(NAMES, st.just(EVERYONE)),
    st.lists(st.one_of(NAMES, st.just(EVERYONE)), max_size=3).map(tuple),
    max_size=3,
).map(Trust)
NO_TRUST = Trust()


def may(trust: Trust, sender: str, owner: str) -> bool:
    return covers(trust.voice(sender).mandate, owner)


@given(NAMES, TRUSTS)
def test_everyone_speaks_for_itself(sender: str, trust: Trust) -> None:
    assert may(trust, sender, sender)


@given(NAMES, NAMES)
def test_unasked_two_names_that_differ_do_not_speak_for_each_other(one: str, other: str) -> None:
    is_stream = one.startswith(SOURCE) and other.startswith(SOURCE)
    is_unnamed = SOURCE in (one, other)

    assert may(NO_TRUST, one, other) == (one == other or (is_stream and is_unnamed))


@given(NAMES, NAMES, TRUSTS)
def test_trust_only_adds_and_only_what_it_says(sender: str, owner: str, trust: Trust) -> None:
    said = {*trust.speaks_for.get(sender, ()), *trust.speaks_for.get(EVERYONE, ())}

    allowed = may(NO_TRUST, sender, owner) or owner in said or EVERYONE in said
    assert may(trust, sender, owner) == allowed


@given(NAMES, NAMES)
def test_a_name_that_is_lent_counts_for_that_voice_alone(sender: str, owner: str) -> None:
    assert covers(NO_TRUST.voice(sender, [owner]).mandate, owner)


@given(st.sampled_from(KINDS), st.text(max_size=400))
def test_a_name_is_short_and_one_line_and_never_a_word_of_mandates(kind: str, name: str) -> None:
    made = named(kind, name)

    assert made.startswith(kind)
    assert len(made.encode()) <= 60
    assert not {"\n", "\t"} & {*made}
    assert made not in (EVERYONE, "source")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reuters", " REUTERS\n"),
        ("Рейтер", "РЕЙТЕР"),
        ("The  Wire", "the wire"),
        ("ＲＥＵＴＥＲＳ", "reuters"),
        ("", None),
        ("\x1f", None),
        ("ﬁnance", "FINANCE"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str | None) -> None:
    assert named(SOURCE, one) == named(SOURCE, other)


def test_long_names_that_differ_late_are_two() -> None:
    assert named(SOURCE, "x" * 500 + "a") != named(SOURCE, "x" * 500 + "b")
    assert named(SOURCE, "я" * 100) == named(SOURCE, "Я" * 100)


def test_a_name_costs_no_more_than_its_beginning() -> None:
    """Marks that combine are sorted, in quadratic time, where a text is brought into one form."""
    assert len(named(SOURCE, "a" + "\u0300\u0316" * 2_000_000).encode()) <= 60


def test_a_source_that_looks_like_another_kind_is_none() -> None:
    assert named(SOURCE, "token:desk") != named(TOKEN, "desk")
    assert not may(NO_TRUST, named(SOURCE, "token:desk"), named(TOKEN, "desk"))
    assert not may(NO_TRUST, named(SOURCE, "*"), named(FEED, "a"))
    assert not may(NO_TRUST, named(SOURCE, "*"), named(SOURCE, "a"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Reuters", "source:reuters"),
        ("feed:Courier.example", "feed:courier.example"),
        ("token:Desk", "token:desk"),
        ("source:token:x", "source:token:x"),
        ("", "source:"),
        ("*", "*"),
    ],
)
def test_a_person_writes_a_source_without_its_kind(text: str, name: str) -> None:
    assert sender_named(text) == name


def test_messages_name_senders_as_people_do() -> None:
    assert [shown(each) for each in ("source:", "source:a", "feed:a")] == [
        *("no source", "source 'a'", "feed:a")
    ]
