"""Cases of media types and methods (SPARQL 1.1 Protocol, section 2.1; RFC 9110)."""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.asking import ACCEPT, DIRECT, advice, case, get, http, refused
from samsyn.conformance.case import Area, Case, Check, Clause, Level, Send, Target, says
from samsyn.conformance.results import JSON, XML

_TYPES: Final = (
    case(
        "type-of-select",
        "2.1.6",
        "gives a table a media type of tables",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.media(*expect.TABLES)),
            query=(("query", "SELECT (1 AS ?x) {}"),),
        ),
    ),
    case(
        "type-of-ask",
        "2.1.6",
        "gives a yes or no a media type of results",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.media(*expect.BOOLEANS, XML)),
            query=(("query", "ASK {}"),),
        ),
    ),
    case(
        "type-of-describe",
        "2.1.6",
        "gives a description a media type of RDF",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.media(*expect.GRAPHS)),
            query=(("query", "DESCRIBE <urn:x-check:nothing>"),),
        ),
    ),
    case(
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
    advice(
        "accept-varies",
        "HTTP",
        "12.5.5",
        "says by Vary that the answer depends on Accept",
        get("ASK {}", expect.header("Vary", "Accept")),
    ),
)

_METHODS: Final = (
    case(
        "query-put",
        "2.1",
        "refuses a query by PUT",
        refused(method="PUT", query=(("query", "ASK {}"),), headers=(DIRECT,), body="ASK {}"),
    ),
    http(
        "query-unknown-method",
        "15.5.6",
        "says 405 or 501 to another method",
        refused(expect.status(405, 501), method="SEARCH", query=(("query", "ASK {}"),)),
    ),
    Case(
        "query-allow",
        Area.PROTOCOL,
        Clause("HTTP", "15.5.6"),
        "names GET and POST in Allow where it says 405",
        (
            refused(
                expect.status(405),
                expect.header("Allow", "GET", "POST"),
                method="SEARCH",
                query=(("query", "ASK {}"),),
            ),
        ),
        declines=says(501),
    ),
    http(
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
    advice(
        "query-options",
        "HTTP",
        "9.3.7",
        "names its methods to OPTIONS",
        Send(Target.QUERY, (expect.SUCCESS, expect.header("Allow", "GET", "POST")), "OPTIONS"),
    ),
)

CASES: Final = (*_TYPES, *_NEGOTIATION, *_METHODS)
