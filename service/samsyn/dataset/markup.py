"""RDF/XML, by the grammar of RDF 1.1 XML Syntax, section 7; expat reads the XML.

pyoxigraph's own reader of RDF/XML takes much less than XML allows, and passes over some of what the
grammar forbids (docs/engines.md). Terms are made and IRIs resolved by pyoxigraph all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple
from pyoxigraph import parse as _parse

from samsyn import names
from samsyn.dataset.flaws import FlawError, Point, shortened
from samsyn.dataset.xmlliteral import XML, Canonical, Name
from samsyn.dataset.xmltext import SEPARATOR, XmlReader, moved

Node = NamedNode | BlankNode
Emit = Callable[[Triple, Point, str], None]
"""Takes a triple, and the place and the name of the element that gives it."""

_RDF: Final = names.RDF
_TYPE, _FIRST, _REST = (NamedNode(_RDF + name) for name in ("type", "first", "rest"))
_NIL, _XML_LITERAL = NamedNode(_RDF + "nil"), NamedNode(_RDF + "XMLLiteral")
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
_PROPERTIES: Final = frozenset({"ID", "resource", "nodeID", "datatype", "parseType"})
_FIRST_CHARACTER: Final = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME: Final = re.compile(
    rf"[{_FIRST_CHARACTER}][{_FIRST_CHARACTER}.0-9\u00B7\u0300-\u036F\u203F-\u2040-]*"
)
_SPACE: Final = " \t\r\n"
_HOLDING_NODES: Final = frozenset({"root", "property", "collection"})
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPED: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class _Attribute(NamedTuple):
    # One that counts: its IRI, its name as written, its value.
    iri: str
    name: str
    value: str


@dataclass(slots=True)
class _Frame:
    # An open element: root, node, property, resource, collection or literal.
    kind: str
    name: str
    point: Point
    base: str | None
    language: str
    node: Node | None = None
    predicate: NamedNode | None = None
    object: Node | None = None
    datatype: NamedNode | None = None
    statement: NamedNode | None = None
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


class _Reader(XmlReader):
    def __init__(self, emit: Emit, base: str | None) -> None:
        super().__init__()
        self.declared: dict[str, str] = {}
        self._emit = emit
        self._base = base
        self._frames: list[_Frame] = []
        self._nodes: dict[tuple[str | None, str], NamedNode] = {}
        self._ids: dict[str, int] = {}
        self._labels = 0
        self._literal: Canonical | None = None
        self._names: dict[str, Name] = {}
        parser = self.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction

    # What expat tells.

    def _start(self, tag: str, attributes: list[str]) -> None:
        name = self._names.get(tag) or self._name(tag)
        point = self.opened(name.written, attributes)
        given = [
            (self._names.get(key) or self._name(key), value)
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
            frame = _Frame("", name.written, point, parent.base, parent.language)
        counted = self._counted(frame, given) if given else []
        if parent is None and name.iri == _RDF + "RDF":
            self._root(frame, counted)
        elif not name.space:
            example = f"ex:{name.local}"
            raise self._flaw("no-namespace", name=f"<{name.local}>", example=example)
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

    def _counted(self, frame: _Frame, given: list[tuple[Name, str]]) -> list[_Attribute]:
        """Return the attributes that are not those of XML, and let the latter be in force."""
        found = []
        for name, value in given:
            if name.space == XML:
                self._set(frame, name, value)
            elif name.space:
                found.append(_Attribute(name.iri, name.written, value))
            elif name.local in _BARE:
                found.append(_Attribute(_RDF + name.local, name.local, value))
            elif not name.local.lower().startswith("xml"):
                example = f'ex:{name.local}="…"'
                raise self._flaw("no-namespace", name.local, name=name.local, example=example)
        return found

    def _set(self, frame: _Frame, name: Name, value: str) -> None:
        if name.local == "base":
            frame.base = self._iri(value, frame.base, name.written).value
        elif name.local == "lang":
            frame.language = value
            if value:
                self._check_language(value, name.written)

    def _root(self, frame: _Frame, given: list[_Attribute]) -> None:
        frame.kind = "root"
        for each in given:
            raise self._forbidden(each, frame)

    def _node(
        self, frame: _Frame, iri: str, parent: _Frame | None, given: list[_Attribute]
    ) -> None:
        if iri in _NO_NODE:
            raise self._misnamed(frame, iri, "node")
        frame.kind = "node"
        own, others = self._parted(given, _NODES, frame)
        for one, other in zip(list(own.values()), list(own.values())[1:], strict=False):
            raise self._flaw("conflicting-attributes", other.name, name=one.name, other=other.name)
        frame.node = node = self._named(frame, own)
        if parent is not None:
            self._hold(parent, frame, node)
        if iri != _DESCRIPTION:
            self._tell(frame, node, _TYPE, self._iri(iri, None, ""))
        self._attributes(frame, node, others)

    def _named(self, frame: _Frame, own: dict[str, _Attribute]) -> Node:
        if "about" in own:
            return self._iri(own["about"].value, frame.base, own["about"].name)
        if "ID" in own:
            return self._identified(own["ID"], frame)
        if "nodeID" in own:
            return self._labelled(own["nodeID"])
        return self._fresh()

    def _hold(self, parent: _Frame, frame: _Frame, node: Node) -> None:
        if parent.items is not None:
            parent.items.append((node, frame.point, frame.name))
        elif parent.kind == "property":
            if parent.closed:
                raise self._flaw("not-empty", open=f"<{parent.name}>")
            if parent.datatype is not None:
                raise self._flaw("element-with-datatype", open=f"<{parent.name}>")
            if parent.object is not None:
                raise self._flaw("two-elements", open=f"<{parent.name}>")
            if parent.content().strip(_SPACE):
                raise self._flaw("text-and-element", open=f"<{parent.name}>")
            parent.object, parent.filled = node, True

    def _property(self, frame: _Frame, iri: str, parent: _Frame, given: list[_Attribute]) -> None:
        if iri in _NO_PROPERTY:
            raise self._misnamed(frame, iri, "property")
        if iri == _LI:
            parent.count += 1
            iri = f"{_RDF}_{parent.count}"
        frame.predicate = self._iri(iri, None, "")
        own, others = self._parted(given, _PROPERTIES, frame)
        if "ID" in own:
            frame.statement = self._identified(own["ID"], frame)
        how = own.get("parseType")
        if how is not None:
            for each in given:
                if each is not how and each.iri != _RDF + "ID":
                    raise self._flaw(
                        "conflicting-attributes", each.name, name=how.name, other=each.name
                    )
            self._parsed(frame, parent, how.value)
            return
        frame.kind = "property"
        if "datatype" in own:
            datatype = own["datatype"]
            frame.datatype = self._iri(datatype.value, frame.base, datatype.name)
        self._emptied(frame, own, others)

    def _emptied(self, frame: _Frame, own: dict[str, _Attribute], others: list[_Attribute]) -> None:
        """Take a property whose value stands in its attributes."""
        values = [own[name] for name in ("datatype", "resource", "nodeID") if name in own]
        if len(values) > 1:
            first, second = values[:2]
            raise self._flaw(
                "conflicting-attributes", second.name, name=first.name, other=second.name
            )
        if "resource" in own:
            resource = own["resource"]
            frame.object = self._iri(resource.value, frame.base, resource.name)
        elif "nodeID" in own:
            frame.object = self._labelled(own["nodeID"])
        elif others and "datatype" in own:
            raise self._flaw(
                "conflicting-attributes",
                others[0].name,
                name=own["datatype"].name,
                other=others[0].name,
            )
        elif others:
            frame.object = self._fresh()
        if frame.object is not None:
            frame.filled = frame.closed = True
            self._attributes(frame, frame.object, others)

    def _parsed(self, frame: _Frame, parent: _Frame, how: str) -> None:
        if how == "Resource":
            frame.kind, frame.node = "resource", self._fresh()
            self._edge(frame, parent, frame.node)
        elif how == "Collection":
            frame.kind, frame.items = "collection", []
        else:
            # Whatever else it says, it is read as XML (section 7.2.20).
            frame.kind, self._literal = "literal", Canonical()

    def _collect(self, frame: _Frame) -> None:
        items = frame.items or []
        cells: list[Node] = [self._fresh() for _ in items]
        self._edge(frame, self._frames[-1], (cells or [_NIL])[0])
        for number, (item, point, name) in enumerate(items):
            rest = cells[number + 1] if number + 1 < len(items) else _NIL
            self._emit(Triple(cells[number], _FIRST, item), point, name)
            self._emit(Triple(cells[number], _REST, rest), point, name)

    def _finish(self, frame: _Frame, value: Node | Literal) -> None:
        self._edge(frame, self._frames[-1], value)

    def _plain(self, frame: _Frame) -> Literal:
        text = frame.content()
        if frame.datatype is not None:
            return Literal(text, datatype=frame.datatype)
        return Literal(text, language=frame.language) if frame.language else Literal(text)

    def _edge(self, frame: _Frame, parent: _Frame, value: Node | Literal) -> None:
        subject, predicate = parent.node, frame.predicate
        assert subject is not None  # noqa: S101  what holds a property is a node
        assert predicate is not None  # noqa: S101
        self._tell(frame, subject, predicate, value)
        if frame.statement is not None:
            for part, term in zip(_PARTS, (subject, predicate, value), strict=True):
                self._tell(frame, frame.statement, part, term)
            self._tell(frame, frame.statement, _TYPE, _STATEMENT)

    def _attributes(self, frame: _Frame, node: Node, given: list[_Attribute]) -> None:
        for each in given:
            value: Node | Literal
            if each.iri == _RDF + "type":
                value = self._iri(each.value, frame.base, each.name)
            elif frame.language:
                value = Literal(each.value, language=frame.language)
            else:
                value = Literal(each.value)
            self._tell(frame, node, self._iri(each.iri, None, each.name), value)

    def _tell(
        self, frame: _Frame, subject: Node, predicate: NamedNode, value: Node | Literal
    ) -> None:
        self._emit(Triple(subject, predicate, value), frame.point, frame.name)

    def _parted(
        self, given: list[_Attribute], own: frozenset[str], frame: _Frame
    ) -> tuple[dict[str, _Attribute], list[_Attribute]]:
        """Part the attributes that say what an element is from those that are properties."""
        found: dict[str, _Attribute] = {}
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

    # Terms.

    def _iri(self, text: str, base: str | None, attribute: str) -> NamedNode:
        key = None if _ABSOLUTE.match(text) else base, text
        known = self._nodes.get(key)
        if known is None:
            try:
                known = NamedNode(text) if key[0] is None else resolved(text, key[0])
            except ValueError as error:
                there = shortened(text)
                raise self._flaw("bad-iri", attribute, there=there, said=str(error)) from error
            self._nodes[key] = known
        return known

    def _identified(self, attribute: _Attribute, frame: _Frame) -> NamedNode:
        self._check_name(attribute)
        node = self._iri(f"#{attribute.value}", frame.base, attribute.name)
        line = self._ids.get(node.value)
        if line is not None:
            raise self._flaw("repeated-id", attribute.name, there=attribute.value, line=line)
        self._ids[node.value] = self.point()[0]
        return node

    def _labelled(self, attribute: _Attribute) -> BlankNode:
        self._check_name(attribute)
        # Names hold characters that labels cannot.
        return BlankNode("i" + attribute.value.encode().hex())

    def _fresh(self) -> BlankNode:
        self._labels += 1
        return BlankNode(f"n{self._labels}")

    def _check_language(self, language: str, attribute: str) -> None:
        try:
            Literal("", language=language)
        except ValueError as error:
            raise self._flaw("bad-language-tag", attribute, there=language) from error

    def _check_name(self, attribute: _Attribute) -> None:
        if not _NAME.fullmatch(attribute.value):
            there = shortened(attribute.value) or " "
            raise self._flaw("bad-id", attribute.name, there=there, name=attribute.name)

    # Faults.

    def _flaw(self, kind: str, attribute: str = "", **words: object) -> FlawError:
        start, end = self.attribute(attribute)
        return FlawError(kind, start, end, **words)

    def _forbidden(self, attribute: _Attribute, frame: _Frame) -> FlawError:
        swedish, english = _HINTS.get(
            attribute.iri.removeprefix(_RDF), _HINTS[frame.kind or "property"]
        )
        return self._flaw(
            "forbidden-attribute",
            attribute.name,
            name=attribute.name,
            open=f"<{frame.name}>",
            hint_sv=swedish,
            hint_en=english,
        )

    def _misnamed(self, frame: _Frame, iri: str, role: str) -> FlawError:
        swedish, english = _HINTS.get(f"<{iri.removeprefix(_RDF)}>", _HINTS[role])
        return self._flaw(
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

    def _name(self, tag: str) -> Name:
        known = self._names.get(tag)
        if known is None:
            parts = [*tag.split(SEPARATOR), "", ""]
            space, local, prefix = parts[:3] if SEPARATOR in tag else ("", tag, "")
            written = f"{prefix}:{local}" if prefix else local
            known = self._names[tag] = Name(space, local, prefix, space + local, written)
        return known


def resolved(text: str, base: str) -> NamedNode:
    """Resolve an IRI (RFC 3986, section 5).

    Raises:
        ValueError: it is none.
    """
    escaped = _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04X}", text)
    try:
        statement = next(_parse(f"<{escaped}> <urn:x> <urn:x> .", RdfFormat.TURTLE, base_iri=base))
    except SyntaxError as error:
        raise ValueError(error.msg.rpartition(": ")[2]) from error
    found = statement.subject
    assert isinstance(found, NamedNode)  # noqa: S101  it stands between angle brackets
    return found


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
        "rdf:li is a property; it stands in a node.",
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
