"""The interface in OpenAPI 3.1 at ``/openapi.json``, written by FastAPI from one table.

No request is answered by FastAPI: each operation of the table is made a route for its machinery to
describe, and nothing else.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import samsyn
from samsyn import media
from samsyn.http import problems
from samsyn.http.problems import KINDS
from samsyn.site.routes import interface
from samsyn.site.routes.interface import Json, Operation
from samsyn.site.routes.queries import ordered
from samsyn.site.routing import route
from samsyn.site.shared import Site

PATH: Final = "/openapi.json"

_ABOUT: Final = (
    "A knowledge graph of Nordic cooperation on return and readmission, with its SPARQL endpoint. "
    "HEAD is served wherever GET is, and OPTIONS everywhere. "
    f"{interface.QUERY_METHOD} "
    "Each answer names its request in `Query-Id`; a problem is `application/problem+json`, plain "
    "text or a page, as the client likes best. "
)
_TERM: Final[Json] = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {"type": {"enum": ["uri", "bnode", "literal", "triple"]}},
}
_SCHEMAS: Final[Json] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457; further members depend on the type.",
        "required": ["type", "title", "status", "detail", "request"],
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1},
            "source": {"type": "string"},
            "request": {"type": "string"},
        },
    },
    "Results": {
        "type": "object",
        "description": "SPARQL 1.1 Query Results JSON Format, section 3.",
        "required": ["head"],
        "properties": {
            "head": {"type": "object"},
            "boolean": {"type": "boolean"},
            "results": {
                "type": "object",
                "required": ["bindings"],
                "properties": {
                    "bindings": {
                        "type": "array",
                        "items": {"type": "object", "additionalProperties": _TERM},
                    }
                },
            },
        },
        "oneOf": [{"required": ["results"]}, {"required": ["boolean"]}],
    },
}
_HEADERS: Final[Json] = {
    "Query-Id": {
        "description": "Names the request, in the log too.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{24}$"},
    },
    "Retry-After": {
        "description": "Seconds to wait; missing where it would be of no use.",
        "schema": {"type": "integer"},
    },
}
_RESULTS_JSON: Final = "application/sparql-results+json"


class OpenApi:
    """The description of the interface.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._written = lru_cache(maxsize=4)(self._write)

    def routes(self) -> list[Route]:
        """List the routes."""
        return [route(PATH, self.document)]

    async def document(self, request: Request) -> Response:
        """Send the document."""
        body = self._written(self.site.public_url(request))
        return Response(body, media_type=media.PLAIN_JSON.media_type)

    def _write(self, url: str) -> bytes:
        operations = [*interface.fixed(), *interface.library(ordered(self.site))]
        return json.dumps(document(operations, url), ensure_ascii=False).encode()


def document(operations: Iterable[Operation], url: str) -> Json:
    """Write the document.

    Args:
        operations: what it describes.
        url: the address under which readers see the server.
    """
    written: Json = get_openapi(
        title="samsyn",
        version=samsyn.__version__,
        description=_ABOUT,
        routes=[_route(operation) for operation in operations],
        servers=[{"url": url}],
    )
    written["components"] = {
        "schemas": {**_SCHEMAS, "Problem": _problem(urlsplit(url).path)},
        "headers": _HEADERS,
        "responses": _problems(),
        "securitySchemes": {
            interface.TOKEN: {
                "type": "http",
                "scheme": "bearer",
                "description": "The operator's token; without one, writing is off.",
            }
        },
    }
    return written


def _problem(root: str) -> Json:
    """Describe a problem; its types are addresses below the path of the server."""
    schema: Json = _SCHEMAS["Problem"]
    kinds = {"enum": [f"{root}/problems#{kind}" for kind in KINDS]}
    return {**schema, "properties": {**schema["properties"], "type": kinds}}


async def _described() -> None:
    """Stand for what answers elsewhere."""


def _route(operation: Operation) -> APIRoute:
    first = operation.statuses[0]
    extra: Json = {
        "parameters": list(operation.parameters),
        "responses": {str(status): _answer(operation, status) for status in operation.statuses},
    }
    extra["responses"] |= {
        str(s): {"$ref": f"#/components/responses/{s}"} for s in operation.errors
    }
    if operation.body:
        content = {kind: {"schema": schema} for kind, schema in operation.body.items()}
        extra["requestBody"] = {"required": True, "content": content}
    if operation.secured:
        extra["security"] = [{interface.TOKEN: []}]
    return APIRoute(
        operation.path,
        _described,
        methods=[operation.method],
        operation_id=f"{operation.method.lower()} {operation.path}",
        summary=operation.summary,
        description=operation.note,
        tags=[operation.tag],
        status_code=first,
        response_model=None,
        response_class=Response,
        openapi_extra=extra,
    )


def _answer(operation: Operation, status: int) -> Json:
    answer: Json = {"description": interface.title(status), "headers": _headers("Query-Id")}
    types = [kind for form in operation.offered for kind in form.media_types]
    if status == 200 and types:  # noqa: PLR2004
        answer["content"] = {kind: _content(operation, kind) for kind in dict.fromkeys(types)}
    return answer


def _content(operation: Operation, kind: str) -> Json:
    if kind == _RESULTS_JSON:
        return {"schema": {"$ref": "#/components/schemas/Results"}}
    if operation.offered == (media.PLAIN_JSON,):
        return {"schema": {"type": "object"}}
    return {}


def _problems() -> Json:
    """Describe the problems of each status, from the table of kinds."""
    by_status: dict[int, list[str]] = defaultdict(list)
    for name, kind in KINDS.items():
        by_status[kind.status].append(f"`{name}`: {kind.title}. {kind.advice}")
    content: dict[str, Any] = {
        problems.JSON.media_type: {"schema": {"$ref": "#/components/schemas/Problem"}},
        problems.TEXT.media_type: {"schema": {"type": "string"}},
        media.HTML.media_type: {"schema": {"type": "string"}},
    }
    return {
        str(status): {
            "description": "\n\n".join(lines),
            "headers": _headers(
                "Query-Id", *(("Retry-After",) if status in interface.BUSY else ())
            ),
            "content": content,
        }
        for status, lines in by_status.items()
    }


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
