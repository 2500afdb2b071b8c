"""The reference executor: owlrl, complete and slow.

Two traps (ontology.md, section 8): given a destination graph it stops before the fixpoint, so a
copy is expanded in place; and it reports contradictions as triples with an error message.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from typing import Any, Final

from samsyn.closure.executors import Expansion
from samsyn.dataset.exact import Triple, from_rdflib, to_rdflib

_ERROR: Final = "#error"
_IRI: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>,)']+|urn:[^\s<>,)']+")

# The message of owlrl by its beginning: the rule, and what it means in words.
_CLASHES: Final = (
    ("Disjoint classes", "cax-dw", "{2} belongs to two disjoint classes, {0} and {1}"),
    (
        "Erroneous usage of asymmetric property",
        "prp-asyp",
        "{0} is asymmetric but holds both ways between {1} and {2}",
    ),
    ("Irreflexive property", "prp-irp", "{1} is irreflexive but relates {0} to itself"),
    (
        "Erroneous usage of disjoint properties",
        "prp-pdw",
        "{0} and {1} are disjoint but both relate {2} to {3}",
    ),
    ("'sameAs' and", "eq-diff", "{0} and {1} are both the same and different"),
    ("Erroneous usage of maximum cardinality", "cls-maxc", "{1} has more values than {0} allows"),
    ("Violation of complementarity", "cls-com", "{2} belongs to {0} and to its complement {1}"),
)


def expand(triples: Iterable[Triple]) -> Expansion:
    """Return everything that follows from the triples by OWL 2 RL, with the contradictions."""
    import owlrl

    graph = to_rdflib(triples)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # owlrl's own use of old rdflib names
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    errors = [message for _, predicate, message in graph if str(predicate).endswith(_ERROR)]
    return Expansion(from_rdflib(graph), _in_words(errors))


def _in_words(errors: Iterable[Any]) -> tuple[str, ...]:
    # owlrl reports a disjointness once in each direction; the sorted words make one of the two.
    found: dict[tuple[str, ...], str] = {}
    for message in sorted(str(error) for error in errors):
        found.setdefault(tuple(sorted(message.split())), _sentence(message))
    return tuple(found.values())


def _sentence(message: str) -> str:
    iris = [f"<{iri}>" for iri in _IRI.findall(message)]
    for start, rule, words in _CLASHES:
        if message.startswith(start) and len(iris) > words.count("{") - 1:
            return f"{words.format(*iris)} (rule {rule})"
    return _IRI.sub(lambda found: f"<{found.group()}>", message)
