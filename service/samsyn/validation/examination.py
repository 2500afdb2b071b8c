"""Triples examined: what follows from them, what shapes say of that, and what contradicts itself.

Over a closure with domains and ranges no shape on classes can fail, since whatever stands in a
place has the class that the place asks for. So shapes see a closure without those two rules; they
count for contradictions. A shape marked ``sh:entailment`` with the regime of simple entailment
sees what was stated and nothing else: that a transitive property is never stated by hand could not
be checked after the closure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from samsyn import names
from samsyn.closure.explanation.explainer import Explainer
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.proof.checker import Proof
from samsyn.closure.proof.fact import Fact, triple_of
from samsyn.closure.rules import OWL_RL, RDFS_REGIME
from samsyn.closure.view import View
from samsyn.dataset.exact import NamedNode, Term, Triple, term_of
from samsyn.validation.engines.result import Outcome, Result
from samsyn.validation.engines.routing import examine
from samsyn.validation.targets import aiming, targets, without_targets

REGIMES: Final[Mapping[str, tuple[str, ...]]] = {"none": (), "rdfs": RDFS_REGIME, "owl-rl": OWL_RL}
"""The rules of each inference that can be asked for."""

SIMPLE: Final = names.ENTAILMENT + "Simple"
_ENTAILMENT: Final = names.SH + "entailment"
_IRI: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_TOO_KIND: Final = frozenset({"prp-dom", "prp-rng"})


@dataclass(frozen=True)
class Setup:
    """What data is examined with.

    Args:
        known: the ontology, and the published graph where links into it are checked.
        shapes: the shapes graph.
        inference: what is inferred first: none, rdfs or owl-rl.
        engine: the SHACL engine.
    """

    known: tuple[Triple, ...]
    shapes: tuple[Triple, ...]
    inference: str = "owl-rl"
    engine: str = "shacl"


class Examination:
    """The data of a user beside all that is known.

    Args:
        triples: the data.
        setup: what it is examined with.
    """

    def __init__(self, triples: Sequence[Triple], setup: Setup) -> None:
        self.setup = setup
        self._triples = triples
        self._given = ClosedGraph([*setup.known, *triples], ())
        self._view: View | None = None

    @cached_property
    def outcome(self) -> Outcome:
        """What shapes say of the user's data, and what they looked at there.

        Raises:
            ToolError: the shapes are faulty, or the engine failed.
        """
        if not self._triples:
            nothing = targets(View(self._given), self.setup.shapes)
            return Outcome((), tuple(target.within(frozenset()) for target in nothing))
        before, after = _parts(self.setup.shapes)
        if not self._seen_rules:
            # Nothing follows, so what was stated is all there is to see.
            before, after = (), _unmarked(self.setup.shapes)
        outcomes = [self._run(self._given, before)] if before else []
        if after:
            outcomes.append(self._run(self._seen, after))
        results = {result for each in outcomes for result in each.results if self._is_mine(result)}
        looked = (target.within(self._nodes) for each in outcomes for target in each.targets)
        return Outcome(tuple(sorted(results)), tuple(sorted(looked)))

    @cached_property
    def _seen(self) -> ClosedGraph:
        # What shapes see that are not about stated data alone.
        return self._given.under(self._seen_rules) if self._seen_rules else self._given

    @cached_property
    def _seen_rules(self) -> tuple[str, ...]:
        return tuple(rule for rule in self.rules if rule not in _TOO_KIND)

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self._seen, self._seen_rules)

    def grounds(self, result: Result) -> tuple[Triple, ...]:
        """Return the user's triples from which the triple of a result follows.

        Args:
            result: what an engine found; none are returned if its triple is stated or is none.
        """
        if not _IRI.fullmatch(result.path) or not result.value:
            return ()
        fact = Fact(term_of(result.focus), NamedNode(result.path), term_of(result.value))
        triple = triple_of(fact)
        if triple is None or triple in self._given.stated:
            return ()
        proof = self._explainer.proof(fact)
        return () if proof is None else tuple(self.leaves(proof))

    def leaves(self, proof: Proof) -> Iterator[Triple]:
        """Yield the user's triples that a proof rests on."""
        for step in proof.steps():
            triple = triple_of(step.conclusion) if step.rule is None else None
            if triple is not None and triple not in self._known:
                yield triple

    @cached_property
    def _known(self) -> frozenset[Triple]:
        return frozenset(self.setup.known)

    def _run(self, graph: ClosedGraph, shapes: tuple[Triple, ...]) -> Outcome:
        self._view = View(graph, self._view)
        return examine(self._view, shapes, engine=self.setup.engine)

    @cached_property
    def closed(self) -> ClosedGraph:
        """The data with all that follows from it, by which contradictions are found."""
        return self._given.under(self.rules)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules by which contradictions are found."""
        return REGIMES[self.setup.inference]

    @cached_property
    def size(self) -> int:
        """How many triples the user's data has, each counted once."""
        mine = len(self._known.intersection(self._triples))
        return len(self._given.stated) - len(self._known) + mine

    @cached_property
    def _subjects(self) -> set[Term]:
        return {triple.subject for triple in self._triples}  # type: ignore[misc]  # no subject is a triple

    @cached_property
    def _nodes(self) -> frozenset[object]:
        return frozenset(self._subjects.union(triple.object for triple in self._triples))

    @cached_property
    def _described(self) -> set[object]:
        return {triple.subject for triple in self.setup.known}

    def _is_mine(self, result: Result) -> bool:
        # What is amiss with a thing of ours that is only pointed to is not the user's to mend.
        focus = term_of(result.focus)
        if focus in self._subjects:
            return True
        if result.value and term_of(result.value) in self._subjects:
            return True
        return focus in self._nodes and focus not in self._described


def _parts(shapes: Iterable[Triple]) -> tuple[tuple[Triple, ...], tuple[Triple, ...]]:
    # Each part has what its own shapes need and no more, so that the engine is handed few
    # properties; a shape that only stands inside of one has no targets there.
    rest = _unmarked(shapes)
    marks = {t.subject for t in shapes if t.predicate.value == _ENTAILMENT and _is_simple(t)}
    aimed = aiming(rest)
    return _part(rest, aimed & marks, aimed), _part(rest, aimed - marks, aimed)


def _part(shapes: tuple[Triple, ...], own: Set[object], aimed: Set[object]) -> tuple[Triple, ...]:
    about: dict[object, list[Triple]] = defaultdict(list)
    for triple in shapes:
        about[triple.subject].append(triple)
    met, waiting = set(own), list(own)
    while waiting:
        new = {triple.object for triple in about[waiting.pop()]} - met
        met |= new
        waiting += new & about.keys()
    kept = (triple for triple in shapes if triple.subject in met)
    return tuple(without_targets(kept, aimed - own))


def _unmarked(shapes: Iterable[Triple]) -> tuple[Triple, ...]:
    return tuple(triple for triple in shapes if triple.predicate.value != _ENTAILMENT)


def _is_simple(triple: Triple) -> bool:
    return str(triple.object) == f"<{SIMPLE}>"
