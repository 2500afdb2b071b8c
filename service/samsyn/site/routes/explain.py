"""Why a triple follows: ``/explain?s=&p=&o=`` as a page, as JSON and as PROV-O."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media
from samsyn.closure.explanation import asking
from samsyn.closure.explanation.explainer import Explainer, Explanation
from samsyn.closure.explanation.gaps import Gap
from samsyn.closure.explanation.provenance import triples
from samsyn.closure.explanation.rendering import DEEPEST, RULES, origin, text
from samsyn.closure.explanation.rule_names import reason
from samsyn.closure.explanation.sources import Source
from samsyn.closure.proof.checker import Proof
from samsyn.closure.proof.fact import Fact
from samsyn.dataset.exact import serialize
from samsyn.errors import UsageError
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import Parameters, url_parameters
from samsyn.site.display.explanation_links import PATH
from samsyn.site.display.views import Statement, Term, Views
from samsyn.site.routes.resources import choose
from samsyn.site.routing import route
from samsyn.site.shared import Site

PLACES: Final = ("s", "p", "o")
OFFERED: Final = (media.PLAIN_JSON, *media.GRAPHS, media.HTML)


@dataclass(frozen=True)
class Origin:
    """A graph that holds a stated triple, as shown."""

    graph: Term
    provenance_status: Term
    provenance_status_name: str
    statements: list[Statement]


@dataclass(frozen=True)
class Line:
    """A triple, or a pattern of one, as shown."""

    subject: Term
    predicate: Term
    object: Term


@dataclass
class Node:
    """A step of a proof as shown."""

    line: Line
    rule: str | None
    rule_href: str
    reason: str
    repeated: bool
    origins: list[Origin]
    path: list[Line] = field(default_factory=list)
    premises: list[Node] = field(default_factory=list)


class Explain:
    """Explanations of triples.

    Args:
        site: the state of the server.
        assumed: gives what explains the triples of a scenario, by the items that it follows.
    """

    def __init__(
        self, site: Site, assumed: Callable[[tuple[str, ...]], Explainer] | None = None
    ) -> None:
        self.site = site
        self._assumed = assumed
        self._lock = Lock()

    def routes(self) -> list[Route]:
        """List the routes."""
        return [route(PATH, self.explain)]

    @cached_property
    def _explainers(self) -> asking.Explainers:
        # Closing takes longer than starting should, and most readers never ask.
        return asking.Explainers(self.site.dataset)

    async def explain(self, request: Request) -> Response:
        """Explain a triple."""
        parameters = url_parameters(request)
        choice = choose(request, OFFERED, strict=True)
        if choice.format is media.HTML:
            return self._page(request, parameters)
        return self._data(parameters, choice)

    def _explained(self, parameters: Parameters) -> Explanation:
        words = [parameters.one(place) or "" for place in PLACES]
        try:
            fact = asking.fact_of(words[0], words[1], words[2], self.site.dataset.prefixes)
        except UsageError as error:
            detail = f"{error.message} Give a triple by s, p and o."
            raise Problem("bad-parameter", detail, parameters=list(PLACES)) from error
        # One at a time: what a search remembers is no reader's but its own.
        with self._lock:
            return self._fresh(parameters.all("follow")).explain(fact)

    def _fresh(self, items: tuple[str, ...]) -> Explainer:
        if items and self._assumed:
            return self._assumed(items)
        return self._explainers.fresh()

    def _data(self, parameters: Parameters, choice: media.Choice) -> Response:
        explanation = self._explained(parameters)
        prefixes = self.site.dataset.prefixes
        if choice.format is media.PLAIN_JSON:
            body = asking.written(explanation, "json", prefixes)
        elif explanation.proof is None:
            raise Problem("not-found", "The triple does not follow, so there is no proof to send.")
        else:
            found = dict.fromkeys(triples(explanation))
            body = serialize(found, choice.format.name, prefixes=prefixes)
        return Response(body, media_type=choice.content_type, headers={"Vary": "Accept, Origin"})

    def _page(self, request: Request, parameters: Parameters) -> Response:
        words = {place: parameters.one(place) or "" for place in PLACES}
        views = self.site.views(request)
        context: dict[str, Any] = {
            "line": None,
            "proof": None,
            "listed": None,
            "gaps": [],
            "origins": [],
        }
        problem, status = None, 200
        if any(words.values()):
            try:
                context |= shown(self._explained(parameters), views)
            except Problem as raised:
                problem, status = raised, raised.status
        return self.site.pages.respond(
            request,
            "explain.html",
            status=status,
            words=words,
            follow=parameters.all("follow"),
            problem=problem,
            data=f"{PATH}?{urlencode([p for p in parameters.pairs if p[0] != 'format'])}",
            formats=OFFERED[:-1],
            **context,
        )


def shown(explanation: Explanation, views: Views) -> dict[str, Any]:
    """Gather what the page about an explanation shows.

    Args:
        explanation: the explanation.
        views: how to show terms.
    """
    known = explanation.sources.get(explanation.fact, ())
    proof = explanation.proof
    deep = proof is not None and proof.height > DEEPEST
    return {
        "listed": text(explanation, views.record.dataset.prefixes) if deep else None,
        "line": _line(explanation.fact, views),
        "proof": _node(proof, explanation, views, set()) if proof and not deep else None,
        "gaps": [_gap(gap, views) for gap in explanation.gaps],
        "origins": list(_origins(known, views)),
    }


def _line(terms: Fact | tuple[Any, Any, Any], views: Views) -> Line:
    subject, predicate, object_ = (
        Term("…") if term is None else views.term(term) for term in terms
    )
    return Line(subject, predicate, object_)


def _node(step: Proof, explanation: Explanation, views: Views, seen: set[int]) -> Node:
    repeated = id(step) in seen and step.rule is not None
    seen.add(id(step))
    found = explanation.sources.get(step.conclusion, ()) if step.rule is None else ()
    node = Node(
        _line(step.conclusion, views),
        step.rule,
        f"{RULES}{step.rule}",
        reason(step.rule or "", views.lang),
        repeated,
        list(_origins(found, views)),
    )
    if not repeated:
        node.path = [_line(origin(hop), views) for hop in step.hops]
        node.premises = [_node(part, explanation, views, seen) for part in step.premises]
    return node


def _origins(sources: tuple[Source, ...], views: Views) -> Iterator[Origin]:
    for source in sources:
        statements = [views.statement(statement.iri) for statement in source.statements]
        provenance_status = views.resource(source.provenance_status)
        name = source.provenance_status.rpartition("/")[2]
        yield Origin(views.graph(source.graph), provenance_status, name, statements)


def _gap(gap: Gap, views: Views) -> dict[str, Any]:
    return {
        "rule": gap.rule,
        "reason": reason(gap.rule, views.lang),
        "missing": _line(gap.missing, views),
        "present": [_line(fact, views) for fact in gap.present],
    }
