"""Which nodes the shapes look at: a check that looked at nothing must not pass for a clean one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Triple

_NodeSet = frozenset[object]
_CLASSES: Final = (names.RDFS + "Class", names.OWL + "Class")


@dataclass(frozen=True)
class Target:
    """A shape that has a target.

    Args:
        shape: its IRI.
        nodes: the focus nodes it matched.
    """

    shape: str
    nodes: _NodeSet


def targets(data: Iterable[Triple], shapes: Iterable[Triple]) -> tuple[Target, ...]:
    """Return every shape with a target, and the nodes of the data that it matches."""
    facts = _Facts(data)
    declared = tuple(shapes)
    classes = {
        t.subject
        for t in declared
        if t.predicate.value == names.RDF_TYPE and _plain(t.object) in _CLASSES
    }
    found: dict[str, set[object]] = defaultdict(set)
    for triple in declared:
        name = triple.predicate.value.removeprefix(names.SH)
        if name in _FINDERS:
            found[_plain(triple.subject)] |= _FINDERS[name](facts, triple.object)
        elif _is_implicit(triple, classes):
            found[_plain(triple.subject)] |= facts.instances(triple.subject)
    return tuple(Target(shape, frozenset(nodes)) for shape, nodes in sorted(found.items()))


def _is_implicit(triple: Triple, classes: Set[object]) -> bool:
    is_shape = triple.object == NamedNode(names.SH + "NodeShape")
    return is_shape and triple.predicate.value == names.RDF_TYPE and triple.subject in classes


class _Facts:
    """The data by predicate, and its subclass tree."""

    def __init__(self, data: Iterable[Triple]) -> None:
        self.by_predicate: dict[str, list[Triple]] = defaultdict(list)
        for triple in data:
            self.by_predicate[triple.predicate.value].append(triple)
        self.below: dict[object, set[object]] = defaultdict(set)
        for triple in self.by_predicate[names.RDFS + "subClassOf"]:
            self.below[triple.object].add(triple.subject)

    def instances(self, kind: object) -> set[object]:
        kinds, waiting = {kind}, [kind]
        while waiting:
            new = self.below.get(waiting.pop(), set()) - kinds
            kinds |= new
            waiting += new
        return {t.subject for t in self.by_predicate[names.RDF_TYPE] if t.object in kinds}

    def subjects(self, predicate: object) -> set[object]:
        return {triple.subject for triple in self.by_predicate[_plain(predicate)]}

    def objects(self, predicate: object) -> set[object]:
        return {triple.object for triple in self.by_predicate[_plain(predicate)]}


def _node(_: _Facts, node: object) -> set[object]:
    return {node}


_FINDERS: Final = {
    "targetClass": _Facts.instances,
    "targetSubjectsOf": _Facts.subjects,
    "targetObjectsOf": _Facts.objects,
    "targetNode": _node,
}


def _plain(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
