"""Which properties of the data shapes can look at: an engine need not be shown the others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple

_ALWAYS: Final = (
    names.RDF_TYPE,
    names.RDFS + "subClassOf",
    # Lists are followed though no shape names these.
    names.RDF + "first",
    names.RDF + "rest",
    names.RDF + "reifies",
)
_ANY: Final = frozenset(
    names.SH + name for name in ("closed", "ask", "sparqlExpr", "target", "rule", "js")
)
_TOKEN: Final = re.compile(
    r"(?P<iri><[^<>\"{}|^`\\\s]*>)"
    r"|(?P<text>\"{3}.*?\"{3}|'{3}.*?'{3}|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<name>[\w.-]*:(?:[\w:%-]+(?:\.+[\w:%-]+)*)?)"
    r"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>\w+)|(?P<comment>\#[^\n]*)|(?P<mark>\S)",
    re.DOTALL,
)
_CLEAR: Final = re.compile("<[A-Za-z][A-Za-z0-9+.-]*://")
"""How an IRI begins that can be no comparison, whatever is in it."""
_TERMS: Final = frozenset({"iri", "text", "variable", "name", "number"})
_ENDS: Final = frozenset(
    {*".;,{}])", "BIND", "FILTER", "GRAPH", "MINUS", "OPTIONAL", "SERVICE", "UNION", "VALUES"}
)
"""What may come after the last term of a triple."""

_Token = tuple[str, str]
"""Kind and text."""


def looked_at(shapes: Iterable[Triple]) -> frozenset[str] | None:
    """Return the properties that shapes can look at, None where those may be any.

    A closed shape looks at all properties of a node, and so does a query with a variable in the
    place of a property.

    Args:
        shapes: the shapes graph.
    """
    found, queries = set(_ALWAYS), []
    said: dict[object, dict[str, str]] = defaultdict(dict)
    for triple in shapes:
        if triple.predicate.value in _ANY:
            return None
        if isinstance(triple.object, NamedNode):
            found.add(triple.object.value)
        elif isinstance(triple.object, Literal):
            said[triple.subject][triple.predicate.value] = triple.object.value
            if triple.predicate.value == names.SH + "select":
                queries.append(triple.object.value)
    spaces = _spaces(said.values())
    for query in queries:
        named = _named(query, spaces)
        if named is None:
            return None
        found |= named
    return frozenset(found)


class Sight:
    """Tells which properties the queries of a shapes graph can look at.

    Args:
        shapes: the shapes graph.
    """

    def __init__(self, shapes: Iterable[Triple]) -> None:
        said: dict[object, dict[str, str]] = defaultdict(dict)
        for triple in shapes:
            if isinstance(triple.object, Literal):
                said[triple.subject][triple.predicate.value] = triple.object.value
        self._spaces = _spaces(said.values())

    def of(self, query: str) -> frozenset[str] | None:
        """Return the properties that a query can look at, None where they may be any.

        Args:
            query: its text, without declarations of prefixes.
        """
        found = _named(query, self._spaces)
        return None if found is None else frozenset(found)


def _spaces(said: Iterable[Mapping[str, str]]) -> dict[str, set[str]]:
    # Two queries may mean different namespaces by one prefix: each may mean either.
    found: dict[str, set[str]] = defaultdict(set)
    for each in said:
        if names.SH + "prefix" in each and names.SH + "namespace" in each:
            found[each[names.SH + "prefix"]].add(each[names.SH + "namespace"])
    return found


def _named(query: str, spaces: Mapping[str, Set[str]]) -> set[str] | None:
    # Whatever is doubtful counts as a look at anything.
    tokens: list[_Token] = [
        (match.lastgroup or "", match[0])
        for match in _TOKEN.finditer(query)
        if match.lastgroup != "comment"
    ]
    words = {text.upper() for kind, text in tokens if kind == "word"}
    iris = [text for kind, text in tokens if kind == "iri"]
    strange = {"PREFIX", "BASE"} & words or ("mark", "\\") in tokens
    body = tokens[tokens.index(("mark", "{")) :] if ("mark", "{") in tokens else []
    if strange or not all(map(_CLEAR.match, iris)) or not body:
        return None
    if any(map(_is_open, _neighbours(body))):
        return None
    found = {iri[1:-1] for iri in iris}
    for kind, text in body:
        prefix, _, local = text.partition(":")
        if kind == "name" and prefix != "_":
            if prefix not in spaces:
                return None
            found.update(space + local for space in spaces[prefix])
    return found


def _neighbours(tokens: Sequence[_Token]) -> Iterator[tuple[_Token, _Token, _Token]]:
    nothing = ("", "")
    return zip([nothing, *tokens], tokens, [*tokens[1:], nothing], strict=False)


def _is_open(tokens: tuple[_Token, _Token, _Token]) -> bool:
    # A variable between two terms stands for a property, and so may one after a semicolon; what a
    # path leaves out, as in !ex:p, leaves all others in.
    before, (kind, text), after = tokens
    if kind == "variable":
        follows = before[0] in _TERMS or before[1] in {*"]);|>"}
        return text[1:] == "PATH" or (follows and after[1].upper() not in _ENDS)
    is_path = after[0] in {"iri", "name"} or after[1] in {"(", "^", "a"}
    return (kind, text) == ("mark", "!") and is_path
