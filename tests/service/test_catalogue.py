"""What the dataset says of itself."""

from __future__ import annotations

from samsyn import names
from samsyn.dataset.catalogue import complete
from samsyn.dataset.exact import Dataset, Literal, NamedNode
from samsyn.sparql.index import Index


def values(dataset: Dataset, subject: str, predicate: str) -> list[str]:
    """List what the catalogue says of a subject."""
    return [
        triple.object.value
        for triple in dataset.graph(names.CATALOGUE).triples
        if triple.subject == NamedNode(subject)
        and triple.predicate.value == predicate
        and isinstance(triple.object, NamedNode | Literal)
    ]


def test_every_graph_has_one_provenance_status(closed: Dataset) -> None:
    """Every graph, the catalogue too, has exactly one of the six provenance statuses."""
    for iri in closed.graphs:
        (provenance_status,) = values(closed, iri, names.NS + "hasProvenanceStatus")
        assert provenance_status in names.PROVENANCE_STATUSES


def test_every_file_has_its_digest_and_size(closed: Dataset) -> None:
    """A graph read from a file gives the file, its SHA-256 and the number of its triples."""
    read = [g for g in closed.graphs.values() if g.path and g.iri != names.CATALOGUE]
    assert read
    for graph in read:
        assert values(closed, graph.iri, names.NS + "hasFile") == [str(graph.path)]
        assert values(closed, graph.iri, names.NS + "hasDigest") == [graph.digest]
        counted = values(closed, graph.iri, names.NS + "countsTriples")
        assert counted == [str(len(graph.triples))]


def test_every_graph_is_labelled_in_both_languages(closed: Dataset) -> None:
    """A graph without label by hand gets one in Swedish and one in English."""
    for iri in closed.graphs:
        assert len(values(closed, iri, names.RDFS_LABEL)) == 2


def test_the_whole_has_every_graph_as_part(index: Index) -> None:
    """The described dataset has every graph as part."""
    prefixes = f"PREFIX dcat: <{names.DCAT}> PREFIX dcterms: <{names.DCTERMS}>"
    parts = index.query(f"{prefixes} SELECT ?g {{ ?whole a dcat:Dataset ; dcterms:hasPart ?g }}")
    graphs = index.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    found = {row["g"] for row in parts.rows()}
    assert found
    assert {row["g"] for row in graphs.rows()} <= found


def test_completing_again_changes_nothing(closed: Dataset) -> None:
    """A catalogue that is complete stays as it is."""
    used = values(closed, names.ID + "activity/closure", names.PROV + "used")
    assert complete(closed, used).revision == closed.revision


def test_provenance_statuses_can_be_told_apart_by_query(index: Index) -> None:
    """A query finds the provenance status of any triple by its graph."""
    query = f"""
    SELECT ?provenanceStatus (COUNT(*) AS ?triples) {{
      GRAPH ?g {{ ?s ?p ?o }} ?g <{names.NS}hasProvenanceStatus> ?provenanceStatus
    }} GROUP BY ?provenanceStatus
    """
    found = {
        row["provenanceStatus"].value: int(row["triples"].value)
        for row in index.query(query).rows()
    }
    # Nothing is received before somebody hands it in.
    assert set(found) == set(names.PROVENANCE_STATUSES) - {names.CONTRIBUTED}
    assert min(found.values()) > 0
