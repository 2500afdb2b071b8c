"""The default executor: columns in memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from samsyn.closure.executors import Expansion
from samsyn.closure.graph import OF_VALUE, Clash, ClosedGraph
from samsyn.dataset.exact import Triple
from samsyn.names import OWL

_AXIOMS: Final = frozenset({f"<{OWL}disjointWith>"})
_DISJOINT: Final = "{0} belongs to two disjoint classes, {1} and {2}"
_WORDS: Final = {
    "cax-dw": _DISJOINT,
    "cax-adc": _DISJOINT,
    "prp-pdw": "{p} and {q} are disjoint but both relate {0} to {1}",
    "prp-adp": "{p} and {q} are disjoint but both relate {0} to {1}",
    "prp-irp": "{p} is irreflexive but relates {0} to itself",
    "prp-asyp": "{p} is asymmetric but holds both ways between {0} and {1}",
}


def expand(triples: Iterable[Triple]) -> Expansion:
    """Return what follows from the triples by OWL 2 RL, with the contradictions.

    That a thing also has the other writings of its values is left out.
    """
    closed = ClosedGraph(triples)
    return Expansion(tuple(closed.written()), tuple(sorted(map(in_words, closed.clashes()))))


def in_words(clash: Clash) -> str:
    """Return a contradiction as a sentence, its resources in angle brackets."""
    if clash.rule == OF_VALUE:
        return _of_value(clash)
    words = _WORDS.get(clash.rule)
    if words is None:
        return f"{'; '.join(map(str, clash.premises))} cannot hold together (rule {clash.rule})"
    facts = [premise for premise in clash.premises if str(premise.predicate) not in _AXIOMS]
    first, last = facts[0], facts[-1]
    ends = [first.subject, first.object, last.object]
    return f"{words.format(*ends, p=first.predicate, q=last.predicate)} (rule {clash.rule})"


def _of_value(clash: Clash) -> str:
    literal, datatype = clash.literal_and_datatype
    where = f", as in {clash.seen}," if clash.seen else ""
    return f"{literal}{where} must be a value of {datatype}, and is none (rule {clash.rule})"
