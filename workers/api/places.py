"""Places for connections, and who gives one up when there are none left.

Anybody can open connections and say nothing, or a letter a second. So an address has a share of
the places, and when that share or all places are taken, whoever came without a token and waits
longest makes room for the next; not in its first moment, in which what it sent is still unread:
many clients that come at once are told to come later, not hung up on. They are told so in spare
places, where a probe is answered too.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Protocol, cast

from starlette.types import Scope

GUEST = "onestory.guest"
"""Where a request's scope has the connection that it came by."""
PROBES = frozenset({"/live", "/ready", "/metrics"})
_SPARE = 32
"""A probe is answered within milliseconds; so many must come meanwhile to take its place."""
_SETTLED_S = 0.2
"""Some turns of the event loop; an attacker would have to open all places anew so often."""


class Guest(Protocol):
    """A connection, as it is judged here."""

    address: str
    """Whose share it is of: `share_of`."""
    is_known: bool
    """It was let through with a token, or, where none is set, from this machine."""

    @property
    def is_busy(self) -> bool:
        """A request of it is being answered."""

    def give_way(self) -> None:
        """Hang up."""


@dataclass(slots=True)
class Places:
    """The connections of one server, oldest first."""

    most: int
    most_per_address: int
    clock: Callable[[], float] = time.monotonic
    _taken: dict[Guest, float] = field(default_factory=dict)
    """With the time at which each came."""
    _spare: dict[Guest, None] = field(default_factory=dict)

    def take(self, guest: Guest) -> bool:
        """Give a connection a place: whether it is one of its own, and not a spare one."""
        neighbours = [each for each in self._taken if each.address == guest.address]
        if len(neighbours) >= self.most_per_address:
            has_place = self._cleared(neighbours)
        else:
            has_place = len(self._taken) < self.most or self._cleared(self._taken)
        if not has_place and len(self._spare) >= _SPARE:
            self._dismiss(next(iter(self._spare)))
        if has_place:
            self._taken[guest] = self.clock()
        else:
            self._spare[guest] = None
        return has_place

    def leave(self, guest: Guest) -> None:
        """It is gone."""
        self._taken.pop(guest, None)
        self._spare.pop(guest, None)

    def _cleared(self, among: Iterable[Guest]) -> bool:
        """Whether one of these made room: one that waits before one that is answered."""
        before = self.clock() - _SETTLED_S
        strangers = (each for each in among if not each.is_known and self._taken[each] <= before)
        first = min(strangers, key=lambda each: each.is_busy, default=None)
        if first is not None:
            self._dismiss(first)
        return first is not None

    def _dismiss(self, guest: Guest) -> None:
        self.leave(guest)
        guest.give_way()


def share_of(host: str) -> str:
    """Of IPv6 the network of 64 bits, since one machine has all of its addresses.

    >>> share_of("192.0.2.7"), share_of("2001:db8::1:2:3:4")
    ('192.0.2.7', '2001:db8::/64')
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:  # a socket of this machine has none
        return host
    if not isinstance(address, IPv6Address):
        return host
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"


def let_through(scope: Scope) -> None:
    """The connection of this request is known from now on."""
    if GUEST in scope:
        cast(Guest, scope[GUEST]).is_known = True
