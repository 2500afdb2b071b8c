"""Literals with their values and datatypes, written down by hand from the Recommendations.

Nothing here asks the product: two literals have one value if their keys are the same here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from samsyn.dataset.exact import Literal, NamedNode
from samsyn.names import RDF, RDFS, XSD

INTEGERS: Final = frozenset({"integer", "long", "int", "short", "byte"})
POSITIVE: Final = INTEGERS | {"nonNegativeInteger", "positiveInteger"} | {
    f"unsigned{name}" for name in ("Long", "Int", "Short", "Byte")
}  # fmt: skip
WORDS: Final = frozenset(
    {"string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"}
)


@dataclass(frozen=True)
class Known:
    """What is known of a literal.

    Args:
        value: a key of its value; empty if it has none that is known.
        datatypes: IRIs of the datatypes whose value spaces hold it.
    """

    value: str
    datatypes: frozenset[str]


def typed(text: str, name: str) -> Literal:
    """Make a literal of a datatype of XML Schema."""
    return Literal(text, datatype=NamedNode(XSD + name))


def _known(value: str, *names: str, plain: bool = False) -> Known:
    kinds = {XSD + name for name in names} | {RDFS + "Literal"}
    return Known(value, frozenset(kinds | ({RDF + "PlainLiteral"} if plain else set())))


_ONE: Final = _known("1", "decimal", *POSITIVE)
_A: Final = _known("a", *WORDS, plain=True)

TABLE: Final[dict[Literal, Known]] = {
    typed("1", "integer"): _ONE,
    typed("01", "int"): _ONE,
    typed("1.0", "decimal"): _ONE,
    typed("1", "nonNegativeInteger"): _ONE,
    typed("2", "integer"): _known("2", "decimal", *POSITIVE),
    typed("2", "nonNegativeInteger"): _known("2", "decimal", *POSITIVE),
    typed("0", "nonNegativeInteger"): _known(
        "0", "decimal", "nonPositiveInteger", *(POSITIVE - {"positiveInteger"})
    ),
    typed("-5", "integer"): _known(
        "-5", "decimal", "nonPositiveInteger", "negativeInteger", *INTEGERS
    ),
    typed("1.5", "decimal"): _known("1.5", "decimal"),
    typed("1", "double"): _known("double 1", "double"),
    typed("true", "boolean"): _known("true", "boolean"),
    typed("1", "boolean"): _known("true", "boolean"),
    Literal("a"): _A,
    typed(" a ", "token"): _A,
    Literal("b"): _known("b", *WORDS, plain=True),
    Literal("a", language="en"): Known(
        "a@en", frozenset({RDFS + "Literal", RDF + "PlainLiteral", RDF + "langString"})
    ),
    Literal("a@EN", datatype=NamedNode(RDF + "PlainLiteral")): Known(
        "a@en", frozenset({RDFS + "Literal", RDF + "PlainLiteral", RDF + "langString"})
    ),
    typed("2000-01-01", "date"): Known("", frozenset()),
}

SPACES: Final = sorted({name for known in TABLE.values() for name in known.datatypes})
"""IRIs of the datatypes that hold one of the literals."""


def answers(premise: str, terms: Iterable[object]) -> Iterator[tuple[Literal, object]]:
    """Give the pairs of which a premise on literals holds.

    Args:
        premise: its name in the rule table.
        terms: the terms of the graph; each literal among them has to be in the table.
    """
    literals = sorted({term for term in terms if isinstance(term, Literal)}, key=str)
    if premise in {"TYPED", "OUTSIDE"}:
        for literal in literals:
            known = TABLE[literal]
            for space in SPACES if known.value else ():
                if (space in known.datatypes) is (premise == "TYPED"):
                    yield literal, space
        return
    for one, other in permutations(literals, 2):
        values = TABLE[one].value, TABLE[other].value
        if all(values) and (values[0] == values[1]) is (premise == "SAMEVALUE"):
            yield one, other
