"""RDF/XML, by the grammar of RDF 1.1 XML Syntax, section 7; expat reads the XML.

Triple terms, annotations and base directions are those of RDF 1.2, where ``rdf:version`` says so.

pyoxigraph's own reader of RDF/XML takes much less than XML allows, and passes over some of what the
grammar forbids (docs/engines.md). Terms are made and IRIs resolved by pyoxigraph all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

from samsyn import names
from samsyn.dataset.flaws import FlawError, Point, shortened
from samsyn.dataset.rdfxml.document_terms import Attribute, TermReader
from samsyn.dataset.rdfxml.xml_literal import XML, Canonical, Name
from samsyn.dataset.rdfxml.xml_text import moved

Node = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal | Triple
Emit = Callable[[Triple, Point, str], None]
"""Takes a triple, and the place and the name of the element that gives it."""

_RDF: Final = names.RDF
_TYPE, _FIRST, _REST = (NamedNode(_RDF + name) for name in ("type", "first", "rest"))
_NIL, _XML_LITERAL = NamedNode(_RDF + "nil"), NamedNode(_RDF + "XMLLiteral")
_REIFIES: Final = NamedNode(_RDF + "reifies")
_STATEMENT: Final = NamedNode(_RDF + "Statement")
_PARTS: Final = tuple(NamedNode(_RDF + name) for name in ("subject", "predicate", "object"))

_CORE: Final = frozenset(
    _RDF + name for name in ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype")
)
_OLD: Final = frozenset(_RDF + name for name in ("aboutEach", "aboutEachPrefix", "bagID"))
_DESCRIPTION, _LI = _RDF + "Description", _RDF + "li"
_NO_NODE: Final = _CORE | _OLD | {_LI}
_NO_PROPERTY: Final = _CORE | _OLD | {_DESCRIPTION}
_NO_ATTRIBUTE: Final = _NO_PROPERTY | {_LI}
_BARE: Final = frozenset({"ID", "about", "resource", "parseType", "type"})
"""Attributes that are those of RDF without a prefix too (section 6.1.4)."""

_NODES: Final = frozenset({"ID", "about", "nodeID"})
_PROPERTIES: Final = frozenset(
    {"ID", "resource", "nodeID", "datatype", "parseType", "annotation", "annotationNodeID"}
)
_BESIDE_PARSE_TYPE: Final = frozenset({"parseType", "ID", "annotation", "annotationNodeID"})
_ITS: Final = "http://www.w3.org/2005/11/its"
_IN_FORCE: Final = frozenset({XML, _ITS})
"""Namespaces of attributes that say something of the texts, and are no properties."""
_VERSION, _NEW = _RDF + "version", "1.2"
_ODD: Final = re.compile(rb"parseType\s*=\s*[\"'](?!(?:Literal|Resource|Collection)[\"'])|\0")
"""What a document has that may have a parse type that RDF/XML does not name."""
_SPACE: Final = " \t\r\n"
_HOLDING_NODES: Final = frozenset({"root", "property", "collection", "triple"})


@dataclass(slots=True)
class _Frame:
    # An open element: root, node, property, resource, collection, triple or literal.
    kind: str
    name: str
    point: Point
    base: str | None
    language: str
    direction: BaseDirection | None = None
    version: str = ""
    node: Node | None = None
    predicate: NamedNode | None = None
    object: Node | None = None
    datatype: NamedNode | None = None
    statement: NamedNode | None = None
    reifiers: tuple[Node, ...] = ()
    text: list[str] | None = None
    filled: bool = False
    closed: bool = False
    count: int = 0
    items: list[tuple[Node, Point, str]] | None = None

    def content(self) -> str:
        return "".join(self.text or ())


def read(data: bytes, *, base: str | None = None) -> list[Triple]:
    """Read a document.

    Args:
        data: the document, in any encoding that it names.
        base: what relative IRIs are resolved against.

    Raises:
        FlawError: it is not well formed.
    """
    triples: list[Triple] = []
    walk(data, lambda triple, _point, _name: triples.append(triple), base=base)
    return triples


def walk(source: bytes | BinaryIO, emit: Emit, *, base: str | None = None) -> dict[str, str]:
    """Read a document in parts, and return the prefixes of its outermost element.

    Args:
        source: the document, or the file open for reading bytes.
        emit: is given each triple as it is met, always in the same order.
        base: what relative IRIs are resolved against.

    Raises:
        FlawError: it is not well formed; some triples may have been given before.
    """
    reader = _Reader(emit, base)
    reader.run(source)
    return reader.declared


class _Reader(TermReader):
    def __init__(self, emit: Emit, base: str | None) -> None:
        super().__init__()
        self.declared: dict[str, str] = {}
        self.remarks: list[FlawError] = []
        self._emit = emit
        self._base = base
        self._frames: list[_Frame] = []
        self._literal: Canonical | None = None
        # The triples of the triple terms that are open.
        self._terms: list[list[Triple]] = []
        parser = self.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction

    # What expat tells.

    def _start(self, tag: str, attributes: list[str]) -> None:
        name = self.names.get(tag) or self.name(tag)
        point = self.opened(name.written, attributes)
        given = [
            (self.names.get(key) or self.name(key), value)
            for key, value in zip(attributes[::2], attributes[1::2], strict=True)
        ]
        if self._literal is not None:
            self._literal.start(name, given)
            return
        parent = self._frames[-1] if self._frames else None
        if parent is None:
            self.declared = self.namespaces()
            frame = _Frame("", name.written, point, self._base, "")
        else:
            frame = _Frame(
                "", name.written, point, parent.base, parent.language,
                parent.direction, parent.version,
            )  # fmt: skip
        counted = self._counted(frame, given) if given else []
        if parent is None and name.iri == _RDF + "RDF":
            self._root(frame, counted)
        elif not name.space:
            example = f"ex:{name.local}"
            raise self.flaw("no-namespace", name=f"<{name.local}>", example=example)
        elif parent is None or parent.kind in _HOLDING_NODES:
            self._node(frame, name.iri, parent, counted)
        else:
            self._property(frame, name.iri, parent, counted)
        self._frames.append(frame)

    def _end(self, _tag: str) -> None:
        self.closed()
        if self._literal is not None and self._literal.depth:
            self._literal.end()
            return
        frame = self._frames.pop()
        if frame.kind == "literal" and self._literal is not None:
            value = Literal(self._literal.whole(), datatype=_XML_LITERAL)
            self._literal = None
            self._finish(frame, value)
        elif frame.kind == "collection":
            self._collect(frame)
        elif frame.kind == "triple":
            self._finish(frame, self._term(frame))
        elif frame.kind == "property":
            self._finish(frame, frame.object or self._plain(frame))

    def _text(self, text: str) -> None:
        if self.expands:
            self.grow(len(text))
        if self._literal is not None:
            self._literal.text(text)
            return
        frame = self._frames[-1]
        if frame.kind == "property" and not frame.filled:
            if frame.text is None:
                frame.text = []
            frame.text.append(text)
        elif text.strip(_SPACE):
            self._refuse_text(frame, text)

    def _comment(self, text: str) -> None:
        if self._literal is not None:
            self._literal.comment(text)

    def _instruction(self, target: str, text: str) -> None:
        if self._literal is not None:
            self._literal.instruction(target, text)

    # The grammar.

    def _counted(self, frame: _Frame, given: list[tuple[Name, str]]) -> list[Attribute]:
        """Return the attributes that are not those of XML, and let the latter be in force."""
        found = []
        for name, value in given:
            if name.space in _IN_FORCE or name.iri == _VERSION:
                self._set(frame, name, value)
            elif name.space:
                found.append(Attribute(name.iri, name.written, value))
            elif name.local in _BARE:
                found.append(Attribute(_RDF + name.local, name.local, value))
            elif not name.local.lower().startswith("xml"):
                example = f'ex:{name.local}="…"'
                raise self.flaw("no-namespace", name.local, name=name.local, example=example)
        return found

    def _set(self, frame: _Frame, name: Name, value: str) -> None:
        if name.iri == XML + "base":
            frame.base = self.iri(value, frame.base, name.written).value
        elif name.iri == XML + "lang":
            frame.language = value
            if value:
                self.check_language(value, name.written)
        elif name.iri == _ITS + "dir":
            frame.direction = self.direction(value, name.written)
        elif name.iri == _VERSION:
            frame.version = value

    def _root(self, frame: _Frame, given: list[Attribute]) -> None:
        frame.kind = "root"
        for each in given:
            raise self._forbidden(each, frame)

    def _node(self, frame: _Frame, iri: str, parent: _Frame | None, given: list[Attribute]) -> None:
        if iri in _NO_NODE:
            raise self._misnamed(frame, iri, "node")
        frame.kind = "node"
        own, others = self._parted(given, _NODES, frame)
        for one, other in zip(list(own.values()), list(own.values())[1:], strict=False):
            raise self.flaw("conflicting-attributes", other.name, name=one.name, other=other.name)
        frame.node = node = self._named(frame, own)
        if parent is not None:
            self._hold(parent, frame, node)
        if iri != _DESCRIPTION:
            self._tell(frame, node, _TYPE, self.iri(iri, None, ""))
        self._attributes(frame, node, others)

    def _named(self, frame: _Frame, own: dict[str, Attribute]) -> Node:
        if "about" in own:
            return self.iri(own["about"].value, frame.base, own["about"].name)
        if "ID" in own:
            return self.identified(own["ID"], frame.base)
        if "nodeID" in own:
            return self.labelled(own["nodeID"])
        return self.fresh()

    def _hold(self, parent: _Frame, frame: _Frame, node: Node) -> None:
        if parent.items is not None:
            parent.items.append((node, frame.point, frame.name))
        elif parent.kind == "property":
            if parent.closed:
                raise self.flaw("not-empty", open=f"<{parent.name}>")
            if parent.datatype is not None:
                raise self.flaw("element-with-datatype", open=f"<{parent.name}>")
            if parent.object is not None:
                raise self.flaw("two-elements", open=f"<{parent.name}>")
            if parent.content().strip(_SPACE):
                raise self.flaw("text-and-element", open=f"<{parent.name}>")
            parent.object, parent.filled = node, True

    def _property(self, frame: _Frame, iri: str, parent: _Frame, given: list[Attribute]) -> None:
        if iri in _NO_PROPERTY:
            raise self._misnamed(frame, iri, "property")
        if iri == _LI:
            parent.count += 1
            iri = f"{_RDF}_{parent.count}"
        frame.predicate = self.iri(iri, None, "")
        own, others = self._parted(given, _PROPERTIES, frame)
        if "ID" in own:
            frame.statement = self.identified(own["ID"], frame.base)
        frame.reifiers = tuple(self._reifiers(frame, own))
        how = own.get("parseType")
        if how is not None:
            for each in given:
                if each.iri.removeprefix(_RDF) not in _BESIDE_PARSE_TYPE:
                    raise self.flaw(
                        "conflicting-attributes", each.name, name=how.name, other=each.name
                    )
            self._parsed(frame, parent, how)
            return
        frame.kind = "property"
        if "datatype" in own:
            datatype = own["datatype"]
            frame.datatype = self.iri(datatype.value, frame.base, datatype.name)
        self._emptied(frame, own, others)

    def _reifiers(self, frame: _Frame, own: dict[str, Attribute]) -> Iterator[Node]:
        if "annotation" in own:
            annotation = own["annotation"]
            yield self.iri(annotation.value, frame.base, annotation.name)
        if "annotationNodeID" in own:
            yield self.labelled(own["annotationNodeID"])

    def _emptied(self, frame: _Frame, own: dict[str, Attribute], others: list[Attribute]) -> None:
        """Take a property whose value is in its attributes."""
        values = [own[name] for name in ("datatype", "resource", "nodeID") if name in own]
        if len(values) > 1:
            first, second = values[:2]
            raise self.flaw(
                "conflicting-attributes", second.name, name=first.name, other=second.name
            )
        if "resource" in own:
            resource = own["resource"]
            frame.object = self.iri(resource.value, frame.base, resource.name)
        elif "nodeID" in own:
            frame.object = self.labelled(own["nodeID"])
        elif others and "datatype" in own:
            raise self.flaw(
                "conflicting-attributes",
                others[0].name,
                name=own["datatype"].name,
                other=others[0].name,
            )
        elif others:
            frame.object = self.fresh()
        if frame.object is not None:
            frame.filled = frame.closed = True
            self._attributes(frame, frame.object, others)

    def _parsed(self, frame: _Frame, parent: _Frame, given: Attribute) -> None:
        how = given.value
        if how == "Resource":
            frame.kind, frame.node = "resource", self.fresh()
            self._edge(frame, parent, frame.node)
        elif how == "Collection":
            frame.kind, frame.items = "collection", []
        elif how == "Triple" and frame.version == _NEW:
            frame.kind, frame.items = "triple", []
            self._terms.append([])
        else:
            # Whatever else it says, it is read as XML (section 7.2.20).
            frame.kind, self._literal = "literal", Canonical()
            if how != "Literal":
                self.remarks.append(self.flaw("odd-parse-type", given.name, there=how or " "))

    def _collect(self, frame: _Frame) -> None:
        items = frame.items or []
        cells: list[Node] = [self.fresh() for _ in items]
        self._edge(frame, self._frames[-1], (cells or [_NIL])[0])
        for number, (item, point, name) in enumerate(items):
            rest = cells[number + 1] if number + 1 < len(items) else _NIL
            self._give(Triple(cells[number], _FIRST, item), point, name)
            self._give(Triple(cells[number], _REST, rest), point, name)

    def _term(self, frame: _Frame) -> Triple:
        triples = self._terms.pop()
        if len(triples) != 1:
            raise FlawError("one-triple", frame.point, open=f"<{frame.name}>", count=len(triples))
        return triples[0]

    def _finish(self, frame: _Frame, value: Object) -> None:
        self._edge(frame, self._frames[-1], value)

    def _plain(self, frame: _Frame) -> Literal:
        text = frame.content()
        if frame.datatype is not None:
            return Literal(text, datatype=frame.datatype)
        return _text_of(frame, text)

    def _edge(self, frame: _Frame, parent: _Frame, value: Object) -> None:
        subject, predicate = parent.node, frame.predicate
        assert subject is not None  # noqa: S101  what holds a property is a node
        assert predicate is not None  # noqa: S101
        self._tell(frame, subject, predicate, value)
        if frame.statement is not None:
            terms: tuple[Object, ...] = (subject, predicate, value)
            for part, term in zip(_PARTS, terms, strict=True):
                self._tell(frame, frame.statement, part, term)
            self._tell(frame, frame.statement, _TYPE, _STATEMENT)
        for reifier in frame.reifiers:
            self._tell(frame, reifier, _REIFIES, Triple(subject, predicate, value))

    def _attributes(self, frame: _Frame, node: Node, given: list[Attribute]) -> None:
        for each in given:
            value: Node | Literal
            if each.iri == _RDF + "type":
                value = self.iri(each.value, frame.base, each.name)
            else:
                value = _text_of(frame, each.value)
            self._tell(frame, node, self.iri(each.iri, None, each.name), value)

    def _tell(self, frame: _Frame, subject: Node, predicate: NamedNode, value: Object) -> None:
        self._give(Triple(subject, predicate, value), frame.point, frame.name)

    def _give(self, triple: Triple, point: Point, name: str) -> None:
        if self._terms:
            self._terms[-1].append(triple)
        else:
            self._emit(triple, point, name)

    def _parted(
        self, given: list[Attribute], own: frozenset[str], frame: _Frame
    ) -> tuple[dict[str, Attribute], list[Attribute]]:
        """Part the attributes that say what an element is from those that are properties."""
        found: dict[str, Attribute] = {}
        others = []
        for each in given:
            local = each.iri.removeprefix(_RDF)
            if each.iri.startswith(_RDF) and local in own:
                found[local] = each
            elif each.iri in _NO_ATTRIBUTE:
                raise self._forbidden(each, frame)
            else:
                others.append(each)
        return found, others

    # Faults.

    def _forbidden(self, attribute: Attribute, frame: _Frame) -> FlawError:
        swedish, english = _HINTS.get(
            attribute.iri.removeprefix(_RDF), _HINTS[frame.kind or "property"]
        )
        return self.flaw(
            "forbidden-attribute",
            attribute.name,
            name=attribute.name,
            open=f"<{frame.name}>",
            hint_sv=swedish,
            hint_en=english,
        )

    def _misnamed(self, frame: _Frame, iri: str, role: str) -> FlawError:
        swedish, english = _HINTS.get(f"<{iri.removeprefix(_RDF)}>", _HINTS[role])
        return self.flaw(
            "forbidden-element",
            name=frame.name,
            role_sv="en nod" if role == "node" else "en egenskap",
            role_en="a node" if role == "node" else "a property",
            hint_sv=swedish,
            hint_en=english,
        )

    def _refuse_text(self, frame: _Frame, text: str) -> None:
        bare = text.lstrip(_SPACE)
        start = moved(self.point(), text[: len(text) - len(bare)])
        end = moved(start, bare.rstrip(_SPACE))
        shown = f"<{frame.name}>"
        if frame.closed:
            raise FlawError("not-empty", start, end, open=shown)
        if frame.kind == "property":
            raise FlawError("text-and-element", start, end, open=shown)
        raise FlawError("stray-text", start, end, there=shortened(bare.rstrip(_SPACE)), open=shown)


def _text_of(frame: _Frame, text: str) -> Literal:
    if not frame.language:
        return Literal(text)
    direction = frame.direction if frame.version == _NEW else None
    return Literal(text, language=frame.language, direction=direction)


_HINTS: Final = {
    "root": ("Det yttersta elementet har inga attribut.", "The outermost element has none."),
    "node": (
        "En nod får rdf:about, rdf:ID eller rdf:nodeID, och egenskaper.",
        "A node takes rdf:about, rdf:ID or rdf:nodeID, and properties.",
    ),
    "property": (
        "En egenskap får rdf:resource, rdf:nodeID, rdf:datatype, rdf:parseType eller rdf:ID.",
        "A property takes rdf:resource, rdf:nodeID, rdf:datatype, rdf:parseType or rdf:ID.",
    ),
    "li": ("Skriv rdf:li som ett element.", "Write rdf:li as an element."),
    "aboutEach": ("Det finns inte längre i RDF/XML.", "It is no part of RDF/XML any more."),
    "aboutEachPrefix": ("Det finns inte längre i RDF/XML.", "It is no part of RDF/XML any more."),
    "bagID": ("Det finns inte längre i RDF/XML.", "It is no part of RDF/XML any more."),
    "<li>": (
        "rdf:li är en egenskap; den står i en nod.",
        "rdf:li is a property; it is in a node.",
    ),
    "<Description>": (
        "rdf:Description är en nod; sätt den i en egenskap.",
        "rdf:Description is a node; put it into a property.",
    ),
    "<RDF>": (
        "rdf:RDF får bara stå ytterst.",
        "rdf:RDF may stand outermost only.",
    ),
}


def prefixes(data: bytes) -> dict[str, str]:
    """Return the prefixes that the outermost element of a document declares."""
    return walk(data, lambda *_: None)


def remarks(data: bytes, *, base: str | None = None) -> list[FlawError]:
    """Return what of a document can be read but is hardly meant.

    Args:
        data: a document that can be read.
        base: what relative IRIs are resolved against.
    """
    if not _ODD.search(data):
        return []
    reader = _Reader(lambda *_: None, base)
    reader.run(data)
    return reader.remarks
