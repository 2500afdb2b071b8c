"""The shapes are themselves well-formed: their terms, their parts, their messages."""

from __future__ import annotations

from tests.shapes.conftest import assert_well_formed

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple


def test_the_shapes_are_shapes(shapes: tuple[Triple, ...]) -> None:
    """The shapes meet the shapes for shapes of the recommendation, and use its terms only."""
    assert_well_formed(shapes)


def test_every_part_belongs_to_a_shape(shapes: tuple[Triple, ...]) -> None:
    """Every property shape and constraint is part of the shape it is named for."""
    parts = {
        (str(t.object).strip("<>"), str(t.subject).strip("<>"))
        for t in shapes
        if t.predicate.value in {names.SH + "property", names.SH + "sparql"}
    }
    assert {part for part, whole in parts if part.partition("-")[0] != whole} == set()
    kinds = {NamedNode(names.SH + kind) for kind in ("PropertyShape", "SPARQLConstraint")}
    declared = {str(t.subject).strip("<>") for t in shapes if t.object in kinds}
    assert declared == {part for part, _ in parts}


def test_every_message_stands_in_two_languages(shapes: tuple[Triple, ...]) -> None:
    """Every property shape and constraint says in Swedish and English what is wrong."""
    said: dict[str, set[str | None]] = {}
    for triple in shapes:
        if triple.predicate.value == names.SH + "message" and isinstance(triple.object, Literal):
            said.setdefault(str(triple.subject), set()).add(triple.object.language)
    parts = {
        str(t.subject)
        for t in shapes
        if t.predicate.value == names.RDF_TYPE
        and t.object
        in {NamedNode(names.SH + kind) for kind in ("PropertyShape", "SPARQLConstraint")}
    }
    assert parts
    assert {part for part in parts if said.get(part) != {"sv", "en"}} == set()
