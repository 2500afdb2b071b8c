"""The query library over HTTP: ``/queries`` lists it, ``/queries/{name}`` asks one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import library, media, pages
from samsyn.errors import NotFoundError, UsageError
from samsyn.http import answers
from samsyn.http.filenames import disposition
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import FORMAT_NAMES, url_parameters
from samsyn.library import Parameter, Query
from samsyn.site.display import results
from samsyn.site.display.labels import Text
from samsyn.site.display.natural_order import natural
from samsyn.site.display.results import Question
from samsyn.site.display.views import Term, Views
from samsyn.site.routes.resources import choose
from samsyn.site.routing import route
from samsyn.site.shared import Site

# Parameters of the address that are not the query's.
RESERVED: Final = frozenset((*FORMAT_NAMES, "lang"))

# No list to choose from is longer.
CHOICES: Final = 150


class Queries:
    """The query library.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[Route]:
        """List the routes."""
        return [route("/queries", self.list), route("/queries/{name}", self.ask)]

    async def list(self, request: Request) -> Response:
        """List the library."""
        choice = choose(request, (media.PLAIN_JSON, media.HTML))
        if choice.format is media.HTML:
            queries = ordered(self.site)
            return self.site.pages.respond(request, "queries.html", queries=queries)
        content = [_entry(query, self.site.public_url(request)) for query in ordered(self.site)]
        body = json.dumps({"queries": content}, ensure_ascii=False, indent=2) + "\n"
        return Response(body, media_type=choice.content_type, headers={"Vary": "Accept, Origin"})

    async def ask(self, request: Request) -> Response:
        """Ask one query of the library."""
        query = self._find(request.path_params["name"])
        parameters = url_parameters(request)
        names = {name for name, _ in parameters.pairs} - RESERVED
        # An empty field of the form means: not given.
        values = {name: text for name in sorted(names) if (text := parameters.one(name))}
        if _as_page(request, parameters.formats):
            return self._page(request, query, values)
        return self._answer(request, query, values, parameters.formats)

    def _find(self, name: str) -> Query:
        try:
            return library.find(self.site.queries, name)
        except NotFoundError as error:
            raise Problem("not-found", f"{error.message} /queries lists them.") from error

    def _question(self, query: Query, values: dict[str, str]) -> Question:
        unknown = sorted(set(values) - set(query.parameters))
        try:
            return Question(query.body, bindings=query.bindings(values))
        except UsageError as error:
            detail = " ".join(part for part in (error.message, error.advice) if part)
            kind = "unknown-parameter" if unknown else "bad-parameter"
            raise Problem(kind, detail, parameters=list(query.parameters)) from error

    def _answer(
        self, request: Request, query: Query, values: dict[str, str], formats: tuple[str, ...]
    ) -> Response:
        answer = results.run(self.site.index, self._question(query, values))
        choice = answers.choose(answer.kind, request.headers.get("accept"), formats, page=False)
        body = results.write(query.text, answer, choice)
        described = pages.rooted(request, f"/queries/{query.name}")
        headers = {"Vary": "Accept, Origin", "Link": f'<{described}>; rel="describedby"'}
        headers["Content-Disposition"] = disposition(query.name, choice.format)
        return Response(body, media_type=choice.content_type, headers=headers)

    def _page(self, request: Request, query: Query, values: dict[str, str]) -> Response:
        shown, problem, status = None, None, 200
        views = self.site.views(request)
        question = Question(query.body)
        # A reader who gives no language is answered in that of the page.
        tags = (p.name for p in query.parameters.values() if p.kind == "lang")
        values = dict.fromkeys(tags, views.lang) | values
        missing = [p for p in query.parameters.values() if p.name not in values and not p.default]
        if not missing or set(values) - set(query.parameters):
            try:
                question = self._question(query, values)
                shown = results.show(results.run(self.site.index, question), views, query.words)
            except Problem as raised:
                problem, status = raised, raised.status
        return self.site.pages.respond(
            request,
            "ask.html",
            status=status,
            query=query,
            values=values,
            shown=shown,
            problem=problem,
            fields=[field(p, query, values, views) for p in query.parameters.values()],
            address=question.address("/query"),
            download=f"/queries/{query.name}" + (f"?{urlencode(values)}" if values else ""),
        )


@dataclass(frozen=True)
class Field:
    """A parameter as the form shows it: its value, what that is, and what else it may be."""

    name: str
    called: str
    kind: str
    value: str
    chosen: Term | None
    choices: list[tuple[str, Term]]


def field(parameter: Parameter, query: Query, values: dict[str, str], views: Views) -> Field:
    """Show a parameter; for an IRI, offer what has the same class as the default.

    Args:
        parameter: one of the query's.
        query: the query, whose prefixes may be used in values.
        values: the values given.
        views: how to show terms.
    """
    value = values.get(parameter.name, parameter.default or "")
    chosen, choices = None, list[str]()
    if parameter.kind == "iri":
        chosen = _resource(value, query, views)
        default = _resource(parameter.default or value, query, views)
        choices = views.record.alike(default.iri)[:CHOICES] if default and default.iri else []
    return Field(
        parameter.name,
        query.words.parameter(parameter.name, views.lang),
        parameter.kind,
        value,
        chosen,
        [(_written(iri, query), views.resource(iri)) for iri in choices],
    )


def _resource(value: str, query: Query, views: Views) -> Term | None:
    prefix, _, rest = value.partition(":")
    iri = query.prefixes.get(prefix, f"{prefix}:") + rest
    return views.resource(iri) if views.record.describes(iri) else None


def _written(iri: str, query: Query) -> str:
    """Write an IRI with a prefix of the query where one fits."""
    for prefix, namespace in query.prefixes.items():
        rest = iri.removeprefix(namespace)
        if rest != iri and "/" not in rest:
            return f"{prefix}:{rest}"
    return iri


def teaser(query: Query, lang: str) -> Text:
    """Return one line on a query in the reader's language."""
    return Text(query.texts["summary", lang], lang)


def _as_page(request: Request, formats: tuple[str, ...]) -> bool:
    """Return whether a page is wanted: by name, or by a client that likes HTML best."""
    if any(media.known(name) for name in formats):
        return any(media.by_name(name, (media.HTML,)) for name in formats)
    return pages.prefers_html(request, (*media.RESULTS, *media.GRAPHS))


def ordered(site: Site) -> list[Query]:
    """List the library in the order of the names."""
    return sorted(site.queries.values(), key=lambda query: natural(query.name))


def _entry(query: Query, public_url: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "url": f"{public_url}/queries/{query.name}",
        **{key: _both(query, key) for key in ("question", "summary", "description")},
        "tags": [
            {"name": tag, **{lang: query.words.tag(tag, lang) for lang in pages.LANGUAGES}}
            for tag in query.tags
        ],
        "parameters": [
            {
                "name": p.name,
                "type": p.kind,
                "default": p.default,
                **{lang: query.words.parameter(p.name, lang) for lang in pages.LANGUAGES},
            }
            for p in query.parameters.values()
        ],
    }


def _both(query: Query, key: str) -> dict[str, str]:
    return {lang: query.texts[key, lang] for lang in pages.LANGUAGES}
