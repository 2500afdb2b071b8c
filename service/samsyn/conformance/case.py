"""What a case is: a clause of a Recommendation, what is sent, and what has to come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from string import Template
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from samsyn.conformance.answer import Answer

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "QUERY", "SEARCH"})
"""Methods that write nothing (RFC 9110, section 9.2.1; RFC 5323; RFC 10008)."""


class Area(StrEnum):
    """What a case is about."""

    PROTOCOL = "protocol"
    UPDATE = "update"
    STORE = "graph-store"
    DESCRIPTION = "description"
    FORMATS = "formats"
    ANSWERS = "answers"


class Target(StrEnum):
    """Where a request goes."""

    QUERY = "query"
    UPDATE = "update"
    STORE = "graph store"


class Level(StrEnum):
    """How binding a clause is (RFC 2119)."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Clause:
    """A place in a Recommendation.

    Args:
        document: a key of `DOCUMENTS`.
        section: such as ``2.1.4``.
    """

    document: str
    section: str

    @property
    def address(self) -> str:
        """Where the document is to be read."""
        return DOCUMENTS[self.document]

    def __str__(self) -> str:
        return f"{self.document}, {self.section}"


DOCUMENTS: Final = {
    "Protocol": "https://www.w3.org/TR/2013/REC-sparql11-protocol-20130321/",
    "Graph Store": "https://www.w3.org/TR/2013/REC-sparql11-http-rdf-update-20130321/",
    "Description": "https://www.w3.org/TR/2013/REC-sparql11-service-description-20130321/",
    "Results JSON": "https://www.w3.org/TR/2013/REC-sparql11-results-json-20130321/",
    "Results XML": "https://www.w3.org/TR/2013/REC-rdf-sparql-XMLres-20130321/",
    "Results CSV/TSV": "https://www.w3.org/TR/2013/REC-sparql11-results-csv-tsv-20130321/",
    "Query": "https://www.w3.org/TR/2013/REC-sparql11-query-20130321/",
    "Update": "https://www.w3.org/TR/2013/REC-sparql11-update-20130321/",
    "RDF/XML": "https://www.w3.org/TR/2014/REC-rdf-syntax-grammar-20140225/",
    "XML": "https://www.w3.org/TR/2008/REC-xml-20081126/",
    "UTF-8": "https://www.rfc-editor.org/rfc/rfc3629.html",
    "HTTP": "https://www.rfc-editor.org/rfc/rfc9110.html",
    "HTTP/1.1": "https://www.rfc-editor.org/rfc/rfc9112.html",
    "Fetch": "https://fetch.spec.whatwg.org/",
    "HTTP QUERY": "https://www.rfc-editor.org/rfc/rfc10008.html",
}


class Names:
    """The names that one run of one case uses: graphs that nobody else has.

    ``$graph``, ``$other`` and ``$third`` are graphs, ``$path`` a path below the graph store;
    ``$graph_encoded`` is percent-encoded throughout, ``$graph_twice`` that once more. What an
    answer tells, such as an ETag, is learned under a name of its own.
    """

    def __init__(self) -> None:
        self._values = {key: f"urn:uuid:{uuid4()}" for key in ("graph", "other", "third")}
        encoded = "".join(f"%{byte:02X}" for byte in self._values["graph"].encode())
        self._values |= {
            "path": str(uuid4()),
            "graph_encoded": encoded,
            "graph_twice": quote(encoded, safe=""),
        }

    def __getitem__(self, key: str) -> str:
        return self._values[key]

    def learn(self, key: str, value: str) -> None:
        """Keep a value for the steps that follow."""
        self._values[key] = value

    def known(self, key: str) -> bool:
        """Return whether a value was learned."""
        return key in self._values

    def fill(self, text: str) -> str:
        """Put the values in place of the names."""
        return Template(text).substitute(self._values)


Check = Callable[[Answer, Names], str | None]
"""Says what is wrong with an answer; None where nothing is."""


Declines = Callable[[Answer], bool]
"""Tells whether an answer says that something is not offered."""


def says(*codes: int) -> Declines:
    """Tell that something is not offered by these status codes."""
    return lambda answer: answer.status in codes


@dataclass(frozen=True, slots=True)
class Send:
    """A request and what has to come back.

    Args:
        target: where it goes.
        checks: what the answer is held to, in this order.
        method: the HTTP method.
        query: parameters in the address, to be percent-encoded; or, as a string, as it stands.
        headers: names and values.
        body: the content; text goes as UTF-8, with the names of the case filled in.
        path: goes below the path of the target.
        token: whether a writing request shows the token.
        learn: what to keep of the answer: name, and the header that has it.
        hosts: what is in the header Host, once for each; None: the host that is asked.
    """

    target: Target
    checks: tuple[Check, ...]
    method: str = "GET"
    query: tuple[tuple[str, str], ...] | str = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: str | bytes | None = None
    path: str = ""
    token: bool = True
    learn: tuple[str, str] | None = None
    hosts: tuple[str, ...] | None = None

    @property
    def writes(self) -> bool:
        """Whether some server, even one at fault, might change something for it."""
        if self.target is not Target.STORE and self._carries_update():
            return True
        if self.target is Target.QUERY:
            return self.method not in SAFE | {"POST"}
        return self.method not in SAFE

    def _carries_update(self) -> bool:
        texts = [self.query] if isinstance(self.query, str) else [f"{k}={v}" for k, v in self.query]
        texts += [f"{name}: {value}" for name, value in self.headers]
        body = self.body or ""
        texts.append(body if isinstance(body, str) else body.decode("utf-8", "replace"))
        return any("update" in text.lower() or "insert" in text.lower() for text in texts)

    def __str__(self) -> str:
        return f"{self.method} to the {self.target}"


@dataclass(frozen=True, slots=True)
class Given:
    """A graph that has to be there before the case begins.

    Args:
        graph: its name.
        triples: its content, in what N-Triples and SPARQL share.
    """

    graph: str
    triples: str
    writes: bool = field(default=True, init=False)

    def __str__(self) -> str:
        return f"setting up {self.graph}"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about the state of the store, put by another client than the one under test.

    Args:
        query: an ASK query.
        expected: what it has to say.
    """

    query: str
    expected: bool = True
    writes: bool = field(default=False, init=False)


Step = Send | Given | Ask


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that an endpoint has to do.

    Args:
        id: a readable name, unique among all cases.
        area: what it is about.
        clause: the place that asks for it.
        title: what has to be so, as a sentence without subject or full stop.
        steps: what is done, in this order; the first fault ends it.
        level: how binding the clause is.
        declines: tells from the first answer that the service does not offer this at all, where
            the clause leaves it free to.
    """

    id: str
    area: Area
    clause: Clause
    title: str
    steps: tuple[Step, ...]
    level: Level = Level.MUST
    declines: Declines | None = None

    @property
    def writes(self) -> bool:
        """Whether any step might change something."""
        return any(step.writes for step in self.steps)

    @property
    def targets(self) -> frozenset[Target]:
        """Where its requests go."""
        return frozenset(step.target for step in self.steps if isinstance(step, Send))

    @property
    def touches_default(self) -> bool:
        """Whether it might write to the default graph.

        So might what is posted to the store itself: some servers add it to that graph.
        """
        return any(
            isinstance(step, Send)
            and step.writes
            and step.target is Target.STORE
            and not step.path
            and step.query in ("", (("default", ""),))
            for step in self.steps
        )
