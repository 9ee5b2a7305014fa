"""How much waits, from what a server says of a stream."""

import pytest

from workers.state.backlog import Answer

EIGHT = Answer(b"9000", 8, b"2-0", -1, 2, 10, b"1-0", b"1-0", b"3000-0")
"""8 entries of which 2, the first ones, are pending; of a server that does not count."""


def test_a_server_that_counts_is_believed_where_it_answers() -> None:
    assert EIGHT._replace(counted=3).lag(keeps_input=False) == 3


def test_where_placed_entries_are_deleted_all_but_what_is_pending_waits() -> None:
    assert EIGHT.lag(keeps_input=False) == 8 - 2


def test_all_waits_where_nothing_was_delivered_yet() -> None:
    assert EIGHT._replace(delivered=b"", pending=0).lag(keeps_input=True) == 8


@pytest.mark.parametrize(
    ("found", "keeps_input"),
    [(EIGHT, True), (EIGHT._replace(oldest=b"2-0"), False)],
    ids=["kept", "kept by earlier settings"],
)
def test_where_placed_entries_are_kept_they_must_be_counted(
    found: Answer, keeps_input: bool
) -> None:
    assert found.lag(keeps_input=keeps_input) is None


def test_nothing_waits_where_all_was_delivered() -> None:
    assert EIGHT._replace(waiting=b"").lag(keeps_input=False) == 0
