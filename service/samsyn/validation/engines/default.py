"""The default engine, ``shacl``, which is written in Rust.

It gets N-Triples, so that terms arrive as written. It names blank nodes again, by number in order
of first occurrence, those of the shapes first; it does not say so, and a test holds it to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from samsyn import names
from samsyn.closure.view import View
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple, ntriples, read_back
from samsyn.validation.engines.property_filter import looked_at
from samsyn.validation.engines.result import failure
from samsyn.validation.engines.simplification import rewritten, without_idle


def run(view: View, shapes: tuple[Triple, ...], extra: Sequence[Triple] = ()) -> tuple[Triple, ...]:
    """Check a graph against shapes and return the report graph.

    Args:
        view: the graph.
        shapes: the shapes graph.
        extra: triples that the graph is to have as well.

    Raises:
        ToolError: the shapes are faulty, or the engine failed.
    """
    import shacl

    shapes, pointers = pointed(shapes)
    extra = (*extra, *pointers)
    data = "".join(view.lines(looked_at(shapes))) + ntriples(extra).decode()
    shapes = rewritten(without_idle(shapes, view.properties))
    try:
        compiled = shacl.Shapes.from_text(ntriples(shapes).decode(), "ntriples")
        report = compiled.validate_text(data, "ntriples").serialize("ntriples")
    except BaseException as error:  # a panic of the engine is no Exception
        raise failure("shacl", error) from error
    told = read_back(report.encode(), path="report")
    blank = list(dict.fromkeys([*view.blank, *_blank(extra)]))
    return tuple(_relabelled(told, _blank(shapes), blank))


def pointed(shapes: Iterable[Triple]) -> tuple[tuple[Triple, ...], tuple[Triple, ...]]:
    """Return shapes without blank nodes as targets, and triples that point to these in their place.

    The engine takes a blank node of the shapes for another than that of the data. The triples go
    to the node, not from it, so that nothing about the node is different.

    Args:
        shapes: the shapes graph.
    """
    kept: list[Triple] = []
    extra: list[Triple] = []
    for triple in shapes:
        if triple.predicate.value == _TARGET_NODE and isinstance(triple.object, BlankNode):
            property_ = NamedNode(f"urn:x-samsyn:target/{len(extra)}")
            extra.append(Triple(NamedNode("urn:x-samsyn:target"), property_, triple.object))
            kept.append(Triple(triple.subject, _TARGET_OBJECTS_OF, property_))
        else:
            kept.append(triple)
    return tuple(kept), tuple(extra)


_TARGET_NODE: Final = names.SH + "targetNode"
_TARGET_OBJECTS_OF: Final = NamedNode(names.SH + "targetObjectsOf")


def _blank(shapes: Iterable[Triple]) -> list[BlankNode]:
    ends = (term for triple in shapes for term in (triple.subject, triple.object))
    return list(dict.fromkeys(term for term in ends if isinstance(term, BlankNode)))


_NUMBERED: Final = re.compile(r"([01])_b(\d+)")


def _relabelled(
    report: Iterable[Triple], shapes: Sequence[BlankNode], data: Sequence[BlankNode]
) -> Iterator[Triple]:
    def known(term: object) -> object:
        match = _NUMBERED.fullmatch(term.value) if isinstance(term, BlankNode) else None
        if match is None:
            return term
        number = int(match[2])
        return shapes[number] if match[1] == "1" else data[number - len(shapes)]

    for triple in report:
        yield Triple(known(triple.subject), triple.predicate, known(triple.object))  # type: ignore[arg-type]  # a subject stays one


@cache
def takes(pattern: str) -> bool:
    """Return whether the engine takes a regular expression, written in its dialect."""
    about, sh = NamedNode("urn:x-samsyn:shape"), names.SH
    stated = [
        Triple(about, NamedNode(sh + "targetNode"), about),
        Triple(about, NamedNode(sh + "pattern"), Literal(pattern)),
    ]
    return refusal(stated) is None


def refusal(shapes: Iterable[Triple]) -> str | None:
    """Return what the default engine says against shapes, None if it takes them.

    Args:
        shapes: a shapes graph, or the part of one that is to be tried; the engine runs it on
            nothing, since some of what it refuses shows only then.
    """
    import shacl

    try:
        tried = shacl.Shapes.from_text(ntriples(shapes).decode(), "ntriples")
        tried.validate_text("<urn:s> <urn:p> <urn:o> .", "ntriples")
    except (ValueError, RuntimeError) as error:
        return str(error)
    return None
