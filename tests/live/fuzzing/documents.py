"""Documents and shapes to check or to store: good ones made worse, and some too deep or hostile."""

from __future__ import annotations

from typing import Final

from tests.live.fuzzing.material import (
    AWAY,
    FORMATS,
    MOST,
    Dice,
    documents,
    mutated,
    nested,
    one,
    shapes,
)

OTHER_TYPES: Final = (
    "", "text/plain", "application/octet-stream", "application/json", "text/html", "text/n3",
    "text/turtle; charset=utf-16", "text/turtle; version=1.2", "application/ld+json; profile=x",
    "multipart/form-data", "multipart/form-data; boundary=q", "*/*", "text/turtle, text/turtle",
    "application/sparql-update", "application/x-www-form-urlencoded", "TEXT/TURTLE ;;q=1",
)  # fmt: skip
_SHACL: Final = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_SHAPE: Final = b"<urn:S> a sh:NodeShape ; sh:targetClass <urn:C> ; "
_DEEP_SHAPES: Final = (
    (b"sh:property [ sh:path ", b"[ sh:inversePath ", b"<urn:p>", b" ]", b" ]"),
    (b"sh:property [ sh:path ", b"( <urn:x> ", b"<urn:p>", b" )", b" ]"),
    (b"sh:property [ sh:path ", b"[ sh:zeroOrMorePath ", b"<urn:p>", b" ]", b" ]"),
    (b"", b"sh:not [ ", b"sh:class <urn:D>", b" ]", b""),
    (b"", b"sh:node [ ", b"sh:class <urn:D>", b" ]", b""),
    (b"", b"sh:or ( [ ", b"sh:class <urn:D>", b" ] )", b""),
    (b"", b"sh:property [ sh:path <urn:p> ; ", b"sh:minCount 1", b" ]", b""),
    (b"", b"sh:property [ sh:path <urn:p> ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ ",
     b"sh:class <urn:D>", b" ] ]", b""),
)  # fmt: skip
_CONSTRAINTS: Final = (
    b"sh:pattern '(a+)+$'", b"sh:pattern '['", b"sh:minCount -1", b"sh:minCount 1e9", b"sh:in ()",
    b"sh:languageIn ( 'en' )", b"sh:closed true", b"sh:node <urn:S>", b"sh:datatype xsd:date",
    b"sh:sparql [ sh:select 'SELECT $this { SERVICE <" + AWAY.encode() + b"> {} }' ]",
    b"sh:js [ sh:jsLibrary [ sh:jsLibraryURL <" + AWAY.encode() + b"> ] ]", b"sh:message 'x'@en",
    b"sh:rule [ a sh:TripleRule ]", b"sh:lessThan <urn:q>", b"sh:hasValue 1", b"sh:flags 'i'",
    b"sh:qualifiedValueShape [] ; sh:qualifiedMaxCount 1", b"sh:xone ( [] [] )", b"sh:uniqueLang 1",
)  # fmt: skip
_DEEP: Final = {
    "text/turtle": ((b"<urn:a> <urn:p> ", b"[ <urn:p> ", b"1", b" ]", b" ."),
                    (b"<urn:a> <urn:p> ", b"( ", b"1", b" )", b" ."),
                    (b"<urn:a> <urn:p> ", b"<<( <urn:a> <urn:p> ", b"1", b" )>>", b" ."),
                    (b"", b"@prefix x: <urn:x:> . ", b"x:a x:a x:a .", b"", b""),
                    (b"<urn:a> <urn:p> 1 ", b"{| <urn:q> 2 ", b"", b" |}", b" .")),
    "application/ld+json": ((b'{"@id":"urn:a","urn:p":', b"[", b"1", b"]", b"}"),
                            (b"", b'{"urn:p":', b"1", b"}", b""),
                            (b"", b'{"@graph":', b"[]", b"}", b""),
                            (b'{"@context":', b'[{"p":"urn:p"},', b"{}", b"]", b"}")),
    "application/rdf+xml": ((b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
                             b" xmlns:x='urn:x:'>", b"<x:a><x:p>", b"", b"</x:p></x:a>",
                             b"</rdf:RDF>"),
                            (b"", b"<a>", b"", b"</a>", b"")),
    "application/trig": ((b"<urn:g> { <urn:a> <urn:p> ", b"[ <urn:p> ", b"1", b" ]", b" }"),),
    "application/n-triples": ((b"<urn:a> <urn:p> ", b"<<( <urn:a> <urn:p> ", b"<urn:b>", b" )>>",
                               b" ."),),
    "application/n-quads": ((b"", b"<urn:a> <urn:p> <urn:b> <urn:g> .\n", b"", b"", b""),),
}  # fmt: skip
_FETCHING: Final = {
    "text/turtle": "<urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ; "
    f"<http://www.w3.org/2002/07/owl#imports> <{AWAY}> ; "
    f"<http://www.w3.org/ns/shacl#shapesGraph> <{AWAY}> .",
    "application/ld+json": f'{{"@context": ["{AWAY}", {{"@import": "{AWAY}"}}], "@id": "{AWAY}"}}',
    "application/rdf+xml": f'<!DOCTYPE r SYSTEM "{AWAY}" [<!ENTITY x SYSTEM "{AWAY}">'
    f'<!ENTITY y SYSTEM "file:///etc/passwd">]><r xmlns:xi="http://www.w3.org/2001/XInclude">'
    f'<xi:include href="{AWAY}"/>&x;&y;</r>',
    "application/trig": f"@base <{AWAY}> . <> <http://www.w3.org/2002/07/owl#imports> <{AWAY}> .",
}


def document(dice: Dice) -> tuple[str, bytes]:
    """Make a document: its media type, most often a right one, and its bytes."""
    kind = dice.choice(list(FORMATS))
    known = documents(kind)
    match dice.randrange(10):
        case 0:
            data = _deep(dice, dice.choice(_DEEP[kind]))
        case 1:
            data = _FETCHING.get(kind, "").encode()
            data = mutated(dice, data) if dice.random() < 0.5 else data
        case 2:
            data = dice.choice(known)
        case 3:
            data = dice.randbytes(dice.choice((0, 1, 50, 3_000)))
        case _:
            data = mutated(dice, dice.choice(known), known)
    sent = dice.choice(OTHER_TYPES) if dice.random() < 0.1 else kind
    return sent, data


def shape(dice: Dice) -> tuple[str, bytes]:
    """Make a shapes graph."""
    return "text/turtle", one(dice, (_known, _constraints, _constraints, _deep_shape))


def form(dice: Dice) -> tuple[str, bytes]:
    """Make a form of a document and shapes."""
    boundary = dice.choice(("q", "----x", "'", "a" * 70))
    parts = {"data": document(dice), "shapes": shape(dice)}
    names = dice.choice(
        (("data", "shapes"), ("shapes", "data"), ("data",), ("data", "data"), ("x",))
    )
    body = b""
    for name in names:
        kind, data = parts.get(name, parts["data"])
        body += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        ).encode() + data + b"\r\n"  # fmt: skip
    body += f"--{boundary}--\r\n".encode()
    if dice.random() < 0.15:
        body = mutated(dice, body)
    return f"multipart/form-data; boundary={boundary}", body


def _known(dice: Dice) -> bytes:
    return mutated(dice, dice.choice(shapes()), shapes())


def _constraints(dice: Dice) -> bytes:
    chosen = b" ; ".join(dice.choice(_CONSTRAINTS) for _ in range(dice.choice((1, 2, 4))))
    text = _SHACL + _SHAPE + b"sh:property [ sh:path <urn:p> ; " + chosen + b" ] ."
    return mutated(dice, text) if dice.random() < 0.3 else text


def _deep_shape(dice: Dice) -> bytes:
    return _SHACL + _SHAPE + _deep(dice, dice.choice(_DEEP_SHAPES)) + b" ."


def _deep(dice: Dice, parts: tuple[bytes, bytes, bytes, bytes, bytes]) -> bytes:
    begin, left, core, right, end = parts
    return (begin + nested(dice, left, core, right) + end)[:MOST]
