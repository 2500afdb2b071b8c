"""What a run found: as text, as Markdown, as JSON, and as EARL in Turtle."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from samsyn import names
from samsyn.conformance.case import Area, Case, Level
from samsyn.conformance.run import Endpoint, Outcome, Result
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple, serialize

TESTS: Final = names.DOC + "endpoint-conformance#"
"""Where a case has its name in EARL."""
_SIGNS: Final = {Result.PASSED: "yes", Result.FAILED: "**no**", Result.NOT_RUN: "not run"}
_EARL: Final = {
    Result.PASSED: "passed",
    Result.FAILED: "failed",
    Result.NOT_RUN: "untested",
}
_HEAD: Final = ("area", "level", "passed", "failed", "not run")
_BROKEN: Final = 1
_NOTHING: Final = 4


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found.

    Args:
        endpoint: what was checked, its addresses complete.
        outcomes: how each case ended.
    """

    endpoint: Endpoint
    outcomes: tuple[Outcome, ...]

    @property
    def exit_code(self) -> int:
        """What the command line ends with: 1 a MUST fails, 4 nothing was run, else 0."""
        if any(outcome.breaks for outcome in self.outcomes):
            return _BROKEN
        ran = any(outcome.result is not Result.NOT_RUN for outcome in self.outcomes)
        return 0 if ran else _NOTHING

    def counts(self) -> Iterator[tuple[str, str, int, int, int]]:
        """Yield area, level and how many passed, failed and were not run."""
        found = Counter((o.case.area, o.case.level, o.result) for o in self.outcomes)
        for area in Area:
            for level in Level:
                passed, failed, not_run = (found[area, level, result] for result in Result)
                if passed or failed or not_run:
                    yield area, level, passed, failed, not_run


def text(report: Report) -> bytes:
    """Write a report for a terminal."""
    rows = [_HEAD, *(tuple(map(str, row)) for row in report.counts())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    for level in Level:
        failed = [o for o in report.outcomes if o.result is Result.FAILED]
        told = [_failure(outcome) for outcome in failed if outcome.case.level is level]
        lines += ["", f"{level.upper()} and does not:", *told] if told else []
    reasons = Counter(o.words for o in report.outcomes if o.result is Result.NOT_RUN)
    lines += ["", "Not run:"] if reasons else []
    lines += [f"  {count} cases: {reason}" for reason, count in reasons.items()]
    return ("\n".join(line.rstrip() for line in lines) + "\n").encode()


def _failure(outcome: Outcome) -> str:
    case = outcome.case
    return f"  {case.id} ({case.clause}): {case.title}\n    {outcome.words}"


def markdown(report: Report) -> bytes:
    """Write a report as tables."""
    lines = [f"Endpoint: <{report.endpoint.query}>", ""]
    lines += _rows(_HEAD, report.counts())
    lines += ["", *_rows(("case", "clause", "level", "", "why"), map(_row, report.outcomes))]
    return ("\n".join(lines) + "\n").encode()


def _row(outcome: Outcome) -> Sequence[object]:
    case = outcome.case
    return (case.id, _link(case), case.level, _SIGNS[outcome.result], outcome.words)


def _link(case: Case) -> str:
    return f"[{case.clause}]({case.clause.address})"


def _rows(head: Sequence[str], rows: Iterator[Sequence[object]]) -> Iterator[str]:
    yield _line(head)
    yield _line(["---"] * len(head))
    yield from map(_line, rows)


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(' '.join(str(c).replace('|', '&#124;').split()) for c in cells)} |"


def comparison(reports: Mapping[str, Report]) -> str:
    """Write several reports beside each other, in Markdown.

    Args:
        reports: the reports by the name of the server, all of the same cases.
    """
    first = next(iter(reports.values()))
    head = ("area", "level", *reports)
    lines = [*_rows(head, _totals(reports)), "", "How many passed of those run.", ""]
    for area in Area:
        lines += [f"## {area.capitalize()}", ""]
        chosen = [n for n, o in enumerate(first.outcomes) if o.case.area is area]
        rows = (_beside(reports, number) for number in chosen)
        lines += [*_rows(("case", "what it does", "clause", "level", *reports), rows), ""]
    return "\n".join(lines)


def _totals(reports: Mapping[str, Report]) -> Iterator[Sequence[object]]:
    counted = [{row[:2]: row[2:] for row in report.counts()} for report in reports.values()]
    for key in counted[0]:
        cells = (counts[key] for counts in counted)
        yield (*key, *(f"{p} of {p + f}" if p + f else "not run" for p, f, _ in cells))


def _beside(reports: Mapping[str, Report], number: int) -> Sequence[object]:
    outcomes = [report.outcomes[number] for report in reports.values()]
    case = outcomes[0].case
    signs = (_SIGNS[outcome.result] for outcome in outcomes)
    return (case.id, case.title, _link(case), case.level, *signs)


def as_json(report: Report) -> bytes:
    """Write a report as JSON; the token is no part of it."""
    endpoint = report.endpoint
    content = {
        "endpoint": {"query": endpoint.query, "update": endpoint.update, "store": endpoint.store},
        "counts": [dict(zip(_HEAD, row, strict=True)) for row in report.counts()],
        "cases": [
            {
                "id": outcome.case.id,
                "area": outcome.case.area,
                "document": outcome.case.clause.address,
                "section": outcome.case.clause.section,
                "level": outcome.case.level,
                "title": outcome.case.title,
                "result": outcome.result,
                "words": outcome.words,
            }
            for outcome in report.outcomes
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


def earl(report: Report) -> bytes:
    """Write a report in Turtle, in the Evaluation and Report Language (EARL 1.0 Schema)."""
    subject = NamedNode(report.endpoint.query)
    triples = [_typed(subject, "TestSubject")]
    for number, outcome in enumerate(report.outcomes):
        triples += _assertion(outcome, subject, number)
    prefixes = {"earl": names.EARL, "dcterms": names.DCTERMS, "test": TESTS}
    return serialize(triples, "turtle", prefixes=prefixes)


def _assertion(outcome: Outcome, subject: NamedNode, number: int) -> Iterator[Triple]:
    case, test = outcome.case, NamedNode(TESTS + outcome.case.id)
    assertion, result = BlankNode(f"a{number}"), BlankNode(f"r{number}")
    yield _typed(assertion, "Assertion")
    yield _typed(test, "TestCase")
    yield _typed(result, "TestResult")
    yield Triple(test, NamedNode(names.DCTERMS + "title"), Literal(case.title, language="en"))
    source = NamedNode(case.clause.address)
    yield Triple(test, NamedNode(names.DCTERMS + "source"), source)
    for name, value in (
        ("assertedBy", NamedNode(names.BASE)),
        ("subject", subject),
        ("test", test),
        ("mode", NamedNode(names.EARL + "automatic")),
        ("result", result),
    ):
        yield Triple(assertion, NamedNode(names.EARL + name), value)
    ended = NamedNode(names.EARL + _EARL[outcome.result])
    yield Triple(result, NamedNode(names.EARL + "outcome"), ended)
    if outcome.words:
        yield Triple(result, NamedNode(names.DCTERMS + "description"), Literal(outcome.words))


def _typed(node: NamedNode | BlankNode, class_: str) -> Triple:
    return Triple(node, NamedNode(names.RDF_TYPE), NamedNode(names.EARL + class_))


WRITERS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    "table": text,
    "markdown": markdown,
    "json": as_json,
    "earl": earl,
}
