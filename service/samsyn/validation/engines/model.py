"""The shapes of a shapes graph, as far as they have to be understood beside the engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple

ON_NODES: Final = ("node", "not", "qualifiedValueShape")
"""Properties whose values are shapes that decide something of each value node."""
IN_LISTS: Final = ("and", "or", "xone")
"""The same for lists of shapes."""


class Shapes:
    """A shapes graph.

    Args:
        triples: its triples.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        self._about: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for triple in self.triples:
            self._about[triple.subject][triple.predicate.value].append(triple.object)

    @property
    def nodes(self) -> tuple[Any, ...]:
        """The subjects, by first appearance."""
        return tuple(self._about)

    def values(self, node: Any, name: str) -> list[Any]:
        """Return the values of a property.

        Args:
            node: the subject.
            name: a local name of SHACL, or an IRI.
        """
        iri = name if ":" in name else names.SH + name
        about = self._about.get(node)
        return about.get(iri, []) if about else []

    def value(self, node: Any, name: str) -> Any:
        """Return the first value of a property, None if there is none."""
        return next(iter(self.values(node, name)), None)

    def is_true(self, node: Any, name: str) -> bool:
        """Return whether a property is true."""
        value = self.value(node, name)
        return isinstance(value, Literal) and value.value in {"true", "1"}

    def members(self, head: Any) -> list[Any]:
        """Return the members of a list."""
        members: list[Any] = []
        seen = set()
        while head not in seen and self.values(head, names.RDF + "first"):
            seen.add(head)
            members.append(self.value(head, names.RDF + "first"))
            head = self.value(head, names.RDF + "rest")
        return members

    def deciding(self, node: Any) -> Iterator[Any]:
        """Yield the shapes that a shape asks of its value nodes and reports nothing of."""
        for name in ON_NODES:
            yield from self.values(node, name)
        for name in IN_LISTS:
            for head in self.values(node, name):
                yield from self.members(head)

    def said(self, node: Any, name: str) -> tuple[tuple[str, str], ...]:
        """Return the texts of a property of SHACL as pairs of language and text."""
        texts = (value for value in self.values(node, name) if isinstance(value, Literal))
        return tuple(sorted((text.language or "", text.value) for text in texts))

    def prologue(self, node: Any) -> str:
        """Return the declarations of the prefixes that a query may use (SHACL, section 5.2.1)."""
        lines = {
            f"PREFIX {prefix.value}: <{namespace.value}>\n": None
            for entry in self.declarations(node)
            for prefix in self.values(entry, "prefix")
            for namespace in self.values(entry, "namespace")
        }
        return "".join(lines)

    def declarations(self, node: Any) -> Iterator[Any]:
        """Yield the declarations of prefixes for the query of a node, those of imports included."""
        waiting, met = list(self.values(node, "prefixes")), set[Any]()
        while waiting:
            holder = waiting.pop(0)
            if holder not in met:
                met.add(holder)
                waiting += self.values(holder, names.OWL + "imports")
                yield from self.values(holder, "declare")


def plain(term: Any) -> str:
    """Return an IRI as it is, and any other term as in N-Triples."""
    return term.value if isinstance(term, NamedNode) else str(term)
