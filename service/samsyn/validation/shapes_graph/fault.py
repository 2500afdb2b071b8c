"""What is wrong with a shapes graph, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from samsyn.positions.text import Texts


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a shapes graph.

    Args:
        index: number of the triple where it shows, from 0; None if it is about the whole graph.
        position: which part of the triple it is about: subject, predicate or object.
        messages: what is wrong, in Swedish and in English.
        within: line and column inside the text of the object, both from 1, where that is a query.
        parts: the shapes and queries that cannot be used, where these are others than what has the
            triple.
        whole: whether it is about the graph as a whole.
    """

    index: int | None
    position: str
    messages: Texts
    within: tuple[int, int] | None = None
    parts: tuple[object, ...] = ()
    whole: bool = False


def fault(  # noqa: PLR0913  a place has that many sides
    index: int | None,
    position: str,
    swedish: str,
    english: str,
    *,
    within: tuple[int, int] | None = None,
    parts: tuple[object, ...] = (),
) -> Fault:
    """Make a fault from its place and its two texts."""
    return Fault(index, position, (("sv", swedish), ("en", english)), within, parts)


_EXPECTED: Final = re.compile(r"\s*expected (?:one of )?.*", re.DOTALL)
_LEAD: Final = re.compile(r"^(?:invalid shapes graph: |invalid sh:pattern: |SPARQL error: )+")


def reason(said: str) -> str:
    r"""Return what an engine says in one short line, without all that it would have taken instead.

    >>> reason("SPARQL error: error at 1:2: expected one of Prefix not found, ['_']")
    'error at 1:2: Prefix not found'
    >>> reason("invalid sh:pattern: regex parse error:\n  (\n  ^\nerror: unclosed group")
    'unclosed group'
    """
    last = _LEAD.sub("", said).rpartition("\nerror: ")[2]
    short = _EXPECTED.sub("", last) + (" Prefix not found" if "Prefix not found" in last else "")
    return " ".join((short or last).split())
