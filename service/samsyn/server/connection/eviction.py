"""Who gives first when the server holds more for its clients than it may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Generic, Protocol, TypeVar

from samsyn.server.limits.quotas import Kind, Quotas, heaviest, site


class Holder(Protocol):
    """What holds something for a client, such as a connection."""

    @property
    def owner(self) -> str:
        """The name of the client."""

    @property
    def held(self) -> int:
        """How much is held for it here."""

    def ease(self) -> tuple[float, float]:
        """Return how well it deals with what is held; the one that deals worst ends first."""

    def end(self) -> None:
        """End it, so that it holds nothing."""


H = TypeVar("H", bound=Holder)


class Holding:
    """What one holder holds of one kind; it grows and shrinks.

    Args:
        account: counts it.
        kind: of what.
    """

    def __init__(self, account: Quotas, kind: Kind) -> None:
        self._account = account
        self._kind = kind
        self.owner = ""
        self.amount = 0

    def set(self, client: str, amount: int) -> bool:
        """Take note of how much is held now.

        Args:
            client: for whom, by its name.
            amount: bytes or places; 0 if nothing is held any more.

        Returns:
            Whether it is no more than may be held.
        """
        if self.amount and client != self.owner:
            self._account.give(self.owner, self._kind, self.amount)
            self.amount = 0
        self.owner = client
        more, self.amount = amount - self.amount, amount
        if more > 0:
            return self._account.hold(client, self._kind, more)
        if more:
            self._account.give(client, self._kind, -more)
        return True


class Holders(Generic[H]):
    """All that hold something of one kind.

    Args:
        account: counts it.
        kind: of what.
    """

    def __init__(self, account: Quotas, kind: Kind) -> None:
        self._account = account
        self._kind = kind
        self._holders: set[H] = set()

    def add(self, holder: H) -> None:
        """Take in one that holds something."""
        self._holders.add(holder)

    def discard(self, holder: H) -> None:
        """Forget one that holds nothing any more."""
        self._holders.discard(holder)

    def relieve(self, client: str) -> None:
        """End holders until what is held for a client, and for all, is no more than may be.

        The client for which most is held, at the site for which most is, gives first: among all
        where it is the quota of all, else among those of the same site.
        """
        while self._holders and self._account.over(client, self._kind):
            among: Collection[H] = self._holders
            if not self._account.full(self._kind):
                among = [each for each in among if site(each.owner) == site(client)]
            worst = _worst(among)
            if worst is None:
                return
            self._holders.discard(worst)
            worst.end()


def _worst(holders: Collection[H]) -> H | None:
    of_client: Counter[str] = Counter()
    for holder in holders:
        of_client[holder.owner] += holder.held
    client = heaviest(of_client)
    own = (each for each in holders if each.owner == client)
    return min(own, key=lambda each: each.ease(), default=None)
