"""Rules and node expressions as the reference engine takes them (SHACL Advanced Features 6 and 8).

A form that it does not know makes it fail, or pass over a rule in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, NamedNode
from samsyn.validation.shapes_graph.executables import FUNCTIONS
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.features import Means, is_script
from samsyn.validation.shapes_graph.graph import ShapesGraph

_PARTS: Final = ("subject", "predicate", "object")
_LISTS: Final = ("union", "intersection")
_ASIDE: Final = frozenset({names.SH + "message", names.RDF_TYPE})
_DEEPEST: Final = 8
"""How many lists within each other the engine follows."""


def expressions_faults(graph: ShapesGraph, means: Means) -> Iterator[Fault]:
    """Yield rules and expressions that the reference engine cannot evaluate."""
    if not means.advanced:
        return
    for subject in graph.subjects:
        for index, rule in graph.values(subject, "rule"):
            if not is_script(graph, rule):
                yield from _rule_faults(graph, index, rule)
        for index, expression in graph.values(subject, "expression"):
            if not _is_expression(graph, expression):
                yield _not_known(index)


def _rule_faults(graph: ShapesGraph, index: int, rule: Any) -> Iterator[Fault]:
    kinds = graph.types(rule) & {names.SH + "TripleRule", names.SH + "SPARQLRule"}
    if len(kinds) != 1:
        yield fault(
            index,
            "object",
            "En regel är antingen en sh:TripleRule eller en sh:SPARQLRule.",
            "A rule is either a sh:TripleRule or a sh:SPARQLRule.",
            parts=(rule,),
        )
    elif names.SH + "TripleRule" in kinds:
        for name in _PARTS:
            values = graph.values(rule, name)
            if len(values) != 1:
                yield fault(
                    index,
                    "object",
                    f"En sh:TripleRule har exakt en sh:{name}.",
                    f"A sh:TripleRule has exactly one sh:{name}.",
                    parts=(rule,),
                )
            for at, value in values:
                if not _is_expression(graph, value):
                    yield _not_known(at)


def _not_known(index: int) -> Fault:
    return fault(
        index,
        "object",
        "Referensmotorn har inget sådant noduttryck. Den har en IRI, en literal, sh:this, sh:path,"
        " sh:union, sh:intersection och anrop av formernas funktioner.",
        "The reference engine has no such node expression. It has an IRI, a literal, sh:this,"
        " sh:path, sh:union, sh:intersection and calls of the shapes' functions.",
    )


def _is_expression(graph: ShapesGraph, node: Any, depth: int = 0) -> bool:
    if not isinstance(node, BlankNode):
        return True
    said = [each for each in graph.predicates(node) if each not in _ASIDE]
    name = said[0].removeprefix(names.SH) if said else ""
    values = [value for _, value in graph.values(node, said[0])] if said else []
    # It fails over sh:filterShape.
    if depth > _DEEPEST or len(values) != 1 or len(said) != 1:
        return False
    if name == "path":
        return graph.is_path(values[0])
    takes_list = name in _LISTS or bool(graph.types(NamedNode(said[0])) & FUNCTIONS)
    members = graph.members(values[0]) if takes_list else None
    return members is not None and all(_is_expression(graph, each, depth + 1) for each in members)
