"""Terms of known namespaces that do not exist, and terms that exist in another namespace.

Looked at is what the data states: every property, class and datatype, and every other IRI in a
known namespace. What the data itself declares to be a class, property or datatype is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Quad, Triple
from samsyn.validation.terms.namespaces import Namespaces
from samsyn.validation.terms.suspect import UNKNOWN, WRONG, Suspect
from samsyn.validation.terms.usage import Use, used
from samsyn.validation.terms.vocabularies import KINDS, Vocabulary, WellKnown, split

_MOST: Final = 3
"""How many suggestions there are at most."""
_MOST_SOUGHT: Final = 100
"""For how many terms of one file the nearest ones are sought."""
_ELSEWHERE: Final = (
    names.RDF,
    names.RDFS,
    names.OWL,
    names.SKOS,
    names.DCTERMS,
    names.PROV,
    names.FOAF,
)
"""Where a term may be that is sought in the wrong vocabulary."""
_ELSEWHERE_COST: Final = 1.5


def declared(triples: Iterable[Triple | Quad]) -> frozenset[str]:
    """Return the classes, properties and datatypes that data declares."""
    return frozenset(
        triple.subject.value
        for triple in triples
        if triple.predicate.value == names.RDF_TYPE
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode)
        and triple.object.value in KINDS
    )


class Terms:
    """What is known of terms: our ontology and the well-known vocabularies.

    Args:
        ontology: our ontology: what it describes in our namespaces exists, and nothing else there.
    """

    def __init__(self, ontology: Iterable[Triple]) -> None:
        stated = tuple(ontology)
        self._namespaces = Namespaces(own_vocabularies(stated), WellKnown())
        self._declared = declared(stated)

    def unknown(
        self, triples: Iterable[Triple | Quad], extra: frozenset[str] = frozenset()
    ) -> Iterator[Suspect]:
        """Yield the terms of a file that do not exist as written, by first use.

        Args:
            triples: what the file states, in the order of the file.
            extra: terms that other files of the same data declare (:func:`declared`).
        """
        uses = used(triples, self._namespaces.candidate)
        known = self._declared | extra | uses.declared
        judge = _Judge(self._namespaces, uses.found, known)
        suspects = (judge.suspect(term, use) for term, use in uses.found.items())
        found = [suspect for suspect in suspects if suspect is not None]
        yield from sorted(found, key=lambda each: (each.index, each.position))


def own_vocabularies(ontology: Iterable[Triple]) -> dict[str, Vocabulary]:
    """Return the vocabularies in our namespaces, as the ontology describes them."""
    roles: dict[str, dict[str, str]] = {names.NS: {}}
    for triple in ontology:
        if not isinstance(triple.subject, NamedNode):
            continue
        namespace, term = split(triple.subject.value)
        if term and namespace.startswith((names.NS, names.VOCAB)):
            role = roles.setdefault(namespace, {}).get(term, "node")
            kind = triple.object.value if triple.predicate.value == names.RDF_TYPE else ""  # type: ignore[union-attr]  # a type is an IRI
            roles[namespace][term] = KINDS.get(kind, role)
    return {space: Vocabulary(space, frozenset(of), roles=of) for space, of in roles.items()}


_CONTAINER: Final = re.compile(re.escape(names.RDF) + r"_[1-9]\d*")


class _Judge:
    """Decides which of the terms in use are suspect."""

    def __init__(
        self, namespaces: Namespaces, uses: Mapping[str, Use], known: frozenset[str]
    ) -> None:
        self._namespaces = namespaces
        self._known = known
        self._sought = 0
        self._terms: dict[str, set[str]] = defaultdict(set)
        self._near: dict[str, str | None] = {}
        for term, use in uses.items():
            namespace, name = split(term)
            if use.role != "node" or namespaces.is_own(namespace):
                self._terms[namespace].add(name)

    def suspect(self, term: str, use: Use) -> Suspect | None:
        """Return what is suspect about a term, None if nothing is."""
        namespace, name = split(term)
        vocabulary = self._namespaces.get(namespace)
        if not name or term in self._known or _CONTAINER.fullmatch(term):
            return None
        if vocabulary and name in vocabulary.terms:
            return None
        meant = self._namespaces.meant(term)
        if meant:
            written, right, name = meant
            return self._suspect(WRONG, term, use, written, (right + name,))
        near = self._nearest(namespace)
        if near:
            return self._suspect(WRONG, term, use, namespace, (near + name,))
        if vocabulary is None and use.role != "node":
            vocabulary = self._namespaces.variant(namespace)
        if vocabulary is None:
            return None
        return self._suspect(UNKNOWN, term, use, namespace, self._suggest(vocabulary, name, use))

    def _nearest(self, namespace: str) -> str | None:
        if namespace not in self._near:
            found = self._namespaces.get(namespace)
            used = self._terms.get(namespace)
            near = used and not (found and found.terms)
            self._near[namespace] = self._namespaces.near(namespace, used) if near else None  # type: ignore[arg-type]  # used is not empty
        return self._near[namespace]

    def _suggest(self, vocabulary: Vocabulary, name: str, use: Use) -> tuple[str, ...]:
        self._sought += 1
        if self._sought > _MOST_SOUGHT:
            return ()
        found = [
            (vocabulary.is_other(word, use.role), cost, vocabulary.namespace + word)
            for cost, word in vocabulary.words.near(name)
        ]
        for namespace in _ELSEWHERE:
            other = self._namespaces.get(namespace)
            if other and name in other.terms and use.role != "node":
                found.append((other.is_other(name, use.role), _ELSEWHERE_COST, namespace + name))
        found.sort()
        return tuple(iri for *_, iri in found[:_MOST])

    def _suspect(
        self, rule: str, term: str, use: Use, namespace: str, suggestions: tuple[str, ...]
    ) -> Suspect:
        right = split(suggestions[0])[0] if suggestions else namespace
        vocabulary = self._namespaces.get(namespace)
        severity = "warning"
        if self._namespaces.is_own(right) or self._namespaces.is_own(namespace):
            severity = "violation"
        elif not suggestions and vocabulary and vocabulary.grows:
            severity = "info"
        return Suspect(
            rule,
            severity,
            term,
            use.role,
            namespace,
            suggestions,
            use.index,
            use.position,
            use.count,
        )
