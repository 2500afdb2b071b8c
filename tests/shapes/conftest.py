"""What the tests of shapes share: the shapes, and a comparison of the engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyshacl
import pytest
from tests.validation import parsing

from samsyn import names
from samsyn.dataset.exact import Dataset, Triple, to_rdflib
from samsyn.validation.engines.result import Result
from samsyn.validation.engines.routing import validate

Key = tuple[str, ...]
TERMS = frozenset(
    {
        "alternativePath",
        "class",
        "datatype",
        "declare",
        "entailment",
        "equals",
        "flags",
        "hasValue",
        "in",
        "inversePath",
        "languageIn",
        "lessThan",
        "maxCount",
        "maxInclusive",
        "maxLength",
        "message",
        "minCount",
        "minInclusive",
        "namespace",
        "node",
        "nodeKind",
        "not",
        "or",
        "path",
        "pattern",
        "prefix",
        "prefixes",
        "property",
        "qualifiedMinCount",
        "qualifiedValueShape",
        "select",
        "severity",
        "sparql",
        "targetClass",
        "targetObjectsOf",
        "targetSubjectsOf",
        "uniqueLang",
    }
)
"""What of SHACL the shapes of the project are made of."""


@pytest.fixture(scope="module")
def shapes(dataset: Dataset) -> tuple[Triple, ...]:
    """The shapes of the repository."""
    graphs = ("required", "advised")
    return tuple(t for g in graphs for t in dataset.graph(f"{names.GRAPH}shapes/{g}").triples)


@pytest.fixture
def parsed_once() -> Iterator[None]:
    """Let rdflib parse each SPARQL constraint once, where pySHACL asks for every node again."""
    with parsing.parsed_once():
        yield


@pytest.fixture
def agree(
    parsed_once: None,  # noqa: ARG001  needed while pySHACL runs
    shapes: tuple[Triple, ...],
) -> Callable[[tuple[Triple, ...]], int]:
    """Assert that both engines find the same in some data, and return how much that is."""

    def compare(data: tuple[Triple, ...]) -> int:
        ours = outcome(data, shapes, "shacl")
        assert ours == outcome(data, shapes, "pyshacl")
        return len(ours)

    return compare


def outcome(data: tuple[Triple, ...], shapes: tuple[Triple, ...], engine: str) -> set[Key]:
    """Validate with an engine, in terms that engines share."""
    return {key(result) for result in validate(data, shapes, engine=engine).results}


def key(result: Result) -> Key:
    """Leave out what engines may word in their own way."""
    return result.focus, result.path, result.value, result.shape, result.component


def assert_well_formed(shapes: tuple[Triple, ...]) -> None:
    """Assert that shapes meet the shapes for shapes of the Recommendation, and use known terms."""
    # The engines pass over a misspelt term in silence.
    used = {t.predicate.value for t in shapes if t.predicate.value.startswith(names.SH)}
    assert {names.local(term) for term in used} <= TERMS
    graph = to_rdflib(shapes)
    conforms, _, text = pyshacl.validate(to_rdflib(()), shacl_graph=graph, meta_shacl=True)
    assert conforms, text
