"""What is run, how a service is to be started for it, and how each test ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from tests.w3c import archive, manifest, regimes, running
from tests.w3c.client import Endpoint
from tests.w3c.manifest import Case

_SUITE: Final = "a fault of the snapshot"
_ENGINE: Final = "of the engine"


class Miss(NamedTuple):
    """A test that fails: what is seen of it to begin with, and why it does."""

    seen: str
    reason: str


MISSES: Final[Mapping[str, Miss]] = {
    "aggregates/agg-empty-group": Miss(
        "columns max x instead of max",
        f"{_SUITE}: grouping nothing gives no group, so no row; it wants one, and no column for"
        " the key. The present suite has agg-empty-group-max-1 instead, which wants no row",
    ),
    "functions/strdt03": Miss(
        "2 missing",
        f"{_SUITE}: it holds to RDF 1.0, where a literal of xsd:string is not a plain one and"
        " STRDT refuses it; in RDF 1.1 both are one",
    ),
    "functions/strlang03": Miss("2 missing", f"{_SUITE}: as strdt03, for STRLANG"),
    "functions/bnode01": Miss(
        "blank nodes stand for each other",
        f"{_ENGINE}: BNODE of a text is to give a new node in each solution, and gives the same"
        " one in all",
    ),
    "csv-tsv-res/csv03": Miss(
        "1 missing",
        f"{_ENGINE}: the index writes the double 1.0E6 as 1000000, the same number in other"
        " letters, and a table without datatypes is compared by its letters",
    ),
    "csv-tsv-res/tsv03": Miss(
        "1 missing", f"{_ENGINE}: the index holds a negativeInteger as an integer"
    ),
    **{
        f"{manifest.ENTAILMENT}/{name}": Miss("2 missing", reason)
        for (_, name), reason in regimes.MISSES.items()
    },
}
"""Tests that fail; anyone who fixes one strikes it out here."""


@dataclass(frozen=True)
class Run:
    """Tests that one start of a service serves.

    Args:
        title: what they are.
        count: how many there are of them.
        options: what `samsyn serve` is reported, beside port, store and token.
        regime: the entailment regime; empty for the tests without.
    """

    title: str
    count: int
    options: tuple[str, ...]
    regime: str = ""

    def cases(self) -> list[Case]:
        """Return the tests, none if the suite is not at hand."""
        if self.regime:
            return regimes.under(self.regime)
        every = manifest.cases().values()
        return [case for case in every if case.folder != manifest.ENTAILMENT]


RUNS: Final[Mapping[str, Run]] = {
    "sparql": Run(
        "query, update and syntax",
        437,
        ("--entailment", "none", "--no-union", "--no-prefixes"),
    ),
    "rdfs": Run(
        "entailment, RDFS",
        regimes.COUNTS["RDFS"],
        ("--entailment", "rdfs-axiomatic", "--no-prefixes"),
        "RDFS",
    ),
    "owl-rl": Run(
        "entailment, OWL 2 RL",
        regimes.COUNTS["OWL-RL"],
        ("--entailment", "owl-rl", "--no-prefixes"),
        "OWL-RL",
    ),
}
"""All that is run, by a short name."""


class Result(StrEnum):
    """How a test ended."""

    PASSED = "passed"
    LISTED = "listed"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """How one test ended, and what there is to say of it."""

    run: Run
    case: Case
    result: Result
    words: str = ""


def outcome(run: Run, case: Case, endpoint: Endpoint) -> Outcome:
    """Run one test; a miss that is listed has to be one, and the one that is listed."""
    words, miss = running.fault(case, endpoint), MISSES.get(case.id)
    if miss and words.startswith(miss.seen):
        return Outcome(run, case, Result.LISTED, miss.reason)
    if miss and not words:
        return Outcome(run, case, Result.FAILED, f"a miss no more, strike it out: {miss.reason}")
    return Outcome(run, case, Result.FAILED if words else Result.PASSED, words)


def outcomes(run: Run, endpoint: Endpoint) -> Iterator[Outcome]:
    """Run all tests of a run.

    Raises:
        LookupError: there are not as many as there have to be.
    """
    if not archive.files():
        raise LookupError(archive.ABSENT)
    cases = run.cases()
    if len(cases) != run.count:
        raise LookupError(f"{run.title}: {len(cases)} tests, where the suite has {run.count}")
    for case in cases:
        yield outcome(run, case, endpoint)
