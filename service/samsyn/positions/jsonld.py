"""Where triples are in JSON-LD: the value of a property, else the object of its subject."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import BinaryIO, Final

from samsyn import names
from samsyn.dataset.exact import Quad
from samsyn.dataset.flaws import FlawError
from samsyn.dataset.jsonld.contexts import Contexts, Expanded, expanded
from samsyn.dataset.jsonld.json_text import Value, read
from samsyn.positions.json_context import Context, Term
from samsyn.positions.lines import Lines
from samsyn.positions.matches import Object, Sightings, literal
from samsyn.positions.text import Region

_HOLDS: Final = frozenset({"@graph", "@included"})


def objects(
    source: bytes | BinaryIO,
    wanted: Mapping[int, Quad],
    *,
    base: str | None = None,
    contexts: Contexts | None = None,
) -> dict[int, Region]:
    """Find the values that give triples.

    Args:
        source: the document, or the file open for reading bytes.
        wanted: the triples to find, by any number.
        base: the base IRI that the document was parsed with.
        contexts: where the contexts that it names were taken from.

    Returns:
        The places by number, without the triples that were not found for certain.
    """
    data = source if isinstance(source, bytes) else source.read()
    text = data.decode("utf-8-sig", "replace")
    sightings = Sightings(wanted)
    whole = Expanded(text)
    try:
        with suppress(FlawError):  # without a context its terms are not understood
            whole = expanded(text, contexts)
        reader = _Reader(sightings, Lines(text), whole)
        for item in read(whole.text).each():
            reader.node(item, Context(base))
    except (ValueError, RecursionError):
        return {}
    return sightings.places()


class _Reader:
    def __init__(self, sightings: Sightings, lines: Lines, whole: Expanded) -> None:
        self._sightings = sightings
        self._lines = lines
        self._whole = whole

    def node(self, value: Value, context: Context) -> str | None:
        """Take in an object that describes a node, and return the node's IRI."""
        if value.kind != "object":
            return None
        context = context.within(value.get("@context"))
        keys = [(context.expand(key.text), key, inner) for key, inner in value.members]
        id_ = next((inner for name, _, inner in keys if name == "@id"), None)
        subject = context.resolve(id_.text) if id_ else None
        self._sightings.node(subject, self._region(id_ or Value("", value.start, value.start + 1)))
        for name, key, inner in keys:
            if name == "@type":
                for item in inner.each():
                    self._tell(subject, names.RDF_TYPE, (context.expand(item.text),), item)
            elif name in _HOLDS:
                for item in inner.each():
                    self.node(item, context)
            elif name == "@reverse":
                self._reversed(subject, inner, context)
            elif not name.startswith("@"):
                term = context.terms.get(key.text, Term(name))
                self._property(subject, term, key, inner, context)
        return subject

    def _reversed(self, object_: str | None, value: Value, context: Context) -> None:
        for key, inner in value.members:
            term = Term(context.expand(key.text), "@id", reverse=True)
            self._property(object_, term, key, inner, context)

    def _property(
        self, subject: str | None, term: Term, key: Value, value: Value, context: Context
    ) -> None:
        if value.kind == "object" and "@language" in term.container:
            for language, held in value.members:
                for item in held.each():
                    self._tell(subject, term.iri, literal(item.text, language.text, ""), item)
            return
        if "@list" in term.container:
            self._list(subject, term, key, value, context)
            return
        for item in value.each():
            listed = item.get("@list") if item.kind == "object" else None
            inner = item.get("@set") if item.kind == "object" else None
            if listed is not None:
                self._list(subject, term, key, listed, context)
            elif inner is not None:
                self._property(subject, term, key, inner, context)
            elif item.text != "null" or item.kind != "plain":
                self._item(subject, term, item, context)

    def _item(self, subject: str | None, term: Term, item: Value, context: Context) -> None:
        object_ = self._object(term, item, context)
        if not term.reverse:
            self._tell(subject, term.iri, object_, item)
        elif object_ is None or len(object_) == 1:
            key = None if subject is None else (subject,)
            self._tell(object_[0] if object_ else None, term.iri, key, item)

    def _list(
        self, subject: str | None, term: Term, key: Value, value: Value, context: Context
    ) -> None:
        items = list(value.each())
        self._tell(subject, term.iri, None if items else (names.RDF + "nil",), key)
        for item in items:
            self._tell(None, names.RDF + "first", self._object(term, item, context), item)

    def _object(self, term: Term, item: Value, context: Context) -> Object:
        if item.kind == "object":
            given = item.get("@value")
            if given is None:
                iri = self.node(item, context)
                return None if iri is None else (iri,)
            language, type_ = item.get("@language"), item.get("@type")
            datatype = context.expand(type_.text) if type_ else _datatype(given)
            return literal(given.text, language.text if language else "", datatype)
        if term.type in {"@id", "@vocab"} and item.kind == "string":
            known = context.expand(item.text) if term.type == "@vocab" else None
            iri = known if known and ":" in known else context.resolve(item.text)
            return None if iri is None else (iri,)
        if term.type and not term.type.startswith("@"):
            return literal(item.text, "", term.type)
        if item.kind == "string":
            language_ = context.language if term.language is None else term.language
            return literal(item.text, language_, names.XSD_STRING)
        return literal(item.text, "", _datatype(item))

    def _tell(self, subject: str | None, predicate: str, object_: Object, place: Value) -> None:
        self._sightings.triple(subject, predicate, object_, self._region(place))

    def _region(self, place: Value) -> Region:
        end = place.start + 1 if place.kind in {"object", "array"} else place.end
        return self._lines.region(self._whole.back(place.start), self._whole.back(end))


def _datatype(value: Value) -> str:
    if value.kind == "string":
        return names.XSD_STRING
    if value.text in {"true", "false"}:
        return names.XSD + "boolean"
    return names.XSD + ("double" if set(value.text) & set(".eE") else "integer")
