"""Writes, as the fork that does them sees them: change, close, check, put on record."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from samsyn.dataset import exact, graph_store
from samsyn.dataset.exact import Dataset
from samsyn.errors import (
    InconsistencyError,
    NotFoundError,
    QueryError,
    RecordError,
    ReservedError,
    SourceError,
    ToolError,
    UsageError,
)
from samsyn.http import answers, messages, sparql_protocol
from samsyn.http.messages import Job
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import Ordered, Sent
from samsyn.server.connection.conditional_requests import modified_since
from samsyn.server.workers.worker import Reply
from samsyn.site import changes
from samsyn.site.display import results

if TYPE_CHECKING:
    from samsyn.dataset.archive import Archive
    from samsyn.site.app import Application

LOG: Final = logging.getLogger("samsyn.record")

_FULL: Final = "The server's disk does not take the change. Nothing was changed; reading goes on."


def amended(application: Application, job: Job, reply: Reply, modified: str) -> Application:
    """Do a write, and return the application of what the data has become.

    The record is written last: before that, nothing has happened, after it, everything has.

    Args:
        application: the data as it is.
        job: the write.
        reply: takes the answer.
        modified: when the data became what it is, as HTTP writes dates.

    Raises:
        Problem: it cannot be done.
    """
    try:
        _check_date(job, modified)
        stated, status = _DOERS[job.kind](application, job)
        closed = changes.closed(stated, application.source.settings.entailment)
    except SourceError as error:
        detail = f"The document cannot be read: {error.message}"
        raise Problem("bad-request", detail, line=error.line, column=error.column) from error
    except InconsistencyError as error:
        raise Problem("conflict", error.message, clashes=list(error.clashes)) from error
    except NotFoundError as error:
        raise Problem("not-found", error.message) from error
    except ReservedError as error:
        raise Problem("forbidden", f"{error.message} {error.advice}") from error
    except UsageError as error:
        detail = " ".join(part for part in (error.message, error.advice) if part)
        raise Problem("bad-request", detail) from error
    after = application.followed(closed, stated)
    if application.source.archive is not None:
        _record(application.source.archive, stated)
    reply.head(messages.head(status, {}))
    return after


def _record(archive: Archive, stated: Dataset) -> None:
    """Put a revision on record.

    Raises:
        Problem: the disk does not take it; the operator is told why, and the client that it is so.
    """
    try:
        archive.write(stated)
    except (RecordError, ToolError) as error:
        LOG.error("%s", error)
        raise Problem("insufficient-storage", _FULL, headers={"Retry-After": "60"}) from error


def _check_date(job: Job, modified: str) -> None:
    """Hold a write to ``If-Unmodified-Since`` (RFC 9110, section 13.2.2).

    Raises:
        Problem: something has changed since; maybe another graph, which nobody knows.
    """
    date = job.fields.get("if_unmodified_since")
    if date and not job.fields.get("if_match") and modified_since(modified, date):
        raise Problem("precondition-failed", f"The data was changed at {modified}.")


def ordered(job: Job) -> Ordered:
    """Read an update as it was sent.

    Raises:
        Problem: the request breaks the protocol, or names what is no graph.
    """
    fields = job.fields
    parameters = sparql_protocol.address(fields["query"].encode("latin-1"))
    order = sparql_protocol.update(Sent("POST", parameters, fields["content_type"], job.body))
    for iri in (*order.using, *order.using_named):
        results.check_iri(iri)
    return order


def _update(application: Application, job: Job) -> tuple[Dataset, int]:
    order, site = ordered(job), application.site
    try:
        stated = changes.update(
            application.stated,
            site.index,
            order.text,
            base=job.fields["base"],
            prefixes=site.dataset.prefixes if site.settings.prefixes else {},
            using=order.using,
            using_named=order.using_named,
        )
    except QueryError as error:
        raise answers.problem(order.text, error) from error
    return stated, 204


def _write(application: Application, job: Job) -> tuple[Dataset, int]:
    fields, iri = job.fields, job.fields["graph"]
    if iri:
        results.check_iri(iri)
    graph = application.stated.graphs.get(iri)
    for name, wanted in (("if_match", True), ("if_none_match", False)):
        listed = fields[name]
        if listed and _holds(listed, graph) is not wanted:
            raise Problem("precondition-failed", "The graph is not as the condition says.")
    triples = []
    if fields["method"] != "DELETE":
        # The blank nodes of a document are none of those that stand beside it.
        beside = application.stated
        beside = beside.without(iri) if fields["method"] == "PUT" else beside
        kind, base = fields["content_type"], fields["base"]
        triples = graph_store.read(job.body, kind, base, beside.revision)
    stated, new = changes.apply(application.stated, changes.Change(fields["method"], iri, triples))
    return stated, 201 if new else 204


_DOERS = {messages.UPDATE: _update, messages.WRITE: _write}


def _holds(listed: str, graph: exact.Graph | None) -> bool:
    if graph is None:
        return False
    tags = [part.strip() for part in listed.split(",")]
    # A tag tells the format and the coding after the digest; the graph behind it is the same.
    stems = {part.strip('"').partition("-")[0] for part in tags}
    return tags == ["*"] or graph.digest[:32] in stems


def tag(graph: exact.Graph, form: str = "", coding: str = "") -> str:
    """Return the strong tag of a graph as sent in a format and a coding."""
    return f'"{"-".join(part for part in (graph.digest[:32], form, coding) if part)}"'


def matches(listed: str, etag: str) -> bool:
    """Return whether a condition lists a tag (RFC 9110, section 13.1)."""
    tags = [part.strip().removeprefix("W/") for part in listed.split(",")]
    return tags == ["*"] or etag in tags
