"""Vectors by number, against a dictionary."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.window.vectors import Vectors

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.integers(1, 3), min_size=1, max_size=30)),
        st.tuples(st.just("forget"), st.lists(st.integers(0, 200), max_size=20)),
        st.tuples(st.just("below"), st.integers(0, 200)),
        st.tuples(st.just("trim"), st.none()),
    ),
    max_size=20,
)


@given(STEPS)
def test_what_is_held_has_its_vector_whatever_went_before(steps: list[tuple[str, object]]) -> None:
    vectors, held, last = Vectors(2), dict[int, list[int]](), 4

    for what, how in steps:
        if isinstance(how, list) and what == "put":
            numbers = np.cumsum([last, *how])[1:]  # some numbers are left out
            rows = np.stack([numbers % 127, -(numbers % 11)], axis=1)
            vectors.put(numbers, rows.astype(np.float32))
            held |= dict(zip(numbers.tolist(), rows.tolist(), strict=True))
            last = int(numbers[-1])
        elif isinstance(how, list):
            vectors.forget(np.array(how, np.int64))
            held = {number: row for number, row in held.items() if number not in how}
        elif isinstance(how, int):
            vectors.forget_below(how)
            held = {number: row for number, row in held.items() if number >= how}
        else:
            vectors.trim()

    numbers = np.arange(-1, last + 9)
    assert len(vectors) == len(held)
    assert numbers[vectors.holds(numbers)].tolist() == sorted(held)
    there = np.array(sorted(held), np.int64)
    assert vectors[there].tolist() == [held[number] for number in there.tolist()]


def test_room_is_given_back_in_few_steps_also_where_little_has_gone() -> None:
    """A step of one row each took a second of a window of a million."""
    numbers, vectors = np.arange(1, 20_001), Vectors(2)
    vectors.put(numbers, np.stack([numbers % 127, -(numbers % 11)], axis=1).astype(np.float32))
    steps = 0

    class Counted(np.ndarray[tuple[int, int], np.dtype[np.int8]]):
        def __setitem__(self, key: object, value: object) -> None:
            nonlocal steps
            steps += 1
            super().__setitem__(key, value)  # type: ignore[call-overload]

    vectors._rows = vectors._rows.view(Counted)
    vectors.forget_below(4)
    vectors.trim()

    assert 0 < steps < 10
    assert vectors[numbers[3:]].tolist() == [[n % 127, -(n % 11)] for n in range(4, 20_001)]
