"""Shapes as the default engine reads them fast; what they mean stays the same.

Where a shape that others refer to asks for a class, the engine gathers all instances of that class
for each single value that it looks at: the time grows with the square of the data. It follows a
path from the value instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, NamedNode, Triple
from samsyn.validation.targets import TARGETS

_CLASS: Final = names.SH + "class"


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
    yield Triple(triple.subject, NamedNode(names.SH + "property"), part)
    yield Triple(part, NamedNode(names.SH + "path"), path)
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
