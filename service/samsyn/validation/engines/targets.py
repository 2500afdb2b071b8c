"""Which nodes the shapes look at: a check that looked at nothing must not pass for a clean one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import Final

from samsyn import names
from samsyn.closure.view import View
from samsyn.dataset.exact import Literal, NamedNode, Triple

_NodeSet = frozenset[object]
_SUBCLASS: Final = names.RDFS + "subClassOf"
_CLASSES: Final = tuple(
    NamedNode(iri) for iri in (names.RDFS + "Class", names.OWL + "Class", names.SH + "ShapeClass")
)
"""The kinds of classes that need no declaration: all files take owl:Class for one."""
_SHAPE_TYPES: Final = frozenset(
    NamedNode(names.SH + name) for name in ("NodeShape", "PropertyShape", "ShapeClass")
)
_VOCABULARIES: Final = (names.SH, names.RDF, names.RDFS, names.OWL)
PARAMETERS: Final = frozenset(
    {
        *("and", "class", "closed", "datatype", "disjoint", "equals", "flags", "hasValue"),
        *("ignoredProperties", "in", "languageIn", "lessThan", "lessThanOrEquals", "maxCount"),
        *("maxExclusive", "maxInclusive", "maxLength", "minCount", "minExclusive"),
        *("minInclusive", "minLength", "node", "nodeKind", "not", "or", "pattern", "property"),
        *("qualifiedMaxCount", "qualifiedMinCount", "qualifiedValueShape"),
        *("qualifiedValueShapesDisjoint", "sparql", "uniqueLang", "xone"),
        # Of the Advanced Features, and of those in JavaScript.
        *("expression", "js", "rule", "values"),
        # Of the drafts of SHACL 1.2.
        *("maxListLength", "memberShape", "minListLength", "nodeByExpression"),
        *("reificationRequired", "reifierShape", "rootClass", "singleLine", "someValue"),
        *("sparqlExpr", "subsetOf", "uniqueMembers", "uniqueValuesFor"),
    }
)
"""The local names of the properties by which a shape asks for something."""


@dataclass(frozen=True, order=True)
class Target:
    """A shape that has a target.

    Args:
        shape: its IRI.
        nodes: the focus nodes it matched.
    """

    shape: str
    nodes: _NodeSet = field(compare=False)

    def within(self, nodes: Set[object]) -> Target:
        """Return the target with only those of its nodes that are among others."""
        return Target(self.shape, self.nodes & nodes)


def targets(view: View, shapes: Iterable[Triple]) -> tuple[Target, ...]:
    """Return every shape with a target, and the nodes of the data that it matches.

    Args:
        view: the data.
        shapes: the shapes graph, with its implicit targets made :func:`explicit`.
    """
    facts = _Facts(view)
    given = tuple(shapes)
    idle = deactivated(given)
    found = (
        Target(plain(t.subject), frozenset(_FINDERS[_name(t)](facts, t.object)))
        for t in given
        if is_target(t) and t.subject not in idle
    )
    return joined(found)


def joined(found: Iterable[Target]) -> tuple[Target, ...]:
    """Return one target for each shape, sorted by its name, with the nodes of all its targets."""
    nodes: dict[str, set[object]] = defaultdict(set)
    for target in found:
        nodes[target.shape] |= target.nodes
    return tuple(Target(shape, frozenset(those)) for shape, those in sorted(nodes.items()))


def deactivated(shapes: Iterable[Triple]) -> frozenset[object]:
    """Return the shapes that are switched off."""
    return frozenset(
        triple.subject
        for triple in shapes
        if triple.predicate.value == names.SH + "deactivated"
        and isinstance(triple.object, Literal)
        and triple.object.value in {"true", "1"}
    )


def is_target(triple: Triple) -> bool:
    """Return whether a triple of a shapes graph is a target that a lookup resolves."""
    return _name(triple) in _FINDERS and triple.predicate.value.startswith(names.SH)


def plain(term: object) -> str:
    """Return an IRI as it is, and any other term as in N-Triples."""
    return term.value if isinstance(term, NamedNode) else str(term)


class Implicit:
    """The classes that are shapes, and so their own targets (SHACL section 2.1.3.3).

    Args:
        shapes: the whole shapes graph.
        below: pairs of a class and one above it that the data has, which count too.
    """

    def __init__(
        self, shapes: Iterable[Triple], below: Iterable[tuple[object, object]] = ()
    ) -> None:
        given = tuple(shapes)
        pairs = [(t.subject, t.object) for t in given if t.predicate.value == _SUBCLASS]
        self._kinds = _below(_CLASSES, [*pairs, *below])
        self._shapes = shapes_of(given)

    def explicit(self, shapes: Iterable[Triple]) -> Iterator[Triple]:
        """Yield shapes with what makes one a class replaced by ``sh:targetClass`` of itself.

        Not all engines see a class in each of them.
        """
        for triple in shapes:
            if triple.subject in self._shapes and self._makes_class(triple):
                property_ = NamedNode(names.SH + "targetClass")
                yield Triple(triple.subject, property_, triple.subject)
                if triple.object == NamedNode(names.SH + "ShapeClass"):
                    yield Triple(triple.subject, triple.predicate, _NODE_SHAPE)
            else:
                yield triple

    def may_be(self, triple: Triple) -> bool:
        """Return whether data could make a class of a shape by what it says of the shape's type."""
        is_type = triple.predicate.value == names.RDF_TYPE and triple.subject in self._shapes
        return is_type and not plain(triple.object).startswith(_VOCABULARIES)

    def _makes_class(self, triple: Triple) -> bool:
        return triple.predicate.value == names.RDF_TYPE and triple.object in self._kinds


_NODE_SHAPE: Final = NamedNode(names.SH + "NodeShape")


def shapes_of(given: tuple[Triple, ...]) -> set[object]:
    """Return the nodes of a shapes graph that are shapes by what is said of them.

    Args:
        given: the triples of the graph.
    """
    # A parameter of a constraint component of your own makes a shape too.
    holders = {t.object for t in given if t.predicate.value == names.SH + "parameter"}
    own = {
        plain(t.object)
        for t in given
        if t.subject in holders and t.predicate.value == names.SH + "path"
    }
    found: set[object] = set()
    for triple in given:
        property_ = triple.predicate.value
        if property_ == names.RDF_TYPE:
            is_shape = triple.object in _SHAPE_TYPES
        else:
            is_shape = property_.startswith(names.SH) and names.local(property_) in _OF_SHAPES
        if is_shape or property_ in own:
            found.add(triple.subject)
    return found


def _below(tops: Iterable[object], pairs: Iterable[tuple[object, object]]) -> set[object]:
    under: dict[object, set[object]] = defaultdict(set)
    for below, above in pairs:
        under[above].add(below)
    found, waiting = set(tops), list(tops)
    while waiting:
        new = under.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


class _Facts:
    """The data by what shapes look for, and its subclass tree."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[object, set[object]] = {}
        self._pairs = list(view.couples(_SUBCLASS))

    def instances(self, kind: object) -> set[object]:
        if kind not in self._found:
            self._found[kind] = set().union(*map(self._typed, _below((kind,), self._pairs)))
        return self._found[kind]

    def _typed(self, kind: object) -> set[object]:
        return set(self._view.subjects(names.RDF_TYPE, kind))  # type: ignore[arg-type]  # a term

    def subjects(self, predicate: object) -> set[object]:
        return set(self._view.subjects(plain(predicate)))

    def objects(self, predicate: object) -> set[object]:
        return set(self._view.objects(plain(predicate)))


def _node(_: _Facts, node: object) -> set[object]:
    return {node}


_FINDERS: Final = {
    "targetClass": _Facts.instances,
    "targetSubjectsOf": _Facts.subjects,
    "targetObjectsOf": _Facts.objects,
    "targetNode": _node,
}
TARGETS: Final = frozenset(_FINDERS)
"""The local names of the properties by which a shape says what it looks at."""


_OF_SHAPES: Final = PARAMETERS | TARGETS | {"path", "target", "targetWhere"}


def _name(triple: Triple) -> str:
    return triple.predicate.value.removeprefix(names.SH)
