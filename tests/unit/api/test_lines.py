"""Lines of a body that comes in pieces."""

import anyio
from hypothesis import given
from hypothesis import strategies as st

from workers.api.lines import Line, lines_of


def cut(pieces: list[bytes], most_bytes: int = 1_000) -> list[Line]:
    async def go() -> list[Line]:
        async def come() -> "object":
            for piece in pieces:
                yield piece

        return [line async for line in lines_of(come(), most_bytes)]  # type: ignore[arg-type]

    return anyio.run(go)


def test_lines_are_numbered_from_one_and_blank_ones_counted_but_left_out() -> None:
    lines = cut([b"a\n\n  \nb\r\nc"])

    assert lines == [Line(1, b"a"), Line(4, b"b\r"), Line(5, b"c")]


def test_a_line_that_is_too_long_is_forgotten_and_its_neighbours_are_not() -> None:
    lines = cut([b"a\nbbb", b"b" * 50, b"\nc\n", b"d" * 11], most_bytes=10)

    assert lines == [Line(1, b"a"), Line(2, None), Line(3, b"c"), Line(4, None)]


@given(st.lists(st.text("ab \n", max_size=6).map(str.encode), max_size=8), st.integers(1, 5))
def test_however_a_body_is_cut_its_lines_are_the_same(pieces: list[bytes], most: int) -> None:
    whole = b"".join(pieces).split(b"\n")

    expected = [
        Line(number, line if len(line) <= most else None)
        for number, line in enumerate(whole, 1)
        if line.strip() or len(line) > most
    ]
    assert cut(pieces, most) == expected
