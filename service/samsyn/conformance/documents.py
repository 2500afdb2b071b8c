"""Cases of the Graph Store Protocol: the documents sent and fetched, and on which conditions.

SPARQL 1.1 Graph Store HTTP Protocol, section 5; RFC 9110, section 13.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.case import Case, Level, Send, Step, Target, says
from samsyn.conformance.storing import (
    BROKEN,
    FINE,
    FIRST,
    MADE,
    NAMED,
    NTRIPLES,
    OK,
    PART_1,
    PREFIXES,
    RDFXML,
    SECOND,
    TURTLE,
    case,
    get,
    holds,
    multipart,
    parts,
    post,
    put,
    send,
)

_XML: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:x-check:">'
    '<Person rdf:about="urn:x-check:person"><name xml:lang="sv">Åsa</name></Person></rdf:RDF>'
)
_XML_MEANS: Final = PREFIXES + ':person a :Person ; :name "Åsa"@sv .'
_NT: Final = '<urn:x-check:person> <urn:x-check:name> "\\u00C5sa"@sv .\n'
_NT_MEANS: Final = PREFIXES + ':person :name "Åsa"@sv .'
_SAME: Final = expect.graph(FIRST)
_RETURNING: Final = PREFIXES + ':person :name "one\\rtwo\\r\\nthree" .'
_UNWRITABLE: Final = PREFIXES + ":person <http://x-check.example/2024> 7 ."
_QUADS: Final = "application/n-quads, application/trig;q=0.9, text/turtle;q=0.5"

_FORMATS: Final = (
    *(
        case(
            f"put-{name}",
            "5",
            f"reads {kind}",
            send("PUT", MADE, body=body, kind=kind),
            holds(means),
        )
        for name, kind, body, means in (
            ("ntriples", NTRIPLES, _NT, _NT_MEANS),
            ("rdfxml", RDFXML, _XML, _XML_MEANS),
        )
    ),
    case(
        "put-without-type",
        "5",
        "reads RDF/XML where no content type is given",
        send("PUT", MADE, body=_XML),
        holds(_XML_MEANS),
        level=Level.SHOULD,
    ),
    *(
        case(
            f"put-{name}-mark",
            "6",
            f"skips a byte order mark before {kind}",
            send("PUT", MADE, body=f"\ufeff{body}", kind=kind),
            holds(means),
            level=Level.SHOULD,
            document="UTF-8",
        )
        for name, kind, body, means in (
            ("turtle", TURTLE, FIRST, FIRST),
            ("ntriples", NTRIPLES, _NT, _NT_MEANS),
            ("rdfxml", RDFXML, _XML, _XML_MEANS),
        )
    ),
    case(
        "get-carriage-return",
        "2.11",
        "keeps carriage returns in RDF/XML",
        put(_RETURNING, FINE),
        get(expect.status(200), expect.graph(_RETURNING), accept=RDFXML),
        document="XML",
    ),
    case(
        "get-unwritable",
        "7.2.14",
        "never breaks RDF/XML over a property that cannot be named",
        put(_UNWRITABLE, FINE),
        get(expect.refused_or(expect.graph(_UNWRITABLE)), accept=RDFXML),
        holds(_UNWRITABLE),
        document="RDF/XML",
    ),
    case(
        "get-quads",
        "5.2",
        "writes a graph as the default graph where quads are preferred",
        put(FIRST, FINE),
        get(expect.status(200), _SAME, expect.unnamed, accept=_QUADS),
        level=Level.SHOULD,
    ),
    *(
        case(
            f"get-{name}",
            "5.2",
            f"writes {kind} where it is preferred",
            put(FIRST, FINE),
            get(expect.status(200), expect.media(kind), _SAME, accept=kind),
            level=Level.SHOULD,
        )
        for name, kind in (("turtle", TURTLE), ("ntriples", NTRIPLES), ("rdfxml", RDFXML))
    ),
    case(
        "get-any",
        "5",
        "writes RDF/XML, Turtle or N-Triples where no Accept is given",
        put(FIRST, FINE),
        get(expect.status(200), expect.media(TURTLE, NTRIPLES, RDFXML), _SAME, accept=""),
    ),
    case(
        "get-nothing-offered",
        "5.2",
        "says 406 where nothing it has is acceptable",
        put(FIRST, FINE),
        get(expect.status(406), accept="image/png"),
        level=Level.SHOULD,
    ),
    *(
        case(
            f"{method.lower()}-broken",
            "5.1",
            f"says 400 to {method} of RDF that is none, and keeps what there was",
            put(FIRST, FINE),
            send(method, expect.status(400), body=FIRST + SECOND + BROKEN, kind=TURTLE),
            holds(FIRST),
        )
        for method in ("PUT", "POST")
    ),
    case(
        "multipart-broken",
        "5.1",
        "says 400 to a web form of which one document is broken, and keeps what there was",
        put(FIRST, FINE),
        multipart(parts(PART_1, PREFIXES + BROKEN), expect.status(400)),
        holds(FIRST),
    ),
    *(
        case(
            f"{method.lower()}-unknown-type",
            "5.1",
            f"says 415 to {method} of a media type that is not RDF, and keeps what there was",
            put(FIRST, FINE),
            send(method, expect.status(415), body="x", kind="application/x-check"),
            holds(FIRST),
        )
        for method in ("PUT", "POST")
    ),
)

_EMPTY: Final = (
    case(
        "put-empty",
        "5.3",
        "makes an empty graph of an empty document",
        put("", MADE),
        holds(""),
        put(FIRST, OK),
        level=Level.SHOULD,
    ),
    case(
        "post-empty",
        "5.5",
        "says 204 to a POST without content",
        put(FIRST, FINE),
        post("", expect.status(204)),
        holds(FIRST),
        level=Level.SHOULD,
    ),
)


def _tagged() -> Send:
    return Send(
        Target.STORE,
        (expect.status(200), expect.header("ETag")),
        query=NAMED,
        headers=(("Accept", TURTLE),),
        learn=("etag", "ETag"),
    )


def _conditional(name: str, section: str, title: str, *steps: Step) -> Case:
    return case(name, section, title, *steps, level=Level.SHOULD, document="HTTP")


_CONDITIONS: Final = (
    _conditional(
        "etag-not-modified",
        "13.1.2",
        "says 304 without content to a reader who has the graph",
        put(FIRST, FINE),
        _tagged(),
        send(
            "GET",
            expect.status(304),
            expect.empty,
            extra=(("Accept", TURTLE), ("If-None-Match", "$etag")),
        ),
        put(SECOND, OK),
        send(
            "GET",
            expect.status(200),
            expect.graph(SECOND),
            extra=(("Accept", TURTLE), ("If-None-Match", "$etag")),
        ),
    ),
    _conditional(
        "if-match",
        "13.1.1",
        "says 412 to a writer who has another version, and lets the one who has this",
        put(FIRST, FINE),
        _tagged(),
        send(
            "PUT",
            expect.status(412),
            body=SECOND,
            kind=TURTLE,
            extra=(("If-Match", '"x-check"'),),
        ),
        holds(FIRST),
        send("PUT", OK, body=SECOND, kind=TURTLE, extra=(("If-Match", "$etag"),)),
        send("DELETE", expect.status(412), extra=(("If-Match", "$etag"),)),
        holds(SECOND),
    ),
    _conditional(
        "if-none-match",
        "13.1.2",
        "says 412 to a writer who wants to make a graph that there is",
        send("PUT", MADE, body=FIRST, kind=TURTLE, extra=(("If-None-Match", "*"),)),
        send(
            "PUT",
            expect.status(412),
            body=SECOND,
            kind=TURTLE,
            extra=(("If-None-Match", "*"),),
        ),
        holds(FIRST),
    ),
    replace(
        case(
            "store-without-token",
            "15.5.2",
            "names a way to authenticate where it says 401",
            replace(
                send(
                    "PUT",
                    expect.status(401),
                    expect.header("WWW-Authenticate"),
                    body=FIRST,
                    kind=TURTLE,
                ),
                token=False,
            ),
            get(expect.status(404)),
            document="HTTP",
        ),
        declines=says(200, 201, 204, 403),
    ),
)

CASES: Final = (*_FORMATS, *_EMPTY, *_CONDITIONS)
