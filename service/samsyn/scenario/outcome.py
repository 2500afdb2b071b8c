"""What a scenario changes: chains, proposed facts, all that is gained."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn import names
from samsyn.closure.graph import Node
from samsyn.dataset.exact import NamedNode, Triple
from samsyn.scenario.chains import Chain, Hop


@dataclass(frozen=True)
class Change:
    """A chain before and after.

    Args:
        start: who reaches.
        end: whom.
        old: the shortest chain in the base, hop by hop; empty where there is none.
        new: the shortest chain in the scenario.
        to_level: whether the end is a level of a body.
    """

    start: NamedNode
    end: NamedNode
    old: Chain
    new: Chain
    to_level: bool

    @property
    def before(self) -> int | None:
        """Hops in the base; ``None`` where there is no chain."""
        return len(self.old) or None

    @property
    def after(self) -> int:
        """Hops in the scenario."""
        return len(self.new)

    @property
    def news(self) -> bool:
        """Whether the scenario brings or shortens the chain."""
        return self.before != self.after


@dataclass(frozen=True)
class Wish:
    """A proposed fact: what would hold.

    Args:
        hop: the triple and the graph that proposes it.
        now: the values that hold now and would be replaced.
    """

    hop: Hop
    now: tuple[Node, ...]


@dataclass(frozen=True)
class Outcome:
    """What changes if some items are followed.

    Args:
        items: the items, as IRIs.
        assumptions: the editorial statements that applying them needs.
        wishes: the proposed facts.
        chains: the chains gained or shortened, those to a level first, then the nearest.
        levels: all chains to a level of a body, those that stay as they are too.
        gained: all triples that hold in the scenario alone, the proposed ones left out.
        sources: IRIs of the graphs that were reasoned over.
    """

    items: tuple[NamedNode, ...]
    assumptions: tuple[NamedNode, ...]
    wishes: tuple[Wish, ...]
    chains: tuple[Change, ...]
    levels: tuple[Change, ...]
    gained: tuple[Triple, ...]
    sources: tuple[str, ...]

    @property
    def graph(self) -> str:
        """The name of the graph of what is gained."""
        return names.GRAPH + "scenario/" + "+".join(names.local(item.value) for item in self.items)


def item_name(item: NamedNode) -> str:
    """Return the name of an item, such as ``R3.2``."""
    return names.local(item.value).upper().replace("-", ".")
