"""Whether a graph follows from another, with what no closure can hold.

Each part of the conclusion (what hangs together by blank nodes) is looked for in the closure, its
blank nodes as variables. If it is not there it is proved by assuming the opposite; then blank nodes
that only spell out a class, a list or an inverse say what is meant, and exist always. The header of
an ontology says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import Final

from samsyn.closure.entailment.assumption import World
from samsyn.closure.entailment.postulates import Goal
from samsyn.closure.rules import Variable
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.names import OWL, RDF, RDFS

_TYPE: Final = NamedNode(RDF + "type")
_SPELLS: Final = frozenset(
    NamedNode(name)
    for name in (
        *(RDF + "first", RDF + "rest", OWL + "complementOf", OWL + "intersectionOf"),
        *(OWL + "unionOf", OWL + "oneOf", OWL + "onProperty", OWL + "inverseOf", OWL + "hasSelf"),
        *(OWL + "someValuesFrom", OWL + "allValuesFrom", OWL + "hasValue", OWL + "onClass"),
        *(OWL + "minCardinality", OWL + "maxCardinality", OWL + "cardinality"),
        *(OWL + "minQualifiedCardinality", OWL + "maxQualifiedCardinality"),
        *(OWL + "qualifiedCardinality", OWL + "onDataRange", OWL + "onDatatype"),
        OWL + "withRestrictions",
    )
)
_SPELLED: Final = frozenset(
    NamedNode(name)
    for name in (
        *(OWL + "Class", OWL + "Restriction", OWL + "ObjectProperty", OWL + "DataRange"),
        *(RDFS + "Class", RDFS + "Datatype", RDF + "List"),
    )
)
_PAIRWISE: Final[dict[object, NamedNode]] = {
    NamedNode(OWL + "AllDifferent"): NamedNode(OWL + "differentFrom"),
    NamedNode(OWL + "AllDisjointClasses"): NamedNode(OWL + "disjointWith"),
    NamedNode(OWL + "AllDisjointProperties"): NamedNode(OWL + "propertyDisjointWith"),
}
_MEMBERS: Final = (NamedNode(OWL + "members"), NamedNode(OWL + "distinctMembers"))
_DENIES: Final = NamedNode(OWL + "NegativePropertyAssertion")
_MENTIONS: Final = NamedNode("urn:x-samsyn:mentions")
"""Under it the literals of a conclusion are known, so that their values are."""


def entails(graph: Iterable[Triple], conclusion: Iterable[Triple]) -> bool:
    """Return whether a graph follows from another by OWL 2 RL, also by assuming the opposite.

    From a contradiction everything follows.

    Args:
        graph: what is known.
        conclusion: what is to follow; its blank nodes stand for anything.
    """
    world = World(graph)
    claims = {_renamed(triple) for triple in conclusion}
    return all(_follows(world, part) for part in _parts(_without_headers(claims)))


def _follows(world: World, part: set[Triple]) -> bool:
    whole = [_goal(triple, set()) for triple in part]
    if world.absurd or next(world.solve(whole, {}), None) is not None:
        return True
    spelled = {t.subject for t in part if t.predicate in _SPELLS and _is_blank(t.subject)}
    meant = {t for t in part if t.subject in spelled and _only_spells(t)}
    wider = world.assume((*meant, *_mentions(part)))
    axioms = {t.subject for t in part if t.predicate == _TYPE and t.object in {_DENIES, *_PAIRWISE}}
    goals = [_goal(t, spelled) for t in part - meant if t.subject not in axioms]
    return all(wider.assume([fact]).absurd for fact in _denied(part)) and wider.proves(
        [*goals, *_pairs(part, wider)], {}
    )


def _renamed(triple: Triple) -> Triple:
    # A blank node of the conclusion is never one of the graph, though it may have its name.
    ends = (
        BlankNode(f"{term.value}x") if isinstance(term, BlankNode) else term
        for term in (triple.subject, triple.object)
    )
    return Triple(next(ends), triple.predicate, next(ends))  # type: ignore[arg-type]


def _without_headers(claims: set[Triple]) -> set[Triple]:
    ontology = NamedNode(OWL + "Ontology")
    headers = {t.subject for t in claims if t.predicate == _TYPE and t.object == ontology}
    return {triple for triple in claims if triple.subject not in headers}


def _parts(claims: set[Triple]) -> Iterator[set[Triple]]:
    # Triples that share a blank node, directly or through others, make a part.
    left = set(claims)
    while left:
        part = {left.pop()}
        grown = True
        while grown:
            nodes = {term for t in part for term in (t.subject, t.object) if _is_blank(term)}
            near = {t for t in left if t.subject in nodes or t.object in nodes}
            part |= near
            left -= near
            grown = bool(near)
        yield part


def _is_blank(term: object) -> bool:
    return isinstance(term, BlankNode)


def _only_spells(triple: Triple) -> bool:
    return triple.predicate in _SPELLS or (triple.predicate == _TYPE and triple.object in _SPELLED)


def _goal(triple: Triple, constants: Collection[object]) -> Goal:
    terms = (triple.subject, triple.predicate, triple.object)
    return tuple(
        Variable(term.value) if isinstance(term, BlankNode) and term not in constants else term
        for term in terms
    )


def _mentions(part: Iterable[Triple]) -> Iterator[Triple]:
    for triple in part:
        if isinstance(triple.object, Literal):
            yield Triple(BlankNode(), _MENTIONS, triple.object)


def _denied(part: Iterable[Triple]) -> Iterator[Triple]:
    # What the negative assertions of a conclusion deny.
    said: dict[object, dict[str, object]] = {}
    for triple in part:
        name = triple.predicate.value.removeprefix(OWL)
        said.setdefault(triple.subject, {})[name] = triple.object
    for of in said.values():
        if of.keys() >= {"sourceIndividual", "assertionProperty"}:
            value = of.get("targetIndividual", of.get("targetValue"))
            yield Triple(of["sourceIndividual"], of["assertionProperty"], value)  # type: ignore[arg-type]


def _pairs(part: set[Triple], world: World) -> Iterator[Goal]:
    # An axiom on a list of things says something of every two of them.
    kinds = {t.subject: _PAIRWISE[t.object] for t in part if t.object in _PAIRWISE}
    for triple in part:
        if triple.subject in kinds and triple.predicate in _MEMBERS:
            for one, other in combinations(world.items(triple.object), 2):
                yield one, kinds[triple.subject], other
