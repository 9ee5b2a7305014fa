"""Who is tried together, and in which order."""

from hypothesis import given
from hypothesis import strategies as st

from workers.process.trials import trials, turns
from workers.state.tries import Record, Suspect

suspects = st.lists(
    st.builds(
        Suspect,
        st.integers(0, 10_000).map(str),
        record=st.one_of(
            st.just(Record()),
            st.builds(Record, st.just(0), st.integers(1, 80)),
            st.builds(Record, st.integers(1, 9), st.just(1)),
        ),
    ),
    unique_by=lambda each: each.entry_id,
)


def named(names: str, record: Record = Record()) -> list[Suspect]:  # noqa: B008 - it is frozen
    return [Suspect(name, record=record) for name in names]


def groups(found: list[list[Suspect]]) -> list[str]:
    return ["".join(each.entry_id for each in group) for group in found]


def test_what_a_dead_worker_had_in_hand_comes_in_eighths() -> None:
    sizes = [len(group) for group in trials([Suspect(str(n)) for n in range(500)], 500)]

    assert sizes == [63] * 7 + [59]


def test_more_than_a_worker_holds_comes_in_eighths_of_what_it_holds() -> None:
    sizes = [len(group) for group in trials([Suspect(str(n)) for n in range(40)], 16)]

    assert sizes == [2] * 20


def test_the_least_suspect_come_first_and_what_failed_most_often_last() -> None:
    found = [
        *named("x", Record(3, 1)),
        *named("y", Record(1, 1)),
        *named("pq", Record(0, 1)),
        *named("abc", Record(0, 2)),
        *named("defg", Record(0, 3)),
    ]

    assert groups(trials(found, 500)) == ["def", "ga", "bc", "p", "q", "y", "x"]


def test_those_without_a_record_come_before_those_that_met_two_deaths() -> None:
    found = [*named("abc", Record(0, 2)), *(Suspect(str(n)) for n in range(1, 10))]

    assert groups(trials(found, 500)) == ["12", "34", "56", "78", "9a", "bc"]


@given(suspects, st.integers(1, 600))
def test_each_is_in_one_group_and_none_in_a_larger_one_than_it_may(
    found: list[Suspect], most: int
) -> None:
    made = trials(found, most)

    assert sorted(each.entry_id for group in made for each in group) == sorted(
        each.entry_id for each in found
    )
    for group in made:
        assert all(len(group) <= (each.record.limit or -(-most // 8)) for each in group)
    failures = [each.record.failures for group in made for each in group]
    assert failures == sorted(failures)


def test_single_suspects_share_turns() -> None:
    singles = [[each] for each in named("abcdefghij", Record(1, 1))]

    # With what a trial costs each is as long as 21 entries: 4 make 84, 5 make 105.
    assert [groups(turn) for turn in turns(singles, 100)] == [list("abcde"), list("fghij")]


def test_what_was_noted_beforehand_stands_unless_the_server_is_another() -> None:
    assert Record.read(None, "e1") == Record()
    assert Record.read(b"2:1", "e1") == Record(2, 1)
    assert Record.read(b"2:1 1:1 e1", "e1") == Record(2, 1)
    assert Record.read(b"2:1 1:1 e1", "e2") == Record(1, 1)
    assert Record.read(b"0:8 0:0 e1", "e2") == Record()
