"""Which hosts may be asked: none that only this machine or its network can reach.

Names are resolved once, every answer is judged, and the connection goes to an address that was
judged. A name that answers differently the next time (DNS rebinding) gains nothing.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
"""NAT64 (RFC 6052, RFC 8215): the last 32 bits are the IPv4 address that is meant."""


class RefusedAddress(Exception):
    """The host is, or resolves to, an address that is not public."""


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, in the order to try them.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def allowed(
    host: str, port: int, *, allow_private: bool, resolve: Resolve = resolved
) -> Sequence[str]:
    """The addresses of a host, if all of them may be asked.

    Raises:
        RefusedAddress: one may not.
        OSError: the host has none.
    """
    found = resolve(host, port)
    for each in found:
        if not (allow_private or is_public(ip_address(each.partition("%")[0]))):
            raise RefusedAddress(
                f"host {host!r} is at {each}, expected a public address; "
                "ONESTORY_FEEDS_ALLOW_PRIVATE=1 allows others"
            )
    return found


def is_public(address: Address) -> bool:
    """Whether an address is one unicast host of the internet, whatever it is wrapped in.

    >>> is_public(ip_address("::ffff:127.0.0.1")), is_public(ip_address("93.184.215.14"))
    (False, True)
    """
    if isinstance(address, IPv6Address) and (inner := _wrapped(address)) is not None:
        return is_public(inner)
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, Teredo, NAT64, compatible."""
    if any(address in network for network in _TRANSLATED) or int(address) >> 32 == 0:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
