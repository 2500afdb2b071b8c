"""The regimes under which an endpoint can infer: which rules each has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from samsyn.closure.executors import Executor, Expansion
from samsyn.closure.executors.memory import in_words
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.rules import RDFS_REGIME, RULES
from samsyn.dataset.exact import Triple
from samsyn.errors import UsageError

AXIOMATIC: Final = "rdfs-axiomatic"
NONE: Final = "none"
STANDARD: Final = "owl-rl"

_NOISE: Final = tuple(name for name, rule in RULES.items() if rule.noise and name.startswith("rdf"))
_RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "rdfs": RDFS_REGIME,
    # With the triples that hold of anything: all that the regime of SPARQL 1.1 demands.
    AXIOMATIC: (*RDFS_REGIME, *_NOISE),
}


def executor_of(regime: str, standard: Executor) -> Executor | None:
    """Return what computes a regime, or None where nothing is inferred.

    Args:
        regime: its name.
        standard: what computes OWL 2 RL.

    Raises:
        UsageError: there is no such regime.
    """
    if regime == STANDARD:
        return standard
    if regime == NONE:
        return None
    if regime not in _RULES:
        known = ", ".join((STANDARD, *_RULES, NONE))
        raise UsageError(f"There is no regime {regime!r}.", advice=f"Regimes: {known}.")

    def run(triples: Iterable[Triple]) -> Expansion:
        closed = ClosedGraph(triples, _RULES[regime])
        return Expansion(tuple(iter(closed)), tuple(sorted(map(in_words, closed.clashes()))))

    return run
