"""The rules on labels, queries, mappings and files each find their bad example."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from samsyn import library, links, lint, names
from samsyn.dataset.exact import Dataset, Graph, Triple, parse
from samsyn.errors import ToolError
from samsyn.layout import Layout
from samsyn.library.words import Words
from samsyn.lint import Finding, files, labels, mappings, queries

TABLE = {"samsyn": names.NS, "network": names.ID + "network/", "wd": "http://wd.example/"}


def test_the_repository_keeps_its_rules(layout: Layout) -> None:
    """`samsyn lint` finds nothing in this repository."""
    assert [str(each) for each in lint.run(layout)] == []


def test_a_finding_says_where_what_and_what_to_do() -> None:
    """A finding is printed as path, line, what is wrong, what to do, and the rule."""
    finding = Finding("data/a.ttl", 7, "label", "it has no name", "name it")
    assert str(finding) == "data/a.ttl:7: it has no name; name it [label]"


def test_a_finding_needs_a_rule() -> None:
    """A finding of an unknown rule is an error."""
    with pytest.raises(ValueError, match="labels is no rule"):
        Finding("data/a.ttl", 7, "labels", "it has no name", "name it")


def test_every_rule_has_a_bad_example(root: Path) -> None:
    """The name of every rule is in a test of this folder: none goes untried."""
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (root / "tests" / "lint").glob("test_*.py")
    )
    assert [rule for rule in lint.RULES if f'"{rule}"' not in tests] == []


# Labels

LABELLED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
PREFIX network: <https://w3id.org/samsyn/id/network/>
network:a a samsyn:Network ; rdfs:label "nätverk"@sv , "network"@en .
<https://example.org/b> a <https://example.org/Thing> .
"""


def graph_of(text: str) -> Graph:
    """Return a graph of a file that says what a text says."""
    triples = tuple(
        Triple(quad.subject, quad.predicate, quad.object) for quad in parse(text.encode(), "turtle")
    )
    return Graph(names.GRAPH + "stated/x", names.STATED, Path("data/stated/x.ttl"), "", triples)


def nowhere(path: str, iri: str) -> int:
    """Say of every thing that its block begins on line 5."""
    assert path.startswith("data/stated/")
    assert iri.startswith(names.ID)
    return 5


def test_labels_in_both_languages_are_accepted() -> None:
    """A thing of ours with both labels passes, and foreign things need none."""
    assert list(labels.check([graph_of(LABELLED)], nowhere)) == []


UNLABELLED = {
    "no-label": (' ; rdfs:label "nätverk"@sv , "network"@en', "", "label"),
    "swedish-only": (' , "network"@en', "", "two-languages"),
    "no-tag": ('"network"@en', '"network"', "two-languages"),
    "two-in-english": ('"network"@en', '"network"@en , "net"@en', "two-languages"),
    "third-language": ('"network"@en', '"network"@en , "netværk"@da', "two-languages"),
}


@pytest.mark.parametrize(("before", "after", "rule"), UNLABELLED.values(), ids=UNLABELLED)
def test_a_missing_label_is_found(before: str, after: str, rule: str) -> None:
    """A thing without label, or with labels in other than the two languages, is found."""
    assert before in LABELLED
    found = list(labels.check([graph_of(LABELLED.replace(before, after))], nowhere))
    assert [(each.rule, each.path, each.line) for each in found] == [(rule, "data/stated/x.ttl", 5)]


def test_a_label_may_stand_in_another_file() -> None:
    """What one file types, another may name."""
    first = graph_of(LABELLED.replace(' ; rdfs:label "nätverk"@sv , "network"@en', ""))
    second = replace(graph_of(LABELLED), path=Path("data/stated/y.ttl"))
    assert list(labels.check([first, second], nowhere)) == []


# Queries

QUERY = """\
#+ summary: Networks that are members of a given one
#+ summary-sv: Networks that are members of a given one
#+ description: Direct members only; not what was asked, from where or in what order.
#+ description-sv: Beskrivning.
#+ tags:
#+   - networks
#+ question: P7 Which networks belong to it?
#+ question-sv: P7 Which networks belong to it?
PREFIX network: <https://w3id.org/samsyn/id/network/>
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
SELECT ?from WHERE {
  # not the first form
  ?from samsyn:isMemberOf ?_network_iri .
  FILTER (?from NOT IN (samsyn:in, <https://example.org/from>))
  FILTER NOT EXISTS { ?from samsyn:hasText "where bind: is" }
}
VALUES ?_network_iri { network:return-working-group }
"""


WORDS = Words(
    tags={"networks": ("networks", "nätverk")},
    parameters={"network": ("network", "nätverk")},
    columns={"from": ("from", "från")},
)


def query_rules(text: str, name: str = "cq07-members") -> list[tuple[str, int]]:
    """Return rule and line of each finding in a query file."""
    found = queries.check(f"queries/{name}.rq", text, TABLE, WORDS)
    return [(each.rule, each.line) for each in found]


def test_a_query_by_the_rules_is_accepted() -> None:
    """A query with header, prefixes and capitals has no finding."""
    assert query_rules(QUERY) == []


BAD_QUERIES = {
    "no-default": (
        "VALUES ?_network_iri { network:return-working-group }\n",
        "VALUES ?other { network:return-working-group }\n",
        "query-header",
        17,
    ),
    "no-values": ("VALUES ?_network_iri {", "VALUES ?_network_iri ?x {", "query-unbound", 1),
    "no-swedish": ("#+ question-sv: P7 Which networks belong to it?\n", "", "query-header", 1),
    "unknown-tag": ("  - networks", "  - nets", "query-words", 1),
    "unknown-column": ("?from", "?fromm", "query-words", 1),
    "unknown-parameter": ("?_network_iri", "?_net_iri", "query-words", 1),
    "no-summary": ("#+ summary: Networks that are members of a given one\n", "", "query-header", 1),
    "no-header": ("#+", "#", "query-header", 1),
    "order-of-keys": ("#+ question: P7", "#+ summary: P7", "query-header", 1),
    "other-number": ("P7", "P8", "query-number", 1),
    "no-number": ("P7 ", "", "query-number", 1),
    "undeclared": ("samsyn:isMemberOf", "org:memberOf", "prefix-undeclared", 1),
    "unused": ("network:return", "https://w3id.org/return", "prefix-unused", 9),
    "other-meaning": ("samsyn/ns#", "samsyn/net#", "prefix-table", 10),
    "unsorted": ("PREFIX network:", "PREFIX samsyn:", "prefix-undeclared", 1),
    "small-select": ("SELECT", "select", "keyword-case", 11),
    "small-where": ("WHERE", "Where", "keyword-case", 11),
    "small-not-in": ("NOT IN", "not in", "keyword-case", 14),
    "tab": ("  ?from", "\t?from", "white-space", 13),
    "three-spaces": ("  ?from", "   ?from", "white-space", 13),
    "trailing-space": ("iri .\n", "iri . \n", "white-space", 13),
    "no-end": ("group }\n", "group }", "white-space", 17),
}


def test_words_that_no_query_needs_are_found() -> None:
    """A row of the table is for a tag, a parameter or a column of some query."""
    query = library.parse("cq07-members", QUERY)
    assert list(queries.check_words([query], WORDS)) == []
    more = replace(WORDS, tags={**WORDS.tags, "old": ("old", "gammal")})
    (found,) = queries.check_words([query], more)
    assert (found.rule, "'old'" in found.message) == ("query-words", True)


@pytest.mark.parametrize(
    ("select", "columns"),
    [
        ("?a ?b", ["a", "b"]),
        ("DISTINCT ?a (COUNT(DISTINCT ?x) AS ?n)", ["a", "n"]),
        ("(IF(?x, (?y), ?z) AS ?a) ?b", ["a", "b"]),
        ("(SAMPLE(?x) AS ?a) (?y + (1) AS ?b)", ["a", "b"]),
    ],
)
def test_columns_are_those_of_the_select(select: str, columns: list[str]) -> None:
    """Of an expression the variable behind AS is the column."""
    text = QUERY.replace("SELECT ?from", f"SELECT {select}")
    assert queries.columns(library.parse("cq07-members", text)) == columns


@pytest.mark.parametrize(("before", "after", "rule", "line"), BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_a_query_against_the_rules_is_found(before: str, after: str, rule: str, line: int) -> None:
    """Each bad query breaks its rule, at its line."""
    assert before in QUERY
    assert (rule, line) in query_rules(QUERY.replace(before, after))


def test_unsorted_prefixes_are_found() -> None:
    """Prefixes in a query are sorted."""
    lines = QUERY.splitlines(keepends=True)
    lines[8], lines[9] = lines[9], lines[8]
    assert query_rules("".join(lines)) == [("prefix-order", 9)]


def test_a_query_without_number_may_ask_anything() -> None:
    """Only files with a number need a question with the same number."""
    assert query_rules(QUERY.replace("P7 ", ""), "members") == []


# Mappings

ROW = {
    "subject_id": "network:a",
    "predicate_id": "schema:sameAs",
    "object_id": "wd:Q1",
    "object_source": "dataset:wd",
    "mapping_justification": "semapv:ManualMappingCuration",
    "confidence": "0.9",
    "comment": "",
}
CURIES = {
    "network": TABLE["network"],
    "owl": names.OWL,
    "schema": "https://schema.org/",
    "sssom": "https://w3id.org/sssom/",
    "wd": TABLE["wd"],
}


def mapping_rules(*rows: dict[str, str], curies: dict[str, str] = CURIES) -> list[tuple[str, int]]:
    """Return rule and line of each finding in a file of mappings."""
    numbered = [links.Row(line, row) for line, row in enumerate(rows, 20)]
    mapped = links.MappingSet("wd", {}, curies, numbered)
    known = {TABLE["network"] + "a"}
    found = mappings.check("links/wd/mappings.sssom.tsv", mapped, TABLE, known)
    return [(each.rule, each.line) for each in found]


def test_a_mapping_by_the_rules_is_accepted() -> None:
    """A mapping curated by hand, of something known, has no finding."""
    assert mapping_rules(ROW) == []
    nothing = {**ROW, "object_id": links.NO_TERM, "comment": "No item found."}
    assert mapping_rules(nothing) == []


BAD_ROWS = {
    "unknown-subject": ({"subject_id": "network:b"}, "mapping-subject"),
    "owl-same-as": ({"predicate_id": "owl:sameAs"}, "mapping-same-as"),
    "by-machine": ({"mapping_justification": "semapv:LexicalMatching"}, "mapping-justification"),
    "no-confidence": ({"confidence": ""}, "mapping-confidence"),
    "over-confident": ({"confidence": "1.1"}, "mapping-confidence"),
    "silent-search": ({"object_id": links.NO_TERM}, "mapping-comment"),
}


@pytest.mark.parametrize(("change", "rule"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_mapping_against_the_rules_is_found(change: dict[str, str], rule: str) -> None:
    """Each bad mapping breaks its rule, at its line."""
    assert mapping_rules({**ROW, **change}) == [(rule, 20)]


def test_a_mapping_that_comes_twice_is_found() -> None:
    """The second of two equal mappings is found."""
    assert mapping_rules(ROW, {**ROW, "confidence": "0.5"}) == [("mapping-twice", 21)]


def test_a_curie_map_agrees_with_the_prefix_table() -> None:
    """A prefix of the table means the same in a file of mappings."""
    table = {**CURIES, "samsyn": "https://example.org/"}
    assert mapping_rules(ROW, curies=table) == [("prefix-table", 1)]


# Files

NAMES = {
    "data/stated/source.ttl": True,
    "data/proposed/r1-1.ttl": True,
    "links/eu-tables/mappings.sssom.tsv": True,
    "shapes/required.ttl": True,
    "tests/shapes/NetworkShape/two-labels-fail.ttl": True,
    "tests/queries/expected/cq07.tsv": True,
    "service/samsyn/__init__.py": True,
    "service/samsyn/json_report.py": True,
    "service/samsyn/pages/static/logo.svg": True,
    "queries/CQ07-members.rq": False,
    "queries/cq07_members.rq": False,
    "data/Stated/source.ttl": False,
    "data/stated/our source.ttl": False,
    "service/samsyn/json-report.py": False,
    "service/samsyn/jsonReport.py": False,
}


@pytest.mark.parametrize(("path", "good"), NAMES.items(), ids=NAMES)
def test_files_are_named_by_the_rule(path: str, good: bool) -> None:  # noqa: FBT001
    """RDF and queries are in kebab-case, Python in snake_case, folders in either."""
    found = [each.rule for each in files.check_names([Path(path)])]
    assert found == ([] if good else ["file-name"])


@pytest.fixture
def copy(layout: Layout, tmp_path: Path) -> Layout:
    """A copy of the repository's RDF that a test may spoil."""
    for folder in ("ontology", "data", "links", "shapes", "queries"):
        if (layout.root / folder).is_dir():
            shutil.copytree(layout.root / folder, tmp_path / folder)
    return Layout(tmp_path)


def test_a_generated_file_that_was_touched_is_found_and_written_again(copy: Layout) -> None:
    """A linkset edited by hand is found, and writing restores it and no other."""
    lint.write(copy)
    path = copy.links / "wikidata" / links.LINKSET
    original = path.read_bytes()
    path.write_bytes(original.replace(b"Q35", b"Q756617"))
    found = [each for each in lint.run(copy) if each.rule == "generated"]
    assert [each.path for each in found] == ["links/wikidata/linkset.ttl"]
    assert lint.write(copy) == [path]
    assert path.read_bytes() == original
    assert lint.write(copy) == []


def test_a_generated_file_that_is_missing_is_found(copy: Layout) -> None:
    """A linkset that was never made is found."""
    (copy.links / "eli" / links.LINKSET).unlink()
    assert "generated" in {each.rule for each in lint.run(copy)}


MODEL = "docs/model.md"


def test_the_diagram_is_drawn_from_the_ontology(copy: Layout, layout: Layout) -> None:
    """A class added to the ontology makes the page's diagram a finding, and writing redraws it."""
    (copy.root / "docs").mkdir()
    page = Path(shutil.copy(layout.root / MODEL, copy.root / MODEL))
    lint.write(copy)
    assert MODEL not in {each.path for each in lint.run(copy)}
    theme = copy.ontology / "networks.ttl"
    text = theme.read_text(encoding="utf-8")
    theme.write_text(text.replace("samsyn:NetworkGroup", "samsyn:NetworkX"), encoding="utf-8")
    assert (MODEL, "generated") in {(each.path, each.rule) for each in lint.run(copy)}
    assert page in lint.write(copy)
    assert "NetworkX" in page.read_text(encoding="utf-8")


def test_a_page_without_its_marks_is_an_error(copy: Layout) -> None:
    """Where the marks around the diagram are gone, the check says which lines to put back."""
    (copy.root / "docs").mkdir()
    (copy.root / MODEL).write_text("# The model\n", encoding="utf-8")
    with pytest.raises(ToolError, match="lost the marks") as caught:
        lint.run(copy)
    assert "Put these two lines back" in str(caught.value)


def test_a_finding_on_a_thing_has_the_line_of_its_block(copy: Layout) -> None:
    """A thing whose English label is missing is found at its own line."""
    path = copy.ontology / "networks.ttl"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("samsyn:Network a "))
    lines[number + 1] = '  rdfs:label "nätverk"@sv ;'
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = {(each.rule, each.path, each.line) for each in lint.run(copy)}
    assert ("two-languages", "ontology/networks.ttl", number + 1) in found


def test_every_folder_is_looked_into(copy: Layout) -> None:
    """A bad file is found in each of the folders of RDF and of queries."""
    bad = b'<https://example.org/a>  <https://example.org/b> "c" .\n'
    for folder in ("ontology", "data/stated", "shapes"):
        (copy.root / folder).mkdir(exist_ok=True)
        (copy.root / folder / "bad.ttl").write_bytes(bad)
    copy.queries.mkdir(exist_ok=True)
    (copy.queries / "bad.rq").write_text("select * where {}\n", encoding="utf-8")
    found = {each.path for each in lint.run(copy)}
    expected = {"ontology/bad.ttl", "data/stated/bad.ttl", "shapes/bad.ttl", "queries/bad.rq"}
    assert expected <= found


def test_checking_nothing_is_an_error(tmp_path: Path) -> None:
    """Where there is no Turtle, the check fails rather than passes."""
    for folder in ("ontology", "data", "links", "shapes", "queries"):
        (tmp_path / folder).mkdir()
    with pytest.raises(ToolError, match="no Turtle files"):
        lint.run(Layout(tmp_path))


def test_the_check_reads_the_data_as_the_service_does(dataset: Dataset) -> None:
    """The prefix table that the check uses is the one of the dataset."""
    assert dataset.prefixes["samsyn"] == names.NS
