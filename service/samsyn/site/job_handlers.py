"""What the zygote holds and its workers do: queries, pages, graphs, and writes."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from time import time
from typing import TYPE_CHECKING, Any, Final

from samsyn import library, media, names
from samsyn.dataset import exact, release
from samsyn.dataset.archive import Archive
from samsyn.dataset.release import Uptake
from samsyn.errors import FormatError, InconsistencyError, QueryError
from samsyn.http import answers, messages, sparql_protocol
from samsyn.http.messages import Job
from samsyn.http.problems import Problem, unwritable
from samsyn.http.sparql_protocol import Sent
from samsyn.server import error_mapping
from samsyn.server.routes import query_request
from samsyn.server.workers.worker import JobError, Reply
from samsyn.site import changes, write_job
from samsyn.site.app import Application, Source
from samsyn.site.display.results import check_iri
from samsyn.site.preloading import preload
from samsyn.sparql import update
from samsyn.sparql.keywords import Survey

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

    from samsyn.layout import Layout
    from samsyn.settings import Settings

LOG: Final = logging.getLogger("samsyn.record")

_DOCUMENT: Final = b"<urn:x-a> ."
"""Without a triple, so that the SHACL engine is not run: it starts threads, which no fork has."""

_CONTRADICTED: Final = (
    "The store is as it was. Start the release that filled it and take back what contradicts "
    "this one, or begin a new store."
)

_DEEP: Final = "What was sent has more within each other than this server can follow."

WARM: Final = (
    *(("GET", path, "") for path in ("/", "/explain", "/scenario", "/.well-known/void", "/sparql")),
    *(("POST", "/validate", f"profile={name}") for name in ("linking", "core")),
)
"""Method, path and query of what is asked before any client asks."""

LEVEL: Final = 5
"""Of compression: nine tenths of what there is to gain, in half the time."""


def load(layout: Layout, settings: Settings) -> Service:
    """Load the data and make the service of it.

    Where writing is on, the record is filled from the files once, and read from then on. What the
    files have that is newer it takes up, where nobody has written.

    Args:
        layout: where the files are.
        settings: the settings of the process.

    Raises:
        SamsynError: a file, the ontology or the record is faulty.
    """
    archive = Archive(settings.folder) if settings.folder else None
    source = Source(settings, library.load(layout), exact.load_scenario(layout), archive)
    recorded = archive.read() if archive else None
    if archive is None or recorded is None:
        uptake = release.first(exact.load(layout))
    else:
        uptake = _uptake(layout, recorded, archive.shipped)
    stated = uptake.dataset
    try:
        closed = changes.closed(stated, settings.entailment)
    except InconsistencyError as error:
        if recorded is not None:
            error.advice = _CONTRADICTED
        raise
    # Last of all: where the release contradicts what was written, the record stays as it is.
    if archive and (recorded is None or uptake.differs(recorded, archive.shipped)):
        archive.write(stated, uptake.shipped)
    for line in uptake.lines():
        LOG.warning({"message": line})
    service = Service(Application(closed, source, stated))
    service.warm()
    return service


def _uptake(layout: Layout, recorded: exact.Dataset, shipped: Mapping[str, str] | None) -> Uptake:
    if shipped is not None and release.digests(layout) == shipped:
        return Uptake(recorded, shipped)
    return release.taken_up(recorded, shipped, exact.load(layout))


class Service:
    """Answers jobs from one revision of the data.

    Args:
        application: the data, and the routes that show it.
        before: when the revision before it was made, in seconds since 1970.
    """

    def __init__(self, application: Application, before: int = 0) -> None:
        self._application = application
        # HTTP knows whole seconds; no two revisions share one.
        self._loaded = max(int(time()), before + 1)

    def hello(self) -> bytes:
        """Say which revision this is, and since when."""
        told = {"revision": self._application.site.dataset.revision, "loaded": self._loaded}
        return json.dumps(told).encode()

    def warm(self) -> None:
        """Read and compute once what every worker would else have to."""
        preload()
        self._application.site.served.doubtful  # noqa: B018  each graph keeps what it finds
        headers = {"content-type": "text/turtle"}
        told = {"number": "", "public": "http://localhost", "root": "", "headers": headers}
        for method, path, query in WARM:
            fields = {"method": method, "path": path, "query": query}
            job = Job(messages.PAGE, {**fields, **told}, _DOCUMENT)
            _called(self._application.app, job)

    def work(self, job: bytes, reply: Reply) -> None:
        """Do a job that only reads.

        Raises:
            JobError: it cannot be done; it carries the problem.
        """
        problem = self._done(messages.unpack(job), reply)
        # Not raised in the handler: an answer of the engine must not outlive its thread in a trace.
        if problem is not None:
            raise JobError(error_mapping.pack(problem))

    def _done(self, job: Job, reply: Reply) -> Problem | None:
        try:
            _DOERS[job.kind](self._application, job, reply)
        except Problem as problem:
            return problem.with_traceback(None)
        except FormatError as error:
            return unwritable(error)
        except RecursionError:
            return Problem("bad-request", _DEEP)
        return None

    def amend(self, job: bytes, reply: Reply) -> Service:
        """Do a job that writes, and return what answers from then on.

        Raises:
            JobError: it cannot be done, and nothing has changed; it carries the problem.
        """
        unpacked = messages.unpack(job)
        try:
            modified = formatdate(self._loaded, usegmt=True)
            after = write_job.amended(self._application, unpacked, reply, modified)
            return Service(after, self._loaded)
        except Problem as problem:
            raise JobError(error_mapping.pack(problem)) from problem
        except RecursionError:
            raise JobError(error_mapping.pack(Problem("bad-request", _DEEP))) from None


def _query(application: Application, job: Job, reply: Reply) -> None:
    _run(application, job.fields, reply)


def _asked(application: Application, job: Job, reply: Reply) -> None:
    """Answer a query as it was sent, which the gateway has not read."""
    fields, headers = job.fields, job.fields["headers"]
    parameters = sparql_protocol.address(fields["query"].encode("latin-1"))
    kind = headers.get("content-type", "")
    asked = sparql_protocol.query(Sent(fields["method"], parameters, kind, job.body))
    if asked.query is None:
        _page(application, job, reply)
        return
    accept, base = headers.get("accept"), fields["public"] + "/sparql"
    question = query_request.question(asked, asked.query, accept, fields["coding"], base)
    if question.choice.format is media.HTML:
        _page(application, job, reply)
        return
    key = question.key(application.site.dataset.revision)
    reply.head(messages.head(HTTPStatus.OK, question.headers(key)))
    _run(application, question.fields(), reply)


def _run(application: Application, fields: Mapping[str, Any], reply: Reply) -> None:
    graphs = (*fields["default_graphs"], *fields["named_graphs"])
    for iri in graphs:
        check_iri(iri)
    try:
        answer = application.site.index.query(
            fields["text"],
            base=fields["base"],
            prefixes=application.site.settings.prefixes,
            default_graphs=fields["default_graphs"] if graphs else None,
            named_graphs=fields["named_graphs"] if graphs else None,
            survey=Survey(*fields["survey"]),
        )
        sink = _Sink(reply, fields["coding"])
        answer.write(fields["format"], sink)
        sink.close()
    except QueryError as error:
        raise answers.problem(fields["text"], error) from error


def _page(application: Application, job: Job, reply: Reply) -> None:
    head, body = _called(application.app, job)
    headers = {name.decode(): value.decode("latin-1") for name, value in head["headers"]}
    coding = job.fields["coding"] if len(body) > _WORTH and _compressible(headers) else ""
    _send(reply, head["status"], headers, body, coding)


def _send(reply: Reply, status: int, headers: dict[str, str], body: bytes, coding: str) -> None:
    """Send a whole body with its length, so that a part of it can be reported from all."""
    if coding:
        # 31: with the header and the trailer of gzip.
        stream = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
        body = stream.compress(body) + stream.flush()
        headers["content-encoding"] = coding
    reply.head(messages.head(status, {**headers, "content-length": str(len(body))}))
    reply.write(body)


_WORTH: Final = 1024
"""Bytes from which on compression is worth it."""


def _compressible(headers: dict[str, str]) -> bool:
    kind = headers.get("content-type", "")
    return kind.startswith("text/") or any(word in kind for word in ("json", "xml", "n-", "trig"))


def _called(app: ASGIApp, job: Job) -> tuple[Message, bytes]:
    """Run a job through the application without an event loop.

    All that it could wait for is at hand, so nothing ever waits; a loop would take system calls
    that a worker does not have.
    """
    call = _call(app, job)
    try:
        call.send(None)
    except StopIteration as done:
        answer: tuple[Message, bytes] = done.value
        return answer
    call.close()
    raise RuntimeError("The application waits for something, and a worker has no event loop.")


async def _call(app: ASGIApp, job: Job) -> tuple[Message, bytes]:
    fields = job.fields
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": fields["method"],
        "path": fields["path"],
        "raw_path": fields["path"].encode(),
        # The path as this server knows it: what a proxy put before it is in samsyn.root.
        "root_path": "",
        "query_string": fields["query"].encode("latin-1"),
        "scheme": "http",
        "headers": [
            (name.encode(), value.encode("latin-1")) for name, value in fields["headers"].items()
        ],
        "server": None,
        "client": None,
        "samsyn.request_id": fields["number"],
        "samsyn.public": fields["public"],
        "samsyn.root": fields["root"],
    }
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": job.body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])


def _read(application: Application, job: Job, reply: Reply) -> None:
    fields = job.fields
    graph = application.site.served.graphs.get(fields["graph"])
    if graph is None and not fields["graph"]:
        graph = exact.computed("", names.CONTRIBUTED, ())
    if graph is None:
        check_iri(fields["graph"])
        raise Problem("not-found", f"There is no graph {fields['graph']}.")
    etag = write_job.tag(graph, fields["format"], fields["coding"])
    headers = {"content-type": fields["content_type"], "etag": etag, "accept-ranges": "bytes"}
    if fields["known"] and write_job.matches(fields["known"], etag):
        reply.head(messages.head(304, {"etag": etag}))
        return
    prefixes = application.site.dataset.prefixes
    body = exact.serialize(graph.triples, fields["format"], prefixes=prefixes)
    _send(reply, 200, headers, body, fields["coding"])


def _check(application: Application, job: Job, _: Reply) -> None:
    site, text = application.site, write_job.ordered(job).text
    prefixes = site.dataset.prefixes if site.settings.prefixes else {}
    try:
        update.check(text, job.fields["base"], prefixes)
    except QueryError as error:
        raise answers.problem(text, error) from error


_DOERS: Final = {
    messages.QUERY: _query,
    messages.ASKED: _asked,
    messages.PAGE: _page,
    messages.READ: _read,
    messages.CHECK: _check,
}


class _Sink:
    """Writes to a reply, in a coding."""

    def __init__(self, reply: Reply, coding: str) -> None:
        self._reply = reply
        # 31: with the header and the trailer of gzip.
        self._stream = zlib.compressobj(LEVEL, zlib.DEFLATED, 31) if coding == "gzip" else None

    def write(self, data: bytes) -> int:
        if self._stream is None:
            return self._reply.write(data)
        self._reply.write(self._stream.compress(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back for long."""

    def close(self) -> None:
        if self._stream is not None:
            self._reply.write(self._stream.flush())
