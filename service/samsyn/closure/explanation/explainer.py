"""Why a triple follows, or what is missing for it to follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from samsyn import names
from samsyn.closure.explanation.gaps import Gap, gaps
from samsyn.closure.explanation.sources import Place, Source, Sources
from samsyn.closure.proof.checker import Proof
from samsyn.closure.proof.fact import Fact, Node, triple_of
from samsyn.closure.rules import OWL_RL
from samsyn.closure.search.depth import deep_steps
from samsyn.closure.search.lookup import Closed, Lookup
from samsyn.closure.search.lowest import Search, Step
from samsyn.errors import ToolError


@dataclass(frozen=True)
class Explanation:
    """What there is to say of a triple.

    Args:
        fact: the triple.
        proof: a proof of least height, ``None`` if the triple does not follow.
        gaps: if it does not, what is missing, nearest first.
        sources: where the stated triples of the proof come from; of a triple that does not follow,
            where it stands all the same (as proposed, say).
        places: where the stated triples of the proof are in files of the user's.
    """

    fact: Fact
    proof: Proof | None
    gaps: tuple[Gap, ...] = ()
    sources: Mapping[Fact, tuple[Source, ...]] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[Fact, tuple[Place, ...]] = field(default_factory=lambda: MappingProxyType({}))


class Explainer:
    """Explains the triples of one closed graph, which must not change meanwhile.

    Args:
        closed: the graph.
        rules: W3C names of the rules that it is closed under.
        sources: where its stated triples come from.
        few: as many triples as may fit a premise for them to be tried one by one.
    """

    def __init__(
        self,
        closed: Closed,
        rules: Iterable[str] = OWL_RL,
        *,
        sources: Sources | None = None,
        few: int = 64,
    ) -> None:
        self._lookup = Lookup(closed, few)
        self._search = Search(self._lookup, rules)
        self._sources = sources
        self._proofs: dict[Fact, Proof] = {}

    def explain(self, fact: Fact) -> Explanation:
        """Explain a triple, or say what is missing for it to follow.

        Raises:
            ToolError: the triple is in the closure, and no proof of it was found.
        """
        proof = self.proof(fact) or self._recorded(fact)
        if proof is None:
            return Explanation(fact, None, gaps(self._search, fact), self._sources_of([fact]))
        leaves = [step.conclusion for step in proof.steps() if step.rule is None]
        return Explanation(fact, proof, sources=self._sources_of(leaves))

    def proof(self, fact: Fact) -> Proof | None:
        """Return a proof of least height, ``None`` if the triple does not follow.

        Raises:
            ToolError: the triple is in the closure, and no proof of it was found.
        """
        if not self._lookup.states(fact) and not self._lookup.holds(fact):
            return None
        if self._search.step(fact) is not None:
            return self._assembled(fact, self._search.step)
        return self._assembled(fact, deep_steps(self._search, fact).get)

    def _assembled(self, fact: Fact, step_of: Callable[[Fact], Step | None]) -> Proof:
        # Premises first, without recursion: what they rest on is known and lies lower.
        todo = [fact]
        while todo:
            step = step_of(todo[-1])
            if step is None:
                raise ToolError(f"No proof was found of {todo[-1]}, which is in the closure.")
            missing = [premise for premise in step.premises if premise not in self._proofs]
            todo += missing
            if not missing:
                goal = todo.pop()
                premises = tuple(_links(step, goal, [self._proofs[p] for p in step.premises]))
                self._proofs[goal] = Proof(goal, step.rule, premises)
        return self._proofs[fact]

    def _recorded(self, fact: Fact) -> Proof | None:
        # Passages and annotations are recorded facts, but no input of the closure.
        found = self._sources_of([fact]).get(fact, ())
        return Proof(fact) if any(s.provenance_status != names.PROPOSED for s in found) else None

    def _sources_of(self, facts: Iterable[Fact]) -> Mapping[Fact, tuple[Source, ...]]:
        found = {}
        for fact in facts if self._sources else ():
            triple = triple_of(fact)
            if triple is not None and self._sources is not None:
                found[fact] = self._sources.of(triple)
        return MappingProxyType({fact: held for fact, held in found.items() if held})


def _links(step: Step, goal: Fact, premises: list[Proof]) -> Iterator[Proof]:
    # A path that is a link of a path is written out in it.
    for premise in premises:
        same = premise.rule == step.rule and premise.conclusion.predicate == goal.predicate
        yield from premise.hops if same and premise.hops else (premise,)


def explain(
    closed: Closed,
    triple: Iterable[Node],
    rules: Iterable[str] = OWL_RL,
) -> Proof | None:
    """Return a proof of least height of a triple, ``None`` if it does not follow.

    To explain many triples of one graph, make one :class:`Explainer` and keep it.

    Args:
        closed: the graph that it may follow from.
        triple: the triple.
        rules: W3C names of the rules that the graph is closed under.

    Raises:
        ToolError: the triple is in the closure, and no proof of it was found.
    """
    return Explainer(closed, rules).proof(Fact(*triple))
