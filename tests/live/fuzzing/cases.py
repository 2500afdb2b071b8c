"""All that the fuzzer sends: the case of any number, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import quote, quote_from_bytes, urlencode

from tests.live.fuzzing import documents, http, sparql
from tests.live.fuzzing.http import Request
from tests.live.fuzzing.material import ODD, Dice, mutated, words
from tests.live.fuzzing.play import PLACE, Case, Send

TOKEN: Final = "a-token-for-the-fuzzer-0123456789"  # noqa: S105 (it opens the test's own server)

Way = TypeVar("Way")

_ACCEPTS: Final = (
    b"*/*", b"text/csv", b"application/sparql-results+json", b"application/sparql-results+xml",
    b"text/turtle", b"application/ld+json", b"application/rdf+xml", b"text/html", b"image/png", b"",
)  # fmt: skip
_PATHS: Final = (
    "/", "/sparql", "/query", "/queries", "/graphs", "/graph/stated/networks", "/dump.nq",
    "/dump.x", "/browse", "/browse/Network", "/vocab/formality", "/ns",
    "/id/network/return-working-group",
    "/page/id/network/return-working-group", "/data/id/network/return-working-group", "/shapes",
    "/explain", "/scenario", "/graph/scenario/R3.2+R1.1", "/problems", "/openapi.json", "/static/x",
    "/.well-known/void", "/health", "/ready", "/metrics", "/gsp", "/gsp?default", "/validate",
    "/update", "/doc/logo.svg", "/suggest", "/queries/cq01-chain-from-agencies-to-political-level",
    "/nothing", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/id/%ff", "/page//", "/graph/",
)  # fmt: skip
_PARAMETERS: Final = (
    "query", "format", "output", "default-graph-uri", "named-graph-uri", "using-graph-uri", "graph",
    "timeout", "default", "page", "lang", "follow", "s", "p", "o", "size", "label", "profile",
    "infer", "with-graph", "shapes", "callback", "network", "x",
)  # fmt: skip
_VALUES: Final = (
    "", "ASK {}", "json", "csv", "ttl", "html", "urn:x:g", "network:return-working-group", "a",
    "samsyn:reportsTo", "R3.2", "R1.1", "en", "sv", "true", "1", "0.001", "-1", "nan", "1e400",
    "9" * 5_000, "<urn:x:a>", '"a"@en', '"a"^^xsd:integer', "strict", "owl-rl", "rdfs", "none",
)  # fmt: skip
_METHODS: Final = (
    b"GET", b"GET", b"GET", b"HEAD", b"POST", b"QUERY", b"PUT", b"DELETE", b"OPTIONS", b"PATCH",
    b"TRACE", b"CONNECT", b"BREW", b"get", b"PRI",
)  # fmt: skip
_FORM: Final = "application/x-www-form-urlencoded"


def query(dice: Dice) -> Request:
    """Ask a query, in any of the ways of the protocol."""
    text = sparql.query(dice)
    accept = ("Accept", dice.choice(_ACCEPTS))
    more = _pairs(dice) if dice.random() < 0.2 else ""
    match dice.randrange(5):
        case 0 if len(text) < 15_000:
            return Request(b"GET", _target("/sparql", f"query={quote(text)}&{more}"), (accept,))
        case 1:
            body = f"query={quote(text)}&{more}".encode()
            return Request(b"POST", b"/sparql", (accept, ("Content-Type", _FORM.encode())), body)
        case 2:
            method, target = b"QUERY", b"/sparql"
        case _:
            method, target = b"POST", _target("/sparql", more)
    kind = ("Content-Type", b"application/sparql-query")
    return Request(method, target, (accept, kind), text)


def validation(dice: Dice) -> Request:
    """Have a document checked, with or without shapes of its own."""
    kind, data = documents.form(dice) if dice.random() < 0.5 else documents.document(dice)
    target = _target("/validate", _pairs(dice) if dice.random() < 0.3 else "")
    accept = ("Accept", dice.choice((b"*/*", b"text/html", b"application/json", b"text/turtle")))
    return Request(b"POST", target, (accept, ("Content-Type", kind.encode())), data)


def page(dice: Dice) -> Request:
    """Ask for some address with some parameters."""
    path = dice.choice(_PATHS)
    if dice.random() < 0.2:
        path = quote_from_bytes(mutated(dice, path.encode())[:6_000], safe="/%?=&;+:")
    target = _target(path, _pairs(dice) if dice.random() < 0.6 else "")
    method = dice.choice(_METHODS)
    body = dice.choice((None, None, None, b"", b"x", b"ASK {}", b"a" * 5_000))
    return Request(method, target, (("Accept", dice.choice(_ACCEPTS)),), body)


def explanation(dice: Dice) -> Request:
    """Ask why, or what if."""
    path = dice.choice(("/explain", "/scenario"))
    names = ("s", "p", "o", "follow", "format", "lang")
    pairs = [(name, _value(dice)) for name in names if dice.random() < 0.6]
    target = _target(path, urlencode(pairs))
    return Request(b"GET", target, (("Accept", dice.choice(_ACCEPTS)),))


def writing(dice: Dice) -> Request:
    """Write to the store, most often with the token."""
    right = ("Authorization", f"Bearer {TOKEN}".encode())
    wrong = ("Authorization", dice.choice((b"Bearer wrong", b"Bearer", b"", TOKEN.encode())))
    token = right if dice.random() < 0.9 else wrong
    if dice.random() < 0.5:
        text = sparql.update(dice)
        if dice.random() < 0.3:
            body = urlencode({"update": text}).encode()
            kind = _FORM.encode()
        else:
            body, kind = text, b"application/sparql-update"
        return Request(b"POST", b"/update", (token, ("Content-Type", kind)), body)
    sent, data = documents.form(dice) if dice.random() < 0.1 else documents.document(dice)
    graph = dice.choice(
        ("?default", "?graph=urn:x:g", "?graph=urn:x:h", "", "?graph=a%20b", "/x/y")
    )
    method = dice.choice((b"PUT", b"POST", b"POST", b"DELETE", b"PATCH"))
    return Request(method, f"/gsp{graph}".encode(), (token, ("Content-Type", sent.encode())), data)


KINDS: Final[Mapping[str, tuple[int, Callable[[Dice], Request]]]] = {
    "query": (6, query),
    "validation": (4, validation),
    "page": (4, page),
    "explanation": (1, explanation),
}
"""What is asked of a server that only reads, each with how often it is chosen."""
WRITES: Final[Mapping[str, tuple[int, Callable[[Dice], Request]]]] = {
    "writing": (8, writing),
    "query": (1, query),
    "page": (1, page),
}
"""What is asked of a server that takes writes."""


def case(
    seed: str, number: int, away: int, kinds: Mapping[str, tuple[int, Callable[[Dice], Request]]]
) -> Case:
    """Make the case of a number.

    Args:
        seed: of the run.
        number: of the case in it.
        away: the port of the listener that must not be asked; five digits.
        kinds: what may be asked.
    """
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 (chance, not secrecy)
    kind, ask = _chosen(dice, kinds)
    way, send = _chosen(dice, http.WAYS)
    request = ask(dice)
    request = replace(request, body=_pointed(request.body, away), target=request.target)
    made = send(dice, request).case(
        f"{kind}, {way}", f"127.0.{dice.randint(3, 5)}.{dice.randint(1, 9)}"
    )
    steps = tuple(Send(_pointed(s.data, away)) if isinstance(s, Send) else s for s in made.steps)
    return replace(made, steps=steps, bare=request.method == b"HEAD")


def _pointed(data: bytes | None, away: int) -> bytes | None:
    return data and data.replace(PLACE, b"127.0.0.1:%d" % away)


def _chosen(dice: Dice, ways: Mapping[str, tuple[int, Way]]) -> tuple[str, Way]:
    weights = [weight for weight, _ in ways.values()]
    name = dice.choices(list(ways), weights)[0]
    return name, ways[name][1]


def _target(path: str, pairs: str) -> bytes:
    mark = "&" if "?" in path else "?"
    return f"{path}{mark}{pairs}".encode() if pairs else path.encode()


def _pairs(dice: Dice) -> str:
    count = dice.choice((1, 1, 2, 4, 200))
    pairs = [(dice.choice(_PARAMETERS), _value(dice)) for _ in range(count)]
    text = urlencode(pairs)
    return (
        quote_from_bytes(mutated(dice, text.encode()), safe="%&=+;")
        if dice.random() < 0.2
        else text
    )


def _value(dice: Dice) -> bytes:
    match dice.randrange(6):
        case 0:
            return dice.choice(ODD) * dice.choice((1, 1, 20))
        case 1:
            return " ".join(dice.choice(words()) for _ in range(3)).encode()
        case _:
            return dice.choice(_VALUES).encode()
