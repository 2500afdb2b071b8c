"""What a shapes graph says with words and values that SHACL does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode
from samsyn.sparql import regex
from samsyn.validation.shapes_graph import parameters
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.graph import ShapesGraph
from samsyn.validation.terms.vocabularies import Vocabulary, WellKnown


def terms_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield terms of SHACL that do not exist."""
    vocabulary = WellKnown().get(names.SH)
    assert vocabulary is not None  # noqa: S101  the list has it, a test says so
    for index, triple in enumerate(graph.triples):
        for position in ("predicate", "object"):
            term = getattr(triple, position)
            name = term.value.removeprefix(names.SH) if isinstance(term, NamedNode) else ""
            if name and term.value.startswith(names.SH) and name not in vocabulary.terms:
                yield _unknown(index, position, name, vocabulary)


def _unknown(index: int, position: str, name: str, vocabulary: Vocabulary) -> Fault:
    near = [f"sh:{word}" for _, word in vocabulary.words.near(name)[:3]]
    swedish = f" Menas {' eller '.join(near)}?" if near else ""
    english = f" Did you mean {' or '.join(near)}?" if near else ""
    return fault(
        index,
        position,
        f"SHACL har ingen term sh:{name}; motorer går förbi den utan ett ord.{swedish}",
        f"SHACL has no term sh:{name}; engines pass over it in silence.{english}",
    )


def values_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield values that are not what their property takes."""
    for index, triple in enumerate(graph.triples):
        name = _name(triple.predicate.value)
        kind = parameters.MANY.get(name) or parameters.ONE.get(name)
        if kind and not kind.test(triple.object):
            yield _wrong(index, name, kind, triple.object)
        if name in parameters.LISTS:
            member = parameters.LISTS[name][0]
            members = graph.members(triple.object)
            if members is None:
                yield fault(
                    index,
                    "object",
                    f"sh:{name} ska ha en lista: ( … ).",
                    f"sh:{name} takes a list: ( … ).",
                )
            for value in members or ():
                if member and not member.test(value):
                    yield _wrong(index, name, member, value)


def _wrong(index: int, name: str, kind: parameters.Kind, value: object) -> Fault:
    # The label of a blank node is in no file.
    blank = isinstance(value, BlankNode)
    return fault(
        index,
        "object",
        f"sh:{name} ska ha {kind.swedish}, inte {'en blank nod' if blank else value}.",
        f"sh:{name} takes {kind.english}, not {'a blank node' if blank else value}.",
    )


def _name(iri: str) -> str:
    return iri.removeprefix(names.SH) if iri.startswith(names.SH) else ""


_SINGLE: Final = (*parameters.ONE, *(n for n, (_, once) in parameters.LISTS.items() if once))


def repeated_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield what may stand once in a shape and is there again."""
    for subject in graph.subjects:
        for name in _SINGLE:
            for index, _ in graph.values(subject, name)[1:]:
                yield fault(
                    index,
                    "predicate",
                    f"sh:{name} får stå en gång i en form.",
                    f"sh:{name} may stand once in a shape.",
                )


def patterns_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield patterns that are no regular expressions of XPath (SHACL, section 4.4.3)."""
    for subject in graph.subjects:
        flags = next((flags.value for _, flags in _flags(graph, subject)), "")
        for index, pattern in graph.values(subject, "pattern"):
            if not parameters.TEXT.test(pattern):
                continue
            try:
                regex.read(pattern.value, flags)
            except regex.PatternError as error:
                what = f"sh:pattern, sh:flags {flags!r}" if flags else "sh:pattern"
                yield fault(
                    index,
                    "object",
                    f"{what} är inget reguljärt uttryck: {error}",
                    f"{what} is no regular expression: {error}",
                )


def _flags(graph: ShapesGraph, subject: Any) -> list[tuple[int, Literal]]:
    return [each for each in graph.values(subject, "flags") if parameters.TEXT.test(each[1])]
