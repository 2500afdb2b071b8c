"""How requests to a graph store are put, and the graphs that they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.case import Area, Case, Check, Clause, Level, Send, Step, Target

TURTLE: Final = "text/turtle"
NTRIPLES: Final = "application/n-triples"
RDFXML: Final = "application/rdf+xml"
NAMED: Final = (("graph", "$graph"),)

Query = tuple[tuple[str, str], ...] | str

# Each way in which terms differ is here once: blank nodes, languages, datatypes, escapes.
PREFIXES: Final = "@prefix : <urn:x-check:> .\n"
FIRST: Final = PREFIXES + (
    ':person a :Person ; :name "Åsa \\"😀\\""@sv , "a\\nb" ; :age 7 ;'
    " :card [ a :Card ; :of :person ] ."
)
SECOND: Final = (
    PREFIXES + ':person :born "2000-02-29"^^<http://www.w3.org/2001/XMLSchema#date> ; :card [] .'
)
PART_1: Final = PREFIXES + ':person :family "Lind" ; :knows _:a .'
PART_2: Final = PREFIXES + ':person :given "Åsa" ; :knows _:a .'
PARTS: Final = ':person :family "Lind" ; :given "Åsa" ; :knows [] , [] .'
BROKEN: Final = ":person a :Person ; :name"

OK: Final = expect.status(200, 204)
MADE: Final = expect.status(201)
FINE: Final = expect.status(200, 201, 204)


@dataclass(frozen=True, slots=True)
class Place:
    """How a request says which graph it means: by parameters, or by its own path."""

    query: Query = NAMED
    path: str = ""


GRAPH: Final = Place()
DEFAULT: Final = Place((("default", ""),))
OWN_PATH: Final = Place("", "/$path")


def named(name: str) -> Place:
    """Mean the graph whose name the case knows under this."""
    return Place((("graph", f"${name}"),))


def send(
    method: str,
    *checks: Check,
    at: Place = GRAPH,
    body: str | None = None,
    kind: str = "",
    extra: tuple[tuple[str, str], ...] = (),
) -> Send:
    """Send anything to a graph."""
    headers = (("Content-Type", kind), *extra) if kind else extra
    return Send(Target.STORE, checks, method, at.query, headers, body, at.path)


def put(turtle: str, *checks: Check, at: Place = GRAPH) -> Send:
    """Put Turtle into a graph."""
    return send("PUT", *checks, at=at, body=turtle, kind="text/turtle; charset=utf-8")


def post(turtle: str, *checks: Check, at: Place = GRAPH) -> Send:
    """Add Turtle to a graph."""
    return send("POST", *checks, at=at, body=turtle, kind="text/turtle; charset=utf-8")


def get(*checks: Check, at: Place = GRAPH, accept: str = TURTLE) -> Send:
    """Fetch a graph."""
    return send("GET", *checks, at=at, extra=(("Accept", accept),) if accept else ())


def head(*checks: Check, at: Place = GRAPH) -> Send:
    """Fetch a graph's headers."""
    return send("HEAD", *checks, at=at, extra=(("Accept", "text/turtle; charset=utf-8"),))


def delete(*checks: Check, at: Place = GRAPH) -> Send:
    """Delete a graph."""
    return send("DELETE", *checks, at=at)


def holds(turtle: str, at: Place = GRAPH) -> Send:
    """Hold a graph to these triples."""
    return get(expect.status(200), expect.media(TURTLE), expect.graph(turtle), at=at)


def parts(*turtles: str, kind: str = "text/turtle; charset=utf-8") -> str:
    """Write documents as the parts of a web form."""
    boundary = "x-check-boundary"
    lines = []
    for number, turtle in enumerate(turtles):
        name = f'name="part{number}"; filename="part{number}.ttl"'
        lines += [f"--{boundary}", f"Content-Disposition: form-data; {name}"]
        lines += [f"Content-Type: {kind}", "", turtle]
    return "\r\n".join([*lines, f"--{boundary}--", ""])


def multipart(body: str, *checks: Check, at: Place = GRAPH) -> Send:
    """Add the documents of a web form to a graph."""
    kind = "multipart/form-data; boundary=x-check-boundary"
    return send("POST", *checks, at=at, body=body, kind=kind)


def case(
    name: str,
    section: str,
    title: str,
    *steps: Step,
    level: Level = Level.MUST,
    document: str = "Graph Store",
) -> Case:
    """Make a case."""
    return Case(name, Area.STORE, Clause(document, section), title, steps, level)
