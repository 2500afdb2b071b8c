"""What the properties of SHACL take: one table, a row for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode

_KINDS: Final = (
    "BlankNode",
    "IRI",
    "Literal",
    "BlankNodeOrIRI",
    "BlankNodeOrLiteral",
    "IRIOrLiteral",
)
_WHOLE: Final = re.compile(r"\+?\d+|-0+")


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    Args:
        test: says whether a term is of it.
        swedish: what it is called, with its article.
        english: the same.
    """

    test: Callable[[Any], bool]
    swedish: str
    english: str


def _typed(term: Any, *types: str) -> bool:
    return isinstance(term, Literal) and term.datatype.value in types


def _one_of(locals_: tuple[str, ...]) -> Callable[[Any], bool]:
    terms = frozenset(names.SH + local for local in locals_)
    return lambda term: isinstance(term, NamedNode) and term.value in terms


IRI: Final = Kind(lambda term: isinstance(term, NamedNode), "en IRI", "an IRI")
NODE: Final = Kind(
    lambda term: isinstance(term, NamedNode | BlankNode),
    "en IRI eller en tom nod",
    "an IRI or a blank node",
)
NAMED: Final = Kind(
    lambda term: isinstance(term, NamedNode | Literal),
    "en IRI eller en literal",
    "an IRI or a literal",
)
LITERAL: Final = Kind(lambda term: isinstance(term, Literal), "en literal", "a literal")
TEXT: Final = Kind(
    lambda term: _typed(term, names.XSD_STRING), "en text utan språk", "a text without language"
)
WORDS: Final = Kind(
    lambda term: _typed(term, names.XSD_STRING, names.LANG_STRING), "en text", "a text"
)
TRUTH: Final = Kind(
    lambda term: _typed(term, names.XSD + "boolean") and term.value in {"true", "false", "1", "0"},
    "true eller false",
    "true or false",
)
COUNT: Final = Kind(
    lambda term: _typed(term, names.XSD + "integer") and bool(_WHOLE.fullmatch(term.value)),
    "ett heltal, 0 eller större",
    "a whole number, 0 or more",
)
NODE_KIND: Final = Kind(
    _one_of(_KINDS),
    "något av " + ", ".join(f"sh:{kind}" for kind in _KINDS),
    "one of " + ", ".join(f"sh:{kind}" for kind in _KINDS),
)

MANY: Final[Mapping[str, Kind]] = {
    "class": IRI,
    "disjoint": IRI,
    "entailment": IRI,
    "equals": IRI,
    "lessThan": IRI,
    "lessThanOrEquals": IRI,
    "shapesGraph": IRI,
    "targetClass": IRI,
    "targetObjectsOf": IRI,
    "targetSubjectsOf": IRI,
    "targetNode": NAMED,
    "node": NODE,
    "not": NODE,
    "property": NODE,
    "sparql": NODE,
    "prefixes": NODE,
    "declare": NODE,
    "message": WORDS,
    "name": LITERAL,
    "description": LITERAL,
}
"""Properties that may have any number of values."""

ONE: Final[Mapping[str, Kind]] = {
    "closed": TRUTH,
    "datatype": IRI,
    "deactivated": TRUTH,
    "flags": TEXT,
    "maxCount": COUNT,
    "maxExclusive": LITERAL,
    "maxInclusive": LITERAL,
    "maxLength": COUNT,
    "minCount": COUNT,
    "minExclusive": LITERAL,
    "minInclusive": LITERAL,
    "minLength": COUNT,
    "nodeKind": NODE_KIND,
    "pattern": TEXT,
    "qualifiedMaxCount": COUNT,
    "qualifiedMinCount": COUNT,
    "qualifiedValueShape": NODE,
    "qualifiedValueShapesDisjoint": TRUTH,
    "ask": TEXT,
    "construct": TEXT,
    "select": TEXT,
    "severity": IRI,
    "uniqueLang": TRUTH,
}
"""Properties that have one value at most."""

LISTS: Final[Mapping[str, tuple[Kind | None, bool]]] = {
    "and": (NODE, False),
    "or": (NODE, False),
    "xone": (NODE, False),
    "in": (None, True),
    "ignoredProperties": (IRI, True),
    "languageIn": (TEXT, True),
}
"""Properties that take lists: what the members are, and whether there is one list at most."""

ON_PROPERTIES: Final = frozenset(
    {
        "lessThan",
        "lessThanOrEquals",
        "maxCount",
        "minCount",
        "qualifiedMaxCount",
        "qualifiedMinCount",
        "qualifiedValueShape",
        "uniqueLang",
    }
)
"""Properties that only property shapes may have."""

SHAPES: Final = ("node", "not", "property", "qualifiedValueShape")
"""Properties whose values are shapes."""
SHAPE_LISTS: Final = ("and", "or", "xone")
"""Properties whose values are lists of shapes."""
TARGETS: Final = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
CORE: Final = (
    frozenset({*MANY, *ONE, *LISTS, "alternativePath", "hasValue", "path"})
    | {"inversePath", "oneOrMorePath", "zeroOrMorePath", "zeroOrOnePath"}
    | {"defaultValue", "group", "namespace", "order", "prefix"}
) - {"ask", "construct", "prefixes", "select", "shapesGraph", "sparql"}
"""The properties of SHACL Core."""
