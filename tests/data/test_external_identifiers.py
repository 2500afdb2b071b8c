"""Names of other publishers are in the link files, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from samsyn import links, names
from samsyn.dataset.exact import Dataset, Graph, NamedNode
from samsyn.layout import Layout

EXTERNAL = names.GRAPH + "ontology/external"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PAGES = {
    "https://home-affairs.ec.europa.eu/pages/glossary/readmission_en",
    "https://www.delmi.se/",
    "https://www.delmi.se/en/publications/report-2025-2-nordic-cooperation-within-return-and-readmission/",
}
"""Pages for people to read, which are no identifiers."""
TRAPS = {
    "http://www.wikidata.org/entity/Q756617",  # the Kingdom of Denmark
    "http://publications.europa.eu/resource/authority/eu-programme/AMF",  # the fund of 2014-20
    "http://publications.europa.eu/resource/authority/country/EUR",  # the Union is a body here
}
ISO_3166 = {
    "denmark": ("DK", "DNK", "208"),
    "finland": ("FI", "FIN", "246"),
    "iceland": ("IS", "ISL", "352"),
    "iraq": ("IQ", "IRQ", "368"),
    "norway": ("NO", "NOR", "578"),
    "russia": ("RU", "RUS", "643"),
    "sweden": ("SE", "SWE", "752"),
    "ukraine": ("UA", "UKR", "804"),
}


def foreign(graph: Graph) -> Iterator[str]:
    """Yield the subjects and objects of a graph that others have named."""
    for triple in graph.triples:
        for term in (triple.subject, triple.object):
            if isinstance(term, NamedNode) and not names.ours(term.value):
                yield term.value


def of_files(dataset: Dataset, *folders: str) -> list[Graph]:
    """Return the graphs read from some folders of the repository."""
    found = [
        graph for graph in dataset.graphs.values() if graph.path and graph.path.parts[0] in folders
    ]
    assert found
    return found


def mapped(layout: Layout) -> set[str]:
    """Return every identifier that the files of mappings hold."""
    sets = [links.read_mappings(path) for path in links.sources(layout)]
    return {each.expand(row.slots["object_id"]) for each in sets for row in each.rows}


def test_facts_name_foreign_things_by_terms_and_pages_only(dataset: Dataset) -> None:
    """Data hold no foreign IRI but terms with a stub, pages to read, and the licence."""
    stubs = {str(getattr(each.subject, "value", "")) for each in dataset.graph(EXTERNAL).triples}
    allowed = stubs | PAGES | {LICENCE}
    found = {iri for graph in of_files(dataset, "data") for iri in foreign(graph)}
    vocabularies = (names.OA, names.SPDX, names.RDF, names.OWL)
    assert {iri for iri in found - allowed if not iri.startswith(vocabularies)} == set()


def test_links_name_mapped_things_only(layout: Layout, dataset: Dataset) -> None:
    """A linkset holds no identifier that its mappings lack."""
    known = mapped(layout) | {LICENCE}
    for graph in of_files(dataset, "links"):
        used = {iri for iri in foreign(graph) if not iri.startswith((names.VOID, names.FOAF))}
        terms = ("http://www.w3.org/", "http://purl.org/dc/terms/", "https://schema.org/")
        assert {iri for iri in used - known if not iri.startswith(terms)} == set()


def test_identifiers_easily_mistaken_stand_nowhere(dataset: Dataset) -> None:
    """The Kingdom of Denmark, the former fund and the Union as a country are not linked."""
    assert not TRAPS & {iri for graph in dataset.graphs.values() for iri in foreign(graph)}


def test_nothing_is_the_same_as_anything(dataset: Dataset) -> None:
    """No file states owl:sameAs, which would merge the two under the rules."""
    same = names.OWL + "sameAs"
    found = [
        str(each)
        for graph in dataset.graphs.values()
        for each in graph.triples
        if each.predicate.value == same
    ]
    assert found == []


def test_linksets_start_from_our_dataset(dataset: Dataset) -> None:
    """Every linkset's subjects are those of the dataset that the catalogue describes."""
    described = {
        str(each.subject)
        for each in dataset.graph(names.CATALOGUE).triples
        if str(each.object) == f"<{names.DCAT}Dataset>"
    }
    targets = {
        str(each.object)
        for graph in of_files(dataset, "links")
        for each in graph.triples
        if each.predicate.value == names.VOID + "subjectsTarget"
    }
    assert len(targets) == 1
    assert targets == described


def test_countries_have_their_codes(layout: Layout, dataset: Dataset) -> None:
    """Codes are those of ISO 3166, and the EU table's entry has the three letters too."""
    codes: dict[str, dict[str, str]] = {}
    for triple in dataset.triples():
        if triple.predicate.value.startswith(names.NS + "hasIso"):
            subject = str(getattr(triple.subject, "value", "")).removeprefix(names.ID + "country/")
            kind = triple.predicate.value.removeprefix(names.NS + "hasIso")
            codes.setdefault(subject, {})[kind] = str(getattr(triple.object, "value", ""))
    held = {
        country: (each["Alpha2Code"], each["Alpha3Code"], each["NumericCode"])
        for country, each in codes.items()
    }
    assert held == ISO_3166
    table = links.read_mappings(layout.links / "eu-tables" / links.SOURCE)
    linked = {row.slots["subject_id"]: row.slots["object_id"] for row in table.rows}
    for country, (_, letters, _) in ISO_3166.items():
        assert linked[f"country:{country}"] == f"eu-country:{letters}"
