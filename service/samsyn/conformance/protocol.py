"""Cases of the query operation (SPARQL 1.1 Protocol, sections 2.1 and 2.3; RFC 9110)."""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.case import Area, Case, Check, Clause, Given, Level, Send, Step, Target
from samsyn.conformance.results import JSON, XML
from samsyn.dataset.exact import NamedNode

FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
DIRECT: Final = ("Content-Type", "application/sparql-query")
ACCEPT: Final = ("Accept", JSON)

# What a server may say that takes no datasets from clients: 2.1.4 allows it to say 400.
_NO_DATASETS: Final = frozenset({400})

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


def _case(name: str, section: str, title: str, *steps: Step) -> Case:
    return Case(name, Area.PROTOCOL, Clause("Protocol", section), title, steps)


def _advice(name: str, document: str, section: str, title: str, *steps: Step) -> Case:
    clause = Clause(document, section)
    return Case(name, Area.PROTOCOL, clause, title, steps, Level.SHOULD)


def _http(name: str, section: str, title: str, *steps: Step) -> Case:
    return Case(name, Area.PROTOCOL, Clause("HTTP", section), title, steps)


def _dataset(name: str, title: str, *steps: Step) -> Case:
    clause = Clause("Protocol", "2.1.4")
    return Case(name, Area.PROTOCOL, clause, title, steps, declines=_NO_DATASETS)


def _refused(*checks: Check, method: str = "POST", **sent: object) -> Send:
    return Send(Target.QUERY, checks or (expect.REFUSAL,), method, **sent)  # type: ignore[arg-type]


def _absolute(row: expect.Row) -> str | None:
    value = row[0]
    if isinstance(value, NamedNode) and ":" in value.value and value.value != "thing":
        return None
    return f"{value} is no absolute IRI"


_WAYS: Final = (
    _case("query-get", "2.1.1", "answers a query sent by GET", get("ASK {}", expect.yes)),
    _case(
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
    _case(
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
    _case(
        "query-get-decoded-once",
        "2.1.1",
        "decodes percent signs of a query by GET once and not twice",
        get('SELECT ("%41%2B" AS ?x) {}', expect.table("x", '"%41%2B"')),
    ),
    _case(
        "query-get-unicode",
        "2.1.1",
        "reads a query by GET as UTF-8",
        get('SELECT ("åß漢😀" AS ?x) {}', expect.table("x", '"åß漢😀"')),
    ),
    _case("query-post-form", "2.1.2", "answers a form", form("query=ASK%20%7B%7D", expect.yes)),
    _case(
        "query-post-form-decoded-once",
        "2.1.2",
        "decodes a form once and not twice",
        form("query=SELECT+(%22a%2Bb+%2541%22+AS+%3Fx)+%7B%7D", expect.table("x", '"a+b %41"')),
    ),
    _case(
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
    _case("query-post-direct", "2.1.3", "answers a body", direct("ASK {}", expect.yes)),
    _case(
        "query-post-direct-as-it-stands",
        "2.1.3",
        "decodes nothing in a query that is the body",
        direct('SELECT ("a+b%20c" AS ?x) {}', expect.table("x", '"a+b%20c"')),
    ),
    _case(
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
    _advice(
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
        declines=frozenset({404, 405, 501}),
    ),
)

_DATASETS: Final = (
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

_TYPES: Final = (
    _case(
        "type-of-select",
        "2.1.6",
        "gives a table a media type of tables",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.media(*expect.TABLES)),
            query=(("query", "SELECT (1 AS ?x) {}"),),
        ),
    ),
    _case(
        "type-of-ask",
        "2.1.6",
        "gives a yes or no a media type of results",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.media(*expect.BOOLEANS, XML)),
            query=(("query", "ASK {}"),),
        ),
    ),
    _case(
        "type-of-describe",
        "2.1.6",
        "gives a description a media type of RDF",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.media(*expect.GRAPHS)),
            query=(("query", "DESCRIBE <urn:x-check:nothing>"),),
        ),
    ),
    _case(
        "type-of-construct",
        "2.1.6",
        "gives a graph a media type of RDF",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.media(*expect.GRAPHS)),
            query=(("query", "CONSTRUCT { <urn:x-check:s> <urn:x-check:p> 1 } {}"),),
        ),
    ),
)


def _negotiated(name: str, title: str, accept: str, *checks: Check, text: str = "ASK {}") -> Case:
    query, headers = (("query", text),), (("Accept", accept),)
    return Case(
        name,
        Area.PROTOCOL,
        Clause("HTTP", "12.5.1"),
        title,
        (Send(Target.QUERY, checks, query=query, headers=headers),),
        Level.SHOULD,
    )


_NEGOTIATION: Final = (
    _negotiated(
        "accept-weights",
        "follows the weights of Accept",
        f"{XML};q=0.2, {JSON};q=0.8",
        expect.SUCCESS,
        expect.media(JSON),
    ),
    _negotiated(
        "accept-weights-turned",
        "follows the weights of Accept, turned round",
        f"{XML};q=0.8, {JSON};q=0.2",
        expect.SUCCESS,
        expect.media(XML),
    ),
    _negotiated(
        "accept-zero",
        "never sends what Accept excludes with q=0",
        f"{JSON};q=0, */*;q=0.5",
        expect.SUCCESS,
        expect.unlike(JSON),
    ),
    _negotiated(
        "accept-specific-first",
        "lets a type outweigh a wildcard whatever the order",
        f"*/*;q=0.9, {JSON};q=0.1, {XML};q=1",
        expect.SUCCESS,
        expect.media(XML),
    ),
    _negotiated("accept-anything", "answers */*", "*/*", expect.SUCCESS, expect.media(JSON, XML)),
    _negotiated(
        "accept-family",
        "answers application/*",
        "application/*",
        expect.SUCCESS,
        expect.media(JSON, XML, "application/json", "application/xml"),
    ),
    _negotiated(
        "accept-unknown-parameter",
        "overlooks parameters of Accept that it does not know",
        f"{XML};level=1;q=0.7",
        expect.SUCCESS,
        expect.media(XML),
    ),
    _negotiated(
        "accept-nothing-offered",
        "says 406 where nothing it has is acceptable",
        "image/png",
        expect.status(406),
    ),
    _negotiated(
        "accept-unfit-for-form",
        "says 406 to a yes or no wanted as Turtle",
        "text/turtle",
        expect.status(406),
    ),
    _advice(
        "accept-varies",
        "HTTP",
        "12.5.5",
        "says by Vary that the answer depends on Accept",
        get("ASK {}", expect.header("Vary", "Accept")),
    ),
)

_REFUSALS: Final = (
    _case(
        "query-syntax",
        "2.1.7",
        "says 400 to a query that is none",
        _refused(expect.status(400), method="GET", query=(("query", "ASK {"),)),
    ),
    _case(
        "query-syntax-direct",
        "2.1.7",
        "says 400 to a body that is no query",
        _refused(expect.status(400), headers=(DIRECT,), body="SELECT nothing"),
    ),
    _case(
        "query-empty",
        "2.1.7",
        "says 400 to an empty query",
        _refused(expect.status(400), headers=(DIRECT,), body=""),
    ),
    _case(
        "query-twice",
        "2.1",
        "refuses two queries by GET",
        _refused(method="GET", query="query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"),
    ),
    _case(
        "query-twice-in-form",
        "2.1",
        "refuses two queries in a form",
        _refused(headers=(FORM,), body="query=ASK%20%7B%7D&query=ASK%20%7B%7D"),
    ),
    _advice(
        "query-twice-form-and-address",
        "Protocol",
        "2.1",
        "refuses one query in the address and one in the form",
        _refused(query=(("query", "ASK {}"),), headers=(FORM,), body="query=ASK%20%7B%7D"),
    ),
    _advice(
        "query-twice-direct-and-address",
        "Protocol",
        "2.1.3",
        "refuses one query in the address and one as the body",
        _refused(query=(("query", "ASK {}"),), headers=(DIRECT,), body="ASK {}"),
    ),
    _case(
        "query-none-in-form",
        "2.1",
        "refuses a form without a query",
        _refused(headers=(FORM,), body="quer=ASK%20%7B%7D"),
    ),
    _case(
        "query-wrong-type",
        "2.1",
        "refuses a body of another media type",
        _refused(headers=(("Content-Type", "text/plain"),), body="ASK {}"),
    ),
    _advice(
        "query-wrong-type-415",
        "HTTP",
        "15.5.16",
        "says 415 to a body of another media type",
        _refused(expect.status(415), headers=(("Content-Type", "text/plain"),), body="ASK {}"),
    ),
    _case(
        "query-form-without-type",
        "2.1.2",
        "refuses a form without a content type",
        _refused(body="query=ASK%20%7B%7D"),
    ),
    _case(
        "query-direct-without-type",
        "2.1.3",
        "refuses a query as body without a content type",
        _refused(body="ASK {}"),
    ),
    _case(
        "query-utf-16",
        "2.1.3",
        "refuses a body in UTF-16 that says so",
        _refused(
            headers=(("Content-Type", "application/sparql-query; charset=UTF-16"),),
            body="ASK {}".encode("utf-16"),
        ),
    ),
    _case(
        "query-not-utf-8",
        "2.1.3",
        "refuses a body that is not UTF-8",
        _refused(headers=(DIRECT,), body=b'ASK { FILTER ("\xff\xfe" = "") }'),
    ),
    _advice(
        "query-get-not-utf-8",
        "Protocol",
        "2.1.1",
        "refuses percent signs that do not make up UTF-8",
        _refused(method="GET", query="query=ASK%20%7B%20FILTER%20(%22%FF%22%20%3D%20%22%22)%20%7D"),
    ),
    _advice(
        "query-coding",
        "HTTP",
        "15.5.16",
        "refuses a content coding that there is none of",
        _refused(headers=(DIRECT, ("Content-Encoding", "x-check")), body="ASK {}"),
    ),
)

_METHODS: Final = (
    _case(
        "query-put",
        "2.1",
        "refuses a query by PUT",
        _refused(method="PUT", query=(("query", "ASK {}"),), headers=(DIRECT,), body="ASK {}"),
    ),
    _http(
        "query-unknown-method",
        "15.5.6",
        "says 405 or 501 to another method",
        _refused(expect.status(405, 501), method="SEARCH", query=(("query", "ASK {}"),)),
    ),
    Case(
        "query-allow",
        Area.PROTOCOL,
        Clause("HTTP", "15.5.6"),
        "names GET and POST in Allow where it says 405",
        (
            _refused(
                expect.status(405),
                expect.header("Allow", "GET", "POST"),
                method="SEARCH",
                query=(("query", "ASK {}"),),
            ),
        ),
        declines=frozenset({501}),
    ),
    _http(
        "query-head",
        "9.3.2",
        "answers HEAD with the headers of GET and no content",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.media(JSON), expect.empty),
            "HEAD",
            (("query", "ASK {}"),),
            (ACCEPT,),
        ),
    ),
    _advice(
        "query-options",
        "HTTP",
        "9.3.7",
        "names its methods to OPTIONS",
        Send(Target.QUERY, (expect.SUCCESS, expect.header("Allow", "GET", "POST")), "OPTIONS"),
    ),
)

_BASE: Final = (
    _case(
        "query-base",
        "2.3",
        "resolves relative IRIs against a base of its own",
        get("SELECT (<thing> AS ?x) {}", expect.single("x", _absolute)),
    ),
    _case(
        "query-base-given",
        "2.3",
        "resolves relative IRIs against BASE where it is given",
        get(
            "BASE <http://example.org/a/> SELECT (<../thing> AS ?x) {}",
            expect.table("x", "<http://example.org/thing>"),
        ),
    ),
)

CASES: Final = (*_WAYS, *_DATASETS, *_TYPES, *_NEGOTIATION, *_REFUSALS, *_METHODS, *_BASE)
