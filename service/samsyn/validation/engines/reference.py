"""The reference engine, pySHACL."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from samsyn import names
from samsyn.closure.view import View
from samsyn.dataset.exact import NamedNode, Triple, from_rdflib, read_back, to_rdflib
from samsyn.sparql.regex import Pattern
from samsyn.validation.engines.model import Shapes
from samsyn.validation.engines.result import failure


def run(
    view: View,
    shapes: tuple[Triple, ...],
    extra: Sequence[Triple] = (),
    *,
    advanced: bool = False,
) -> tuple[Triple, ...]:
    """Check a graph against shapes and return the report graph.

    Args:
        view: the graph.
        shapes: the shapes graph.
        extra: triples that the graph is to have as well.
        advanced: whether the Advanced Features are on.

    Raises:
        ToolError: the shapes are faulty, or the engine failed.
    """
    import pyshacl

    data = [*read_back("".join(view.lines()).encode(), path="data"), *extra]
    try:
        with quietly() as quiet:
            _, report, text = pyshacl.validate(
                to_rdflib(data),
                shacl_graph=to_rdflib(shapes),
                inference="none",
                advanced=advanced,
                logger=quiet,
            )
    except Exception as error:
        raise failure("pyshacl", error) from error
    if isinstance(report, Exception):
        raise failure("pyshacl", report)
    if isinstance(report, bytes | str):
        raise failure("pyshacl", RuntimeError(text))
    return from_rdflib(report)


@contextmanager
def quietly() -> Iterator[logging.Logger]:
    """Keep the engine from writing to logs, and give it a logger that does not."""
    quiet = logging.getLogger("samsyn.pyshacl")
    # It would tell of each literal that is no value of its datatype, which is for shapes to say.
    for logger in (quiet, logging.getLogger("rdflib.term"), logging.getLogger("pyshacl-rules")):
        logger.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pySHACL's own use of old rdflib names
        yield quiet


def prepared(shapes: tuple[Triple, ...]) -> Iterator[Triple]:
    """Yield shapes with the prefixes of imported ontologies declared where queries look them up."""
    yield from shapes
    graph = Shapes(shapes)
    for node in graph.nodes:
        for entry in graph.declarations(node):
            for holder in graph.values(node, "prefixes"):
                yield Triple(holder, NamedNode(names.SH + "declare"), entry)


def takes(pattern: Pattern) -> bool:
    """Return whether the engine reads a regular expression of XPath to mean the same.

    It reads it by Python's rules, by which ``$`` also is before a line feed at the end.
    """
    return pattern.same and not re.search(r"\\[pPzZ]|\(\?", pattern.python)
