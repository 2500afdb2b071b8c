"""What the Graph Store Protocol does to a dataset: pure, a dataset in and a dataset out.

Documents come from clients: none of them makes the parser fetch anything, and XML with a DOCTYPE,
whose entities could expand without end, is refused unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import PurePath
from typing import Final, NoReturn

from samsyn import media
from samsyn.dataset.exact import Dataset, Triple, parse, written
from samsyn.dataset.flaws import FlawError
from samsyn.errors import SourceError, UsageError

MULTIPART: Final = "multipart/form-data"
_ENDINGS: Final = {
    ".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml", ".xml": "rdfxml", ".owl": "rdfxml",
    ".jsonld": "jsonld", ".json": "jsonld",
}  # fmt: skip
# Wherever it stands, the parser would take it, in any case of letters.
_MOST_PARTS: Final = 1000
"""Parts of a form; each takes its time to read, however small it is."""
_DOCTYPE: Final = re.compile(rb"<!doctype", re.IGNORECASE)


def put(dataset: Dataset, iri: str, triples: Iterable[Triple]) -> Dataset:
    """Return the dataset in which a graph is just these triples (protocol, section 5.3)."""
    return dataset.with_graph(written(iri, triples))


def merge(dataset: Dataset, iri: str, triples: Iterable[Triple]) -> Dataset:
    """Return the dataset in which a graph has these triples too (protocol, section 5.5)."""
    graph = dataset.graphs.get(iri)
    if graph is None:
        return put(dataset, iri, triples)
    merged = tuple(dict.fromkeys([*graph.triples, *triples]))
    # What adds nothing changes nothing: the graph is still that of its file.
    return dataset if len(merged) == len(graph.triples) else put(dataset, iri, merged)


def without(dataset: Dataset, iri: str) -> Dataset:
    """Return the dataset without a graph (protocol, section 5.4)."""
    return dataset.without(iri)


def read(body: bytes, content_type: str, base: str, apart: str) -> list[Triple]:
    """Read the triples of a document, or of the documents of a form.

    Args:
        body: the body of the request.
        content_type: its content type.
        base: what relative IRIs are resolved against.
        apart: what makes its blank nodes differ from all others, such as the revision it is for.

    Raises:
        SourceError: a document is not well formed; it has the place.
        UsageError: a document is of no known kind.
    """
    if media.essence(content_type)[0] != MULTIPART:
        return _document(body, content_type, base, "body", apart)
    return [
        triple
        for number, part in enumerate(_parts(body, content_type), 1)
        for triple in _document(_data(part, number), _kind(part), base, f"part {number}", apart)
    ]


def fields(body: bytes, content_type: str) -> dict[str, tuple[bytes, str]]:
    """Return the documents of a form by the names of their fields, each with its content type.

    Args:
        body: the body of the request.
        content_type: its content type.

    Raises:
        SourceError: it is no form, or a document cannot be decoded.
    """
    return {
        str(part.get_param("name", "", "content-disposition")): (_data(part, number), _kind(part))
        for number, part in enumerate(_parts(body, content_type), 1)
    }


def form_of(data: bytes, content_type: str, taken: Iterable[media.Format]) -> str:
    """Return the syntax of a document that a client sent.

    Args:
        data: the document.
        content_type: its content type.
        taken: the formats that are taken.

    Raises:
        UsageError: it is of another kind, or not in UTF-8.
        SourceError: it is XML with a DOCTYPE.
    """
    kind, charset = media.essence(content_type)
    choice = media.by_name(kind, taken) if "/" in kind else None
    if choice is None:
        known = ", ".join(form.media_type for form in taken)
        raise UsageError(f"{kind or 'No type'} is not accepted here; {known} are.")
    if charset not in (None, "utf-8", "utf8"):
        raise UsageError(f"The charset {charset} is not accepted; utf-8 is.")
    if choice.format.name == "rdfxml":
        _refuse_doctype(data, "body")
    return choice.format.name


def _parts(body: bytes, content_type: str) -> Iterator[Message]:
    header = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    boundary = BytesParser(policy=HTTP).parsebytes(header, headersonly=True).get_boundary()
    if boundary and body.count(b"\n--" + boundary.encode("utf-8", "replace")) > _MOST_PARTS:
        raise SourceError(f"it has more than {_MOST_PARTS:,} parts", path="body")
    try:
        form = BytesParser(policy=HTTP).parsebytes(header + body)
    except RecursionError as error:
        raise SourceError("its parts hold parts without end", path="body") from error
    if form.defects or not form.is_multipart():
        reasons = ", ".join(type(defect).__name__ for defect in form.defects)
        raise SourceError(
            f"it is no form with parts between boundaries ({reasons or 'no boundary'})",
            path="body",
            advice="Let the client make the form: curl -F 'file=@data.ttl;type=text/turtle' …",
        )
    yield from form.iter_parts()


def _data(part: Message, number: int) -> bytes:
    data = part.get_payload(decode=True)
    if part.defects or not isinstance(data, bytes):
        raise SourceError("it cannot be decoded", path=f"part {number}")
    return data


def _kind(part: Message) -> str:
    if part["Content-Type"]:
        return str(part["Content-Type"])
    ending = PurePath(part.get_filename() or "").suffix.lower()
    return _ENDINGS.get(ending, "text/turtle")


def _document(data: bytes, content_type: str, base: str, path: str, apart: str) -> list[Triple]:
    form = _format(content_type)
    if form == "rdfxml":
        _refuse_doctype(data, path)
    try:
        quads = parse(data, form, base=base, path=path, apart=f"{apart} {base} {path}")
    except SourceError as error:
        _refuse_in_words(error)
    return list(dict.fromkeys(quad.triple for quad in quads))


def _format(content_type: str) -> str:
    kind, charset = media.essence(content_type)
    form = media.by_name(kind, media.RDF)
    known = f"Known: {', '.join(form.media_type for form in media.GRAPHS)}."
    if form is None:
        raise UsageError(f"A graph cannot be read from {kind}.", advice=known)
    if form.format in media.DATASETS:
        raise UsageError(f"{kind} holds many graphs, and this is the place of one.", advice=known)
    if charset not in (None, "utf-8", "utf8"):
        raise UsageError(f"The charset {charset} is not accepted; utf-8 is.")
    return form.format.name


def _refuse_doctype(data: bytes, path: str) -> None:
    found = _DOCTYPE.search(data)
    if found is None:
        return
    before = data[: found.start()]
    raise SourceError(
        "XML with a DOCTYPE is refused: its entities could expand without end",
        path=path,
        line=before.count(b"\n") + 1,
        column=found.start() - (before.rfind(b"\n") + 1) + 1,
        advice="Write the entities out and leave the DOCTYPE away.",
    )


def _refuse_in_words(error: SourceError) -> NoReturn:
    message, advice = error.message, None
    if isinstance(error.flaw, FlawError) and error.flaw.kind.startswith("context"):
        message = "a JSON-LD context from elsewhere is never fetched"
        advice = "Write the context into the document."
    raise SourceError(
        message, path=error.path, line=error.line, column=error.column, advice=advice
    ) from error
