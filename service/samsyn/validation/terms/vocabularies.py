"""The terms of well-known vocabularies, from a list that the package carries.

The list is ``vocabularies.tsv``: namespace, whether the vocabulary still grows, names of its terms.
``samsyn lint --write`` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.validation.terms.spelling import Words

FILE: Final = Path(__file__).with_name("vocabularies.tsv")
GROWS: Final = "grows"
FIXED: Final = "fixed"

ACCEPTED: Final[Mapping[str, str]] = {"http://schema.org/": names.SCHEMA}
"""Namespaces that are as good as another one: both are in wide use."""


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one namespace.

    Args:
        namespace: what their IRIs begin with.
        terms: the rest of their IRIs.
        grows: whether there may be terms that the list does not have yet.
        roles: whether a term is a ``property``, a ``class`` or something else, where that is said.
    """

    namespace: str
    terms: frozenset[str]
    grows: bool = False
    roles: Mapping[str, str] = field(default_factory=dict, hash=False)

    def role(self, term: str) -> str:
        """Return what a term is: as it is said, else by its first letter."""
        return self.roles.get(term) or ("class" if term[:1].isupper() else "property")

    def is_other(self, term: str, role: str) -> bool:
        """Return whether a term is a class where a property is sought, or the other way round."""
        return role in {"property", "class"} and self.role(term) != role

    @cached_property
    def words(self) -> Words:
        """The terms, to find the nearest ones."""
        return Words(self.terms)


class WellKnown:
    """The vocabularies of the list; each is read when it is asked for.

    Args:
        file: the list.
    """

    def __init__(self, file: Path = FILE) -> None:
        self._rows = _rows(file)
        self._read: dict[str, Vocabulary] = {}

    @property
    def namespaces(self) -> Iterable[str]:
        """The namespaces of the list, without those that are accepted as well."""
        return self._rows.keys()

    def get(self, namespace: str) -> Vocabulary | None:
        """Return the vocabulary of a namespace, None if the list has none."""
        listed = ACCEPTED.get(namespace, namespace)
        if namespace not in self._read and listed in self._rows:
            _, state, terms = self._rows[listed]
            self._read[namespace] = Vocabulary(namespace, frozenset(terms.split()), state == GROWS)
        return self._read.get(namespace)


_PROPERTIES: Final = (
    names.RDF + "Property",
    *(
        names.OWL + kind + "Property"
        for kind in (
            "Object",
            "Datatype",
            "Annotation",
            "Ontology",
            "Transitive",
            "Symmetric",
            "Asymmetric",
            "Reflexive",
            "Irreflexive",
            "Functional",
            "InverseFunctional",
        )
    ),
)
_CLASSES: Final = (names.RDFS + "Class", names.OWL + "Class", names.OWL + "DeprecatedClass")
KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_PROPERTIES, "property"),
    **dict.fromkeys(_CLASSES, "class"),
    names.RDFS + "Datatype": "datatype",
}
"""What the types of a term say about it."""


def split(iri: str) -> tuple[str, str]:
    """Return an IRI as its namespace, to the last ``#`` or ``/``, and its name.

    >>> split("http://www.w3.org/2004/02/skos/core#Concept")
    ('http://www.w3.org/2004/02/skos/core#', 'Concept')
    """
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


@cache
def _rows(file: Path) -> Mapping[str, Sequence[str]]:
    lines = file.read_text("utf-8").splitlines()
    return {row[0]: row for row in (line.split("\t") for line in lines)}
