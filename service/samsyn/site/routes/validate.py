"""A document checked as on the command line: ``POST /validate``.

A syntax error is a finding. Shapes of a client are SHACL Core: nothing in them is run as a query
or fetched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media
from samsyn.dataset import graph_store
from samsyn.dataset.exact import parse_triples
from samsyn.errors import SourceError, ToolError, UsageError
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import unsupported, url_parameters
from samsyn.pages import language
from samsyn.site.routes.resources import choose
from samsyn.site.routing import route
from samsyn.site.shared import Site
from samsyn.validation import configuration, profiles, reports, run
from samsyn.validation.finding import Report, text
from samsyn.validation.locations import Part
from samsyn.validation.options import INFERENCES, Options
from samsyn.validation.parsing import read
from samsyn.validation.shapes_graph import untrusted
from samsyn.validation.shapes_graph.report import check
from samsyn.validation.shapes_graph.sources import Brought
from samsyn.validation.sources import Source

OFFERED: Final = tuple(
    media.Format(name, (kind,), (), media.UTF8 if kind.startswith("text/") else "")
    for name, kind in reports.MEDIA.items()
)
PARAMETERS: Final = ("profile", "infer", "with-graph", "lang", "format")
TAKEN: Final = ", ".join(form.media_type for form in media.RDF)

_NAME: Final = "data"
"""What a document is called in its report."""
_SHAPES: Final = "shapes"
_YES: Final = ("true", "false")


class Validate:
    """Checks documents.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._plans: dict[Options, configuration.Plan] = {}

    def routes(self) -> list[Route]:
        """List the routes."""
        return [route("/validate", self.validate, ("POST",))]

    async def validate(self, request: Request) -> Response:
        """Check the document that the body holds."""
        options = _options(request)
        chosen = language(request)
        choice = _choice(request)
        sent = request.headers.get("content-type", "")
        report = self._report(await request.body(), sent, options)
        headers = {"Vary": "Accept, Accept-Language, Origin"}
        body = reports.written(choice.format.name, report, chosen)
        return Response(body, media_type=choice.content_type, headers=headers)

    def _report(self, body: bytes, sent: str, options: Options) -> Report:
        kind = media.essence(sent)[0]
        if not kind:
            raise Problem("bad-request", f"Content-Type is missing; accepted: {TAKEN}.")
        try:
            given = {_NAME: (body, sent)}
            if kind == graph_store.MULTIPART:
                given = graph_store.fields(body, sent)
            data, shapes = _parts(given)
            part = read(data)
            brought = Brought() if shapes is None else _shapes(shapes)
            return run.report([part], self._plan(brought, options), options)
        except SourceError as error:
            detail = f"The document cannot be read: {error.message}"
            raise Problem("bad-request", detail, line=error.line, column=error.column) from error
        except ToolError as error:
            raise Problem("bad-request", f"The shapes cannot be used: {error.message}") from error

    def _plan(self, brought: Brought, options: Options) -> configuration.Plan:
        if brought.files:
            return self._made(brought, options)
        # There are as many as there are profiles and ways to infer.
        options = replace(options, shapes=options.shapes or (profiles.DEFAULT,))
        if options not in self._plans:
            self._plans[options] = self._made(Brought(), options)
        return self._plans[options]

    def _made(self, brought: Brought, options: Options) -> configuration.Plan:
        # Shapes that come along take the place of the profile that nobody asked for.
        sets = [profiles.find(name) for name in options.shapes]
        called = (*map(str, sets), *([_SHAPES] if brought.files else []))
        return configuration.made(sets, brought, self.site.dataset, options, called)


def _choice(request: Request) -> media.Choice:
    return choose(request, OFFERED, strict=True)


def _options(request: Request) -> Options:
    parameters = url_parameters(request)
    given = {name for name, _ in parameters.pairs}
    if _SHAPES in given:
        raise Problem("forbidden", "Shapes are not fetched. Send them along, in a form.")
    unknown = sorted(given - set(PARAMETERS))
    if unknown:
        detail = f"There is no parameter {unknown[0]}; {', '.join(PARAMETERS)} are."
        raise Problem("unknown-parameter", detail, parameters=list(PARAMETERS))
    profile = parameters.one("profile")
    infer = parameters.one("infer") or INFERENCES[0]
    with_graph = parameters.one("with-graph") or "false"
    for value, known in ((infer, INFERENCES), (with_graph, _YES)):
        if value not in known:
            raise Problem("bad-parameter", f"{value!r} is none of {', '.join(known)}.")
    if profile is not None:
        _check_profile(profile)
    shapes = () if profile is None else (profile,)
    return Options(shapes=shapes, infer=infer, with_graph=with_graph == "true")


def _check_profile(profile: str) -> None:
    try:
        profiles.find(profile)
    except UsageError as error:
        raise Problem("bad-parameter", f"{error.message} {error.advice}") from error


def _parts(given: dict[str, tuple[bytes, str]]) -> tuple[Source, Source | None]:
    if _NAME not in given or given.keys() - {_NAME, _SHAPES}:
        detail = f"A form has a document {_NAME!r}, and may have {_SHAPES!r} as well."
        raise Problem("bad-request", detail)
    sources = {}
    for name, (data, kind) in given.items():
        try:
            form = graph_store.form_of(data, kind, media.RDF)
        except UsageError as error:
            raise unsupported(error.message, TAKEN) from error
        sources[name] = Source(name, form, None, data)
    return sources[_NAME], sources.get(_SHAPES)


def _shapes(source: Source) -> Brought:
    triples = parse_triples(source.data, source.form, base=source.base, path=source.name)
    refused = next(untrusted.refusals(triples), None)
    if refused is not None:
        raise Problem("forbidden", text(refused.messages, "en"))
    part = Part(source.name, triples, source)
    check([part])
    return Brought.of(part)
