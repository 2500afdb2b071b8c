"""A proof as PROV-O: each step an activity that used its premises and gave its conclusion.

A triple is an ``rdf:Statement``, so that saying why it follows does not state it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from samsyn import names
from samsyn.closure.explanation.explainer import Explanation
from samsyn.closure.explanation.rendering import RULES
from samsyn.closure.explanation.sources import Source
from samsyn.closure.proof.checker import Proof
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple

_TYPE: Final = NamedNode(names.RDF_TYPE)
_LABEL: Final = NamedNode(names.RDFS_LABEL)
_PLACES: Final = tuple(NamedNode(names.RDF + name) for name in ("subject", "predicate", "object"))


def prov(name: str) -> NamedNode:
    """Return a term of PROV-O."""
    return NamedNode(names.PROV + name)


def triples(explanation: Explanation) -> Iterator[Triple]:
    """Give a proof as PROV-O; nothing for a triple that does not follow.

    Args:
        explanation: the explanation that holds the proof.
    """
    nodes: dict[int, BlankNode] = {}
    for step in explanation.proof.steps() if explanation.proof else ():
        node = nodes[id(step)] = BlankNode(f"proof-triple-{len(nodes) + 1}")
        yield from _statement(node, step)
        if step.rule is None:
            for source in explanation.sources.get(step.conclusion, ()):
                yield from _source(node, source)
            for place in explanation.places.get(step.conclusion, ()):
                yield Triple(node, prov("atLocation"), Literal(str(place)))
        else:
            premises = [nodes[id(premise)] for premise in step.premises]
            yield from _activity(node, BlankNode(f"proof-step-{len(nodes)}"), step.rule, premises)


def _statement(node: BlankNode, step: Proof) -> Iterator[Triple]:
    yield Triple(node, _TYPE, NamedNode(names.RDF + "Statement"))
    yield Triple(node, _TYPE, prov("Entity"))
    for place, term in zip(_PLACES, step.conclusion, strict=True):
        yield Triple(node, place, term)


def _activity(
    node: BlankNode, activity: BlankNode, rule: str, premises: list[BlankNode]
) -> Iterator[Triple]:
    yield Triple(node, prov("wasGeneratedBy"), activity)
    yield Triple(activity, _TYPE, prov("Activity"))
    yield Triple(activity, _LABEL, Literal(rule))
    association, plan = BlankNode(f"{activity.value}-by"), NamedNode(RULES + rule)
    yield Triple(activity, prov("qualifiedAssociation"), association)
    yield Triple(association, _TYPE, prov("Association"))
    yield Triple(association, prov("agent"), NamedNode(names.ID + "body/samsyn-project"))
    yield Triple(association, prov("hadPlan"), plan)
    yield Triple(plan, _TYPE, prov("Plan"))
    for premise in premises:
        yield Triple(activity, prov("used"), premise)
        yield Triple(node, prov("wasDerivedFrom"), premise)


def _source(node: BlankNode, source: Source) -> Iterator[Triple]:
    graph = NamedNode(source.graph)
    yield Triple(node, NamedNode(names.DCTERMS + "isPartOf"), graph)
    yield Triple(
        graph, NamedNode(names.NS + "hasProvenanceStatus"), NamedNode(source.provenance_status)
    )
    for statement in source.statements:
        said = NamedNode(statement.iri)
        yield Triple(node, prov("wasDerivedFrom"), said)
        kind = NamedNode(names.NS + ("EditorialStatement" if statement.is_editorial else "Claim"))
        yield Triple(said, _TYPE, kind)
        yield from _all(said, "hasCertainty", statement.certainty)
        yield from _all(said, "hasQuantifier", statement.quantifiers)
        reason = NamedNode(names.NS + "hasReason")
        yield from (Triple(said, reason, text) for text in statement.reasons)
        for passage in statement.passages:
            place = NamedNode(passage.iri)
            yield Triple(said, prov("hadPrimarySource"), place)
            yield from _all(place, "isInSection", passage.sections)
            for number in passage.sentences:
                value = Literal(str(number), datatype=NamedNode(names.XSD + "integer"))
                yield Triple(place, NamedNode(names.NS + "hasSentenceNumber"), value)


def _all(subject: NamedNode, name: str, values: tuple[str, ...]) -> Iterator[Triple]:
    for value in values:
        yield Triple(subject, NamedNode(names.NS + name), NamedNode(value))
