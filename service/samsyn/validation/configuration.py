"""What data is to be checked with: shapes, the ontology, and what is inferred first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from samsyn import names
from samsyn.dataset.catalogue import CLOSURE_ACTIVITY, complete
from samsyn.dataset.exact import Dataset, NamedNode, Triple, load_graph
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.positions.text import Texts
from samsyn.validation import profiles
from samsyn.validation.evaluation import Setup
from samsyn.validation.finding import Finding
from samsyn.validation.languages import shapes_in
from samsyn.validation.locations import Part
from samsyn.validation.options import Options
from samsyn.validation.profiles import Profile
from samsyn.validation.rules import Catalogue
from samsyn.validation.shapes_graph import sources
from samsyn.validation.shapes_graph.sources import Brought


@dataclass(frozen=True)
class Plan:
    """How data is checked.

    Args:
        setup: the shapes, what they are read with, and the inference.
        catalogue: the rules of the shapes.
        profiles: names of the sets of shapes: profiles with versions, files, folders, patterns.
        prefixes: the namespace of each prefix of ours.
        vocabulary: the ontology, by which the terms of ours are known.
        files: the shapes that the user brought; one that matches nothing is a finding.
        notes: what the user should know of the choice of shapes.
        findings: what is left out of the shapes that the user brought.
        things: the IRIs of everything that the published graph describes, if data is checked with
            it.
        objects: whether dates and the objects of our properties are checked: profiles for others
            ask it.
    """

    setup: Setup
    catalogue: Catalogue
    profiles: tuple[str, ...]
    prefixes: Mapping[str, str]
    vocabulary: tuple[Triple, ...]
    files: tuple[Part, ...] = ()
    notes: tuple[Texts, ...] = ()
    findings: tuple[Finding, ...] = ()
    things: frozenset[str] = frozenset()
    objects: bool = False

    @cached_property
    def own(self) -> frozenset[str]:
        """The IRIs of the shapes that the user brought."""
        subjects = (triple.subject for part in self.files for triple in part.triples)
        return frozenset(subject.value for subject in subjects if isinstance(subject, NamedNode))


def of(options: Options, layout: Layout) -> Plan:
    """Read all that a check needs apart from the data.

    Raises:
        UsageError: a profile, file or folder of shapes does not exist.
        ToolError: shapes are faulty.
    """
    if options.iterate_rules and not options.advanced:
        raise UsageError(
            "--iterate-rules is about rules, and none run.", advice="Add --advanced to run them."
        )
    chosen = sources.choose(options.shapes or (profiles.DEFAULT,), layout)
    brought = sources.read(chosen, options)
    dataset = _read(layout, with_graph=options.with_graph)
    plan = made(chosen.sets, brought, dataset, options, chosen.names)
    notes = (*chosen.notes, *sources.imports(brought, chosen.sets))
    return replace(plan, notes=notes)


def made(
    sets: Sequence[Profile],
    brought: Brought,
    dataset: Dataset,
    options: Options,
    called: tuple[str, ...],
) -> Plan:
    """Make a plan of what was read.

    Args:
        sets: the profiles.
        brought: the shapes that the user brought.
        dataset: the ontology, and the published graph where data is checked with it.
        options: the settings of the check.
        called: what the sets of shapes are called.
    """
    known = known_of(dataset, with_graph=options.with_graph)
    shipped = (triple for each in sets for triple in each.triples())
    own = dict.fromkeys([*brought.triples, *sources.assumed(brought.triples)])
    shapes = tuple(dict.fromkeys([*shipped, *own]))
    published = known.select(names.STATED, names.EDITORIAL).triples()
    return Plan(
        setup=Setup(
            known.triples(),
            shapes,
            options.infer,
            options.engine,
            own=frozenset(own),
            published=frozenset(published),
            advanced=options.advanced,
            iterate_rules=options.iterate_rules,
        ),
        catalogue=Catalogue(shapes, known.prefixes),
        profiles=called,
        prefixes=known.prefixes,
        vocabulary=known.select(names.IS_SCHEMA).triples(),
        files=brought.files,
        findings=brought.findings,
        things=things_of(dataset) if options.with_graph else frozenset(),
        objects=any(each.name in profiles.PREFIXES for each in sets),
    )


def in_languages(plan: Plan, languages: Sequence[str]) -> Plan:
    """Return a plan whose shapes ask for labels in some languages.

    Args:
        plan: the plan.
        languages: language tags; none: the plan stays as it is.
    """
    shapes = shapes_in(plan.setup.shapes, languages)
    if shapes == plan.setup.shapes:
        return plan
    catalogue = Catalogue(shapes, plan.prefixes)
    return replace(plan, setup=replace(plan.setup, shapes=shapes), catalogue=catalogue)


def known_of(dataset: Dataset, *, with_graph: bool) -> Dataset:
    """Return the graphs of the repository that data is read with.

    Alignments are never needed for an answer, and what is proposed does not hold.

    Args:
        dataset: the repository's graphs.
        with_graph: whether the published facts are among them.
    """
    provenance_statuses = (names.STATED, names.EDITORIAL) if with_graph else ()
    ontology = names.GRAPH + "ontology/"
    return Dataset(
        {
            iri: graph
            for iri, graph in dataset.graphs.items()
            if iri.startswith(ontology) or graph.provenance_status in provenance_statuses
            if not iri.startswith((ontology + "alignments/", names.GRAPH + "links/"))
        },
        dataset.root,
    )


def things_of(dataset: Dataset) -> frozenset[str]:
    """Return the IRIs of everything of ours that the dataset describes.

    What only a description or a proposal speaks of counts too: it can be looked up and linked to.

    Args:
        dataset: the repository's graphs.
    """
    subjects = (triple.subject for triple in complete(dataset).triples())
    iris = (subject.value for subject in subjects if isinstance(subject, NamedNode))
    return frozenset([CLOSURE_ACTIVITY, *(iri for iri in iris if iri.startswith(names.ID))])


def _read(layout: Layout, *, with_graph: bool) -> Dataset:
    folders = [layout.ontology, *([layout.data, layout.links] if with_graph else [])]
    paths = (path for folder in folders for path in sorted(folder.rglob("*.ttl")))
    graphs = [load_graph(path, layout.root) for path in paths if path != layout.scenario]
    return Dataset({g.iri: g for g in graphs}, layout.root)
