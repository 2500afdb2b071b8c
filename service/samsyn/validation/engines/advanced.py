"""The Advanced Features of SHACL, which the reference engine has: rules, functions, expressions."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn import names
from samsyn.closure.view import View
from samsyn.dataset.exact import Triple, from_rdflib, to_rdflib
from samsyn.validation.engines import reference
from samsyn.validation.engines.result import failure

_RULE = names.SH + "rule"


def run(view: View, shapes: tuple[Triple, ...], extra: Sequence[Triple] = ()) -> tuple[Triple, ...]:
    """Check a graph against shapes with functions and expressions, and return the report graph.

    Rules are not run: they were before, by :func:`inferred`.

    Args:
        view: the graph.
        shapes: the shapes graph.
        extra: triples that the graph is to have as well.

    Raises:
        ToolError: the shapes are faulty, or the engine failed.
    """
    kept = tuple(triple for triple in shapes if triple.predicate.value != _RULE)
    return reference.run(view, kept, extra, advanced=True)


def inferred(view: View, shapes: Sequence[Triple], *, iterate: bool) -> tuple[Triple, ...]:
    """Run the rules of a shapes graph, and return the triples that they add to a graph.

    Args:
        view: the graph.
        shapes: the shapes graph.
        iterate: whether the rules of each shape are run until they add nothing more; else once.

    Raises:
        ToolError: a rule is faulty, or the engine failed.
    """
    if not any(triple.predicate.value == _RULE for triple in shapes):
        return ()
    import pyshacl

    try:
        with reference.quietly():
            graph = to_rdflib(view.triples())
            held = set(graph)
            pyshacl.shacl_rules(
                graph, shacl_graph=to_rdflib(shapes), iterate_rules=iterate, inplace=True
            )
    except Exception as error:
        raise failure("pyshacl", error) from error
    return from_rdflib(triple for triple in sorted(graph) if triple not in held)
