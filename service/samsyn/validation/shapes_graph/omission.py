"""Faulty shapes left out of a shapes graph, so that the rest can be used without a false finding.

What is left out is the smallest that holds a fault: a constraint or rule that stands by itself,
such as a query, else a shape. A shape that is left out becomes one that everything conforms to; it
keeps its path, since closed shapes look at that. Where that would make others find more (within
``sh:not``, ``sh:xone`` or a qualified shape), the shape around it is left out too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.validation.shapes_graph import parameters
from samsyn.validation.shapes_graph.fault import Fault
from samsyn.validation.shapes_graph.features import ALONE
from samsyn.validation.shapes_graph.graph import ShapesGraph
from samsyn.validation.shapes_graph.structure import references

_TURNING: Final = frozenset({"not", "xone", "qualifiedValueShape"})
"""Where a shape that more conforms to makes the shape around it find more."""
_QUERIES: Final = ("sparql", "rule")
_SHAPES: Final = frozenset(names.SH + name for name in ("NodeShape", "PropertyShape"))
_ASKING: Final = (*parameters.TARGETS, "target", "targetWhere", "property")
_PATH: Final = names.SH + "path"
_TRUE: Final = Literal("true", datatype=NamedNode(names.XSD + "boolean"))


class Omission:
    """What is left out of a shapes graph.

    Args:
        triples: the shapes graph.
        faults: what is wrong with it; faults of the whole graph leave nothing out.
    """

    def __init__(self, triples: Sequence[Triple], faults: Iterable[Fault]) -> None:
        self._graph = ShapesGraph(triples)
        self._back: dict[Any, set[Any]] = defaultdict(set)
        for triple in triples:
            self._back[triple.object].add(triple.subject)
        self._names: dict[Fault, str] = {}
        self._dropped: set[Any] = set()
        self._out: set[Any] = set()
        self._weaker: set[Any] = set()
        for each in faults:
            self._leave(each)
        stated = set(self._out)
        self._widen()
        self.around = tuple(sorted(self._out - stated, key=str))
        """The shapes that are left out since one within them is."""

    def named(self, each: Fault) -> str:
        """Return the shape that is left out for a fault, or has what is left out."""
        return self._names.get(each, "")

    def kept(self) -> Iterator[tuple[int, Triple]]:
        """Yield the triples without what is left out, each with its number.

        What is added to leave shapes out has numbers behind those of the shapes graph.
        """
        for number, triple in enumerate(self._graph.triples):
            if self._stays(triple):
                yield number, triple
        off = NamedNode(names.SH + "deactivated")
        for number, shape in enumerate(sorted(self._out, key=str), len(self._graph.triples)):
            yield number, Triple(shape, off, _TRUE)

    def _stays(self, triple: Triple) -> bool:
        subject, name, value = triple.subject, triple.predicate.value, triple.object
        if (subject, name, value) in self._dropped:
            return False
        if name == names.SH + "property" and value in self._out and not self._path(value):
            return False
        return subject not in self._out or name == names.RDF_TYPE or self._is_path(triple)

    def _is_path(self, triple: Triple) -> bool:
        path = self._path(triple.subject)
        return triple.predicate.value == _PATH and path is not None and triple.object == path

    def _path(self, shape: Any) -> Any:
        paths = [path for _, path in self._graph.values(shape, "path")]
        return paths[0] if len(paths) == 1 and self._graph.is_path(paths[0]) else None

    def _leave(self, each: Fault) -> None:
        if each.index is None or each.whole:
            return
        triple = self._graph.triples[each.index]
        name = triple.predicate.value.removeprefix(names.SH)
        if not each.parts and name in ALONE:
            self._drop(triple.subject, triple.predicate.value, triple.object)
            self._names[each] = str(self._whole(triple.subject))
            return
        owners = set(each.parts) or self._owners(triple.subject)
        self._names[each] = str(min(map(self._whole, owners), key=str, default=triple.subject))
        if not each.parts:
            # A shape that is left out keeps its types, which may be at fault themselves.
            self._dropped.add((triple.subject, triple.predicate.value, triple.object))
        for owner in owners:
            uses = list(self._uses(owner))
            for use in uses:
                self._drop(*use)
            if not uses:
                self._out.add(owner)

    def _whole(self, node: Any) -> Any:
        """Return the nearest node with an IRI that has a node."""
        waiting, met = [node], set[Any]()
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, NamedNode):
                return node
            met.add(node)
            waiting += self._back[node] - met
        return node

    def _drop(self, subject: Any, property_: str, value: Any) -> None:
        self._dropped.add((subject, property_, value))
        self._weaker.add(subject)

    def _uses(self, node: Any) -> Iterator[tuple[Any, str, Any]]:
        """Yield the triples by which shapes have a query."""
        for subject in self._back[node]:
            for name in _QUERIES:
                if any(value == node for _, value in self._graph.values(subject, name)):
                    yield subject, names.SH + name, node

    def _owners(self, start: Any) -> set[Any]:
        """Return the nearest shapes and queries that have a node."""
        found, waiting, met = set[Any](), [start], set[Any]()
        while waiting:
            node = waiting.pop()
            if node in met:
                continue
            met.add(node)
            if self._is_shape(node) or any(self._uses(node)):
                found.add(node)
            else:
                waiting += self._back[node]
        return found

    def _is_shape(self, node: Any) -> bool:
        about = self._graph.predicates(node)
        if any(names.SH + name in about for name in _ASKING):
            return True
        return bool(self._graph.types(node) & _SHAPES or self._users(node))

    def _users(self, node: Any) -> set[tuple[Any, str]]:
        """Return the shapes that refer to a shape, each with the property by which."""
        return {
            (subject, name)
            for subject in self._above(node)
            for _, shape, name in references(self._graph, subject)
            if shape == node
        }

    def _above(self, node: Any) -> set[Any]:
        # A list is between a shape and the shapes that it joins.
        waiting, met = list(self._back[node]), set[Any]()
        while waiting:
            subject = waiting.pop()
            if subject not in met:
                met.add(subject)
                if names.RDF + "first" in self._graph.predicates(subject):
                    waiting += self._back[subject]
        return met

    def _widen(self) -> None:
        waiting = list(self._weaker | self._out)
        met = set(waiting)
        while waiting:
            node = waiting.pop()
            for user, name in self._users(node):
                if name in _TURNING or (name == "property" and self._closes(user, node)):
                    self._out.add(user)
                if user not in met:
                    met.add(user)
                    waiting.append(user)

    def _closes(self, user: Any, part: Any) -> bool:
        # Of a closed shape the paths of all parts have to be known.
        return (
            part in self._out and not self._path(part) and bool(self._graph.values(user, "closed"))
        )
