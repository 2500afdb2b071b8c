"""Values of literals in `samsyn validate`: outside their datatype, or written in two ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from samsyn.cli.program import main

RANGES = """\
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:length rdfs:range xsd:integer .
ex:boat1 ex:length "twelve" .
ex:depth rdfs:range xsd:nonNegativeInteger .
ex:boat2 ex:depth -5 .
ex:boat3 ex:length 12 ; ex:depth 5.0 .
"""
KEYS = """\
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Boat owl:hasKey ( ex:code ) .
ex:a a ex:Boat ; ex:code 1 .
ex:b a ex:Boat ; ex:code 01 .
ex:Solo owl:equivalentClass [ a owl:Restriction ; owl:onProperty ex:crew ; owl:hasValue 1 ] .
ex:c ex:crew "1"^^xsd:int .
"""
SHAPES = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:BoatShape a sh:NodeShape ; sh:targetClass ex:Boat ;
  sh:property [ sh:path ex:code ; sh:maxCount 1 ] .
ex:SoloShape a sh:NodeShape ; sh:targetClass ex:Solo ;
  sh:property [ sh:path ex:crew ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:name ; sh:minCount 1 ] .
"""


def checked(folder: Path, *words: str) -> tuple[int, list[dict[str, Any]]]:
    """Check the data in a folder; return the exit code and the findings."""
    report = folder / "report.json"
    code = main(["validate", str(folder / "data.ttl"), *words, "--report", f"json={report}"])
    found: list[dict[str, Any]] = json.loads(report.read_text())["findings"]
    return code, found


def test_a_literal_outside_of_its_range_is_found_where_it_stands(tmp_path: Path) -> None:
    """It is a contradiction, exit code 1, at the literal, with the thing and the property."""
    (tmp_path / "data.ttl").write_text(RANGES)
    code, found = checked(tmp_path)
    assert code == 1
    told = {finding["focus"]: finding for finding in found}
    assert set(told) == {"<http://example.org/boat1>", "<http://example.org/boat2>"}
    one = told["<http://example.org/boat1>"]
    assert (one["place"]["line"], one["place"]["column"]) == (5, 20)
    assert one["path"] == "http://example.org/length"
    assert one["value"] == '"twelve"'
    assert one["component"] == "dt-not-type"
    assert one["message"].startswith('"twelve" must be a value of the datatype xsd:integer')
    (swedish, *_) = checked(tmp_path, "--lang", "sv")[1]
    assert swedish["message"].startswith('"twelve" måste vara ett värde av datatypen xsd:integer')
    assert any("prp-rng" in line for line in one["proof"])


def test_shapes_see_each_value_once_and_all_that_follows_from_it(tmp_path: Path) -> None:
    """Two writings of one value are no two values; what has one of them has the class."""
    (tmp_path / "data.ttl").write_text(KEYS)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    _, found = checked(tmp_path, "--shapes", str(tmp_path / "shapes.ttl"))
    told = [(finding["focus"], finding["component"]) for finding in found]
    # The two boats are one by their key, and each has its code as it was written.
    assert told == [("<http://example.org/c>", "MinCountConstraintComponent")]
