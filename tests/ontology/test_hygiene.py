"""Rules on ontology and facts, one query each: zero rows wanted, and each proven able to fail."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from samsyn import names
from samsyn.dataset.exact import Dataset, NamedNode, Triple, computed, parse
from samsyn.sparql.index import Index

FOLDER = Path(__file__).parent / "hygiene"
RULES = sorted(FOLDER.glob("*.rq"))
HEADER = re.compile(r"#\+ title: (?P<title>\S.*)\n#\+ constraint: (?P<constraint>\S.*)\n\n")
PROVENANCE_STATUSES = {
    "stated": names.STATED,
    "editorial": names.EDITORIAL,
    "links": names.EDITORIAL,
    "proposed": names.PROPOSED,
    "inferred": names.IS_INFERRED,
}
FEWEST = 70


def rows(index: Index, rule: Path) -> list[str]:
    """Run a rule and write each row of its answer on a line."""
    answer = index.query(rule.read_text(encoding="utf-8"))
    return [" ".join(f"{name}={term}" for name, term in row.items()) for row in answer.rows()]


def broken(rule: Path) -> Index:
    """Index a rule's small broken dataset, with a provenance status for each graph."""
    path = rule.parent / "broken" / f"{rule.stem}.trig"
    graphs: dict[str, list[Triple]] = defaultdict(list)
    for quad in parse(path.read_bytes(), "trig", path=path.name):
        assert isinstance(quad.graph_name, NamedNode), f"{path.name}: put {quad} into a graph"
        graphs[quad.graph_name.value].append(quad.triple)
    catalogue = [stands(graph) for graph in (*graphs, names.CATALOGUE)]
    graphs[names.CATALOGUE] += catalogue
    made = [computed(graph, provenance_status(graph), triples) for graph, triples in graphs.items()]
    return Index(Dataset({}).with_graph(*made))


def stands(graph: str) -> Triple:
    """Say what the catalogue says of the provenance status of a graph."""
    has_provenance_status = NamedNode(names.NS + "hasProvenanceStatus")
    return Triple(NamedNode(graph), has_provenance_status, NamedNode(provenance_status(graph)))


def provenance_status(graph: str) -> str:
    """Return the provenance status that the folder of a graph gives it."""
    folder = graph.removeprefix(names.GRAPH).partition("/")[0]
    return PROVENANCE_STATUSES.get(folder, names.IS_SCHEMA)


def test_the_rules_are_found() -> None:
    """The folder holds the rules, each with a broken dataset of its name and no other."""
    assert len(RULES) >= FEWEST
    assert {path.stem for path in RULES} == {path.stem for path in FOLDER.glob("broken/*.trig")}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_a_rule_says_what_it_wants(rule: Path) -> None:
    """A rule begins with its title and constraint."""
    assert HEADER.match(rule.read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_hygiene(index: Index, rule: Path) -> None:
    """The whole closed dataset breaks no rule."""
    found = rows(index, rule)
    assert not found, "\n".join([*rule.read_text(encoding="utf-8").splitlines()[:2], *found[:20]])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_a_rule_can_fail(rule: Path) -> None:
    """A rule finds the fault of its broken dataset."""
    assert rows(broken(rule), rule)
