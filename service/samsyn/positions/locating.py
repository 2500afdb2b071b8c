"""Where quads are in a file.

In Turtle, TriG, N-Triples and N-Quads a quad is named by its number in the sequence that the parser
gives. Its tokens are turned into terms again, by the parser, with the prefixes in force; a quad
whose tokens do not give the very terms that the first reading gave has no place. So has one that
is in or after an annotation of RDF 1.2 which the parser reads in an order of its own: several
reifiers in a row inside another annotation.

In RDF/XML and JSON-LD the place is that of the element or the value that gives the quad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from samsyn.dataset.exact import BlankNode, NamedNode, Quad, Triple
from samsyn.dataset.jsonld.contexts import Contexts
from samsyn.positions.elements import elements
from samsyn.positions.jsonld import objects
from samsyn.positions.text import Region
from samsyn.positions.turtle.document_structure import Spotted, UnexpectedError
from samsyn.positions.turtle.node import FRESH, Node
from samsyn.positions.turtle.quads import Walk
from samsyn.positions.window import Window


@dataclass(frozen=True)
class Spot:
    """Where a quad stands.

    What is not written has the place of what it follows from: in a list, the nodes and the
    predicates have that of the parenthesis or of the item; a blank node in brackets has that of
    its bracket.

    Args:
        subject: the token of its subject.
        predicate: the token of its predicate.
        object: the token of its object.
        exact: whether these are tokens; if not, all three are the element or the value that gives
            the quad, or that describes its subject.
    """

    subject: Region
    predicate: Region
    object: Region
    exact: bool = True


def locate(
    source: bytes | BinaryIO,
    form: str,
    wanted: Mapping[int, Quad],
    *,
    base: str | None = None,
    total: int | None = None,
) -> dict[int, Spot]:
    """Find where quads are in a file.

    The file is read in parts, but for JSON-LD; what is kept grows with the number of wanted quads
    only.

    Args:
        source: the document, or the file open for reading bytes. Of a byte order mark no account
            is taken.
        form: short name of the format.
        wanted: the quads to find by their number, from 0, in the order in which the parser gave
            them. Blank nodes may have other labels than the parser's.
        base: the base IRI that the file was parsed with.
        total: how many quads the parser gave; if known, the whole file is read, and no place is
            given if it seems to hold another number. In RDF/XML and JSON-LD it does not count.

    Returns:
        The places by number, without the quads that were not met where they should be.
    """
    if form == "rdfxml":
        return {n: _whole(region) for n, region in elements(source, wanted, base=base).items()}
    if form == "jsonld":
        return locate_objects(source, wanted, base=base)
    reading = _Reading(Window(source), form, wanted, base)
    try:
        reading.walk.run(to_the_end=total is not None)
    except UnexpectedError:
        return reading.found if total is None else {}
    return reading.found if total in (None, reading.walk.count) else {}


def locate_objects(
    source: bytes | BinaryIO,
    wanted: Mapping[int, Quad],
    *,
    base: str | None = None,
    contexts: Contexts | None = None,
) -> dict[int, Spot]:
    """Find where quads are in a file of JSON-LD, as :func:`locate` does.

    Args:
        source: the document, or the file open for reading bytes.
        wanted: the quads to find by their number.
        base: the base IRI that the file was parsed with.
        contexts: where the contexts that it names were taken from.
    """
    found = objects(source, wanted, base=base, contexts=contexts)
    return {number: _whole(region) for number, region in found.items()}


def _whole(region: Region) -> Spot:
    return Spot(region, region, region, exact=False)


class _Reading:
    # The places found so far, and which blank node of the document is which of the wanted quads.
    def __init__(
        self, window: Window, form: str, wanted: Mapping[int, Quad], base: str | None
    ) -> None:
        self.found: dict[int, Spot] = {}
        self.walk = Walk(window, form, wanted, self._keep, base)
        self._window = window
        self._quads = wanted
        self._theirs: dict[str | int, BlankNode] = {}
        self._ours: dict[BlankNode, str | int] = {}
        self._nodes: list[Node] = []

    def _keep(self, number: int, spotted: Spotted) -> None:
        quad = self._quads[number]
        terms = (quad.subject, quad.predicate, quad.object)
        if all(self._same(node, term) for node, term in zip(spotted, terms, strict=True)):
            subject, predicate, object_ = (node.region(self._window) for node in spotted)
            self.found[number] = Spot(subject, predicate, object_)

    def _same(self, node: Node, term: Any) -> bool:
        if isinstance(node.meaning, tuple):
            if not isinstance(term, Triple):
                return False
            terms = (term.subject, term.predicate, term.object)
            return all(map(self._same, node.meaning, terms))
        if node.meaning == FRESH:
            return self._same_blank(self._number(node), term)
        if node.meaning is not None:
            return bool(term == NamedNode(node.meaning))
        text = node.text(self._window)
        if text.startswith("_:"):
            return self._same_blank(text, term)
        return bool(term == self.walk.prefixes.term(text))

    def _number(self, node: Node) -> int:
        # Nodes are kept so that no other can come by the same number.
        self._nodes.append(node)
        return id(node)

    def _same_blank(self, ours: str | int, theirs: Any) -> bool:
        if not isinstance(theirs, BlankNode):
            return False
        known = self._theirs.setdefault(ours, theirs)
        return known == theirs and self._ours.setdefault(theirs, ours) == ours
