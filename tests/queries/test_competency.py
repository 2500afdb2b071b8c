"""The public competency questions against answers written by hand from their expectations.

The tables hold slugs, numbers and booleans, and know nothing of the files in ``expected/``: an
expected answer that was written from wrong data is noticed here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from samsyn import library
from samsyn.dataset.exact import Literal, NamedNode, Term
from samsyn.layout import Layout
from samsyn.sparql.index import Index

ROOT = Path(__file__).resolve().parents[2]
QUERIES = library.load(Layout(ROOT))
QUESTIONS = ROOT.parent / "shared" / "brief" / "competency-questions.md"
WORDING = re.compile(r"(?m)^\*\*P(\d+)\*\* \([^)]*\) (.+)$")

Cell = str | int | bool | None
Table = tuple[tuple[str, ...], list[tuple[Cell, ...]]]

# Question: columns looked at, and all rows; in order where the query says so.
ANSWERS: Final[dict[int, Table | bool]] = {
    1: (
        ("position", "from", "property", "to"),
        [
            (1, "relevant-agencies", "isMemberOf", "between-agencies-2"),
            (2, "between-agencies-2", "isSubgroupOf", "return-working-group"),
            (3, "return-working-group", "feedsInformationTo", "nshf-political-level"),
        ],
    ),
    2: False,
    3: (
        ("from", "to", "holds"),
        [
            ("charter-working-group", "nshf-political-level", False),
            ("operational-activity", "political-directives", True),
        ],
    ),
    4: (
        ("actor", "before", "after", "networkAssumption"),
        [
            ("relevant-agencies", 3, 2, "return-working-group-is-led-by-officials"),
            ("logistics-agencies", None, 2, "return-working-group-is-led-by-officials"),
        ],
    ),
    5: (
        ("position", "step", "provenanceStatus"),
        [
            (1, "refugee-crisis-2015", None),
            (2, "political-pressure", "stated"),
            (3, "more-restrictive-measures", "editorial"),
            (4, "return-turn", "stated"),
            (5, "focus-on-migration-control", "stated"),
        ],
    ),
    6: (
        ("year", "milestone"),
        [
            ("1919", "norden-associations"),
            ("1952", "nordic-council"),
            ("1952", "nordic-passport-union"),
            ("1954", "common-labour-market"),
            ("1955", "nordic-convention-on-social-security"),
            ("1971", "nordic-council-of-ministers"),
        ],
    ),
    7: (("first", "second", "span"), [("nordic-council", "nordic-passport-union", 52)]),
    8: (
        ("attribute", "before", "after", "changed"),
        [
            ("hasFormality", "semi-formal", "formal", True),
            ("hasQuality", "ad hoc", None, True),
            (
                "hasFunction",
                "exchange of information",
                "capacity building and development in third countries",
                True,
            ),
            ("hasMember", "relevant agencies", "civil servants; relevant agencies", True),
            ("isSubgroupOf", None, "NSHF working group on return issues", True),
            ("hasLevel", "operational", "operational", False),
        ],
    ),
    9: (
        ("published", "relation", "meeting", "year", "days", "place", "body", "dayKnown"),
        [
            (
                "2023-10-31",
                "comesBefore",
                "ministerial-meeting-2023",
                "2023",
                2,
                "copenhagen",
                "nshf",
                False,
            )
        ],
    ),
    10: (("norm",), [("effective",), ("sustainable",), ("humane",)]),
    11: (
        ("factor", "certainties"),
        [
            ("shared-view", "stated outright"),
            ("nordicness", "hedged; stated outright, often"),
            ("pragmatism", "hedged"),
            ("national-interests", "stated outright; hedged, sometimes"),
        ],
    ),
    12: (
        ("opposite", "cause", "condition", "effect", "effectOfTension"),
        [
            (
                "national-interests",
                cause,
                "diverging-national-policies",
                "vulnerable-cooperation",
                "considerable-challenges",
            )
            for cause in ("conflicting-priorities", "missing-normative-framework")
        ],
    ),
    13: (
        ("explanation", "certainty", "opposite", "provenanceStatus"),
        [
            ("unwillingness-to-use-loaded-language", "hypothesis", None, None),
            (
                "felt-as-self-evident",
                "hypothesis",
                "not-prioritised-in-nordic-processes",
                "editorial",
            ),
            (
                "not-prioritised-in-nordic-processes",
                "hypothesis",
                "felt-as-self-evident",
                "editorial",
            ),
        ],
    ),
    14: (
        ("isDriver", "certainty", "sentence", "driver", "isSameNode"),
        [(False, "hedged", 55, "pragmatism", False)],
    ),
    15: (
        ("number", "level", "provenanceStatus"),
        [
            ("R1.1", "political", "stated"),
            ("R1.2", "political", "editorial"),
            ("R1.3", "national", "stated"),
            ("R2.2", "operational", "stated"),
        ],
    ),
    16: (
        ("item", "code", "qualifier", "strength", "purpose"),
        [("r3-3", "en", "primarily", "should", "inclusive-meetings")],
    ),
    17: (
        ("challenge", "support"),
        [
            ("missing-normative-framework", "strong"),
            ("conflicting-priorities", "strong"),
            ("guarding-national-interests", "weak"),
        ],
    ),
    18: (
        ("finding", "support", "item", "condition"),
        [
            ("s64-2", "strong", "r2-1", "terms-are-to-be-used"),
            ("s65-2", "weak", "r2-1", "terms-are-to-be-used"),
            ("s67-4", "strong", "r2-1", "terms-are-to-be-used"),
        ],
    ),
    19: (("documents", "countries"), [("national-return-strategies", 5)]),
    20: (("sentence", "section", "work"), [(31, "methods-and-data", "bellanova-duez-2012")]),
    21: (
        ("method", "role", "material", "quantifier", "persons", "countries", "criterion"),
        [
            (
                "actor-network-theory",
                role,
                "interviews",
                "mainly",
                35,
                5,
                "known-or-presumed-experience",
            )
            for role in ("main-theoretical-framework", "methodological-tool")
        ],
    ),
    22: (
        ("title", "publisher", "number", "funder", "sentence", "caseName"),
        [
            (
                "Nordiskt samarbete inom återvändande och återtagande",
                "delmi",
                "2025:2",
                "amif",
                sentence,
                case,
            )
            for sentence, case in ((5, None), (50, "NORAQ"), (60, None))
        ],
    ),
    23: (
        ("isComplete", "reason", "sentence"),
        [
            (False, "most-important-networks", 39),
            (False, "network-reality", 40),
            (False, "simplified", 41),
        ],
    ),
    24: (("counted", "named", "isOneOfThem"), [(3, 0, None)]),
    25: (
        ("isAnswered", "gap", "finding", "sentence", "provenanceStatus"),
        [(False, "aim-d-answer", "s65-2", 65, "editorial")],
    ),
    26: (("level", "entries"), [("operational", 3), (None, 1)]),
    27: (("groups", "items", "civilSociety"), [(5, 13, 3)]),
    28: (
        ("challenge", "strand", "openness", "takenUp"),
        [
            (
                "guarding-national-interests",
                "strand-national-efforts",
                "open-ended",
                True,
            ),
            (
                "guarding-national-results",
                "strand-national-efforts",
                "open-ended",
                False,
            ),
            ("resource-differences", "strand-resources", "open-ended", True),
            ("transparency", "strand-transparency", "open-ended", True),
        ],
    ),
    29: (
        ("entry", "tied"),
        [
            ("return-working-group", "return-working-group"),
            ("between-agencies", "between-agencies-2"),
        ],
    ),
    30: (
        ("factor", "form", "favoured", "condition", "quantifier"),
        [
            (
                "ability-to-contribute",
                form,
                "nordic-countries-with-more-to-offer",
                "national-interests-prevail",
                "primarily",
            )
            for form in ("expertise", "resources", "operational-capacity")
        ],
    ),
}
ORDERED = {1, 5, 6}

# What the findings of P18 say, so that their names prove nothing: subject, property, object.
FINDINGS = {
    "s64-2": {
        (norm, "hasNormStatus", "undefined") for norm in ("effective", "humane", "sustainable")
    },
    "s67-4": {
        (norm, "hasQuality", "vague-or-politicised")
        for norm in ("effective", "humane", "sustainable")
    },
}


def cell(term: Term | None) -> Cell:
    """Cut a term down to a slug, a number or a boolean."""
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return re.split(r"[/#]", term.value)[-1]
    assert isinstance(term, Literal)
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "boolean":
        return term.value == "true"
    return int(term.value) if kind == "integer" else term.value


@pytest.mark.parametrize("number", ANSWERS, ids=[f"P{number}" for number in ANSWERS])
def test_a_public_question_gets_its_answer(number: int, index: Index) -> None:
    """The query of a public competency question returns its rows and no others."""
    query = library.find(QUERIES, f"cq{number:02}")
    answer = index.query(query.body, bindings=query.bindings())
    expected = ANSWERS[number]
    if isinstance(expected, bool):
        assert answer.boolean is expected
        return
    columns, rows = expected
    found = [tuple(cell(row.get(name)) for name in columns) for row in answer.rows()]
    if number in ORDERED:
        assert found == rows
    else:
        assert sorted(found, key=repr) == sorted(rows, key=repr)


@pytest.mark.parametrize("claim", FINDINGS)
def test_a_finding_says_what_its_name_stands_for(claim: str, index: Index) -> None:
    """The findings that P18 returns as claims say what the question expects of them."""
    sentence = int(claim[1:].partition("-")[0])
    query = library.find(QUERIES, "cq60")
    rows = index.query(query.body, bindings=query.bindings({"sentence": str(sentence)})).rows()
    columns = ("subject", "property", "object")
    found = {tuple(cell(row[c]) for c in columns) for row in rows if cell(row["claim"]) == claim}
    assert found == FINDINGS[claim]


def test_thirty_questions_have_answers() -> None:
    """The table holds every public question."""
    assert list(ANSWERS) == list(range(1, 31))


def test_questions_are_worded_as_asked() -> None:
    """The header of each public query gives the question in its own words."""
    if not QUESTIONS.exists():
        pytest.skip("the brief is not at hand: ../shared/brief is absent")
    wordings = dict(WORDING.findall(QUESTIONS.read_text(encoding="utf-8")))
    assert len(wordings) == len(ANSWERS)
    for number, wording in wordings.items():
        assert library.find(QUERIES, f"cq{int(number):02}").question == f"P{number} {wording}"
