"""The reference engine, pySHACL."""

from __future__ import annotations

import logging
import warnings

from samsyn.closure.view import View
from samsyn.dataset.exact import Triple, from_rdflib, read_back, to_rdflib
from samsyn.validation.engines.result import failure


def run(view: View, shapes: tuple[Triple, ...]) -> tuple[Triple, ...]:
    """Check a graph against shapes and return the report graph.

    Args:
        view: the graph.
        shapes: the shapes graph.

    Raises:
        ToolError: the shapes are faulty, or the engine failed.
    """
    import pyshacl

    data = read_back("".join(view.lines()).encode(), path="data")
    quiet = logging.getLogger("samsyn.pyshacl")
    quiet.setLevel(logging.CRITICAL)
    # It would tell of each literal that is no value of its datatype, which is for shapes to say.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pySHACL's own use of old rdflib names
            _, report, text = pyshacl.validate(
                to_rdflib(data), shacl_graph=to_rdflib(shapes), inference="none", logger=quiet
            )
    except (ValueError, RuntimeError) as error:
        raise failure("pyshacl", error) from error
    if isinstance(report, Exception):
        raise failure("pyshacl", report)
    if isinstance(report, bytes | str):
        raise failure("pyshacl", RuntimeError(text))
    return from_rdflib(report)
