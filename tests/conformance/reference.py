"""A graph store in memory that does what the Recommendation says, to try the cases on."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.parser import BytesParser
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from tests.conformance.fakes import RESULTS, Asked, Reply

from samsyn.conformance.storing import NTRIPLES, RDFXML, TURTLE
from samsyn.dataset.exact import Triple, parse, serialize
from samsyn.errors import FormatError, SourceError
from samsyn.media import essence

METHODS = {"Allow": "GET, HEAD, PUT, POST, DELETE, OPTIONS"}
TOKEN = "t"  # noqa: S105 - made up


class RefusedError(Exception):
    """A request that gets this status."""


@dataclass
class ReferenceStore:
    """The store, which answers questions about a graph too.

    Args:
        address: where it is, once that is known.
        graphs: its named graphs; the default graph is always there.
    """

    address: str = ""
    graphs: dict[str, list[Triple]] = field(default_factory=lambda: {"default": []})

    def __call__(self, asked: Asked) -> Reply:
        """Answer a request."""
        try:
            return self._answer(asked)
        except RefusedError as refused:
            return Reply(int(str(refused)), headers={**METHODS, "WWW-Authenticate": "Bearer"})

    def _answer(self, asked: Asked) -> Reply:
        if urlsplit(asked.path).path == "/sparql":
            return self._question(asked)
        if asked.method == "OPTIONS":
            return Reply(204, headers=METHODS)
        if asked.method == "SEARCH":
            raise RefusedError(405)
        name = self._name(asked)
        if asked.method in ("GET", "HEAD"):
            return self._read(asked, name)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            raise RefusedError(401)
        return self._write(asked, name)

    def _question(self, asked: Asked) -> Reply:
        name = asked.text.partition("GRAPH <")[2].partition(">")[0]
        there = str(bool(self.graphs.get(name))).lower()
        return Reply(200, RESULTS, f'{{"head": {{}}, "boolean": {there}}}')

    def _name(self, asked: Asked) -> str:
        parts = urlsplit(asked.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        named = query.get("graph", []) + ["default"] * ("default" in query)
        if len(named) > 1 or any(":" not in name and name != "default" for name in named):
            raise RefusedError(400)
        if named:
            return named[0]
        return "" if parts.path == "/gsp" else f"{self.address}{parts.path}"

    def _read(self, asked: Asked, name: str) -> Reply:
        if name not in self.graphs:
            raise RefusedError(404)
        accepted = asked.headers.get("accept", TURTLE)
        kind = next((k for k in (TURTLE, NTRIPLES, RDFXML) if k in accepted), None)
        if kind is None:
            raise RefusedError(406)
        tag = self._tag(name)
        if asked.headers.get("if-none-match") == tag:
            return Reply(304, headers={"ETag": tag})
        try:
            body = self.written(self.graphs[name], kind).decode()
        except FormatError as error:
            raise RefusedError(406) from error
        return Reply(200, f"{kind}; charset=utf-8", body, {"ETag": tag})

    def written(self, triples: list[Triple], kind: str) -> bytes:
        """Write a graph."""
        return serialize(triples, kind)

    def _tag(self, name: str) -> str:
        return f'"{sha256(serialize(self.graphs[name], NTRIPLES)).hexdigest()[:16]}"'

    def _write(self, asked: Asked, name: str) -> Reply:
        known = name in self.graphs
        wanted, unwanted = asked.headers.get("if-match"), asked.headers.get("if-none-match")
        if (wanted and (not known or wanted != self._tag(name))) or (unwanted == "*" and known):
            raise RefusedError(412)
        if asked.method == "DELETE":
            if not known:
                raise RefusedError(404)
            self.graphs.pop(name)
            self.graphs.setdefault("default", [])
            return Reply(204)
        name = name or f"{self.address}/gsp/made/{len(self.graphs)}"
        triples = self._triples(asked)
        self.graphs[name] = triples + (self.graphs.get(name, []) if asked.method == "POST" else [])
        return Reply(204 if known else 201, headers={"Location": name})

    def _triples(self, asked: Asked) -> list[Triple]:
        kind = asked.headers.get("content-type", RDFXML)
        if not kind.startswith("multipart/form-data"):
            return _parsed(asked.body, kind)
        message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + asked.body)
        parts = message.get_payload()
        assert isinstance(parts, list)
        found = ((part.get_payload(decode=True), part["Content-Type"]) for part in parts)
        return [triple for body, type_ in found for triple in _parsed(body, type_)]


_count = iter(range(10**6))


def _parsed(body: bytes, kind: str) -> list[Triple]:
    if essence(kind)[0] not in (TURTLE, NTRIPLES, RDFXML):
        raise RefusedError(415)
    try:
        # Another path each time keeps the blank nodes of two documents apart.
        quads = parse(body, essence(kind)[0], base="urn:x:", path=f"document {next(_count)}")
    except SourceError as error:
        raise RefusedError(400) from error
    return [quad.triple for quad in quads]
