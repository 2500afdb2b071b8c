"""Property paths: how they are written, and where they lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any, Final

from samsyn.closure.view import View
from samsyn.dataset.exact import NamedNode
from samsyn.validation.engines.model import Shapes

_WRAPPED: Final = MappingProxyType(
    {
        "inversePath": "^{}",
        "zeroOrMorePath": "{}*",
        "oneOrMorePath": "{}+",
        "zeroOrOnePath": "{}?",
    }
)


def written(path: Any, shapes: Shapes) -> str:
    """Return a path as in SPARQL: the blank node of a compound path would tell a reader nothing.

    Args:
        path: the path.
        shapes: the graph that it is in.
    """
    if isinstance(path, NamedNode):
        return str(path)
    for name, form in _WRAPPED.items():
        inner = shapes.value(path, name)
        if inner is not None:
            text = written(inner, shapes)
            return form.format(text if text[0] in "<(" and text[-1] in ">)" else f"({text})")
    either = shapes.value(path, "alternativePath")
    parts = shapes.members(path if either is None else either)
    return "(" + ("/" if either is None else "|").join(written(p, shapes) for p in parts) + ")"


class Facts:
    """A closed graph by subject and by object, as far as anybody asks.

    Args:
        view: the graph.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self._ahead: dict[str, dict[Any, list[Any]]] = {}
        self._back: dict[str, dict[Any, list[Any]]] = {}
        self._all: dict[Any, list[tuple[str, Any]]] | None = None

    def objects(self, subject: Any, property_: str) -> list[Any]:
        """Return the values of a property of a node."""
        return self._column(self._ahead, property_).get(subject, [])

    def subjects(self, object_: Any, property_: str) -> list[Any]:
        """Return what has a node as value of a property."""
        return self._column(self._back, property_).get(object_, [])

    def _column(
        self, held: dict[str, dict[Any, list[Any]]], property_: str
    ) -> dict[Any, list[Any]]:
        if property_ not in held:
            column = defaultdict(list)
            for subject, object_ in self.view.couples(property_):
                ends = (subject, object_) if held is self._ahead else (object_, subject)
                column[ends[0]].append(ends[1])
            held[property_] = dict(column)
        return held[property_]

    def statements(self, subject: Any) -> list[tuple[str, Any]]:
        """Return all that is said of a node, as pairs of property and value."""
        if self._all is None:
            self._all = defaultdict(list)
            for property_ in self.view.properties:
                for one, other in self.view.couples(property_):
                    self._all[one].append((property_, other))
        return self._all.get(subject, [])


def reached(path: Any, start: Any, facts: Facts, shapes: Shapes) -> list[Any]:
    """Return the nodes that a path leads to, each once (SHACL, section 2.3.1).

    Args:
        path: the path.
        start: where it begins.
        facts: the data.
        shapes: the graph that the path is in.
    """
    return list(dict.fromkeys(_steps(path, shapes, facts, inverse=False)(start)))


_Step = Callable[[Any], Iterable[Any]]


def _steps(path: Any, shapes: Shapes, facts: Facts, *, inverse: bool) -> _Step:
    if isinstance(path, NamedNode):
        name = path.value
        way = facts.subjects if inverse else facts.objects
        return lambda node: way(node, name)
    turned = shapes.value(path, "inversePath")
    if turned is not None:
        return _steps(turned, shapes, facts, inverse=not inverse)
    either = shapes.value(path, "alternativePath")
    if either is not None:
        ways = [_steps(p, shapes, facts, inverse=inverse) for p in shapes.members(either)]
        return lambda node: (end for way in ways for end in way(node))
    for name, none, many in _REPEATED:
        inner = shapes.value(path, name)
        if inner is not None:
            step = _steps(inner, shapes, facts, inverse=inverse)
            return lambda node: _repeated(step, node, none=none, many=many)
    parts = [_steps(p, shapes, facts, inverse=inverse) for p in shapes.members(path)]
    return lambda node: _chained(parts[::-1] if inverse else parts, node)


_REPEATED: Final = (
    ("zeroOrMorePath", True, True),
    ("oneOrMorePath", False, True),
    ("zeroOrOnePath", True, False),
)


def _repeated(step: _Step, node: Any, *, none: bool, many: bool) -> Iterable[Any]:
    found = dict.fromkeys([node] if none else [])
    waiting = list(dict.fromkeys(step(node)))
    while waiting:
        end = waiting.pop()
        if end not in found:
            found[end] = None
            waiting += step(end) if many else ()
    return found


def _chained(steps: list[_Step], node: Any) -> Iterable[Any]:
    ends: Iterable[Any] = [node]
    for step in steps:
        ends = dict.fromkeys(end for each in ends for end in step(each))
    return ends
