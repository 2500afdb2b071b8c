"""Constraints of SHACL Core that samsyn evaluates itself where an engine does it wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from samsyn import names
from samsyn.closure import literals
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.errors import ToolError
from samsyn.sparql import regex
from samsyn.validation.engines.apart import Constraint, Fault
from samsyn.validation.engines.model import Shapes
from samsyn.validation.engines.paths import Facts

ENGINE: Final = "samsyn"


def closed(shapes: Shapes, facts: Facts) -> Iterator[Constraint]:
    """Yield ``sh:closed`` of property shapes, which is about their value nodes (section 4.8.1)."""
    for shape in shapes.nodes:
        if shapes.value(shape, "path") is not None and shapes.is_true(shape, "closed"):
            judge = _closed(facts, _allowed(shapes, shape))
            yield _constraint(shapes, shape, "ClosedConstraintComponent", ("closed",), judge)


def _constraint(
    shapes: Shapes,
    shape: Any,
    component: str,
    parameters: tuple[str, ...],
    judge: Callable[[Any, list[Any]], Iterable[Fault]],
) -> Constraint:
    stated = tuple(
        Triple(shape, NamedNode(names.SH + name), value)
        for name in parameters
        for value in shapes.values(shape, name)
    )
    return Constraint(shape, names.SH + component, stated, judge, ENGINE)


def _allowed(shapes: Shapes, shape: Any) -> set[str]:
    paths = [shapes.value(part, "path") for part in shapes.values(shape, "property")]
    ignored = [
        p for head in shapes.values(shape, "ignoredProperties") for p in shapes.members(head)
    ]
    return {path.value for path in (*paths, *ignored) if isinstance(path, NamedNode)}


def _closed(facts: Facts, allowed: set[str]) -> Callable[[Any, list[Any]], Iterable[Fault]]:
    def judge(_: Any, values: list[Any]) -> Iterator[Fault]:
        for value in values:
            for property_, object_ in facts.statements(value):
                if property_ not in allowed:
                    yield Fault(object_, property_)

    return judge


def pattern(shapes: Shapes, shape: Any, found: regex.Pattern) -> Constraint:
    """Return ``sh:pattern`` of a shape (section 4.4.3).

    Args:
        shapes: the shapes graph.
        shape: the shape.
        found: its pattern.
    """

    def judge(_: Any, values: list[Any]) -> Iterator[Fault]:
        for value in values:
            if not _matches(found, value):
                yield Fault(value)

    return _constraint(shapes, shape, "PatternConstraintComponent", ("pattern", "flags"), judge)


def _matches(found: regex.Pattern, value: Any) -> bool:
    if isinstance(value, BlankNode):
        return False
    try:
        return found.matches(value.value if isinstance(value, Literal | NamedNode) else str(value))
    except TimeoutError as error:
        raise ToolError(
            f"The pattern {found.python!r} takes more than ten seconds for one value.",
            advice="Write the pattern so that fewer ways lead to a match.",
        ) from error


def without_length(shapes: Shapes) -> Iterator[Constraint]:
    """Yield ``sh:minLength 0``, which a blank node does not meet (section 4.4.1)."""

    def judge(_: Any, values: list[Any]) -> Iterator[Fault]:
        return (Fault(value) for value in values if isinstance(value, BlankNode))

    for shape in shapes.nodes:
        least = shapes.value(shape, "minLength")
        if isinstance(least, Literal) and literals.whole_number(least) == 0:
            yield _constraint(shapes, shape, "MinLengthConstraintComponent", ("minLength",), judge)


def patterns_of(shapes: Shapes) -> Iterator[tuple[Any, regex.Pattern]]:
    """Yield the shapes that have a pattern, and that.

    Raises:
        ToolError: one is no regular expression.
    """
    for shape in shapes.nodes:
        for text in shapes.values(shape, "pattern"):
            flags = shapes.value(shape, "flags")
            try:
                found = regex.read(text.value, flags.value if isinstance(flags, Literal) else "")
            except regex.PatternError as error:
                raise ToolError(
                    f"sh:pattern {text.value!r} is no regular expression: {error}.",
                    advice="Correct the shapes graph.",
                ) from error
            yield shape, found


def with_patterns(shapes: Iterable[Triple], instead: dict[Any, str]) -> Iterator[Triple]:
    """Yield shapes with other patterns, their flags written into them.

    Args:
        shapes: the shapes graph.
        instead: the patterns by shape.
    """
    for triple in shapes:
        name = triple.predicate.value
        if triple.subject in instead and name == names.SH + "pattern":
            yield Triple(triple.subject, triple.predicate, Literal(instead[triple.subject]))
        elif triple.subject not in instead or name != names.SH + "flags":
            yield triple
