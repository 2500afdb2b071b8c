"""The entailment tests of W3C SPARQL 1.1, read where they are packed, and their answers compared.

They come with the source distribution of rdflib, which ``make test`` puts beside the interpreter.
"""

from __future__ import annotations

import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    parse_query_results,
)

from samsyn.closure.engine.literals import value
from samsyn.dataset.exact import Literal, Term, Triple, parse
from samsyn.dataset.index import Answer
from samsyn.names import RDF

_FOLDER: Final = "/test/data/suites/w3c/sparql11/entailment/"
_BASE: Final = "http://example.org/suite/"
_TESTS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/"
_ENTRIES: Final = f"{_TESTS}test-manifest#entries"
_ACTION: Final = f"{_TESTS}test-manifest#action"
_RESULT: Final = f"{_TESTS}test-manifest#result"
_DATA: Final = f"{_TESTS}test-query#data"
_QUERY: Final = f"{_TESTS}test-query#query"
_REGIMES: Final = "http://www.w3.org/ns/sparql-service-description#entailmentRegime"
_PROFILES: Final = "http://www.w3.org/ns/sparql-service-description#EntailmentProfile"

Rows = list[dict[str, Term]]
Node = Term | Triple
About = Mapping[object, Mapping[str, list[Node]]]


@dataclass(frozen=True)
class Case:
    """One test: what to load, what to ask, under which regimes, and what is to come out."""

    data: str
    query: str
    result: str
    regimes: frozenset[str]
    profiles: frozenset[str]


@cache
def files() -> Mapping[str, bytes]:
    """Return the files of the suite by name; none at all if it is not at hand."""
    packed = sorted((Path(sys.prefix) / "suites").glob("rdflib-*.tar.gz"))
    if not packed:
        return {}
    found = {}
    with tarfile.open(packed[-1]) as archive:
        for member in archive:  # in the order of the file, since it cannot go back cheaply
            _, folder, name = member.name.partition(_FOLDER)
            content = archive.extractfile(member) if folder else None
            if content is not None:
                found[name] = content.read()
    return found


@cache
def cases() -> Mapping[str, Case]:
    """Return the tests that the manifest lists, by name."""
    if not files():
        return {}
    about: dict[object, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples("manifest.ttl"):
        about[triple.subject][triple.predicate.value].append(triple.object)
    (entries,) = (node[_ENTRIES] for node in list(about.values()) if _ENTRIES in node)
    return {_last(entry): _case(entry, about) for entry in _members(entries[0], about)}


def _case(entry: Node, about: About) -> Case:
    action = about[about[entry][_ACTION][0]]
    places = (action[_DATA], action[_QUERY], about[entry][_RESULT])
    data, query, result = (_last(only) for (only,) in places)
    regimes, profiles = (
        frozenset(_last(item) for node in action[key] for item in _members(node, about))
        for key in (_REGIMES, _PROFILES)
    )
    return Case(data, query, result, regimes, profiles)


def _members(node: Node, about: About) -> Iterator[Node]:
    # What is no list is taken for a list of one.
    if RDF + "first" not in about[node]:
        yield node
        return
    while RDF + "first" in about[node]:
        yield about[node][RDF + "first"][0]
        node = about[node][RDF + "rest"][0]


def _last(node: Node) -> str:
    return str(node).strip("<>").replace("#", "/").rpartition("/")[2]


def triples(name: str) -> list[Triple]:
    """Return the triples of a Turtle file of the suite."""
    return [quad.triple for quad in parse(files()[name], "turtle", base=_BASE + name, path=name)]


def query(name: str) -> str:
    """Return a query of the suite with its base."""
    return f"BASE <{_BASE}{name}>\n{files()[name].decode()}"


def expected(name: str) -> bool | tuple[list[str], Rows]:
    """Return what a result file says: yes or no, or the columns and the rows."""
    raw = parse_query_results(files()[name], format=QueryResultsFormat.XML)
    if isinstance(raw, QueryBoolean):
        return bool(raw)
    columns = [variable.value for variable in raw.variables]
    found = ({name: solution[name] for name in columns} for solution in raw)
    return columns, [{k: v for k, v in row.items() if v is not None} for row in found]


def answered(answer: Answer) -> bool | tuple[list[str], Rows]:
    """Return an answer in the same form."""
    return answer.boolean if answer.kind == "ask" else (answer.variables, list(answer.rows()))


def comparable(result: bool | tuple[list[str], Rows]) -> object:  # noqa: FBT001  it is the result
    """Return a result so that equal ones mean the same.

    Neither the order of rows and columns nor the names of blank nodes count, and of a literal only
    its value; how often a row comes does.
    """
    if isinstance(result, bool):
        return result
    columns, rows = result
    graph = Dataset(_quads(rows))
    graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(columns), sorted(map(str, graph))


def _quads(rows: Rows) -> Iterable[Quad]:
    for row in rows:
        node = BlankNode()
        yield Quad(node, NamedNode("urn:x-suite:is"), NamedNode("urn:x-suite:row"))
        for column, term in row.items():
            yield Quad(node, NamedNode(f"urn:x-suite:{column}"), _by_value(term))


def _by_value(term: Term) -> Term:
    known = value(term) if isinstance(term, Literal) else None
    return Literal(str(known)) if known else term
