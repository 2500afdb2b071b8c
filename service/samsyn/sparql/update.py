"""SPARQL 1.1 Update on the store of the query index.

The engine takes a request as one transaction: where an operation fails, none has happened. It knows
no datasets beside the text, so those of the protocol are written into it; and it takes declarations
only before the first operation, so later ones are given to it beside the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Final
from uuid import uuid4

from pyoxigraph import BlankNode, NamedNode, Store

from samsyn.dataset.exact import is_iri
from samsyn.errors import ForbiddenError, QueryError, ToolError, UsageError
from samsyn.sparql import dialect, error_texts, keywords
from samsyn.sparql.functions import tolerating
from samsyn.sparql.grammar.rewriting import concerns
from samsyn.sparql.grammar.tree import Part, Select

_NOTHING: Final = keywords.Part("", 0, 0)
# An operation begins with the text, behind another one, or behind a declaration.
_BEFORE_OPERATION: Final = frozenset({"", ";", ">", '"'})
_VISIBLE: Final = re.compile(r"[^\r\n]")
_TWO: Final = 2
_NO_OPERATION: Final = "DROP SILENT GRAPH <urn:x-samsyn:nothing>"
_LOAD: Final = re.compile("load", re.IGNORECASE)
_USING: Final = re.compile(r"using(?:[\x20\t\r\n]|#[^\r\n]*)*\Z", re.IGNORECASE)
_TWO_GRAPHS: Final = re.compile(r"using\b.*using\b", re.IGNORECASE | re.DOTALL)
_PLAIN: Final = "Close each brace, write IRIs that hold # in full, and put spaces around < and >."


def run(  # noqa: PLR0913  one update has that many sides
    store: Store,
    text: str,
    *,
    base: str | None,
    prefixes: Mapping[str, str],
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
) -> None:
    """Run an update request, wholly or not at all (SPARQL 1.1 Update, section 3).

    Args:
        store: what is changed.
        text: the operations.
        base: what relative IRIs in it are resolved against.
        prefixes: prefixes that need no declaration.
        using: graphs that make up the default graph of each WHERE (SPARQL 1.1 Protocol, 2.2.3).
        using_named: graphs that each WHERE may name.

    Raises:
        QueryError: it cannot be parsed (line and column given) or fails when run.
        ForbiddenError: it asks for LOAD or SERVICE.
        UsageError: graphs are given beside USING or WITH, or are no IRIs.
        ToolError: the store failed.
    """
    keywords.refuse_service(keywords.keywords(text))
    text = _without_silent_loads(text)
    parts = keywords.outline(text)
    _refuse_load(text, parts)
    text, prefixes = _without_later_declarations(text, parts or (), prefixes)
    clauses = _clauses("USING", using) + _clauses("USING NAMED", using_named)
    if clauses:
        # First as it was sent, so that the place of a fault is true; nothing is in this store.
        with suppress(RuntimeError):
            _update(Store(), dialect.Written(text, {}, None), base, prefixes)
        text = _directed(text, clauses)
    several = _TWO_GRAPHS.search(text) is not None
    if several or concerns(text):
        with suppress(RuntimeError):
            _update(Store(), dialect.Written(text, {}, None), base, prefixes)
    if several:
        text = _merging(text)
    try:
        _update(store, dialect.written("update", text), base, prefixes)
    except RuntimeError as error:
        # A graph that is there already, or is not there.
        raise QueryError(
            f"The update failed, and nothing has changed: {error}.",
            advice="With SILENT behind its keyword an operation may fail.",
        ) from error
    # Only IRIs name graphs here; as with other triples that cannot be, these are left out.
    for name in list(store.named_graphs()):
        if isinstance(name, BlankNode):
            store.remove_graph(name)


def check(text: str, base: str | None, prefixes: Mapping[str, str]) -> None:
    """Check how an update is written, by running it on nothing.

    Only for processes that reach no network, since a LOAD in it is tried.

    Args:
        text: the operations.
        base: what relative IRIs in it are resolved against.
        prefixes: prefixes that need no declaration.

    Raises:
        QueryError: it cannot be parsed; it has the place.
    """
    with suppress(RuntimeError, ToolError):
        _update(Store(), dialect.Written(text, {}, None), base, prefixes)


def _update(
    store: Store, written: dialect.Written, base: str | None, prefixes: Mapping[str, str]
) -> None:
    try:
        tolerating(
            lambda functions: store.update(
                written.text,
                base_iri=base,
                prefixes=dict(prefixes),
                custom_functions=functions,
                custom_aggregate_functions=written.aggregates,
            ),
            written.functions,
        )
    except SyntaxError as error:
        raise error_texts.unparsed("update", error, written.text, prefixes, prefixes) from error
    except OSError as error:
        raise ToolError(f"The query index failed: {error}") from error


def _without_silent_loads(text: str) -> str:
    """Put what does nothing in place of each LOAD SILENT.

    No LOAD ever succeeds here, and a silent one is to succeed when it fails (section 3.1.4).
    """
    parts = keywords.outline(text) or ()
    pieces: list[str] = []
    end = 0
    for before, *five in zip((_NOTHING, *parts), *(parts[n:] for n in range(5)), strict=False):
        words = [part.text for part in five]
        if before.text in _BEFORE_OPERATION and words == ["LOAD", "SILENT", "<", *words[3:4], ">"]:
            pieces += [text[end : five[0].start], _NO_OPERATION]
            end = _end_of_load(parts, five[-1])
    return "".join(pieces) + text[end:]


def _end_of_load(parts: Sequence[keywords.Part], last: keywords.Part) -> int:
    after = [part for part in parts if part.start >= last.end]
    into = [part.text for part in after[:5]]
    return after[4].end if into == ["INTO", "GRAPH", "<", *into[3:4], ">"] else last.end


def _refuse_load(text: str, parts: Sequence[keywords.Part] | None) -> None:
    if parts is None:
        # Nobody can say where operations begin: the word is enough, wherever it stands.
        found = _LOAD.search(text)
        offset = None if found is None else found.start()
    else:
        offset = next((part.start for part in _beginnings(parts) if _holds(part, "LOAD")), None)
    if offset is None:
        return
    line, column = keywords.place(text, offset)
    raise ForbiddenError(
        "LOAD is refused: no update reads a file or another server from here.",
        line=line,
        column=column,
        advice="Send the triples: by INSERT DATA, or as a file by the Graph Store Protocol."
        + (f" If this is no LOAD: {_PLAIN}" if parts is None else ""),
    )


def _beginnings(parts: Sequence[keywords.Part]) -> Iterator[keywords.Part]:
    """Yield the words with which an operation or a declaration may begin."""
    for before, part in pairwise((_NOTHING, *parts)):
        if before.text in _BEFORE_OPERATION:
            yield part


def _holds(part: keywords.Part, keyword: str) -> bool:
    # The engine needs no space behind a keyword: LOADa:b loads.
    return keyword in part.text.partition(":")[0]


def _without_later_declarations(
    text: str, parts: Sequence[keywords.Part], prefixes: Mapping[str, str]
) -> tuple[str, Mapping[str, str]]:
    """Blank out each PREFIX behind the first operation, and return the prefixes to know instead.

    One that gives a prefix another meaning, and BASE, stay where they are: a fault to the engine.
    """
    separator = next((part.start for part in parts if part.text == ";"), len(text))
    declared, known = dict(prefixes), dict(prefixes)
    pieces: list[str] = []
    end = 0
    for found in zip(*(parts[skipped:] for skipped in range(5)), strict=False):
        if found[0].text != "PREFIX" or found[2].text + found[4].text != "<>":
            continue
        name, iri = (text[part.start : part.end] for part in (found[1], found[3]))
        prefix = name.removesuffix(":")
        if found[0].start < separator:
            declared[prefix] = iri
        elif declared.setdefault(prefix, iri) == iri and is_iri(iri):
            known[prefix] = iri
            start, begun = end, found[0].start
            end = found[4].end
            # Nothing moves, so that the place of a fault stays true.
            pieces += [text[start:begun], _VISIBLE.sub(" ", text[begun:end])]
    return "".join(pieces) + text[end:], known


def _clauses(keyword: str, graphs: Sequence[str]) -> str:
    try:
        return "".join(f" {keyword} {NamedNode(graph)}" for graph in graphs)
    except ValueError as error:
        raise UsageError(
            f"A graph given beside the update is no IRI: {error}.", advice="Give a full IRI."
        ) from error


def _directed(text: str, clauses: str) -> str:
    """Write USING clauses into each operation that has a WHERE.

    Args:
        text: operations without a fault.
        clauses: the clauses, with a space before each.
    """
    parts = keywords.outline(text)
    if parts is None:
        raise UsageError("No graphs can be given beside so unclear a text.", advice=_PLAIN)
    _refuse_own_graphs(parts)
    pieces: list[str] = []
    end = 0
    for before, part, after in zip((_NOTHING, *parts), parts, (*parts[1:], _NOTHING), strict=False):
        if not part.text.endswith("WHERE") or after.text != "{}":
            continue
        start = part.end - len("WHERE")
        # The short form is its own template.
        template = "" if before.text == "{}" else f" {text[after.start : after.end]}"
        pieces.append(f"{text[end:start]}{template}{clauses} ")
        end = start
    return "".join(pieces) + text[end:]


def _refuse_own_graphs(parts: Sequence[keywords.Part]) -> None:
    own = [part for part in _beginnings(parts) if _holds(part, "WITH")]
    own += [
        part for before, part in pairwise(parts) if before.text == "{}" and _holds(part, "USING")
    ]
    if own:
        raise UsageError(
            "The update names its graphs itself, by USING or WITH, and others are given beside it.",
            advice="Leave out using-graph-uri and using-named-graph-uri, or USING and WITH.",
        )


def _merging(text: str) -> str:
    """Let each operation see its graphs as one set of triples (SPARQL 1.1 Update, section 3.1.3).

    The engine reads them one after the other, so that a triple of two of them counts twice. Where
    that can be seen, their merge is made before the operation and dropped behind it.

    Args:
        text: operations without a fault.
    """
    pieces: list[str] = []
    end = 0
    for operation in error_texts.read("update", text).parts:
        assert isinstance(operation, Select)  # noqa: S101  for the types
        graphs = [clause for clause in operation.datasets if not clause[0]]
        if len(graphs) < _TWO or not (operation.makes_blanks or _counts(operation)):
            continue
        merged = f"<urn:x-samsyn:merged:{uuid4()}>"
        names = [text[clause[1] : clause[2]] for clause in graphs]
        copies = "".join(f"ADD SILENT GRAPH {name} TO GRAPH {merged} ; " for name in names)
        pieces += [text[end : operation.start], copies]
        end = operation.start
        for number, (_, start, behind) in enumerate(graphs):
            # The engine would read a graph twice that is named twice.
            clause = _USING.search(text, end, start) if number else None
            pieces += [text[end : clause.start() if clause else start], "" if number else merged]
            end = behind
        pieces += [text[end : operation.end], f" ; DROP SILENT GRAPH {merged}"]
        end = operation.end
    return "".join(pieces) + text[end:]


def _counts(part: Part) -> bool:
    """Return whether a part holds a subquery, which may count solutions."""
    return any(isinstance(inner, Select) or _counts(inner) for inner in part.parts)
