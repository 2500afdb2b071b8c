"""The tests of the W3C SHACL suite, read where they are packed.

They come with the source distribution of pySHACL, which ``make test`` puts beside the interpreter.
"""

from __future__ import annotations

import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Triple, parse_triples
from samsyn.errors import ToolError
from samsyn.layout import Layout
from samsyn.validation import run
from samsyn.validation.engines.report import results
from samsyn.validation.finding import Finding, Report
from samsyn.validation.options import Options

ABSENT: Final = "the W3C suites are not at hand: make test fetches them"
FAILURE: Final = "failure"
"""What stands for the result of a test whose shapes are ill-formed."""

_FOLDER: Final = "/test/resources/sht_tests/"
_MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_SHT: Final = "http://www.w3.org/ns/shacl-test#"
_BLANK: Final = re.compile(r"_:[\w.-]+")

Key = tuple[str, str, str, str, str]
"""Focus node, path, value, component and severity of a result, labels of blank nodes left out."""
Answer = Counter[Key] | str
"""Results and how often each comes, or :data:`FAILURE`."""


@cache
def files() -> dict[str, bytes]:
    """Return the files of the suite by folder and name; none at all if it is not at hand."""
    packed = sorted((Path(sys.prefix) / "suites").glob("pyshacl-*.tar.gz"))
    found = {}
    if packed:
        with tarfile.open(packed[-1]) as archive:
            for member in archive:  # in the order of the file, since it cannot go back cheaply
                _, folder, path = member.name.partition(_FOLDER)
                content = archive.extractfile(member) if folder else None
                if content is not None and path.endswith(".ttl"):
                    found[path] = content.read()
    return found


@dataclass(frozen=True)
class Case:
    """One test.

    Args:
        name: its folder and file without the ending.
        data: the file of the data graph.
        shapes: the file of the shapes graph.
        expected: what it expects.
    """

    name: str
    data: str
    shapes: str
    expected: Answer


@cache
def cases() -> tuple[Case, ...]:
    """Return the tests, by name."""
    return tuple(case for path in sorted(files()) for case in _cases(path))


def _cases(path: str) -> Iterator[Case]:
    base = _iri(path)
    triples = parse_triples(files()[path], "turtle", base=base, path=path)
    about: dict[object, dict[str, object]] = {}
    for triple in triples:
        about.setdefault(triple.subject, {})[triple.predicate.value] = triple.object
    for said in about.values():
        if said.get(names.RDF_TYPE) == NamedNode(_SHT + "Validate"):
            action = about[said[_MF + "action"]]
            data, shapes = (_path(action[_SHT + key]) for key in ("dataGraph", "shapesGraph"))
            result = said[_MF + "result"]
            expected = _told(triples, result) if result in about else FAILURE
            yield Case(path.removesuffix(".ttl"), data, shapes, expected)


def _iri(path: str) -> str:
    return f"http://suite.example/{path}"


def _path(term: object) -> str:
    return str(term).strip("<>").removeprefix(_iri(""))


def _told(triples: list[Triple], report: object) -> Answer:
    result = names.SH + "result"
    kept = (t for t in triples if t.predicate.value != result or t.subject == report)
    return Counter(
        _key(each.focus, each.path, each.value, each.component, each.severity)
        for each in results(tuple(kept))
    )


def _key(*parts: str) -> Key:
    focus, path, value, component, severity = (_BLANK.sub("_:", part) for part in parts)
    return focus, path, value, component, severity


def unpacked(folder: Path) -> Path:
    """Write the files of the suite to a folder, their own name as base of each."""
    for path, content in files().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(f"@base <{_iri(path)}> .\n".encode() + content)
    return folder


def answer(case: Case, folder: Path, layout: Layout, engine: str) -> Answer:
    """Return what ``samsyn validate --infer none`` finds.

    Args:
        case: the test.
        folder: where the suite was unpacked.
        layout: the RDF folders of the program.
        engine: the SHACL engine.
    """
    options = Options.of(
        paths=(str(folder / case.data),),
        shapes=(str(folder / case.shapes),),
        infer="none",
        engine=engine,
    )
    try:
        return of_report(run.check(options, layout))
    except ToolError:
        return FAILURE


def of_report(report: Report) -> Answer:
    """Return what of a report comes from shapes."""
    found = (each for each in report.findings if each.component)
    return Counter(
        _key(each.focus, each.path, each.value, each.component, _severity(each)) for each in found
    )


def _severity(finding: Finding) -> str:
    return finding.own_severity or finding.severity
