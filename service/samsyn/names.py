"""The only IRIs spelled in Python: our own namespaces and the foreign terms the program reads.

Plain strings, so that importing this module costs nothing.
Decision 0001 records the base.
"""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/samsyn/"
ONTOLOGY: Final = BASE + "ns"
NS: Final = BASE + "ns#"
SHAPES: Final = BASE + "shapes#"
ID: Final = BASE + "id/"
VOCAB: Final = BASE + "vocab/"
GRAPH: Final = BASE + "graph/"
DOC: Final = BASE + "doc/"

CATALOGUE: Final = GRAPH + "catalogue"
INFERRED: Final = GRAPH + "inferred"
DESCRIPTION: Final = GRAPH + "description"
EXAMPLES: Final = GRAPH + "examples"
COMPUTED: Final = (INFERRED, DESCRIPTION, EXAMPLES)
"""Graphs that nobody writes: they follow from the others."""

PROVENANCE_STATUS: Final = VOCAB + "provenance-status/"
STATED: Final = PROVENANCE_STATUS + "stated"
EDITORIAL: Final = PROVENANCE_STATUS + "editorial"
CONTRIBUTED: Final = PROVENANCE_STATUS + "contributed"
PROPOSED: Final = PROVENANCE_STATUS + "proposed"
IS_INFERRED: Final = PROVENANCE_STATUS + "inferred"
IS_SCHEMA: Final = PROVENANCE_STATUS + "schema"
PROVENANCE_STATUSES: Final = (STATED, EDITORIAL, CONTRIBUTED, PROPOSED, IS_INFERRED, IS_SCHEMA)

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SH: Final = "http://www.w3.org/ns/shacl#"
PROV: Final = "http://www.w3.org/ns/prov#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCTERMS: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
VOID: Final = "http://rdfs.org/ns/void#"
VOID_EXT: Final = "http://ldf.fi/void-ext#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
ENTAILMENT: Final = "http://www.w3.org/ns/entailment/"
GEO_FUNCTIONS: Final = "http://www.opengis.net/def/function/geosparql/"
SCHEMA: Final = "https://schema.org/"
OA: Final = "http://www.w3.org/ns/oa#"
EARL: Final = "http://www.w3.org/ns/earl#"
POINTERS: Final = "http://www.w3.org/2009/pointers#"
SPDX: Final = "http://spdx.org/rdf/terms#"

RDF_TYPE: Final = RDF + "type"
RDFS_LABEL: Final = RDFS + "label"
XSD_STRING: Final = XSD + "string"
LANG_STRING: Final = RDF + "langString"


def local(iri: str) -> str:
    """Return what stands after the last ``#`` or ``/`` of an IRI."""
    return iri.rstrip("#/").rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def ours(iri: str) -> bool:
    """Return whether an IRI lies under the base of this project."""
    return iri.startswith(BASE)
