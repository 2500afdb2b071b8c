"""The tables of cases are well formed, and cover what they have to."""

from __future__ import annotations

import re

import pytest

from samsyn.cli import endpoint
from samsyn.conformance import WRITERS
from samsyn.conformance.case import DOCUMENTS, Area, Ask, Case, Given, Level, Names, Send, Target
from samsyn.conformance.tables import cases
from samsyn.dataset.exact import parse

CASES = list(cases())
BY_ID = {case.id: case for case in CASES}
AREAS = {area: [case for case in CASES if case.area is area] for area in Area}

# What the public suites ask, in short, and the case of ours that asks it (or more).
COVERED = {
    "query by form": "query-post-form",
    "query by GET": "query-get",
    "query as body": "query-post-direct",
    "default graphs by GET": "dataset-default-graphs-get",
    "default graphs by POST": "dataset-default-graphs-direct",
    "named graphs by GET": "dataset-named-graphs-get",
    "named graphs by POST": "dataset-named-graphs-direct",
    "both": "dataset-full",
    "dataset given twice": "dataset-over-from",
    "type of a table": "type-of-select",
    "type of a boolean": "type-of-ask",
    "type of a description": "type-of-describe",
    "type of a graph": "type-of-construct",
    "update with a default graph": "using-graph",
    "update with default graphs": "using-graphs",
    "update with named graphs": "using-named-graphs",
    "update with both": "using-full",
    "update by form": "update-form",
    "update as body": "update-direct",
    "base of an update": "update-base",
    "method of a query": "query-put",
    "two queries": "query-twice",
    "media type of a query": "query-wrong-type",
    "query form without type": "query-form-without-type",
    "query body without type": "query-direct-without-type",
    "query in UTF-16": "query-utf-16",
    "query syntax": "query-syntax",
    "update by GET": "update-get",
    "two updates": "update-twice",
    "media type of an update": "update-wrong-type",
    "update form without type": "update-form-without-type",
    "update in UTF-16": "update-utf-16",
    "update syntax": "update-syntax",
    "update with dataset twice": "using-named-graph-beside-with",
    "PUT and GET": "put-get",
    "PUT and GET of the default graph": "default-put-get",
    "PUT, DELETE, GET, DELETE": "delete",
    "POST, web form": "post-merges",
    "POST to the store": "post-collection",
    "HEAD": "head",
    "HEAD of nothing": "head-absent",
    "encoded names": "graph-encoded",
    "names encoded twice": "graph-encoded-twice",
    "PUT and GET, direct": "put-get-direct",
    "PUT, DELETE, GET, DELETE, direct": "delete-direct",
    "POST, web form, direct": "post-merges-direct",
    "HEAD, direct": "head-direct",
    "description is RDF": "description-is-rdf",
    "description has the endpoint": "description-has-endpoint",
    "description fits the vocabulary": "description-fits-vocabulary",
}


def test_every_area_has_cases() -> None:
    """No area is empty, and the command names just these areas and formats."""
    assert min(map(len, AREAS.values())) >= 8
    assert tuple(endpoint.AREAS) == tuple(Area)
    assert tuple(endpoint.FORMATS) == tuple(WRITERS)


def test_names_are_unique_and_readable() -> None:
    """Each case has a name of its own, in lower case with hyphens."""
    assert len(BY_ID) == len(CASES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in BY_ID)


@pytest.mark.parametrize("case", CASES, ids=BY_ID)
def test_a_case_is_well_formed(case: Case) -> None:
    """Each case names a clause of a known document, and checks something in each answer."""
    assert case.clause.document in DOCUMENTS
    assert re.fullmatch(r"\d+(\.\d+)*", case.clause.section)
    assert case.title[0].islower()
    assert not case.title.endswith(".")
    names = Names()
    for key in ("created", "etag", "direct"):
        names.learn(key, "urn:x")
    for step in case.steps:
        if isinstance(step, Send):
            assert step.checks
            assert names.fill(step.body) is not None if isinstance(step.body, str) else True
        elif isinstance(step, Ask):
            assert names.fill(step.query).startswith("ASK")
        else:
            assert isinstance(step, Given)
            assert parse(step.triples.encode(), "ntriples")


@pytest.mark.parametrize("asked", COVERED)
def test_the_public_suites_are_covered(asked: str) -> None:
    """What the public suites ask has a case here."""
    assert COVERED[asked] in BY_ID


def test_what_may_write_is_known() -> None:
    """A request that a careless server might take for a write counts as one."""
    must = ["query-put", "update-get", "update-get-as-query", "update-utf-16", "put-broken"]
    assert all(BY_ID[name].writes for name in must)
    assert not any(BY_ID[name].writes for name in ("query-get", "query-by-query", "get-absent"))
    for case in CASES:
        for step in case.steps:
            if isinstance(step, Send) and not step.writes:
                assert step.method in {"GET", "HEAD", "OPTIONS", "QUERY", "SEARCH", "POST"}
                assert step.method != "POST" or step.target is Target.QUERY


def test_only_own_graphs_are_named() -> None:
    """No update names a graph other than those of the case, or all graphs at once."""
    for case in CASES:
        for step in case.steps:
            text = step.body if isinstance(step, Send) and isinstance(step.body, str) else ""
            assert not re.search(r"\b(ALL|NAMED|DEFAULT)\b(?! <)", text) or "CLEAR" not in text
            for named in re.findall(r"GRAPH <([^>]*)>", text):
                assert named.startswith("$")


def test_levels_are_both_used() -> None:
    """There are binding clauses and advice."""
    assert {case.level for case in CASES} == set(Level)
