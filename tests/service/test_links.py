"""The mappings are sound SSSOM, and every linkset is made from its mappings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from samsyn import links, names
from samsyn.dataset.exact import Dataset, parse
from samsyn.errors import SourceError
from samsyn.layout import Layout

TARGETS = {"ant-rdf", "eli", "eu-tables", "eurovoc", "geonames", "wikidata"}
CONCEPT_TABLES = {"ant-rdf", "eu-tables", "eurovoc"}

HEADER = """\
#curie_map:
#  country: https://w3id.org/samsyn/id/country/
#  dataset: https://w3id.org/samsyn/id/dataset/
#  owl: http://www.w3.org/2002/07/owl#
#  schema: https://schema.org/
#  semapv: https://w3id.org/semapv/vocab/
#  sssom: https://w3id.org/sssom/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: https://w3id.org/samsyn/doc/mappings-wikidata/0.1.0
#mapping_set_version: "0.1.0"
#mapping_set_title: "Wikidata"
#license: https://creativecommons.org/licenses/by/4.0/
"""
TABLE = "\t".join(links.COLUMNS) + "\n"
SWEDEN = "country:sweden\tschema:sameAs\twd:Q34\tdataset:wikidata\tsemapv:X\t1\t\n"
NOBODY = "country:utopia\tschema:sameAs\tsssom:NoTermFound\tdataset:wikidata\tsemapv:X\t1\t\n"
PREFIXES = {
    "country": names.ID + "country/",
    "dataset": names.ID + "dataset/",
    "dcterms": names.DCTERMS,
    "foaf": names.FOAF,
    "linkset": names.ID + "linkset/",
    "rdfs": names.RDFS,
    "schema": "https://schema.org/",
    "void": names.VOID,
}


def written(folder: Path, text: str) -> Path:
    """Write a file of mappings where a target's file stands."""
    path = folder / "wikidata" / links.SOURCE
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_there_is_one_folder_for_each_target(layout: Layout) -> None:
    """The targets are those of the design, each with mappings and a linkset."""
    assert {path.parent.name for path in links.sources(layout)} == TARGETS
    assert {path.parent.name for path in layout.links.glob(f"*/{links.LINKSET}")} == TARGETS


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_a_linkset_is_what_its_mappings_make(layout: Layout, dataset: Dataset, target: str) -> None:
    """The Turtle file equals, byte for byte, what is made from the mappings."""
    made = links.linksets(layout, dataset.prefixes)
    path = layout.links / target / links.LINKSET
    assert path.read_bytes() == made[path], "run: samsyn lint --write"


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_a_linkset_holds_the_mappings_and_no_more(layout: Layout, target: str) -> None:
    """The triples are the mappings found, and the linkset counts them."""
    mappings = links.read_mappings(layout.links / target / links.SOURCE)
    expected = {
        tuple(
            mappings.expand(row.slots[f"{slot}_id"]) for slot in ("subject", "predicate", "object")
        )
        for row in mappings.rows
        if row.found
    }
    quads = parse((layout.links / target / links.LINKSET).read_bytes(), "turtle")
    ours = (names.ID + "linkset/", names.ID + "dataset/", names.DOC)
    held = {
        tuple(str(getattr(term, "value", term)) for term in (q.subject, q.predicate, q.object))
        for q in quads
        if not str(getattr(q.subject, "value", "")).startswith(ours)
    }
    assert held == expected
    counted = [
        str(getattr(q.object, "value", ""))
        for q in quads
        if q.predicate.value == names.VOID + "triples"
    ]
    assert counted == [str(len(expected))]


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_predicates_fit_the_target(layout: Layout, target: str) -> None:
    """SKOS matches go to concept tables only, same-as elsewhere, and owl:sameAs nowhere."""
    for row in links.read_mappings(layout.links / target / links.SOURCE).rows:
        predicate = row.slots["predicate_id"]
        allowed = (
            {"skos:exactMatch", "skos:closeMatch", "dcterms:subject"}
            if target in CONCEPT_TABLES
            else {"schema:sameAs", "rdfs:seeAlso"}
        )
        assert predicate in allowed, f"line {row.line}"


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_row_says_why_and_how_sure(layout: Layout, target: str) -> None:
    """Rows are curated by hand, have a confidence from 0 to 1 and a source, and come once."""
    rows = links.read_mappings(layout.links / target / links.SOURCE).rows
    assert rows
    for row in rows:
        assert row.slots["mapping_justification"] == "semapv:ManualMappingCuration"
        assert 0 < float(row.slots["confidence"]) <= 1
        assert row.slots["object_source"] == f"dataset:{target}"
        assert row.found or row.slots["comment"], f"line {row.line} does not say what was sought"
    keys = [
        tuple(row.slots[f"{slot}_id"] for slot in ("subject", "predicate", "object"))
        for row in rows
    ]
    assert len(set(keys)) == len(keys)


def objects(layout: Layout, target: str, subject: str) -> set[str]:
    """Return what a subject is linked to in one target."""
    mappings = links.read_mappings(layout.links / target / links.SOURCE)
    return {row.slots["object_id"] for row in mappings.rows if row.slots["subject_id"] == subject}


def test_the_known_traps_are_avoided(layout: Layout) -> None:
    """Denmark is the country, AMIF the fund of 2021-27, and the Pact is none of its acts."""
    assert objects(layout, "wikidata", "country:denmark") == {"wd:Q35"}
    assert objects(layout, "eu-tables", "programme:amif") == {"eu-programme:AMIF"}
    pact = links.read_mappings(layout.links / "eli" / links.SOURCE)
    found = [row.slots for row in pact.rows if row.slots["subject_id"].startswith("act:pact")]
    same = [row for row in found if row["predicate_id"] != "rdfs:seeAlso"]
    assert [row["object_id"] for row in same] == [links.NO_TERM]


def test_a_search_without_result_is_kept_but_gives_no_triple(tmp_path: Path) -> None:
    """A row for a term not found stays in the mappings and out of the linkset."""
    mappings = links.read_mappings(written(tmp_path, HEADER + TABLE + SWEDEN + NOBODY))
    assert [row.found for row in mappings.rows] == [True, False]
    made = links.render(mappings, PREFIXES).decode()
    assert "country:sweden schema:sameAs <http://www.wikidata.org/entity/Q34> ." in made
    assert "utopia" not in made
    assert "void:triples 1 ." in made


def test_a_header_may_have_spaces_after_the_marks(tmp_path: Path) -> None:
    """Files as sssom-py writes them, with a space after each mark, are read as well."""
    spaced = HEADER.replace("#", "# ")
    mappings = links.read_mappings(written(tmp_path, spaced + TABLE + SWEDEN))
    assert mappings.prefixes["wd"] == "http://www.wikidata.org/entity/"
    assert mappings.metadata["mapping_set_title"] == "Wikidata"


def test_numbers_sort_as_numbers() -> None:
    """The tenth comes after the ninth."""
    assert sorted(["s10", "s9", "s9-1", "a"], key=links.natural) == ["a", "s9", "s9-1", "s10"]


BAD = {
    "no-columns": (HEADER + "subject_id\tobject_id\n", 13, "lacks the columns predicate_id"),
    "no-table": (HEADER, 13, "lacks the columns"),
    "short-row": (HEADER + TABLE + "country:sweden\n", 14, "1 cells, not 7"),
    "unknown-prefix": (HEADER + TABLE + SWEDEN.replace("wd:", "wikidata:"), 14, "has no prefix"),
    "iri-for-curie": (HEADER + TABLE + SWEDEN.replace("wd:Q34", "Q34"), 14, "has no prefix"),
    "no-licence": (HEADER.replace("#license", "#x"), 1, "does not say its license"),
    "late-metadata": (HEADER + TABLE + SWEDEN + "#comment: x\n", 15, "below the table"),
    "bare-comment": ("#hello\n" + HEADER + TABLE, 1, "no metadata"),
}


@pytest.mark.parametrize(("text", "line", "says"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_at_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    """A fault is an error with path and line."""
    with pytest.raises(SourceError, match=re.escape(says)) as caught:
        links.read_mappings(written(tmp_path, text))
    assert caught.value.line == line
    assert links.SOURCE in str(caught.value)
