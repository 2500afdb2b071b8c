"""Why a triple follows, or what is missing for it to follow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from samsyn.closure.lookup import Closed, Lookup
from samsyn.closure.proof import Fact, Proof
from samsyn.closure.rules import OWL_RL
from samsyn.closure.search import Search
from samsyn.dataset.exact import Term
from samsyn.errors import ToolError

class Explainer:
    """Explains the triples of one closed graph, which must not change meanwhile.

    Args:
        closed: the graph.
        rules: W3C names of the rules that it is closed under.
        few: as many triples as may fit a premise for them to be tried one by one.
    """

    def __init__(
        self, closed: Closed, rules: Iterable[str] = OWL_RL, *, few: int = 64
    ) -> None:
        self._lookup = Lookup(closed, few)
        self._search = Search(self._lookup, rules)
        self._proofs: dict[Fact, Proof] = {}

    def proof(self, fact: Fact) -> Proof | None:
        """Return a proof of least height, ``None`` if the triple does not follow.

        Raises:
            ToolError: the triple is in the closure, and no proof of it was found.
        """
        if not self._lookup.states(fact) and not self._lookup.holds(fact):
            return None
        step = self._search.step(fact)
        if step is None:
            raise ToolError(f"No proof was found of {fact}, which is in the closure.")
        return self._assembled(fact)

    def _assembled(self, fact: Fact) -> Proof:
        # Premises first, without recursion: what they rest on is known and lies lower.
        todo = [fact]
        while todo:
            goal = todo[-1]
            step = self._search.step(goal)
            assert step is not None
            missing = [premise for premise in step.premises if premise not in self._proofs]
            if missing:
                todo += missing
                continue
            todo.pop()
            premises = tuple(self._proofs[premise] for premise in step.premises)
            self._proofs[goal] = Proof(goal, step.rule, premises)
        return self._proofs[fact]


def explain(
    closed: Closed,
    triple: tuple[Term, Term, Term] | Iterable[Term],
    rules: Iterable[str] = OWL_RL,
) -> Proof | None:
    """Return a proof of least height of a triple, ``None`` if it does not follow.

    Args:
        closed: the graph that it may follow from.
        triple: the triple.
        rules: W3C names of the rules that the graph is closed under.

    Raises:
        ToolError: the triple is in the closure, and no proof of it was found.
    """
    return Explainer(closed, rules).proof(Fact(*triple))
