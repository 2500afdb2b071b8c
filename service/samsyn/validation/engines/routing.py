"""Which engine evaluates which shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from samsyn.closure.graph import ClosedGraph
from samsyn.closure.view import View
from samsyn.dataset.exact import Triple
from samsyn.errors import UsageError
from samsyn.validation.engines import advanced, default, reference
from samsyn.validation.engines.report import results
from samsyn.validation.engines.result import Outcome
from samsyn.validation.options import ENGINES
from samsyn.validation.targets import targets

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
    report = _ENGINES[engine](view, shapes)
    return Outcome(results(report), targets(view, shapes))


_ENGINES: Final[Mapping[str, Callable[[View, tuple[Triple, ...]], tuple[Triple, ...]]]] = (
    MappingProxyType({"shacl": default.run, "pyshacl": reference.run, ADVANCED: advanced.run})
)
