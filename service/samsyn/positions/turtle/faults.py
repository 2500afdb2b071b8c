"""Syntax errors in words: what is wrong and how to fix it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from samsyn.positions.text import Region, Texts, readable


@dataclass(frozen=True)
class Fault:
    """A syntax error.

    Args:
        region: where it is; None where only the file is known.
        kind: what kind of error it is, a word or two with hyphens.
        messages: what is wrong and how to fix it.
        line: the line of text, or the first of them.
        count: how many statements are lost by it.
    """

    region: Region | None
    kind: str
    messages: Texts
    line: str
    count: int = 1


class _Kind(NamedTuple):
    # The first whose patterns match what the parser says and the text at the place is taken.
    name: str
    said: str
    there: str
    swedish: str
    english: str


_STRING: Final = r"[\"']"
_MISPLACED: Final = r"is not a valid|should be an IRI|must be an IRI|Expecting|An? '"

_KINDS: Final = tuple(
    _Kind(*row)
    for row in (
        (
            "bare-address",
            "",
            r"[A-Za-z][A-Za-z0-9+.-]*://",
            "{there} är en adress utan vinklar. Skriv < före och > efter den.",
            "{there} is an address without angle brackets. Write < before it and > after it.",
        ),
        (
            "undeclared-prefix",
            r"has not been declared",
            "",
            "Prefixet i {there} är inte deklarerat. Deklarera det med @prefix före den här raden, "
            "eller rätta stavningen.",
            "The prefix of {there} is not declared. Declare it with @prefix above this line, or "
            "correct its spelling.",
        ),
        (
            "unclosed-string",
            r"Line jumps|Unexpected end of file|line jumps",
            r".*" + _STRING,
            "En sträng börjar här och slutar aldrig. Sätt citattecknet som saknas; en text på "
            "flera rader skrivs mellan tre citattecken.",
            "A string begins here and never ends. Add the missing quotation mark; a text of "
            "several lines is between three quotation marks.",
        ),
        (
            "broken-line",
            r"line jumps are not allowed",
            "",
            "Raden tar slut mitt i en trippel. Skriv hela trippeln på en rad, med punkt sist.",
            "The line ends in the middle of a triple. Write the whole triple on one line, with a "
            "dot at its end.",
        ),
        (
            "unclosed-iri",
            r"Unexpected end of file|Invalid IRI code point '\\[nr]'",
            r"<",
            "En IRI börjar här och slutar aldrig. Sätt > efter den.",
            "An IRI begins here and never ends. Put > after it.",
        ),
        (
            "bad-escape",
            r"[Ee]scape",
            "",
            "{there} innehåller en felaktig omskrivning med omvänt snedstreck eller procenttecken. "
            "Skriv tecknet självt eller rätta omskrivningen.",
            "{there} has a wrong escape with a backslash or a percent sign. Write the character "
            "itself or correct the escape.",
        ),
        (
            "bad-iri",
            r"IRI code point|in host|No scheme|Invalid (?:IRI|port|character)|builds IRI",
            "",
            "{there} är ingen giltig IRI: {said}. Ta bort eller procentkoda tecknet, och skriv "
            "hela adressen.",
            "{there} is no valid IRI: {said}. Remove the character or percent-encode it, and "
            "write the whole address.",
        ),
        (
            "bad-language-tag",
            r"language|subtag|base directions|Unexpected character",
            r".*@|[A-Za-z0-9_-]*",
            "Språktaggen vid {there} är felaktig. Den ska se ut som @sv eller @en-GB, med "
            "bindestreck och högst åtta tecken i varje del.",
            "The language tag at {there} is wrong. It should look like @sv or @en-GB, with "
            "hyphens and at most eight characters in each part.",
        ),
        (
            "bad-encoding",
            r"UTF-8|utf-8",
            "",
            "Här finns byte som inte är UTF-8. Spara filen i teckenkodningen UTF-8.",
            "Here are bytes that are not UTF-8. Save the file in the encoding UTF-8.",
        ),
        (
            "bad-declaration",
            r"keyword should be followed|declaration should be followed",
            "",
            "Deklarationen är ofullständig vid {there}. Den ska se ut så här: "
            "@prefix ex: <https://exempel.se/> .",
            "The declaration is not complete at {there}. It should look like this: "
            "@prefix ex: <https://example.org/> .",
        ),
        (
            "declaration-in-graph",
            r"is not a valid RDF subject",
            r"@(?:prefix|base)|(?i:PREFIX|BASE)\b",
            "Ingenting kan deklareras inne i en graf. Flytta {there} till filens början.",
            "Nothing can be declared within a graph. Move {there} to the top of the file.",
        ),
        (
            "missing-dot",
            r"is not a valid predicate",
            r"@(?:prefix|base)|PREFIX\b|BASE\b",
            "Satsen före {there} är inte avslutad. Sätt punkt efter den.",
            "The statement before {there} has no end. Put a dot after it.",
        ),
        (
            "missing-dot",
            r"dot is expected|followed by a dot",
            "",
            "Satsen före {there} saknar sin punkt, eller så saknas ett skiljetecken (; eller ,) "
            "här.",
            "The statement before {there} lacks its dot, or a separator (; or ,) is missing here.",
        ),
        (
            "missing-brace",
            r"end of a graph block",
            "",
            "Före {there} saknas en punkt, eller klammern } som stänger grafen.",
            "Before {there} a dot is missing, or the brace } that closes the graph.",
        ),
        (
            "two-on-a-line",
            r"Only a single",
            "",
            "Två tripplar står på samma rad. Skriv en per rad.",
            "Two triples are on one line. Write one on each line.",
        ),
        (
            "unclosed-bracket",
            r"should end with a '\]'|should end with '\|\}'|to close a",
            "",
            "En parentes eller klammer som öppnats är inte stängd före {there}. Sätt den som "
            "saknas.",
            "A bracket that was opened is not closed before {there}. Add the missing one.",
        ),
        (
            "missing-object",
            r"is not a valid RDF object|object of a triple",
            r"[.;,\]})|]|\Z",
            "Objektet saknas före {there}. Skriv ett värde efter egenskapen, eller ta bort "
            "skiljetecknet.",
            "The object is missing before {there}. Write a value after the property, or remove "
            "the separator.",
        ),
        (
            "missing-predicate",
            r"is not a valid predicate",
            r"[.;,\]})|]",
            "Egenskapen saknas före {there}. En sats har subjekt, egenskap och objekt.",
            "The property is missing before {there}. A statement has a subject, a property and "
            "an object.",
        ),
        (
            "literal-subject",
            r"valid subject|valid RDF subject|subject of a triple",
            r"[\"'0-9+-]",
            "{there} är ett värde och kan inte vara subjekt. Subjektet är en IRI eller en blank "
            "nod; saknas ett citattecken eller en punkt tidigare?",
            "{there} is a value and cannot be a subject. A subject is an IRI or a blank node; is "
            "a quotation mark or a dot missing before?",
        ),
        (
            "literal-predicate",
            r"valid predicate|predicate of a triple",
            r"[\"'0-9+_-]",
            "{there} kan inte vara egenskap. En egenskap är en IRI.",
            "{there} cannot be a property. A property is an IRI.",
        ),
        (
            "stray-mark",
            r"valid subject|valid RDF subject|subject of a triple",
            r"[.;,\])}>|]",
            "{there} hör inte till någon sats. Ta bort det, eller sätt dit det som det skulle "
            "stänga.",
            "{there} belongs to no statement. Remove it, or add what it was to close.",
        ),
        (
            "graph-in-turtle",
            r"valid subject",
            r"\{",
            "Grafer i klamrar finns bara i TriG. Byt filens ändelse till .trig, eller ta bort "
            "klammern.",
            "Graphs in braces exist in TriG only. Name the file .trig, or remove the brace.",
        ),
        (
            "missing-datatype",
            r"datatype",
            "",
            "Efter ^^ ska datatypen stå, en IRI. {there} är ingen.",
            "After ^^ stands the datatype, an IRI. {there} is none.",
        ),
        (
            "variable",
            _MISPLACED,
            r"[?$]",
            "{there} är en variabel, och sådana finns bara i frågor. Skriv en IRI eller ett värde.",
            "{there} is a variable, and those exist in queries only. Write an IRI or a value.",
        ),
        (
            "bare-word",
            _MISPLACED,
            r"[A-Za-z]\w*\Z",
            "{there} är ett ord utan prefix. Sätt prefix framför, vinklar runt en IRI eller "
            "citattecken runt en text; true och false skrivs med små bokstäver.",
            "{there} is a word without a prefix. Put a prefix before it, angle brackets around an "
            "IRI or quotation marks around a text; true and false have small letters.",
        ),
        (
            "unexpected-end",
            r"Unexpected end",
            "",
            "Filen tar slut mitt i en sats. Sätt punkt efter den, och stäng det som är öppet.",
            "The file ends in the middle of a statement. Put a dot after it, and close what is "
            "open.",
        ),
        (
            "bad-number",
            r"integer|decimal|double|exponent|digit",
            "",
            "Talet vid {there} är ofullständigt. Skriv siffrorna som saknas, eller citattecken om "
            "det är en text.",
            "The number at {there} is not complete. Write the missing digits, or quotation marks "
            "if it is a text.",
        ),
        (
            "syntax",
            "",
            "",
            "Det här kan inte läsas: {said}. Jämför med raderna före, och rätta stället.",
            "This cannot be read: {said}. Compare with the lines before, and correct the place.",
        ),
    )
)
_SHOWN: Final = 60
_NOT_CLOSED: Final = "to close a bracket"


def describe(said: str, there: str, *, unclosed: bool = False) -> tuple[str, Texts]:
    """Put a syntax error into words.

    Args:
        said: what the parser says.
        there: the text at the place, empty at the end of the file.
        unclosed: whether a bracket of the statement is open there.

    Returns:
        The kind of error, and what is wrong and how to fix it.
    """
    if unclosed and there in {"", "."}:
        said = _NOT_CLOSED
    kind = next(
        kind
        for kind in _KINDS
        if re.search(kind.said, said) and re.match(kind.there, there, re.DOTALL)
    )
    first = (readable(there).splitlines() or [""])[0]
    shown = first if len(first) <= _SHOWN else first[: _SHOWN - 1] + "…"
    return kind.name, (
        ("sv", _fill(kind.swedish, f"”{shown}”" if shown else "slutet", said)),
        ("en", _fill(kind.english, f"“{shown}”" if shown else "the end", said)),
    )


def _fill(text: str, there: str, said: str) -> str:
    return text.replace("{said}", readable(said).rstrip(".")).replace("{there}", there)
