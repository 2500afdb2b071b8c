"""What the Graph Store Protocol does to a dataset: pure, a dataset in and a dataset out."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import Message
from email.parser import BytesParser
from hashlib import sha256
from pathlib import PurePath
from typing import Final

from samsyn import media
from samsyn.dataset.exact import Dataset, Triple, computed, parse, standing_of_graph
from samsyn.errors import SourceError, UsageError

MULTIPART: Final = "multipart/form-data"
_ENDINGS: Final = {
    ".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml", ".xml": "rdfxml", ".owl": "rdfxml",
    ".jsonld": "jsonld", ".json": "jsonld",
}  # fmt: skip


def put(dataset: Dataset, iri: str, triples: Iterable[Triple]) -> Dataset:
    """Return the dataset in which a graph is just these triples (protocol, section 5.3)."""
    return dataset.with_graph(computed(iri, standing_of_graph(iri), triples))


def merge(dataset: Dataset, iri: str, triples: Iterable[Triple]) -> Dataset:
    """Return the dataset in which a graph has these triples too (protocol, section 5.5)."""
    graph = dataset.graphs.get(iri)
    return put(dataset, iri, [*(graph.triples if graph else ()), *triples])


def without(dataset: Dataset, iri: str) -> Dataset:
    """Return the dataset without a graph (protocol, section 5.4)."""
    return dataset.without(iri)


def read(body: bytes, content_type: str, base: str) -> list[Triple]:
    """Read the triples of a document, or of the documents of a form.

    Args:
        body: the body of the request.
        content_type: its content type.
        base: what relative IRIs are resolved against.

    Raises:
        SourceError: a document is not well formed; it has the place.
        UsageError: a document is of no known kind.
    """
    if media.essence(content_type)[0] != MULTIPART:
        return _document(body, media.essence(content_type)[0], base, "")
    header = b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n"
    form = BytesParser().parsebytes(header + body)
    if not form.is_multipart():
        raise SourceError("it has no parts between boundaries", path="body")
    found = []
    for number, part in enumerate(form.get_payload()):
        if isinstance(part, Message):
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)  # noqa: S101  what decode promises for a single part
            found += _document(data, _kind(part), base, str(number))
    return found


def _kind(part: Message) -> str:
    if part["Content-Type"]:
        return str(part.get_content_type())
    ending = PurePath(part.get_filename() or "").suffix.lower()
    return _ENDINGS.get(ending, "text/turtle")


def _document(data: bytes, kind: str, base: str, number: str) -> list[Triple]:
    form = media.by_name(kind, media.GRAPHS)
    if form is None:
        known = ", ".join(form.media_type for form in media.GRAPHS)
        raise UsageError(f"A graph cannot be read from {kind}.", advice=f"Known: {known}.")
    # Blank nodes of a document are nobody else's: its digest keeps them apart from those stated.
    key = f"{base} {number} {sha256(data).hexdigest()}"
    try:
        quads = parse(data, form.format.name, base=base or "urn:x-samsyn:default", path=key)
    except SourceError as error:
        raise SourceError(
            error.message, path="body", line=error.line, column=error.column, advice=None
        ) from error
    return list(dict.fromkeys(quad.triple for quad in quads))
