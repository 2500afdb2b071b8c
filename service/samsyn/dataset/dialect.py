"""Texts as the engine is given them, so that its answers are those of the Recommendation."""

from __future__ import annotations

from functools import lru_cache

from samsyn.dataset import refusals, scan
from samsyn.dataset.sparql.rewriting import Rewritten, Unwritable, concerns, rewrite
from samsyn.errors import QueryError


# A worker is asked few queries again and again; most texts are not even read.
@lru_cache(maxsize=64)
def written(kind: str, text: str) -> Rewritten:
    """Write a text for the engine.

    Args:
        kind: what it is, ``query`` or ``update``.
        text: the text.

    Raises:
        QueryError: it breaks the grammar, or cannot be written so.
    """
    if not concerns(text):
        return Rewritten(text)
    whole = refusals.read(kind, text)
    try:
        return rewrite(text, whole)
    except Unwritable as error:
        line, column = scan.place(text, error.start)
        raise QueryError(
            f"The {kind} cannot be run: {error}",
            line=line,
            column=column,
            advice="Name the nodes that blank nodes stand for by variables.",
        ) from error
