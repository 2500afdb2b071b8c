"""Who asks: for budgets the whole address, for the log only a part of it."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_SITE: Final = 64
"""Bits of an IPv6 address that one household or office has to itself."""

_SHOWN: Final = {4: 24, 6: 48}


class Clients:
    """Tells clients apart.

    Args:
        trusted: the proxies whose word on the client's address counts, separated by commas.
    """

    def __init__(self, trusted: str) -> None:
        self._trusted = [ip_network(part) for part in trusted.replace(",", " ").split()]

    def name(self, peer: str, forwarded: str | None) -> str:
        """Return the address that stands for a client.

        Args:
            peer: the other end of the connection.
            forwarded: the header ``X-Forwarded-For``, the nearest proxy's entry last.
        """
        if not self._trusted or forwarded is None or not self.trusts(peer):
            return _whole(peer)
        # From the nearest back to the first that no trusted proxy wrote.
        for entry in reversed([part.strip() for part in forwarded.split(",")]):
            if not self.trusts(entry):
                return _whole(entry)
        return _whole(peer)

    def trusts(self, text: str) -> bool:
        """Tell whether an address is that of a trusted proxy."""
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _whole(text: str) -> str:
    address = _address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _SITE), strict=False))
    return text if address is not None else "unknown"


def shortened(name: str) -> str:
    """Return a part of a client's address that does not tell who it is.

    >>> shortened("192.0.2.17")
    '192.0.2.0/24'
    """
    address = _address(name.partition("/")[0])
    if address is None:
        return name
    return str(ip_network((address, _SHOWN[address.version]), strict=False))
