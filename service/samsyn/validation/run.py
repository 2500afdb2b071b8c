"""The repository's own validation: its facts with the ontology, before the closure.

A violation breaks the build, and so does a warning unless ``shapes/advised-exceptions.tsv`` lists
it: columns shape, focus and reason, IRIs written with the ontology's prefixes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.closure import inputs
from samsyn.closure.contradiction import Contradiction, contradictions
from samsyn.dataset.exact import Dataset
from samsyn.errors import SourceError
from samsyn.validation.shapes import Report, Result, validate

EXCEPTIONS: Final = "advised-exceptions.tsv"
_SHAPES: Final = names.GRAPH + "shapes/"
_OWN: Final = (_SHAPES + "required", _SHAPES + "advised")
"""The shapes that the repository's facts have to meet; the profiles are for others."""

_LEFT_OUT: Final = (_SHAPES, names.GRAPH + "ontology/alignments/", names.CATALOGUE)
_CHECKED: Final = (names.STATED, names.BRIDGED, names.PROPOSED, names.VOCABULARY)


@dataclass(frozen=True)
class Check:
    """The outcome of the repository's validation.

    Args:
        report: what the engine found.
        files: how many files were checked.
        faults: the findings that break the build, each with the file that holds its focus.
        excused: the warnings that the table of exceptions lists.
        stale: exceptions that excuse nothing any more; they break the build too.
        clashes: the contradictions between the facts and the ontology; they break the build
            unless they are allowed.
    """

    report: Report
    files: int
    faults: tuple[tuple[Result, str], ...]
    excused: tuple[Result, ...]
    stale: tuple[tuple[str, str], ...]
    clashes: tuple[Contradiction, ...]
    clashes_allowed: bool = False

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 4 nothing was checked."""
        if self.faults or self.stale or (self.clashes and not self.clashes_allowed):
            return 1
        return 0 if self.report.triples and self.report.focus_nodes else 4


def check(dataset: Dataset, *, engine: str = "shacl", allow_clashes: bool = False) -> Check:
    """Validate the repository's facts against its shapes, and their consistency.

    Args:
        dataset: the repository's graphs.
        engine: the SHACL engine.
        allow_clashes: whether a contradiction is reported only.

    Raises:
        ToolError: the shapes are faulty, or the engine failed.
        SourceError: the table of exceptions is not as it should be.
    """
    facts = _facts(dataset)
    shapes = (graph for iri, graph in dataset.graphs.items() if iri in _OWN)
    declared = tuple(triple for graph in shapes for triple in graph.triples)
    report = validate(facts.triples(), declared, engine=engine)
    excuses = _exceptions(dataset)
    excused = tuple(r for r in report.results if r.severity != "violation" and _key(r) in excuses)
    files = _files(facts)
    rest = (result for result in report.results if result not in excused)
    return Check(
        report=report,
        files=sum(graph.path is not None for graph in facts.graphs.values()),
        faults=tuple((result, files.get(result.focus, "")) for result in rest),
        excused=excused,
        stale=tuple(sorted(set(excuses) - {_key(result) for result in excused})),
        clashes=tuple(contradictions(inputs(dataset))),
        clashes_allowed=allow_clashes,
    )


def _facts(dataset: Dataset) -> Dataset:
    chosen = dataset.select(*_CHECKED)
    kept = {iri: g for iri, g in chosen.graphs.items() if not iri.startswith(_LEFT_OUT)}
    return Dataset(kept, dataset.root)


def _files(facts: Dataset) -> dict[str, str]:
    # A node is described in the file that gives it a type; failing that, in the first that has it.
    found: dict[str, str] = {}
    typed: dict[str, str] = {}
    for graph in facts.graphs.values():
        for triple in graph.triples:
            holder = typed if triple.predicate.value == names.RDF_TYPE else found
            holder.setdefault(str(triple.subject), str(graph.path or graph.iri))
    return found | typed


def _key(result: Result) -> tuple[str, str]:
    return result.shape, result.focus


def _exceptions(dataset: Dataset) -> dict[tuple[str, str], str]:
    path = None if dataset.root is None else dataset.root / "shapes" / EXCEPTIONS
    if path is None or not path.is_file():
        return {}
    return dict(_rows(path, dataset.prefixes))


def _rows(path: Path, prefixes: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if number == 1 and row == ["shape", "focus", "reason"]:
                continue
            if number == 1 or len(row) != 3 or not all(cell.strip() for cell in row):  # noqa: PLR2004  three columns
                raise SourceError(
                    "an exception needs shape, focus and reason",
                    path=f"shapes/{EXCEPTIONS}",
                    line=number,
                    advice="The first row names the columns: shape, focus, reason.",
                )
            yield (_whole(row[0], prefixes), f"<{_whole(row[1], prefixes)}>"), row[2]


def _whole(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, rest = name.partition(":")
    return prefixes[prefix] + rest if prefix in prefixes else name


def lines(outcome: Check, language: str = "en") -> Iterator[str]:
    """Yield the outcome as text: what was checked, each finding, and the sum."""
    for result, file in outcome.faults:
        where = f"{file}: " if file else ""
        about = f" {result.path}" if result.path else ""
        value = f" (value {result.value})" if result.value else ""
        yield f"{where}{result.severity}: {result.focus}{about}: {result.message(language)}{value}"
        yield f"    shape {result.shape}"
    for shape, focus in outcome.stale:
        yield f"shapes/{EXCEPTIONS}: stale: {shape} no longer warns of {focus}; take the row out"
    for clash in outcome.clashes:
        yield f"{', '.join(clash.sources)}: contradiction: {clash.words}"
    for shape in outcome.report.unmatched:
        yield f"note: {shape} matched nothing"
    report = outcome.report
    yield (
        f"checked {outcome.files} files, {report.triples} triples, {report.focus_nodes} focus nodes"
        f" with {len(report.targets)} shapes: {len(outcome.faults)} findings"
        f" ({len(outcome.excused)} more are listed exceptions)"
    )
