"""How a run went: a table for people, and EARL for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tests.w3c import manifest, regimes
from tests.w3c.runs import Outcome, Result

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple, serialize

EARL: Final = "http://www.w3.org/ns/earl#"
_HEAD: Final = ("suite", "tests", *Result)
_ENDED: Final = {Result.PASSED: "passed", Result.LISTED: "failed", Result.FAILED: "failed"}


def text(outcomes: Sequence[Outcome]) -> str:
    """Write the table, then each miss with its reason and each failure with what was seen."""
    rows = [_HEAD, *_counts(outcomes)]
    widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    for result, title in ((Result.LISTED, "Listed"), (Result.FAILED, "Failed")):
        told = [f"  {o.case.id}: {o.words}" for o in outcomes if o.result is result]
        lines += ["", f"{title}:", *told] if told else []
    lines += ["", "Not run:", *(f"  {name}: {why}" for name, why in manifest.NOT_RUN.items())]
    run = {case.name for regime in ("RDFS", "OWL-RL") for case in regimes.under(regime)}
    direct, every = len(regimes.LEFT_OUT), len(regimes.entailment())
    lines.append(
        f"  {manifest.ENTAILMENT}: {direct} of {every} tests are of OWL Direct alone,"
        f" {every - direct - len(run)} of regimes that no service offers (RDF, D, RDF-Based)"
    )
    return "\n".join(lines) + "\n"


def _line(row: Sequence[object], widths: Sequence[int]) -> str:
    first, *others = row
    cells = (str(c).rjust(w) for c, w in zip(others, widths[1:], strict=True))
    return "  ".join([str(first).ljust(widths[0]), *cells])


def _counts(outcomes: Sequence[Outcome]) -> Iterator[tuple[object, ...]]:
    found = Counter((_suite(outcome), outcome.result) for outcome in outcomes)
    for suite in dict.fromkeys(map(_suite, outcomes)):
        numbers = [found[suite, result] for result in Result]
        yield (suite, sum(numbers), *numbers)
    ended = Counter(outcome.result for outcome in outcomes)
    yield ("all", len(outcomes), *(ended[result] for result in Result))


def _suite(outcome: Outcome) -> str:
    return outcome.run.title if outcome.run.regime else outcome.case.folder


def earl(outcomes: Sequence[Outcome], subject: str) -> bytes:
    """Write the outcomes in the Evaluation and Report Language (EARL 1.0 Schema), as Turtle.

    Args:
        outcomes: how each test ended.
        subject: IRI of what was tested.
    """
    triples = [_typed(NamedNode(subject), "TestSubject")]
    for number, outcome in enumerate(outcomes):
        triples += _assertion(outcome, NamedNode(subject), number)
    return serialize(triples, "turtle", prefixes={"earl": EARL, "dcterms": names.DCTERMS})


def _assertion(outcome: Outcome, subject: NamedNode, number: int) -> Iterator[Triple]:
    assertion, result = BlankNode(f"a{number}"), BlankNode(f"r{number}")
    yield _typed(assertion, "Assertion")
    yield _typed(result, "TestResult")
    for name, term in (
        ("assertedBy", NamedNode(names.BASE)),
        ("subject", subject),
        ("test", NamedNode(outcome.case.iri)),
        ("mode", NamedNode(EARL + "automatic")),
        ("result", result),
    ):
        yield Triple(assertion, NamedNode(EARL + name), term)
    yield Triple(result, NamedNode(EARL + "outcome"), NamedNode(EARL + _ENDED[outcome.result]))
    told = [outcome.words] if outcome.words else []
    told += [f"Regime: {outcome.run.regime}"] if outcome.run.regime else []
    for words in told:
        yield Triple(result, NamedNode(names.DCTERMS + "description"), Literal(words))


def _typed(node: NamedNode | BlankNode, kind: str) -> Triple:
    return Triple(node, NamedNode(names.RDF_TYPE), NamedNode(EARL + kind))
