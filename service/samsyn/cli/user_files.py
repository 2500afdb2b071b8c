"""Files of your own to reason over: their triples and prefixes, and where a triple stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path

from samsyn import names
from samsyn.closure import inputs
from samsyn.closure.explanation.sources import Place
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.interface import has_axioms, prefixes_of, read
from samsyn.closure.proof.fact import Fact, triple_of
from samsyn.dataset.exact import BlankNode, Dataset, Triple, load
from samsyn.dataset.files import form_of
from samsyn.dataset.jsonld.contexts import Contexts
from samsyn.layout import Layout

_IMPORTS = names.OWL + "imports"
_SHOWN = 3


class OwnFiles:
    """Some files, taken as one graph.

    Args:
        paths: the files, of RDF in any syntax.
        contexts: where contexts that JSON-LD names may be taken from.
        with_ontology: whether our ontology is taken along.
    """

    def __init__(
        self, paths: Iterable[Path], contexts: Contexts, *, with_ontology: bool = False
    ) -> None:
        self._contexts = contexts
        self._parts = {path: read(path, contexts) for path in paths}
        self.ontology = _ontology() if with_ontology else None
        """Our ontology, where it is taken along."""

    @cached_property
    def stated(self) -> frozenset[Triple]:
        """The triples of the files."""
        return frozenset(triple for part in self._parts.values() for triple in part)

    def triples(self) -> Iterator[Triple]:
        """Give the triples of the files, and those of the ontology where it is taken along."""
        for part in self._parts.values():
            yield from part
        if self.ontology is not None:
            yield from self.ontology.triples()

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the files declare, and those of the ontology that they do not."""
        ours = {} if self.ontology is None else dict(self.ontology.prefixes)
        return ours | prefixes_of(self._parts)

    def own(self, closed: ClosedGraph, rules: tuple[str, ...]) -> Iterator[Triple]:
        """Give the triples of a closure but for what the ontology states or entails by itself.

        Args:
            closed: the closure of :meth:`triples`.
            rules: W3C names of its rules.
        """
        if self.ontology is None:
            yield from closed
            return
        ours = self.ontology.triples()
        alone = set(ClosedGraph(ours, rules))
        unnamed = {node for t in ours for node in (t.subject, t.object) if _is_blank(node)}
        for triple in closed:
            if triple in self.stated or not (
                triple in alone or triple.subject in unnamed or triple.object in unnamed
            ):
                yield triple

    def notes(self) -> Iterator[str]:
        """Return what keeps things from following that a user may expect to."""
        imported = dict.fromkeys(
            str(triple.object) for triple in self.stated if triple.predicate.value == _IMPORTS
        )
        if imported:
            listed = ", ".join(islice(sorted(imported), _SHOWN))
            more = ", …" if len(imported) > _SHOWN else ""
            yield f"owl:imports is not followed ({listed}{more}): give those files as well."
        if self.ontology is None and not has_axioms(self.stated):
            yield (
                "No axioms were found in these files (such as rdfs:subClassOf, rdfs:domain or "
                "owl:TransitiveProperty), so little or nothing can follow. Give the files of the "
                "ontology as well; --with-ontology takes samsyn's own along."
            )

    def places(self, facts: Iterable[Fact]) -> Mapping[Fact, tuple[Place, ...]]:
        """Return where stated triples stand, each as often as it is stated and found.

        Args:
            facts: the triples.
        """
        wanted = {triple: fact for fact in facts if (triple := triple_of(fact)) is not None}
        found: dict[Fact, list[Place]] = {}
        for path, part in self._parts.items():
            numbers = {n: wanted[triple] for n, triple in enumerate(part) if triple in wanted}
            for number, place in self._spots(path, part, numbers):
                found.setdefault(numbers[number], []).append(place)
        return {fact: tuple(dict.fromkeys(places)) for fact, places in found.items()}

    def _spots(
        self, path: Path, part: list[Triple], numbers: Iterable[int]
    ) -> Iterator[tuple[int, Place]]:
        wanted = list(numbers)
        if not wanted:
            return
        # Only here, for the patterns of the syntaxes take time to be made.
        from samsyn.validation.locations import Part
        from samsyn.validation.sources import Source

        source = Source(
            str(path), form_of(path), path, base=path.resolve().as_uri(), given=self._contexts.given
        )
        for number, spot in sorted(Part(str(path), part, source).places(wanted).items()):
            yield number, Place(str(path), spot.object.line, spot.object.column)


def _ontology() -> Dataset:
    known = load(Layout.find())
    graphs = inputs(known).graphs
    prefixes = names.GRAPH + "ontology/prefixes"
    kept = {
        iri: graph for iri, graph in graphs.items() if iri.startswith(names.GRAPH + "ontology/")
    }
    # The table of prefixes is no input, and says how to write the terms.
    return Dataset(kept | {prefixes: known.graph(prefixes)}, known.root)


def _is_blank(node: object) -> bool:
    return isinstance(node, BlankNode)
