"""What the rules say in words, from ``rules.toml``; it is read when a text is first wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from samsyn import names
from samsyn.positions.text import Texts
from samsyn.validation.finding import Rule

PAGE: Final = names.DOC + "validation-rules"
"""The page of the rules; each has its name as anchor."""

_SUFFIX: Final = "ConstraintComponent"
_UNNAMED: Final = "unnamed"
_SPECIAL: Final = {"0": "none", "()": "none", "1": "one"}
"""Parameters whose sentence is another: nothing at all, or one."""
_HERE: Final = {"sv": "egenskapen", "en": "the property"}
_IT: Final = {"sv": "det", "en": "it"}


@dataclass(frozen=True)
class Filling:
    """What is put into the sentences of a constraint; a part that is not known stays empty.

    Args:
        path: the property or path.
        value: the value found.
        parameter: what the shape asks.
    """

    path: str = ""
    value: str = ""
    parameter: str = ""


@cache
def _tables() -> Mapping[str, Any]:
    import tomllib

    with Path(__file__).with_name("rules.toml").open("rb") as file:
        return tomllib.load(file)


def constraint(component: str, part: str, filling: Filling) -> Texts:
    """Return a sentence on a kind of constraint, in every language.

    Args:
        component: its local name, such as ``MinCountConstraintComponent``; empty where it is not
            known which.
        part: ``what``, ``why`` or ``fix``.
        filling: what is put into the sentence.
    """
    component = names.local(component)
    kinds = _tables()["component"]
    kind = kinds.get(component.removesuffix(_SUFFIX) or _UNNAMED, kinds["other"])
    special = _SPECIAL.get(filling.parameter, "") if part == "what" else ""
    if part == "what" and filling.parameter not in {"", "true", "false"}:
        special = special if special in kind else "named"
    if part == "what" and not filling.value and "bare" in kind:
        special = "bare"
    sentences = kind.get(special, kind[part])
    return tuple(
        (language, _filled(sentence, component, filling, language))
        for language, sentence in sentences.items()
    )


def _filled(sentence: str, component: str, filling: Filling, language: str) -> str:
    text = sentence.format(
        path=filling.path or _HERE[language],
        value=filling.value or _IT[language],
        parameter=filling.parameter or _IT[language],
        component=component,
    )
    return text[0].upper() + text[1:] if text.startswith(tuple(_HERE.values())) else text


def program() -> dict[str, Rule]:
    """Return the rules that are the program's own and come from no shape, by id."""
    return {name: _rule(name, table) for name, table in _tables()["program"].items()}


def _rule(name: str, table: Mapping[str, Any]) -> Rule:
    return Rule(
        id=name,
        severity=table["severity"],
        titles=_pairs(table["title"]),
        whats=_pairs(table["what"]),
        whys=_pairs(table["why"]),
        remedies=_pairs(table["fix"]),
        help=f"{PAGE}#{name}",
    )


def _pairs(table: Mapping[str, str]) -> Texts:
    return tuple(table.items())
