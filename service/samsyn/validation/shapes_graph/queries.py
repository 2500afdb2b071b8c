"""The queries of a shapes graph: whether they can be run, and what they must not do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.errors import QueryError
from samsyn.sparql import keywords
from samsyn.sparql.prefixed_names import spelled_out
from samsyn.sparql.trial import tried
from samsyn.validation.shapes_graph import parameters, prebinding
from samsyn.validation.shapes_graph.executables import (
    VALIDATORS,
    Executable,
    called_by_expressions,
    components,
    executables,
)
from samsyn.validation.shapes_graph.executables import parameters as parameters_of
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.features import Means, is_script, needs_advanced, script_only
from samsyn.validation.shapes_graph.graph import ShapesGraph
from samsyn.validation.shapes_graph.prefixes import declared

_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {"select": "SELECT", "ask": "ASK", "construct": "CONSTRUCT"}
)
"""The form of query that each property takes."""
_FUNCTION: Final = ("select", "ask")


def query_faults(graph: ShapesGraph, means: Means) -> Iterator[Fault]:
    """Yield what is wrong with queries: of constraints, targets, rules, validators, functions.

    A validator counts where a shape uses its component, a function where something calls it: what
    a library declares apart from is not looked at.
    """
    for component, users in components(graph):
        named = [node for name in VALIDATORS for _, node in graph.values(component, name)]
        if all(is_script(graph, node) for node in named):
            yield script_only(graph.first(component), component, users)
    waiting = list(executables(graph))
    if means.advanced:
        waiting += (_called(graph, iri, ()) for iri in called_by_expressions(graph))
    met = set()
    while waiting:
        each = waiting.pop(0)
        if (each.node, each.users) not in met:
            met.add((each.node, each.users))
            reading = _Reading(graph, each, means)
            for found in reading.faults():
                yield replace(found, parts=each.users) if each.users else found
            users = each.users or (each.node,)
            waiting += (_called(graph, iri, users) for iri in sorted(reading.called))


def _called(graph: ShapesGraph, iri: str, users: tuple[object, ...]) -> Executable:
    node = NamedNode(iri)
    return Executable(node, graph.first(node), _FUNCTION, parameters_of(graph, node), users=users)


def spelled(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield shapes with their queries as the query engine can read them.

    Args:
        triples: the shapes graph.
    """
    given = tuple(triples)
    graph = ShapesGraph(given)
    for triple in given:
        name, query = triple.predicate.value.removeprefix(names.SH), triple.object
        if name in _FORMS and isinstance(query, Literal):
            text = spelled_out(query.value, declared(graph, triple.subject))
            if text != query.value:
                yield Triple(triple.subject, triple.predicate, Literal(text))
                continue
        yield triple


class _Reading:
    """The queries of one node.

    Args:
        graph: the shapes graph.
        executable: the node.
        means: what shapes are evaluated with.
    """

    def __init__(self, graph: ShapesGraph, executable: Executable, means: Means) -> None:
        self.executable = executable
        self.called: set[str] = set()
        """The functions that its queries call and SPARQL does not have."""
        self._graph = graph
        self._means = means

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with them."""
        each = self.executable
        held = [
            (name, index, query)
            for name in each.properties
            for index, query in self._graph.values(each.node, name)
        ]
        if not held and is_script(self._graph, each.node):
            yield script_only(each.index, each.node, each.users)
        elif not held and self._graph.has(each.node):
            yield _nothing(each)
        for name, index, query in held:
            if parameters.TEXT.test(query):
                yield from self._text_faults(name, index, query.value)

    def _text_faults(self, name: str, index: int, text: str) -> Iterator[Fault]:
        read = prebinding.tokens(text)
        yield from self._form_faults(name, index, read)
        bound = self.executable.bound
        if name == "ask" and "this" in bound:
            bound |= {"value"}
        breaches = list(prebinding.breaches(read, bound))
        for start, swedish, english in breaches:
            yield _at(index, name, keywords.place(text, start), swedish, english)
        called = keywords.keywords(text).service
        if called:
            swedish = "SERVICE får inte stå i former: ingen fråga når en annan slutpunkt."
            english = "SERVICE must not be in shapes: no query reaches another endpoint."
            yield _at(index, name, called, swedish, english)
        elif not breaches:
            yield from self._trial_faults(name, index, text)

    def _form_faults(self, name: str, index: int, read: list[prebinding.Token]) -> Iterator[Fault]:
        wanted, found = _FORMS[name], prebinding.form(read)
        gives = self.executable.returns if name == "select" else ""
        # What is no query at all is reported as such.
        if found and (found != wanted or (gives and not prebinding.returns(read, gives))):
            more, more_sv = (f" that gives ${gives}", f" som ger ${gives}") if gives else ("", "")
            yield fault(
                index,
                "object",
                f"sh:{name} ska vara en {wanted}{more_sv}.",
                f"sh:{name} is to be a {wanted}{more}.",
            )

    def _trial_faults(self, name: str, index: int, text: str) -> Iterator[Fault]:
        prefixes = declared(self._graph, self.executable.node)
        trial = tried(text, prefixes)
        if trial.error:
            yield _unreadable(index, name, text, prefixes, trial.error)
            return
        self.called |= set(trial.functions)
        unknown = [iri for iri in trial.functions if not self._graph.has(NamedNode(iri))]
        for iri in unknown:
            swedish = f"Funktionen <{iri}> finns varken i SPARQL eller i formerna."
            english = f"The function <{iri}> is neither one of SPARQL nor declared in the shapes."
            yield _at(index, name, _call(text, iri, prefixes), swedish, english)
        if trial.functions and not unknown and not self._means.advanced:
            yield needs_advanced(index, f"sh:SPARQLFunction <{trial.functions[0]}>")


def _nothing(each: Executable) -> Fault:
    wanted = " or ".join(f"sh:{name}" for name in each.properties)
    return fault(
        each.index,
        "object",
        f"Här finns ingen {wanted.replace(' or ', ' eller ')}, och därför ingen fråga att ställa.",
        f"There is no {wanted} here, and so no query to run.",
    )


def _at(
    index: int, name: str, within: tuple[int | None, int | None], swedish: str, english: str
) -> Fault:
    line, column = within
    if line is None or column is None:
        swedish, english = f"Frågan i sh:{name}: {swedish}", f"The query of sh:{name}: {english}"
        return fault(index, "object", swedish, english)
    return fault(
        index,
        "object",
        f"Frågan i sh:{name}, rad {line}, kolumn {column}: {swedish}",
        f"The query of sh:{name}, line {line}, column {column}: {english}",
        within=(line, column),
    )


def _unreadable(
    index: int, name: str, text: str, prefixes: Mapping[str, str], error: QueryError
) -> Fault:
    missing = [prefix for prefix in keywords.undeclared(text) if prefix not in prefixes]
    if missing:
        listed = ", ".join(f"{prefix}:" for prefix in missing)
        several = len(missing) > 1
        these = f"The prefixes {listed} are" if several else f"The prefix {listed} is"
        dessa = f"Prefixen {listed} är inte deklarerade" if several else ""
        return _at(
            index,
            name,
            _use(text, missing[0]) or (error.line, error.column),
            f"{dessa or f'Prefixet {listed} är inte deklarerat'}. Deklarera med sh:declare på en"
            " nod som sh:prefixes anger, eller med PREFIX i frågan.",
            f"{these} not declared. Declare by sh:declare on a node that sh:prefixes names, or by"
            " PREFIX in the query.",
        )
    said = (error.message.partition("cannot be parsed: ")[2] or error.message).rstrip(".")
    place = error.line, error.column
    return _at(index, name, place, f"Den kan inte läsas: {said}.", f"It cannot be read: {said}.")


def _call(text: str, iri: str, prefixes: Mapping[str, str]) -> tuple[int | None, int | None]:
    written = [f"<{iri}>"]
    written += (
        f"{prefix}:{iri.removeprefix(space)}"
        for prefix, space in prefixes.items()
        if iri.startswith(space)
    )
    starts = [start for each in written if (start := text.find(each)) >= 0]
    return keywords.place(text, min(starts)) if starts else (None, None)


def _use(text: str, prefix: str) -> tuple[int, int] | None:
    used = (
        each.start
        for each in prebinding.tokens(text)
        if each.kind == "name" and each.text.partition(":")[0] == prefix
    )
    return next((keywords.place(text, start) for start in used), None)
