"""What is in a shapes graph and looks at nothing, as no target leads to it.

That is no fault: shapes may be a library, from which others take what they need. It is reported
all the same, since a forgotten target looks just so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any, Final

from samsyn.dataset.exact import Literal, Triple
from samsyn.validation.engines.targets import PARAMETERS
from samsyn.validation.shapes_graph.components import Components
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.graph import ShapesGraph
from samsyn.validation.shapes_graph.roles import PARTNERS, is_loose, local, roles_of

_FALSE: Final = frozenset({"false", "0"})
_DASH: Final = "http://datashapes.org/dash#"
_OF_DASH: Final = frozenset(
    _DASH + name
    for name in (
        *("closedByTypes", "coExistsWith", "hasValueIn", "hasValueWithClass"),
        *("nonRecursive", "reifiableBy", "rootClass", "singleLine", "stem", "subSetOf"),
        *("symmetric", "uniqueValueForClass", "uriStart"),
    )
)
"""Parameters of the constraint components that DASH defines in its own file (datashapes.org)."""


def idle(shapes: Iterable[Triple], aimed: Set[Any]) -> Iterator[tuple[Any, Fault]]:
    """Yield what was not evaluated though nothing is wrong with it: each node, with the report.

    Args:
        shapes: the shapes graph, in the order of the files.
        aimed: the shapes that have targets, those that are switched off included.
    """
    graph = ShapesGraph(shapes)
    roles = roles_of(graph)
    met = {end for node in aimed for t in graph.reached(node) for end in (t.subject, t.object)}
    own = [n for n in graph.subjects if roles[n] == {"shape"} and n not in met and n not in aimed]
    inner = {t.object for node in own for t in graph.reached(node) if t.object != node}
    # Shapes that refer to each other in a circle have none that is the outermost.
    for node in [n for n in own if n not in inner] or own:
        yield node, _unreached(graph.first(node))
    for index, triple in enumerate(graph.triples):
        if is_loose(triple, roles[triple.subject]):
            yield triple.subject, _loose(index, local(triple.predicate.value))
        partner = PARTNERS.get(local(triple.predicate.value))
        if partner and not graph.values(triple.subject, partner):
            yield triple.subject, _alone(index, local(triple.predicate.value), partner)
    components = Components(graph)
    for node in graph.subjects:
        if node in aimed and "shape" in roles[node] and _asks_nothing(graph, node, components):
            yield node, _empty(graph.first(node))
    for node in graph.subjects:
        if "shape" in roles[node] and "parameter" not in roles[node]:
            for index, component, missing in components.unused(node):
                yield node, _incomplete(index, component, missing)
            yield from ((node, each) for each in _undeclared(graph, components, node))


def _undeclared(graph: ShapesGraph, components: Components, node: Any) -> Iterator[Fault]:
    for property_ in graph.predicates(node):
        if property_ in _OF_DASH and not components.of(property_):
            for index, value in graph.values(node, property_):
                if not (isinstance(value, Literal) and value.value in _FALSE):
                    yield _without_component(index, property_.removeprefix(_DASH))


def without_constraints(shapes: Iterable[Triple], aimed: Set[Any]) -> set[Any]:
    """Return the shapes with targets that ask for nothing, so that no engine looks at any node.

    Args:
        shapes: the shapes graph.
        aimed: the shapes that have targets.
    """
    graph = ShapesGraph(shapes)
    components = Components(graph)
    return {node for node in aimed if _asks_nothing(graph, node, components)}


def _asks_nothing(graph: ShapesGraph, node: Any, components: Components) -> bool:
    # A shape that is switched off is listed as such.
    asking = PARAMETERS | {"deactivated"}
    properties = graph.predicates(node)
    return not any(local(each) in asking or components.of(each) for each in properties)


def _empty(index: int | None) -> Fault:
    return fault(
        index,
        "subject",
        "Formen har ett mål men inget villkor.",
        "The shape has a target and no constraint.",
    )


def _unreached(index: int | None) -> Fault:
    return fault(
        index,
        "subject",
        "Formen har inget mål, och ingen form som har ett hänvisar till den.",
        "The shape has no target, and no shape that has one refers to it.",
    )


def _loose(index: int, name: str) -> Fault:
    return fault(
        index,
        "predicate",
        f"Ingen form kör frågan i sh:{name}.",
        f"No shape runs the query of sh:{name}.",
    )


def _alone(index: int, name: str, partner: str) -> Fault:
    return fault(
        index,
        "predicate",
        f"sh:{name} prövar inget utan sh:{partner}.",
        f"sh:{name} checks nothing without sh:{partner}.",
    )


def _incomplete(index: int, component: object, missing: Iterable[str]) -> Fault:
    listed = ", ".join(f"<{iri}>" for iri in missing)
    return fault(
        index,
        "predicate",
        f"{component} gäller inte för formen: {listed} saknas.",
        f"{component} does not apply to the shape: {listed} is missing.",
    )


def _without_component(index: int, name: str) -> Fault:
    return fault(
        index,
        "predicate",
        f"dash:{name} prövar inget: ingen fil med former anger komponenten, som DASH definierar.",
        f"dash:{name} checks nothing: no file of shapes declares the component that DASH defines.",
    )
