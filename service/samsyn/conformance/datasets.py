"""Cases of the dataset of a query (SPARQL 1.1 Protocol, section 2.1.4)."""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.asking import (
    ACCEPT,
    DIRECT,
    FORM,
    advice,
    case,
    direct,
    form,
    get,
    http,
    refused,
)
from samsyn.conformance.case import (
    Area,
    Case,
    Check,
    Clause,
    Given,
    Level,
    Send,
    Step,
    Target,
    says,
)
from samsyn.conformance.results import Row
from samsyn.dataset.exact import NamedNode

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


_DATASETS: Final = says(400)

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


def get(text: str, *checks: Check, more: tuple[tuple[str, str], ...] = ()) -> Send:
    """Ask by GET."""
    query = (("query", text), *more)
    return Send(Target.QUERY, (expect.SUCCESS, *checks), query=query, headers=(ACCEPT,))


def form(body: str, *checks: Check) -> Send:
    """Ask by a form, encoded by hand."""
    headers = (ACCEPT, FORM)
    return Send(Target.QUERY, (expect.SUCCESS, *checks), "POST", headers=headers, body=body)


def direct(text: str, *checks: Check, query: tuple[tuple[str, str], ...] = ()) -> Send:
    """Ask by a body that is the query."""
    headers = (ACCEPT, DIRECT)
    return Send(Target.QUERY, (expect.SUCCESS, *checks), "POST", query, headers, text)


def case(name: str, section: str, title: str, *steps: Step) -> Case:
    return Case(name, Area.PROTOCOL, Clause("Protocol", section), title, steps)


def advice(name: str, document: str, section: str, title: str, *steps: Step) -> Case:
    clause = Clause(document, section)
    return Case(name, Area.PROTOCOL, clause, title, steps, Level.SHOULD)


def http(name: str, section: str, title: str, *steps: Step) -> Case:
    return Case(name, Area.PROTOCOL, Clause("HTTP", section), title, steps)


def _dataset(name: str, title: str, *steps: Step) -> Case:
    clause = Clause("Protocol", "2.1.4")
    return Case(name, Area.PROTOCOL, clause, title, steps, declines=_NO_DATASETS)


def refused(*checks: Check, method: str = "POST", **sent: object) -> Send:
    return Send(Target.QUERY, checks or (expect.REFUSAL,), method, **sent)  # type: ignore[arg-type]


def _absolute(row: Row) -> str | None:
    value = row[0]
    if isinstance(value, NamedNode) and ":" in value.value and value.value != "thing":
        return None
    return f"{value} is no absolute IRI"


_WAYS: Final = (
    case("query-get", "2.1.1", "answers a query sent by GET", get("ASK {}", expect.yes)),
    case(
        "query-get-any-order",
        "2.1.1",
        "takes the parameters of GET in any order",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.yes),
            query="unknown=1&query=ASK%20%7B%7D&other=2",
            headers=(ACCEPT,),
        ),
    ),
    case(
        "query-get-plus",
        "2.1.1",
        "decodes a plus in a query by GET to a space, and %2B to a plus",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.table("x", '"a+b c"')),
            query="query=SELECT+(%22a%2Bb+c%22+AS+%3Fx)+%7B%7D",
            headers=(ACCEPT,),
        ),
    ),
    case(
        "query-get-decoded-once",
        "2.1.1",
        "decodes percent signs of a query by GET once and not twice",
        get('SELECT ("%41%2B" AS ?x) {}', expect.table("x", '"%41%2B"')),
    ),
    case(
        "query-get-unicode",
        "2.1.1",
        "reads a query by GET as UTF-8",
        get('SELECT ("åß漢😀" AS ?x) {}', expect.table("x", '"åß漢😀"')),
    ),
    case("query-post-form", "2.1.2", "answers a form", form("query=ASK%20%7B%7D", expect.yes)),
    case(
        "query-post-form-decoded-once",
        "2.1.2",
        "decodes a form once and not twice",
        form("query=SELECT+(%22a%2Bb+%2541%22+AS+%3Fx)+%7B%7D", expect.table("x", '"a+b %41"')),
    ),
    case(
        "query-post-form-type-with-charset",
        "2.1.2",
        "compares the media type of a form without regard to case and parameters",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.yes),
            "POST",
            headers=(ACCEPT, ("Content-Type", "Application/X-WWW-Form-URLencoded; charset=UTF-8")),
            body="query=ASK%20%7B%7D",
        ),
    ),
    case("query-post-direct", "2.1.3", "answers a body", direct("ASK {}", expect.yes)),
    case(
        "query-post-direct-as-it-stands",
        "2.1.3",
        "decodes nothing in a query that is the body",
        direct('SELECT ("a+b%20c" AS ?x) {}', expect.table("x", '"a+b%20c"')),
    ),
    case(
        "query-post-direct-charset",
        "2.1.3",
        "takes a body that says it is UTF-8, and reads it as such",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.table("x", '"åß漢😀"')),
            "POST",
            headers=(ACCEPT, ("Content-Type", 'application/sparql-query; charset="UTF-8"')),
            body='SELECT ("åß漢😀" AS ?x) {}',
        ),
    ),
    advice(
        "query-post-long",
        "Protocol",
        "3.1.12",
        "takes a query of 60,000 characters as a body",
        direct("ASK {} #" + "x" * 60_000, expect.yes),
    ),
    Case(
        "query-by-query",
        Area.PROTOCOL,
        Clause("HTTP QUERY", "2"),
        "answers the method QUERY as it does a body",
        (
            Send(
                Target.QUERY,
                (expect.SUCCESS, expect.yes),
                "QUERY",
                headers=(ACCEPT, DIRECT),
                body="ASK {}",
            ),
        ),
        Level.SHOULD,
        declines=says(404, 405, 501),
    ),
)

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
