"""The sets of shapes that a user names: profiles, files, folders and patterns.

A name of a profile is always the profile, whatever files and folders there are; a file or folder
of that name is written with its path, as in ``./core``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple, parse_triples
from samsyn.errors import NotFoundError, SourceError, ToolError, UsageError
from samsyn.layout import Layout
from samsyn.positions.text import Texts
from samsyn.validation import profiles, sources
from samsyn.validation.finding import Finding
from samsyn.validation.locations import Part
from samsyn.validation.options import Options
from samsyn.validation.profiles import Profile
from samsyn.validation.sources import Source

_ONTOLOGY: Final = NamedNode(names.OWL + "Ontology")
_BOM: Final = b"\xef\xbb\xbf"
_UNMARKED: Final = "turtle"
"""The syntax of a file whose ending does not tell it."""


@dataclass(frozen=True)
class Chosen:
    """What the names that a user gave stand for.

    Args:
        names: what each set is called in reports.
        sets: the profiles.
        files: the files, each once.
        notes: what the user should know of the choice.
    """

    names: tuple[str, ...]
    sets: tuple[Profile, ...]
    files: tuple[Source, ...]
    notes: tuple[Texts, ...] = ()


def choose(given: Iterable[str], layout: Layout) -> Chosen:
    """Find what names of shapes stand for.

    Args:
        given: names of profiles, files, folders and patterns.
        layout: the folders of the repository, where the profiles are.

    Raises:
        UsageError: there is nothing of a name, or no version of a profile.
    """
    called = tuple(dict.fromkeys(given))
    sets = tuple(profiles.find(name, layout) for name in called if profiles.is_known(name))
    others = [name for name in called if not profiles.is_known(name)]
    # A file may be named twice, or are in a folder that is named too.
    files = {path.resolve(): each for name in others for path, each in _files(name)}
    return Chosen(
        (*map(str, sets), *others),
        sets,
        tuple(files.values()),
        tuple(_hidden(name) for name in called if profiles.is_known(name) and Path(name).exists()),
    )


def _files(name: str) -> list[tuple[Path, Source]]:
    if name == sources.STANDARD_INPUT:
        raise UsageError("Shapes are not read from standard input.", advice="Name their file.")
    try:
        found = sources.find([name], otherwise=_UNMARKED)
    except NotFoundError as error:
        raise NotFoundError(
            f"There is no profile, file or folder of shapes {name}, nor does a file match it.",
            advice=f"Give a file, a folder, a pattern in quotes, or a profile: "
            f"{profiles.offered()}.",
        ) from error
    if not found:
        raise NotFoundError(
            f"The folder {name} holds no RDF file.", advice="Name the folder of the shapes."
        )
    placed = ((each.path, each) for each in found if each.path is not None)
    return [(path, replace(each, base=path.resolve().as_uri())) for path, each in placed]


def _hidden(name: str) -> Texts:
    return (
        ("sv", f"{name} är profilen; filen eller mappen skrivs ./{name}."),
        ("en", f"{name} is the profile; write ./{name} for the file or folder."),
    )


@dataclass(frozen=True)
class Brought:
    """Shapes that a user brings.

    Args:
        files: the documents.
        triples: what of them is used.
        findings: what is not, and why.
    """

    files: tuple[Part, ...] = ()
    triples: tuple[Triple, ...] = ()
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, *files: Part) -> Brought:
        """Make it of documents that are used as they are."""
        return cls(files, tuple(_canonical(triple) for part in files for triple in part.triples))


def read(chosen: Chosen, options: Options) -> Brought:
    """Read shapes of a user, and refuse or leave out what an engine would misread in silence.

    Raises:
        NotFoundError: a file cannot be read.
        ToolError: one is not well formed, or the shapes are faulty.
    """
    parts = tuple(_part(source) for source in chosen.files)
    if not parts:
        return Brought()
    # Most checks bring no shapes.
    from samsyn.validation.shapes_graph import report
    from samsyn.validation.shapes_graph.features import Means
    from samsyn.validation.shapes_graph.queries import spelled

    means = Means(options.engine, options.advanced)
    beside = [triple for each in chosen.sets for triple in each.triples()]
    if not options.allow_faulty_shapes:
        report.check(parts, means=means, beside=beside)
        whole = Brought.of(*parts)
        return replace(whole, triples=tuple(spelled(whole.triples)))
    left = report.sound(parts, means=means, beside=beside)
    return Brought(parts, tuple(spelled(map(_canonical, left.triples))), left.findings)


_TRUTHS: Final = frozenset(
    names.SH + name
    for name in (
        *("closed", "deactivated", "optional", "qualifiedValueShapesDisjoint"),
        *("reificationRequired", "singleLine", "uniqueLang", "uniqueMembers"),
    )
)
_BOOLEANS: Final = {
    f'"{written}"^^<{names.XSD}boolean>': Literal(meant, datatype=NamedNode(names.XSD + "boolean"))
    for written, meant in (("1", "true"), ("0", "false"))
}


def _canonical(triple: Triple) -> Triple:
    """Write 1 and 0 as true and false where SHACL takes these: engines compare the text."""
    if triple.predicate.value not in _TRUTHS:
        return triple
    instead = _BOOLEANS.get(str(triple.object))
    return Triple(triple.subject, triple.predicate, instead) if instead else triple


def imports(brought: Brought, sets: Iterable[Profile]) -> Iterator[Texts]:
    """Yield a note on what shapes import and nobody has named: nothing is fetched.

    Args:
        brought: the shapes.
        sets: the profiles, which are ontologies too.
    """
    # The vocabulary of SHACL has no shapes.
    given = {names.SH, names.SH.removesuffix("#"), *(each.node for each in sets)}
    given |= {part.source.base for part in brought.files if part.source}
    wanted: dict[str, None] = {}
    for triple in brought.triples:
        property_, value = triple.predicate.value, triple.object
        if (
            property_ == names.RDF_TYPE
            and value == _ONTOLOGY
            and isinstance(triple.subject, NamedNode)
        ):
            given.add(triple.subject.value)
        elif property_ == names.OWL + "imports" and isinstance(value, NamedNode):
            wanted[value.value] = None
    missing = ", ".join(f"<{iri}>" for iri in wanted if iri not in given)
    if missing:
        yield (
            ("sv", f"owl:imports av {missing} följs inte; behövs dess former, nämn deras fil."),
            ("en", f"owl:imports of {missing} is not followed; name its file if it has shapes."),
        )


def assumed(triples: Sequence[Triple]) -> Iterable[Triple]:
    """Return what shapes take for granted and engines have to be reported.

    Args:
        triples: the shapes.
    """
    if not triples:
        return ()
    from samsyn.validation.shapes_graph import prefixes
    from samsyn.validation.shapes_graph.graph import ShapesGraph

    return prefixes.assumed(ShapesGraph(triples))


def _part(source: Source) -> Part:
    data = source.read().removeprefix(_BOM)
    try:
        triples = parse_triples(
            data, source.form, base=source.base, path=source.name, contexts=source.contexts
        )
    except SourceError as error:
        raise ToolError(str(error), advice="Correct the shapes.") from error
    return Part(source.name, triples, source)
