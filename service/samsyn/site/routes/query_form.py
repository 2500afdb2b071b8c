"""The endpoint ``/sparql`` (SPARQL 1.1 Protocol, query only) and the form ``/query``."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media
from samsyn.dataset import exact
from samsyn.description import Service
from samsyn.http import sparql_protocol
from samsyn.http.negotiation import chosen
from samsyn.http.problems import Problem
from samsyn.pages import see_other
from samsyn.site.display import results
from samsyn.site.display.results import Question
from samsyn.site.routing import READ, route
from samsyn.site.shared import Site

PATHS: Final = ("/sparql", "/sparql/")
DESCRIBED_IN: Final = (*media.RDF, media.HTML)
OTHERS: Final = (*media.RESULTS, *media.RDF)
VARY: Final = {"Vary": "Accept, Accept-Language, Origin"}

EXAMPLE: Final = """\
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX samsyn: <https://w3id.org/samsyn/ns#>

# What is said with a reserve, where, and which reserve is it?
SELECT ?sentence ?claim ?certainty WHERE {
  ?claim a samsyn:Claim ;
    samsyn:hasCertainty ?certainty .
  ?evidence oa:hasBody ?claim ;
    oa:hasTarget / samsyn:hasSentenceNumber ?sentence .
  FILTER (?certainty != <https://w3id.org/samsyn/vocab/certainty/outright>)
}
ORDER BY ?sentence ?claim
LIMIT 50
"""


class Sparql:
    """The endpoint and its form.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[Route]:
        """List the routes."""
        methods = (*READ, "POST", "QUERY")
        return [
            *(route(path, self.endpoint, methods) for path in PATHS),
            route("/query", self.form),
        ]

    async def endpoint(self, request: Request) -> Response:
        """Show the answer to a query on a page, or describe the service where there is none.

        Answers for programs never come this way: the gateway of the server has workers write them.
        """
        sent = sparql_protocol.Sent(
            request.method,
            sparql_protocol.url_parameters(request),
            request.headers.get("content-type", ""),
            await request.body(),
        )
        asked = sparql_protocol.query(sent)
        if asked.query is None:
            return self._without_query(request, asked.formats)
        return self._answer(request, self._question(request, asked, asked.query))

    async def form(self, request: Request) -> Response:
        """Show the form, and below it the answer to what was typed."""
        parameters = sparql_protocol.url_parameters(request)
        asked = sparql_protocol.Asked(
            sparql_protocol.unmarked(parameters.one("query")),
            parameters.given("default-graph-uri"),
            parameters.given("named-graph-uri"),
            parameters.formats,
        )
        if asked.query is None or not asked.query.strip():
            return self._page(request, Question(EXAMPLE), 200)
        question = self._question(request, asked, asked.query)
        other = next((name for name in asked.formats if media.by_name(name, OTHERS)), None)
        if other:
            return see_other(request, question.address("/sparql", format=other))
        return self._answer(request, question)

    def _question(self, request: Request, asked: sparql_protocol.Asked, text: str) -> Question:
        return Question(
            text,
            asked.default_graphs,
            asked.named_graphs,
            base=self.site.public_url(request) + "/sparql",
        )

    def _answer(self, request: Request, question: Question) -> Response:
        try:
            prefixes = self.site.settings.prefixes
            answer = results.run(self.site.index, question, prefixes=prefixes)
            shown = results.show(answer, self.site.views(request))
        except Problem as problem:
            return self._page(request, question, problem.status, problem=problem)
        return self._page(request, question, 200, shown=shown)

    def _page(
        self,
        request: Request,
        question: Question,
        status: int,
        *,
        shown: results.Shown | None = None,
        problem: Problem | None = None,
    ) -> Response:
        return self.site.pages.respond(
            request,
            "query.html",
            status=status,
            question=question,
            shown=shown,
            problem=problem,
            prefixes=self.site.dataset.prefixes,
            endpoint=self.site.public_url(request) + "/sparql",
        )

    def _without_query(self, request: Request, formats: tuple[str, ...]) -> Response:
        accept = request.headers.get("accept")
        choice = chosen(formats, accept, DESCRIBED_IN, what="This is a description of the service;")
        if choice.format is media.HTML:
            return self._page(request, Question(EXAMPLE), 200)
        service = self.site.service(request)
        body = self._describe(service, choice.format)
        document = f"{self.site.public_url(request)}/openapi.json"
        link = {"Link": f'<{service.void}>; rel="describedby", <{document}>; rel="service-desc"'}
        return Response(body, media_type=choice.content_type, headers=VARY | link)

    def _describe(self, service: Service, form: media.Format) -> bytes:
        triples = self.site.description.of_service(service)
        return exact.serialize(triples, form.name, prefixes=self.site.dataset.prefixes)
