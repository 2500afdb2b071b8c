"""The list of the terms of well-known vocabularies."""

from __future__ import annotations

import time

import pytest
import rdflib.namespace
from rdflib.namespace import DefinedNamespace

from samsyn import names
from samsyn.lint.vocabularies import listing
from samsyn.validation.terms.vocabularies import FILE, WellKnown

THEIRS = [
    item
    for item in vars(rdflib.namespace).values()
    if isinstance(item, type(DefinedNamespace)) and item is not DefinedNamespace
]
LEFT_OUT = {"https://brickschema.org/schema/Brick#", "https://www.w3.org/2003/01/geo/wgs84_pos#"}
BESIDES = [
    names.OA + "hasTarget",
    names.DCAT + "DatasetSeries",
    names.RDF + "dirLangString",
    "http://www.w3.org/2008/05/skos-xl#prefLabel",
    "http://www.w3.org/2003/01/geo/wgs84_pos#lat",
    "http://schema.org/name",
]


def split(iri: str) -> tuple[str, str]:
    """Return namespace and name."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def test_the_list_is_made_from_its_sources() -> None:
    """The file is what `samsyn lint --write` makes."""
    assert FILE.read_text("utf-8") == listing()


@pytest.mark.parametrize("theirs", THEIRS, ids=lambda each: str(each._NS))
def test_every_term_of_rdflib_is_known(theirs: type[DefinedNamespace]) -> None:
    """Whatever rdflib takes for a term of a vocabulary is one here too."""
    namespace = str(theirs._NS)
    if namespace in LEFT_OUT:
        return
    vocabulary = WellKnown().get(namespace)
    assert vocabulary is not None
    terms = {str(term).removeprefix(namespace) for term in theirs.__annotations__}
    assert len(terms) > 3
    assert terms - vocabulary.terms == set()


@pytest.mark.parametrize("iri", BESIDES)
def test_terms_that_rdflib_leaves_out_are_known(iri: str) -> None:
    """What came after rdflib, or that it does not have, is known all the same."""
    namespace, term = split(iri)
    vocabulary = WellKnown().get(namespace)
    assert vocabulary is not None
    assert term in vocabulary.terms


def test_an_unknown_namespace_has_no_vocabulary() -> None:
    """Of a namespace that is not listed nothing is said."""
    assert WellKnown().get("http://example.org/") is None


@pytest.mark.timed
def test_reading_a_few_vocabularies_takes_milliseconds() -> None:
    """The list is opened and three vocabularies are read in under 5 ms, the best of ten times."""

    def took() -> float:
        start = time.perf_counter()
        known = WellKnown()
        assert all(map(known.get, (names.RDFS, names.SKOS, names.DCTERMS)))
        return time.perf_counter() - start

    assert min(took() for _ in range(10)) < 0.005
