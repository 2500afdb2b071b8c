"""Every shape has a failing example, named for its reason, and both engines agree on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple, parse
from samsyn.validation.engines.result import Result
from samsyn.validation.engines.routing import validate
from samsyn.validation.profiles import PREFIXES

FOLDER = Path(__file__).parent
# Those of the profiles have a test of their own.
OTHERS = tuple(PREFIXES.values())
EXAMPLES = sorted(
    path for path in FOLDER.glob("*Shape/*.ttl") if not path.parent.name.startswith(OTHERS)
)
FAILING = [path for path in EXAMPLES if path.stem.endswith("-fail")]
PASSING = [path for path in EXAMPLES if not path.stem.endswith("-fail")]
SHACL_CLASSES = frozenset(
    names.SH + name for name in ("NodeShape", "PropertyShape", "SPARQLConstraint")
)
# What the examples need to know: the class tree, what a property is like, and which concepts exist.
KNOWN = frozenset(
    {names.RDF_TYPE, names.SKOS + "inScheme"}
    | {names.RDFS + name for name in ("domain", "range", "subClassOf")}
    | {names.OWL + name for name in ("inverseOf", "propertyChainAxiom")}
)
# A concept is there only so that others may point to it: no example speaks of it.
CONCEPT = NamedNode(names.SKOS + "Concept")


def name(path: Path) -> str:
    """Name an example by its folder and file."""
    return f"{path.parent.name}-{path.stem}"


@cache
def read(path: Path) -> tuple[Triple, ...]:
    """Read an example."""
    return tuple(quad.triple for quad in parse(path.read_bytes(), "turtle", path=path.name))


@pytest.fixture(scope="module")
def ontology(dataset: Dataset) -> dict[object, list[Triple]]:
    """What shapes look up in the ontology, by term."""
    found: dict[object, list[Triple]] = {}
    for graph in dataset.graphs.values():
        if graph.iri.startswith(names.GRAPH + "ontology/"):
            for triple in graph.triples:
                if triple.predicate.value in KNOWN and triple.object != CONCEPT:
                    found.setdefault(triple.subject, []).append(triple)
    return found


def in_context(
    triples: tuple[Triple, ...], ontology: dict[object, list[Triple]]
) -> tuple[Triple, ...]:
    """Add to an example what the ontology says of its terms and of all that these lead to."""
    waiting: list[object] = [term for t in triples for term in (t.subject, t.predicate, t.object)]
    added: dict[object, list[Triple]] = {}
    while waiting:
        term = waiting.pop()
        if term in ontology and term not in added:
            added[term] = ontology[term]
            waiting += [triple.object for triple in ontology[term]]
    return (*triples, *(triple for found in added.values() for triple in found))


@pytest.fixture(scope="module")
def found(
    shapes: tuple[Triple, ...], ontology: dict[object, list[Triple]]
) -> dict[Path, set[Result]]:
    """What the default engine finds in each example."""
    return {
        path: set(validate(in_context(read(path), ontology), shapes).results) for path in EXAMPLES
    }


def of_folder(results: set[Result], path: Path) -> set[Result]:
    """Keep the results of the shape that a folder is named for, or of one of its parts."""
    shape = names.SHAPES + path.parent.name
    return {r for r in results if r.shape == shape or r.shape.startswith(shape + "-")}


def test_examples_are_found() -> None:
    """There are examples, and every folder has one that passes and one that fails."""
    assert len(FAILING) > 200
    folders = {path.parent for path in EXAMPLES}
    assert folders == {path.parent for path in FAILING} == {path.parent for path in PASSING}


@pytest.mark.parametrize("path", FAILING, ids=name)
def test_a_failing_example_fails(path: Path, found: dict[Path, set[Result]]) -> None:
    """An example named -fail is found by the shape of its folder or by a part of it."""
    assert of_folder(found[path], path)


@pytest.mark.parametrize("path", PASSING, ids=name)
def test_a_passing_example_passes(path: Path, found: dict[Path, set[Result]]) -> None:
    """An example of another name is not found by the shape of its folder."""
    assert not of_folder(found[path], path)


def test_every_shape_has_a_failing_example(
    shapes: tuple[Triple, ...], found: dict[Path, set[Result]]
) -> None:
    """Every shape and constraint that can report is reported for an example in its folder."""
    fired = {
        (result.shape, text)
        for path in FAILING
        for result in of_folder(found[path], path)
        for _, text in result.messages
    }
    assert [each for each in reporting(shapes) if each not in fired] == []


def reporting(shapes: tuple[Triple, ...]) -> list[tuple[str, str]]:
    """List the shapes that report, each with its message: a constraint reports for its shape."""
    about: dict[str, dict[str, list[str]]] = {}
    for triple in shapes:
        value = triple.object.value if isinstance(triple.object, NamedNode | Literal) else ""
        said = about.setdefault(str(triple.subject).strip("<>"), {})
        said.setdefault(triple.predicate.value, []).append(value)
    used = {part for said in about.values() for part in said.get(names.SH + "property", [])}
    inner = {part for part in used if part.partition("-")[0] not in folders()}
    return sorted(
        (shape_of(iri, said), text)
        for iri, said in about.items()
        if SHACL_CLASSES & set(said.get(names.RDF_TYPE, [])) and iri not in inner
        for text in said.get(names.SH + "message", [])
    )


def folders() -> set[str]:
    """The shapes that have a folder of examples."""
    return {names.SHAPES + path.parent.name for path in EXAMPLES}


def shape_of(iri: str, said: dict[str, list[str]]) -> str:
    """Return the shape that results name: for a constraint, the node shape it belongs to."""
    is_constraint = names.SH + "SPARQLConstraint" in said.get(names.RDF_TYPE, [])
    return iri.partition("-")[0] if is_constraint else iri


def test_every_shape_with_a_target_has_a_folder(shapes: tuple[Triple, ...]) -> None:
    """A node shape with a target has a folder of examples, and every folder has its shape."""
    targets = {
        str(t.subject).strip("<>")
        for t in shapes
        if t.predicate.value.startswith(names.SH + "target")
    }
    assert targets == folders()


def test_the_engines_agree_on_the_examples(
    agree: Callable[[tuple[Triple, ...]], int], ontology: dict[object, list[Triple]]
) -> None:
    """They do so on all examples, put together with every thing numbered by its example."""
    triples = [t for number, path in enumerate(EXAMPLES) for t in numbered(read(path), number)]
    assert agree(in_context(tuple(triples), ontology)) > len(FAILING)


def numbered(triples: tuple[Triple, ...], number: int) -> Iterator[Triple]:
    """Add a number to the names of things, so that no example speaks of what another does."""

    def own(term: NamedNode) -> NamedNode:
        return NamedNode(f"{term.value}{number:04}") if term.value.startswith(names.ID) else term

    for each in triples:
        thing = own(each.object) if isinstance(each.object, NamedNode) else each.object
        subject = own(each.subject) if isinstance(each.subject, NamedNode) else each.subject
        yield Triple(subject, each.predicate, thing)
