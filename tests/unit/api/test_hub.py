"""Ids of stream entries, frames, and the bounded queue of one client."""

import anyio
import pytest

from workers.api.hub import Listener, _framed, entry_id_of


def test_entry_ids_are_compared_as_numbers() -> None:
    assert entry_id_of("9-10") > entry_id_of("9-9") > entry_id_of("9") == (9, 0)


@pytest.mark.parametrize("text", ["", "x", "1-", "-1", "1-2-3", " 1", "1\n", "9" * 20, "٣"])
def test_what_is_no_entry_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no id of a stream entry"):
        entry_id_of(text)


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        (b'{"type":"story.opened"}', b"story.opened", b'{"type":"story.opened"}'),
        (b'{\n "type": "a\\nid: 7"\r\n}', b"message", b'{  "type": "a\\nid: 7" }'),
        (b"not json", b"message", b"not json"),
        (b"[]", b"message", b"[]"),
    ],
)
def test_an_event_is_one_frame_whatever_stands_in_it(data: bytes, kind: bytes, line: bytes) -> None:
    entry_id, frame = _framed((b"7-1", {b"data": data}))

    assert entry_id == (7, 1)
    assert frame == b"id: 7-1\nevent: " + kind + b"\ndata: " + line + b"\n\n"


def test_a_listener_takes_only_what_is_behind_what_it_has() -> None:
    listener = Listener((5, 0))

    for number in (4, 5, 6, 7):
        listener.offer((number, 0), b"%d" % number)

    assert anyio.run(listener.take, 0.01) == b"67"
    assert anyio.run(listener.take, 0.01) == b""
    assert not listener.is_over


def test_a_listener_that_does_not_keep_up_is_over_and_holds_nothing() -> None:
    listener = Listener((0, 0))

    for number in range(1, 1_500):
        listener.offer((number, 0), b"x")

    assert listener.is_over
    assert anyio.run(listener.take, 10) == b""
