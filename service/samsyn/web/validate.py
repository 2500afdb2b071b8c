"""A document checked against our shapes: ``POST /validate``.

Its triples are closed together with our ontology, but without the rules of domains and ranges:
after those, whatever stands in a place has the class that the place asks for, and no shape about
classes could fail. They count for contradictions. Shapes are ours alone.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media, names
from samsyn.closure.executors.memory import in_words
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.rules import OWL_RL
from samsyn.dataset import graphstore
from samsyn.dataset.exact import NamedNode, Triple
from samsyn.errors import SourceError, UsageError
from samsyn.validation.shapes import Report, Result, validate
from samsyn.web.labels import LANGUAGES
from samsyn.web.pages import language
from samsyn.web.problems import TEXT, Problem
from samsyn.web.protocol import unsupported, url_parameters
from samsyn.web.resources import choose
from samsyn.web.routing import route
from samsyn.web.site import Site

PROFILES: Final = ("required", "advised")
"""Each with those before it, whose prefixes its constraints use."""

PARAMETERS: Final = ("profile", "lang", "format")
OFFERED: Final = (media.PLAIN_JSON, TEXT)
TAKEN: Final = ", ".join(form.media_type for form in media.GRAPHS)
_OURS: Final = "Shapes are not taken: documents are checked against ours."
_RULES: Final = tuple(rule for rule in OWL_RL if rule not in ("prp-dom", "prp-rng"))


class Validate:
    """Checks documents.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[Route]:
        """List the routes."""
        return [route("/validate", self.validate, ("POST",))]

    @cached_property
    def _ontology(self) -> tuple[Triple, ...]:
        start = names.GRAPH + "ontology/"
        graphs = self.site.dataset.graphs.values()
        return tuple(t for graph in graphs if graph.iri.startswith(start) for t in graph.triples)

    async def validate(self, request: Request) -> Response:
        """Check the document that the body holds."""
        parameters = url_parameters(request)
        self._check({name for name, _ in parameters.pairs})
        profile = parameters.one("profile") or PROFILES[0]
        if profile not in PROFILES:
            known = ", ".join(PROFILES)
            raise Problem("bad-parameter", f"There is no profile {profile!r}; {known} are.")
        choice = choose(request, OFFERED)
        triples = self._read(request, await request.body())
        told = self._told(triples, profile, language(request))
        if choice.format is TEXT:
            body = "".join(f"{line}\n" for line in _lines(told))
        else:
            body = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        headers = {"Vary": "Accept, Accept-Language, Origin"}
        return Response(body, media_type=choice.content_type, headers=headers)

    def _check(self, given: set[str]) -> None:
        if "shapes" in given:
            raise Problem("forbidden", _OURS)
        unknown = sorted(given - set(PARAMETERS))
        if unknown:
            detail = f"There is no parameter {unknown[0]}; {', '.join(PARAMETERS)} are."
            raise Problem("unknown-parameter", detail, parameters=list(PARAMETERS))

    def _read(self, request: Request, body: bytes) -> list[Triple]:
        sent = request.headers.get("content-type", "")
        kind = media.essence(sent)[0]
        if not kind:
            raise Problem("bad-request", f"Content-Type is missing; accepted: {TAKEN}.")
        if kind == graphstore.MULTIPART:
            raise Problem("forbidden", f"A form of parts is not taken, only a document. {_OURS}")
        if media.by_name(kind, media.GRAPHS) is None or "/" not in kind:
            raise unsupported(f"Content-Type {kind} is not accepted here; {TAKEN} are.", TAKEN)
        base = f"{self.site.public_url(request)}/validate"
        try:
            return graphstore.read(body, sent, base, "")
        except SourceError as error:
            detail = f"The document cannot be read: {error.message}"
            raise Problem("bad-request", detail, line=error.line, column=error.column) from error
        except UsageError as error:
            raise unsupported(error.message, TAKEN) from error

    def _told(self, triples: list[Triple], profile: str, lang: str) -> dict[str, Any]:
        given, shapes = [*self._ontology, *triples], self._shapes(profile)
        closed = validate(ClosedGraph(given, _RULES), shapes)
        # That a property is stated which should be inferred shows before the closure only. Blank
        # nodes are never looked up here: the engine gives them labels of its own.
        terms = {str(t.subject) for t in self._ontology if isinstance(t.subject, NamedNode)}
        results = [r for r in validate(given, shapes).results if r.focus in terms]
        results += [r for r in closed.results if r.focus not in terms]
        others = terms - {str(t.subject) for t in triples}
        return _report(closed, sorted(results), others, len(triples), lang) | {
            "profile": profile,
            "contradictions": sorted(map(in_words, ClosedGraph(given).clashes())),
        }

    def _shapes(self, profile: str) -> list[Triple]:
        chosen = PROFILES[: PROFILES.index(profile) + 1]
        graphs = (self.site.dataset.graph(f"{names.GRAPH}shapes/{name}") for name in chosen)
        return [triple for graph in graphs for triple in graph.triples]


def _report(
    closed: Report, results: list[Result], others: set[str], triples: int, lang: str
) -> dict[str, Any]:
    matched = {target.shape: set(map(str, target.nodes)) - others for target in closed.targets}
    nodes = set().union(*matched.values())
    # That nothing was found wrong says nothing where nothing was looked at.
    checked = bool(nodes or results)
    return {
        "conforms": not results if checked else None,
        "reason": None if checked else _unchecked(triples),
        "checked": {"triples": triples, "focus_nodes": len(nodes), "shapes": len(matched)},
        "unmatched": sorted(shape for shape, found in matched.items() if not found),
        "results": [
            {
                "severity": result.severity,
                "focus": result.focus,
                "path": result.path or None,
                "value": result.value or None,
                "message": result.message(lang if lang in LANGUAGES else "en"),
                "shape": result.shape,
                "component": result.component,
            }
            for result in results
        ],
    }


def _unchecked(triples: int) -> str:
    if not triples:
        return "nothing was checked: the document holds no triples"
    return "nothing was checked: no shape looks at any node of the document"


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [
        f"{each['severity']}: {each['focus']} {each['path'] or ''}: {each['message']}"
        for each in told["results"]
    ]
    lines += [f"contradiction: {words}" for words in told["contradictions"]]
    checked = told["checked"]
    end = (
        f"checked {checked['triples']} triples, {checked['focus_nodes']} focus nodes"
        f" with {checked['shapes']} shapes"
    )
    return [*lines, f"{end}: {told['reason']}" if told["reason"] else end]
