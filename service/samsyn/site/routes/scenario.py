"""What if, over HTTP: ``/scenario?follow=R3.2&follow=R5.3``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media, names
from samsyn.closure import inputs
from samsyn.closure.explanation.explainer import Explainer
from samsyn.dataset import tables
from samsyn.dataset.exact import Graph, NamedNode, Triple
from samsyn.errors import NotFoundError
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import url_parameters
from samsyn.pages import see_other
from samsyn.scenario.chains import REACHES, Chain, Hop
from samsyn.scenario.following import Scenarios
from samsyn.scenario.outcome import Change, Outcome, Wish, item_name
from samsyn.scenario.report import Account, rdf
from samsyn.site.display.explanation_links import address
from samsyn.site.display.views import Statement, Term, Views
from samsyn.site.routes.resources import choose
from samsyn.site.routing import route
from samsyn.site.shared import Site

TOLD: Final = (media.PLAIN_JSON, *(form for form in media.RESULTS if form.name == "csv"))
OFFERED: Final = (*TOLD, *media.RDF, media.HTML)
PARAMETERS: Final = ("follow", "lang", "format")

# As many outcomes are kept; there are more combinations than anyone asks for.
KEPT: Final = 64


class Scenario:
    """Recommendations followed, in the mind.

    Args:
        site: the state of the server.
        lifting: what a proposed fact would mean if it came true.
    """

    def __init__(self, site: Site, lifting: Graph) -> None:
        self.site = site
        self._scenarios = Scenarios(inputs(site.dataset), site.dataset, lifting)
        self._lock = Lock()
        self._outcome = lru_cache(maxsize=KEPT)(self._scenarios.follow)
        self._labels = cache(lambda language: tables.labels(site.dataset, language))

    def routes(self) -> list[Route]:
        """List the routes."""
        return [route("/scenario", self.follow), route("/graph/scenario/{items}", self.named)]

    def explainer(self, asked: tuple[str, ...]) -> Explainer:
        """Return what explains the triples of a scenario.

        Raises:
            Problem: there is no such item.
        """
        chosen = self._chosen(asked)
        with self._lock:
            return self._scenarios.explainer(chosen)

    async def named(self, request: Request) -> Response:
        """Lead from the graph of what a scenario gains to the scenario."""
        items = self._chosen(tuple(request.path_params["items"].split("+")))
        return see_other(request, _address(items))

    async def follow(self, request: Request) -> Response:
        """Return what would change if some items were followed."""
        parameters = url_parameters(request)
        unknown = sorted({name for name, _ in parameters.pairs} - set(PARAMETERS))
        if unknown:
            detail = f"There is no parameter {unknown[0]}; {', '.join(PARAMETERS)} are."
            raise Problem("unknown-parameter", detail, parameters=list(PARAMETERS))
        asked = tuple(text for text in parameters.all("follow") if text.strip())
        choice = choose(request, OFFERED, strict=True)
        if choice.format is media.HTML:
            return self._page(request, asked)
        return self._answer(request, asked, choice)

    def _answer(self, request: Request, asked: tuple[str, ...], choice: media.Choice) -> Response:
        if not asked and choice.format is media.PLAIN_JSON:
            return _respond(_written(self._list(request)), choice)
        outcome = self._followed(self._chosen(asked))
        if choice.format not in TOLD:
            return _respond(rdf(outcome, choice.format.name, self.site.dataset.prefixes), choice)
        lang = self.site.views(request).lang
        account = Account(outcome, self._labels(lang), self.site.dataset.prefixes, lang)
        told = choice.format is media.PLAIN_JSON
        return _respond(_written(account.json()) if told else account.csv(), choice)

    def _list(self, request: Request) -> dict[str, Any]:
        start, views = self.site.public_url(request), self.site.views(request)
        return {
            "items": [
                {
                    "name": name,
                    "iri": _item(name),
                    "label": views.resource(_item(name)).text,
                    "url": start + _address((name,)),
                }
                for name in self._scenarios.items
            ]
        }

    def _chosen(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        known = list(self._scenarios.items)
        if not asked:
            raise Problem("bad-parameter", _none(known), items=known)
        try:
            return self._scenarios.chosen(asked)
        except NotFoundError as error:
            raise Problem(
                "bad-parameter", f"{error.message} {_none(known)}", items=known
            ) from error

    def _followed(self, chosen: tuple[str, ...]) -> Outcome:
        # One at a time: the closed base, which all of them read, is made by the first.
        with self._lock:
            return self._outcome(chosen)

    def _page(self, request: Request, asked: tuple[str, ...]) -> Response:
        chosen, shown, problem = tuple[str, ...](), None, None
        views = self.site.views(request)
        if asked:
            try:
                chosen = self._chosen(asked)
                shown = show(self._followed(chosen), views)
            except Problem as raised:
                problem = raised
        return self.site.pages.respond(
            request,
            "scenario.html",
            status=problem.status if problem else 200,
            items=[(n, views.resource(_item(n)), n in chosen) for n in self._scenarios.items],
            shown=shown,
            problem=problem,
            address=_address(chosen),
            formats=OFFERED[:-1],
        )


@dataclass(frozen=True)
class Link:
    """One hop, or one proposed fact, as a page shows it."""

    parts: list[Term]
    provenance_status: Term
    provenance_status_name: str
    statements: list[Statement]
    now: list[Term]


@dataclass(frozen=True)
class Row:
    """A chain before and after, as a page shows it."""

    start: Term
    end: Term
    before: int | None
    after: int
    news: bool
    old: list[Link]
    new: list[Link]
    why: str | None


@dataclass(frozen=True)
class Shown:
    """An outcome as a page shows it."""

    assumptions: list[Term]
    chains: list[Row]
    levels: list[tuple[Term, list[Row]]]
    wishes: list[Link]
    gained: list[tuple[list[Term], str | None]]


def show(outcome: Outcome, views: Views) -> Shown:
    """Read an outcome for a page, every term with its label.

    Args:
        outcome: what changes.
        views: how to show terms.
    """
    levels = dict.fromkeys(change.end for change in outcome.levels)
    return Shown(
        assumptions=[views.term(statement) for statement in outcome.assumptions],
        chains=[_row(change, outcome, views) for change in outcome.chains],
        levels=[
            (views.term(end), [_row(c, outcome, views) for c in outcome.levels if c.end == end])
            for end in levels
        ],
        wishes=[_wish(wish, views) for wish in outcome.wishes],
        gained=[
            ([views.term(term) for term in triple], _why(triple, outcome))
            for triple in outcome.gained
        ],
    )


def _row(change: Change, outcome: Outcome, views: Views) -> Row:
    return Row(
        views.term(change.start),
        views.term(change.end),
        change.before,
        change.after,
        change.news,
        _links(change.old, views),
        _links(change.new, views),
        _why(Triple(change.start, REACHES, change.end), outcome),
    )


def _why(triple: Triple, outcome: Outcome) -> str | None:
    start = address(triple)
    return start and start + "".join(f"&follow={item_name(item)}" for item in outcome.items)


def _links(chain: Chain, views: Views) -> list[Link]:
    return [_link(hop, views) for hop in chain]


def _wish(wish: Wish, views: Views) -> Link:
    return _link(wish.hop, views, tuple(views.term(node) for node in wish.now))


def _link(hop: Hop, views: Views, now: tuple[Term, ...] = ()) -> Link:
    return Link(
        [views.term(term) for term in hop.triple],
        views.term(NamedNode(hop.provenance_status)),
        names.local(hop.provenance_status),
        [views.statement(said.iri) for said in hop.statements],
        list(now),
    )


def _item(name: str) -> str:
    return names.ID + "recommendation/" + name.lower().replace(".", "-")


def _address(items: tuple[str, ...]) -> str:
    pairs = urlencode([("follow", name) for name in items])
    return "/scenario" + (f"?{pairs}" if pairs else "")


def _none(known: list[str]) -> str:
    return f"follow takes one or more of {', '.join(known)}."


def _written(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


def _respond(body: bytes, choice: media.Choice) -> Response:
    headers = {"Vary": "Accept, Accept-Language, Origin"}
    return Response(body, media_type=choice.content_type, headers=headers)
