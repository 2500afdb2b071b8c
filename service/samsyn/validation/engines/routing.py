"""Which engine evaluates which shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from samsyn.closure.graph import ClosedGraph
from samsyn.closure.view import View
from samsyn.dataset.exact import NamedNode, Triple, term_of
from samsyn.errors import UsageError
from samsyn.validation.engines import advanced, default, reference
from samsyn.validation.engines.apart import Constraint, split
from samsyn.validation.engines.attribution import attributed
from samsyn.validation.engines.core import (
    closed,
    pattern,
    patterns_of,
    with_patterns,
    without_length,
)
from samsyn.validation.engines.doubt import Doubt
from samsyn.validation.engines.model import Shapes, plain
from samsyn.validation.engines.ordering import orders
from samsyn.validation.engines.paths import Facts
from samsyn.validation.engines.queries import Asking, asked
from samsyn.validation.engines.reach import out_of_reach
from samsyn.validation.engines.report import results
from samsyn.validation.engines.result import Outcome, Result
from samsyn.validation.engines.targets import Target, targets
from samsyn.validation.options import ENGINES

ADVANCED: Final = "pyshacl-advanced"
"""The reference engine with the Advanced Features, which no user names as an engine."""


def validate(data: Iterable[Triple], shapes: Iterable[Triple], *, engine: str = "shacl") -> Outcome:
    """Check triples against shapes; nothing is inferred first.

    Args:
        data: the triples to check, with the subclass tree that the targets need.
        shapes: the shapes graph.
        engine: ``shacl`` or ``pyshacl``.

    Raises:
        UsageError: there is no such engine.
        ToolError: the shapes are faulty, or the engine failed.
    """
    return examine(View(ClosedGraph(data, ())), tuple(shapes), engine=engine)


def examine(view: View, shapes: tuple[Triple, ...], *, engine: str = "shacl") -> Outcome:
    """Check a graph against shapes.

    Args:
        view: the graph, with all that is to count as holding.
        shapes: the shapes graph.
        engine: ``shacl`` or ``pyshacl``.

    Raises:
        UsageError: there is no such engine.
        ToolError: the shapes are faulty, or the engine failed.
    """
    if engine not in _ENGINES:
        raise UsageError(f"Unknown engine {engine!r}.", advice=f"Engines: {', '.join(ENGINES)}")
    found = targets(view, shapes)
    model, facts = Shapes(shapes), Facts(view)
    focus_nodes = {node: target.nodes for node, target in _by_node(model, found)}
    written, chosen = _ENGINES[engine].apart(model, facts)
    hidden = out_of_reach(model)
    constraints = [each for each in chosen if each.shape not in hidden]
    rest = split(model, facts, focus_nodes, constraints)
    given = tuple(_ENGINES[engine].prepared(tuple(with_patterns(rest.shapes, written))))
    report = _ENGINES[engine].run(view, given, rest.marks)
    told = [each for each in results(report) if each.shape not in rest.helpers]
    if engine != "shacl":
        told = [_without_words(each, model) for each in told]
    told = list(attributed(told, model, facts))
    evaluated = {(plain(c.shape), c.engine) for c in constraints}
    return Outcome(tuple(sorted([*told, *rest.results])), found, tuple(sorted(evaluated)))


def _without_words(result: Result, shapes: Shapes) -> Result:
    """Return a result of SHACL Core without the engine's own message, which differs by engine."""
    own = result.constraint or ":" in result.component or result.component in _SPEAKING
    node = _node(result.shape)
    return result if own or shapes.said(node, "message") else replace(result, messages=())


_SPEAKING: Final = frozenset({"SPARQLConstraintComponent", "JSConstraintComponent"})


def _node(name: str) -> Any:
    return term_of(name) if name.startswith("_:") else NamedNode(name)


def _by_node(shapes: Shapes, found: Iterable[Target]) -> Iterator[tuple[Any, Target]]:
    nodes = {plain(node): node for node in shapes.nodes}
    for target in found:
        yield nodes[target.shape], target


@dataclass(frozen=True)
class _Engine:
    """An engine, and what is kept from it.

    Args:
        run: checks a graph, with some triples as well, against shapes and returns the report graph.
        prepared: returns shapes as the engine understands them.
        apart: returns what patterns it gets in place of those of some shapes, and the constraints
            that it is not to evaluate.
    """

    run: Callable[[View, tuple[Triple, ...], Sequence[Triple]], tuple[Triple, ...]]
    prepared: Callable[[tuple[Triple, ...]], Iterable[Triple]]
    apart: Callable[[Shapes, Facts], tuple[dict[Any, str], list[Constraint]]]


def _apart_from_default(shapes: Shapes, facts: Facts) -> tuple[dict[Any, str], list[Constraint]]:
    constraints = [*closed(shapes, facts), *_doubtful(shapes, facts)]
    constraints += orders(shapes, facts, all_=False)
    written: dict[Any, str] = {}
    for shape, found in patterns_of(shapes):
        if found.rust is None or not default.takes(found.rust):
            constraints.append(pattern(shapes, shape, found))
        elif not found.same:
            written[shape] = found.rust
    return written, constraints


def _apart_from_reference(shapes: Shapes, facts: Facts) -> tuple[dict[Any, str], list[Constraint]]:
    found = [
        pattern(shapes, shape, each)
        for shape, each in patterns_of(shapes)
        if not reference.takes(each)
    ]
    found += [*without_length(shapes), *orders(shapes, facts, all_=True)]
    return {}, [*found, *_doubtful(shapes, facts)]


def _doubtful(shapes: Shapes, facts: Facts) -> Iterator[Constraint]:
    doubt = Doubt(facts.view, shapes)
    doubtful = [each for each in asked(shapes) if doubt.about(each)]
    looked_at = set[str]().union(*map(doubt.looked_at, doubtful))
    return map(Asking(facts.view, shapes, looked_at).constraint, doubtful)


_ENGINES: Final[Mapping[str, _Engine]] = MappingProxyType(
    {
        "shacl": _Engine(default.run, tuple, _apart_from_default),
        "pyshacl": _Engine(reference.run, reference.prepared, _apart_from_reference),
        ADVANCED: _Engine(advanced.run, reference.prepared, _apart_from_reference),
    }
)
