"""The fast engine against the reference, on our own shapes."""

from __future__ import annotations

from pathlib import Path

from samsyn import names
from samsyn.dataset.exact import Dataset, Triple, parse
from samsyn.validation.shapes import Report, validate

TREE = {names.RDFS + "subClassOf", names.RDFS + "subPropertyOf"}


def facts(report: Report) -> set[tuple[str, ...]]:
    """Leave out the messages, which engines may word in their own way."""
    return {(r.focus, r.path, r.value, r.shape, r.severity, r.component) for r in report.results}


def test_the_engines_agree_on_every_failing_example(root: Path, dataset: Dataset) -> None:
    """On all failing examples at once, both engines give the same findings.

    The whole graph is left out: the reference takes minutes for it.
    """
    examples = sorted((root / "tests" / "shapes").rglob("*-fail.ttl"))
    assert examples
    data: dict[Triple, None] = {t: None for t in dataset.triples() if t.predicate.value in TREE}
    for path in examples:
        quads = parse(path.read_bytes(), "turtle", path=str(path.relative_to(root)))
        data |= {quad.triple: None for quad in quads}
    shapes = [
        triple
        for iri, graph in dataset.graphs.items()
        if iri.startswith(names.GRAPH + "shapes/")
        for triple in graph.triples
    ]
    found = facts(validate(data, shapes))
    assert len(found) >= len(examples)
    assert facts(validate(data, shapes, engine="pyshacl")) == found
