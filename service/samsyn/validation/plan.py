"""What data is to be checked with: shapes, the ontology, and what is inferred first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from samsyn import names
from samsyn.dataset.exact import SUFFIXES, Dataset, NamedNode, Triple, load_graph, parse_triples
from samsyn.errors import NotFoundError, SourceError, ToolError
from samsyn.layout import Layout
from samsyn.validation import profiles
from samsyn.validation.examination import Setup
from samsyn.validation.options import Options
from samsyn.validation.placing import Part
from samsyn.validation.profiles import Profile
from samsyn.validation.rules import Catalogue
from samsyn.validation.sources import Source


@dataclass(frozen=True)
class Plan:
    """How data is checked.

    Args:
        setup: the shapes, what they are read with, and the inference.
        catalogue: the rules of the shapes.
        profiles: names of the sets of shapes, with versions, or files.
        prefixes: the namespace of each prefix of ours.
        vocabulary: the ontology, by which the terms of ours are known.
        files: the shapes that the user brought; one that matches nothing is a finding.
    """

    setup: Setup
    catalogue: Catalogue
    profiles: tuple[str, ...]
    prefixes: Mapping[str, str]
    vocabulary: tuple[Triple, ...]
    files: tuple[Part, ...] = ()

    @property
    def own(self) -> frozenset[str]:
        """The IRIs of the shapes that the user brought."""
        subjects = (triple.subject for part in self.files for triple in part.triples)
        return frozenset(subject.value for subject in subjects if isinstance(subject, NamedNode))


def of(options: Options, layout: Layout) -> Plan:
    """Read all that a check needs besides the data.

    Raises:
        UsageError: a profile or file of shapes does not exist.
        ToolError: shapes are faulty.
    """
    chosen = options.shapes or (profiles.DEFAULT,)
    files = [name for name in chosen if is_file(name)]
    for name in files:
        if not Path(name).is_file():
            raise NotFoundError(
                f"There is no file of shapes {name}.",
                advice=f"Give a file, or a profile: {profiles.offered()}.",
            )
    sets = [profiles.find(name, layout) for name in chosen if not is_file(name)]
    brought = read_shapes(map(Path, files))
    known = _read(layout, with_graph=options.with_graph)
    called = (*map(str, sets), *files)
    return made(sets, brought, known, options, called)


def made(
    sets: Iterable[Profile],
    brought: Sequence[Part],
    known: Dataset,
    options: Options,
    called: tuple[str, ...],
) -> Plan:
    """Make a plan of what was read.

    Args:
        sets: the profiles.
        brought: the shapes that the user brought.
        known: the ontology, and the published graph where data is checked with it.
        options: the settings of the check.
        called: what the sets of shapes are called.
    """
    shipped = (triple for each in sets for triple in each.triples())
    own = dict.fromkeys(triple for part in brought for triple in part.triples)
    shapes = tuple(dict.fromkeys([*shipped, *own]))
    published = known.select(names.STATED, names.BRIDGED).triples()
    return Plan(
        setup=Setup(
            known.triples(),
            shapes,
            options.infer,
            options.engine,
            own=frozenset(own),
            published=frozenset(published),
        ),
        catalogue=Catalogue(shapes, known.prefixes),
        profiles=called,
        prefixes=known.prefixes,
        vocabulary=known.select(names.VOCABULARY).triples(),
        files=tuple(brought),
    )


def known_of(dataset: Dataset, *, with_graph: bool) -> Dataset:
    """Return the graphs of the repository that data is read with.

    Alignments are never needed for an answer, and what is proposed does not hold.

    Args:
        dataset: the repository's graphs.
        with_graph: whether the published facts are among them.
    """
    standings = (names.STATED, names.BRIDGED) if with_graph else ()
    ontology = names.GRAPH + "ontology/"
    return Dataset(
        {
            iri: graph
            for iri, graph in dataset.graphs.items()
            if iri.startswith(ontology) or graph.standing in standings
            if not iri.startswith((ontology + "alignments/", names.GRAPH + "links/"))
        },
        dataset.root,
    )


def is_file(name: str) -> bool:
    """Tell whether a name is that of a file of shapes, and not of a profile."""
    return "/" in name or "." in name or Path(name).is_file()


def read_shapes(paths: Iterable[Path]) -> list[Part]:
    """Read shapes of a user, and refuse what an engine would misread in silence.

    Raises:
        NotFoundError: a file cannot be read.
        ToolError: one is not well formed, or the shapes are faulty.
    """
    read = [_document(path) for path in paths]
    if read:
        # Most checks bring no shapes.
        from samsyn.validation.shapesgraph.report import check

        check(read)
    return read


def _document(path: Path) -> Part:
    form = SUFFIXES.get(path.suffix.lower(), "turtle")
    source = Source(path.as_posix(), form, path, base=path.resolve().as_uri())
    try:
        triples = parse_triples(source.read(), form, base=source.base, path=source.name)
    except SourceError as error:
        raise ToolError(str(error), advice="Correct the shapes.") from error
    return Part(source.name, triples, source)


def _read(layout: Layout, *, with_graph: bool) -> Dataset:
    folders = [layout.ontology, *([layout.data] if with_graph else [])]
    paths = (path for folder in folders for path in sorted(folder.rglob("*.ttl")))
    graphs = [load_graph(path, layout.root) for path in paths if path != layout.scenario]
    return known_of(Dataset({g.iri: g for g in graphs}, layout.root), with_graph=with_graph)
