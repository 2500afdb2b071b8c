"""One test run against an endpoint, by the method that its kind wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Final

from tests.w3c import archive, comparing
from tests.w3c.client import Endpoint, UnfitError
from tests.w3c.manifest import Case, Kind

_ACCEPT: Final = "application/sparql-results+json, text/turtle"
BEYOND: Final = re.compile(r"\b(?:SERVICE|LOAD)\b", re.IGNORECASE)
"""What may be refused: an endpoint need not reach out into the network for anybody."""
_SOME: Final = "functions/data.ttl"
_NEEDED: Final = re.compile(r"\b(?:DROP|CLEAR)\s+GRAPH\s*<([^>]*)>", re.IGNORECASE)
"""What is to be there: without it even an update without a fault may fail."""
_BAD, _REFUSED = 400, 403


def fault(case: Case, endpoint: Endpoint) -> str:
    """Run a test and say what is wrong, nothing if it passes.

    Args:
        case: the test.
        endpoint: where to run it; what it holds is lost.
    """
    try:
        return _DOERS[case.kind](case, endpoint)
    except (OSError, HTTPException, UnfitError, ValueError, SyntaxError) as error:
        return f"{type(error).__name__}: {error}"


def expected(path: str) -> comparing.Result:
    """Return what a file of results says."""
    kind = comparing.TYPES[path.rpartition(".")[2]]
    return comparing.read(archive.files()[path], kind, archive.iri(path))


def _evaluate(case: Case, endpoint: Endpoint) -> str:
    kind = comparing.TYPES[case.result.rpartition(".")[2]]
    endpoint.load(case.data)
    answer = endpoint.ask(case.text, kind)
    if not answer.good:
        return str(answer)
    if answer.media_type != kind:
        return f"{answer.media_type} instead of {kind}"
    found = comparing.read(answer.body, kind, archive.iri(case.request))
    return comparing.difference(found, expected(case.result))


def _update(case: Case, endpoint: Endpoint) -> str:
    endpoint.load(case.data)
    answer = endpoint.change(case.text)
    if not answer.good:
        return str(answer)
    wanted: dict[str, comparing.Result] = {n: tuple(archive.triples(p)) for n, p in case.after}
    found = endpoint.graphs()
    # An empty graph may be there or not (SPARQL 1.1 Update, section 3.2).
    faults = (
        (name, comparing.difference(found.get(name, ()), wanted.get(name, ())))
        for name in sorted({*found, *wanted})
    )
    return "; ".join(f"{name or 'default graph'}: {words}" for name, words in faults if words)


def _right_query(case: Case, endpoint: Endpoint) -> str:
    answer = endpoint.ask(case.text, _ACCEPT)
    return "" if answer.good or _may_refuse(case, answer.status) else str(answer)


def _wrong_query(case: Case, endpoint: Endpoint) -> str:
    answer = endpoint.ask(case.text, _ACCEPT)
    return "" if answer.status == _BAD else str(answer)


def _right_update(case: Case, endpoint: Endpoint) -> str:
    named = _NEEDED.findall(case.text)
    endpoint.load(tuple((archive.iri(archive.path(n, case.request)), _SOME) for n in named))
    answer = endpoint.change(case.text)
    return "" if answer.good or _may_refuse(case, answer.status) else str(answer)


def _wrong_update(case: Case, endpoint: Endpoint) -> str:
    answer = endpoint.change(case.text)
    return "" if answer.status == _BAD else str(answer)


def _may_refuse(case: Case, status: int) -> bool:
    return status == _REFUSED and BEYOND.search(case.text) is not None


_DOERS: Final[Mapping[Kind, Callable[[Case, Endpoint], str]]] = {
    Kind.QUERY: _evaluate,
    Kind.CSV: _evaluate,
    Kind.UPDATE: _update,
    Kind.RIGHT: _right_query,
    Kind.WRONG: _wrong_query,
    Kind.RIGHT_UPDATE: _right_update,
    Kind.WRONG_UPDATE: _wrong_update,
}
