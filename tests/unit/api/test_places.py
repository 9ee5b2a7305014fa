"""Who gets a place, and who gives one up for it."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clocks import Clock
from workers.api.places import GUEST, Places, let_through, share_of


@dataclass(eq=False)
class Guest:
    address: str = "a"
    is_known: bool = False
    is_busy: bool = False
    is_gone: bool = False

    def give_way(self) -> None:
        self.is_gone = True


@pytest.fixture
def clock() -> Clock:
    return Clock()


def guests(*addresses: str) -> list[Guest]:
    return [Guest(each) for each in addresses]


def taken(places: Places, clock: Clock, *many: Guest) -> list[bool]:
    """Whether each got a place of its own; they come a second apart."""
    found = []
    for each in many:
        clock.now += 1
        found.append(places.take(each))
    return found


def test_who_waits_longest_makes_room_before_who_is_answered(clock: Clock) -> None:
    places = Places(most=3, most_per_address=3, clock=clock)
    first, second, third, *late = guests("a", "b", "c", "d", "e")
    first.is_busy = True

    assert taken(places, clock, first, second, third, *late) == [True] * 5

    assert [each.is_gone for each in (first, second, third)] == [False, True, True]


def test_an_address_with_its_share_makes_room_among_its_own(clock: Clock) -> None:
    places = Places(most=4, most_per_address=2, clock=clock)
    other, *many = guests("b", "a", "a", "a", "a")

    assert taken(places, clock, other, *many) == [True] * 5

    assert [each.is_gone for each in (other, *many)] == [False, True, True, False, False]


def test_many_that_come_at_once_are_not_hung_up_on(clock: Clock) -> None:
    """What they sent is not read yet."""
    places = Places(most=2, most_per_address=2, clock=clock)
    many = guests("a", "b", "c", "d")

    assert [places.take(each) for each in many] == [True, True, False, False]

    assert not any(each.is_gone for each in many)
    assert taken(places, clock, Guest("e")) == [True]


def test_the_known_stay_and_who_has_no_place_gets_a_spare_one(clock: Clock) -> None:
    places = Places(most=2, most_per_address=2, clock=clock)
    known = [Guest("a", is_known=True), Guest("b", is_known=True)]
    late = guests(*"c" * 40)

    assert taken(places, clock, *known, *late) == [True] * 2 + [False] * 40

    assert not any(each.is_gone for each in known)
    # Of the spare places too the oldest is given up.
    assert [each.is_gone for each in late] == [True] * 8 + [False] * 32
    places.leave(known[0])
    assert taken(places, clock, Guest("d")) == [True]


COMINGS = st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans(), st.floats(0, 1))


@given(st.lists(COMINGS, max_size=80))
def test_there_are_never_more_than_places_and_nobody_known_goes(
    comings: list[tuple[str, bool, bool, float]],
) -> None:
    clock = Clock()
    places = Places(most=7, most_per_address=4, clock=clock)
    here: list[Guest] = []
    known: list[Guest] = []
    for address, is_known, is_busy, pause_s in comings:
        clock.now += pause_s
        guest = Guest(address, is_known, is_busy)
        has_place = places.take(guest)
        here = [each for each in (*here, *[guest][: int(has_place)]) if not each.is_gone]

        assert len(here) <= 7
        assert all(sum(each.address == name for each in here) <= 4 for name in "abc")
        known += [guest] if is_known and has_place else []
        assert not any(each.is_gone for each in (guest, *known))


@pytest.mark.parametrize(
    ("host", "share"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_address_of_ipv6_shares_with_its_network(host: str, share: str) -> None:
    assert share_of(host) == share


def test_who_is_let_through_is_known() -> None:
    guest = Guest()

    let_through({GUEST: guest})
    let_through({})

    assert guest.is_known
