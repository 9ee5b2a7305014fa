"""Which hosts may be asked: none that only this machine or its network can reach.

Names are resolved once, every answer is judged, and the connection goes to an address that was
judged. A name that answers differently the next time (DNS rebinding) gains nothing.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

# IANA's registries of special-purpose addresses, as of 2026: what `ipaddress` calls private or
# global differs between patch releases of Python. A range that is partly public is refused whole.
_NOT_PUBLIC = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network (RFC 791); Linux takes 0.0.0.0 for itself
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # shared by a provider's customers (RFC 6598); Alibaba's metadata
        "127.0.0.0/8",  # this machine (RFC 1122)
        "168.63.129.16/32",  # Azure's wire server, at each of its machines
        "169.254.0.0/16",  # link-local (RFC 3927); metadata of most clouds
        "172.16.0.0/12",  # private (RFC 1918)
        "192.0.0.0/24",  # protocol assignments (RFC 6890); Oracle's metadata
        "192.0.2.0/24",  # documentation (RFC 5737)
        "192.88.99.0/24",  # relays of 6to4, no more in use (RFC 7526)
        "192.168.0.0/16",  # private (RFC 1918)
        "198.18.0.0/15",  # measurements (RFC 2544)
        "198.51.100.0/24",  # documentation (RFC 5737)
        "203.0.113.0/24",  # documentation (RFC 5737)
        "224.0.0.0/4",  # multicast (RFC 1112)
        "240.0.0.0/4",  # reserved, and broadcast (RFC 1112, RFC 919)
    )
)
_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out to the internet (RFC 4291): not ::1, fc00::/7, fe80::/10,
fec0::/10, ff00::/8, 100::/64, 64:ff9b:1::/48 (a network's own NAT64, RFC 8215), 5f00::/16."""
_NOT_UNICAST = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocol assignments (RFC 2928), Teredo among them (RFC 4380)
        "2001:db8::/32",  # documentation (RFC 3849)
        "3fff::/20",  # documentation (RFC 9637)
    )
)
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is meant."""


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
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC)
    if (inner := _wrapped(address)) is not None:
        return is_public(inner)
    return address in _UNICAST and not any(address in network for network in _NOT_UNICAST)


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, NAT64, compatible."""
    if address in _TRANSLATED or int(address) >> 32 == 0:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
