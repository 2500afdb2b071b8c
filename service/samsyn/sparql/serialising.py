"""Answers as the engine writes them, put right where it errs; what a format cannot say is refused.

A refusal comes before the first byte. Where data or query might hold what a format cannot say, the
answer is therefore held back, compressed, until it is whole; all others stream.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from typing import IO, Any, Final, Protocol, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat
from pyoxigraph import serialize as serialise

from samsyn.dataset.rdfxml import writer
from samsyn.dataset.syntax import unwritten

_LEVEL: Final = 1
_DOUBTFUL: Final = re.compile(
    r"\\u|<<|triple|[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", re.IGNORECASE
)
_ALLOWED: Final = b"\t\n\r" + bytes(range(0x20, 0x100))
_NO_CHARACTER: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF in UTF-8."""
_SPLIT: Final = 2
"""Bytes at the end of a piece that may be the beginning of such a character."""
_OTHER_TABLES: Final = ("json", "csv", "tsv")


class Output(Protocol):
    """What an answer can be written to."""

    def write(self, data: bytes) -> int:
        """Take bytes."""


def doubtful(text: str) -> bool:
    r"""Return whether a text might bring in a term that not every format can write.

    No function of SPARQL makes a character that XML lacks, or a triple term, of other terms.

    Args:
        text: a query.

    >>> doubtful('SELECT ("\\u0001" AS ?x) {}')
    True
    """
    return _DOUBTFUL.search(text) is not None


def write_graph(
    triples: QueryTriples,
    form: RdfFormat,
    prefixes: Mapping[str, str],
    output: Output,
    doubt: Callable[[], bool],
) -> None:
    """Write the answer to a CONSTRUCT or DESCRIBE.

    Args:
        triples: the answer.
        form: the format.
        prefixes: prefixes to use.
        output: where it goes.
        doubt: whether data or query are doubtful.

    Raises:
        FormatError: the format cannot say it, and nothing was written.
        OSError: the query fails while it runs.
    """
    if form == RdfFormat.RDF_XML:
        # Here the doubt is the rule: any IRI may be that of a property, and many cannot be written.
        spool = Spool()
        for piece in writer.document(triples, prefixes):
            spool.write(piece)
        spool.pour(output)
        return
    held = Spool() if form == RdfFormat.JSON_LD and doubt() else None
    try:
        serialise(triples, _file(held or output), format=form, prefixes=dict(prefixes))
    except OSError as error:
        raise unwritten(error) from error
    if held is not None:
        held.pour(output)


def write_table(
    answer: QuerySolutions | QueryBoolean,
    form: QueryResultsFormat,
    output: Output,
    doubt: Callable[[], bool],
) -> None:
    """Write the answer to a SELECT or ASK.

    Args:
        answer: the answer.
        form: the format.
        output: where it goes.
        doubt: whether data or query are doubtful.

    Raises:
        FormatError: the format cannot say it, and nothing was written.
        OSError: the query fails while it runs.
    """
    if form != QueryResultsFormat.XML:
        answer.serialize(_file(output), format=form)
        return
    held = Spool() if doubt() else None
    answer.serialize(_file(_Markup(held or output)), format=form)
    if held is not None:
        held.pour(output)


def _file(output: Output) -> IO[bytes]:
    return cast("IO[bytes]", output)


class Spool:
    """Holds an answer back, compressed, until it is known to be whole."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj(_LEVEL)
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._pieces.append(self._stream.compress(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is passed on before the end."""

    def pour(self, output: Output) -> None:
        """Pass all of it on."""
        stream = zlib.decompressobj()
        for piece in (*self._pieces, self._stream.flush()):
            output.write(stream.decompress(piece))


class _Markup:
    """Passes XML on so that it comes back as it was: the engine writes characters as they are.

    A reader makes line feeds of carriage returns (XML 1.0, section 2.11), and takes no document in
    which there are characters that XML lacks.
    """

    def __init__(self, output: Output) -> None:
        self._output: Any = output
        self._end = b""

    def write(self, data: bytes) -> int:
        seen = self._end + data
        controls = data.translate(None, _ALLOWED)
        found = controls[:1] or next(filter(seen.__contains__, _NO_CHARACTER), b"")
        if found:
            raise writer.unwritable("Results XML", found.decode(), _OTHER_TABLES)
        self._end = data[-_SPLIT:]
        self._output.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back for long."""
