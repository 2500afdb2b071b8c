"""RDF/XML that every reader of XML takes, written triple by triple (RDF 1.1 XML Syntax).

The engine's own writer sends what is no XML, or comes back as something else (docs/engines.md). A
property is an element here, so its IRI has to end in a name of XML; where it does not, where a text
has characters that XML does not know, and where RDF 1.1 has no such term, the triple is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from samsyn import names
from samsyn.errors import FormatError

NO_CHARACTER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What the production Char leaves out (XML 1.0, section 2.2), even as a character reference."""

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_XMLNS: Final = "http://www.w3.org/2000/xmlns/"
_HEAD: Final = f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="{names.RDF}"'
_TAIL: Final = "</rdf:RDF>\n"
_RESERVED: Final = frozenset(
    names.RDF + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description"),
        *("li", "aboutEach", "aboutEachPrefix", "bagID"),
        *("version", "annotation", "annotationNodeID"),
    )
)
"""What means something else, or nothing, where a property stands (section 7.2.5; RDF 1.2)."""
_SPECIAL: Final = re.compile("[&<>\r]")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_ENTITIES_OF_TEXT: Final = str.maketrans({key: _ENTITIES[key] for key in "&<>\r"})
_ENTITIES_OF_VALUE: Final = str.maketrans(
    {key: _ENTITIES[key] for key in '&<>"\r'} | {"\t": "&#9;", "\n": "&#10;"}
)
_ESCAPED_LABEL: Final = "_x-"
_PIECE: Final = 64 * 1024


def document(
    triples: Iterable[Triple], prefixes: Mapping[str, str] | None = None
) -> Iterator[bytes]:
    """Write triples as RDF/XML, piece by piece; triples of one subject in a row share an element.

    Args:
        triples: the triples, in the order in which they are to stand.
        prefixes: prefixes to declare and use, as far as XML can have them.

    Raises:
        FormatError: a triple cannot be written.
    """
    writer = _Writer(prefixes or {})
    held, size = [_HEAD, *writer.declarations(), ">\n"], 0
    for text in writer.lines(triples):
        held.append(text)
        size += len(text)
        if size > _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join([*held, _TAIL]).encode()


class _Writer:
    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # A prefix that XML keeps for itself, or that is no name of XML, is not used.
        self._prefixes = {
            space: prefix
            for prefix, space in prefixes.items()
            if space
            and space not in (_XML, _XMLNS, names.RDF)
            and not prefix.lower().startswith("xml")
            and prefix != "rdf"
            and is_name(prefix)
        } | {names.RDF: "rdf"}
        self._tags: dict[str, tuple[str, str]] = {}

    def declarations(self) -> Iterator[str]:
        for space, prefix in self._prefixes.items():
            if prefix != "rdf":
                yield f' xmlns:{prefix}="{_value(space)}"'

    def lines(self, triples: Iterable[Triple]) -> Iterator[str]:
        subject: Any = None
        for triple in triples:
            if triple.subject != subject:
                if subject is not None:
                    yield "  </rdf:Description>\n"
                subject = triple.subject
                yield f"  <rdf:Description {_node(subject, 'about')}>\n"
            yield f"    {self._property(triple)}\n"
        if subject is not None:
            yield "  </rdf:Description>\n"

    def _property(self, triple: Triple) -> str:
        start, end = self._tag(triple.predicate.value)
        object_ = triple.object
        if isinstance(object_, Literal):
            return f"<{start}{_kind(object_)}>{_text(object_.value)}</{end}>"
        return f"<{start} {_node(object_, 'resource')}/>"

    def _tag(self, iri: str) -> tuple[str, str]:
        """Return what is in the start tag and in the end tag of a property's element."""
        found = self._tags.get(iri)
        if found is None:
            space, local = parted(iri)
            prefix = self._prefixes.get(space)
            name = local if prefix is None else f"{prefix}:{local}"
            declared = "" if prefix else f' xmlns="{_value(space)}"'
            found = self._tags[iri] = (name + declared, name)
        return found


def parted(iri: str) -> tuple[str, str]:
    """Split the IRI of a property into a namespace and a name of XML, which is as long as can be.

    Args:
        iri: the IRI.

    Raises:
        FormatError: RDF/XML has no element for it.

    >>> parted("http://example.org/2024-begun")
    ('http://example.org/2024-', 'begun')
    """
    if iri not in _RESERVED:
        first = next(_beginnings(iri), None)
        if first is not None:
            return iri[:first], iri[first:]
    reason = "the name is reserved" if iri in _RESERVED else "it does not end in a name of XML"
    raise FormatError(f"RDF/XML cannot write the property <{iri}>: {reason}.", FORMATS)


FORMATS: Final = ("turtle", "ntriples", "jsonld", "trig", "nquads")
"""What writes every triple that this does not."""
_OTHERS_1_2: Final = ("turtle", "ntriples", "trig", "nquads")


def _beginnings(iri: str) -> Iterator[int]:
    """Yield where a name may begin that goes to the end, the longest first."""
    start = len(iri)
    while start > 0 and _fits(iri[start - 1], within=True):
        start -= 1
    for place in range(max(start, 1), len(iri)):
        # A namespace is an IRI too (Namespaces in XML, section 2.1), so no escape is cut in two.
        whole = "%" not in iri[max(place - 2, 0) : place]
        if whole and _fits(iri[place], within=False) and iri[:place] not in (_XML, _XMLNS):
            yield place


@lru_cache(maxsize=4096)
def _fits(character: str, *, within: bool) -> bool:
    """Return whether a name may hold a character, or begin with it, in all editions of XML 1.0.

    The fifth edition takes more than the fourth, which expat and so most readers go by.
    """
    name = f"a{character}" if within else character
    if character in ":<>&/\"'= \t\r\n" or NO_CHARACTER.match(character):
        return False
    try:
        expat.ParserCreate("utf-8").Parse(f"<{name}/>".encode(), True)  # noqa: FBT003
    except expat.ExpatError:
        return False
    return True


def is_name(text: str) -> bool:
    """Return whether a text is a name without colon (Namespaces in XML, section 3)."""
    return bool(
        text and _fits(text[0], within=False) and all(_fits(c, within=True) for c in text[1:])
    )


def _node(node: Any, attribute: str) -> str:
    if isinstance(node, NamedNode):
        return f'rdf:{attribute}="{_value(node.value)}"'
    if isinstance(node, BlankNode):
        return f'rdf:nodeID="{_label(node.value)}"'
    # Readers of RDF 1.1 would take it for a literal, in silence.
    raise FormatError("RDF/XML cannot write triple terms: RDF 1.1 has none.", _OTHERS_1_2)


def _label(label: str) -> str:
    """Return a label that is a name of XML, another for each."""
    if is_name(label) and not label.startswith(_ESCAPED_LABEL):
        return label
    return _ESCAPED_LABEL + label.encode().hex()


def _kind(literal: Literal) -> str:
    if literal.direction is not None:
        # Readers of RDF 1.1 would lose it, in silence.
        raise FormatError("RDF/XML cannot write base directions: RDF 1.1 has none.", FORMATS)
    if literal.language is not None:
        return f' xml:lang="{_value(literal.language)}"'
    if literal.datatype.value == names.XSD_STRING:
        return ""
    return f' rdf:datatype="{_value(literal.datatype.value)}"'


def _text(text: str) -> str:
    found = NO_CHARACTER.search(text)
    if found is not None:
        raise unwritable("RDF/XML", found[0], FORMATS)
    return text.translate(_ENTITIES_OF_TEXT) if _SPECIAL.search(text) else text


def _value(text: str) -> str:
    return text.translate(_ENTITIES_OF_VALUE)


def unwritable(name: str, character: str, others: tuple[str, ...]) -> FormatError:
    """Make the error that XML has no way to write a character.

    Args:
        name: what the format is called.
        character: the character.
        others: short names of formats that can.
    """
    return FormatError(
        f"{name} cannot write the character U+{ord(character):04X}: XML 1.0 does not allow it.",
        others,
    )
