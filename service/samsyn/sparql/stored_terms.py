"""What the store of the query index makes of terms: it rewrites some literals."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, Store

from samsyn.dataset.syntax import Term


def rewritten(terms: Iterable[Term]) -> dict[Term, Term]:
    """Return what the index has in place of each term that it rewrites.

    Args:
        terms: any terms, each once.
    """
    store = Store()
    given = list(terms)
    property_ = NamedNode("urn:x-samsyn:is")
    subjects = (NamedNode(f"urn:x-samsyn:{number}") for number in range(len(given)))
    store.extend(
        Quad(subject, property_, term) for subject, term in zip(subjects, given, strict=True)
    )
    found: dict[Term, Term] = {}
    for quad in store:
        term = given[int(quad.subject.value.rpartition(":")[2])]
        if quad.object != term:
            found[term] = quad.object
    return found
