"""What the nodes of a shapes graph are there for, and which properties count on which of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from types import MappingProxyType
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import NamedNode
from samsyn.validation.engines.targets import PARAMETERS, TARGETS, shapes_of
from samsyn.validation.shapes_graph.executables import VALIDATORS
from samsyn.validation.shapes_graph.graph import UNARY, ShapesGraph

_ANYWHERE: Final = frozenset(
    {
        # What is said to people, and in which order.
        *("agentInstruction", "codeIdentifier", "defaultValue", "description", "group", "intent"),
        *("labelTemplate", "message", "name", "order", "severity"),
        # What the program or the engine reads beside shapes.
        *("deactivated", "declare", "entailment", "namespace", "prefix", "prefixes"),
        *("shapesGraph", "shapesGraphWellFormed", "suggestedShapesGraph"),
        # What results are to say as well, and results themselves, which may be in the file.
        *("annotationProperty", "annotationValue", "annotationVarName", "resultAnnotation"),
        *("conforms", "detail", "focusNode", "result", "resultMessage", "resultPath"),
        *("resultSeverity", "sourceConstraint", "sourceConstraintComponent", "sourceShape"),
        "value",
    }
)
"""Properties that check nothing, wherever they stand."""
_UNEVALUATED: Final = frozenset(
    {"js", "nodeByExpression", "sparqlExpr", "uniqueValuesFor", "values"}
)
"""The parameters that no engine here evaluates, or none rightly."""
_PATHS: Final = frozenset({"alternativePath", *UNARY})
_OF_SHAPES: Final = (PARAMETERS - _UNEVALUATED) | TARGETS | {"path", "target", "targetWhere"}
_SCRIPTS: Final = frozenset({"jsFunctionName", "jsLibrary", "jsLibraryURL"})
_QUERIES: Final = frozenset({"ask", "construct", "select", "update"})
_DECLARING: Final = frozenset(
    {"nodeValidator", "optional", "parameter", "propertyValidator", "returnType", "validator"}
)
COUNTING: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "shape": _OF_SHAPES,
        "path": _PATHS,
        "constraint": frozenset({"select"}),
        "validator": frozenset({"ask", "select"}) | _SCRIPTS,
        "target": frozenset({"select"}),
        "rule": frozenset({"condition", "construct", "object", "predicate", "subject"}),
        "expression": frozenset({"filterShape", "intersection", "nodes", "path", "union"}),
        "parameter": _OF_SHAPES | {"optional"},
        # What is declared is checked where it is used.
        "library": _DECLARING | _QUERIES | _SCRIPTS,
    }
)
"""The properties that count on a node of each role, apart from those that count anywhere."""
_LEADS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("path", "resultPath", *_PATHS), "path"),
        "sparql": "constraint",
        "target": "target",
        "rule": "rule",
        "parameter": "parameter",
        **dict.fromkeys(VALIDATORS, "validator"),
        **dict.fromkeys(("expression", "object", "subject", "predicate", "nodes"), "expression"),
        **dict.fromkeys(("intersection", "union"), "expression"),
        **dict.fromkeys(("condition", "filterShape"), "shape"),
        **dict.fromkeys(("js", "jsLibrary"), "library"),
    }
)
"""The role that a property gives to its values, and to the members of a list."""
_LIBRARY_TYPES: Final = frozenset(
    names.SH + kind
    for kind in (
        *("ConstraintComponent", "Function", "JSFunction", "JSLibrary", "Parameterizable"),
        *("SPARQLAskExecutable", "SPARQLConstructExecutable", "SPARQLExecutable"),
        *("SPARQLFunction", "SPARQLSelectExecutable", "SPARQLTargetType", "SPARQLUpdateExecutable"),
        "TargetType",
    )
)


PARTNERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "flags": "pattern",
        "ignoredProperties": "closed",
        "qualifiedValueShapesDisjoint": "qualifiedValueShape",
        "reificationRequired": "reifierShape",
    }
)
"""Parameters that check nothing unless another one stands beside them."""


def roles_of(graph: ShapesGraph) -> Mapping[Any, set[str]]:
    """Return the roles of each node: those that its own statements give it, and those it is put in.

    Args:
        graph: the shapes graph.
    """
    roles: dict[Any, set[str]] = defaultdict(set)
    for node in shapes_of(graph.triples):
        roles[node].add("shape")
    for triple in graph.triples:
        role = _LEADS.get(local(triple.predicate.value))
        for node in _spread(graph, triple.object) if role else ():
            roles[node].add(role or "")
    for subject in graph.subjects:
        of_shacl = isinstance(subject, NamedNode) and subject.value.startswith(names.SH)
        declares = graph.types(subject) & _LIBRARY_TYPES or graph.values(subject, "parameter")
        if of_shacl or declares:
            roles[subject].add("library")
    return roles


def counts(name: str, roles: Set[str]) -> bool:
    """Return whether a property of SHACL is evaluated, or checks nothing, on a node of some roles.

    Args:
        name: its local name.
        roles: the roles of the node; a path that nothing takes has none.
    """
    if name in _ANYWHERE or (not roles and name in _PATHS):
        return True
    return any(name in COUNTING[role] for role in roles)


def local(iri: str) -> str:
    """Return the local name of a term of SHACL, and nothing of any other."""
    return iri.removeprefix(names.SH) if iri.startswith(names.SH) else ""


def _spread(graph: ShapesGraph, node: Any) -> Iterator[Any]:
    # The members of a list may be lists, as in paths.
    waiting, met = [node], {node}
    while waiting:
        yield (each := waiting.pop())
        new = set(graph.members(each) or ()) - met
        met |= new
        waiting += new


def is_loose(triple: Any, roles: Set[str]) -> bool:
    """Return whether a triple has a query that nothing runs.

    Args:
        triple: the triple.
        roles: the roles of its subject.
    """
    return local(triple.predicate.value) in _QUERIES and roles <= {"shape"}
