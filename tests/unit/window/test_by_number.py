"""Integers by article number, beside a dictionary of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.window.by_number import ByNumber

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.integers(1, 5), min_size=1, max_size=6)),
        st.tuples(st.just("take_away"), st.integers(0, 60)),
        st.tuples(st.just("drop_below"), st.integers(0, 60)),
        st.tuples(st.just("clear"), st.none()),
    ),
    max_size=20,
)


@given(STEPS)
def test_it_holds_what_a_dictionary_holds(steps: list[tuple[str, object]]) -> None:
    made, expected, last = ByNumber(np.int64, -1), dict[int, int](), 0
    for what, how in steps:
        if isinstance(how, list):
            numbers = []
            for gap in how:
                last += gap
                numbers.append(last)
            made.put(numbers, [7 * number for number in numbers])
            expected |= {number: 7 * number for number in numbers}
        elif what == "clear":
            made.clear()
            expected, last = {}, 0
        elif isinstance(how, int) and what == "take_away":
            made.take_away(how)
            expected.pop(how, None)
        elif isinstance(how, int):
            gone = sum(number < how for number in expected)
            assert made.drop_below(how) == gone
            expected = {number: value for number, value in expected.items() if number >= how}

        found = {number: made[number] for number in range(70) if made[number] != -1}
        assert found == {number: value for number, value in expected.items() if number < 70}
        assert [made.values[number - made.first] for number in expected] == [*expected.values()]


def test_a_value_may_be_put_again() -> None:
    made = ByNumber(np.int64, -1)
    made.put([3, 5], [30, 50])

    made.put([4, 5], [41, 51])

    assert [made[number] for number in range(2, 7)] == [-1, 30, 41, 51, -1]
