"""Shapes as the default engine reads them fast; what they mean stays the same.

Where a shape that others refer to asks for a class, the engine gathers all instances of that class
for each single value that it looks at: the time grows with the square of the data. It follows a
path from the value instead. And a part that can only find fault with values is left out where the
data has none: the engine would look for some at each node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, NamedNode, Triple
from samsyn.validation.engines.targets import TARGETS

_CLASS: Final = names.SH + "class"
_PATH: Final = names.SH + "path"
_PARAMETER: Final = names.SH + "parameter"
_PROPERTY: Final = names.SH + "property"
_OF_VALUES: Final = frozenset(
    {
        *("class", "datatype", "in", "languageIn", "nodeKind", "pattern", "flags", "uniqueLang"),
        *("maxCount", "maxLength", "minLength"),
        *("maxExclusive", "maxInclusive", "minExclusive", "minInclusive"),
        *("and", "node", "not", "or", "property", "xone"),
        *("description", "entailment", "message", "name", "order", "path", "severity"),
    }
)
"""What says something of the values of a property alone, or nothing at all."""


def without_idle(shapes: Iterable[Triple], held: Set[str]) -> tuple[Triple, ...]:
    """Return shapes without the parts that can find nothing, since their property is never used.

    Args:
        shapes: the shapes graph.
        held: the properties of the data.
    """
    given = tuple(shapes)
    paths = {t.subject: t.object for t in given if t.predicate.value == _PATH}
    # A component of your own may look at more than values.
    holders: set[object] = {t.object for t in given if t.predicate.value == _PARAMETER}
    own = {path for holder, path in paths.items() if holder in holders}
    busy = {t.subject for t in given if t.predicate in own or not _is_of_values(t.predicate.value)}
    idle = {
        shape
        for shape, path in paths.items()
        if isinstance(path, NamedNode) and path.value not in held and shape not in busy
    }
    return tuple(t for t in given if t.predicate.value != _PROPERTY or t.object not in idle)


def _is_of_values(property_: str) -> bool:
    return not property_.startswith(names.SH) or names.local(property_) in _OF_VALUES


def rewritten(shapes: Iterable[Triple]) -> tuple[Triple, ...]:
    """Return shapes with each ``sh:class`` of a node shape without targets as a path and a value.

    Such a shape reports nothing in its own name, so that no report tells of the difference.

    Args:
        shapes: the shapes graph.
    """
    given = tuple(shapes)
    reporting = {t.subject for t in given if t.predicate.value in _REPORTING or _is_class(t)}
    path = BlankNode()
    found: list[Triple] = []
    for triple in given:
        asks = triple.predicate.value == _CLASS and isinstance(triple.object, NamedNode)
        if asks and triple.subject not in reporting:
            found += _as_path(triple, path)
        else:
            found.append(triple)
    return (*found, *_path(path)) if len(found) > len(given) else given


_REPORTING: Final = frozenset(
    names.SH + name for name in ("path", "target", "targetWhere", *TARGETS)
)
_CLASSES: Final = frozenset({names.RDFS + "Class", names.OWL + "Class", names.SH + "ShapeClass"})


def _is_class(triple: Triple) -> bool:
    # A shape that is a class looks at its own instances.
    is_type = triple.predicate.value == names.RDF_TYPE
    return is_type and isinstance(triple.object, NamedNode) and triple.object.value in _CLASSES


def _as_path(triple: Triple, path: BlankNode) -> Iterator[Triple]:
    part = BlankNode()
    yield Triple(triple.subject, NamedNode(_PROPERTY), part)
    yield Triple(part, NamedNode(_PATH), path)
    yield Triple(part, NamedNode(names.SH + "hasValue"), triple.object)


def _path(head: BlankNode) -> Iterator[Triple]:
    first, rest = NamedNode(names.RDF + "first"), NamedNode(names.RDF + "rest")
    second, above = BlankNode(), BlankNode()
    yield Triple(head, first, NamedNode(names.RDF_TYPE))
    yield Triple(head, rest, second)
    yield Triple(second, first, above)
    yield Triple(second, rest, NamedNode(names.RDF + "nil"))
    yield Triple(
        above, NamedNode(names.SH + "zeroOrMorePath"), NamedNode(names.RDFS + "subClassOf")
    )
