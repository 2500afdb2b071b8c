"""Which properties shapes can look at: all that they name, or any."""

from __future__ import annotations

import pytest

from samsyn.dataset.exact import parse_triples
from samsyn.validation.engines.property_filter import looked_at

PREFIXES = """\
@prefix e: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:P sh:declare [ sh:prefix "e" ; sh:namespace "http://e/"^^xsd:anyURI ] .
"""
NAMED = [
    "$this e:p ?o ; e:q ?r . ?r e:s.t-u 5 , ?v FILTER(?v > -1 && ?r != e:r)",
    "$this (e:p|^<http://e/q>)+/e:r* ?o FILTER NOT EXISTS { ?o e:s.t-u $this }",
    "$this e:p ?o OPTIONAL { ?o e:q ?x } UNION { ?x e:r $this } VALUES ?x { e:s.t-u }",
    "$this e:p/e:q ?o . # ?s ?p ?o\n ?o e:r '?s ?p ?o' ; e:s.t-u true",
    '$this e:p/e:q ?o ; e:r """{ $this ?any ?thing }""" ; e:s.t-u ?x',
    "$this e:p [ e:q ?o ] , ( e:r e:s.t-u ) FILTER(!ISIRI(?o) && !BOUND(?o))",
]
ANY = [
    "$this ?p ?o",
    "?s $this 5",
    "?s $this .5",
    "$this e:p ?o ; ?q ?r",
    "<http://e/a> ?p ?o",
    "[] ?p true",
    "<< $this e:p e:q >> ?p ?o",
    "$this e:p e:q {| ?p e:r |}",
    '$this e:p ?o . ?o ?q "a"@en',
    "$this !e:p ?o",
    "$this !(e:p|^e:q) ?o",
    "$this (e:p|!^e:q)+ ?o",
    "$this !a ?o",
    "$this $PATH/e:q ?o",
    "$this other:p ?o",
    "$this e:p\\,q ?o",
    "$this <http://e/\\u0070> ?o",
    "$this <p> ?o",
    "FILTER($this<?a).$this?p?o.FILTER(?b>?o)",
]


def seen(where: str) -> frozenset[str] | None:
    """Return what a shape with a query looks at."""
    text = where.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    shape = f'e:S sh:sparql [ sh:prefixes e:P ; sh:select "SELECT $this ?o WHERE {{ {text} }}" ] .'
    return looked_at(parse_triples((PREFIXES + shape).encode(), "turtle"))


@pytest.mark.parametrize("where", NAMED)
def test_a_query_looks_at_what_it_names(where: str) -> None:
    """All properties of a query without open places are among those looked at."""
    found = seen(where)
    assert found is not None
    assert {f"http://e/{name}" for name in ("p", "q", "r", "s.t-u")} <= found | {"http://e/"}


def test_a_prefix_of_two_meanings_has_both() -> None:
    """What a prefix means for one query does not hide what it means for another."""
    other = 'e:O sh:declare [ sh:prefix "e" ; sh:namespace "http://o/"^^xsd:anyURI ] . '
    shape = 'e:S sh:sparql [ sh:prefixes e:P ; sh:select "SELECT $this { $this e:p ?o }" ] .'
    for shapes in (other + shape, shape + other):
        found = looked_at(parse_triples((PREFIXES + shapes).encode(), "turtle"))
        assert found is not None
        assert {"http://e/p", "http://o/p"} <= found


@pytest.mark.parametrize("where", ANY)
def test_a_query_may_look_at_anything(where: str) -> None:
    """An open place, a path that leaves properties out, and whatever is unclear."""
    assert seen(where) is None


@pytest.mark.parametrize(
    "shape",
    [
        "e:S sh:closed true .",
        "e:S sh:target e:T .",
        'e:S sh:sparql [ sh:ask "ASK { $this e:p ?o }" ] .',
        'e:S sh:sparql [ sh:select "PREFIX e: <http://f/> SELECT $this WHERE { $this e:p ?o }" ] .',
    ],
)
def test_some_shapes_look_at_anything(shape: str) -> None:
    """Closed shapes and what is not read look at all properties."""
    assert looked_at(parse_triples((PREFIXES + shape).encode(), "turtle")) is None
