"""Cases of the dataset of a query (SPARQL 1.1 Protocol, section 2.1.4)."""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.asking import ACCEPT, FORM, direct, form, get
from samsyn.conformance.case import Area, Case, Clause, Given, Send, Step, Target, says

# What a server may say that takes no datasets from clients: 2.1.4 allows it to say 400.
_NO_DATASETS: Final = says(400)

_ONE: Final = "<urn:x-check:one> <urn:x-check:is> <urn:x-check:One> ."
_TWO: Final = "<urn:x-check:two> <urn:x-check:is> <urn:x-check:Two> ."
_THREE: Final = "<urn:x-check:three> <urn:x-check:is> <urn:x-check:Three> ."
_GIVEN: Final = (Given("$graph", _ONE), Given("$other", _TWO), Given("$third", _THREE))

_BOTH: Final = "ASK { <urn:x-check:one> ?p ?o . <urn:x-check:two> ?q ?r }"
_NOT_THIRD: Final = "ASK { <urn:x-check:three> ?p ?o }"
_NAMED: Final = "ASK { GRAPH ?g { <urn:x-check:one> ?p ?o } GRAPH ?h { <urn:x-check:two> ?q ?r } }"
_ONLY_NAMED: Final = "ASK { GRAPH ?g { ?s ?p ?o FILTER (?g NOT IN (<$graph>, <$other>)) } }"
_FULL: Final = (
    "ASK { <urn:x-check:three> ?a ?b GRAPH ?g { <urn:x-check:one> ?p ?o }"
    " GRAPH ?h { <urn:x-check:two> ?q ?r } }"
)
_DEFAULT_URIS: Final = (("default-graph-uri", "$graph"), ("default-graph-uri", "$other"))
_NAMED_URIS: Final = (("named-graph-uri", "$graph"), ("named-graph-uri", "$other"))


def _dataset(name: str, title: str, *steps: Step) -> Case:
    clause = Clause("Protocol", "2.1.4")
    return Case(name, Area.PROTOCOL, clause, title, steps, declines=_NO_DATASETS)


CASES: Final = (
    _dataset(
        "dataset-absent-graph",
        "asks nothing but the graph that default-graph-uri names",
        get("ASK { ?s ?p ?o }", expect.no, more=(("default-graph-uri", "$graph"),)),
    ),
    _dataset(
        "dataset-default-graphs-get",
        "merges the graphs of repeated default-graph-uri, by GET",
        *_GIVEN,
        get(_BOTH, expect.yes, more=_DEFAULT_URIS),
        get(_NOT_THIRD, expect.no, more=_DEFAULT_URIS),
    ),
    _dataset(
        "dataset-default-graphs-form",
        "merges the graphs of repeated default-graph-uri, in a form",
        *_GIVEN,
        form(
            "default-graph-uri=$graph&query=ASK%7B%3Curn%3Ax-check%3Aone%3E%3Fp%3Fo."
            "%3Curn%3Ax-check%3Atwo%3E%3Fq%3Fr%7D&default-graph-uri=$other",
            expect.yes,
        ),
    ),
    _dataset(
        "dataset-default-graphs-direct",
        "merges the graphs of repeated default-graph-uri, beside a body",
        *_GIVEN,
        direct(_BOTH, expect.yes, query=_DEFAULT_URIS),
        direct(_NOT_THIRD, expect.no, query=_DEFAULT_URIS),
    ),
    _dataset(
        "dataset-form-with-address",
        "applies default-graph-uri in the address to a form",
        *_GIVEN,
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.no),
            "POST",
            (("default-graph-uri", "$graph"),),
            (ACCEPT, FORM),
            "query=ASK%7B%3Curn%3Ax-check%3Atwo%3E%3Fp%3Fo%7D",
        ),
    ),
    _dataset(
        "dataset-named-graphs-get",
        "takes the graphs of repeated named-graph-uri and no others, by GET",
        *_GIVEN,
        get(_NAMED, expect.yes, more=_NAMED_URIS),
        get(_ONLY_NAMED, expect.no, more=_NAMED_URIS),
    ),
    _dataset(
        "dataset-named-graphs-direct",
        "takes the graphs of repeated named-graph-uri and no others, beside a body",
        *_GIVEN,
        direct(_NAMED, expect.yes, query=_NAMED_URIS),
        direct(_ONLY_NAMED, expect.no, query=_NAMED_URIS),
    ),
    _dataset(
        "dataset-named-alone",
        "has an empty default graph where only named-graph-uri is given",
        *_GIVEN,
        get("ASK { ?s ?p ?o }", expect.no, more=_NAMED_URIS),
    ),
    _dataset(
        "dataset-default-alone",
        "has no named graphs where only default-graph-uri is given",
        *_GIVEN,
        get("ASK { GRAPH ?g { ?s ?p ?o } }", expect.no, more=_DEFAULT_URIS),
    ),
    _dataset(
        "dataset-full",
        "takes default and named graphs together",
        *_GIVEN,
        direct(_FULL, expect.yes, query=(("default-graph-uri", "$third"), *_NAMED_URIS)),
        direct(_NOT_THIRD, expect.yes, query=(("default-graph-uri", "$third"), *_NAMED_URIS)),
        direct(_BOTH, expect.no, query=(("default-graph-uri", "$third"), *_NAMED_URIS)),
    ),
    _dataset(
        "dataset-over-from",
        "prefers the dataset of the request to FROM",
        *_GIVEN,
        get(
            "ASK FROM <$third> { <urn:x-check:one> ?p ?o FILTER NOT EXISTS"
            " { <urn:x-check:three> ?q ?r } }",
            expect.yes,
            more=(("default-graph-uri", "$graph"),),
        ),
    ),
    _dataset(
        "dataset-over-from-named",
        "prefers the dataset of the request to FROM NAMED",
        *_GIVEN,
        get(
            "ASK FROM NAMED <$third> { GRAPH ?g { <urn:x-check:one> ?p ?o } FILTER NOT EXISTS"
            " { GRAPH <$third> { ?s ?q ?r } } }",
            expect.yes,
            more=(("named-graph-uri", "$graph"),),
        ),
    ),
    Case(
        "dataset-from",
        Area.PROTOCOL,
        Clause("Query", "13.2"),
        "asks the graphs of FROM and FROM NAMED",
        (
            *_GIVEN,
            get(
                "ASK FROM <$graph> FROM NAMED <$other> { <urn:x-check:one> ?p ?o"
                " GRAPH <$other> { ?s ?q ?r } FILTER NOT EXISTS { GRAPH <$third> { ?t ?u ?v } } }",
                expect.yes,
            ),
        ),
    ),
)
