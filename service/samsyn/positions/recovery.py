"""All syntax errors of a document, and what can be read in spite of them.

The parser judges: it reads up to an error, and goes on where the next statement seems to begin,
with the prefixes that are in force there. What it did not take is blanked, so everything else keeps
its line and column. A document in which the parser finds no fault has none.

Of a statement only the first error is reported, except prefixes. An undeclared prefix is one
fault, at its first use, however many statements it spoils; one whose declaration is at fault is no
fault of its own.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from samsyn.dataset.exact import Quad, parse, stumble
from samsyn.dataset.flaws import FlawError
from samsyn.dataset.rdfxml.xml_text import lines_of
from samsyn.errors import SourceError
from samsyn.positions.lines import Lines
from samsyn.positions.remaining_text import Rest
from samsyn.positions.text import Region
from samsyn.positions.turtle.error_recovery import Rescue, blank
from samsyn.positions.turtle.faults import Fault, describe
from samsyn.positions.turtle.statements import tokens

MOST: Final = 1000
"""After so many faults the rest of a document is left unread."""

_ROUNDS: Final = 5


@dataclass(frozen=True)
class Recovered:
    """What was read.

    Args:
        quads: those of the statements without fault.
        faults: the syntax errors, in the order of the text.
        text: the document with all else blanked and without a byte order mark; places in it are
            places in the document.
        complete: whether all of it was looked at.
    """

    quads: tuple[Quad, ...]
    faults: tuple[Fault, ...]
    text: bytes
    complete: bool = True


def recover(
    data: bytes,
    form: str,
    *,
    base: str | None = None,
    path: str = "input",
    most: int = MOST,
) -> Recovered:
    """Read a document as far as it can be read, and tell each of its syntax errors.

    Turtle and TriG are read on at the next statement, N-Triples and N-Quads at the next line; in
    RDF/XML and JSON-LD the first error is the last.

    Args:
        data: the document; a byte order mark is passed over.
        form: short name of its format.
        base: what relative IRIs are resolved against.
        path: the name of the document; blank nodes of documents with other names differ.
        most: after how many faults to stop.
    """
    data = data.removeprefix(BOM_UTF8)
    try:
        return Recovered(tuple(parse(data, form, base=base, path=path)), (), data)
    except SourceError as error:
        known = flawed(error, data, form)
        if known is not None:
            return known
        if form in {"turtle", "trig"}:
            rescue = Rescue(_decoded(data), form, base, most)
            repaired, faults, complete = rescue.run(), rescue.faults, rescue.complete
        else:
            repaired, faults, complete = _lines(_decoded(data), form, most)
    for _ in range(_ROUNDS):
        # What was blanked may have left something behind that cannot stand alone.
        text = _encoded(repaired)
        if stumble(text, form, base=base) is None:
            quads = tuple(parse(text, form, base=base, path=path))
            return Recovered(quads, tuple(faults), text, complete)
        repaired = Rescue(repaired, form, base, len(repaired)).run()
    return Recovered((), tuple(faults), b"", complete=False)


def flawed(error: SourceError, data: bytes, form: str) -> Recovered | None:
    """Return what is known of a document whose first error is its last, None if it is another.

    Args:
        error: the error.
        data: the document.
        form: short name of its format.
    """
    flaw = error.flaw
    if not isinstance(flaw, FlawError):
        return None
    text = _decoded(data)
    if form == "rdfxml":
        with suppress(FlawError):
            text = "".join(lines_of(BytesIO(data)))
    lines = Lines(text)
    line = lines.line(lines.offset(*flaw.start))
    fault = Fault(Region(*flaw.start, *flaw.end), flaw.kind, flaw.messages, line)
    return Recovered((), (fault,), b"", complete=False)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _decoded(data: bytes) -> str:
    # Bytes that are no UTF-8 must stay what they are until the parser has told of them.
    return data.decode("utf-8", "surrogateescape")


def _lines(text: str, form: str, most: int) -> tuple[str, list[Fault], bool]:
    lines, faults, pieces = Lines(text), list[Fault](), []
    position, kept = 0, 0
    while (stop := stumble(Rest("", text, position, 1), form)) is not None and len(faults) < most:
        line = lines.point(position)[0] + stop.line - 2
        if stop.column == 1 and "line jumps" in stop.message:
            line -= 1  # it is the line before that is not whole
            offset = lines.offset(line, 1) + len(lines.line(lines.offset(line, 1)))
        else:
            offset = lines.offset(line, stop.column)
        start, position = lines.offset(line, 1), lines.offset(line + 1, 1)
        faults.append(_fault(lines, stop.message, offset))
        pieces += [text[kept:start], blank(text[start:position])]
        kept = position
    if stop is not None:
        pieces.append(blank(text[kept:]))
        kept = len(text)
    return "".join([*pieces, text[kept:]]), faults, stop is None


def _fault(lines: Lines, said: str, offset: int) -> Fault:
    line, first = lines.line(offset), lines.start(offset)
    start = end = offset - first
    for token in tokens(line, 0):
        if token.start <= offset - first <= token.end:
            start, end = token.start, token.end
    kind, messages = describe(said, line[start:end])
    return Fault(lines.region(first + start, first + end), kind, messages, line)
