"""The triples of a shapes graph by subject, each with its number; the lists and paths in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Quad, Triple
from samsyn.validation.engines.targets import deactivated

FIRST: Final = names.RDF + "first"
REST: Final = names.RDF + "rest"
NIL: Final = NamedNode(names.RDF + "nil")
UNARY: Final = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
"""What turns one path into another."""


class ShapesGraph:
    """A shapes graph.

    Args:
        triples: its triples, in the order of the file.
    """

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self.triples: tuple[Any, ...] = tuple(triples)
        self._of: dict[Any, dict[str, list[tuple[int, Any]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        met: set[Any] = set()
        for index, triple in enumerate(self.triples):
            # A graph is a set: what a document or several say again is said once.
            stated = (triple.subject, triple.predicate, triple.object)
            if stated in met:
                continue
            met.add(stated)
            self._of[triple.subject][triple.predicate.value].append((index, triple.object))

    @property
    def subjects(self) -> tuple[Any, ...]:
        """The subjects, by first appearance."""
        return tuple(self._of)

    @cached_property
    def off(self) -> frozenset[Any]:
        """The shapes that are switched off, with the blank nodes inside of them."""
        found = set[Any](deactivated(self.triples))
        waiting = list(found)
        while waiting:
            values = (value for held in self._about(waiting.pop()) for _, value in held)
            new = {value for value in values if isinstance(value, BlankNode)} - found
            found |= new
            waiting += new
        return frozenset(found)

    def _about(self, subject: Any) -> Iterable[list[tuple[int, Any]]]:
        return self._of[subject].values() if subject in self._of else ()

    def has(self, subject: Any) -> bool:
        """Return whether anything is said of a node."""
        return subject in self._of

    def is_named(self, node: Any) -> bool:
        """Return whether a node is the object of a triple."""
        return any(triple.object == node for triple in self.triples)

    def predicates(self, subject: Any) -> tuple[str, ...]:
        """Return what is said of a node, by IRI of the property."""
        return tuple(self._of[subject]) if subject in self._of else ()

    def values(self, subject: Any, property_: str) -> list[tuple[int, Any]]:
        """Return the values of a property, each with the number of its triple.

        Args:
            subject: the node.
            property_: a local name of SHACL, or an IRI.
        """
        iri = property_ if ":" in property_ else names.SH + property_
        return self._of[subject][iri] if subject in self._of and iri in self._of[subject] else []

    def types(self, subject: Any) -> set[str]:
        """Return the IRIs of the types of a node."""
        found = self.values(subject, names.RDF_TYPE)
        return {kind.value for _, kind in found if isinstance(kind, NamedNode)}

    def first(self, subject: Any) -> int | None:
        """Return the number of the first triple about a node."""
        return min((index for held in self._about(subject) for index, _ in held), default=None)

    def members(self, head: Any) -> list[Any] | None:
        """Return the members of a list, None if it is none."""
        found: list[Any] = []
        seen = set()
        while head != NIL:
            first, rest = self.values(head, FIRST), self.values(head, REST)
            if head in seen or len(first) != 1 or len(rest) != 1:
                return None
            seen.add(head)
            found.append(first[0][1])
            head = rest[0][1]
        return None if self.has(NIL) else found

    def is_path(self, term: Any, above: tuple[Any, ...] = ()) -> bool:
        """Return whether a term is a property path as SHACL has them."""
        if isinstance(term, NamedNode):
            return term != NIL
        if not isinstance(term, BlankNode) or term in above:
            return False
        return all(self.is_path(part, (*above, term)) for part in self.path_parts(term) or (None,))

    def path_parts(self, node: Any) -> list[Any]:
        """Return the paths that a path has in it; it is a list, or one thing is said of it."""
        if self.values(node, FIRST):
            return self._several(node)
        stated = [(p, value) for p in self.predicates(node) for _, value in self.values(node, p)]
        if len(stated) != 1:
            return []
        property_, value = stated[0]
        name = property_.removeprefix(names.SH)
        if name == "alternativePath":
            return self._several(value)
        return [value] if name in UNARY else []

    def _several(self, head: Any) -> list[Any]:
        found = self.members(head) or []
        return found if len(found) > 1 else []

    def reached(self, node: Any) -> Iterator[Any]:
        """Yield the triples about a node, and about the nodes that these name, and so on."""
        waiting, seen = [node], {node}
        while waiting:
            subject = waiting.pop()
            for property_ in self.predicates(subject):
                for index, value in self.values(subject, property_):
                    yield self.triples[index]
                    if value not in seen and not isinstance(value, Literal):
                        seen.add(value)
                        waiting.append(value)
