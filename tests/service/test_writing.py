"""Changes to the data: what an update or a graph that is put makes of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple, computed, parse, written
from samsyn.errors import InconsistencyError, NotFoundError, QueryError, ReservedError, UsageError
from samsyn.site import changes
from samsyn.site.changes import Change
from samsyn.sparql.index import Index

ONTOLOGY: Final = names.GRAPH + "ontology/o"
OURS: Final = names.GRAPH + "stated/f"
G: Final = "http://e/g"
HEAD: Final = f"""\
@prefix e: <http://e/> .
@prefix ns: <{names.NS}> .
@prefix owl: <{names.OWL}> .
@prefix rdfs: <{names.RDFS}> .
@prefix xsd: <{names.XSD}> .
"""
PROLOGUE: Final = HEAD.replace("@prefix", "PREFIX").replace(" .\n", "\n")


def triples(text: str) -> list[Triple]:
    """Read Turtle."""
    return [quad.triple for quad in parse((HEAD + text).encode(), "turtle")]


def triple(text: str) -> Triple:
    """Read one triple."""
    (found,) = triples(f"{text} .")
    return found


@pytest.fixture
def base() -> Dataset:
    """A small dataset of all kinds of graphs, without what is computed."""
    catalogue = f"<http://e/whole> a <{names.DCAT}Dataset> ."
    return Dataset({}).with_graph(
        computed(ONTOLOGY, names.IS_SCHEMA, triples("ns:in a owl:TransitiveProperty .")),
        computed(names.CATALOGUE, names.IS_SCHEMA, triples(catalogue)),
        computed(OURS, names.STATED, triples("e:a ns:in e:b . e:b ns:in e:c ; ns:n 01 , 1.50 .")),
        written(G, triples('e:x e:n "01"^^xsd:integer , "1"^^xsd:byte ; e:p e:y .')),
        written("", triples("e:d e:p e:e .")),
    )


class Server:
    """A dataset with its index, as the writer holds them.

    Args:
        dataset: the graphs that are not computed.
        regime: the rules.
    """

    def __init__(self, dataset: Dataset, regime: str = "owl-rl") -> None:
        self.regime = regime
        self.dataset = dataset
        self.closed = changes.closed(dataset, regime)
        self.index = Index(self.closed)

    def update(self, text: str, **given: Sequence[str]) -> Dataset:
        """Run an update, and serve what comes out."""
        done = changes.update(
            self.dataset, self.index, PROLOGUE + text, base="http://e/", prefixes={}, **given
        )
        self.follow(done)
        return done

    def follow(self, dataset: Dataset) -> None:
        """Serve another dataset from the same store."""
        self.dataset = dataset
        self.closed = changes.closed(dataset, self.regime)
        self.index = Index(self.closed, former=self.index)

    def check(self) -> None:
        """The index holds what one made again would hold."""
        fresh = Index(self.closed).dumps()
        held = self.index.dumps()
        assert held.keys() == fresh.keys()
        for iri, dump in fresh.items():
            assert sorted(held[iri].splitlines()) == sorted(dump.splitlines()), iri
        assert self.index.revision == self.closed.revision


@pytest.fixture
def server(base: Dataset) -> Server:
    """The small dataset, served."""
    return Server(base)


ADDED: Final = "INSERT DATA { GRAPH <http://e/g> { e:x e:n 007 } }"
ADDED_FULL: Final = PROLOGUE + ADDED
UPDATES: Final = {
    "insert": (ADDED, {G: {"e:x e:n 7"}}),
    "insert-known": ("INSERT DATA { GRAPH <http://e/g> { e:x e:n 1 } }", {}),
    "insert-default": ("INSERT DATA { e:d e:p e:f }", {"": {"e:d e:p e:f"}}),
    "insert-new-graph": ("INSERT DATA { GRAPH e:h { e:a e:p 1 } }", {"http://e/h": {"e:a e:p 1"}}),
    "back-and-forth": (
        "DELETE WHERE { GRAPH ?g { e:x ?p ?o } } ; INSERT DATA { GRAPH <http://e/g> "
        "{ e:x e:p e:y ; e:n 1 } }",
        {},
    ),
    "nothing": ("DELETE WHERE { GRAPH ?g { e:none ?p ?o } }", {}),
    "create": ("CREATE GRAPH e:h", {"http://e/h": set()}),
    "copy": ("COPY <http://e/g> TO e:h", {"http://e/h": {"e:x e:n 1", "e:x e:p e:y"}}),
    "insert-into-ours": (
        f"INSERT DATA {{ GRAPH <{OURS}> {{ e:c ns:in e:d }} }}",
        {OURS: {"e:c ns:in e:d"}},
    ),
}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_changes_what_it_says(server: Server, base: Dataset, name: str) -> None:
    """The graphs named are changed and keep what they had as written; the others are untouched."""
    text, wanted = UPDATES[name]
    done = server.update(text)
    for iri in {*base.graphs, *done.graphs}:
        if iri not in wanted:
            assert done.graphs[iri] is base.graphs[iri]
            continue
        before = base.graphs[iri].triples if iri in base.graphs else ()
        new = {triple(each) for each in wanted[iri]}
        assert done.graphs[iri].triples[: len(before)] == before
        assert set(done.graphs[iri].triples[len(before) :]) == new
        assert done.graphs[iri].path is None
    server.check()


def test_only_what_is_deleted_goes(server: Server) -> None:
    """Deleting a value takes every way in which it was written, and leaves the rest as written."""
    done = server.update("DELETE WHERE { GRAPH <http://e/g> { ?s e:n 1 } }")
    assert done.graph(G).triples == (triple("e:x e:p e:y"),)
    server.check()
    done = server.update(f"DELETE DATA {{ GRAPH <{OURS}> {{ e:b ns:n 1.5 }} }}")
    assert triple("e:b ns:n 01") in done.graph(OURS).triples
    assert len(done.graph(OURS).triples) == 3
    server.check()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("DROP GRAPH <http://e/g>", None),
        ("CLEAR GRAPH <http://e/g>", ()),
        ("DELETE WHERE { GRAPH <http://e/g> { ?s ?p ?o } }", ()),
        ("DROP GRAPH <http://e/g> ; CREATE GRAPH <http://e/g>", ()),
    ],
    ids=["drop", "clear", "delete", "drop-and-create"],
)
def test_an_empty_graph_is_there_till_it_is_dropped(
    server: Server, text: str, left: tuple[()] | None
) -> None:
    """A graph that is emptied still exists; only one that is dropped does not (Update, 3.2)."""
    done = server.update(text)
    graph = done.graphs.get(G)
    assert (graph.triples if graph else None) == left
    server.check()


@pytest.mark.parametrize("how", ["CLEAR", "DROP"])
def test_everything_can_be_emptied(server: Server, how: str) -> None:
    """After CLEAR ALL and DROP ALL nothing is left, described or inferred."""
    server.update(f"{how} ALL")
    assert not any(graph.triples for graph in server.closed.graphs.values())
    assert set(server.closed.graphs) <= {"", *server.dataset.graphs}
    if how == "DROP":
        assert set(server.dataset.graphs) <= {""}
    server.check()
    server.update(ADDED)
    assert server.closed.graph(G).triples == (triple("e:x e:n 7"),)


def test_what_follows_follows_a_change(server: Server) -> None:
    """What is inferred and described is computed again, and an update sees it."""
    reached = triple("e:a ns:in e:d")
    server.update(f"INSERT DATA {{ GRAPH <{OURS}> {{ e:c ns:in e:d }} }}")
    assert reached in server.closed.graph(names.INFERRED).triples
    server.update("INSERT { GRAPH e:h { ?x e:seen true } } WHERE { GRAPH ?g { ?x ns:in e:d } }")
    assert len(server.dataset.graph("http://e/h").triples) == 3
    server.update(f"DELETE DATA {{ GRAPH <{OURS}> {{ e:c ns:in e:d }} }}")
    assert reached not in server.closed.graph(names.INFERRED).triples
    described = [t for t in server.closed.graph(names.CATALOGUE).triples if OURS in str(t)]
    assert any('"4"' in str(t) for t in described)
    server.check()


def test_what_is_computed_comes_back(server: Server) -> None:
    """A deletion from all graphs may reach what is computed, which is there again afterwards."""
    server.update(f"INSERT DATA {{ GRAPH <{OURS}> {{ e:c ns:in e:d }} }}")
    inferred = server.closed.graph(names.INFERRED)
    assert len(inferred.triples) == 3
    server.update("DELETE WHERE { GRAPH ?g { e:a ns:in e:c } }")
    assert server.closed.graph(names.INFERRED) == inferred
    server.check()


def test_the_order_of_the_store_is_no_change(
    base: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph that the store gives in another order than before is still that of its file."""
    base = base.with_graph(replace(base.graph(OURS), path=Path("data/stated/f.ttl")))
    server = Server(base)
    dumps = server.index.dumps

    def turned() -> dict[str, bytes]:
        lines = {iri: dump.splitlines(keepends=True) for iri, dump in dumps().items()}
        monkeypatch.undo()
        return {iri: b"".join(reversed(dump)) for iri, dump in lines.items()}

    monkeypatch.setattr(server.index, "dumps", turned)
    assert server.update("INSERT DATA {}") == base


def test_what_an_update_did_is_not_written_again(server: Server) -> None:
    """After an update the store holds the graph already, and is not filled with it again."""
    done = changes.update(server.dataset, server.index, ADDED_FULL, base="http://e/", prefixes={})
    # Told that it holds the graph, the index leaves even a wrong one as it is.
    server.index.store.clear_graph(NamedNode(G))
    server.follow(done)
    assert server.index.dumps()[G] == b""


@pytest.mark.parametrize("iri", names.COMPUTED)
def test_what_is_computed_is_not_written(server: Server, base: Dataset, iri: str) -> None:
    """Nobody adds to a graph that is computed, by update or by protocol."""
    with pytest.raises(UsageError, match="computed from the other graphs"):
        server.update(f"INSERT DATA {{ GRAPH <{iri}> {{ e:a e:p e:b }} }}")
    for method in ("PUT", "POST", "DELETE"):
        with pytest.raises(UsageError, match="computed from the other graphs"):
            changes.apply(base, Change(method, iri))


@pytest.mark.threat("provenance_status")
def test_nobody_adds_to_the_catalogue(server: Server, base: Dataset) -> None:
    """A writer adds nothing to the catalogue, not even what it says already by a document."""
    into = f"INSERT DATA {{ GRAPH <{names.CATALOGUE}> {{ e:whole rdfs:label 'x' }} }}"
    with pytest.raises(ReservedError, match="nobody adds to it"):
        server.update(into)
    sent = server.closed.graph(names.CATALOGUE).triples
    for method in ("PUT", "POST"):
        with pytest.raises(ReservedError, match="nobody adds to it"):
            changes.apply(base, Change(method, names.CATALOGUE, sent))


@pytest.mark.threat("provenance_status")
def test_what_is_taken_from_the_catalogue_comes_back(server: Server, base: Dataset) -> None:
    """A part of it that an update deletes is there again; it can only be emptied as a whole."""
    told = set(server.closed.graph(names.CATALOGUE).triples)
    server.update(f"DELETE WHERE {{ GRAPH <{names.CATALOGUE}> {{ <{G}> ?p ?o }} }}")
    server.update(f"DELETE WHERE {{ GRAPH <{names.CATALOGUE}> {{ e:whole a ?o }} }}")
    assert server.dataset.graphs == base.graphs
    assert set(server.closed.graph(names.CATALOGUE).triples) == told
    server.check()
    server.update(f"CLEAR GRAPH <{names.CATALOGUE}>")
    assert not server.closed.graph(names.CATALOGUE).triples
    server.check()


def test_a_blank_node_names_no_graph(server: Server, base: Dataset) -> None:
    """What an update would put into a graph without IRI is no RDF dataset, and is left out."""
    done = server.update("INSERT { GRAPH ?g { ?g e:p 1 } } WHERE { BIND(BNODE() AS ?g) }")
    assert done == base
    server.check()


def test_a_failed_operation_is_told(server: Server) -> None:
    """An update that cannot be parsed is an error of the query."""
    with pytest.raises(QueryError):
        server.update("INSERT DATA {")


@pytest.mark.threat("provenance_status")
def test_a_contradiction_is_refused(server: Server) -> None:
    """Facts that contradict each other are an error, handed in or ours."""
    ontology = "ns:A owl:disjointWith ns:B ."
    facts = "e:z a ns:A , ns:B ."
    done = server.dataset.with_graph(written(ONTOLOGY, triples(ontology)))
    done, _ = changes.apply(done, Change("PUT", "http://e/h", triples(facts)))
    with pytest.raises(InconsistencyError, match="disjoint"):
        changes.closed(done, "owl-rl")
    assert changes.closed(done, "none") is not None


APPLIED: Final = {
    "put-new": ("PUT", "http://e/h", True, 1),
    "put-old": ("PUT", G, False, 1),
    "put-default": ("PUT", "", False, 1),
    "post-new": ("POST", "http://e/h", True, 1),
    "post-old": ("POST", G, False, 4),
    "post-default": ("POST", "", False, 2),
}


@pytest.mark.parametrize("name", APPLIED)
def test_a_graph_is_written(server: Server, base: Dataset, name: str) -> None:
    """PUT replaces and POST adds; either says whether the graph is new, which no default is."""
    method, iri, new, count = APPLIED[name]
    done, created = changes.apply(base, Change(method, iri, triples("e:q e:p e:r .")))
    assert created is new
    assert len(done.graph(iri).triples) == count
    assert all(done.graphs[other] is graph for other, graph in base.graphs.items() if other != iri)
    server.follow(done)
    server.check()


def test_a_graph_is_deleted(server: Server, base: Dataset) -> None:
    """A deleted graph is gone; one that is not there cannot be deleted."""
    done, _ = changes.apply(base, Change("DELETE", G))
    assert G not in done.graphs
    server.follow(done)
    server.check()
    with pytest.raises(NotFoundError, match="http://e/h"):
        changes.apply(base, Change("DELETE", "http://e/h"))
    emptied, _ = changes.apply(base, Change("DELETE", ""))
    again, _ = changes.apply(emptied, Change("DELETE", ""))
    assert "" not in again.graphs


def test_our_own_graphs_are_closed_as_ever(base: Dataset, dataset: Dataset) -> None:
    """A received graph changes nothing of what is inferred of our own."""
    alone = base.without(G, "")
    inferred = changes.closed(alone, "owl-rl").graph(names.INFERRED).triples
    assert inferred == (triple("e:a ns:in e:c"),)
    assert changes.closed(base, "owl-rl").graph(names.INFERRED).triples == inferred
    ours = changes.closed(dataset, "owl-rl").graph(names.INFERRED).triples
    more = written(G, triples("e:x a e:C . e:C rdfs:subClassOf e:D ."))
    found = changes.closed(dataset.with_graph(more), "owl-rl").graph(names.INFERRED).triples
    assert set(found) - set(ours) == {triple("e:x a e:D")}
    assert set(ours) <= set(found)


RECEIVED: Final = {
    "type": ("e:x a e:C . e:C rdfs:subClassOf e:D .", "e:x a e:D"),
    "schema": ("e:C rdfs:subClassOf e:D . e:D rdfs:subClassOf e:E .", "e:C rdfs:subClassOf e:E"),
    "text": ('e:x owl:sameAs e:y ; rdfs:label "x" .', 'e:y rdfs:label "x"'),
    "text-of-ours": ('e:x owl:sameAs e:y . e:y e:q e:r . e:x e:q "1" .', 'e:y e:q "1"'),
    "ours": ("e:c ns:in e:d .", "e:a ns:in e:d"),
    "blank": ("[] e:p e:y . e:p rdfs:range e:C .", "e:y a e:C"),
}


@pytest.mark.parametrize("name", RECEIVED)
def test_all_that_follows_from_what_is_received_is_published(base: Dataset, name: str) -> None:
    """Of what is handed in every consequence is published, whatever its words."""
    text, wanted = RECEIVED[name]
    dataset = base.with_graph(written(G, triples(text)))
    assert triple(wanted) in changes.closed(dataset, "owl-rl").graph(names.INFERRED).triples


REGIMES: Final = {
    "owl-rl": (True, True, False),
    "rdfs": (False, True, False),
    "rdfs-axiomatic": (False, True, True),
    "none": (False, False, False),
}


@pytest.mark.parametrize("regime", REGIMES)
def test_each_regime_has_its_rules(base: Dataset, regime: str) -> None:
    """What a regime promises follows under it, and nothing of what only others promise."""
    dataset = base.with_graph(written(G, triples("e:x a e:C . e:C rdfs:subClassOf e:D .")))
    closed = changes.closed(dataset, regime)
    found = closed.graphs.get(names.INFERRED)
    inferred = set(found.triples if found else ())
    wanted = (
        triple("e:a ns:in e:c"),
        triple("e:x a e:D"),
        triple(f"rdfs:label <{names.RDF_TYPE}> <{names.RDF}Property>"),
    )
    assert tuple(each in inferred for each in wanted) == REGIMES[regime]
    assert (names.INFERRED in closed.graphs) is (regime != "none")


def test_an_unknown_regime_lists_the_known(base: Dataset) -> None:
    """A regime that is not there is refused with those that are."""
    with pytest.raises(UsageError, match="rdfs-axiomatic"):
        changes.closed(base, "owl-full")


def test_a_store_without_catalogue_is_not_described(base: Dataset) -> None:
    """Where the catalogue was taken away, a dataset is just what was written, and what follows."""
    bare = base.without(names.CATALOGUE)
    assert set(changes.closed(bare, "none").graphs) == set(bare.graphs)
    assert names.CATALOGUE not in changes.closed(bare, "owl-rl").graphs


def test_odd_terms_are_carried(server: Server, base: Dataset) -> None:
    """Triple terms and blank nodes go through an update, the record and what follows."""
    done = server.update("INSERT DATA { GRAPH e:h { _:x e:p <<( e:a e:p _:x )>> , 1.50 } }")
    nested = next(t for t in done.graph("http://e/h").triples if isinstance(t.object, Triple))
    assert nested.object.object == nested.subject
    server.update("INSERT DATA { GRAPH e:h { e:a e:p 2 } }")
    assert nested in server.dataset.graph("http://e/h").triples
    server.check()
    strange = replace(written("_:g", triples("e:a e:p e:b .")), provenance_status=names.CONTRIBUTED)
    assert changes.closed(base.with_graph(strange), "owl-rl").graphs["_:g"] == strange


def test_an_index_is_taken_over_whatever_came_before(base: Dataset) -> None:
    """Graphs that came, went, were emptied or changed are in the index as in one made again."""
    server = Server(base)
    other = Literal("2")
    for change in (
        base.without(G, OURS),
        base.with_graph(written(G, [])),
        base.with_graph(written("", [Triple(NamedNode(G), NamedNode(G), other)])),
        Dataset({}),
        base,
    ):
        server.follow(change)
        server.check()
