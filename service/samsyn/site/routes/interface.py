"""What each address takes and gives, as a table: the terms of which OpenAPI documents are made.

Media types come from the tables of formats, parameters of queries from the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from samsyn import media
from samsyn.http import answers, sparql_protocol
from samsyn.library import Parameter, Query
from samsyn.server.routes import graph_store
from samsyn.site.routes import explain, graphs, query_form, scenario, validate
from samsyn.site.routes.resources import DOCUMENT

Json = dict[str, Any]

BUSY: Final = (429, 503)
"""What any address that asks a worker may say."""
READ_ERRORS: Final = (400, 404, 406, 414, *BUSY)
WRITE_ERRORS: Final = (400, 401, 403, 404, 409, 412, 413, 414, 415, 507, *BUSY)
TOKEN: Final = "token"  # noqa: S105  the name of a scheme
SVG: Final = media.Format("svg", ("image/svg+xml",))
CSS: Final = media.Format("css", ("text/css",), (), media.UTF8)


@dataclass(frozen=True)
class Operation:
    """One method of one address.

    Args:
        method: the method.
        path: the address, with parameters in braces.
        summary: what it does, in one line.
        tag: the group that it belongs to.
        parameters: what may be in the address, as OpenAPI has it.
        body: media types of the body with their schemas; empty: no body.
        offered: the formats of the answer.
        statuses: the statuses of success; those but 200 have no body.
        errors: the statuses of problems.
        secured: whether it needs the token.
        note: more about it.
    """

    method: str
    path: str
    summary: str
    tag: str
    parameters: tuple[Json, ...] = ()
    body: Mapping[str, Json] = field(default_factory=dict)
    offered: tuple[media.Format, ...] = ()
    statuses: tuple[int, ...] = (200, 304)
    errors: tuple[int, ...] = READ_ERRORS
    secured: bool = False
    note: str = ""


def parameter(name: str, words: str, schema: Json | None = None, **others: Any) -> Json:
    """Describe a parameter of the query string.

    Args:
        name: its name.
        words: what it is for.
        schema: its schema; None: any text.
        others: further members, such as ``example`` and ``required``.
    """
    schema = schema or {"type": "string"}
    return {"name": name, "in": "query", "description": words, "schema": schema, **others}


def listed(name: str, words: str, schema: Json | None = None, **others: Any) -> Json:
    """Describe a parameter that may be repeated."""
    schema = {"type": "array", "items": schema or {"type": "string"}}
    return parameter(name, words, schema, style="form", explode=True, **others)


def in_path(name: str, example: str) -> Json:
    """Describe a part of the path."""
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def format_of(offered: Iterable[media.Format]) -> Json:
    """Describe the parameter that overrides the header ``Accept``."""
    names = [form.name for form in offered]
    words = "Short name or media type of the format; it overrides Accept."
    return parameter("format", words, {"type": "string", "examples": names})


IRI: Final[Json] = {"type": "string", "format": "iri"}
EXAMPLE_GRAPH: Final = "https://w3id.org/samsyn/graph/catalogue"
LANG: Final = parameter("lang", "Language of labels and pages.", {"enum": ["en", "sv"]})
QUERY: Final = parameter("query", "The query.", example="ASK {}")
TIMEOUT: Final = parameter(
    "timeout",
    "Seconds to wait at most; 0 or nothing leaves it to the operator's limit, which holds too.",
    {"type": "number", "minimum": 0},
    example=5,
)
DATASET: Final = (
    listed("default-graph-uri", "Graphs that make up the default graph, in place of FROM.", IRI),
    listed("named-graph-uri", "Graphs that GRAPH may name, in place of FROM NAMED.", IRI),
)
ANSWERS: Final = tuple(dict.fromkeys((*answers.GRAPH[:-1], *answers.TABLE)))
ASKED: Final = (*DATASET, format_of(ANSWERS), TIMEOUT)
USING: Final = (
    listed("using-graph-uri", "Graphs that WHERE reads, in place of USING.", IRI),
    listed("using-named-graph-uri", "Graphs for GRAPH in WHERE, in place of USING NAMED.", IRI),
)
GRAPH: Final = (
    parameter("graph", "The IRI of the graph.", IRI, example=EXAMPLE_GRAPH),
    parameter("default", "The default graph; it has no value.", allowEmptyValue=True),
)
TEXT: Final[Json] = {"type": "string"}
QUERY_METHOD: Final = (
    "HTTP QUERY with a body of `application/sparql-query` is served as POST is; OpenAPI 3.1 has "
    "no place for that method."
)


def form(name: str, parameters: Iterable[Json]) -> Json:
    """Describe a form: its one required field, and those that may be in the address too."""
    fields = {item["name"]: item["schema"] for item in parameters}
    return {"type": "object", "required": [name], "properties": {name: TEXT, **fields}}


def library(queries: Iterable[Query]) -> list[Operation]:
    """Describe each query of the library, with its parameters typed."""
    return [_of_query(query) for query in queries]


def _of_query(query: Query) -> Operation:
    own = tuple(_typed(item) for item in query.parameters.values())
    return Operation(
        "GET",
        f"/queries/{query.name}",
        query.summary,
        "queries",
        (*own, format_of(ANSWERS), LANG),
        offered=ANSWERS,
        note=f"{query.question}\n\n{query.description}",
    )


_TYPES: Final[Mapping[str, Json]] = {
    "iri": {"type": "string"},
    "int": {"type": "integer"},
    "lang": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    "string": {"type": "string"},
}
_WORDS: Final[Mapping[str, str]] = {
    "iri": "An IRI, whole or with a prefix.",
    "int": "A whole number.",
    "lang": "A language tag.",
    "string": "Any text.",
}


def _typed(item: Parameter) -> Json:
    if item.default is None:
        return parameter(item.name, _WORDS[item.kind], _TYPES[item.kind], required=True)
    default = int(item.default) if item.kind == "int" else item.default
    schema = {**_TYPES[item.kind], "default": default}
    return parameter(item.name, _WORDS[item.kind], schema, example=default)


def _read(path: str, tag: str, summary: str, offered: tuple[media.Format, ...]) -> Operation:
    """Describe a document: its format may be chosen where there are several."""
    chosen = (format_of(offered),) if len(offered) > 1 else ()
    page = (LANG,) if media.HTML in offered else ()
    return Operation("GET", path, summary, tag, (*_parts(path), *chosen, *page), offered=offered)


def _moved(path: str, tag: str, summary: str) -> Operation:
    parameters = (*_parts(path), format_of(DOCUMENT))
    return Operation("GET", path, summary, tag, parameters, statuses=(303, 304))


_EXAMPLES: Final[Mapping[str, str]] = {
    "/browse/{name}": "Network",
    "/queries/{name}": "cq01",
    "/static/{name}": "logo.svg",
    "/doc/logo/{version}": "1",
    "/ns/{version}": "0.1.0",
    "/graph/scenario/{items}": "R1.1",
    "/graph/{rest}": "catalogue",
    "/gsp/{path}": "notes",
    "/id/{rest}": "network/return-working-group",
    "/vocab/{rest}": "provenance-status/stated",
    "/doc/{rest}": "prefixes/samsyn",
}


def _parts(path: str) -> tuple[Json, ...]:
    example = _EXAMPLES.get(path.removeprefix("/page").removeprefix("/data"), "")
    return tuple(in_path(piece.partition("}")[0], example) for piece in path.split("{")[1:])


def _sparql(path: str) -> list[Operation]:
    errors = (400, 403, 406, 414, *BUSY)
    offered = tuple(dict.fromkeys((*ANSWERS, *query_form.DESCRIBED_IN)))
    body = {
        sparql_protocol.FORM: form("query", ASKED),
        sparql_protocol.QUERY: {**TEXT, "examples": ["ASK {}"]},
    }
    note = f"Without a query: the Service Description. {QUERY_METHOD}"
    return [
        Operation(
            "GET", path, "Ask a query", "sparql", (QUERY, *ASKED),
            offered=offered, errors=errors, note=note,
        ),
        Operation(
            "POST", path, "Ask a query that the body holds", "sparql", ASKED, body, offered,
            (200,), (*errors, 413, 415), note=QUERY_METHOD,
        ),
    ]  # fmt: skip


def _stored(path: str, *, more: tuple[Json, ...], read: bool = True) -> list[Operation]:
    """Describe the Graph Store Protocol at an address."""
    parts = (*_parts(path), *more)
    kinds = {kind: TEXT for form_ in media.GRAPHS for kind in form_.media_types}
    body = {**kinds, "multipart/form-data": {"type": "object"}}
    chosen = (*parts, format_of(graph_store.OFFERED))
    reads = [
        Operation(
            "GET", path, "Read a graph", "graphs", chosen, offered=graph_store.OFFERED,
        )
    ]  # fmt: skip
    writes = [
        Operation(
            method, path, summary, "graphs", parts, taken, statuses=(201, 204),
            errors=WRITE_ERRORS, secured=True,
        )
        for method, summary, taken in (
            ("PUT", "Replace a graph", body),
            ("POST", "Add to a graph", body),
            ("DELETE", "Remove a graph", {}),
        )
    ]  # fmt: skip
    return [*reads, *writes] if read else writes


def _explained() -> list[Operation]:
    thing = "network:return-working-group"
    places = [
        parameter("s", "The subject: an IRI, whole or with a prefix.", example=thing),
        parameter("p", "The property.", example="rdf:type"),
        parameter("o", "The object, an IRI or a literal.", example="samsyn:Network"),
    ]
    follow = listed("follow", "Recommendation items taken as followed.")
    followed = {**follow, "example": ["R1.1"]}
    return [
        Operation(
            "GET", "/explain", "Why a triple follows", "reasoning",
            (*places, follow, format_of(explain.OFFERED), LANG), offered=explain.OFFERED,
        ),
        Operation(
            "GET", "/scenario", "What following recommendations would change", "reasoning",
            (followed, format_of(scenario.OFFERED), LANG), offered=scenario.OFFERED,
        ),
    ]  # fmt: skip


def _operated() -> list[Operation]:
    plain = media.Format("metrics", ("text/plain",))
    return [
        Operation(
            "GET", "/health", "Is it alive", "operations", (), {}, (media.PLAIN_JSON,), (200,), (),
        ),
        Operation(
            "GET", "/ready", "Are queries answered", "operations", (), {}, (media.PLAIN_JSON,),
            (200,), (503,),
        ),
        Operation("GET", "/metrics", "Numbers for Prometheus", "operations", (), {}, (plain,),
            (200,), ()),
        Operation(
            "DELETE", "/queries/{name}", "Stop a query that is under way", "operations",
            (in_path("name", "0123456789abcdef01234567"),), statuses=(204,), errors=(404,),
            note="Its name is the Query-Id that its client was sent.",
        ),
    ]  # fmt: skip


def fixed() -> list[Operation]:
    """Describe everything but the queries of the library."""
    page = (media.HTML,)
    described = ("id", "vocab", "doc")
    return [
        *(operation for path in query_form.PATHS for operation in _sparql(path)),
        Operation(
            "GET", "/query", "A form for queries, and the answer below it", "pages",
            (QUERY, *DATASET, LANG), offered=page, errors=(*READ_ERRORS, 403),
        ),
        Operation(
            "POST", "/update", "Change the data", "sparql", USING,
            {sparql_protocol.FORM: form("update", USING), sparql_protocol.UPDATE: TEXT},
            statuses=(204,),
            errors=WRITE_ERRORS, secured=True,
        ),
        *_stored(graph_store.STORE, more=GRAPH),
        *_stored(f"{graph_store.STORE}/{{path}}", more=()),
        *_stored("/graph/{rest}", more=(), read=False),
        *_explained(),
        *_operated(),
        Operation(
            "POST", "/validate", "Check a document against the shapes", "things",
            (
                parameter("profile", "The shapes: linking, core, …", example="linking"),
                parameter("infer", "What is inferred first.", example="owl-rl"),
                parameter("with-graph", "Whether links are looked up.", example="false"),
                LANG, format_of(validate.OFFERED),
            ),
            {kind: TEXT for form_ in media.RDF for kind in form_.media_types}
            | {"multipart/form-data": {"type": "object"}},
            validate.OFFERED, (200,), (400, 403, 406, 413, 414, 415, *BUSY),
        ),
        _read("/queries", "queries", "The query library", (media.PLAIN_JSON, media.HTML)),
        Operation(
            "GET", "/queries/{name}", "One query, by name or number", "queries",
            (*_parts("/queries/{name}"), format_of(ANSWERS), LANG), offered=(*ANSWERS, media.HTML),
        ),
        *(
            _read(f"/{name}.{suffix}", "dumps", words, (kind,))
            for suffix, kind in graphs.DUMPS.items()
            for name, words in (("dump", "All but the proposed graphs"),
                                ("dump-proposed", "The proposed graphs"))
        ),
        _read("/.well-known/void", "graphs", "The dataset in VoID", media.RDF),
        _read("/openapi.json", "operations", "This document", (media.PLAIN_JSON,)),
        _moved("/graph", "graphs", "To the list of graphs"),
        _moved("/graph/scenario/{items}", "reasoning", "To the scenario that made the graph"),
        _read("/graph/{rest}", "graphs", "A graph exactly as it is", DOCUMENT),
        _read("/ns", "things", "The ontology", DOCUMENT),
        _read("/ns/{version}", "things", "A version of the ontology", DOCUMENT),
        _read("/shapes", "things", "The shapes", DOCUMENT),
        *(_moved(f"/{kind}/{{rest}}", "things", "To a document about it") for kind in described),
        *(_read(f"/page/{kind}/{{rest}}", "pages", "A page about it", page) for kind in described),
        *(_read(f"/data/{kind}/{{rest}}", "things", "Data on it", media.RDF) for kind in described),
        _read("/doc/logo/{version}", "pages", "The logo", (SVG,)),
        _read("/static/{name}", "pages", "Style and pictures of the pages", (CSS, SVG)),
        Operation(
            "GET", "/", "The front page; for programs, to data about the dataset", "pages",
            (format_of(DOCUMENT), LANG), offered=(media.HTML,), statuses=(200, 303, 304),
        ),
        *(
            _read(path, "pages", words, page)
            for path, words in (
                ("/graphs", "The graphs"),
                ("/browse", "The classes"),
                ("/browse/{name}", "The instances of a class"),
                ("/problems", "The kinds of problems"),
            )
        ),
    ]  # fmt: skip


def title(status: int) -> str:
    """Return a status in words."""
    return HTTPStatus(status).phrase
