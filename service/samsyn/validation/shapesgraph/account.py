"""The account of a shapes graph: each statement with a meaning in SHACL is evaluated, or told.

An engine passes over what it does not know. So nothing is taken for granted here: a property of
SHACL counts only where it stands on a node of a role in which it is evaluated, or is known to check
nothing. The parameters of constraint components count likewise: a component that a shape uses has
all its parameters there, and a validator that can be run for that kind of shape (SHACL section 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.validation.shapesgraph.fault import Fault, fault
from samsyn.validation.shapesgraph.graph import UNARY, ShapesGraph
from samsyn.validation.targets import shapes_of

_ANYWHERE: Final = frozenset(
    {
        # What is said to people, and in which order.
        *("agentInstruction", "codeIdentifier", "defaultValue", "description", "group", "intent"),
        *("labelTemplate", "message", "name", "order", "severity"),
        # What the program or the engine reads beside shapes.
        *("deactivated", "declare", "entailment", "namespace", "prefix", "prefixes"),
        *("shapesGraph", "shapesGraphWellFormed", "suggestedShapesGraph"),
        # What results are to say besides, and results themselves, which may stand in the file.
        *("annotationProperty", "annotationValue", "annotationVarName", "resultAnnotation"),
        *("conforms", "detail", "focusNode", "result", "resultMessage", "resultPath"),
        *("resultSeverity", "sourceConstraint", "sourceConstraintComponent", "sourceShape"),
        "value",
    }
)
"""Properties that check nothing, wherever they stand."""
_OF_SHAPES: Final = frozenset(
    {
        *("and", "class", "closed", "datatype", "disjoint", "equals", "flags", "hasValue"),
        *("ignoredProperties", "in", "languageIn", "lessThan", "lessThanOrEquals", "maxCount"),
        *("maxExclusive", "maxInclusive", "maxLength", "minCount", "minExclusive"),
        *("minInclusive", "minLength", "node", "nodeKind", "not", "or", "path", "pattern"),
        *("property", "qualifiedMaxCount", "qualifiedMinCount", "qualifiedValueShape"),
        *("qualifiedValueShapesDisjoint", "sparql", "uniqueLang", "xone"),
        *("target", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf"),
        "targetWhere",
        # Of SHACL 1.2, by the default engine.
        *("maxListLength", "memberShape", "minListLength", "rootClass", "singleLine"),
        *("someValue", "subsetOf", "uniqueMembers"),
        # Of the Advanced Features; whether they are on is another question.
        *("expression", "rule"),
    }
)
_PATHS: Final = frozenset({"alternativePath", *UNARY})
_LIBRARY: Final = frozenset(
    {"ask", "construct", "nodeValidator", "optional", "parameter", "propertyValidator"}
    | {"returnType", "select", "update", "validator"}
)
"""Properties of what declares components, functions, types of targets, and queries to be called."""
_EXPRESSIONS: Final = frozenset({"filterShape", "intersection", "nodes", "path", "union"})
_SCRIPTS: Final = frozenset({"js", "jsFunctionName", "jsLibrary", "jsLibraryURL"})

_CLAIMS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "shape": _OF_SHAPES,
        "path": _PATHS,
        "constraint": frozenset({"select"}),
        "validator": frozenset({"ask", "select"}) | _SCRIPTS,
        "target": frozenset({"select"}),
        "rule": frozenset({"condition", "construct", "object", "predicate", "subject"}),
        "expression": _EXPRESSIONS,
        "parameter": _OF_SHAPES | {"optional"},
        "library": _LIBRARY | _SCRIPTS,
    }
)
"""The properties that count on a node of each role, besides those that count anywhere."""
_LEADS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "path": "path",
        **dict.fromkeys(_PATHS, "path"),
        "sparql": "constraint",
        "target": "target",
        "rule": "rule",
        **dict.fromkeys(("validator", "nodeValidator", "propertyValidator"), "validator"),
        "parameter": "parameter",
        **dict.fromkeys(("expression", "object", "subject", "predicate", "nodes"), "expression"),
        **dict.fromkeys(("condition", "filterShape"), "shape"),
        **dict.fromkeys(("intersection", "union"), "expression"),
        **dict.fromkeys(("js", "jsLibrary"), "library"),
    }
)
"""The role that a property gives to its values; in a list, to the members."""
_LIBRARY_TYPES: Final = frozenset(
    names.SH + kind
    for kind in (
        *("ConstraintComponent", "Function", "JSFunction", "JSLibrary", "Parameterizable"),
        *("SPARQLAskExecutable", "SPARQLConstructExecutable", "SPARQLExecutable"),
        *("SPARQLFunction", "SPARQLSelectExecutable", "SPARQLTargetType", "SPARQLUpdateExecutable"),
        "TargetType",
    )
)
_VALIDATORS: Final = ("validator", "nodeValidator", "propertyValidator")


def account_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield what has a meaning in SHACL and is evaluated by no engine where it stands."""
    roles = _roles(graph)
    for index, triple in enumerate(graph.triples):
        property_ = triple.predicate.value
        name = property_.removeprefix(names.SH) if property_.startswith(names.SH) else ""
        if name and name not in _ANYWHERE and not _counts(name, roles[triple.subject]):
            yield _unclaimed(index, name, roles[triple.subject])
    yield from _component_faults(graph, roles)


def _counts(name: str, roles: set[str]) -> bool:
    return any(name in _CLAIMS[role] for role in roles)


def _roles(graph: ShapesGraph) -> Mapping[Any, set[str]]:
    roles: dict[Any, set[str]] = defaultdict(set)
    for node in shapes_of(graph.triples):
        roles[node].add("shape")
    for triple in graph.triples:
        role = _LEADS.get(triple.predicate.value.removeprefix(names.SH))
        if role is not None and triple.predicate.value.startswith(names.SH):
            for node in _spread(graph, triple.object):
                roles[node].add(role)
    for subject in graph.subjects:
        of_shacl = isinstance(subject, NamedNode) and subject.value.startswith(names.SH)
        declares = graph.types(subject) & _LIBRARY_TYPES or graph.values(subject, "parameter")
        if of_shacl or declares:
            roles[subject].add("library")
    return roles


def _spread(graph: ShapesGraph, node: Any) -> Iterator[Any]:
    # The members of a list may be lists, as in paths.
    waiting, met = [node], {node}
    while waiting:
        yield (each := waiting.pop())
        new = set(graph.members(each) or ()) - met
        met |= new
        waiting += new


def _component_faults(graph: ShapesGraph, roles: Mapping[Any, set[str]]) -> Iterator[Fault]:
    components = _Components(graph)
    for subject in graph.subjects:
        if "shape" not in roles[subject] or "parameter" in roles[subject]:
            continue
        for property_ in graph.predicates(subject):
            for component in components.of(property_):
                found = components.fault(component, property_, subject)
                if found is not None:
                    index = graph.values(subject, property_)[0][0]
                    yield fault(index, "predicate", *found)


class _Components:
    """The constraint components that a shapes graph declares.

    Args:
        graph: the shapes graph.
    """

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._of: dict[str, list[Any]] = defaultdict(list)
        for subject in graph.subjects:
            for path in self._paths(subject):
                self._of[path].append(subject)

    def of(self, property_: str) -> list[Any]:
        """Return the components with a parameter, but for those of SHACL, which engines have."""
        if property_.startswith(names.SH):
            return []
        return [each for each in self._of[property_] if self._is_component(each)]

    def fault(self, component: Any, property_: str, shape: Any) -> tuple[str, str] | None:
        """Return why a component is not evaluated at a shape, in Swedish and English."""
        held = self._graph.predicates(shape)
        missing = [path for path in self._paths(component, needed=True) if path not in held]
        if missing and not self._is_used(property_, shape):
            listed = ", ".join(f"<{path}>" for path in missing)
            return (
                f"{component} prövas inte: {listed} saknas.",
                f"{component} is not evaluated: {listed} is missing.",
            )
        if missing or self._can_run(component, shape):
            return None
        kind = "sh:propertyValidator" if self._graph.values(shape, "path") else "sh:nodeValidator"
        return (
            f"{component} prövas inte: den har varken {kind} med sh:select eller sh:validator med"
            " sh:ask.",
            f"{component} is not evaluated: it has neither a {kind} with sh:select nor a"
            " sh:validator with sh:ask.",
        )

    def _is_used(self, property_: str, shape: Any) -> bool:
        # Another component with the same parameter may be complete.
        held = set(self._graph.predicates(shape))
        return any(
            held.issuperset(self._paths(component, needed=True)) for component in self.of(property_)
        )

    def _can_run(self, component: Any, shape: Any) -> bool:
        name = "propertyValidator" if self._graph.values(shape, "path") else "nodeValidator"
        own = (node for _, node in self._graph.values(component, name))
        general = (node for _, node in self._graph.values(component, "validator"))
        return any(self._graph.values(node, "select") for node in own) or any(
            self._graph.values(node, "ask") for node in general
        )

    def _is_component(self, subject: Any) -> bool:
        # A type of targets and a function have parameters too.
        kinds = self._kinds(subject)
        if names.SH + "ConstraintComponent" in kinds:
            return True
        return any(self._graph.values(subject, name) for name in _VALIDATORS)

    def _kinds(self, subject: Any) -> set[str]:
        found, waiting = set[str](), list(self._graph.types(subject))
        while waiting:
            kind = waiting.pop()
            if kind not in found:
                found.add(kind)
                above = self._graph.values(NamedNode(kind), names.RDFS + "subClassOf")
                waiting += (value.value for _, value in above if isinstance(value, NamedNode))
        return found

    def _paths(self, component: Any, *, needed: bool = False) -> list[str]:
        return [
            path.value
            for _, parameter in self._graph.values(component, "parameter")
            for _, path in self._graph.values(parameter, "path")
            if isinstance(path, NamedNode) and not (needed and self._is_optional(parameter))
        ]

    def _is_optional(self, parameter: Any) -> bool:
        said = self._graph.values(parameter, "optional")
        return any(isinstance(value, Literal) and value.value in {"true", "1"} for _, value in said)


def _unclaimed(index: int, name: str, roles: set[str]) -> Fault:
    evaluated = {each for claimed in _CLAIMS.values() for each in claimed}
    if name not in evaluated:
        return fault(
            index,
            "predicate",
            f"Ingen motor här prövar sh:{name}.",
            f"No engine here evaluates sh:{name}.",
        )
    where = ", ".join(sorted(roles))
    return fault(
        index,
        "predicate",
        f"sh:{name} prövas inte där den står" + (f" ({where})." if where else "."),
        f"sh:{name} is not evaluated where it stands" + (f" ({where})." if where else "."),
    )
