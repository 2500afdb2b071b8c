"""This engine and its peers behind one interface: load a file, reason, write, give the triples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

Text = tuple[str, str, str]


class Reasoner(Protocol):
    """What a run does, in this order; importing belongs to making one."""

    def load(self, path: Path) -> None:
        """Parse a file to terms in memory."""

    def reason(self) -> None:
        """Derive all distinct triples."""

    def count(self) -> int:
        """Return how many there are, stated ones among them."""

    def write(self, path: Path) -> None:
        """Write them as N-Triples."""

    def rows(self) -> Iterator[Text]:
        """Give them as text, IRIs bare and literals in quotation marks."""


class Samsyn:
    """This engine."""

    def __init__(self, without: frozenset[str] = frozenset()) -> None:
        from samsyn.closure import graph, interface
        from samsyn.closure.rules import OWL_RL

        self._module, self._interface = graph, interface
        self._rules = [name for name in OWL_RL if name not in without]

    def load(self, path: Path) -> None:
        """Parse with pyoxigraph."""
        self._triples = self._interface.read(path)

    def reason(self) -> None:
        """Close, and expand what is the same, to pairs of numbers by property."""
        self._closed = self._module.ClosedGraph(self._triples, self._rules)
        self._pairs = self._closed.pairs()

    def count(self) -> int:
        """Count the pairs."""
        return sum(map(len, self._pairs.values()))

    def write(self, path: Path) -> None:
        """Write with pyoxigraph."""
        from pyoxigraph import RdfFormat, serialize

        serialize(iter(self._closed), path, RdfFormat.N_TRIPLES)

    def rows(self) -> Iterator[Text]:
        """Give them one by one."""
        for triple in self._closed:
            subject, object_ = (
                getattr(t, "value", str(t)) for t in (triple.subject, triple.object)
            )
            yield subject, triple.predicate.value, object_


class Rdflib:
    """What owlrl and reasonable share: rdflib's terms."""

    graph: Any

    def count(self) -> int:
        """Count the triples."""
        return len(self.graph)

    def write(self, path: Path) -> None:
        """Write them as rdflib does, one a line."""
        with path.open("w", encoding="utf-8") as file:
            for subject, predicate, object_ in self.graph:
                file.write(f"{subject.n3()} {predicate.n3()} {object_.n3()} .\n")

    def rows(self) -> Iterator[Text]:
        """Give them without those that are no RDF."""
        from rdflib import Literal

        for subject, predicate, object_ in self.graph:
            if not isinstance(subject, Literal):
                yield str(subject), str(predicate), str(object_)


class Owlrl(Rdflib):
    """The reference in Python."""

    def __init__(self) -> None:
        import owlrl
        import rdflib

        self._owlrl, self.graph = owlrl, rdflib.Graph()

    def load(self, path: Path) -> None:
        """Parse with rdflib."""
        self.graph.parse(path, format="nt")

    def reason(self) -> None:
        """Expand the graph in place."""
        self._owlrl.DeductiveClosure(self._owlrl.OWLRL_Semantics).expand(self.graph)


class Reasonable(Rdflib):
    """A reasoner in Rust, with a Python interface."""

    def __init__(self) -> None:
        import reasonable  # type: ignore[import-not-found,unused-ignore]

        self._reasoner = reasonable.PyReasoner()

    def load(self, path: Path) -> None:
        """Parse with its own parser, which tells the syntax by the ending: ttl or n3."""
        turtle = path.with_suffix(".ttl")
        if not turtle.exists():
            turtle.symlink_to(path)
        self._reasoner.load_file(str(turtle))

    def reason(self) -> None:
        """Derive all; it hands them over as a list of rdflib's terms."""
        self.graph = self._reasoner.reason()


ENGINES: Final[dict[str, type[Any]]] = {
    "samsyn": Samsyn,
    "owlrl": Owlrl,
    "reasonable": Reasonable,
}
LACKS: Final = {
    "owlrl": frozenset[str](),
    "reasonable": frozenset(
        (
            *("prp-spo2", "prp-key", "cax-adc", "prp-adp", "eq-diff2", "eq-diff3"),
            *("scm-dom1", "scm-dom2", "scm-rng1", "scm-rng2"),
        )
    ),
}
"""The rules that a peer lacks, by their W3C names."""
