"""What is in a set of triples, counted: sizes, and partitions by class and by property.

Numbers are those that the queries of VoID's authors give when the endpoint is asked them. So the
entities of a class are its distinct instances, whether they have an IRI or not, and a literal
counts as the index has it, which rewrites some (``01`` and ``1`` are one).

Source: https://www.w3.org/TR/void/ (section 4.4, statistics, and 4.5, partitions).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.sparql.stored_terms import rewritten

Row = tuple[int, int, int]
Kinds = tuple[int, ...]
"""The classes of a resource, by number, in that order."""

_TYPE: Final = NamedNode(names.RDF_TYPE)


@dataclass(frozen=True)
class Property:
    """The triples of one property.

    Args:
        iri: the property.
        triples: how many there are.
        subjects: how many distinct subjects they have.
        objects: how many distinct objects they have.
    """

    iri: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Use:
    """How the instances of one class use one property.

    Args:
        iri: the property.
        triples: how many of its triples have an instance as subject.
        classes: how many of these lead to an instance of each class; an object of two classes
            counts in both.
        datatypes: how many of these have a literal of each datatype.
    """

    iri: str
    triples: int
    classes: Mapping[str, int]
    datatypes: Mapping[str, int]


@dataclass(frozen=True)
class Class:
    """The instances of one class.

    Args:
        iri: the class.
        entities: how many there are.
        triples: how many triples have one of them as subject.
        uses: the properties of these triples.
    """

    iri: str
    entities: int
    triples: int
    uses: Sequence[Use]


@dataclass(frozen=True)
class Statistics:
    """The numbers of one set of triples.

    Args:
        triples: how many there are.
        entities: how many distinct subjects have a class.
        subjects: how many distinct subjects there are.
        objects: how many distinct objects there are.
        classes: the classes that have an instance, in the order of their IRIs.
        properties: the properties that are used, in the order of their IRIs.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: Sequence[Class]
    properties: Sequence[Property]


def measure(triples: Iterable[Triple]) -> Statistics:
    """Count triples, each of which is there once.

    Args:
        triples: those of one graph, or of a union in which none is repeated.
    """
    # Numbers for terms: to hash and compare terms of the engine takes most of the time.
    numbers: defaultdict[Any, int] = defaultdict(count().__next__)
    rows = [
        (numbers[subject], numbers[predicate], numbers[object_])
        for subject, predicate, object_ in triples
    ]
    rows = _as_indexed(rows, numbers)
    terms = list(numbers)
    kinds = _kinds(rows, terms, numbers.get(_TYPE))
    uses = Counter((kinds.get(s, ()), p, kinds.get(o) or _datatype(terms[o])) for s, p, o in rows)
    return Statistics(
        triples=len(rows),
        entities=len(kinds),
        subjects=len({row[0] for row in rows}),
        objects=len({row[2] for row in rows}),
        classes=_classes(uses, Counter(kind for found in kinds.values() for kind in found), terms),
        properties=_properties(rows, terms),
    )


def _as_indexed(rows: list[Row], numbers: defaultdict[Any, int]) -> list[Row]:
    plain = {NamedNode(names.XSD_STRING), NamedNode(names.LANG_STRING)}
    typed = [t for t in numbers if isinstance(t, Literal) and t.datatype not in plain]
    changed = {numbers[old]: numbers[new] for old, new in rewritten(typed).items()}
    if not changed:
        return rows
    return list(dict.fromkeys((s, p, changed.get(o, o)) for s, p, o in rows))


def _kinds(rows: Sequence[Row], terms: Sequence[Any], type_: int | None) -> dict[int, Kinds]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for subject, predicate, object_ in rows:
        if predicate == type_ and isinstance(terms[object_], NamedNode):
            found[subject].add(object_)
    return {subject: tuple(sorted(kinds)) for subject, kinds in found.items()}


def _datatype(term: object) -> str:
    return term.datatype.value if isinstance(term, Literal) else ""


def _properties(rows: Iterable[Row], terms: Sequence[Any]) -> tuple[Property, ...]:
    pairs: defaultdict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for subject, predicate, object_ in rows:
        subjects, objects = pairs[predicate]
        subjects.append(subject)
        objects.append(object_)
    found = [
        Property(terms[number].value, len(subjects), len(set(subjects)), len(set(objects)))
        for number, (subjects, objects) in pairs.items()
    ]
    return tuple(sorted(found, key=lambda each: each.iri))


def _classes(
    uses: Mapping[tuple[Kinds, int, Kinds | str], int],
    entities: Mapping[int, int],
    terms: Sequence[Any],
) -> tuple[Class, ...]:
    """Add up what subjects and objects of the same classes do for each of these classes."""
    totals: Counter[tuple[int, int]] = Counter()
    targets: defaultdict[tuple[int, int], Counter[int | str]] = defaultdict(Counter)
    for (kinds, predicate, reached), times in uses.items():
        for kind in kinds:
            totals[kind, predicate] += times
            for target in (reached,) if isinstance(reached, str) else reached:
                targets[kind, predicate][target] += times
    made: defaultdict[int, list[Use]] = defaultdict(list)
    for (kind, predicate), times in totals.items():
        made[kind].append(_use(terms[predicate].value, times, targets[kind, predicate], terms))
    found = [
        Class(
            terms[kind].value,
            entities[kind],
            sum(use.triples for use in own),
            tuple(sorted(own, key=lambda each: each.iri)),
        )
        for kind, own in made.items()
    ]
    return tuple(sorted(found, key=lambda each: each.iri))


def _use(iri: str, times: int, targets: Mapping[int | str, int], terms: Sequence[Any]) -> Use:
    classes = {terms[to].value: n for to, n in targets.items() if isinstance(to, int)}
    datatypes = {to: n for to, n in targets.items() if isinstance(to, str) and to}
    return Use(iri, times, dict(sorted(classes.items())), dict(sorted(datatypes.items())))


def vocabularies(statistics: Statistics) -> Iterator[str]:
    """Yield the namespaces of the classes and properties in use, in order, each once.

    Args:
        statistics: of the triples that use them.
    """
    terms = [
        *(part.iri for part in statistics.classes),
        *(part.iri for part in statistics.properties),
    ]
    spaces = {iri[: iri.rfind("#") + 1] or iri[: iri.rfind("/") + 1] for iri in terms}
    # A name without a slash, such as a UUID, is in no namespace.
    yield from sorted(spaces - {""})
