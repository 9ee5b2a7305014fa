"""Who gets a place, and who gives one up for it."""

from dataclasses import dataclass

import pytest

from workers.api.places import GUEST, Places, let_through, share_of


@dataclass(eq=False)
class Guest:
    address: str = "a"
    is_known: bool = False
    is_busy: bool = False
    is_gone: bool = False

    def give_way(self) -> None:
        self.is_gone = True


def guests(*addresses: str) -> list[Guest]:
    return [Guest(each) for each in addresses]


def test_who_waits_longest_makes_room_before_who_is_answered() -> None:
    places = Places(most=3, most_per_address=3)
    first, second, third, fourth, fifth = guests("a", "b", "c", "d", "e")
    first.is_busy = True

    assert [places.take(each) for each in (first, second, third, fourth, fifth)] == [True] * 5

    assert [each.is_gone for each in (first, second, third)] == [False, True, True]


def test_an_address_with_its_share_makes_room_among_its_own() -> None:
    places = Places(most=4, most_per_address=2)
    other, *many = guests("b", "a", "a", "a", "a")

    assert [places.take(each) for each in (other, *many)] == [True] * 5

    assert [each.is_gone for each in (other, *many)] == [False, True, True, False, False]


def test_the_known_stay_and_who_has_no_place_gets_a_spare_one() -> None:
    places = Places(most=2, most_per_address=2)
    known = [Guest("a", is_known=True), Guest("b", is_known=True)]
    late = guests(*"c" * 40)

    assert [places.take(each) for each in (*known, *late)] == [True] * 2 + [False] * 40

    assert not any(each.is_gone for each in known)
    # Of the spare places too the oldest is given up.
    assert [each.is_gone for each in late] == [True] * 8 + [False] * 32
    places.leave(known[0])
    assert places.take(Guest("d"))


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
