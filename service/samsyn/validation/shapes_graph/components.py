"""The constraint components that a shapes graph declares, and the shapes that use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.validation.shapes_graph.executables import VALIDATORS
from samsyn.validation.shapes_graph.graph import ShapesGraph


class Components:
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

    def unused(self, shape: Any) -> Iterator[tuple[int, Any, list[str]]]:
        """Yield the components that a shape has parameters of, but not all that are needed.

        Yields:
            Number of the triple, the component, and the IRIs of the missing parameters.
        """
        for property_ in self._graph.predicates(shape):
            found = self.of(property_)
            if any(not self._missing(component, shape) for component in found):
                continue
            for component in found:
                index = self._graph.values(shape, property_)[0][0]
                yield index, component, self._missing(component, shape)

    def unusable(self, shape: Any) -> Iterator[tuple[int, Any]]:
        """Yield the components that a shape uses and that have no validator for it.

        Yields:
            Number of the triple, and the component.
        """
        for property_ in self._graph.predicates(shape):
            for component in self.of(property_):
                if not self._missing(component, shape) and not self._can_run(component, shape):
                    yield self._graph.values(shape, property_)[0][0], component

    def repeated(self, shape: Any) -> Iterator[tuple[int, Any]]:
        """Yield the components of several parameters of which a shape has one more than once.

        Which values belong together is not said, so that the shapes graph is ill-formed.

        Yields:
            Number of the triple, and the component.
        """
        for property_ in self._graph.predicates(shape):
            for component in self.of(property_):
                if len(self._paths(component)) > 1 and not self._missing(component, shape):
                    for index, _ in self._graph.values(shape, property_)[1:]:
                        yield index, component

    def _missing(self, component: Any, shape: Any) -> list[str]:
        held = self._graph.predicates(shape)
        return [path for path in self._paths(component, needed=True) if path not in held]

    def _can_run(self, component: Any, shape: Any) -> bool:
        name = "propertyValidator" if self._graph.values(shape, "path") else "nodeValidator"
        return any(
            self._graph.values(node, form)
            for each in (name, "validator")
            for _, node in self._graph.values(component, each)
            for form in ("select", "ask")
        )

    def _is_component(self, subject: Any) -> bool:
        # A type of targets and a function have parameters too.
        kinds = self._kinds(subject)
        if names.SH + "ConstraintComponent" in kinds:
            return True
        return any(self._graph.values(subject, name) for name in VALIDATORS)

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
