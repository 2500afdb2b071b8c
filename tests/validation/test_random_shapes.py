"""Both engines give the same results for random shapes of SHACL Core, with what is beside them."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from tests.validation.random_shapes import CONSTRAINTS, data, shapes

from samsyn.dataset.exact import parse_triples
from samsyn.names import XSD
from samsyn.validation.engines.ordering import is_less
from samsyn.validation.engines.routing import validate

SEEDS = 480
PARTS = 4
# sh:property finds nothing itself, and sh:qualifiedValueShape has two components.
COMPONENTS = {f"{name[0].upper()}{name[1:]}" for name in CONSTRAINTS} - {"Property", "Qualified"}
COMPONENTS |= {"QualifiedMinCount", "QualifiedMaxCount"}


def found(seed: int, engine: str) -> Counter[tuple[str, ...]]:
    """Return what an engine finds in the random data and shapes of a seed, and how often."""
    random = Random(seed)  # noqa: S311  nothing is secret
    given = parse_triples(data(random).encode(), "turtle")
    asked = parse_triples(shapes(random).encode(), "turtle")
    return Counter(
        (each.focus, each.path, each.value, each.shape, each.component, each.severity)
        for each in validate(given, asked, engine=engine).results
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engines_agree_on_random_shapes(part: int) -> None:
    """Each result is found by both, and equally often; each kind of constraint finds something."""
    met: set[str] = set()
    for seed in range(part, SEEDS, PARTS):
        ours = found(seed, "shacl")
        assert (seed, ours) == (seed, found(seed, "pyshacl"))
        met |= {key[4].removesuffix("ConstraintComponent") for key in ours}
    assert len(met & COMPONENTS) > len(COMPONENTS) * 3 / 4


def test_random_shapes_use_all_constraints() -> None:
    """No kind of constraint is left out."""
    written = " ".join(
        shapes(Random(seed))  # noqa: S311
        for seed in range(SEEDS)
    )
    asked = {name for name in CONSTRAINTS if f"sh:{name} " in written}
    assert asked >= CONSTRAINTS.keys() - {"qualified"}
    assert "sh:qualifiedMinCount" in written
    assert "sh:qualifiedMaxCount" in written


ORDER = (
    ("1", "1.5", True, True),
    ("1", "1e0", False, True),
    ("1.5", '"1.5"^^xsd:float', False, True),
    ("1", "12345678901234567890", True, True),
    ("false", "true", True, True),
    ('"a"', '"b"', True, True),
    ('"a"', '"b"@en', False, False),
    ('"a"@en', '"b"@en', False, False),
    ('"a"', '"b"^^xsd:anyURI', False, False),
    ("1", '"300"^^xsd:byte', False, False),
    ("1", '"2"', False, False),
    ("1", "true", False, False),
    ('"NaN"^^xsd:double', '"NaN"^^xsd:double', False, False),
    ('"-INF"^^xsd:double', "0", True, True),
    ('"2020-01-01"^^xsd:date', '"2020-01-02"^^xsd:date', True, True),
    ('"2020-01-01"^^xsd:date', '"2020-01-01"^^xsd:date', False, True),
    ('"2020-13-01"^^xsd:date', '"2020-13-01"^^xsd:date', False, False),
    ('"2020-01-01"^^xsd:date', '"2020-01-02T00:00:00"^^xsd:dateTime', False, False),
    ('"2020-01-01T00:00:00"^^xsd:dateTime', '"2020-01-01T00:00:00Z"^^xsd:dateTime', False, False),
    ('"P1Y"^^xsd:duration', '"P2Y"^^xsd:duration', False, False),
    ('"P1Y"^^xsd:yearMonthDuration', '"P13M"^^xsd:yearMonthDuration', True, True),
    ('"a"^^<urn:own>', '"a"^^<urn:own>', False, False),
    ("<urn:a>", "<urn:b>", False, False),
)


@pytest.mark.parametrize(("one", "other", "less", "at_most"), ORDER)
def test_values_are_compared_as_sparql_does(
    one: str, other: str, *, less: bool, at_most: bool
) -> None:
    """What SPARQL does not compare is neither less nor equal."""
    text = f"@prefix xsd: <{XSD}> . <urn:s> <urn:p> {one} ; <urn:q> {other} ."
    first, second = (triple.object for triple in parse_triples(text.encode(), "turtle"))
    assert is_less(first, second) is less
    assert is_less(first, second, or_equal=True) is at_most
