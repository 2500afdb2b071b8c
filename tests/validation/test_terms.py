"""Unknown terms, and terms in a wrong namespace."""

from __future__ import annotations

import time

import pytest
from tests.patience import ending

from samsyn import names
from samsyn.dataset.exact import Dataset, NamedNode, Triple, parse
from samsyn.validation.fixes.choosing import Move, respaced
from samsyn.validation.fixes.editing import revise
from samsyn.validation.terms.messages import texts
from samsyn.validation.terms.suspect import UNKNOWN, WRONG, Suspect
from samsyn.validation.terms.unknown_terms import Terms, declared

PREFIXES = f"""
PREFIX dc: <http://purl.org/dc/elements/1.1/>
PREFIX dcat: <{names.DCAT}>
PREFIX dcterms: <{names.DCTERMS}>
PREFIX e: <http://example.org/>
PREFIX foaf: <{names.FOAF}>
PREFIX level: <{names.VOCAB}level/>
PREFIX owl: <{names.OWL}>
PREFIX rdf: <{names.RDF}>
PREFIX rdfs: <{names.RDFS}>
PREFIX samsyn: <{names.NS}>
PREFIX schema: <{names.SCHEMA}>
PREFIX skos: <{names.SKOS}>
PREFIX xsd: <{names.XSD}>
"""


@pytest.fixture(scope="module")
def terms(dataset: Dataset) -> Terms:
    """What is known with the ontology of the repository."""
    return Terms(dataset.select(names.IS_SCHEMA).triples())


def read(text: str) -> list[Triple]:
    """Read Turtle with the prefixes of this module."""
    return [quad.triple for quad in parse((PREFIXES + text).encode(), "turtle")]


def only(terms: Terms, text: str) -> Suspect:
    """Return the one suspect of a text."""
    [found] = terms.unknown(read(text))
    return found


def test_the_repository_has_no_suspect(terms: Terms, dataset: Dataset) -> None:
    """Every term of every file of the repository exists as written."""
    assert len(dataset.graphs) > 20
    found = [each for graph in dataset.graphs.values() for each in terms.unknown(graph.triples)]
    assert found == []


RIGHT = {
    "classes": "e:a a samsyn:Network , skos:Concept , schema:Person , owl:Class .",
    "container": "e:a rdf:_1 e:b ; rdf:_12 e:c .",
    "datatypes": 'e:a e:p 1 , 1.0 , true , 1e0 , "x"@sv , "2020"^^xsd:gYear .',
    "own-datatype": 'e:a e:p "x"^^e:datatype .',
    "http-schema": "e:a <http://schema.org/name> 'x' .",
    "scheme": "e:a e:p level:national , <https://w3id.org/samsyn/vocab/level> .",
    "things-of-ours": "e:a e:p <https://w3id.org/samsyn/id/network/x> .",
    "the-ontology": f"e:a rdfs:isDefinedBy <{names.ONTOLOGY}> , <{names.NS}> , <{names.OWL}> .",
    "documents": "e:a rdfs:seeAlso <http://www.w3.org/TR/owl2-primer/> , <http://www.w3.org/ns/> .",
    "foreign": "e:a <http://www.w3.org/ns/ldp#member> e:b ; <http://example.net/s#label> e:c .",
    "declared": "samsyn:m a rdf:Property . skos:M a owl:Class . e:a a skos:M ; samsyn:m 1 .",
    "declared-later": "e:a samsyn:mine 1 . samsyn:mine a owl:DatatypeProperty .",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_what_exists_is_left_alone(text: str, terms: Terms) -> None:
    """Terms that exist, that the data declares, or of which nothing is known, are no suspects."""
    assert list(terms.unknown(read(text))) == []


NS, SKOS, DCT = names.NS, names.SKOS, names.DCTERMS
UNKNOWNS = {
    "class-in-lower-case": ("e:a a samsyn:network .", "violation", "class", [NS + "Network"]),
    "class": ("e:a a samsyn:Netwrk .", "violation", "class", [NS + "Network"]),
    "property": ("e:a samsyn:isMemeberOf e:b .", "violation", "property", [NS + "isMemberOf"]),
    "part-of-a-name": ("e:a samsyn:memberOf e:b .", "violation", "property", [NS + "isMemberOf"]),
    "nothing-near": ("e:a samsyn:zzzzzz e:b .", "violation", "property", []),
    "concept": ("e:a e:p level:nationl .", "violation", "node", [names.VOCAB + "level/national"]),
    "scheme": ("e:a e:p <https://w3id.org/samsyn/vocab/levl> .", "violation", "node", None),
    "label": ("e:a rdfs:lable 'x' .", "warning", "property", [names.RDFS + "label"]),
    "other-vocabulary": ("e:a rdfs:prefLabel 'x' .", "warning", "property", [SKOS + "prefLabel"]),
    "older-dublin-core": ("e:a dc:created 'x' .", "warning", "property", None),
    "datatype": ("e:a e:p '1'^^xsd:integr .", "warning", "datatype", [names.XSD + "integer"]),
    "datatype-case": ("e:a e:p ''^^xsd:datetime.", "warning", "datatype", [names.XSD + "dateTime"]),
    "list-item": ("e:a rdf:_0 e:b .", "warning", "property", []),
    "growing": ("e:a dcat:blorp e:b .", "info", "property", []),
    "growing-and-near": ("e:a schema:naem 'x' .", "warning", "property", [names.SCHEMA + "name"]),
    "http-schema": (
        "e:a <http://schema.org/sameas> e:b .", "warning", "property", ["http://schema.org/sameAs"],
    ),
    "variant-of-a-namespace": (
        "e:a <https://purl.org/dc/terms/titel> 'x' .", "warning", "property", [DCT + "title"],
    ),
    "object": ("e:a e:p skos:concept .", "warning", "node", [SKOS + "Concept"]),
    "subject": ("skos:preflabel e:p e:a .", "warning", "node", [SKOS + "prefLabel"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "severity", "role", "nearest"), UNKNOWNS.values(), ids=UNKNOWNS)
def test_an_unknown_term_is_found_with_the_nearest(
    text: str, severity: str, role: str, nearest: list[str] | None, terms: Terms
) -> None:
    """A term that does not exist is found, with what may be meant; far away terms never are."""
    found = only(terms, text)
    assert (found.rule, found.severity, found.role) == (UNKNOWN, severity, role)
    assert nearest is None or list(found.suggestions) == nearest
    assert found.instead == ""


def test_an_older_property_is_sought_in_the_newer_vocabulary(terms: Terms) -> None:
    """A name that is in another vocabulary comes before one that only looks like it."""
    assert only(terms, "e:a dc:created 'x' .").suggestions[0] == DCT + "created"


def test_suggestions_fit_the_role(terms: Terms) -> None:
    """Where a class is sought classes come first, and properties where a property is."""
    agent, is_agent = names.PROV + "Agent", names.PROV + "agent"
    wrong = f"<{names.PROV}aegnt>"
    assert only(terms, f"e:a a {wrong} .").suggestions == (agent, is_agent)
    assert only(terms, f"e:a {wrong} e:b .").suggestions == (is_agent, agent)


WRONGS = {
    "own-http": ("http://w3id.org/samsyn/ns#", "Network", NS),
    "own-no-sign": ("https://w3id.org/samsyn/ns", "Network", NS),
    "own-slash": ("https://w3id.org/samsyn/ns/", "isMemberOf", NS),
    "own-concept": ("http://w3id.org/samsyn/vocab/level/", "national", names.VOCAB + "level/"),
    "own-scheme": ("https://w3id.org/samsyn/vocab/levle/", "national", names.VOCAB + "level/"),
    "dcterms-singular": ("http://purl.org/dc/term/", "title", DCT),
    "dcterms-https": ("https://purl.org/dc/terms/", "title", DCT),
    "dcterms-hash": ("http://purl.org/dc/terms#", "title", DCT),
    "dcterms-no-sign": ("http://purl.org/dc/terms", "title", DCT),
    "skos-without-core": ("http://www.w3.org/2004/02/skos#", "prefLabel", SKOS),
    "skos-no-sign": ("http://www.w3.org/2004/02/skos/core", "prefLabel", SKOS),
    "rdfs-slash": ("http://www.w3.org/2000/01/rdf-schema/", "label", names.RDFS),
    "rdfs-typo": ("http://www.w3.org/2000/01/rdf-shema#", "label", names.RDFS),
    "rdf-typo": ("http://www.w3.org/1999/02/22-rdf-sintax-ns#", "value", names.RDF),
    "foaf-hash": ("http://xmlns.com/foaf/0.1#", "name", names.FOAF),
    "owl-https": ("https://www.w3.org/2002/07/owl#", "sameAs", names.OWL),
    "owl-without-www": ("http://w3.org/2002/07/owl#", "sameAs", names.OWL),
    "prov-slash": ("http://www.w3.org/ns/prov/", "wasDerivedFrom", names.PROV),
    "schema-www": ("http://www.schema.org/", "name", names.SCHEMA),
    "schema-hash": ("https://schema.org#", "name", names.SCHEMA),
}


@pytest.mark.parametrize(("wrong", "name", "right"), WRONGS.values(), ids=WRONGS)
@pytest.mark.parametrize("position", ["predicate", "object"])
def test_a_wrong_namespace_is_found_with_the_right_one(
    wrong: str, name: str, right: str, position: str, terms: Terms
) -> None:
    """A term in a namespace that is certainly another one is found, whatever it is used as."""
    text = {"predicate": f"e:a <{wrong}{name}> e:b .", "object": f"e:a a <{wrong}{name}> ."}
    found = only(terms, text[position])
    assert (found.rule, found.namespace, found.instead) == (WRONG, wrong, right)
    assert found.suggestions == (right + name,)
    assert found.position == position
    assert found.severity == ("violation" if right.startswith(names.BASE) else "warning")


@pytest.mark.parametrize(("wrong", "name", "right"), WRONGS.values(), ids=WRONGS)
@pytest.mark.parametrize("form", ["turtle", "ntriples"])
def test_a_fixed_file_has_no_suspect(
    wrong: str, name: str, right: str, form: str, terms: Terms
) -> None:
    """The edits of a wrong namespace leave a file in which every term exists."""
    texts = {
        "turtle": f"PREFIX w: <{wrong}>\n<e:a> a w:{name} , <{wrong}{name}> ; w:{name} 'w:' .",
        "ntriples": f"<e:a> <{wrong}{name}> <{wrong}{name}> .\n" * 2,
    }
    text = texts[form]
    [found] = terms.unknown([quad.triple for quad in parse(text.encode(), form)])
    move = Move(found.term, found.namespace, found.instead)
    data = revise(text.encode(), respaced("a", text, form, move)).data
    assert data.decode().count(right + name) == text.count(wrong + name)
    assert list(terms.unknown([quad.triple for quad in parse(data, form)])) == []


NOT_WRONG = {
    "other-real-namespace": "e:a <http://www.w3.org/ns/dqv#value> e:b .",
    "not-all-terms-are-there": (
        "e:a <http://www.w3.org/2000/01/rdf-shema#label> 'x' ;"
        " <http://www.w3.org/2000/01/rdf-shema#colour> 'y' ."
    ),
    "page-beside-a-namespace": "e:a rdfs:seeAlso <http://www.w3.org/ns/prov/changes> .",
    "far": "e:a <http://example.org/owl#sameAs> e:b .",
}


@pytest.mark.parametrize("text", NOT_WRONG.values(), ids=NOT_WRONG)
def test_a_namespace_that_may_be_right_is_left_alone(text: str, terms: Terms) -> None:
    """Where it is not certain that another namespace is meant nothing is said."""
    assert list(terms.unknown(read(text))) == []


def test_each_term_is_found_once_with_its_first_use_and_its_uses(terms: Terms) -> None:
    """One suspect for each term, at the first triple that has it, with the number of its uses."""
    text = (
        "e:a rdfs:label 'x' ; rdfs:lable 'y' , 'z' ; skos:note skos:concept . e:b rdfs:lable 'x' ."
    )
    found = list(terms.unknown(read(text)))
    assert [(each.term, each.index, each.position, each.uses) for each in found] == [
        (names.RDFS + "lable", 1, "predicate", 3),
        (SKOS + "concept", 3, "object", 1),
    ]
    assert "(3 times)" in dict(texts(found[0]))["en"]
    assert "(3 gånger)" in dict(texts(found[0]))["sv"]
    assert "gånger" not in dict(texts(found[1]))["sv"]


def test_a_term_used_as_a_property_counts_as_one(terms: Terms) -> None:
    """Where a term is first mentioned and then used, its place is that of its use."""
    found = only(terms, "e:a e:p rdfs:lable . e:b rdfs:lable 'x' .")
    assert (found.role, found.index, found.position, found.uses) == ("property", 1, "predicate", 2)


def test_what_other_files_declare_is_known(terms: Terms) -> None:
    """A class that one file declares may be used in another."""
    extra = declared(read("samsyn:Mine a owl:Class ; rdfs:subClassOf samsyn:Network ."))
    assert extra == {NS + "Mine"}
    assert list(terms.unknown(read("e:a a samsyn:Mine ."), extra)) == []


@pytest.mark.parametrize(
    ("text", "swedish", "english"),
    [
        (
            "e:a a samsyn:network .",
            f"I {NS} finns ingen klass network. Menas Network?",
            f"There is no class network in {NS}. Did you mean Network?",
        ),
        (
            "e:a rdfs:prefLabel 'x' .",
            f"I {names.RDFS} finns ingen egenskap prefLabel. Menas <{SKOS}prefLabel>?",
            f"There is no property prefLabel in {names.RDFS}. Did you mean <{SKOS}prefLabel>?",
        ),
        (
            "e:a <http://purl.org/dc/term/title> 'x' .",
            f"title står i namnrymden http://purl.org/dc/term/, som inte finns. Skriv {DCT}.",
            "title is in the namespace http://purl.org/dc/term/, which does not exist."
            f" Write {DCT}.",
        ),
        (
            "e:a samsyn:zzzzzz e:b .",
            f"I {NS} finns ingen egenskap zzzzzz. Termerna står på {names.ONTOLOGY}.",
            f"There is no property zzzzzz in {NS}. The terms are listed at {names.ONTOLOGY}.",
        ),
    ],
    ids=["near", "elsewhere", "namespace", "nothing-near"],
)
def test_messages_say_what_is_wrong_and_what_to_write(
    text: str, swedish: str, english: str, terms: Terms
) -> None:
    """Both languages say what does not exist, and what may be meant."""
    assert texts(only(terms, text)) == (("sv", swedish), ("en", english))


@pytest.mark.timed
def test_a_million_triples_take_seconds(terms: Terms) -> None:
    """The time for a triple is a few microseconds: 100 thousand take under a second."""
    label, kind = NamedNode(names.RDFS + "label"), NamedNode(names.RDF_TYPE)
    text = read("e:a rdfs:label 'x' .")[0].object
    triples = []
    for number in range(50_000):
        node = NamedNode(f"http://example.org/{number}/thing")
        triples += [Triple(node, kind, NamedNode(NS + "Network")), Triple(node, label, text)]
    start = time.process_time()
    assert list(terms.unknown(triples)) == []
    assert time.process_time() - start < 1


def test_a_flood_of_unknown_terms_is_judged_whole(terms: Terms) -> None:
    """Ten thousand different unknown terms are all found, the nearest sought for some of them."""
    property_ = NamedNode("http://example.org/p")
    triples = [
        Triple(property_, NamedNode(f"{names.SCHEMA}madeUp{number}"), property_)
        for number in range(10_000)
    ]
    with ending():
        assert len(list(terms.unknown(triples))) == 10_000
