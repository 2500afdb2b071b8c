"""What syntax a document seems to be in: those of RDF, and others that files of ontologies have."""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

from samsyn.dataset.flaws import FlawError

SAMPLE: Final = 1 << 16
"""How many bytes of a document are looked at."""

NAMES: Final = {
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF/XML",
}
_ENDINGS: Final = {
    "turtle": ".ttl",
    "ntriples": ".nt",
    "nquads": ".nq",
    "trig": ".trig",
    "jsonld": ".jsonld",
    "rdfxml": ".rdf",
}
_TEXTS: Final = frozenset({"turtle", "ntriples", "nquads", "trig"})
"""Syntaxes so alike that an error can make one look like another."""


class _Foreign(NamedTuple):
    # A syntax that is not read, and what can make RDF of it.
    pattern: str
    swedish: str
    english: str
    converter: bool = True


_BLANKS: Final = r"(?>\s+|#[^\n]*\n)*+"
_PROLOG: Final = r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[<>]*(?:\[.*?\]\s*)?>)*+"
_OTHERS: Final = tuple(
    _Foreign(*row)
    for row in (
        (rf"{_BLANKS}(?:Prefix|Ontology|Import)\s*\(", "OWL i funktionell syntax",
         "OWL functional syntax"),
        (rf"{_BLANKS}(?:Prefix|Ontology|Namespace):[ \t]", "OWL i Manchestersyntax",
         "OWL Manchester syntax"),
        (r"(?>\s+|![^\n]*)*+(?:format-version:|\[Term\]|\[Typedef\])", "OBO", "OBO"),
        (_PROLOG +
         r"<(?:\w+:)?Ontology\b[^>]*(?:ontologyIRI\s*=|xmlns\s*=\s*[\"']http://www\.w3\.org/2002/07/"
         r"owl#[\"'])(?![^>]*\srdf:(?:about|ID|nodeID)\s*=)", "OWL/XML", "OWL/XML"),
        (r"(?>\s+|<\?.*?\?>|<!--.*?-->)*+(?i:<(?:!DOCTYPE\s+html|html)\b)", "en HTML-sida",
         "an HTML page", False),
        (_PROLOG + r"<TriX\b", "TriX", "TriX"),
    )
)  # fmt: skip
_XML: Final = re.compile(
    r"\s*(?:<\?xml\b|<!--|<!DOCTYPE\b|<[A-Za-z_][\w.-]*(?::[\w.-]+)?(?:\s[^<>]*?)?\sxmlns\b)"
)
_JSON: Final = re.compile(r"\s*(?:\{\s*(?:\"|\}\s*\Z)|\[\s*(?:\{|\[|\"|\]\s*\Z))")
_TURTLE: Final = re.compile(
    rf"{_BLANKS}(?:@prefix\b|@base\b|(?i:PREFIX\s+[\w.-]*:\s*<|BASE\s*<)|<[^<>\"\s]*>\s"
    r"|_:\w|\[|\(|\{|(?i:GRAPH)\s|[\w.-]*:[\w.%-]*\s+(?:a\s|<|[\w.-]*:))"
)
_GRAPH: Final = re.compile(
    r"^\s*(?:(?i:GRAPH)\s+)?(?:<[^<>\"\s]*>|_:\S+|\[\s*\]|[\w.-]*:[\w.%-]*)?\s*\{", re.MULTILINE
)
_LINE: Final = re.compile(
    r"(?:<[^<>\s]*>|_:[^\s<]+)\s*<[^<>\s]*>\s*(?:<[^<>\s]*>|_:[^\s<]+|\"(?:[^\"\\]|\\.)*\""
    r"(?:@[\w-]+|\^\^<[^<>\s]*>)?)\s*(?P<graph><[^<>\s]*>|_:[^\s<]+)?\s*\.\s*(?:#.*)?"
)
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def guess(data: bytes) -> str | None:
    """Return the short name of the syntax of RDF that a document seems to be in, if any.

    Args:
        data: the document, or as much of its beginning as :data:`SAMPLE`.
    """
    text = _text(data)
    if _foreign(text) is not None:
        return None
    if _XML.match(text):
        return "rdfxml"
    if _JSON.match(text):
        return "jsonld"
    if not _TURTLE.match(text):
        return None
    lines = [line.strip() for line in text.splitlines()]
    if len(data) >= SAMPLE:
        lines.pop()  # it may be cut
    said = [line for line in lines if line and line[0] != "#"]
    found = [_LINE.fullmatch(line) for line in said]
    if all(found) and any(line["graph"] for line in found if line is not None):
        return "nquads"
    return "trig" if _GRAPH.search(text) else "turtle"


def check(data: bytes, form: str) -> None:
    """Say of a document that cannot be read as one syntax that it is in another, if it seems so.

    Args:
        data: the document.
        form: the short name of the syntax that it was read as.

    Raises:
        FlawError: it seems to be in another syntax or encoding.
    """
    encoding = _encoding(data[:4])
    if encoding != "utf-8" and form != "rdfxml":
        raise FlawError("wide-encoding", (1, 1), encoding=encoding.upper(), form=NAMES[form])
    foreign = _foreign(_text(data[:SAMPLE]))
    if foreign is not None:
        swedish, english = _CONVERT if foreign.converter else _TAKE
        raise _other(form, (foreign.swedish, foreign.english), (swedish, english))
    if form == "jsonld" and _text(data[:SAMPLE]).lstrip()[:1] in ("{", "["):
        return
    other = guess(data[:SAMPLE])
    if other is None or other == form or {other, form} <= _TEXTS:
        return
    name, ending = NAMES[other], _ENDINGS[other]
    advice = (
        f"Ge filen ändelsen {ending}; en fil vars ändelse inte säger någon syntax, som .owl eller "
        f".xml, kan läsas med --input-format {other}.",
        f"Give the file the ending {ending}; one whose ending tells no syntax, such as .owl or "
        f".xml, can be read with --input-format {other}.",
    )
    raise _other(form, (name, name), advice)


_CONVERT: Final = (
    "Den syntaxen läses inte. Gör om filen till Turtle, till exempel med ROBOT: "
    "robot convert --input FIL --output FIL.ttl.",
    "That syntax is not read. Convert the file to Turtle, for example with ROBOT: "
    "robot convert --input FILE --output FILE.ttl.",
)
_TAKE: Final = (
    "Hämta själva datafilen; en sida om den är inte RDF.",
    "Get the data file itself; a page about it is no RDF.",
)


def _other(form: str, looks: tuple[str, str], advice: tuple[str, str]) -> FlawError:
    return FlawError(
        "other-syntax",
        (1, 1),
        form=NAMES[form],
        looks_sv=looks[0],
        looks_en=looks[1],
        advice_sv=advice[0],
        advice_en=advice[1],
    )


def _foreign(text: str) -> _Foreign | None:
    found = (each for each in _OTHERS if re.compile(each.pattern, re.DOTALL).match(text))
    return next(found, None)


def _encoding(start: bytes) -> str:
    for mark, name in _WIDE:
        if start.startswith(mark):
            return name
    if b"\0" in start:
        return "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
    return "utf-8"


def _text(data: bytes) -> str:
    encoding = _encoding(data[:4])
    return data[:SAMPLE].decode(encoding, "ignore").removeprefix("\ufeff")
