"""Who asks: for budgets the whole address, for the log only a part of it."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_SITE: Final = 64
"""Bits of an IPv6 address that one household or office has to itself."""

_SHOWN: Final = {4: 24, 6: 48}
_PORT: Final = re.compile(r"\[([^\]]*)\](?::\d*)?|([\d.]+):\d*")
"""An address with a port behind it, as some proxies write it."""
_NAT64: Final = ip_network("64:ff9b::/96")
_LAST: Final = 0xFFFFFFFF


class Clients:
    """Tells clients apart.

    Args:
        trusted: the proxies whose word on a request counts, separated by commas.
    """

    def __init__(self, trusted: str) -> None:
        self._trusted = [ip_network(part) for part in trusted.replace(",", " ").split()]

    def name(self, text: str) -> str:
        """Return the address that stands for a client."""
        return _whole(text)

    def node(self, text: str) -> str:
        """Return a client as a proxy names it, without the port."""
        found = _PORT.fullmatch(text.strip('" '))
        return (found[1] or found[2] or "") if found else text

    def trusts(self, text: str) -> bool:
        """Return whether an address is that of a trusted proxy."""
        address = _address(self.node(text)) if self._trusted else None
        return address is not None and any(address in network for network in self._trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    # An IPv4 address in the clothes of IPv6 is a client of its own, not one of a network.
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if found in _NAT64:
            return IPv4Address(int(found) & _LAST)
    return found


@lru_cache(maxsize=1024)
def _whole(text: str) -> str:
    address = _address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _SITE), strict=False))
    return str(address) if address is not None else "unknown"


def shortened(name: str) -> str:
    """Return a part of a client's address that does not tell who it is.

    >>> shortened("192.0.2.17")
    '192.0.2.0/24'
    """
    address = _address(name.partition("/")[0])
    if address is None:
        return name
    return str(ip_network((address, _SHOWN[address.version]), strict=False))
