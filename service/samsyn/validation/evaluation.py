"""Triples examined: what follows from them, what shapes say of that, and what contradicts itself.

Over a closure with domains and ranges no shape on classes can fail, since whatever is in a
place has the class that the place asks for. So shapes see a closure without those two rules; they
count for contradictions. A shape marked ``sh:entailment`` with the regime of simple entailment
sees what was stated and nothing else: that a transitive property is never stated by hand could not
be checked after the closure.

The data graph of a user's own shapes is the user's: what was stated, and what follows from that by
our ontology, without what our ontology states or entails by itself. Shapes of ours see both, since
they ask what the things are that the data points to.
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
from samsyn.closure.view import View, apart
from samsyn.dataset.exact import NamedNode, Term, Triple, term_of
from samsyn.validation.engines.advanced import inferred
from samsyn.validation.engines.details import with_details
from samsyn.validation.engines.grouping import SIMPLE, Group, marked, parts, unmarked
from samsyn.validation.engines.paths import Facts
from samsyn.validation.engines.result import Outcome, Result
from samsyn.validation.engines.routing import ADVANCED, examine
from samsyn.validation.engines.targeting import Targeting, is_aim
from samsyn.validation.engines.targets import Implicit, joined, targets

__all__ = ["REGIMES", "SIMPLE", "Examination", "Setup"]

REGIMES: Final[Mapping[str, tuple[str, ...]]] = {"none": (), "rdfs": RDFS_REGIME, "owl-rl": OWL_RL}
"""The rules of each inference that can be asked for."""

_IRI: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_TOO_KIND: Final = frozenset({"prp-dom", "prp-rng"})
_BUILT_IN: Final = tuple(
    Triple(NamedNode(names.OWL + name), NamedNode(names.RDF_TYPE), NamedNode(names.OWL + "Class"))
    for name in ("Thing", "Nothing")
)
_QUERY: Final = "SPARQLConstraintComponent"
_SCHEMA: Final = (names.RDFS, names.OWL)
_LABELS: Final = frozenset(
    names.RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")
)


@dataclass(frozen=True)
class Setup:
    """What data is examined with.

    Args:
        known: the ontology, and the published graph where links into it are checked.
        shapes: the shapes graph.
        inference: what is inferred first: none, rdfs or owl-rl.
        engine: the SHACL engine.
        own: the triples of the shapes graph that the user brought.
        published: the published graph alone, which shapes of the user see too.
        advanced: whether the user's shapes are examined with the Advanced Features of SHACL.
        iterate_rules: whether rules run until they add nothing more.
    """

    known: tuple[Triple, ...]
    shapes: tuple[Triple, ...]
    inference: str = "owl-rl"
    engine: str = "shacl"
    own: frozenset[Triple] = frozenset()
    published: frozenset[Triple] = frozenset()
    advanced: bool = False
    iterate_rules: bool = False


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
        self.added: set[Triple] = set()
        """What rules of the shapes have added to what the shapes see, once these were examined."""

    @cached_property
    def outcome(self) -> Outcome:
        """What shapes say of the user's data, and what they looked at there.

        Raises:
            ToolError: the shapes are faulty, or the engine failed.
        """
        outcomes = [self._outcome(group, shapes) for group, shapes in self._parts()]
        # Results that look the same may be of several constraints; a query names its own.
        results = _once(result for each in outcomes for result in each.results)
        found = joined(target for each in outcomes for target in each.targets)
        evaluated = {pair for each in outcomes for pair in each.evaluated}
        return Outcome(tuple(sorted(results)), found, tuple(sorted(evaluated)))

    def _parts(self) -> Iterator[tuple[Group, tuple[Triple, ...]]]:
        marks = marked(self.setup.shapes)
        stated = View(self._given)
        rest = tuple(unmarked(self.setup.shapes))
        implicit = Implicit(rest, stated.couples(names.RDFS + "subClassOf"))
        kept: list[Triple] = []
        aims = defaultdict[Group, set[Triple]](set)
        for own in (False, True):
            brought = [triple for triple in rest if (triple in self.setup.own) is own]
            shapes = [*implicit.explicit(brought), *_pointed_to(brought, stated)]
            kept += shapes
            for triple in filter(is_aim, shapes):
                # Without rules nothing follows, so that what was stated is all there is to see.
                alone = triple.subject in marks or not self._seen_rules
                aims[Group(own, alone)].add(triple)
        return parts(kept, aims)

    def _outcome(self, group: Group, shapes: tuple[Triple, ...]) -> Outcome:
        if not group.own and not self._triples:
            nothing = (target.within(frozenset()) for target in targets(View(self._given), shapes))
            return Outcome((), tuple(nothing))
        view = self._view = self._seen_by(group)
        is_advanced = group.own and self.setup.advanced
        if is_advanced:
            view = self._expanded(view, shapes)
        plainly, chosen = Targeting(view, shapes, self._focuses).resolved()
        engine = ADVANCED if is_advanced else self.setup.engine
        found = examine(view, plainly, engine=engine)
        looked = joined((*found.targets, *chosen))
        if group.own:
            foreign = self._foreign(group)
            kept = (result for result in found.results if self._is_users(result, foreign))
            mine = tuple(target.within(target.nodes - foreign) for target in looked)
            return Outcome(self._explained(kept, view, plainly, engine), mine, found.evaluated)
        kept = (result for result in found.results if self._is_mine(result))
        mine = tuple(target.within(self._nodes) for target in looked)
        return Outcome(self._explained(kept, view, plainly, engine), mine, found.evaluated)

    def _explained(
        self, found: Iterable[Result], view: View, shapes: tuple[Triple, ...], engine: str
    ) -> tuple[Result, ...]:
        def asked(shapes: tuple[Triple, ...]) -> Iterable[Result]:
            return examine(view, shapes, engine=engine).results

        return with_details(found, shapes, Facts(view), asked)

    def _expanded(self, view: View, shapes: tuple[Triple, ...]) -> View:
        added = inferred(view, shapes, iterate=self.setup.iterate_rules)
        self.added.update(added)
        return View(ClosedGraph([*view.triples(), *added], ())) if added else view

    def _focuses(self, view: View, shapes: tuple[Triple, ...]) -> Iterator[str]:
        found = examine(view, shapes, engine=self.setup.engine)
        return (result.focus for result in found.results)

    def _seen_by(self, group: Group) -> View:
        graph = self._given if group.stated else self._seen
        if not group.own:
            return View(graph, self._view)
        rules = () if group.stated else self._seen_rules
        ontology = ClosedGraph(self._ontology, rules)
        return View(graph, self._view, apart(graph, ontology, self._shared(ontology, rules)))

    def _shared(self, ontology: ClosedGraph, rules: tuple[str, ...]) -> Iterator[Triple]:
        """Yield what the ontology entails and the user states, or has entailed, as well."""
        users = ClosedGraph(self._triples if self._has_schema else self._restated, rules)
        return (triple for triple in ontology if triple in users)

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
        return len(self._given.stated) - len(self._known) + len(self._restated)

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
        # What is wrong with a thing of ours that is only pointed to is not the user's to fix.
        focus = term_of(result.focus)
        if focus in self._subjects:
            return True
        if result.value and term_of(result.value) in self._subjects:
            return True
        return focus in self._nodes and focus not in self._described

    def _is_users(self, result: Result, foreign: Set[object]) -> bool:
        value = term_of(result.value) if result.value else None
        return value in self._subjects or term_of(result.focus) not in foreign

    def _foreign(self, group: Group) -> Set[object]:
        """Return the nodes of that group's graph that the user neither has nor names."""
        # By inference a thing of the user's may be of a class that only the ontology knows.
        inferred = () if group.stated else (*self._ontology, *_BUILT_IN)
        there: set[object] = {triple.subject for triple in self.setup.published}
        there |= {end for t in inferred for end in (t.subject, t.object)}
        return there - self._nodes - self._named

    @cached_property
    def _named(self) -> set[object]:
        return {t.object for t in self.setup.own if t.predicate.value == names.SH + "targetNode"}

    @cached_property
    def _ontology(self) -> tuple[Triple, ...]:
        return tuple(t for t in self.setup.known if t not in self.setup.published)

    @cached_property
    def _restated(self) -> frozenset[Triple]:
        return self._known.intersection(self._triples)

    @cached_property
    def _has_schema(self) -> bool:
        """Whether the data alone may entail what the ontology entails too."""
        schema = [triple for triple in self._triples if _is_schema(triple)]
        ends = {end for triple in schema for end in (triple.subject, triple.object)}
        of_ontology = {triple.subject for triple in self._ontology}
        return bool(schema) and not of_ontology.isdisjoint(ends | self._subjects)


def _once(results: Iterable[Result]) -> Iterator[Result]:
    """Yield results, those of a query that are alike once.

    A query that gives a row several times says nothing more by the second; of other constraints
    each result counts.
    """
    met = set[Result]()
    for result in results:
        if result.component != _QUERY or result not in met:
            met.add(result)
            yield result


def _pointed_to(shapes: Iterable[Triple], data: View) -> Iterator[Triple]:
    """Yield the targets that the data itself names, by ``sh:shape`` (SHACL 1.2)."""
    named = {triple.subject for triple in shapes}
    for node, shape in data.couples(names.SH + "shape"):
        if shape in named:
            yield Triple(shape, NamedNode(names.SH + "targetNode"), node)  # type: ignore[arg-type]  # an IRI or blank node


def _is_schema(triple: Triple) -> bool:
    property_ = triple.predicate.value
    if property_ == names.RDF_TYPE:
        kind = triple.object
        return isinstance(kind, NamedNode) and kind.value.startswith(_SCHEMA)
    return property_.startswith(_SCHEMA) and property_ not in _LABELS
