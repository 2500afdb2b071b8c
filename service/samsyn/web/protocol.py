"""A request of the SPARQL 1.1 Protocol, read and checked (sections 2.1 and 2.2).

Percent signs and pluses are decoded exactly once, as UTF-8 or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from samsyn import media
from samsyn.web.problems import Problem

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
ACCEPTED: Final = f"{FORM}, {DIRECT}"

MAX_URL: Final = 60_000

FORMAT_NAMES: Final = ("format", "output", "results", "Accept")


@dataclass(frozen=True)
class SparqlRequest:
    """What a client asks of the endpoint.

    Args:
        query: the query text, or None when the request has none.
        default_graphs: the values of ``default-graph-uri``; they replace FROM.
        named_graphs: the values of ``named-graph-uri``; they replace FROM NAMED.
        format: the short name or media type that overrides the ``Accept`` header.
    """

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None


class Parameters:
    """Decoded parameters, in order, with repeats.

    Args:
        pairs: names and values.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)

    def all(self, name: str) -> tuple[str, ...]:
        """List every value of a parameter."""
        return tuple(value for key, value in self.pairs if key == name)

    def one(self, name: str) -> str | None:
        """Return the value of a parameter that may stand once.

        Raises:
            Problem: it is repeated.
        """
        values = self.all(name)
        if len(values) > 1:
            raise Problem("bad-request", f"The parameter {name} is given {len(values)} times.")
        return values[0] if values else None


def decode(raw: bytes) -> Parameters:
    """Decode a query string or a form.

    Args:
        raw: the bytes as sent.

    Raises:
        Problem: they are not percent-encoded UTF-8.
    """
    try:
        text = raw.decode("utf-8")
        return Parameters(
            parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
        )
    except UnicodeDecodeError:
        raise Problem("bad-request", "A parameter is not percent-encoded UTF-8.") from None
    except ValueError:
        raise Problem("bad-request", "There are more than 1,000 parameters.") from None


def url_parameters(request: Request) -> Parameters:
    """Decode the parameters in a request's address.

    Raises:
        Problem: the address is too long, or not percent-encoded UTF-8.
    """
    raw: bytes = request.scope["query_string"]
    if len(raw) > MAX_URL:
        raise Problem("url-too-long", f"The query string has more than {MAX_URL} bytes.")
    return decode(raw)


async def read(request: Request, max_body: int) -> SparqlRequest:
    """Read a request by GET, HEAD or POST.

    Args:
        request: a request to the endpoint.
        max_body: bytes that the body may have.

    Raises:
        Problem: the request breaks the protocol.
    """
    parameters = url_parameters(request)
    if request.method != "POST":
        return _assemble(parameters, parameters.one("query"))
    kind = _content_type(request)
    body = await _body(request, max_body)
    if kind == DIRECT:
        if parameters.all("query"):
            raise Problem("bad-request", "The query is given both in the address and the body.")
        return _assemble(parameters, _utf8(body))
    form = decode(body)
    twice = {key for key, _ in form.pairs} & {key for key, _ in parameters.pairs}
    if twice:
        raise Problem("bad-request", f"In the address and in the form: {', '.join(sorted(twice))}.")
    asked = _assemble(Parameters((*parameters.pairs, *form.pairs)), form.one("query"))
    if asked.query is None:
        raise Problem("bad-request", "The form holds no parameter named query.")
    return asked


def _assemble(parameters: Parameters, query: str | None) -> SparqlRequest:
    if parameters.all("update"):
        raise Problem("bad-request", "Updates are not taken: the graph is read-only.")
    named = [value for name in FORMAT_NAMES if (value := parameters.one(name)) is not None]
    return SparqlRequest(
        query=query,
        default_graphs=parameters.all("default-graph-uri"),
        named_graphs=parameters.all("named-graph-uri"),
        format=named[0] if named else None,
    )


def _content_type(request: Request) -> str:
    """Return the media type of the body, one of those accepted."""
    header = request.headers.get("content-type", "")
    if not header.strip():
        raise Problem("bad-request", f"Content-Type is missing; accepted: {ACCEPTED}.")
    kind, charset = media.essence(header)
    if kind == UPDATE:
        raise Problem("forbidden", "Updates are not taken: the graph is read-only.")
    if kind not in (FORM, DIRECT):
        raise _unsupported(f"Content-Type {kind} is not accepted; {ACCEPTED} are.")
    if charset not in (None, "utf-8", "utf8"):
        raise _unsupported(f"The charset {charset} is not accepted; utf-8 is.")
    coding = request.headers.get("content-encoding", "identity").lower()
    if coding != "identity":
        raise _unsupported(f"The content coding {coding} is not accepted.")
    return kind


def _unsupported(detail: str) -> Problem:
    return Problem("unsupported-media-type", detail, headers={"Accept-Post": ACCEPTED})


async def _body(request: Request, limit: int) -> bytes:
    """Read the body, but never more than the limit."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > limit:
            raise Problem("too-large", f"The body has more than {limit} bytes.")
    return bytes(parts)


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem("bad-request", "The query is not UTF-8.") from None
