"""RDF in and out as text, every term kept as written; blank nodes numbered, output sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import parse as _parse
from pyoxigraph import serialize as _serialize

from samsyn.errors import SourceError, UsageError

__all__ = [
    "FORMATS",
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "Term",
    "Triple",
    "format_of",
    "parse",
    "prefixes",
    "serialize",
]

Term = NamedNode | BlankNode | Literal

FORMATS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        "turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
        "nquads": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
        "jsonld": RdfFormat.JSON_LD,
        "rdfxml": RdfFormat.RDF_XML,
    }
)


_DOCTYPE: Final = re.compile(rb"<!doctype", re.IGNORECASE)


def format_of(name: str) -> RdfFormat:
    """Return the format for a short name (``turtle``) or a media type (``text/turtle``).

    Raises:
        UsageError: it is neither.
    """
    found = FORMATS.get(name) or RdfFormat.from_media_type(name)
    if found is None:
        raise UsageError(f"Unknown RDF format {name!r}.", advice=f"Known: {', '.join(FORMATS)}")
    return found


def parse(data: bytes, form: str, *, base: str | None = None, path: str = "input") -> list[Quad]:
    """Read RDF, keeping every term as written and numbering blank nodes by appearance.

    Args:
        data: the document.
        form: short name of the format or its media type.
        base: what relative IRIs are resolved against.
        path: the name to give in an error; also makes blank nodes differ between documents.

    Raises:
        SourceError: the document is not well formed, or declares entities; it has the place.
    """
    _refuse_entities(data, format_of(form), path)
    try:
        raw = list(_parse(data, format_of(form), base_iri=base))
    except (SyntaxError, ValueError) as error:
        raise _source_error(error, path) from error
    return _number_blank_nodes(raw, sha256(path.encode()).hexdigest()[:8])


def prefixes(data: bytes, form: str) -> dict[str, str]:
    """Return the prefixes that a document declares before its first triple.

    Args:
        data: the document.
        form: short name of the format or its media type.
    """
    try:
        _refuse_entities(data, format_of(form), "input")
        reader = _parse(data, format_of(form), base_iri="urn:x")
        next(reader, None)
    except (SourceError, SyntaxError, ValueError):
        return {}
    return dict(reader.prefixes)


def _refuse_entities(data: bytes, form: RdfFormat, path: str) -> None:
    # A few hundred bytes of entities expand to gigabytes. The parser reads UTF-8 and nothing else,
    # so no other encoding hides the word.
    found = _DOCTYPE.search(data) if form == RdfFormat.RDF_XML else None
    if found:
        raise SourceError(
            "RDF/XML with a DOCTYPE is refused, since entities can expand without end.",
            path=path,
            line=data.count(b"\n", 0, found.start()) + 1,
            column=found.start() - data.rfind(b"\n", 0, found.start()),
            advice="Write out what its entities stand for, or convert it to Turtle.",
        )


def _source_error(error: SyntaxError | ValueError, path: str) -> SourceError:
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return SourceError(
        message.split(": ", 1)[-1] if message.startswith("Parser error") else message,
        path=path,
        line=getattr(error, "lineno", None),
        column=getattr(error, "offset", None),
        advice="Correct the file; everything before this place was read.",
    )


def _number_blank_nodes(quads: list[Quad], key: str) -> list[Quad]:
    # Labels that parsers draw by chance would make two loads of one file differ.
    labels: dict[BlankNode, BlankNode] = {}

    def steady(term: Any) -> Any:
        if not isinstance(term, BlankNode):
            return term
        return labels.setdefault(term, BlankNode(f"b{key}n{len(labels)}"))

    def named(quad: Quad) -> Quad:
        # Most have no blank node, and to make them anew would take longer than parsing them.
        subject, object_, graph = quad.subject, quad.object, quad.graph_name
        blank = isinstance(subject, BlankNode) or isinstance(object_, BlankNode)
        if not blank and not isinstance(graph, BlankNode):
            return quad
        return Quad(steady(subject), quad.predicate, steady(object_), steady(graph))

    return list(map(named, quads))


def serialize(
    items: Iterable[Triple] | Iterable[Quad],
    form: str,
    *,
    prefixes: Mapping[str, str] | None = None,
) -> bytes:
    """Write triples or quads, sorted, so that the same data always gives the same bytes.

    Args:
        items: triples, or quads if the format has named graphs.
        form: short name of the format or its media type.
        prefixes: prefixes to use where the format knows them; those without use are left out.
    """
    target = format_of(form)
    ordered: list[Any] = sorted(items, key=str)
    if not target.supports_datasets:
        ordered = [_as_triple(item) for item in ordered]
    text = "".join(map(str, ordered))
    used = {name: space for name, space in (prefixes or {}).items() if f"<{space}" in text}
    written = _serialize(ordered, format=target, prefixes=used)
    return written if written is not None else b""


def _as_triple(item: Triple | Quad) -> Triple:
    return item.triple if isinstance(item, Quad) else item
