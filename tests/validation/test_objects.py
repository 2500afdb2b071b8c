"""The objects of our properties: no literal for a thing, and nothing of a class that cannot fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

import samsyn
from samsyn import names
from samsyn.closure import inputs
from samsyn.dataset.exact import (
    BlankNode,
    Dataset,
    Literal,
    NamedNode,
    Triple,
    load,
    parse_triples,
)
from samsyn.layout import Layout
from samsyn.validation import run
from samsyn.validation.objects import KINDS, RULE, misplaced
from samsyn.validation.options import Options

PREFIXES = """\
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix country: <https://w3id.org/samsyn/id/country/> .
@prefix body: <https://w3id.org/samsyn/id/body/> .
@prefix network: <https://w3id.org/samsyn/id/network/> .
@prefix ex: <https://example.org/> .
"""
HARMLESS = "ex:other a samsyn:Network ; rdfs:label 'n'@en , 'n'@sv .\n"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """Return the repository's graphs."""
    return load(Layout.find())


@pytest.fixture(scope="module")
def ontology(dataset: Dataset) -> tuple[Triple, ...]:
    """Return the triples of the ontology."""
    return dataset.select(names.IS_SCHEMA).triples()


def _is_a(ontology: Iterable[Triple], kind: str) -> list[NamedNode]:
    wanted = NamedNode(names.OWL + kind)
    typed = (t for t in ontology if t.predicate.value == names.RDF_TYPE and t.object == wanted)
    return sorted(
        (t.subject for t in typed if str(t.subject).startswith(f"<{names.NS}")),
        key=str,
    )


def _found(body: str, ontology: tuple[Triple, ...]) -> list[tuple[str, str]]:
    triples = parse_triples((PREFIXES + body).encode(), "turtle", path="a.ttl")
    return [(each.severity, each.value) for each in misplaced(triples, ontology)]


TABLE = {
    "a text": ("ex:n samsyn:feedsInformationTo 'a text' .", "violation"),
    "a number": ("ex:n samsyn:isMemberOf 3 .", "violation"),
    "a country of ours": ("ex:n samsyn:feedsInformationTo country:sweden .", "violation"),
    "a country of your own": (
        "ex:n samsyn:feedsInformationTo ex:c . ex:c a samsyn:Country .",
        "warning",
    ),
    "a class below, that is wrong": (
        "ex:n samsyn:isMemberOf ex:d . ex:d a ex:Memo . ex:Memo rdfs:subClassOf samsyn:Document .",
        "warning",
    ),
    "a property below one of ours": (
        "ex:n ex:tells 'them' . ex:tells rdfs:subPropertyOf samsyn:feedsInformationTo .",
        "violation",
    ),
    "a node for a code": ("ex:c samsyn:hasIsoAlpha2Code ex:SE .", "violation"),
    "a blank node for a code": ("ex:c samsyn:hasIsoAlpha2Code [] .", "violation"),
    "a level of a body": ("ex:n samsyn:feedsInformationTo body:nshf-political-level .", None),
    "a network of ours": ("ex:n samsyn:isMemberOf network:between-agencies .", None),
    "a body, which may act": (
        "ex:n samsyn:feedsInformationTo ex:b . ex:b a samsyn:Body .",
        None,
    ),
    "a claim": ("ex:n samsyn:feedsInformationTo ex:c . ex:c a samsyn:Claim .", "warning"),
    "something of no class": ("ex:n samsyn:feedsInformationTo ex:x .", None),
    "something of other classes": (
        "ex:n samsyn:feedsInformationTo ex:x . ex:x a <http://www.w3.org/ns/org#Organization> .",
        None,
    ),
    "one of two classes that fits": (
        "ex:n samsyn:isMemberOf ex:x . ex:x a samsyn:Document , samsyn:Network .",
        None,
    ),
    "a wider class, which may be the right one": (
        "ex:n samsyn:isMemberOf ex:x . ex:x a samsyn:Actant .",
        None,
    ),
    "a class that equals the right one": (
        "ex:n samsyn:isMemberOf ex:x . ex:x a ex:Net . ex:Net owl:equivalentClass samsyn:Network .",
        None,
    ),
    "a property of others": ("ex:n ex:tells 'them' .", None),
}


@pytest.mark.parametrize("case", TABLE)
def test_an_object_is_found_only_if_it_cannot_be_meant(
    case: str, ontology: tuple[Triple, ...]
) -> None:
    """A literal, and a thing of our classes none of which fits, are found; the rest is left."""
    body, severity = TABLE[case]
    assert [each for each, _ in _found(body, ontology)] == ([severity] if severity else [])


def test_no_property_of_ours_takes_what_it_cannot(ontology: tuple[Triple, ...]) -> None:
    """Each property that relates things refuses text, and each that has text refuses a node."""
    subject = NamedNode("https://example.org/s")
    things, texts = _is_a(ontology, "ObjectProperty"), _is_a(ontology, "DatatypeProperty")
    assert len(things) > 100 and len(texts) > 20  # noqa: PT018  one check that there is something
    wrong = [Triple(subject, property_, Literal("text")) for property_ in things]
    wrong += [Triple(subject, property_, BlankNode("b")) for property_ in texts]
    assert [each.severity for each in misplaced(wrong, ontology)] == ["violation"] * len(wrong)


def test_nothing_of_ours_is_misplaced(dataset: Dataset, ontology: tuple[Triple, ...]) -> None:
    """Our own facts, read as a user's, have no such finding."""
    facts = dataset.select(names.STATED, names.EDITORIAL).triples()
    assert list(misplaced(facts, ontology)) == []


def test_the_table_of_addresses_agrees_with_what_is_published(dataset: Dataset) -> None:
    """The classes of each folder are those of the things in it, or the ones right above them."""
    above: dict[str, set[str]] = defaultdict(set)
    classes: dict[str, set[str]] = defaultdict(set)
    for triple in inputs(dataset).triples():
        if triple.predicate.value == names.RDFS + "subClassOf":
            above[str(triple.subject)].add(str(triple.object))
        if triple.predicate.value == names.RDF_TYPE and str(triple.object)[1:].startswith(names.NS):
            classes[str(triple.subject)].add(str(triple.object))
    folders: dict[str, set[str]] = defaultdict(set)
    for thing, kinds in classes.items():
        folder, inside, _ = thing[1:].removeprefix(names.ID).partition("/")
        if thing[1:].startswith(names.ID) and inside:
            known = {f"<{names.NS}{name}>" for name in KINDS.get(folder, ())}
            assert all(({kind} | above[kind]) & known for kind in kinds), (thing, kinds)
            folders[folder] |= kinds
    # A passage has its class from the properties that it has.
    assert folders.keys() | {"passage"} == KINDS.keys()


def test_the_check_points_at_the_object(tmp_path: Path) -> None:
    """On the command line's way the finding has its line and column, and fails the check."""
    file = tmp_path / "a.ttl"
    body = "ex:n samsyn:feedsInformationTo country:sweden .\n"
    file.write_text(PREFIXES + HARMLESS + body, encoding="utf-8")
    options = Options.of(paths=(str(file),), shapes=("linking",))
    report = run.check(options, Layout.find())
    (finding,) = (each for each in report.findings if each.rule == RULE)
    assert finding.place is not None and finding.place.region is not None  # noqa: PT018
    line = (PREFIXES + HARMLESS).count("\n") + 1
    region = finding.place.region
    assert (region.line, region.column) == (line, len("ex:n samsyn:feedsInformationTo ") + 1)
    assert report.exit_code == 1


def test_only_profiles_for_others_ask_for_it(tmp_path: Path) -> None:
    """Shapes of the user's own, and the profile ``syntax``, say nothing of our properties."""
    rdflib = pytest.importorskip("rdflib")
    body = PREFIXES + "ex:n samsyn:feedsInformationTo 'a text' .\n"
    graph = rdflib.Graph().parse(data=body, format="turtle")
    assert RULE in {each.rule for each in samsyn.validate(graph).findings}
    assert RULE not in {each.rule for each in samsyn.validate(graph, "syntax").findings}
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:s> a sh:NodeShape ; sh:targetNode <https://example.org/n> ; sh:nodeKind sh:IRI .\n",
        encoding="utf-8",
    )
    assert RULE not in {each.rule for each in samsyn.validate(graph, str(own)).findings}
