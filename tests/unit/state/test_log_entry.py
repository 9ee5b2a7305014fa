"""Entries of the fingerprint log: read, or left out one by one."""

import pytest

from workers.state.log_entry import Logged, logged
from workers.state.schema import NO_ARTICLE


def test_an_article_and_the_marker_that_one_is_gone() -> None:
    fields = {b"a": "волна:7".encode(), b"p": b"\x03...", b"t": b"1770631200000"}

    assert logged(b"17-0", fields) == Logged(17, 1_770_631_200_000, "волна:7", b"\x03...")
    assert logged(b"18-0", {b"x": b"17"}) == Logged(18, drops=17)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {b"a": b"x", b"p": b"\x03"},
        {b"a": b"x", b"p": b"\x03", b"t": b"noon"},
        {b"a": b"\xff", b"p": b"\x03", b"t": b"1"},
        # A window keeps moments in 64 bits: one beyond them would stop whoever follows the log.
        {b"a": b"x", b"p": b"\x03", b"t": b"9223372036854775808"},
        {b"a": b"x", b"p": b"\x03", b"t": b"-9223372036854775808"},
        {b"x": b"nobody"},
    ],
)
def test_one_that_can_not_be_read_says_nothing_but_its_number(
    fields: dict[bytes, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    assert logged(b"17-0", fields) == Logged(17, drops=NO_ARTICLE)
    assert "entry 17-0 of the fingerprint log can't be read" in caplog.text
