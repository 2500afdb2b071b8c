"""Closing anyone's data in one line, whatever holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib

import samsyn
from samsyn.closure.interface import chosen_rules
from samsyn.closure.rules import RULES
from samsyn.dataset.exact import SUFFIXES, NamedNode, Triple, parse, serialize
from samsyn.errors import LimitError, NotFoundError, SourceError, UsageError
from samsyn.names import OWL, RDF_TYPE

EXAMPLE = "http://example.org/"
TURTLE = """\
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:above a owl:TransitiveProperty .
:a :above :b ; :count "007"^^<http://www.w3.org/2001/XMLSchema#integer> .
:b :above _:c .
_:c :above :d .
:Cat rdfs:subClassOf :Animal .
:a a :Cat .
"""
# a-c, a-d, b-d; a is an Animal.
NEW = 4


def _triple(subject: str, predicate: str, object_: str) -> Triple:
    one, middle, other = (NamedNode(EXAMPLE + name) for name in (subject, predicate, object_))
    return Triple(one, middle, other)


def _rdflib(kind: type[rdflib.Graph]) -> rdflib.Graph:
    read = rdflib.Graph()
    read.parse(data=TURTLE, format="turtle")
    graph = kind()
    target = getattr(graph, "default_graph", graph)
    for triple in read:
        target.add(triple)
    return graph


class Special(rdflib.Graph):
    """A graph of somebody's own class."""


@pytest.mark.parametrize("kind", [rdflib.Graph, rdflib.Dataset, Special])
def test_an_rdflib_graph_is_closed_in_place(kind: type[rdflib.Graph]) -> None:
    """What follows is added to the graph, a dataset's to its default graph, and counted."""
    graph = _rdflib(kind)
    before = len(graph)
    found = samsyn.infer(graph)
    assert (found.stated, found.inferred) == (before, NEW)
    assert len(graph) == before + NEW
    ends = [rdflib.URIRef(EXAMPLE + name) for name in ("a", "above", "d")]
    assert (ends[0], ends[1], ends[2]) in getattr(graph, "default_graph", graph)


def test_blank_nodes_stay_themselves() -> None:
    """What follows of a blank node is said of that very node."""
    graph = _rdflib(rdflib.Graph)
    above = rdflib.URIRef(EXAMPLE + "above")
    node = graph.value(rdflib.URIRef(EXAMPLE + "b"), above)
    samsyn.infer(graph)
    assert isinstance(node, rdflib.BNode)
    assert (rdflib.URIRef(EXAMPLE + "a"), above, node) in graph


def test_the_settings_of_the_program_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing a graph does not change how somebody's rdflib reads literals or asks queries."""
    from rdflib.plugins import sparql

    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", True)
    monkeypatch.setattr(sparql, "SPARQL_LOAD_GRAPHS", True)
    samsyn.infer(_rdflib(rdflib.Graph))
    assert rdflib.NORMALIZE_LITERALS is True
    assert sparql.SPARQL_LOAD_GRAPHS is True


def _store() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(TURTLE.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return store


def _quads() -> pyoxigraph.Dataset:
    quads = pyoxigraph.parse(TURTLE.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return pyoxigraph.Dataset(quads)


@pytest.mark.parametrize("make", [_store, _quads], ids=["store", "dataset"])
def test_a_pyoxigraph_dataset_is_closed_in_place(make: Any) -> None:
    """A store and a dataset get what follows in their default graph."""
    graph = make()
    before = len(graph)
    assert samsyn.infer(graph).inferred == NEW
    assert len(graph) == before + NEW


def test_named_graphs_are_read_as_one() -> None:
    """What follows from triples of two graphs is in the default graph."""
    one, two = (pyoxigraph.NamedNode(EXAMPLE + name) for name in ("one", "two"))
    kind, transitive = (pyoxigraph.NamedNode(iri) for iri in (RDF_TYPE, OWL + "TransitiveProperty"))
    above = pyoxigraph.NamedNode(EXAMPLE + "above")
    a, b, c = (pyoxigraph.NamedNode(EXAMPLE + name) for name in "abc")
    store = pyoxigraph.Store()
    store.extend(
        [
            pyoxigraph.Quad(above, kind, transitive),
            pyoxigraph.Quad(a, above, b, one),
            pyoxigraph.Quad(b, above, c, two),
        ]
    )
    samsyn.infer(store)
    assert pyoxigraph.Quad(a, above, c) in store


def test_closed_twice_nothing_is_added() -> None:
    """A closed graph is its own closure."""
    graph = _rdflib(rdflib.Graph)
    samsyn.infer(graph)
    assert samsyn.infer(graph).inferred == 0


def test_what_cannot_be_closed_is_refused() -> None:
    """Anything else gets an error that says what can be closed."""
    with pytest.raises(UsageError, match="type list") as caught:
        samsyn.infer([])
    assert "infer_files" in str(caught.value)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_of_every_syntax_are_closed(suffix: str, tmp_path: Path) -> None:
    """The ending tells the syntax, in capitals too."""
    triples = [quad.triple for quad in parse(TURTLE.encode(), "turtle")]
    path = tmp_path / f"facts{suffix.upper()}"
    path.write_bytes(serialize(triples, SUFFIXES[suffix]))
    closed = samsyn.infer_files([path])
    assert _triple("a", "above", "d") in closed
    assert len(closed) == len(triples) + NEW


def test_blank_nodes_of_two_files_differ(tmp_path: Path) -> None:
    """The same label in two files names two nodes, so no chain leads through it."""
    above, transitive, kind = (
        f"<{iri}>" for iri in (EXAMPLE + "above", OWL + "TransitiveProperty", RDF_TYPE)
    )
    first, second = f"<{EXAMPLE}a> {above} _:x .\n", f"_:x {above} <{EXAMPLE}b> .\n"
    one, two = tmp_path / "one.nt", tmp_path / "two.nt"
    one.write_text(f"{above} {kind} {transitive} .\n{first}")
    two.write_text(second)
    assert _triple("a", "above", "b") not in samsyn.infer_files([one, two])
    one.write_text(one.read_text() + second)
    assert _triple("a", "above", "b") in samsyn.infer_files([one, two])


def test_relative_addresses_are_those_of_the_file(tmp_path: Path) -> None:
    """A relative IRI is resolved against the file that has it."""
    path = tmp_path / "own.ttl"
    path.write_text("<#a> <#b> <#c> .")
    (triple,) = samsyn.infer_files([path])
    assert str(triple.subject) == f"<{path.as_uri()}#a>"


def test_faulty_files_are_named(tmp_path: Path) -> None:
    """An unknown ending, a missing file and a syntax error each name the file."""
    odd, missing, broken = (tmp_path / name for name in ("facts.docx", "none.ttl", "broken.ttl"))
    odd.touch()
    broken.write_text("<a> <b> .")
    with pytest.raises(UsageError, match=r"facts\.docx") as caught:
        samsyn.infer_files([odd])
    assert ".jsonld" in str(caught.value)
    with pytest.raises(NotFoundError, match=r"none\.ttl"):
        samsyn.infer_files([missing])
    with pytest.raises(SourceError) as placed:
        samsyn.infer_files([broken])
    assert (placed.value.path, placed.value.line) == (str(broken), 1)


def test_rules_are_chosen_by_set_and_by_name() -> None:
    """A set, all rules, or W3C names with commas; a single rule derives only what it says."""
    assert "prp-trp" in chosen_rules("owl-rl")
    assert chosen_rules(" prp-trp, cax-sco ") == ("prp-trp", "cax-sco")
    assert set(chosen_rules("all")) == set(RULES)
    graph = _rdflib(rdflib.Graph)
    assert samsyn.infer(graph, rules="cax-sco").inferred == 1
    assert samsyn.infer(graph, rules="prp-trp").inferred == NEW - 1


@pytest.mark.parametrize("names", ["prp-tpr", "", ",", "owl-rl,prp-trp"])
def test_an_unknown_rule_is_refused(names: str) -> None:
    """A name that no rule has is an error that lists the sets."""
    with pytest.raises(UsageError, match="Unknown rule") as caught:
        chosen_rules(names)
    assert "owl-rl, rdfs, all" in str(caught.value)


def test_a_limit_stops_a_blow_up() -> None:
    """More triples than allowed are an error that names the property, and nothing is added."""
    above = rdflib.URIRef(EXAMPLE + "above")
    graph = rdflib.Graph()
    graph.add((above, rdflib.RDF.type, rdflib.OWL.TransitiveProperty))
    for number in range(100):
        start, end = (rdflib.URIRef(f"{EXAMPLE}{n}") for n in (number, number + 1))
        graph.add((start, above, end))
    with pytest.raises(LimitError, match=EXAMPLE + "above"):
        samsyn.infer(graph, limit=1000)
    assert len(graph) == 101
    assert samsyn.infer(graph, limit=10_000).inferred == 100 * 99 // 2


def test_the_summary_counts_by_rule() -> None:
    """Each rule that gave a triple is counted, no other; contradictions are listed."""
    graph = _rdflib(rdflib.Graph)
    found = samsyn.infer(graph)
    assert found.counts["cax-sco"] == 1
    assert found.counts["prp-trp"] >= NEW - 1
    assert all(found.counts.values())
    assert found.clashes == ()
    cat, dog = (rdflib.URIRef(EXAMPLE + name) for name in ("Cat", "Dog"))
    graph.add((cat, rdflib.OWL.disjointWith, dog))
    graph.add((rdflib.URIRef(EXAMPLE + "a"), rdflib.RDF.type, dog))
    (clash,) = samsyn.infer(graph).clashes
    assert clash.rule == "cax-dw"
