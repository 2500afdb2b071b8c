"""Value ranges, ``sh:lessThan`` and ``sh:lessThanOrEquals``, where an engine does them wrongly.

Values are compared as the operator ``<`` of SPARQL does (SPARQL 1.1, section 17.3). What it does
not compare, such as texts with a language, meets none of these constraints. The default engine
compares the writing of such texts and of addresses, and both it and the query index take a number
that is too great for its datatype. The reference raises errors, and compares more than SPARQL does.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final

from samsyn import names
from samsyn.closure import literals
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.sparql.prebinding import is_true
from samsyn.validation.engines.apart import Constraint, Fault
from samsyn.validation.engines.model import Shapes
from samsyn.validation.engines.paths import Facts

ENGINE: Final = "samsyn"
_RANGES: Final = ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
_PAIRS: Final = ("lessThan", "lessThanOrEquals")
_NUMBERS: Final = frozenset({"decimal", "float", "double"})
_CAST: Final = frozenset(
    names.XSD + name
    for name in ("date", "dateTime", "time", "dayTimeDuration", "yearMonthDuration")
)
_TEXTS: Final = literals.TEXTS | {names.XSD + "anyURI"}
_EXACT: Final = frozenset(names.XSD + name for name in ("integer", "decimal", "double", "float"))
_MAY_STAY: Final = frozenset({"zeroOrMorePath", "zeroOrOnePath"})


def orders(shapes: Shapes, facts: Facts, *, all_: bool) -> Iterator[Constraint]:
    """Yield the constraints that compare values.

    Args:
        shapes: the shapes graph.
        facts: the data.
        all_: whether all are wanted; else those that the default engine may do wrongly.
    """
    doubts = cache(lambda property_: _doubts(facts, property_))
    for shape in shapes.nodes:
        for name in _RANGES:
            bounds = shapes.values(shape, name)
            if len(bounds) == 1 and (all_ or _is_doubtful(shapes, shape, bounds[0], doubts)):
                yield _constraint(shape, name, bounds[0], _range(name, bounds[0]))
        for name in _PAIRS:
            for other in shapes.values(shape, name):
                used = [*(_properties(shapes, shape) or ()), other.value]
                if all_ or _may_stay(shapes, shape) or any(any(doubts(each)) for each in used):
                    yield _constraint(shape, name, other, _pairs(name, other.value, facts))


def _constraint(
    shape: Any, name: str, value: Any, judge: Callable[[Any, list[Any]], Iterable[Fault]]
) -> Constraint:
    component = f"{names.SH}{name[0].upper()}{name[1:]}ConstraintComponent"
    stated = (Triple(shape, NamedNode(names.SH + name), value),)
    return Constraint(shape, component, stated, judge, ENGINE)


def _range(name: str, bound: Any) -> Callable[[Any, list[Any]], Iterable[Fault]]:
    equal = name.endswith("Inclusive")

    def judge(_: Any, values: list[Any]) -> Iterator[Fault]:
        for value in values:
            pair = (bound, value) if name.startswith("min") else (value, bound)
            if not is_less(*pair, or_equal=equal):
                yield Fault(value)

    return judge


def _pairs(name: str, other: str, facts: Facts) -> Callable[[Any, list[Any]], Iterable[Fault]]:
    equal = name.endswith("Equals")

    def judge(focus: Any, values: list[Any]) -> Iterator[Fault]:
        others = dict.fromkeys(facts.objects(focus, other))
        for value in values:
            for each in others:
                if not is_less(value, each, or_equal=equal):
                    yield Fault(value)

    return judge


def _is_doubtful(
    shapes: Shapes, shape: Any, bound: Any, doubts: Callable[[str], tuple[bool, bool]]
) -> bool:
    """Return whether the default engine may compare a bound with values wrongly."""
    kind = bound.datatype.value if isinstance(bound, Literal) else ""
    if kind in _TEXTS or not isinstance(bound, Literal) or literals.is_ill_typed(bound):
        return True
    if literals.value(bound) is None:  # a date, say
        return False
    return _may_stay(shapes, shape) or any(
        doubts(each)[1] for each in _properties(shapes, shape) or ()
    )


def _doubts(facts: Facts, property_: str) -> tuple[bool, bool]:
    """Tell of a property whether its values are texts, and numbers too great for their datatype."""
    found = [each for each in facts.view.objects(property_) if isinstance(each, Literal)]
    odd = {each for each in found if each.datatype.value not in _TEXTS | _EXACT}
    texts = any(each.language or each.datatype.value in _TEXTS - literals.TEXTS for each in found)
    return texts, any(map(literals.is_ill_typed, odd))


def _may_stay(shapes: Shapes, shape: Any) -> bool:
    """Return whether a focus node may be a value node of its own."""
    return _properties(shapes, shape) is None


def _properties(shapes: Shapes, shape: Any) -> list[str] | None:
    """Return the properties of a shape's path; None if the path may lead nowhere else."""
    path = shapes.value(shape, "path")
    if path is None:
        return None
    found, waiting, met = [], [path], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, NamedNode):
            found.append(part.value)
        elif part not in met:
            met.add(part)
            if any(shapes.value(part, name) is not None for name in _MAY_STAY):
                return None
            waiting += shapes.members(part)
            for name in ("inversePath", "oneOrMorePath"):
                waiting += shapes.values(part, name)
            waiting += [
                m for h in shapes.values(part, "alternativePath") for m in shapes.members(h)
            ]
    return found


def is_less(one: Any, other: Any, *, or_equal: bool = False) -> bool:
    """Return whether one value is less than another; of what is not compared it is not.

    Args:
        one: a term.
        other: a term.
        or_equal: whether it may be equal.
    """
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return False
    kind = one.datatype.value
    if kind in _CAST:
        return kind == other.datatype.value and _by_query(one.value, other.value, kind, or_equal)
    left, right = literals.value(one), literals.value(other)
    if left is None or right is None:
        return False
    if left[0] in _NUMBERS and right[0] in _NUMBERS:
        pair = _numbers(left, right)
    elif left[0] == right[0] and left[0] in {"string", "boolean"}:
        pair = (left[1], right[1])
    else:
        return False
    return bool(pair[0] <= pair[1] if or_equal else pair[0] < pair[1])


def _numbers(one: literals.Value, other: literals.Value) -> tuple[Any, Any]:
    """Return two numbers of one type, the wider of theirs (XPath 2.0, appendix B.1)."""
    kinds = {one[0], other[0]}
    if kinds == {"decimal"}:
        return Decimal(one[1]), Decimal(other[1])  # type: ignore[arg-type]  # a number or its text
    pair = float(one[1]), float(other[1])  # type: ignore[arg-type]
    return pair if "double" in kinds else (_single(pair[0]), _single(pair[1]))


def _single(number: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _by_query(one: str, other: str, kind: str, or_equal: bool) -> bool:  # noqa: FBT001
    # The engine takes equal terms for equal values, whatever is in them: a cast does not.
    left, right = (f"<{kind}>({Literal(text)})" for text in (one, other))
    return is_true(f"!({right} < {left})" if or_equal else f"{left} < {right}")
