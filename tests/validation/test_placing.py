"""A finding points at what is wrong: the value, else the property, else the subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn import validate
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.validation import run
from samsyn.validation.finding import Finding
from samsyn.validation.options import Options

HEAD = """\
@prefix e: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DATA = (
    HEAD
    + """\
e:one rdfs:comment "not here" .
e:one e:p 1 , "two" ,
    3 ;
  a e:C ; e:q e:other .
e:other e:r e:one .
e:a samsyn:feedsInformationTo e:b .
e:b samsyn:feedsInformationTo e:c .
"""
)
CASES = {
    "value": (
        "sh:path e:p ; sh:datatype <http://www.w3.org/2001/XMLSchema#integer>",
        "6:15",
        "value",
    ),
    "too-many": ("sh:path e:p ; sh:maxCount 1", "7:5", "value"),
    "too-few": ("sh:path e:p ; sh:minCount 4", "6:1", "subject"),
    "missing": ("sh:path e:none ; sh:minCount 1", "6:1", "subject"),
    "wanted-value": ("sh:path e:p ; sh:hasValue 9", "6:1", "subject"),
    "inverse": ("sh:path [ sh:inversePath e:r ] ; sh:nodeKind sh:Literal", "9:1", "subject"),
    "alternative": (
        "sh:path [ sh:alternativePath ( e:none e:q ) ] ; sh:in ( e:x )",
        "8:15",
        "value",
    ),
    "sequence": ("sh:path ( e:q e:r ) ; sh:nodeKind sh:Literal", "8:11", "predicate"),
    "node": ("sh:path e:q ; sh:class e:D", "8:15", "value"),
}


def findings(
    folder: Path, data: str, shape: str, target: str = "sh:targetNode e:one"
) -> list[Finding]:
    """Check a file against one property shape."""
    shapes = HEAD + f"e:S a sh:NodeShape ; {target} ; sh:property e:S-p .\n"
    shapes += f"e:S-p a sh:PropertyShape ; {shape} .\n"
    (folder / "data.ttl").write_text(data, encoding="utf-8")
    (folder / "shapes.ttl").write_text(shapes, encoding="utf-8")
    options = Options(paths=(str(folder / "data.ttl"),), shapes=(str(folder / "shapes.ttl"),))
    return list(run.check(options, Layout.find()).findings)


def where(finding: Finding) -> str:
    """Return line and column of a finding."""
    return str(finding.place).rpartition("data.ttl:")[2]


@pytest.mark.parametrize(("shape", "place", "precision"), CASES.values(), ids=CASES)
def test_each_kind_of_finding_has_its_place(
    tmp_path: Path, shape: str, place: str, precision: str
) -> None:
    """The place is that of the offending token, and the finding says which sort of token it is."""
    (finding,) = findings(tmp_path, DATA, shape)
    assert finding.place is not None
    assert (where(finding), finding.place.precision) == (place, precision)


def test_the_other_values_of_a_count_are_related(tmp_path: Path) -> None:
    """Where there are too many values, the last one is pointed at and the others are named."""
    (finding,) = findings(tmp_path, DATA, CASES["too-many"][0])
    others = [str(each.place).rpartition(":")[2] for each in finding.related]
    assert others[:2] == ["11", "15"]


def test_the_shape_of_a_user_says_where_it_asks(tmp_path: Path) -> None:
    """The last related place is that of the shape in the user's own file."""
    (finding,) = findings(tmp_path, DATA, CASES["missing"][0])
    assert str(finding.related[-1].place).endswith("shapes.ttl:6:1")


def test_what_follows_points_at_what_it_follows_from(tmp_path: Path) -> None:
    """A triple that nobody stated is placed at the stated ones of its proof."""
    shape = "sh:path samsyn:informs ; sh:in ( e:b )"
    found = findings(tmp_path, DATA, shape, "sh:targetNode e:a")
    (finding,) = found
    assert where(finding) == "10:31"
    assert [str(each.place).rpartition("data.ttl:")[2] for each in finding.related[:1]] == ["11:31"]


def test_a_node_that_is_only_pointed_to_has_the_place_of_the_pointer(tmp_path: Path) -> None:
    """A node without a statement of its own is placed where it is an object."""
    (finding,) = findings(tmp_path, DATA, "sh:path e:p ; sh:minCount 1", "sh:targetNode e:c")
    assert (where(finding), finding.place and finding.place.precision) == ("11:31", "value")


def test_a_node_nobody_mentions_has_no_place(tmp_path: Path) -> None:
    """A target that is not in the data is a focus node all the same (SHACL section 2.1.1)."""
    shape = "sh:path e:p ; sh:minCount 1"
    (finding,) = findings(tmp_path, DATA, shape, "sh:targetNode e:nobody")
    assert (finding.focus, finding.place) == ("<https://example.org/nobody>", None)


def test_a_graph_has_no_places() -> None:
    """Findings of a graph that was handed over have none, and are the same otherwise."""
    import rdflib

    report = validate(rdflib.Graph().parse(data=DATA), profile="linking")
    assert all(finding.place is None for finding in report.findings)


def test_a_setting_of_the_call_is_checked_as_on_the_command_line() -> None:
    """A value that makes no sense is refused, and so is a setting that there is not."""
    import rdflib

    with pytest.raises(UsageError, match="--infer is 'all'"):
        validate(rdflib.Graph(), infer="all")
    with pytest.raises(TypeError, match="colour"):
        validate(rdflib.Graph(), colour="red")
