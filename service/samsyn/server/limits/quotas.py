"""What the server holds for its clients, in bytes and places, and what it may hold.

Each client has a quota of its own, and all of them together have one. The networks of one site,
which is an IPv6 network of 48 bits, have four times the quota of one client: who is given such
a network could otherwise ask as 65,536 clients.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Network, ip_network
from typing import Final

from samsyn.errors import SamsynError

SITE: Final = 48
"""Bits of the IPv6 network that a provider gives to one customer (RFC 6177)."""

CLIENTS_OF_A_SITE: Final = 4
"""Clients whose quota a whole site has."""


class Kind(StrEnum):
    """What is counted."""

    CONNECTIONS = "connections"
    """Connections that are open."""
    JOBS = "jobs"
    """Requests that are worked on, wait for a worker, or wait for their reader."""
    RECEIVED = "received"
    """Bytes of requests, as they are held in memory."""
    UNSENT = "unsent"
    """Bytes of answers that are held in memory until the reader takes them."""
    SPOOLED = "spooled"
    """Bytes of answers in temporary files."""
    WORKERS = "workers"
    """Bytes of memory that workers hold beyond what they were born with."""


@dataclass(frozen=True)
class Quota:
    """How much of one kind may be held.

    Args:
        own: for one client, in bytes or places.
        total: for all clients together.
    """

    own: int
    total: int


class OverQuotaError(SamsynError):
    """More would be held than may be.

    Args:
        kind: of what.
        own: whether it is the quota of the client or its site, not that of all.
    """

    exit_code = 3

    def __init__(self, kind: Kind, *, own: bool) -> None:
        whose = "you" if own else "all clients together"
        super().__init__(
            f"The server holds as many {kind} for {whose} as it may.",
            advice="Try again when earlier requests have ended.",
        )
        self.kind = kind
        self.own = own


class Quotas:
    """Counts what is held, for each client and in all.

    Args:
        quotas: how much may be held; a kind that is missing has no bound.
    """

    def __init__(self, quotas: Mapping[Kind, Quota]) -> None:
        self._quotas = dict(quotas)
        self._clients: dict[Kind, Counter[str]] = {kind: Counter() for kind in Kind}
        self._sites: dict[Kind, Counter[str]] = {kind: Counter() for kind in Kind}
        self._totals: Counter[Kind] = Counter()

    def take(self, client: str, kind: Kind, amount: int = 1) -> None:
        """Count what is about to be held.

        Args:
            client: the name of the client, as ``Clients.name`` gives it.
            kind: of what.
            amount: bytes or places.

        Raises:
            OverQuotaError: it would be too much; nothing is counted.
        """
        quota = self._quotas.get(kind)
        if quota is not None:
            if self._over_own(client, kind, amount):
                raise OverQuotaError(kind, own=True)
            if self._totals[kind] + amount > quota.total:
                raise OverQuotaError(kind, own=False)
        self.hold(client, kind, amount)

    def hold(self, client: str, kind: Kind, amount: int = 1) -> bool:
        """Count what is held already.

        Returns:
            Whether it is no more than may be held for this client and for all.
        """
        self._clients[kind][client] += amount
        self._sites[kind][site(client)] += amount
        self._totals[kind] += amount
        return not self.over(client, kind)

    def give(self, client: str, kind: Kind, amount: int = 1) -> None:
        """Count what is held no more."""
        self._totals[kind] -= amount
        for counter, name in ((self._clients[kind], client), (self._sites[kind], site(client))):
            counter[name] -= amount
            if counter[name] <= 0:
                del counter[name]

    def held_at_site(self, kind: Kind, client: str) -> int:
        """Return how much is held for all clients at the site of a client."""
        return self._sites[kind][site(client)]

    def held(self, kind: Kind, client: str | None = None) -> int:
        """Return how much is held for a client, or for all."""
        return self._totals[kind] if client is None else self._clients[kind][client]

    def over(self, client: str, kind: Kind) -> bool:
        """Return whether more is held for a client, its site or all than may be."""
        return kind in self._quotas and (self._over_own(client, kind) or self.full(kind))

    def full(self, kind: Kind) -> bool:
        """Return whether more is held for all clients together than may be."""
        quota = self._quotas.get(kind)
        return quota is not None and self._totals[kind] > quota.total

    def use(self, kind: Kind) -> float:
        """Return the part that is held of what may be held for all clients together."""
        quota = self._quotas.get(kind)
        return 0.0 if quota is None else self._totals[kind] / quota.total

    def heaviest(self, kind: Kind) -> str | None:
        """Return the client for which most is held, at the site for which most is."""
        return heaviest(self._clients[kind])

    def _over_own(self, client: str, kind: Kind, more: int = 0) -> bool:
        own = self._quotas[kind].own
        all_of_site = self._sites[kind][site(client)] + more
        return self._clients[kind][client] + more > own or all_of_site > own * CLIENTS_OF_A_SITE


@lru_cache(maxsize=4096)
def site(client: str) -> str:
    """Return the network of 48 bits in which a client of IPv6 is; other clients stand alone."""
    try:
        network = ip_network(client)
    except ValueError:
        return client
    if isinstance(network, IPv6Network) and network.prefixlen > SITE:
        return str(network.supernet(new_prefix=SITE))
    return client


def heaviest(amounts: Mapping[str, int]) -> str | None:
    """Return the client that has most, at the site that has most.

    Args:
        amounts: what each client has, by its name.

    Returns:
        Its name; None if nobody has anything.
    """
    sites: Counter[str] = Counter()
    for client, amount in amounts.items():
        sites[site(client)] += amount
    place = max(sites, key=sites.__getitem__, default=None)
    own = (client for client in amounts if site(client) == place)
    return max(own, key=amounts.__getitem__, default=None)
