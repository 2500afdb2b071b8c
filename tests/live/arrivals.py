"""Who comes in the soak test, when, from where and with which question."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from benchmarks.questions import Question, questions

JSON: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples"
LOOKUPS, CHAINS, AGGREGATES = "lookups", "chains", "aggregates"
EXPORTS, HOSTILE = "exports", "hostile"
SHARES: Final = {LOOKUPS: 60, CHAINS: 20, AGGREGATES: 17, EXPORTS: 3}
"""How many of 100 ordinary arrivals are of each kind."""
ONE_IN: Final = 20
"""One arrival in so many is hostile."""
_KNOWN_IN: Final = 4
"""One question in so many was asked before, so that the cache takes part."""
_NEW: Final = 10_000_000
_CLIENTS: Final = tuple(f"127.0.0.{number}" for number in range(2, 34))
_FOES: Final = tuple(f"127.0.1.{number}" for number in range(1, 9))

EXPORT: Final = Question(
    "export",
    "PREFIX samsyn: <https://w3id.org/samsyn/ns#>\n"
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } ?graph samsyn:hasFile ?file }",
    "",
)
"""All that is in files, which leaves out what the server says of itself."""

_THREE: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_ANY: Final = "(<x:none>|!<x:none>)"
_DOUBLED: Final = " ".join(
    f"BIND (CONCAT(?x{step}, ?x{step}) AS ?x{step + 1})" for step in range(34)
)
QUERIES: Final = {
    "cross product, sorted": f"SELECT * {{ {_THREE} }} ORDER BY ?c ?f ?i",
    "cross product, counted": f"SELECT (COUNT(*) AS ?n) {{ {_THREE} }}",
    "cross product, distinct": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {_THREE} }} }}",
    "cross product, grouped": f"SELECT ?a (COUNT(*) AS ?n) {{ {_THREE} }} GROUP BY ?a ?d",
    "cross product, glued": f'SELECT (GROUP_CONCAT(STR(?c)) AS ?n) {{ {_THREE} }} HAVING (?n = "")',
    "big sort": "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY CONCAT(STR(?c), STR(?f))",
    "path without end": f"SELECT (COUNT(*) AS ?n) {{ ?a {_ANY}* ?b . ?c {_ANY}* ?d }}",
    "path in a path": f"ASK {{ ?a ({_ANY}*/^{_ANY}*)* ?b . FILTER (?a = <x:none>) }}",
    "regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER REGEX(CONCAT(STR(?c), STR(?f)),"
    ' "(a+)+(a|aa)*[^a]{1,200}(x|y)$") }',
    "endless exclusion": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f "
    "FILTER NOT EXISTS { ?g ?h ?i . FILTER (?i = CONCAT(STR(?c), STR(?f))) } }",
    "text that doubles": f'SELECT (STRLEN(?x34) AS ?n) {{ BIND ("0123456789" AS ?x0) {_DOUBLED} }}',
}
"""Hostile queries: each without a first row for as long as it may run, so that its client can be
told the truth."""


@dataclass(frozen=True)
class Arrival:
    """One request.

    Args:
        due: seconds after the begin at which it is sent, whatever became of those before.
        kind: one of the five.
        name: of the question.
        source: the address it comes from; hostile ones have addresses of their own.
        target: path and query, encoded.
        accept: the media type wanted.
    """

    due: float
    kind: str
    name: str
    source: str
    target: str
    accept: str


def asked() -> dict[str, list[Question]]:
    """Return the ordinary questions by kind."""
    return {**questions(), EXPORTS: [EXPORT]}


def arrivals(seconds: float, rate: float, path: str, *, first: int) -> Iterator[Arrival]:
    """Yield who comes, at random times but the same ones in each run.

    Args:
        seconds: until when.
        rate: how many in a second.
        path: of the endpoint.
        first: a number that no other call has, so that new questions are new.
    """
    dice = random.Random(1)  # noqa: S311 (chance, not secrecy)
    known, due, number = asked(), 0.0, 0
    while (due := due + dice.expovariate(rate)) < seconds:
        number += 1
        fresh = first * _NEW + number
        if number % ONE_IN == 0:
            kind, source = HOSTILE, dice.choice(_FOES)
            name, body = list(QUERIES.items())[number // ONE_IN % len(QUERIES)]
            text, accept = f"{body}\nLIMIT {fresh}", JSON
        else:
            kind = dice.choices(list(SHARES), list(SHARES.values()))[0]
            question, source = dice.choice(known[kind]), dice.choice(_CLIENTS)
            name, accept = question.name, accept_of(kind)
            text = question.text() if dice.randrange(_KNOWN_IN) == 0 else question.text(fresh)
        yield Arrival(due, kind, name, source, target(path, text), accept)


def accept_of(kind: str) -> str:
    """Return the media type that a kind of question is answered in."""
    return TRIPLES if kind == EXPORTS else JSON


def target(path: str, text: str) -> str:
    """Write the target of a query by GET."""
    return f"{path}?{urlencode({'query': text})}"


def problem(body: bytes) -> str:
    """Return the type of a problem document, or nothing if it is none."""
    try:
        return str(json.loads(body)["type"])
    except (ValueError, KeyError, TypeError):
        return ""
