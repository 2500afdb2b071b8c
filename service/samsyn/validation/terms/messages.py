"""What is said about a suspect term, in Swedish and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from samsyn import names
from samsyn.positions.text import Texts
from samsyn.validation.terms.suspect import WRONG, Suspect

_ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "property": ("ingen egenskap", "no property"),
    "class": ("ingen klass", "no class"),
    "datatype": ("ingen datatyp", "no datatype"),
    "node": ("ingen term", "no term"),
}


def texts(suspect: Suspect) -> Texts:
    """Say what is wrong with a term, in Swedish and in English."""
    return wrong_namespace(suspect) if suspect.rule == WRONG else unknown_term(suspect)


def unknown_term(suspect: Suspect) -> Texts:
    """Return what is said about a term that does not exist."""
    swedish, english = _ROLES[suspect.role]
    own = suspect.namespace.startswith(names.BASE)
    return (
        (
            "sv",
            f"I {suspect.namespace} finns {swedish} {suspect.name}{_times(suspect, 'sv')}."
            f" {_advice(suspect, 'sv', own=own)}",
        ),
        (
            "en",
            f"There is {english} {suspect.name} in {suspect.namespace}{_times(suspect, 'en')}."
            f" {_advice(suspect, 'en', own=own)}",
        ),
    )


def wrong_namespace(suspect: Suspect) -> Texts:
    """Return what is said about a term whose namespace is written wrongly."""
    wrong, right = suspect.namespace, suspect.instead
    return (
        (
            "sv",
            f"{suspect.name} står i namnrymden {wrong}{_times(suspect, 'sv')}, som inte finns."
            f" Skriv {right}.",
        ),
        (
            "en",
            f"{suspect.name} is in the namespace {wrong}{_times(suspect, 'en')}, which does not"
            f" exist. Write {right}.",
        ),
    )


def _times(suspect: Suspect, language: str) -> str:
    if suspect.uses == 1:
        return ""
    return f" ({suspect.uses} {'gånger' if language == 'sv' else 'times'})"


def _advice(suspect: Suspect, language: str, *, own: bool) -> str:
    swedish = language == "sv"
    if suspect.suggestions:
        listed = [_short(iri, suspect.namespace) for iri in suspect.suggestions]
        choice = (" eller " if swedish else " or ").join(
            [", ".join(listed[:-1]), listed[-1]] if listed[1:] else listed
        )
        return f"Menas {choice}?" if swedish else f"Did you mean {choice}?"
    if own:
        page = names.ONTOLOGY
        return f"Termerna står på {page}." if swedish else f"The terms are listed at {page}."
    return "Kontrollera stavningen." if swedish else "Check its spelling."


def _short(iri: str, namespace: str) -> str:
    return iri.removeprefix(namespace) if iri.startswith(namespace) else f"<{iri}>"
