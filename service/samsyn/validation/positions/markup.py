"""Where triples stand in RDF/XML: the element that gives a property, else that of its subject.

The place is the opening of the tag. Entities of the document are not looked into, and those that a
document declares of others are never expanded, so a small document stays small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Quad
from samsyn.validation.finding import Region
from samsyn.validation.positions.prefixes import Prefixes
from samsyn.validation.positions.sightings import Object, Sightings, literal

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_SYNTAX: Final = frozenset(
    names.RDF + name
    for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType", "bagID", "aboutEach")
)


@dataclass
class _Element:
    # An open element: a node, a property, or what only holds nodes.
    kind: str
    region: Region
    iri: str | None
    prefixes: Prefixes
    language: str
    text: str = ""
    object: Object = None
    datatype: str = names.XSD_STRING
    told: bool = False
    items: int = 0


def elements(
    source: bytes | BinaryIO, wanted: Mapping[int, Quad], *, base: str | None = None
) -> dict[int, Region]:
    """Find the elements that give triples.

    Args:
        source: the document, or the file open for reading bytes.
        wanted: the triples to find, by any number.
        base: the base IRI that the document was parsed with.

    Returns:
        The places by number, without the triples that were not found for certain.
    """
    from xml.parsers.expat import ExpatError

    sightings = Sightings(wanted)
    reader = _Reader(sightings, base)
    try:
        reader.parser.ParseFile(BytesIO(source) if isinstance(source, bytes) else source)
    except (ExpatError, RecursionError):
        return {}
    return sightings.places()


class _Reader:
    def __init__(self, sightings: Sightings, base: str | None) -> None:
        from xml.parsers.expat import ParserCreate

        self._sightings = sightings
        self._open: list[_Element] = []
        self._base = Prefixes(base)
        self.parser = parser = ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity

    def _entity(self, _name: str, _parameter: int, value: str | None, *_rest: Any) -> None:
        # One that speaks of others could grow without end; such a document gives no places.
        if value is None or "&" in value or "%" in value:
            from xml.parsers.expat import ExpatError

            raise ExpatError("an entity that is made of others")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        iri, written = _names(name)
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        region = Region(line, column, line, column + 1 + len(written))
        parent = self._open[-1] if self._open else None
        given = {_names(key)[0]: value for key, value in attributes.items()}
        prefixes = parent.prefixes if parent else self._base
        if _XML + "base" in given:
            inner = prefixes.term(f"<{given[_XML + 'base']}>")
            prefixes = Prefixes(inner.value) if isinstance(inner, NamedNode) else prefixes
        language = given.get(_XML + "lang", parent.language if parent else "")
        element = _Element("", region, iri, prefixes, language)
        if parent is not None and parent.kind in {"literal", "inside"}:
            element.kind = "inside"
        elif parent is None and iri == names.RDF + "RDF":
            element.kind = "root"
        elif parent is None or parent.kind in {"root", "property", "list"}:
            self._node(element, parent, given)
        else:
            self._property(element, parent, given)
        self._open.append(element)

    def _node(self, element: _Element, parent: _Element | None, given: dict[str, str]) -> None:
        type_, element.kind = element.iri or "", "node"
        element.iri = _subject(element.prefixes, given)
        self._sightings.node(element.iri, element.region)
        if type_ != names.RDF + "Description":
            self._tell(element, names.RDF_TYPE, (type_,), element.region)
        self._attributes(element, element, given)
        object_ = None if element.iri is None else (element.iri,)
        if parent is not None and parent.kind == "property":
            parent.object, parent.told = object_, True
        elif parent is not None and parent.kind == "list":
            self._sightings.triple(None, names.RDF + "first", object_, element.region)

    def _attributes(self, node: _Element, place: _Element, given: dict[str, str]) -> None:
        for name, value in given.items():
            if name in _SYNTAX or name.startswith(_XML):
                continue
            object_ = literal(value, place.language, names.XSD_STRING)
            if name == names.RDF_TYPE:
                object_ = _resolved(place.prefixes, value)
            self._tell(node, name, object_, place.region)

    def _property(self, element: _Element, parent: _Element, given: dict[str, str]) -> None:
        element.kind = "property"
        if element.iri == names.RDF + "li":
            parent.items += 1
            element.iri = f"{names.RDF}_{parent.items}"
        how = given.get(names.RDF + "parseType")
        others = [n for n in given if n not in _SYNTAX and not n.startswith(_XML)]
        if how is not None:
            self._parsed(element, parent, how)
        elif names.RDF + "resource" in given or names.RDF + "nodeID" in given or others:
            resource = given.get(names.RDF + "resource")
            element.told = True
            element.object = None if resource is None else _resolved(element.prefixes, resource)
            subject = element.object[0] if element.object else None
            node = _Element("node", element.region, subject, element.prefixes, element.language)
            self._attributes(node, element, given)
        elif names.RDF + "datatype" in given:
            datatype = _resolved(element.prefixes, given[names.RDF + "datatype"])
            element.datatype = datatype[0] if datatype else ""
            element.language = ""

    def _parsed(self, element: _Element, parent: _Element, how: str) -> None:
        predicate = element.iri or ""
        if how == "Resource":
            self._tell(parent, predicate, None, element.region)
            element.kind, element.iri = "node", None
        elif how == "Collection":
            self._tell(parent, predicate, None, element.region)
            element.kind = "list"
        else:
            self._tell(parent, predicate, None, element.region)
            element.kind = "literal"

    def _text(self, text: str) -> None:
        if self._open and self._open[-1].kind == "property" and not self._open[-1].told:
            self._open[-1].text += text

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if element.kind != "property" or not self._open:
            return
        object_ = element.object
        if not element.told:
            object_ = literal(element.text, element.language, element.datatype)
        self._tell(self._open[-1], element.iri or "", object_, element.region)

    def _tell(self, node: _Element, predicate: str, object_: Object, region: Region) -> None:
        self._sightings.triple(node.iri, predicate, object_, region)


def _names(name: str) -> tuple[str, str]:
    """Return a name as an IRI and as it is written."""
    parts = name.split(" ")
    if len(parts) == 1:
        return name, name
    return parts[0] + parts[1], ":".join([*parts[2:], parts[1]])


def _subject(prefixes: Prefixes, given: dict[str, str]) -> str | None:
    about, id_ = given.get(names.RDF + "about"), given.get(names.RDF + "ID")
    if about is None and id_ is None:
        return None
    resolved = _resolved(prefixes, f"#{id_}" if about is None else about)
    return resolved[0] if resolved else None


def _resolved(prefixes: Prefixes, written: str) -> Object:
    term = prefixes.term(f"<{written}>")
    return (term.value,) if isinstance(term, NamedNode) else (written,)
