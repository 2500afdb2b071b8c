"""Which nodes the shapes look at: a check that looked at nothing must not pass for a clean one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import Final

from samsyn import names
from samsyn.closure.view import View
from samsyn.dataset.exact import NamedNode, Triple

_NodeSet = frozenset[object]
_CLASSES: Final = (names.RDFS + "Class", names.OWL + "Class")


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
    """Return every shape with a target, and the nodes of the data that it matches."""
    facts = _Facts(view)
    declared = tuple(shapes)
    classes = {triple.subject for triple in declared if _is_class(triple)}
    found: dict[str, set[object]] = defaultdict(set)
    for triple in declared:
        name = triple.predicate.value.removeprefix(names.SH)
        if name in _FINDERS:
            found[_plain(triple.subject)] |= _FINDERS[name](facts, triple.object)
        elif _is_implicit(triple, classes):
            found[_plain(triple.subject)] |= facts.instances(triple.subject)
    return tuple(Target(shape, frozenset(nodes)) for shape, nodes in sorted(found.items()))


def aiming(shapes: Iterable[Triple]) -> frozenset[object]:
    """Return the shapes that have a target, a class that is its own target included."""
    given = tuple(shapes)
    return frozenset(t.subject for t in given if _is_target(t)) | _implicit(given)


def without_targets(shapes: Iterable[Triple], nodes: Set[object]) -> Iterator[Triple]:
    """Yield shapes, some of them without their targets, so that they look at nothing by themselves.

    Args:
        shapes: the shapes graph.
        nodes: the shapes whose targets are left out.
    """
    for triple in shapes:
        if triple.subject not in nodes or not (_is_target(triple) or _is_class(triple)):
            yield triple


def _is_target(triple: Triple) -> bool:
    return triple.predicate.value.removeprefix(names.SH) in _FINDERS


def _is_class(triple: Triple) -> bool:
    return triple.predicate.value == names.RDF_TYPE and _plain(triple.object) in _CLASSES


def _implicit(shapes: tuple[Triple, ...]) -> frozenset[object]:
    classes = {triple.subject for triple in shapes if _is_class(triple)}
    return frozenset(t.subject for t in shapes if _is_implicit(t, classes))


def _is_implicit(triple: Triple, classes: Set[object]) -> bool:
    is_shape = triple.object == NamedNode(names.SH + "NodeShape")
    return is_shape and triple.predicate.value == names.RDF_TYPE and triple.subject in classes


class _Facts:
    """The data by what shapes look for, and its subclass tree."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[object, set[object]] = {}
        self._below: dict[object, set[object]] = defaultdict(set)
        for below, above in view.couples(names.RDFS + "subClassOf"):
            self._below[above].add(below)

    def instances(self, kind: object) -> set[object]:
        if kind not in self._found:
            self._found[kind] = set().union(*map(self._typed, self._kinds(kind)))
        return self._found[kind]

    def _kinds(self, kind: object) -> set[object]:
        kinds, waiting = {kind}, [kind]
        while waiting:
            new = self._below.get(waiting.pop(), set()) - kinds
            kinds |= new
            waiting += new
        return kinds

    def _typed(self, kind: object) -> set[object]:
        return set(self._view.subjects(names.RDF_TYPE, kind))  # type: ignore[arg-type]  # a term

    def subjects(self, predicate: object) -> set[object]:
        return set(self._view.subjects(_plain(predicate)))

    def objects(self, predicate: object) -> set[object]:
        return set(self._view.objects(_plain(predicate)))


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


def _plain(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
