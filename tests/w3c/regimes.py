"""The entailment regimes: their rules, the tests of each, and those that are for none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.w3c import manifest
from tests.w3c.manifest import Case

from samsyn.closure.rules import OWL_RL, RDFS_REGIME, RULES

_NOISE: Final = tuple(name for name, rule in RULES.items() if rule.noise)
_RDF: Final = ("rdfD2", "rdf-axioms")
_RDFS: Final = (*RDFS_REGIME, *(name for name in _NOISE if name.startswith("rdf")))

REGIMES: Final[Mapping[str, tuple[str, ...]]] = {
    "RDF": _RDF,
    "RDFS": _RDFS,
    "D": (*_RDFS, "dt-type1", "dt-type2", "dt-not-type", "dt-map"),
    "OWL-RL": OWL_RL,
    "OWL-RDF-Based": (*OWL_RL, *(name for name in _NOISE if not name.startswith("rdf"))),
}
"""The rules of each regime. OWL-RL are the tests of that profile, whatever their regime; none of
the snapshot asks for simple entailment or RIF."""

COUNTS: Final = {"RDF": 22, "RDFS": 36, "D": 37, "OWL-RL": 29, "OWL-RDF-Based": 37}
"""How many tests there are of each."""

_DIRECT: Final = (
    "OWL Direct alone: a pattern of the query may describe a class that the data do not"
)
LEFT_OUT: Final[Mapping[str, str]] = {
    **{f"paper-sparqldl-Q{number}": _DIRECT for number in (2, 3)},
    **{f"sparqldl-{number}": _DIRECT for number in (11, 12)},
    **{f"parent{number}": _DIRECT for number in range(3, 11)},
    **{f"simple{number}": _DIRECT for number in range(2, 9)},
}
"""Tests of no regime above, and why."""

MISSES: Final[Mapping[tuple[str, str], str]] = {
    ("OWL-RL", "simple1"): "in the profile, but of the Direct Semantics: it asks for the members of"
    " an intersection that only the query describes, and rules say nothing of a class without node",
}
"""Tests that fail under a regime, and why they must."""

_LATER: Final = {"paper-sparqldl-Q5": frozenset({"RDF", "RDFS", "D", "OWL-RDF-Based"})}
"""The regimes that the present suite of the W3C gives to tests beyond those of the snapshot."""


def entailment() -> Mapping[str, Case]:
    """Return all entailment tests, by name."""
    folder = manifest.ENTAILMENT
    return {case.name: case for case in manifest.cases().values() if case.folder == folder}


def under(regime: str) -> list[Case]:
    """Return the tests of a regime."""
    return [
        case
        for name, case in entailment().items()
        if regime in case.regimes | _LATER.get(name, frozenset())
        or (regime == "OWL-RL" and "RL" in case.profiles)
    ]
