"""RDF in and out as text, every term kept as written; blank nodes numbered, output sorted."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import RawIOBase
from types import MappingProxyType
from typing import IO, Any, Final, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import parse as _parse
from pyoxigraph import serialize as _serialize

from samsyn.dataset import recognition
from samsyn.dataset.flaws import FlawError
from samsyn.dataset.jsonld.contexts import Contexts
from samsyn.errors import FormatError, SourceError, UsageError

__all__ = [
    "AMBIGUOUS",
    "FORMATS",
    "SUFFIXES",
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "Stumble",
    "Term",
    "Triple",
    "format_of",
    "is_iri",
    "is_prefix",
    "parse",
    "parse_triples",
    "prefixes",
    "serialize",
    "stumble",
    "term_of",
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

SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".ttl": "turtle",
        ".nt": "ntriples",
        ".trig": "trig",
        ".nq": "nquads",
        ".jsonld": "jsonld",
        ".rdf": "rdfxml",
        ".owl": "rdfxml",
        ".xml": "rdfxml",
        ".json": "jsonld",
        ".n3": "turtle",
    }
)
"""The format that the ending of a file tells."""

AMBIGUOUS: Final = frozenset({".owl", ".rdf", ".xml", ".json", ".n3"})
"""Endings that files in several syntaxes have; a look into the file tells."""

_JSON_LD: Final = "JSON-LD does not support RDF 1.2"
_OTHERS: Final = ("turtle", "ntriples", "trig", "nquads")


def is_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


_FIRST: Final = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_LATER: Final = rf"\-{_FIRST}_0-9\u00B7\u0300-\u036F\u203F\u2040"
_PREFIX: Final = re.compile(rf"(?:[{_FIRST}](?:[{_LATER}.]*[{_LATER}])?)?")


def is_prefix(text: str) -> bool:
    """Return whether a text may be a prefix (Turtle 1.1, production PN_PREFIX, or nothing)."""
    return _PREFIX.fullmatch(text) is not None


def format_of(name: str) -> RdfFormat:
    """Return the format for a short name (``turtle``) or a media type (``text/turtle``).

    Raises:
        UsageError: it is neither.
    """
    found = FORMATS.get(name) or RdfFormat.from_media_type(name)
    if found is None:
        raise UsageError(f"Unknown RDF format {name!r}.", advice=f"Known: {', '.join(FORMATS)}")
    return found


def parse(
    data: bytes,
    form: str,
    *,
    base: str | None = None,
    path: str = "input",
    apart: str | None = None,
) -> list[Quad]:
    """Read RDF, keeping every term as written and numbering blank nodes by appearance.

    Args:
        data: the document.
        form: short name of the format or its media type.
        base: what relative IRIs are resolved against.
        path: the name to give in an error.
        apart: what makes blank nodes differ between documents; default: the path.

    Raises:
        SourceError: the document is not well formed; it has the place.
    """
    raw = _read(data, form, base, path)
    return _number_blank_nodes(raw, sha256((apart or path).encode()).hexdigest()[:8])


def parse_triples(
    data: bytes,
    form: str,
    *,
    base: str | None = None,
    path: str = "input",
    contexts: Contexts | None = None,
) -> list[Triple]:
    """Read RDF as :func:`parse` does, without the graphs that its triples are in.

    Args:
        data: the document.
        form: short name of the format or its media type.
        base: what relative IRIs are resolved against.
        path: the name to give in an error; it makes blank nodes differ between documents.
        contexts: where contexts that JSON-LD names may be taken from; default: nowhere.

    Raises:
        SourceError: the document is not well formed; it has the place.
    """
    steady = _Steady(sha256(path.encode()).hexdigest()[:8])
    try:
        # Quad by quad: a million of them would take as much memory as their triples.
        return [steady.triple(quad.triple) for quad in _quads(data, form, base, contexts)]
    except (SyntaxError, ValueError) as error:
        raise _source_error(_recognised(error, data, form), path) from error


def read_back(data: bytes, *, path: str) -> tuple[Triple, ...]:
    """Read N-Triples that :func:`ntriples` wrote; blank nodes keep their labels.

    Args:
        data: the lines.
        path: the name to give in an error.

    Raises:
        SourceError: they are not well formed; it has the place.
    """
    return tuple([quad.triple for quad in _read(data, "ntriples", None, path)])


def term_of(text: str) -> Term | Triple:
    """Return the term that some N-Triples text is.

    Args:
        text: an IRI in angle brackets, a blank node with its label, a literal, or the three
            terms of a triple term.

    Raises:
        SourceError: it is none.
    """
    if text.startswith("<") and ">" not in text[1:-1]:
        return NamedNode(text[1:-1])
    if text.startswith("_:") and " " not in text:
        return BlankNode(text[2:])
    # A triple term prints as its three terms.
    whole = text if text.startswith(('"', "<<")) else f"<<( {text} )>>"
    return read_back(f"<urn:x> <urn:x> {whole} .\n".encode(), path="term")[0].object


def ntriples(triples: Iterable[Triple]) -> bytes:
    """Write triples a line each, in their order, blank nodes with their labels."""
    return _serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def digest(triples: Iterable[Triple]) -> str:
    """Return the SHA-256 of the sorted N-Triples, the same for the same triples."""
    return sha256(b"".join(sorted(ntriples(triples).splitlines(keepends=True)))).hexdigest()


def _read(data: bytes, form: str, base: str | None, path: str) -> list[Quad]:
    try:
        return list(_quads(data, form, base))
    except (SyntaxError, ValueError) as error:
        raise _source_error(_recognised(error, data, form), path) from error


def _quads(
    data: bytes, form: str, base: str | None, contexts: Contexts | None = None
) -> Iterable[Quad]:
    known = format_of(form)
    if known == RdfFormat.RDF_XML:
        # Readers of two syntaxes, which most runs do not need.
        from samsyn.dataset.rdfxml import reader as rdfxml

        return (_quad(triple) for triple in rdfxml.read(_unmarked(data), base=base))
    if known == RdfFormat.JSON_LD:
        from samsyn.dataset.jsonld import reader as jsonld

        return jsonld.read(_unmarked(data), base=base, contexts=contexts)
    return _parse(_unmarked(data), known, base_iri=base)


def prefixes(data: bytes, form: str) -> dict[str, str]:
    """Return the prefixes that a document declares before its first triple.

    Args:
        data: the document.
        form: short name of the format or its media type.
    """
    try:
        if format_of(form) == RdfFormat.RDF_XML:
            from samsyn.dataset.rdfxml import reader as rdfxml

            return rdfxml.prefixes(_unmarked(data))
        reader = _parse(_unmarked(data), format_of(form), base_iri="urn:x")
        next(reader, None)
    except (SourceError, SyntaxError, ValueError):
        return {}
    return dict(reader.prefixes)


@dataclass(frozen=True)
class Stumble:
    """Where and why the parser gave up.

    Args:
        message: what the parser says.
        line: the line, from 1.
        column: the column, from 1.
        prefixes: the prefixes in force there.
        base: the base IRI in force there.
    """

    message: str
    line: int
    column: int
    prefixes: Mapping[str, str]
    base: str | None


def stumble(data: bytes | RawIOBase, form: str, *, base: str | None = None) -> Stumble | None:
    """Read a document up to its first error, keeping nothing.

    Args:
        data: the document, or a file open for reading bytes.
        form: short name of the format or its media type.
        base: what relative IRIs are resolved against.

    Returns:
        The error, None if there is none.
    """
    source = cast("IO[bytes]", data) if isinstance(data, RawIOBase) else _unmarked(data)
    reader = _parse(source, format_of(form), base_iri=base)
    try:
        for _ in reader:
            pass
    except SyntaxError as error:
        message = error.msg.split(": ", 1)[-1]
        place = error.lineno or 1, error.offset or 1
        return Stumble(message, *place, dict(reader.prefixes), reader.base_iri)
    return None


def _unmarked(data: bytes) -> bytes:
    """Leave out a byte order mark: the engine takes it in two syntaxes of six."""
    return data.removeprefix(BOM_UTF8)


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object)


def _recognised(
    error: SyntaxError | ValueError, data: bytes, form: str
) -> SyntaxError | ValueError:
    """Return the error, or that the document is in another syntax if it seems so."""
    known = format_of(form)
    name = next((name for name, each in FORMATS.items() if each == known), None)
    try:
        if name is not None:
            recognition.check(data, name)
    except FlawError as other:
        return other
    return error


def _source_error(error: SyntaxError | ValueError, path: str) -> SourceError:
    if isinstance(error, FlawError):
        line, column = error.start
        flawed = SourceError(error.args[0], path=path, line=line, column=column)
        flawed.flaw = error
        return flawed
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return SourceError(
        message.split(": ", 1)[-1] if message.startswith("Parser error") else message,
        path=path,
        line=getattr(error, "lineno", None),
        column=getattr(error, "offset", None),
        advice="Correct the file; everything before this place was read.",
    )


class _Steady:
    # Labels that parsers draw by chance would make two loads of one file differ.

    def __init__(self, key: str) -> None:
        self._key = key
        self._labels: dict[BlankNode, BlankNode] = {}

    def term(self, term: Any) -> Any:
        if isinstance(term, Triple):
            return Triple(self.term(term.subject), term.predicate, self.term(term.object))
        if not isinstance(term, BlankNode):
            return term
        return self._labels.setdefault(term, BlankNode(f"b{self._key}n{len(self._labels)}"))

    def triple(self, triple: Triple) -> Triple:
        # Most have no blank node, and to make them again would take longer than parsing them.
        subject, object_ = triple.subject, triple.object
        if isinstance(subject, BlankNode) or isinstance(object_, BlankNode | Triple):
            return Triple(self.term(subject), triple.predicate, self.term(object_))
        return triple

    def quad(self, quad: Quad) -> Quad:
        triple, graph = quad.triple, quad.graph_name
        steady = self.triple(triple)
        if steady is triple and not isinstance(graph, BlankNode):
            return quad
        return Quad(steady.subject, steady.predicate, steady.object, self.term(graph))


def _number_blank_nodes(quads: list[Quad], key: str) -> list[Quad]:
    return list(map(_Steady(key).quad, quads))


def serialize(
    items: Iterable[Triple] | Iterable[Quad],
    form: str,
    *,
    prefixes: Mapping[str, str] | None = None,
) -> bytes:
    """Write triples or quads, sorted, so that the same data always gives the same bytes.

    Named graphs come behind the default graph, each in one piece.

    Args:
        items: triples, or quads if the format has named graphs.
        form: short name of the format or its media type.
        prefixes: prefixes to use where the format knows them; those without use are left out.

    Raises:
        FormatError: the format cannot write one of the terms.
    """
    target = format_of(form)
    ordered: list[Any] = sorted(items, key=_place)
    if not target.supports_datasets:
        ordered = [_as_triple(item) for item in ordered]
    text = "".join(map(str, ordered))
    used = {name: space for name, space in (prefixes or {}).items() if f"<{space}" in text}
    if target == RdfFormat.RDF_XML:
        from samsyn.dataset.rdfxml import writer

        return b"".join(writer.document(ordered, used))
    try:
        return _serialize(ordered, format=target, prefixes=used) or b""
    except OSError as error:
        raise unwritten(error) from error


def unwritten(error: OSError) -> OSError | FormatError:
    """Return what the error of the engine's writer means, if that is known, else the error.

    Args:
        error: what it raised.
    """
    if _JSON_LD not in str(error):
        return error
    return FormatError("JSON-LD 1.1 cannot write triple terms.", _OTHERS)


def _place(item: Triple | Quad) -> tuple[str, str]:
    named = isinstance(item, Quad) and not isinstance(item.graph_name, DefaultGraph)
    return str(item.graph_name) if named else "", str(item)  # type: ignore[union-attr]


def _as_triple(item: Triple | Quad) -> Triple:
    return item.triple if isinstance(item, Quad) else item
