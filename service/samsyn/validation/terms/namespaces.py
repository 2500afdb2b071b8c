"""The vocabulary that an IRI is of, also where its namespace is written wrongly.

A namespace is certainly another one where both differ only in ``http`` and ``https``, ``www.``,
capitals and the closing ``#`` or ``/``, or where it is a common mistake of the table below. One
that is a step or two away from another one counts as that if every term used in it is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Final

from samsyn import names
from samsyn.validation.terms.spelling import distance
from samsyn.validation.terms.vocabularies import ACCEPTED, Vocabulary, WellKnown, split

_NEAR: Final = 2
_MISTAKES: Final[Mapping[str, str]] = {
    "purl.org/dc/term": names.DCTERMS,
    "purl.org/dcterms": names.DCTERMS,
    "purl.org/dc/elements/terms": names.DCTERMS,
    "w3.org/2004/02/skos": names.SKOS,
    "w3.org/2008/05/skos": names.SKOS,
    "w3.org/2009/08/skos-reference/skos": names.SKOS,
    "w3.org/2009/08/skos-reference/skos.html": names.SKOS,
    "w3.org/2004/02/skos/core.html": names.SKOS,
    "w3.org/2002/owl": names.OWL,
    "w3.org/2001/xmlschema-datatypes": names.XSD,
    "w3.org/2001/xml-schema": names.XSD,
    "w3.org/2000/01/rdfs": names.RDFS,
    "w3.org/1999/02/22-rdf-syntax": names.RDF,
    "w3.org/1999/02/22-rdf": names.RDF,
    "w3.org/ns/prov-o": names.PROV,
    "w3.org/ns/shacl/core": names.SH,
    "w3.org/shacl": names.SH,
    "xmlns.com/foaf": names.FOAF,
    "xmlns.com/foaf/spec": names.FOAF,
    "w3id.org/samsyn": names.NS,
    "w3id.org/samsyn/ontology": names.NS,
}
"""What people write, without its beginning and its end, and what they mean."""

_OTHERS: Final = frozenset(
    {
        "http://purl.org/dc/elements/1.0/",
        "http://www.w3.org/2008/05/skos#",
        "http://www.w3.org/ns/adms#",
        "http://www.w3.org/ns/dpv#",
        "http://www.w3.org/ns/dqv#",
        "http://www.w3.org/ns/duv#",
        "http://www.w3.org/ns/earl#",
        "http://www.w3.org/ns/iana#",
        "http://www.w3.org/ns/ldp#",
        "http://www.w3.org/ns/locn#",
        "http://www.w3.org/ns/ma-ont#",
        "http://www.w3.org/ns/person#",
        "http://www.w3.org/ns/r2rml#",
        "http://www.w3.org/ns/regorg#",
        "http://www.w3.org/ns/rdfa#",
        "http://www.w3.org/ns/sd#",
        "http://www.w3.org/ns/shex#",
        "http://www.w3.org/ns/td#",
    }
)
"""Real namespaces that are near to others."""

_PLAIN: Final = re.compile(r"^https?://(www\.)?|[#/]+$")


def plain(namespace: str) -> str:
    """Return a namespace without what people mix up.

    >>> plain("https://www.w3.org/2004/02/SKOS/core/")
    'w3.org/2004/02/skos/core'
    """
    return _PLAIN.sub("", namespace.lower())


class Namespaces:
    """The known namespaces: our own and the well-known ones.

    Args:
        own: our vocabularies by namespace.
        known: the well-known ones.
    """

    def __init__(self, own: Mapping[str, Vocabulary], known: WellKnown) -> None:
        self._own = own
        self._known = known

    def get(self, namespace: str) -> Vocabulary | None:
        """Return the vocabulary of a namespace, None if it is not known.

        Below our own addresses any namespace of terms is known, be it an empty one.
        """
        found = self._own.get(namespace) or self._known.get(namespace)
        if found is None and namespace.startswith((names.NS, names.VOCAB)):
            return Vocabulary(namespace, frozenset())
        return found

    def is_own(self, namespace: str) -> bool:
        """Return whether a namespace is one of ours."""
        return namespace.startswith((names.NS, names.VOCAB))

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return (*self._own, *self._known.namespaces)

    @cached_property
    def _plain(self) -> dict[str, str]:
        return {**_MISTAKES, **{plain(namespace): namespace for namespace in self._all}}

    @cached_property
    def _joined(self) -> dict[str, list[tuple[str, str]]]:
        # Where the closing sign was forgotten, the name stands right after the rest.
        found: dict[str, list[tuple[str, str]]] = {}
        for namespace in (*self._all, *ACCEPTED):
            folder, rest = split(namespace[:-1])
            found.setdefault(plain(folder), []).append((rest, namespace))
        return found

    @cached_property
    def candidate(self) -> Callable[[str], object]:
        """What tells of an IRI quickly whether it may be of a known namespace, or nearly so.

        It only has to be sure of those that it sends away, and capitals in a host are rare.
        """
        hosts = {plain(namespace).partition("/")[0] for namespace in self._known.namespaces}
        things = r"w3id\.org/samsyn/(?!id/|graph/|doc/)"
        either = "|".join((things, *map(re.escape, sorted(hosts))))
        return re.compile(rf"https?://(?:www\.)?(?:{either})").match

    def meant(self, iri: str) -> tuple[str, str, str] | None:
        """Return the namespace of an IRI as written, as it should be, and the term.

        None where the namespace is right, or where nothing tells that it is wrong.
        """
        namespace, term = split(iri)
        if not term:
            return None
        right = self._plain.get(plain(namespace))
        if right and self._has(right, term):
            return namespace, right, term
        for rest, whole in self._joined.get(plain(namespace), ()):
            inner = term.removeprefix(rest)
            if inner not in {"", term} and self._has(whole, inner):
                return namespace + rest, whole, inner
        return None

    def variant(self, namespace: str) -> Vocabulary | None:
        """Return the vocabulary of which a namespace is a wrong form, None if there is none."""
        right = self._plain.get(plain(namespace))
        return self.get(right) if right else None

    def near(self, namespace: str, terms: Iterable[str]) -> str | None:
        """Return the one namespace that is near and has all the terms.

        Args:
            namespace: one that is not known.
            terms: all terms that are used in it.
        """
        if namespace in _OTHERS or plain(namespace) in self._plain:
            return None
        used, plainly = set(terms), plain(namespace)
        found: dict[int, list[str]] = {}
        for known, right in self._plain.items():
            steps = distance(plainly, known, _NEAR)
            if 0 < steps <= _NEAR and all(self._has(right, term) for term in used):
                found.setdefault(steps, []).append(right)
        best = set(found[min(found)]) if found else set()
        return best.pop() if len(best) == 1 else None

    def _has(self, namespace: str, term: str) -> bool:
        vocabulary = self.get(namespace)
        return vocabulary is not None and term in vocabulary.terms
