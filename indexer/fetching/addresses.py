"""Which network addresses may be connected to: those of the public internet, and no others unless a setting says so.

A server that fetches what strangers name can be made to ask its own neighbours, which trust it. Names and spellings
(``0x7f000001``, ``localtest.me``) are no evidence, so what is looked at is the address that a connection goes to.

Sources: the IANA registries of special-purpose addresses (RFC 6890). They are written out because the standard
library's ``is_global`` differs from one version of Python to the next.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NOT_PUBLIC_4 = tuple(map(IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
)))  # fmt: skip
_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out for public use. IPv4 in the guise of IPv6 (``::ffff:…``) is outside."""
_NOT_PUBLIC_6 = tuple(map(IPv6Network, (
    "2001::/23",  # Teredo and other protocols
    "2001:db8::/32", "3fff::/20",  # documentation
    "2002::/16",  # 6to4, which wraps any address of IPv4
)))  # fmt: skip
_NAT64 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches it (RFC 6052): the last 32 bits say where."""
_ISATAP = (0x00005EFE, 0x02005EFE)
"""RFC 5214: what stands before the last 32 bits of an address that wraps one of IPv4."""


def is_public(address: str) -> bool:
    """Whether a numeric address, IPv4 or IPv6, is on the public internet, also where it wraps another."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_4(parsed) if isinstance(parsed, IPv4Address) else _is_public_6(parsed)


def _is_public_4(address: IPv4Address) -> bool:
    return not any(address in network for network in _NOT_PUBLIC_4)


def _is_public_6(address: IPv6Address) -> bool:
    wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64 or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return address in _NAT64 and _is_public_4(wrapped)
    return address in _UNICAST and not any(address in network for network in _NOT_PUBLIC_6)
