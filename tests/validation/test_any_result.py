"""Whatever a result is about, it becomes a finding with a sentence, a place and a fingerprint."""

from __future__ import annotations

from itertools import product

import pytest

from samsyn.dataset.exact import parse_triples
from samsyn.validation.engines.result import Result
from samsyn.validation.evaluation import Setup
from samsyn.validation.fixes.applying import Mending
from samsyn.validation.locations import Aim, Part, placed
from samsyn.validation.rules import Catalogue
from samsyn.validation.wording import _tables

DATA = b'@prefix e: <http://e/> . e:a e:p "x" , "y"@en , [ e:q 1 ] .'
COMPONENTS = [f"{kind}ConstraintComponent" for kind in _tables()["component"]]
FOCUSES = ("<http://e/a>", '"lit"', '"x"@en', "_:b", "<urn:none>")
PATHS = ("", "http://e/p", "^<http://e/p>", "(<http://e/p>/<http://e/q>)", "<http://e/p>*")
VALUES = ("", "<http://e/a>", '"x"', "_:z", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>')
SHAPES = ("http://e/S", "_:s", "https://w3id.org/samsyn/shapes#X")


@pytest.mark.parametrize("component", [*COMPONENTS, "http://e/OwnConstraintComponent", ""])
def test_a_result_of_any_kind_becomes_a_finding(component: str) -> None:
    """Literals and blank nodes as focus nodes, paths of all kinds and none end in no exception."""
    catalogue, part = Catalogue((), {}), Part("data.ttl", parse_triples(DATA, "turtle"))
    found = [
        catalogue.finding(Result(focus, path, value, shape, "violation", component, ()))
        for focus, path, value, shape in product(FOCUSES, PATHS, VALUES, SHAPES)
    ]
    repaired = list(Mending([part], Setup((), ())).repaired(placed(map(Aim, found), [part])))
    assert len(repaired) == len(found)
    assert all(each.message("en") and each.message("sv") and each.fingerprint for each in repaired)
