"""Constraints and components in SPARQL (SHACL, sections 5 and 6), evaluated by the query index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from samsyn import names
from samsyn.closure.view import View
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Term, Triple
from samsyn.errors import ToolError
from samsyn.sparql.prebinding import PrebindingError, Query, Questions
from samsyn.validation.engines.apart import Constraint, Fault
from samsyn.validation.engines.model import Shapes, plain
from samsyn.validation.engines.paths import written
from samsyn.validation.engines.report import path_text

ENGINE: Final = "pyoxigraph"
SPARQL: Final = names.SH + "SPARQLConstraintComponent"
_SHAPES_GRAPH: Final = NamedNode("urn:x-samsyn:shapes")
_PATH: Final = re.compile(r"[?$]PATH\b")
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True)
class Asked:
    """A query of a shape.

    Args:
        shape: the shape.
        component: IRI of the constraint component.
        holder: the node that has the query: the constraint, or a validator.
        text: the query, paths put in, prefixes not declared.
        query: the same, prefixes declared.
        triples: what states the constraint in the shapes graph, and nothing else.
        values: what its parameters are bound to.
        messages: the messages of the constraint or validator.
        is_ask: whether it is asked for each value node, and true where that conforms.
    """

    shape: Any
    component: str
    holder: Any
    text: str
    query: Query
    triples: tuple[Triple, ...]
    values: Mapping[str, Term] = field(default_factory=dict)
    messages: tuple[tuple[str, str], ...] = ()
    is_ask: bool = False


def asked(shapes: Shapes) -> Iterator[Asked]:
    """Yield the queries of all shapes, those of their constraint components included.

    Args:
        shapes: the shapes graph.
    """
    for shape in shapes.nodes:
        for holder in shapes.values(shape, "sparql"):
            if not shapes.is_true(holder, "deactivated") and shapes.value(holder, "select"):
                text = _text(shapes, shape, holder, "select")
                query = Query(shapes.prologue(holder) + text)
                stated = (Triple(shape, NamedNode(names.SH + "sparql"), holder),)
                messages = shapes.said(holder, "message")
                yield Asked(shape, SPARQL, holder, text, query, stated, messages=messages)
    for component in shapes.nodes:
        if shapes.values(component, "parameter"):
            yield from _instances(shapes, component)


def _text(shapes: Shapes, shape: Any, holder: Any, name: str) -> str:
    text = shapes.value(holder, name)
    path = shapes.value(shape, "path")
    select = text.value if isinstance(text, Literal) else ""
    if path is not None:
        instead = written(path, shapes)
        select = _PATH.sub(lambda _: instead, select)
    return select


def _instances(shapes: Shapes, component: Any) -> Iterator[Asked]:
    parameters = [
        (path, shapes.is_true(parameter, "optional"))
        for parameter in shapes.values(component, "parameter")
        for path in shapes.values(parameter, "path")
        if isinstance(path, NamedNode)
    ]
    mandatory = [path for path, optional in parameters if not optional]
    if not mandatory:
        return
    for shape in shapes.nodes:
        if not all(shapes.values(shape, path.value) for path in mandatory):
            continue
        holder, name = _validator(shapes, shape, component)
        if holder is None:
            continue
        text = _text(shapes, shape, holder, name)
        query = Query(shapes.prologue(holder) + text)
        stated = tuple(
            Triple(shape, p, v) for p in mandatory for v in shapes.values(shape, p.value)
        )
        messages = shapes.said(holder, "message") or shapes.said(component, "message")
        for values in _bindings(shapes, shape, [path for path, _ in parameters]):
            yield Asked(
                shape=shape,
                component=plain(component),
                holder=holder,
                text=text,
                query=query,
                triples=stated,
                values=values,
                messages=messages,
                is_ask=name == "ask",
            )


def _validator(shapes: Shapes, shape: Any, component: Any) -> tuple[Any, str]:
    """Return the validator of a component that fits a shape, and the property of its query."""
    own = "nodeValidator" if shapes.value(shape, "path") is None else "propertyValidator"
    for name in (own, "validator"):
        for holder in shapes.values(component, name):
            for form in ("select", "ask"):
                if shapes.value(holder, form):
                    return holder, form
    return None, ""


def _bindings(shapes: Shapes, shape: Any, paths: list[NamedNode]) -> Iterator[dict[str, Term]]:
    # Each value of a single parameter is a constraint of its own; of several there is one each.
    if len(paths) == 1:
        for value in shapes.values(shape, paths[0].value):
            yield {names.local(paths[0].value): value}
        return
    values = {names.local(p.value): shapes.value(shape, p.value) for p in paths}
    yield {name: value for name, value in values.items() if value is not None}


class Asking:
    """Asks a graph the queries of shapes.

    Args:
        view: the graph.
        shapes: the shapes graph.
        properties: the properties that the queries can look at.
    """

    def __init__(self, view: View, shapes: Shapes, properties: Iterable[str]) -> None:
        self._view = view
        self._shapes = shapes
        self._properties = tuple(properties)

    @cached_property
    def _questions(self) -> Questions:
        triples = (
            Triple(subject, NamedNode(property_), object_)
            for property_ in self._properties
            for subject, object_ in self._view.couples(property_)
            if not isinstance(subject, Literal)
        )
        return Questions(triples, {_SHAPES_GRAPH.value: self._shapes.triples})

    def constraint(self, each: Asked) -> Constraint:
        """Return a query as a constraint that can be evaluated."""
        judge = self._ask(each) if each.is_ask else self._select(each)
        source = each.holder if each.component == SPARQL else None
        return Constraint(each.shape, each.component, each.triples, judge, ENGINE, source)

    def _rows(self, each: Asked, values: Mapping[str, Term]) -> list[dict[str, Term]]:
        bound = {"currentShape": each.shape, "shapesGraph": _SHAPES_GRAPH, **each.values, **values}
        try:
            return self._questions.rows(each.query, bound)
        except (PrebindingError, TimeoutError) as error:
            raise ToolError(
                f"A query of the shape {_called(each.shape)} cannot be run: {error}",
                advice="Correct the shapes graph.",
            ) from error

    def _ask(self, each: Asked) -> Callable[[Any, list[Any]], Iterable[Fault]]:
        def judge(focus: Any, values: list[Any]) -> Iterator[Fault]:
            for value in values:
                bound = {"this": focus, "value": value}
                if not self._rows(each, bound):
                    yield Fault(value, messages=_filled(each.messages, {**each.values, **bound}))

        return judge

    def _select(self, each: Asked) -> Callable[[Any, list[Any]], Iterable[Fault]]:
        is_node = self._shapes.value(each.shape, "path") is None

        def judge(focus: Any, _: list[Any]) -> Iterator[Fault]:
            for row in self._rows(each, {"this": focus}):
                failure = row.get("failure")
                if isinstance(failure, Literal) and failure.value in {"true", "1"}:
                    raise ToolError(
                        f"A query of the shape {_called(each.shape)} reports a failure.",
                        advice="Correct the shapes graph, or the data that the query cannot judge.",
                    )
                yield self._fault(each, focus, row, is_node=is_node)

        return judge

    def _fault(self, each: Asked, focus: Any, row: Mapping[str, Any], *, is_node: bool) -> Fault:
        path, message = row.get("path"), row.get("message")
        own = path_text(path, self._shapes) if isinstance(path, NamedNode) else None
        bound = {**each.values, "this": focus, **row}
        if isinstance(message, Literal):
            messages: tuple[tuple[str, str], ...] = ((message.language or "", message.value),)
        else:
            messages = _filled(each.messages, bound)
        return Fault(row.get("value", focus if is_node else None), own, messages)


def _filled(
    messages: tuple[tuple[str, str], ...], values: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """Put values into messages (SHACL, section 5.3.2)."""

    def told(match: re.Match[str]) -> str:
        term = values.get(match[1])
        if term is None:
            return match[0]
        # The label of a blank node is another in each run.
        return "[]" if isinstance(term, BlankNode) else plain(getattr(term, "value", term))

    return tuple((language, _PLACEHOLDER.sub(told, text)) for language, text in messages)


def _called(shape: Any) -> str:
    return f"<{shape.value}>" if isinstance(shape, NamedNode) else "without a name"
