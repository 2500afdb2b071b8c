"""Cases of the Graph Store Protocol: which graph is meant, and what the methods do to it.

SPARQL 1.1 Graph Store HTTP Protocol, sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.case import Ask, Case, Level, Send, Step, Target, says
from samsyn.conformance.storing import (
    DEFAULT,
    FINE,
    FIRST,
    GRAPH,
    MADE,
    OK,
    OWN_PATH,
    PART_1,
    PART_2,
    PARTS,
    PREFIXES,
    SECOND,
    TURTLE,
    Place,
    case,
    delete,
    get,
    head,
    holds,
    multipart,
    named,
    parts,
    post,
    put,
    send,
)

_READING: Final = (
    case("get-absent", "5.1", "says 404 to a graph there is none of", get(expect.status(404))),
    case(
        "head-absent",
        "5.6",
        "says 404 to HEAD of a graph there is none of, without content",
        head(expect.status(404), expect.empty),
    ),
    case(
        "head-default",
        "4.2",
        "has a default graph to be read",
        head(expect.status(200), expect.empty, at=Place("default")),
    ),
    case(
        "graph-relative",
        "4.2",
        "says 400 to a graph whose IRI is not absolute",
        get(expect.status(400), at=Place((("graph", "person/1"),))),
    ),
    case(
        "graph-twice",
        "4.2",
        "refuses two graphs at once",
        get(expect.status(400), at=Place((("graph", "$graph"), ("graph", "$other")))),
        level=Level.SHOULD,
    ),
    case(
        "graph-and-default",
        "4.2",
        "refuses a graph and the default graph at once",
        get(expect.status(400), at=Place("default&graph=$graph")),
        level=Level.SHOULD,
    ),
    case(
        "store-unknown-method",
        "5.1",
        "says 405 to another method",
        send("SEARCH", expect.status(405, 501)),
    ),
    replace(
        case(
            "store-allow",
            "15.5.6",
            "names GET and HEAD in Allow where it says 405",
            send("SEARCH", expect.status(405), expect.header("Allow", "GET", "HEAD")),
            document="HTTP",
        ),
        declines=says(501),
    ),
    case(
        "store-options",
        "9.3.7",
        "names its methods to OPTIONS",
        send("OPTIONS", expect.SUCCESS, expect.header("Allow", "GET", "HEAD")),
        document="HTTP",
        level=Level.SHOULD,
    ),
)


def _identified(at: Place, suffix: str, level: Level) -> Iterator[Case]:
    """Yield what holds for a graph however it is identified."""

    def so(name: str, section: str, title: str, *steps: Step) -> Case:
        return case(f"{name}{suffix}", section, title, *steps, level=level)

    yield so(
        "put-get",
        "5.3",
        "replaces a graph by PUT: 201 when new, 200 or 204 after",
        put(FIRST, MADE, at=at),
        holds(FIRST, at),
        put(SECOND, OK, at=at),
        holds(SECOND, at),
    )
    yield so(
        "delete",
        "5.4",
        "deletes a graph, which then is not found",
        put(FIRST, FINE, at=at),
        delete(OK, at=at),
        get(expect.status(404), at=at),
        delete(expect.status(404), at=at),
    )
    yield so(
        "post-merges",
        "5.5",
        "merges what is posted, documents of a web form too",
        post(FIRST, FINE, at=at),
        holds(FIRST, at),
        multipart(parts(PART_1, PART_2), OK, at=at),
        holds(FIRST + PARTS, at),
    )
    yield so(
        "head",
        "5.6",
        "answers HEAD with the headers of GET and no content",
        put(FIRST, FINE, at=at),
        head(expect.status(200), expect.media(TURTLE), expect.empty, at=at),
    )


_INDIRECT: Final = tuple(_identified(GRAPH, "", Level.MUST))
# No clause binds a server to let graphs be identified by its own addresses (section 4.1).
_DIRECT: Final = (
    *_identified(OWN_PATH, "-direct", Level.SHOULD),
    case(
        "direct-is-indirect",
        "4.2",
        "finds a graph that was put to its own address under that name too",
        put(FIRST, FINE, at=OWN_PATH),
        holds(FIRST, named("direct")),
        level=Level.SHOULD,
    ),
)

_NAMES: Final = (
    case(
        "graph-encoded",
        "4.2",
        "decodes the name of a graph, however much of it is encoded",
        put(FIRST, MADE),
        holds(FIRST, at=Place("graph=$graph")),
        holds(FIRST, at=Place("graph=$graph_encoded")),
    ),
    case(
        "graph-encoded-twice",
        "4.2",
        "decodes the name of a graph once and not twice",
        put(FIRST, MADE, at=Place("graph=$graph")),
        holds(FIRST, at=Place("graph=$graph_encoded")),
        get(expect.status(400, 404), at=Place("graph=$graph_twice")),
    ),
    case(
        "graphs-apart",
        "5.3",
        "leaves other graphs alone",
        put(FIRST, MADE),
        put(SECOND, MADE, at=named("other")),
        delete(OK),
        holds(SECOND, at=named("other")),
    ),
    case(
        "graph-is-queried",
        "5.3",
        "shows to queries what was put",
        put(FIRST, MADE),
        Ask('ASK { GRAPH <$graph> { ?s <urn:x-check:name> "a\\nb" ; <urn:x-check:age> 7 } }'),
        delete(OK),
        Ask("ASK { GRAPH <$graph> { ?s ?p ?o } }", expected=False),
    ),
    replace(
        case(
            "post-collection",
            "5.5",
            "makes a graph for what is posted to the store, and says where",
            Send(
                Target.STORE,
                (expect.status(201), expect.header("Location")),
                "POST",
                "",
                (("Content-Type", "text/turtle; charset=utf-8"),),
                FIRST,
                learn=("created", "Location"),
            ),
            holds(FIRST, at=named("created")),
        ),
        declines=says(403, 404, 405),
    ),
)

_DEFAULT: Final = (
    case(
        "default-put-get",
        "5.3",
        "replaces the default graph by PUT",
        put(FIRST, FINE, at=DEFAULT),
        holds(FIRST, at=DEFAULT),
        put(SECOND, OK, at=DEFAULT),
        holds(SECOND, at=DEFAULT),
    ),
    case(
        "default-post",
        "5.5",
        "merges what is posted into the default graph",
        put(FIRST, FINE, at=DEFAULT),
        post(SECOND, OK, at=DEFAULT),
        holds(FIRST + SECOND.removeprefix(PREFIXES), at=DEFAULT),
    ),
    case(
        "default-apart",
        "5.2",
        "keeps named graphs out of the default graph of the store",
        put(FIRST, FINE, at=DEFAULT),
        put(SECOND, MADE),
        holds(FIRST, at=DEFAULT),
    ),
    case(
        "default-delete",
        "5.4",
        "empties the default graph by DELETE",
        put(FIRST, FINE, at=DEFAULT),
        delete(OK, at=DEFAULT),
        put("", FINE, at=DEFAULT),
        holds("", at=DEFAULT),
    ),
)

CASES: Final = (*_READING, *_INDIRECT, *_NAMES, *_DEFAULT, *_DIRECT)
