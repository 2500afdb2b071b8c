"""The shapes of the profiles for others: each has a failing example, and both engines agree.

Those marked with the simple entailment look at what is stated, the others at what follows from it
too, without the rules of domains and ranges.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from tests.shapes.conftest import assert_well_formed

from samsyn import names
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.rules import OWL_RL
from samsyn.dataset.exact import BlankNode, Dataset, Literal, NamedNode, Triple, parse
from samsyn.validation.engines.result import Result
from samsyn.validation.engines.routing import validate
from samsyn.validation.profiles import PREFIXES, find

FOLDER = Path(__file__).parent
EXAMPLES = sorted(
    path for prefix in PREFIXES.values() for path in FOLDER.glob(f"{prefix}*Shape/*.ttl")
)
FAILING = [path for path in EXAMPLES if path.stem.endswith("-fail")]
PASSING = [path for path in EXAMPLES if not path.stem.endswith("-fail")]
RULES = tuple(rule for rule in OWL_RL if rule not in ("prp-dom", "prp-rng"))
SIMPLE = NamedNode(names.ENTAILMENT + "Simple")
THINGS = re.compile(r"https://(example\.org|w3id\.org/samsyn)/id/[a-z/0-9-]*[a-z0-9]")


def name(path: Path) -> str:
    """Name an example by its folder and file."""
    return f"{path.parent.name}-{path.stem}"


@cache
def read(path: Path) -> tuple[Triple, ...]:
    """Read an example."""
    return tuple(quad.triple for quad in parse(path.read_bytes(), "turtle", path=path.name))


def numbered(term: object, number: int) -> object:
    """Add a number to the name of a thing, so that no example speaks of what another does."""
    if isinstance(term, NamedNode) and THINGS.fullmatch(term.value):
        return NamedNode(f"{term.value}-{number:04}")
    return BlankNode(f"{term.value}n{number}") if isinstance(term, BlankNode) else term


@pytest.fixture(scope="module")
def shapes() -> tuple[Triple, ...]:
    """The shapes of the profile core, which has those of linking too."""
    return find("core").triples()


@pytest.fixture(scope="module")
def ontology(dataset: Dataset) -> tuple[Triple, ...]:
    """The ontology with its vocabularies."""
    start = names.GRAPH + "ontology/"
    graphs = (g for g in dataset.graphs.values() if g.iri.startswith(start))
    return tuple(triple for graph in graphs for triple in graph.triples)


def stated(shapes: Iterable[Triple]) -> set[str]:
    """List the shapes that look at what is stated."""
    return {plain(triple.subject) for triple in shapes if triple.object == SIMPLE}


def engine_shapes(shapes: Iterable[Triple]) -> tuple[Triple, ...]:
    """Take out what an engine would refuse."""
    return tuple(triple for triple in shapes if triple.object != SIMPLE)


def results(
    data: tuple[Triple, ...], shapes: tuple[Triple, ...], ontology: tuple[Triple, ...]
) -> set[Result]:
    """Validate as the program does: before the closure for some shapes, after it for others."""
    simple, asked = stated(shapes), engine_shapes(shapes)
    given = (*ontology, *data)
    before = validate(given, asked).results
    after = validate(tuple(ClosedGraph(given, RULES)), asked).results
    return {r for r in before if r.shape in simple} | {r for r in after if r.shape not in simple}


@pytest.fixture(scope="module")
def found(shapes: tuple[Triple, ...], ontology: tuple[Triple, ...]) -> dict[Path, set[Result]]:
    """What is found in each example: in most of them at once, in those with blank nodes alone."""
    alone = [path for path in EXAMPLES if has_blank(path)]
    answers = {path: results(read(path), shapes, ontology) for path in alone}
    rest = {n: path for n, path in enumerate(EXAMPLES) if path not in alone}
    answers |= {path: set() for path in rest.values()}
    for result in results(together(rest), shapes, ontology):
        number = re.search(r"-(\d{4})>$", result.focus) or re.search(r"-(\d{4})>$", result.value)
        assert number, f"{result} is about no thing of an example"
        answers[rest[int(number[1])]].add(result)
    return answers


def has_blank(path: Path) -> bool:
    """Return whether an example has a blank node."""
    return any(isinstance(term, BlankNode) for t in read(path) for term in (t.subject, t.object))


def together(paths: dict[int, Path]) -> tuple[Triple, ...]:
    """Put examples together, the things of each with its number."""
    return tuple(
        Triple(numbered(t.subject, n), t.predicate, numbered(t.object, n))  # type: ignore[arg-type]
        for n, path in paths.items()
        for t in read(path)
    )


def of_folder(results: set[Result], path: Path) -> set[Result]:
    """Keep the results of the shape that a folder is named for, or of one of its parts."""
    shape = names.SHAPES + path.parent.name
    return {r for r in results if r.shape == shape or r.shape.startswith(shape + "-")}


def plain(term: object) -> str:
    """Write a term without brackets."""
    return str(term).strip("<>")


def said(shapes: Iterable[Triple]) -> dict[str, dict[str, list[object]]]:
    """Gather what is said of each shape."""
    about: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for triple in shapes:
        about[plain(triple.subject)][triple.predicate.value].append(triple.object)
    return about


def test_examples_are_found() -> None:
    """There are examples, and every folder has one that passes and one that fails."""
    assert len(FAILING) > 150
    folders = {path.parent for path in EXAMPLES}
    assert folders == {path.parent for path in FAILING} == {path.parent for path in PASSING}


@pytest.mark.parametrize("path", FAILING, ids=name)
def test_a_failing_example_fails(path: Path, found: dict[Path, set[Result]]) -> None:
    """An example named -fail is found by a part of its folder's shape that its name begins with."""
    shapes = {result.shape for result in of_folder(found[path], path)}
    assert shapes
    parts = {kebab(shape.partition("-")[2]) for shape in shapes if "-" in shape}
    constraint = any(r.component.startswith("SPARQL") for r in of_folder(found[path], path))
    whole = names.SHAPES + path.parent.name in shapes
    assert constraint or whole or any(path.stem.startswith(part + "-") for part in parts)


def kebab(part: str) -> str:
    """Write the name of a part as a file name."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"-{match[1].lower()}", part)


@pytest.mark.parametrize("path", PASSING, ids=name)
def test_a_passing_example_passes(path: Path, found: dict[Path, set[Result]]) -> None:
    """An example of another name is not found by the shape of its folder."""
    assert not of_folder(found[path], path)


def test_every_shape_has_a_failing_example(
    shapes: tuple[Triple, ...], found: dict[Path, set[Result]]
) -> None:
    """Every shape and constraint with a message is reported for an example in its folder."""
    fired = {
        text
        for path in FAILING
        for result in of_folder(found[path], path)
        for _, text in (*result.messages, ("", result.shape))
    }
    about = said(shapes)
    kinds = {"PropertyShape", "NodeShape"}
    for iri, each in about.items():
        messages = [m.value for m in each[names.SH + "message"] if isinstance(m, Literal)]
        by_name = {names.local(plain(kind)) for kind in each[names.RDF_TYPE]} & kinds
        assert not messages or (iri in fired if by_name else set(messages) <= fired), iri


def test_every_target_has_a_folder(shapes: tuple[Triple, ...]) -> None:
    """A node shape with a target has a folder of examples, and every folder has its shape."""
    targets = {
        plain(t.subject) for t in shapes if t.predicate.value.startswith(names.SH + "target")
    }
    assert targets == {names.SHAPES + path.parent.name for path in EXAMPLES}


def test_the_engines_agree(
    parsed_once: None,  # noqa: ARG001  needed while pySHACL runs
    shapes: tuple[Triple, ...],
    ontology: tuple[Triple, ...],
) -> None:
    """Both engines find the same in all examples, stated and closed."""
    given = (*ontology, *together(dict(enumerate(EXAMPLES))))
    for data in (given, tuple(ClosedGraph(given, RULES))):
        keys = [
            {(r.focus, r.path, r.value, r.shape, r.component) for r in report.results}
            for report in (
                validate(data, engine_shapes(shapes), engine=engine)
                for engine in ("shacl", "pyshacl")
            )
        ]
        assert keys[0] == keys[1]
        assert len(keys[0]) > len(FAILING)


def test_the_shapes_are_shapes(shapes: tuple[Triple, ...]) -> None:
    """The shapes meet the shapes for shapes of the recommendation, and use known terms only."""
    assert_well_formed(engine_shapes(shapes))


@pytest.mark.parametrize("profile", ["linking", "core"])
def test_a_profile_stands_on_its_own(profile: str) -> None:
    """Whatever a shape of a profile refers to is described in the profile's own files."""
    triples = find(profile).triples()
    described = {plain(triple.subject) for triple in triples}
    named = {
        plain(t.object)
        for t in triples
        if isinstance(t.object, NamedNode) and t.object.value.startswith(names.SHAPES)
    }
    assert named
    assert named <= described


def test_every_shape_is_named_for_its_profile() -> None:
    """A shape's name begins as its file does, so that no rule of two profiles has one id."""
    for profile, prefix in PREFIXES.items():
        (path,) = (p for p in find(profile).paths if p.name.startswith(profile))
        triples = [q.triple for q in parse(path.read_bytes(), "turtle", path=path.name)]
        shapes = {plain(t.subject) for t in triples if plain(t.object).endswith("Shape")}
        assert shapes
        assert all(iri.startswith(names.SHAPES + prefix) for iri in shapes)


def test_no_other_shape_is_named_so(dataset: Dataset) -> None:
    """No required or advised shape has a name that begins as those of the profiles do."""
    for graph in ("required", "advised"):
        for triple in dataset.graph(f"{names.GRAPH}shapes/{graph}").triples:
            local = plain(triple.subject).removeprefix(names.SHAPES)
            assert not local.startswith(tuple(PREFIXES.values()))


def test_the_rules_are_explained(shapes: tuple[Triple, ...]) -> None:
    """Each shape that reports has title, message and reason in both languages.

    The message has two parts: a sentence on what is wrong, and how to fix it.
    """
    about = said(shapes)
    reporting = [each for each in about.values() if each[names.SH + "message"]]
    assert len(reporting) > 120
    for each in reporting:
        for predicate in (names.RDFS_LABEL, names.SH + "message", names.RDFS + "comment"):
            texts = [text for text in each[predicate] if isinstance(text, Literal)]
            assert sorted(text.language or "" for text in texts) == ["en", "sv"], each
            if predicate == names.SH + "message":
                assert all(". " in text.value and text.value.endswith(".") for text in texts), each


def test_what_is_inferred_is_never_stated(
    shapes: tuple[Triple, ...], ontology: tuple[Triple, ...]
) -> None:
    """LinkedInferredShape has a part for each transitive, chain and inverse property, no other."""
    given = said(ontology)
    wanted = {
        iri
        for iri, each in given.items()
        if iri.startswith(names.NS)
        and (
            NamedNode(names.OWL + "TransitiveProperty") in each[names.RDF_TYPE]
            or each[names.OWL + "propertyChainAxiom"]
            or each[names.OWL + "inverseOf"]
        )
    }
    about = said(shapes)
    shape = about[names.SHAPES + "LinkedInferredShape"]
    assert {plain(term) for term in shape[names.SH + "targetSubjectsOf"]} == wanted
    paths = {
        plain(about[plain(part)][names.SH + "path"][0]) for part in shape[names.SH + "property"]
    }
    assert paths == wanted


def test_domains_and_ranges_are_those_of_the_ontology(
    shapes: tuple[Triple, ...], ontology: tuple[Triple, ...]
) -> None:
    """Each property with a domain or range that is a class of ours has its place in the shapes.

    Whatever acts is an actant, so that a body that informs another is no fault.
    """
    given, about = said(ontology), said(shapes)
    inferred = about[names.SHAPES + "LinkedInferredShape"][names.SH + "targetSubjectsOf"]
    concepts = about[names.SHAPES + "LinkedConceptShape"][names.SH + "targetSubjectsOf"]
    anything = {names.NS + "Entity", names.NS + "Actant"}
    for iri, each in given.items():
        if not iri.startswith(names.NS) or NamedNode(iri) in inferred:
            continue
        for domain in map(plain, each[names.RDFS + "domain"]):
            shape = f"{names.SHAPES}Core{names.local(domain)}SubjectShape"
            place = about[shape][names.SH + "targetSubjectsOf"]
            assert domain in anything or NamedNode(iri) in place
        for range_ in map(plain, each[names.RDFS + "range"]):
            if not range_.startswith(names.NS) or range_ in anything:
                continue
            owner = "LinkedConceptShape" if NamedNode(iri) in concepts else "CoreObjectShape"
            part = about[f"{names.SHAPES}{owner}-{names.local(iri)}"]
            assert plain(part[names.SH + "path"][0]) == iri
            assert names.local(range_) in " ".join(map(str, part[names.SH + "message"]))


def test_our_own_facts_meet_the_profiles(
    dataset: Dataset, shapes: tuple[Triple, ...], ontology: tuple[Triple, ...]
) -> None:
    """Nothing but information is found in our own facts and links."""
    facts = dataset.select(names.STATED, names.EDITORIAL).triples()
    worse = {r for r in results(facts, shapes, ontology) if r.severity != "info"}
    assert worse == set()


def test_a_good_dataset_of_a_partner_is_clean(
    shapes: tuple[Triple, ...], ontology: tuple[Triple, ...]
) -> None:
    """Nothing is found in what a partner might well publish, which most shapes look at."""
    assert results(read(FOLDER / "partner.ttl"), shapes, ontology) == set()


def test_a_shape_looks_at_what_is_stated_with_all_its_parts(shapes: tuple[Triple, ...]) -> None:
    """A shape marked with the simple entailment has parts marked so, and no other has."""
    simple, about = stated(shapes), said(shapes)
    assert len(simple) > 20
    for iri, each in about.items():
        for part in each[names.SH + "property"]:
            assert (plain(part) in simple) == (iri in simple), part
