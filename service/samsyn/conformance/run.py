"""Runs cases against one endpoint, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlencode, urljoin

from samsyn.conformance.answer import Answer
from samsyn.conformance.case import Ask, Case, Given, Level, Names, Send, Step, Target
from samsyn.conformance.client import Client, NetworkError, origin
from samsyn.dataset.exact import NamedNode, parse, serialize
from samsyn.errors import SourceError, ToolError, UsageError
from samsyn.names import SD

_GRAPHS: Final = ("graph", "other", "third", "direct", "created")
_DEFAULT: Final = "default"
_NTRIPLES: Final = "application/n-triples"
_ANY: Final = "{ ?s ?p ?o }"


class Result(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and how it ended.

    Args:
        case: the case.
        result: how it ended.
        words: what was wrong, or why it was not run; empty when it passed.
    """

    case: Case
    result: Result
    words: str = ""

    @property
    def breaks(self) -> bool:
        """Whether it breaks a MUST."""
        return self.result is Result.FAILED and self.case.level is Level.MUST


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is checked.

    Args:
        query: address of the query operation.
        update: address of the update operation; None where there is none.
        store: address of the graph store; None where there is none.
        token: what allows writing; None to read only.
        default_graph: whether the default graph may be replaced even if it is not empty.
    """

    query: str
    update: str | None = None
    store: str | None = None
    token: str | None = None
    default_graph: bool = False

    def address(self, target: Target) -> str | None:
        """Return the address of a target."""
        return {Target.QUERY: self.query, Target.UPDATE: self.update, Target.STORE: self.store}[
            target
        ]


def find(client: Client, asked: Endpoint) -> Endpoint:
    """Complete the addresses of an endpoint: by its description, else by what lies next to it.

    An address in another place than the endpoint itself is not believed, since the token would
    go there.

    Args:
        client: what asks.
        asked: the endpoint as far as it is known.

    Raises:
        ToolError: it does not answer.
    """
    try:
        answer = client.send("GET", asked.query, (("Accept", "text/turtle, */*;q=0.1"),))
    except NetworkError as error:
        raise ToolError(
            f"{asked.query} does not answer: {error}.",
            advice="Check the address, and that the server runs.",
        ) from error
    # Where the description names but the endpoint itself, an address of its own comes first.
    described = _described_update(answer)
    own = described if described != answer.url else None
    update = asked.update or own or _sibling(client, asked.query, "update") or described
    store = asked.store or _sibling(client, asked.query, "gsp", "default")
    return replace(asked, update=update, store=store)


def _described_update(answer: Answer) -> str | None:
    try:
        quads = parse(answer.body, answer.media_type, base=answer.url)
    except (SourceError, UsageError):
        return None
    updating = {q.subject for q in quads if q.object == NamedNode(SD + "SPARQL11Update")}
    for quad in quads:
        place = quad.object.value if isinstance(quad.object, NamedNode) else ""
        if quad.subject in updating and quad.predicate.value == SD + "endpoint":
            return place if origin(place) == origin(answer.url) else None
    return None


def _sibling(client: Client, query: str, name: str, parameter: str = "") -> str | None:
    address = urljoin(query.rstrip("/"), name)
    try:
        answer = client.send("OPTIONS", f"{address}?{parameter}" if parameter else address)
    except NetworkError:
        return None
    return None if answer.status == 404 else address  # noqa: PLR2004 - Not Found


class Run:
    """One run against one endpoint.

    Args:
        client: what sends requests.
        endpoint: what is checked.
        tell: is reported what could not be cleaned up.
    """

    def __init__(
        self, client: Client, endpoint: Endpoint, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self._client, self._endpoint, self._tell = client, endpoint, tell

    def outcomes(self, cases: Iterable[Case]) -> Iterator[Outcome]:
        """Run cases one after the other, cleaning up after each, also when it is interrupted."""
        for case in cases:
            reason = self._reason_not_to(case)
            yield Outcome(case, Result.NOT_RUN, reason) if reason else self._run(case)

    def _reason_not_to(self, case: Case) -> str:
        if case.writes and self._endpoint.token is None:
            return "it may write, and there is no token"
        for target in sorted(case.targets):
            if self._endpoint.address(target) is None:
                return f"no address for the {target}"
        if any(isinstance(step, Given) for step in case.steps) and not self._may_give():
            return "no address to write graphs to"
        return ""

    def _may_give(self) -> bool:
        return self._endpoint.update is not None or self._endpoint.store is not None

    def _run(self, case: Case) -> Outcome:
        names = Names()
        if self._endpoint.store is not None:
            names.learn("direct", f"{self._endpoint.store.rstrip('/')}/{names['path']}")
        try:
            kept = self._default_graph() if case.touches_default else None
        except NetworkError as error:
            return Outcome(case, Result.FAILED, str(error))
        if kept and not self._endpoint.default_graph:
            return Outcome(case, Result.NOT_RUN, "the default graph is not empty")
        try:
            return self._steps(case, names)
        except NetworkError as error:
            return Outcome(case, Result.FAILED, str(error))
        finally:
            if case.writes:
                self._clean(case, names, kept)

    def _steps(self, case: Case, names: Names) -> Outcome:
        first = True
        for number, step in enumerate(case.steps, 1):
            where = f"step {number}, {step}: " if len(case.steps) > 1 else ""
            if isinstance(step, Given):
                fault = self._give(names.fill(step.graph), names.fill(step.triples))
            elif isinstance(step, Ask):
                fault, where = self._ask(step, names), f"step {number}: "
            else:
                answer = self._send(step, names)
                if first and case.declines and case.declines(answer):
                    words = f"does not apply to this service (status {answer.status})"
                    return Outcome(case, Result.NOT_RUN, words)
                fault, first = _judge(step, answer, names), False
            if fault:
                return Outcome(case, Result.FAILED, where + fault)
        return Outcome(case, Result.PASSED)

    def _send(self, step: Send, names: Names) -> Answer:
        base = self._endpoint.address(step.target) or ""
        address = base.rstrip("/") + names.fill(step.path) if step.path else base
        query = step.query
        if not isinstance(query, str):
            query = urlencode([(key, names.fill(value)) for key, value in query], quote_via=quote)
            query = query.removesuffix("=") if step.query == ((_DEFAULT, ""),) else query
        else:
            query = names.fill(query)
        headers = [(name, names.fill(value)) for name, value in step.headers]
        body = names.fill(step.body).encode() if isinstance(step.body, str) else step.body
        url = f"{address}{'&' if '?' in address else '?'}{query}" if query else address
        if step.writes and step.token:
            headers += self._authorization()
        answer = self._client.send(step.method, url, headers, body, step.hosts)
        self._learn(step, answer, names)
        return answer

    def _learn(self, step: Send, answer: Answer, names: Names) -> None:
        if step.learn is None:
            return
        name, header = step.learn
        value = answer.header(header) or "absent"
        names.learn(name, urljoin(answer.url, value) if header == "Location" else value)

    def _authorization(self) -> list[tuple[str, str]]:
        return [("Authorization", f"Bearer {self._endpoint.token}")]

    def _ask(self, step: Ask, names: Names) -> str | None:
        found = self._client.ask(self._endpoint.query, names.fill(step.query))
        if found is step.expected:
            return None
        return f"{str(found).lower()} where {str(step.expected).lower()} is wanted: {step.query}"

    def _give(self, graph: str, triples: str) -> str | None:
        if self._endpoint.update is not None:
            return self._update(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}")
        headers = [("Content-Type", _NTRIPLES), *self._authorization()]
        answer = self._client.send("PUT", self._store_url(graph), headers, triples.encode())
        return None if answer.status < 300 else f"status {answer.status}"  # noqa: PLR2004

    def _update(self, text: str) -> str | None:
        headers = [("Content-Type", "application/sparql-update"), *self._authorization()]
        answer = self._client.send("POST", self._endpoint.update or "", headers, text.encode())
        return None if answer.status < 300 else f"status {answer.status}"  # noqa: PLR2004

    def _store_url(self, graph: str) -> str:
        return f"{self._endpoint.store}?graph={quote(graph, safe='')}"

    def _default_graph(self) -> bytes:
        answer = self._client.send(
            "GET", f"{self._endpoint.store}?{_DEFAULT}", (("Accept", _NTRIPLES),)
        )
        if answer.status == 404:  # noqa: PLR2004 - Not Found: empty
            return b""
        try:
            return serialize(parse(answer.body, answer.media_type, base=answer.url), "ntriples")
        except (SourceError, UsageError) as error:
            raise NetworkError(f"the default graph cannot be kept: {error.message}") from error

    def _clean(self, case: Case, names: Names, kept: bytes | None) -> None:
        """Remove the graphs of a case, and put the default graph back."""
        texts = "".join(_texts(case.steps))
        graphs = [
            names[key]
            for key in _GRAPHS
            if names.known(key) and (f"${key}" in texts or (key == "direct" and "$path" in texts))
        ]
        for graph in graphs:
            if graph != "absent" and not self._removed(graph):
                self._tell(f"{case.id} left the graph <{graph}> behind")
        if kept is not None and not self._restored(kept):
            self._tell(f"{case.id} left the default graph changed")

    def _removed(self, graph: str) -> bool:
        for remove in (self._delete, self._drop):
            try:
                remove(graph)
                # What a server says of it is not believed: it may know nothing of graph stores.
                if not self._client.ask(self._endpoint.query, f"ASK {{ GRAPH <{graph}> {_ANY} }}"):
                    return True
            except NetworkError:
                continue
        return False

    def _delete(self, graph: str) -> None:
        if self._endpoint.store is None:
            return
        self._client.send("DELETE", self._store_url(graph), self._authorization())
        if graph.startswith(f"{self._endpoint.store.rstrip('/')}/"):
            # Its own address may mean another graph to the server than its name does.
            self._client.send("DELETE", graph, self._authorization())

    def _drop(self, graph: str) -> None:
        if self._endpoint.update is not None:
            self._update(f"DROP SILENT GRAPH <{graph}>")

    def _restored(self, kept: bytes) -> bool:
        url, headers = f"{self._endpoint.store}?{_DEFAULT}", self._authorization()
        try:
            if kept:
                headers.append(("Content-Type", _NTRIPLES))
                self._client.send("PUT", url, headers, kept)
            else:
                self._client.send("DELETE", url, headers)
            # Blank nodes may have changed their names, and nothing else.
            return self._default_graph().count(b"\n") == kept.count(b"\n")
        except NetworkError:
            return False


def _judge(step: Send, answer: Answer, names: Names) -> str | None:
    return next((fault for check in step.checks if (fault := check(answer, names))), None)


def _texts(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, Given):
            yield step.graph
        elif isinstance(step, Ask):
            yield step.query
        else:
            query = step.query
            yield query if isinstance(query, str) else " ".join(value for _, value in query)
            yield step.body if isinstance(step.body, str) else ""
            yield step.path
            yield f"${step.learn[0]}" if step.learn else ""
