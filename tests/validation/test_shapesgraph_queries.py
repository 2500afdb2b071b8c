"""The queries of a shapes graph: prefixes, places of faults, and what pre-binding forbids."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.dataset.exact import Triple, parse, parse_triples
from samsyn.errors import ToolError
from samsyn.positions.text import Region
from samsyn.validation.locations import Part
from samsyn.validation.shapes_graph.checking import faults
from samsyn.validation.shapes_graph.features import Means
from samsyn.validation.shapes_graph.literals import place_within
from samsyn.validation.shapes_graph.report import check
from samsyn.validation.sources import Source

PREFIXES = """PREFIX e: <http://example.org/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DECLARED = ' e:O sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .'
BODY = "$this <http://example.org/p> ?value"


def read(text: str) -> list[Triple]:
    """Read Turtle with the prefixes of this module."""
    return [quad.triple for quad in parse((PREFIXES + text).encode(), "turtle")]


def said(text: str, means: Means = Means()) -> list[str]:  # noqa: B008  it is frozen
    """Return what is wrong with shapes, in English."""
    return [dict(each.messages)["en"] for each in faults(read(text), means)]


def constraint(query: str, more: str = "") -> str:
    """Return a shape with a constraint in SPARQL."""
    return f"e:S sh:targetNode e:a ; sh:sparql [ sh:select '''{query}''' ; {more} ] ."


def component(query: str, *, form: str = "ask", name: str = "validator") -> str:
    """Return a component with a validator, and a shape that uses it."""
    return (
        "e:C a sh:ConstraintComponent ; sh:parameter [ sh:path e:limit ] ;"
        f" sh:{name} [ sh:{form} '''{query}''' ] . e:S sh:targetNode e:a ; e:limit 3 ."
    )


def target(query: str) -> str:
    """Return a shape with a target in SPARQL."""
    return f"e:S sh:nodeKind sh:IRI ; sh:target [ a sh:SPARQLTarget ; sh:select '''{query}''' ] ."


def rule(query: str) -> str:
    """Return a shape with a rule in SPARQL."""
    return f"e:S sh:targetNode e:a ; sh:rule [ a sh:SPARQLRule ; sh:construct '''{query}''' ] ."


def function(query: str) -> str:
    """Return a function, and a constraint that calls it."""
    call = "SELECT $this { $this ?p ?value FILTER(<http://example.org/f>(?value)) }"
    return constraint(call) + (
        f" e:f a sh:SPARQLFunction ; sh:parameter [ sh:path e:of ] ; sh:select '''{query}''' ."
    )


# Prefixes (SHACL 5.2.1)

GOOD_PREFIXES = {
    "none": constraint(f"SELECT $this {{ {BODY} }}"),
    "of-its-own": constraint("PREFIX e: <http://example.org/> SELECT $this { $this e:p ?o }"),
    "base": constraint("BASE <http://example.org/> SELECT $this { $this <p> ?o }"),
    "declared": constraint("SELECT $this { $this e:p ?o }", "sh:prefixes e:O") + DECLARED,
    "declared-as-text": constraint("SELECT $this { $this e:p ?o }", "sh:prefixes e:O")
    + ' e:O sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/" ] .',
    "nothing-declared": constraint(f"SELECT $this {{ {BODY} }}", "sh:prefixes e:O"),
    "empty-ontology": constraint(f"SELECT $this {{ {BODY} }}", "sh:prefixes e:O")
    + " e:O a owl:Ontology .",
    "imported": constraint("SELECT $this { $this e:p ?o }", "sh:prefixes e:A")
    + " e:A owl:imports e:B . e:B owl:imports e:O . e:O owl:imports e:A ."
    + DECLARED,
    "several": constraint("SELECT $this { $this e:p ?o ; f:q ?o }", "sh:prefixes e:O , e:P")
    + DECLARED
    + ' e:P sh:declare [ sh:prefix "f" ; sh:namespace "http://f.org/"^^xsd:anyURI ] .',
    "on-the-shape": "e:S sh:targetNode e:a ; sh:sparql [ sh:prefixes e:S ;"
    " sh:select 'SELECT $this { $this e:p ?o }' ] ;"
    ' sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .',
    "blank-node": constraint(
        "SELECT $this { $this e:p ?o }",
        'sh:prefixes [ sh:declare [ sh:prefix "e" ;'
        ' sh:namespace "http://example.org/"^^xsd:anyURI ] ]',
    ),
    "same-twice": constraint("SELECT $this { $this e:p ?o }", "sh:prefixes e:O , e:P")
    + DECLARED
    + ' e:P sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .',
    "of-shacl": constraint("SELECT $this { $this sh:path ?o }", "sh:prefixes e:A")
    + " e:A owl:imports <http://www.w3.org/ns/shacl#> .",
    "of-dash": constraint(
        "SELECT $this { $this rdfs:label ?o ; dash:x ?o ; sh:path ?o }", "sh:prefixes e:A"
    )
    + " e:A owl:imports <http://datashapes.org/dash> .",
    "validator": component("ASK { FILTER($value > $limit) }"),
    "target": target("SELECT ?this { ?this <http://example.org/p> 1 }"),
}


@pytest.mark.parametrize("text", GOOD_PREFIXES.values(), ids=GOOD_PREFIXES)
def test_queries_may_get_their_prefixes_in_every_way(text: str) -> None:
    """What sh:prefixes/owl:imports*/sh:declare gives, PREFIX lines, or no prefix at all."""
    assert said(text) == []


BAD_PREFIXES = {
    "not-declared": (
        constraint("SELECT $this { $this zz:p ?o }"),
        "The prefix zz: is not declared",
    ),
    "two-missing": (
        constraint("SELECT $this { $this z:p ?o ; y:q ?o }"),
        "z:, y: are not decl",
    ),
    "elsewhere": (constraint("SELECT $this { $this e:p ?o }") + DECLARED, "e: is not declared"),
    "two-meanings": (
        constraint("SELECT $this { $this e:p ?o }", "sh:prefixes e:O , e:P")
        + DECLARED
        + ' e:P sh:declare [ sh:prefix "e" ; sh:namespace "http://f.org/"^^xsd:anyURI ] .',
        "e: is declared differently",
    ),
    "no-namespace": (
        constraint(f"SELECT $this {{ {BODY} }}", "sh:prefixes e:O")
        + ' e:O sh:declare [ sh:prefix "e" ] .',
        "exactly one sh:namespace",
    ),
    "two-namespaces": (
        constraint(f"SELECT $this {{ {BODY} }}", "sh:prefixes e:O")
        + ' e:O sh:declare [ sh:prefix "e" ; sh:namespace "a:"^^xsd:anyURI , "b:"^^xsd:anyURI ] .',
        "exactly one sh:namespace",
    ),
    "literal": (constraint(f"SELECT $this {{ {BODY} }}", "sh:prefixes 'e'"), "an IRI or a blank"),
    "declare-literal": (constraint("SELECT $this {}") + " e:O sh:declare 'e' .", "an IRI or a"),
}


@pytest.mark.parametrize(("text", "words"), BAD_PREFIXES.values(), ids=BAD_PREFIXES)
def test_faulty_prefixes_are_told_by_name(text: str, words: str) -> None:
    """A prefix that is missing or has two meanings is named."""
    assert any(words in each for each in said(text)), said(text)


# Pre-binding (SHACL, appendix A)

GOOD_QUERIES = {
    "star": constraint(f"SELECT * {{ {BODY} }}"),
    "distinct": constraint(f"SELECT DISTINCT ?this {{ {BODY} }}"),
    "expression": constraint(f"SELECT $this (STR(?value) AS ?text) {{ {BODY} }}"),
    "grouped": constraint(
        f"SELECT $this (COUNT(?value) AS ?n) {{ {BODY} }} GROUP BY $this HAVING (COUNT(?value) > 1)"
    ),
    "subquery": constraint(
        "SELECT $this ?n { { SELECT $this (COUNT(?o) AS ?n) { $this ?p ?o } GROUP BY $this } }"
    ),
    "subquery-star": constraint(f"SELECT $this {{ {{ SELECT * {{ {BODY} }} }} }}"),
    "subquery-in-exists": constraint(
        f"SELECT $this {{ {BODY} FILTER EXISTS {{ SELECT $this {{ {BODY} }} }} }}"
    ),
    "words-in-strings": constraint(
        f'SELECT $this {{ {BODY} FILTER(?value != "MINUS {{ VALUES SERVICE FROM AS ?this") }}'
    ),
    "words-in-iris": constraint(
        "SELECT $this { $this <http://example.org/MINUS/VALUES/FROM> ?value }"
    ),
    "words-in-comments": constraint(
        f"SELECT $this {{ {BODY} # MINUS VALUES SERVICE <x> FROM\n }}"
    ),
    "words-in-names": constraint(
        "PREFIX minus: <u:> SELECT $this { $this minus:values ?values ; minus:FROM ?service }"
    ),
    "shapes-graph": constraint(
        f"SELECT $this {{ {BODY} GRAPH $shapesGraph {{ $currentShape ?p ?o }} }}"
    ),
    "path": "e:S sh:targetNode e:a ; sh:property [ sh:path e:p ; sh:sparql"
    " [ sh:select 'SELECT $this ?value { $this $PATH ?value }' ] ] .",
    "values-in-a-target": target("SELECT ?this { VALUES ?o { 1 } ?this ?p ?o }"),
    "minus-in-a-target": target("SELECT ?this { ?this ?p ?o MINUS { ?this a ?c } }"),
    "select-validator": component(
        "SELECT $this ?value { $this ?p ?value FILTER(?value > $limit) }",
        form="select", name="nodeValidator",
    ),
    "ask-node-validator": component("ASK { $this ?p $limit }", name="nodeValidator"),
}  # fmt: skip


@pytest.mark.parametrize("text", GOOD_QUERIES.values(), ids=GOOD_QUERIES)
def test_queries_that_keep_the_rules_are_taken(text: str) -> None:
    """Whatever pre-binding allows, also where forbidden words are in strings, IRIs and names."""
    assert said(text) == []


LIMIT = "$this ?p ?value FILTER(?value > $limit)"
BAD_QUERIES = {
    "minus": (constraint(f"SELECT $this {{ {BODY} MINUS {{ $this a ?c }} }}"), "MINUS must not"),
    "minus-small": (constraint(f"SELECT $this {{ {BODY} minus{{ $this a ?c }} }}"), "MINUS must"),
    "values": (constraint(f"SELECT $this {{ VALUES ?x {{ 1 }} {BODY} }}"), "VALUES must not"),
    "values-behind": (constraint(f"SELECT $this {{ {BODY} }} VALUES ?x {{ 1 }}"), "VALUES must"),
    "service": (constraint("SELECT $this { SERVICE <u:x> { $this ?p ?o } }"), "SERVICE must not"),
    "service-silent": (
        constraint("SELECT $this { SERVICE SILENT ?x { $this ?p ?o } }"), "SERVICE must not",
    ),
    "service-tight": (
        constraint("PREFIX a: <u:> SELECT $this { $this ?p 1SERVICEa:b{ ?s ?p ?o } }"), "SERVICE",
    ),
    "service-in-a-target": (target("SELECT ?this { SERVICE <u:x> { ?this ?p ?o } }"), "SERVICE"),
    "from": (constraint(f"SELECT $this FROM <u:g> {{ {BODY} }}"), "FROM looks at another graph"),
    "from-named": (constraint(f"SELECT $this FROM NAMED <u:g> {{ {BODY} }}"), "FROM looks at"),
    "as-this": (constraint("SELECT (1 AS ?this) {}"), "$this is pre-bound"),
    "bind-this": (constraint("SELECT $this { BIND (1 AS $this) }"), "$this is pre-bound"),
    "bind-shape": (constraint(f"SELECT $this {{ {BODY} BIND (1 AS ?currentShape) }}"), "pre-bound"),
    "subquery": (
        constraint(f"SELECT $this {{ {BODY} {{ SELECT ?value {{ {BODY} }} }} }}"),
        "does not return $this",
    ),
    "subquery-argument": (
        constraint(f"SELECT $this {{ {BODY} {{ SELECT (COUNT($this) AS ?n) {{ {BODY} }} }} }}"),
        "does not return $this",
    ),
    "subquery-star": (
        constraint(f"SELECT $this {{ {BODY} {{ SELECT * {{ ?a ?b ?c }} }} }}"), "not return $this",
    ),
    "parameter-bound": (component(f"ASK {{ {LIMIT} BIND (1 AS ?limit) }}"), "$limit is pre-bound"),
    "value-bound": (component(f"ASK {{ {LIMIT} BIND (1 AS ?value) }}"), "$value is pre-bound"),
    "parameter-left-out": (
        component(f"ASK {{ {LIMIT} {{ SELECT $this $value {{ {LIMIT} }} }} }}"), "return $limit",
    ),
    "rule-minus": (rule("CONSTRUCT { $this a $this } { MINUS { ?s ?p ?o } }"), "MINUS must not"),
    "rule-service": (rule("CONSTRUCT { $this a ?c } { SERVICE <u:x> { $this a ?c } }"), "SERVICE"),
    "rule-from": (rule("CONSTRUCT { $this a ?c } FROM <u:x> { $this a ?c }"), "FROM looks at"),
    "function-values": (function("SELECT ?r { VALUES ?r { 1 } }"), "VALUES must not"),
    "function-service": (function("SELECT ?r { SERVICE <u:x> { ?s ?p ?r } }"), "SERVICE must not"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_what_pre_binding_forbids_is_named(text: str, words: str) -> None:
    """Each rule of appendix A is reported by name, for every kind of query."""
    assert any(words in each for each in said(text, Means(advanced=True))), said(text)


FORMS = {
    "constraint-ask": (constraint("ASK { $this ?p ?o }"), "a SELECT that gives $this"),
    "constraint-construct": (constraint("CONSTRUCT { $this ?p ?o } { $this ?p ?o }"), "a SELECT"),
    "constraint-other": (constraint("SELECT ?x { $this ?p ?x }"), "a SELECT that gives $this"),
    "constraint-nothing": ("e:S sh:targetNode e:a ; sh:sparql e:N . e:N a sh:SPARQLConstraint .",
                           "no sh:select here"),
    "constraint-two": (
        "e:S sh:targetNode e:a ; sh:sparql"
        " [ sh:select 'SELECT $this {}' , 'SELECT $this { $this ?p ?o }' ] .",
        "sh:select may stand once",
    ),
    "constraint-iri": ("e:S sh:targetNode e:a ; sh:sparql [ sh:select e:q ] .", "a text without"),
    "validator-select": (component("SELECT $this { $this ?p ?o }"), "sh:ask is to be a ASK"),
    "target-ask": (target("ASK { ?this ?p ?o }"), "a SELECT that gives $this"),
    "target-other": (target("SELECT ?x { ?x ?p ?o }"), "a SELECT that gives $this"),
    "rule-select": (rule("SELECT * { $this ?p ?o }"), "sh:construct is to be a CONSTRUCT"),
    "function-unknown": (
        constraint("SELECT $this { $this ?p ?o FILTER(<u:f>(?o)) }"), "<u:f> is neither",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), FORMS.values(), ids=FORMS)
def test_a_query_of_the_wrong_form_is_told(text: str, words: str) -> None:
    """Each property takes its own form of query."""
    assert any(words in each for each in said(text, Means(advanced=True))), said(text)


BROKEN = {
    "constraint": constraint("SELECT $this {\n $this zz:p ?o }"),
    "validator": component("ASK {\n $this zz:p ?o }"),
    "select-validator": component(
        "SELECT $this {\n $this zz:p ?o }", form="select", name="propertyValidator"
    ),
    "target": target("SELECT ?this {\n ?this zz:p ?o }"),
    "rule": rule("CONSTRUCT { $this a $this } WHERE {\n $this zz:p ?o }"),
    "function": function("SELECT ?o {\n $of   zz:p ?o }"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_the_place_is_told_for_every_kind_of_query(text: str) -> None:
    """The line and column of the fault in the query are those of the prefix that is missing."""
    found = [each for each in faults(read(text), Means(advanced=True)) if each.within]
    assert [each.within for each in found] == [(2, 8)]
    assert "line 2, column 8" in dict(found[0].messages)["en"]
    assert "rad 2, kolumn 8" in dict(found[0].messages)["sv"]


@pytest.mark.parametrize("written", ["<http://example.org/f>", "e:f"])
def test_a_function_that_is_not_there_has_its_place(written: str) -> None:
    """The call of a function that nobody declares is reported where it stands."""
    query = f"SELECT $this {{\n $this ?p ?o FILTER({written}(?o)) }}"
    [found] = faults(read(constraint(query, "sh:prefixes e:O") + DECLARED))
    assert found.within == (2, 21)
    assert "<http://example.org/f> is neither" in dict(found.messages)["en"]


def test_what_nobody_uses_is_not_refused() -> None:
    """A library may hold components and functions that cannot be run, as long as no shape does."""
    broken = "sh:ask 'ASK { $this zz:p ?o }'"
    text = (
        f"e:C a sh:ConstraintComponent ; sh:parameter [ sh:path e:limit ] ;"
        f" sh:validator [ {broken} ] . e:f a sh:SPARQLFunction ; {broken} ."
        " e:S sh:targetNode e:a ; sh:nodeKind sh:IRI ."
    )
    assert said(text) == []
    assert said(text + " e:S e:limit 1 .") != []


# Places


def placed(folder: Path, text: str, name: str = "shapes.ttl") -> list[str]:
    """Return the lines of the error for a file of shapes."""
    path = folder / name
    path.write_bytes(text.encode())
    form = {"ttl": "turtle", "nt": "ntriples", "trig": "trig"}[path.suffix[1:]]
    source = Source(path.as_posix(), form, path)
    triples = parse_triples(text.encode(), form, base=source.base, path=source.name)
    with pytest.raises(ToolError) as caught:
        check([Part(source.name, triples, source)])
    return [line.strip() for line in caught.value.message.splitlines()[1:]]


QUERY_LINES = "SELECT $this WHERE {\n  $this ?p ?v .\n  $this zz:code ?v .\n}"


@pytest.mark.parametrize("quotes", ['"""', "'''"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_fault_in_a_long_literal_has_its_line(tmp_path: Path, quotes: str, newline: str) -> None:
    """The place is that of the character in the file, behind all lines of the literal."""
    query = quotes + QUERY_LINES + quotes
    text = f"{PREFIXES}e:S sh:targetNode e:a ;\n  sh:sparql [ sh:select {query} ] ."
    [line] = placed(tmp_path, text.replace("\n", newline))
    first = text.splitlines().index("  $this zz:code ?v .") + 1
    assert f"shapes.ttl:{first}:9: " in line


def test_a_fault_in_a_short_literal_has_its_column(tmp_path: Path) -> None:
    """Escapes count as they are written in the file."""
    query = QUERY_LINES.replace("\n", "\\n").replace("?v .", "?v . \\t\\u0020\\U00000020", 1)
    text = f'{PREFIXES}e:S sh:targetNode e:a ; sh:sparql [ sh:select "{query}" ] .'
    [line] = placed(tmp_path, text)
    last = text.splitlines()[-1]
    assert f"shapes.ttl:{len(text.splitlines())}:{last.index('zz:') + 1}: " in line


def test_a_fault_in_ntriples_has_its_column(tmp_path: Path) -> None:
    """N-Triples writes the query on one line."""
    query = QUERY_LINES.replace("\n", "\\n")
    sh = "http://www.w3.org/ns/shacl#"
    text = (
        f'<u:S> <{sh}targetNode> <u:a> .\n<u:S> <{sh}sparql> _:c .\n_:c <{sh}select> "{query}" .\n'
    )
    [line] = placed(tmp_path, text, "shapes.nt")
    assert f"shapes.nt:3:{text.splitlines()[2].index('zz:') + 1}: " in line


CHARACTERS = st.text(st.sampled_from("a\n\t\\\"'é\U0001f600\r "), max_size=30)


@given(value=CHARACTERS, before=st.text(st.sampled_from("x\n"), max_size=9), data=st.data())
@settings(max_examples=200, deadline=None)
def test_every_character_of_a_literal_is_found(
    value: str, before: str, data: st.DataObject
) -> None:
    """Whatever is escaped and however, the place is that of the character as it is written."""
    names = {"\n": "\\n", "\t": "\\t", "\\": "\\\\", '"': '\\"', "\r": "\\r"}
    units, starts = [], []
    at = 0
    for character in value:
        ways = [names.get(character, character), f"\\u{ord(character):04X}"]
        if character == "\n":
            ways.append(character)
        if ord(character) > 0xFFFF:
            ways = [character, f"\\U{ord(character):08X}"]
        unit = data.draw(st.sampled_from(ways))
        starts.append(at)
        units.append(unit)
        at += len(unit)
    written = "".join(units)
    document = f'{before}"""{written}"""'
    start = len(before) + 3
    lines = document[: len(before)].split("\n")
    token = Region(len(lines), len(lines[-1]) + 1, 1, 1)
    line, column = 1, 1
    for number, character in enumerate(value):
        found = place_within(document, token, (line, column))
        upto = document[: start + starts[number]].split("\n")
        assert (found.line, found.column) == (len(upto), len(upto[-1]) + 1)
        line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
