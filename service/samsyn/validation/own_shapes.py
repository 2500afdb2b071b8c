"""The repository's own facts against its own shapes, as they were written, before the closure.

A warning fails the check as a violation does, unless ``shapes/advised-exceptions.tsv`` lists it:
columns shape, focus and reason, IRIs written with the ontology's prefixes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.closure import inputs
from samsyn.dataset.exact import Dataset, Graph
from samsyn.errors import SourceError
from samsyn.positions.text import Region
from samsyn.validation import run
from samsyn.validation.configuration import Plan
from samsyn.validation.evaluation import Examination, Setup
from samsyn.validation.finding import Finding, Place, Report
from samsyn.validation.locations import Part
from samsyn.validation.options import Options
from samsyn.validation.rules import Catalogue
from samsyn.validation.sources import Source
from samsyn.validation.wording import program

EXCEPTIONS: Final = "advised-exceptions.tsv"
STALE: Final = "SAM-stale-exception"
SHAPES: Final = ("required", "advised")
_SHAPES: Final = tuple(f"{names.GRAPH}shapes/{name}" for name in SHAPES)

_HEADER: Final = ["shape", "focus", "reason"]
_LEFT_OUT: Final = (
    names.GRAPH + "shapes/",
    names.GRAPH + "ontology/alignments/",
    names.CATALOGUE,
)
_CHECKED: Final = (names.STATED, names.EDITORIAL, names.PROPOSED, names.IS_SCHEMA)


def check(dataset: Dataset, options: Options = Options()) -> Report:  # noqa: B008  it is frozen
    """Validate the repository's facts against its shapes, and their consistency.

    Args:
        dataset: the repository's graphs.
        options: engine and language of the check, and which findings fail it.

    Raises:
        ToolError: the shapes are faulty, or the engine failed.
        SourceError: the table of exceptions is not as it should be.
    """
    exceptions = tuple(_exceptions(dataset))
    how = _plan(dataset, options)
    reasoned = Examination(inputs(dataset).triples(), Setup((), (), "owl-rl"))
    parts = [_part(graph, dataset.root) for graph in facts(dataset)]
    found = run.report(parts, how, options, reasoned=reasoned)
    return _excused(replace(found, fail_on=_severity(options)), exceptions)


def facts(dataset: Dataset) -> Iterable[Graph]:
    """Return the graphs that are checked: all facts, with the ontology that they are read by."""
    chosen = dataset.select(*_CHECKED).graphs.values()
    return [graph for graph in chosen if not graph.iri.startswith(_LEFT_OUT)]


def _severity(options: Options) -> str:
    return "warning" if options.fail_on == "violation" else options.fail_on


def _plan(dataset: Dataset, options: Options) -> Plan:
    graphs = (dataset.graphs[iri] for iri in _SHAPES if iri in dataset.graphs)
    shapes = tuple(triple for graph in graphs for triple in graph.triples)
    setup = Setup((), shapes, "none", options.engine)
    vocabulary = dataset.select(names.IS_SCHEMA).triples()
    catalogue = Catalogue(shapes, dataset.prefixes)
    return Plan(setup, catalogue, SHAPES, dataset.prefixes, vocabulary)


def _part(graph: Graph, root: Path | None) -> Part:
    if graph.path is None or root is None:
        return Part(graph.iri, graph.triples)
    source = Source(graph.path.as_posix(), "turtle", root / graph.path, base=graph.iri)
    return Part(source.name, graph.triples, source)


@dataclass(frozen=True)
class _Exception:
    rule: str
    focus: str
    line: int


def _excused(report: Report, exceptions: Iterable[_Exception]) -> Report:
    listed = {(each.rule, each.focus): each for each in exceptions}
    excused = tuple(
        finding
        for finding in report.findings
        if finding.severity != "violation" and (finding.rule, finding.focus) in listed
    )
    used = {(finding.rule, finding.focus) for finding in excused}
    stale = (_stale(each) for key, each in listed.items() if key not in used)
    kept = (finding for finding in report.findings if finding not in excused)
    rules = report.rules | {STALE: program()[STALE]} if listed else report.rules
    return replace(report, findings=(*kept, *stale), excused=excused, rules=rules)


def _stale(exception: _Exception) -> Finding:
    rule = program()[STALE]
    region = Region(exception.line, 1, exception.line, 1)
    place = Place(f"shapes/{EXCEPTIONS}", region, "subject")
    return Finding(
        STALE, rule.severity, rule.whats, focus=exception.focus, value=exception.rule, place=place
    )


def _exceptions(dataset: Dataset) -> Iterator[_Exception]:
    path = None if dataset.root is None else dataset.root / "shapes" / EXCEPTIONS
    if path is not None and path.is_file():
        yield from _rows(path, dataset.prefixes)


def _rows(path: Path, prefixes: Mapping[str, str]) -> Iterator[_Exception]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if number == 1 and row == _HEADER:
                continue
            if number == 1 or len(row) != len(_HEADER) or not all(cell.strip() for cell in row):
                raise SourceError(
                    "an exception needs shape, focus and reason",
                    path=f"shapes/{EXCEPTIONS}",
                    line=number,
                    advice="The first row names the columns: shape, focus, reason.",
                )
            shape, focus = (_whole(cell, prefixes) for cell in row[:2])
            yield _Exception(Catalogue(()).identifier(shape), f"<{focus}>", number)


def _whole(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, rest = name.partition(":")
    return prefixes[prefix] + rest if prefix in prefixes else name
