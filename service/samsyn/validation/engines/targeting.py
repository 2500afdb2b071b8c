"""Targets that take more than a lookup, resolved to their nodes, so that any engine can use them.

These are the targets in SPARQL and their types (SHACL Advanced Features, sections 3.1 and 3.2),
and ``sh:targetWhere`` (SHACL 1.2).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from samsyn import names
from samsyn.closure.view import View
from samsyn.dataset.exact import BlankNode, Dataset, Graph, Literal, NamedNode, Term, Triple
from samsyn.errors import SamsynError, ToolError
from samsyn.sparql.stored_terms import rewritten
from samsyn.validation.engines.targets import Target, deactivated, is_target, plain

if TYPE_CHECKING:
    from samsyn.sparql.index import Index

_TARGET, _WHERE = (names.SH + name for name in ("target", "targetWhere"))
_DYNAMIC: Final = frozenset({_TARGET, _WHERE})
_TARGET_NODE: Final = NamedNode(names.SH + "targetNode")
_VARIABLE: Final = re.compile(
    r"(?P<aside>\"{3}.*?\"{3}|'{3}.*?'{3}|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\"{}|^`\\\s]*>|\#[^\n]*)|[?$](?P<name>\w+)",
    re.DOTALL,
)
"""A variable of a query, and before it what may hold signs that look like one."""


def is_aim(triple: Triple) -> bool:
    """Return whether a triple of a shapes graph is a target of any kind."""
    return is_target(triple) or triple.predicate.value in _DYNAMIC


Examine = Callable[[View, tuple[Triple, ...]], Iterable[str]]
"""Checks a graph against shapes, and returns the focus nodes of the results as in N-Triples."""


class Targeting:
    """What the targets of a shapes graph choose in some data.

    Args:
        view: the data.
        shapes: the shapes graph.
        examine: how nodes are checked against a shape.
    """

    def __init__(self, view: View, shapes: tuple[Triple, ...], examine: Examine) -> None:
        self._view = view
        self._shapes = shapes
        self._examine = examine
        self._about: dict[object, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in shapes:
            self._about[triple.subject][triple.predicate.value].append(triple.object)  # type: ignore[arg-type]  # no triple term
        self._off = deactivated(shapes)

    def resolved(self) -> tuple[tuple[Triple, ...], tuple[Target, ...]]:
        """Return the shapes with ``sh:targetNode`` for each such target, and what each matched.

        Raises:
            ToolError: a target cannot be evaluated.
        """
        kept: list[Triple] = []
        found: list[Target] = []
        for triple in self._shapes:
            nodes = self._chosen(triple)
            if nodes is None:
                kept.append(triple)
            elif triple.subject not in self._off:
                kept += (Triple(triple.subject, _TARGET_NODE, node) for node in nodes)
                found.append(Target(plain(triple.subject), frozenset(nodes)))
        return tuple(kept), tuple(found)

    def _chosen(self, triple: Triple) -> set[Term] | None:
        if triple.predicate.value == _TARGET:
            return set() if triple.subject in self._off else self._selected(triple)
        if triple.predicate.value == _WHERE:
            return set() if triple.subject in self._off else self._conforming(triple)
        return None

    def _conforming(self, triple: Triple) -> set[Term]:
        # Every node of the data is checked against the shape; those without a result are chosen.
        probe = NamedNode("urn:x-samsyn:where")
        rest = (t for t in self._shapes if not is_aim(t))
        property_ = NamedNode(names.SH + "node")
        aims = (
            Triple(probe, NamedNode(names.SH + end), NamedNode(predicate))
            for predicate in self._view.properties
            for end in ("targetSubjectsOf", "targetObjectsOf")
        )
        asked = (*rest, Triple(probe, property_, triple.object), *aims)
        failing = set(self._examine(self._view, asked))
        return {node for node in self._view.nodes() if str(node) not in failing}  # type: ignore[misc]  # no triple term

    def _selected(self, triple: Triple) -> set[Term]:
        query = self._query(triple)
        try:
            rows = list(self._index.query(query).rows())
        except SamsynError as error:
            raise _unusable(triple, error.message) from error
        found = {row["this"] for row in rows if "this" in row}
        return {original for term in found for original in self._originals(term)}

    def _query(self, triple: Triple) -> str:
        target = triple.object
        said = self._about[target]
        values: dict[str, Term] = {}
        if not said[names.SH + "select"]:
            kind = self._type(target)
            if kind is None:
                raise _unusable(triple, "it has no sh:select, and its type has none")
            values = self._parameters(triple, kind)
            said = self._about[kind]
        (select, *more) = said[names.SH + "select"]
        if more or not isinstance(select, Literal):
            raise _unusable(triple, "sh:select takes one text")
        return self._prologue(said[names.SH + "prefixes"]) + _bound(select.value, values)

    def _type(self, target: object) -> object | None:
        waiting = list[object](self._about[target][names.RDF_TYPE])
        met: set[object] = set()
        while waiting:
            kind = waiting.pop(0)
            if self._about[kind][names.SH + "select"]:
                return kind
            met.add(kind)
            waiting += set(self._about[kind][names.RDFS + "subClassOf"]) - met
        return None

    def _parameters(self, triple: Triple, kind: object) -> dict[str, Term]:
        found: dict[str, Term] = {}
        for parameter in self._about[kind][names.SH + "parameter"]:
            said = self._about[parameter]
            optional = any(plain(o).startswith('"true"') for o in said[names.SH + "optional"])
            for path in map(plain, said[names.SH + "path"]):
                values = self._about[triple.object][path]
                if len(values) > 1 or (not values and not optional):
                    raise _unusable(triple, f"it has {len(values)} values of <{path}>")
                if any(isinstance(value, BlankNode) for value in values):
                    raise _unusable(triple, f"<{path}> of a target is an IRI or a literal")
                found |= {names.local(path): value for value in values}
        return found

    def _prologue(self, holders: Iterable[object]) -> str:
        waiting, met = list(holders), set[object]()
        lines: list[str] = []
        while waiting:
            holder = waiting.pop()
            if holder in met:
                continue
            met.add(holder)
            waiting += self._about[holder][names.OWL + "imports"]
            entries = (self._about[entry] for entry in self._about[holder][names.SH + "declare"])
            lines += (
                f"PREFIX {prefix.value}: <{namespace.value}>\n"
                for entry in entries
                for prefix in entry[names.SH + "prefix"]
                for namespace in entry[names.SH + "namespace"]
            )
        return "".join(dict.fromkeys(lines))

    @cached_property
    def _index(self) -> Index:
        # Few shapes have targets in SPARQL.
        from samsyn.sparql.index import Index

        graph = Graph("", names.CONTRIBUTED, None, "", tuple(self._view.triples()))
        return Index(Dataset({"": graph}), union=False)

    def _originals(self, term: Term) -> Iterable[Term]:
        # The index answers with 1 where the data has 01.
        return self._rewritten.get(term, [term]) if isinstance(term, Literal) else [term]

    @cached_property
    def _rewritten(self) -> Mapping[Term, list[Term]]:
        literals = [node for node in self._view.nodes() if isinstance(node, Literal)]
        found: dict[Term, list[Term]] = defaultdict(list)
        for literal, instead in rewritten(literals).items():
            found[instead].append(literal)
        for literal in literals:
            if literal in found:
                found[literal].append(literal)
        return found


def _bound(query: str, values: Mapping[str, Term]) -> str:
    def instead(match: re.Match[str]) -> str:
        value = values.get(match["name"] or "")
        return match[0] if value is None else str(value)

    return _VARIABLE.sub(instead, query)


def _unusable(triple: Triple, reason: str) -> ToolError:
    return ToolError(
        f"The target of the shape {plain(triple.subject)} cannot be evaluated: {reason}.",
        advice="Correct the shapes: without its target the shape would check nothing.",
    )
