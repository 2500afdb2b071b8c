"""Every shape has a failing example, named for its reason, and both engines agree on them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple, parse, to_rdflib
from samsyn.validation import run
from samsyn.validation.shapes import Result, validate

FOLDER = Path(__file__).parent
EXAMPLES = sorted(FOLDER.glob("*Shape/*.ttl"))
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
TERMS = frozenset(
    [
        "alternativePath",
        "class",
        "datatype",
        "declare",
        "equals",
        "hasValue",
        "inversePath",
        "languageIn",
        "lessThan",
        "maxCount",
        "maxInclusive",
        "maxLength",
        "message",
        "minCount",
        "minInclusive",
        "namespace",
        "nodeKind",
        "not",
        "or",
        "path",
        "pattern",
        "prefix",
        "prefixes",
        "property",
        "select",
        "severity",
        "sparql",
        "targetClass",
        "targetSubjectsOf",
        "uniqueLang",
    ]
)
Key = tuple[str, ...]
LOST = 20  # one fact in so many is left out where damaged facts are wanted


def name(path: Path) -> str:
    """Name an example by its folder and file."""
    return f"{path.parent.name}-{path.stem}"


def key(result: Result) -> Key:
    """Leave out what engines may word in their own way."""
    return result.focus, result.path, result.value, result.shape, result.component


@cache
def read(path: Path) -> tuple[Triple, ...]:
    """Read an example."""
    return tuple(quad.triple for quad in parse(path.read_bytes(), "turtle", path=path.name))


@pytest.fixture(scope="module")
def shapes(dataset: Dataset) -> tuple[Triple, ...]:
    """The shapes of the repository."""
    graphs = ("required", "advised")
    return tuple(t for g in graphs for t in dataset.graph(f"{names.GRAPH}shapes/{g}").triples)


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


def test_the_shapes_are_shapes(shapes: tuple[Triple, ...]) -> None:
    """The shapes meet the shapes for shapes of the recommendation, and use its terms only."""
    import pyshacl

    # The engines pass over a misspelt term in silence.
    used = {t.predicate.value for t in shapes if t.predicate.value.startswith(names.SH)}
    assert {names.local(term) for term in used} <= TERMS
    empty = to_rdflib(())
    conforms, _, text = pyshacl.validate(empty, shacl_graph=to_rdflib(shapes), meta_shacl=True)
    assert conforms, text


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


def test_every_class_of_facts_has_a_shape(dataset: Dataset, shapes: tuple[Triple, ...]) -> None:
    """Every own class with an instance among the facts is a target, itself or one above it."""
    targets = {t.object for t in shapes if t.predicate.value == names.SH + "targetClass"}
    above: dict[object, set[object]] = {}
    for triple in facts(dataset):
        if triple.predicate.value == names.RDFS + "subClassOf":
            above.setdefault(triple.subject, set()).add(triple.object)
    used = {
        t.object
        for t in facts(dataset)
        if t.predicate.value == names.RDF_TYPE and str(t.object).startswith("<" + names.NS)
    }
    assert used
    assert {kind for kind in used if not targets & {kind, *above.get(kind, set())}} == set()


def facts(dataset: Dataset) -> tuple[Triple, ...]:
    """What ``samsyn validate`` checks."""
    return run._facts(dataset).triples()


def test_the_facts_are_clean(dataset: Dataset) -> None:
    """The repository's own facts break no required and no unexcused advised shape."""
    checked = run.check(dataset)
    assert checked.exit_code == 0, "\n".join(run.lines(checked))
    # Nothing is the same as anything, so that shape alone has nothing to look at.
    assert checked.report.unmatched == (names.SHAPES + "SameAsShape",)


@pytest.fixture
def parsed_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let rdflib parse each SPARQL constraint once, where pySHACL asks for every node anew."""
    from rdflib.plugins.sparql import processor

    parse_query, translate = processor.parseQuery, processor.translateQuery
    kept: dict[str, object] = {}

    def once(text: str, base: str | None, namespaces: dict[str, object]) -> object:
        if text not in kept:
            kept[text] = translate(parse_query(text), base, namespaces)
        return kept[text]

    monkeypatch.setattr(processor, "parseQuery", lambda text: text)
    monkeypatch.setattr(processor, "translateQuery", once)
    yield
    assert kept, "rdflib no longer parses queries where this test thinks it does"


@pytest.mark.usefixtures("parsed_once")
def test_the_engines_agree_on_the_facts(dataset: Dataset, shapes: tuple[Triple, ...]) -> None:
    """The fast engine and the reference give the same results on the repository's facts."""
    data = facts(dataset)
    assert outcome(data, shapes, "shacl") == outcome(data, shapes, "pyshacl")


@pytest.mark.usefixtures("parsed_once")
def test_the_engines_agree_on_damaged_facts(dataset: Dataset, shapes: tuple[Triple, ...]) -> None:
    """They do so too where some of the facts are lost, so that there is much to report."""
    ontology = set(dataset.select(names.VOCABULARY).triples())
    known = [triple for triple in facts(dataset) if triple in ontology]
    rest = sorted(set(facts(dataset)) - ontology, key=str)
    data = (*known, *(triple for number, triple in enumerate(rest) if number % LOST))
    ours = outcome(data, shapes, "shacl")
    assert len(ours) > 100
    assert ours == outcome(data, shapes, "pyshacl")


def outcome(data: tuple[Triple, ...], shapes: tuple[Triple, ...], engine: str) -> set[Key]:
    """Validate with an engine, in terms that engines share."""
    return {key(result) for result in validate(data, shapes, engine=engine).results}


@pytest.mark.usefixtures("parsed_once")
def test_the_engines_agree_on_the_examples(
    shapes: tuple[Triple, ...], ontology: dict[object, list[Triple]]
) -> None:
    """They do so on all examples, put together with every thing numbered by its example."""
    triples = [t for number, path in enumerate(EXAMPLES) for t in numbered(read(path), number)]
    data = in_context(tuple(triples), ontology)
    ours = outcome(data, shapes, "shacl")
    assert len(ours) > len(FAILING)
    assert ours == outcome(data, shapes, "pyshacl")


def numbered(triples: tuple[Triple, ...], number: int) -> Iterator[Triple]:
    """Add a number to the names of things, so that no example speaks of what another does."""

    def own(term: NamedNode) -> NamedNode:
        return NamedNode(f"{term.value}{number:04}") if term.value.startswith(names.ID) else term

    for each in triples:
        thing = own(each.object) if isinstance(each.object, NamedNode) else each.object
        subject = own(each.subject) if isinstance(each.subject, NamedNode) else each.subject
        yield Triple(subject, each.predicate, thing)
