"""The lines of a body as it comes in; none is held that is too long."""

from collections.abc import AsyncGenerator, AsyncIterable
from typing import NamedTuple


class Line(NamedTuple):
    """One line that is not blank."""

    number: int
    """From 1, blank lines counted."""
    data: bytes | None
    """None: it was too long, and is forgotten."""


async def lines_of(pieces: AsyncIterable[bytes], most_bytes: int) -> AsyncGenerator[Line]:
    """Cuts pieces of a body into lines, the last of which may lack its line end."""
    number, begun, is_too_long = 1, bytearray(), False
    async for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for end in ended:
            is_too_long = is_too_long or len(begun) + len(end) > most_bytes
            data = None if is_too_long else bytes(begun + end)
            if data is None or data.strip():
                yield Line(number, data)
            number, is_too_long = number + 1, False
            begun.clear()
        is_too_long = is_too_long or len(begun) + len(rest) > most_bytes
        if is_too_long:
            begun.clear()
        else:
            begun += rest  # in place: of bytes, a line in many pieces would be copied for each
    if is_too_long or begun.strip():
        yield Line(number, None if is_too_long else bytes(begun))
