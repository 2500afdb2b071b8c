"""How samsyn does in the W3C SHACL suite, as a page: ``python -m tests.validation.shacl_table``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from tests.validation.shacl_suite import FAILURE, Answer, Case, answer, cases, unpacked

from samsyn.layout import Layout

ENGINES: Final = ("shacl", "pyshacl")
PAGE: Final = Path(__file__).parents[2] / "docs" / "shacl-conformance.md"

# Where a test is not passed: what samsyn answers instead, and why.
DIFFERENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "core/node/qualified-001": (
            "refuses the shapes (exit 3): a node shape with `sh:qualifiedValueShape` is ill-formed"
            " (SHACL, 4.7.3); an engine passes over it in silence, and the test expects that"
        ),
        "core/property/qualifiedValueShape-001": (
            "refuses the shapes (exit 3): they say `sh:nodeShape`, which SHACL does not have; who"
            " writes that means `sh:node`, which an engine would not check"
        ),
        "core/property/uniqueLang-002": (
            'finds a result where the test expects none: `sh:uniqueLang "1"^^xsd:boolean` counts as'
            " true, which is the same value (XML Schema Part 2, 3.2.2); by the letter SHACL, 4.4.5"
            " asks for the literal `true`, and an engine passes over the other in silence"
        ),
    }
)
_HEAD: Final = """\
# Conformance to SHACL

Made by `python -m tests.validation.shacl_table`; not edited by hand, and held by a test. The tests
are the {total} of the W3C SHACL test suite, Core and SPARQL. Each runs as
`samsyn validate DATA --shapes SHAPES --infer none` does, with either engine. A test is passed if
the results are as many as it expects, the same in focus node, path, value, constraint component and
severity; of a test that expects a failure, if the shapes are refused (exit 3).

Whichever engine is asked for, samsyn evaluates itself what that engine gets wrong
([faults of the engines](engines.md)), so that this is a table of samsyn and not of the engines.

| area | tests | shacl | pyshacl |
| --- | --- | --- | --- |
"""


def outcomes(folder: Path, layout: Layout) -> dict[tuple[str, str], Answer]:
    """Run all tests with all engines; the answers are by test and engine."""
    unpacked(folder)
    return {
        (case.name, engine): answer(case, folder, layout, engine)
        for case in cases()
        for engine in ENGINES
    }


def page(told: Mapping[tuple[str, str], Answer]) -> str:
    """Return the page."""
    return "".join(_lines(told))


def _lines(told: Mapping[tuple[str, str], Answer]) -> Iterator[str]:
    yield _HEAD.format(total=len(cases()))
    areas: dict[str, list[Case]] = {}
    for case in cases():
        areas.setdefault(case.name.rpartition("/")[0], []).append(case)
    for area, those in [*areas.items(), ("all", list(cases()))]:
        passed = (
            sum(told[case.name, engine] == case.expected for case in those) for engine in ENGINES
        )
        yield f"| {area} | {len(those)} | {' | '.join(map(str, passed))} |\n"
    yield "\n## What is not passed\n\n| test | engines | what samsyn does, and why |\n"
    yield "| --- | --- | --- |\n"
    for case in cases():
        engines = [e for e in ENGINES if told[case.name, e] != case.expected]
        if engines:
            yield f"| {case.name} | {', '.join(engines)} | {DIFFERENCES.get(case.name, '')} |\n"
    yield "\n## All tests\n\n| test | expects | shacl | pyshacl |\n| --- | --- | --- | --- |\n"
    for case in cases():
        marks = ("yes" if told[case.name, e] == case.expected else "**no**" for e in ENGINES)
        yield f"| {case.name} | {_number(case.expected)} | {' | '.join(marks)} |\n"


def _number(expected: Answer) -> str:
    if isinstance(expected, str):
        return FAILURE
    number = expected.total()
    return "1 result" if number == 1 else f"{number} results"


if __name__ == "__main__":
    with TemporaryDirectory() as there:
        PAGE.write_text(page(outcomes(Path(there), Layout.find())), encoding="utf-8")
