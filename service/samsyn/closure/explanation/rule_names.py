"""What the rules of OWL 2 RL rest on, in words (OWL 2 Profiles, section 4.3)."""

from __future__ import annotations

from typing import Final

_REASONS: Final = {
    "eq-sym": ("sameness goes both ways", "likhet gäller åt båda hållen"),
    "eq-trans": ("sameness is transitive", "likhet är transitiv"),
    "eq-rep-s": ("the subjects are the same", "subjekten är samma"),
    "eq-rep-p": ("the properties are the same", "egenskaperna är samma"),
    "eq-rep-o": ("the objects are the same", "objekten är samma"),
    "prp-dom": ("of the property's domain", "av egenskapens definitionsmängd"),
    "prp-rng": ("of the property's range", "av egenskapens värdemängd"),
    "prp-fp": ("the property is functional", "egenskapen är funktionell"),
    "prp-ifp": ("the property is inverse functional", "egenskapen är inverst funktionell"),
    "prp-symp": ("the property is symmetric", "egenskapen är symmetrisk"),
    "prp-trp": ("the property is transitive", "egenskapen är transitiv"),
    "prp-spo1": ("of a subproperty", "av en delegenskap"),
    "prp-spo2": ("of a property chain", "av en kedja av egenskaper"),
    "prp-eqp1": ("of an equivalent property", "av en likvärdig egenskap"),
    "prp-eqp2": ("of an equivalent property", "av en likvärdig egenskap"),
    "prp-inv1": ("of an inverse property", "av en invers egenskap"),
    "prp-inv2": ("of an inverse property", "av en invers egenskap"),
    "prp-key": ("of a key", "av en nyckel"),
    "cax-sco": ("of a subclass", "av en underklass"),
    "cax-eqc1": ("of an equivalent class", "av en likvärdig klass"),
    "cax-eqc2": ("of an equivalent class", "av en likvärdig klass"),
    "scm-sco": ("subclasses are transitive", "underklasser är transitiva"),
    "scm-spo": ("subproperties are transitive", "delegenskaper är transitiva"),
}


def reason(rule: str, language: str) -> str:
    """Return why a rule gives its conclusion, as it goes on after "because".

    Args:
        rule: its name in the table of rules.
        language: ``sv`` or ``en``.

    Returns:
        The words; for a rule without words of its own, "of the rule" and its name.

    >>> reason("prp-trp", "en")
    'the property is transitive'
    """
    english, swedish = _REASONS.get(rule, (f"of the rule {rule}", f"av regeln {rule}"))
    return swedish if language == "sv" else english
