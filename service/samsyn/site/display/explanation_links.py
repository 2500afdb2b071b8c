"""The address of the explanation of a triple, and the terms in it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple

PATH: Final = "/explain"


def address(triple: Triple) -> str | None:
    """Return where a triple is explained, ``None`` if it has an anonymous node.

    Args:
        triple: the triple; its explanation may also be that it does not follow.
    """
    terms = (triple.subject, triple.predicate, triple.object)
    words = [_written(term) for term in terms]
    return f"{PATH}?{urlencode(dict(zip('spo', words, strict=True)))}" if all(words) else None


def _written(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value
    if not isinstance(term, Literal):
        return ""
    return str(term)


def is_explained(provenance_status: str) -> bool:
    """Return whether the triples of a provenance status have an explanation to link to."""
    return provenance_status == names.IS_INFERRED
