"""The rules on Turtle files accept the house's layout and refuse every departure from it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from samsyn.layout import Layout
from samsyn.lint import pages, turtle

TABLE = {
    "network": "https://w3id.org/samsyn/id/network/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "samsyn": "https://w3id.org/samsyn/ns#",
    "sh": "http://www.w3.org/ns/shacl#",
}

GOOD = """\
# Networks, and a word on why they are here.
@prefix network: <https://w3id.org/samsyn/id/network/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .

<https://w3id.org/samsyn/ns> a owl:Ontology .

samsyn:Network a owl:Class ;
  rdfs:subClassOf samsyn:Collective , [ a owl:Class ; owl:unionOf ( samsyn:A samsyn:B ) ] .

samsyn:isMemberOf a owl:ObjectProperty ;
  samsyn:weighs 0.5 .

# The ninth comes before the tenth.
network:n9 a samsyn:Network ;
  rdfs:label "nätverk; nio"@sv , "network . nine"@en ;
  samsyn:counts 9 , 10 ;
  samsyn:isMemberOf network:n9 , network:n10 .

network:n10 a samsyn:Network ;
  samsyn:hasText \"\"\"over
two lines, with # and [ ]\"\"\" ;
  samsyn:isTrue true .
"""


def found(text: str, *, generated: bool = False) -> list[tuple[str, int]]:
    """Return rule and line of each finding but those on white space."""
    findings = pages.check("page.ttl", text, TABLE, generated=generated)
    return [(each.rule, each.line) for each in findings if each.rule != "white-space"]


def test_the_layout_of_the_house_is_accepted() -> None:
    """A file laid out by the rules has no finding, on white space neither."""
    assert list(pages.check("page.ttl", GOOD, TABLE, generated=False)) == []


LABELS = '  rdfs:label "nätverk; nio"@sv , "network . nine"@en ;\n'
COUNTS = "  samsyn:counts 9 , 10 ;\n"
OWL = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
NETWORK = "@prefix network: <https://w3id.org/samsyn/id/network/> .\n"
SH = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"

# What is replaced in the good page, by what, the rule that it breaks, and the line of the finding.
BAD = {
    "no-comment": ("# Networks, and a word on why they are here.\n", "", "leading-comment", 1),
    "long-comment": ("# Networks", "#\n#\n#\n# Networks", "leading-comment", 1),
    "prefix-order": (NETWORK + OWL, OWL + NETWORK, "prefix-order", 3),
    "prefix-twice": (OWL, OWL + OWL, "prefix-order", 4),
    "prefix-unused": (OWL, OWL + SH, "prefix-unused", 4),
    "prefix-other-meaning": ("samsyn/id/network/>", "samsyn/net/>", "prefix-table", 2),
    "prefix-unknown": ("@prefix network:", "@prefix net:", "prefix-table", 2),
    "subject-twice": ("network:n10 a", "network:n9 a", "one-block", 21),
    "class-behind": ("n10 a samsyn:Network", "n10 a owl:Class", "block-order", 21),
    "names-as-text": ("network:n9 a", "network:n90 a", "block-order", 21),
    "property-first": ("ns> a owl:Ontology", "ns> a owl:ObjectProperty", "block-order", 9),
    "label-later": (LABELS + COUNTS, COUNTS + LABELS, "predicate-order", 18),
    "type-later": (
        "a owl:ObjectProperty ;\n  samsyn:weighs 0.5 .",
        "samsyn:weighs 0.5 ;\n  a owl:ObjectProperty .",
        "predicate-order",
        13,
    ),
    "predicate-twice": ("samsyn:isTrue", "samsyn:hasText", "predicate-order", 24),
    "predicates-in-brackets": (
        "a owl:Class ; owl:unionOf ( samsyn:A samsyn:B )",
        "owl:unionOf ( samsyn:A samsyn:B ) ; a owl:Class",
        "predicate-order",
        10,
    ),
    "object-order": ("network:n9 , network:n10", "network:n10 , network:n9", "object-order", 19),
    "object-twice": ("network:n9 , network:n10", "network:n9 , network:n9", "object-order", 19),
    "english-first": (
        '"nätverk; nio"@sv , "network . nine"@en',
        '"network . nine"@en , "nätverk; nio"@sv',
        "object-order",
        17,
    ),
    "numbers-as-text": ("9 , 10 ;", "10 , 9 ;", "object-order", 18),
    "labelled-node": ("network:n10 .", "_:n10 .", "blank-node", 19),
    "node-in-brackets": ("network:n10 .", "[ a samsyn:Network ] .", "blank-node", 19),
    "node-in-a-list": ("9 , 10", "( [ a samsyn:Network ] )", "blank-node", 18),
    "nameless-subject": ("network:n10 a samsyn:Network ;", "[ a samsyn:X ]", "blank-node", 21),
    "tag-in-capitals": ("@en ;", "@EN ;", "language-tag", 17),
    "comment-in-a-block": (COUNTS, "  # why\n" + COUNTS, "stray-comment", 18),
    "comment-at-the-end": ("true .\n", "true .\n# end\n", "stray-comment", 25),
    "closed-too-often": ("a owl:Ontology .", "a owl:Ontology ] .", "turtle", 7),
    "no-token": ("a owl:Ontology .", "a owl:Ontology } .", "turtle", 7),
}


@pytest.mark.parametrize(("before", "after", "rule", "line"), BAD.values(), ids=BAD)
def test_a_departure_is_found_at_its_line(before: str, after: str, rule: str, line: int) -> None:
    """Each bad example breaks its rule, at its line."""
    assert before in GOOD
    assert (rule, line) in found(GOOD.replace(before, after))


SPACES = {
    "two-blank-lines": (".\n\nnetwork:n10", ".\n\n\nnetwork:n10"),
    "four-spaces": ("  samsyn:counts", "    samsyn:counts"),
    "comma-without-space": ("9 , 10", "9, 10"),
    "trailing-space": ("samsyn:counts 9 , 10 ;", "samsyn:counts 9 , 10 ; "),
    "dot-on-its-own-line": ("isTrue true .", "isTrue true\n  ."),
    "no-last-line-break": ("isTrue true .\n", "isTrue true ."),
    "space-before-the-comment": ("# Networks", " # Networks"),
    "comment-behind-a-block": ("ns> a owl:Ontology .\n", "ns> a owl:Ontology . # why\n"),
    "sparql-prefix": (
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>",
    ),
}


@pytest.mark.parametrize(("before", "after"), SPACES.values(), ids=SPACES)
def test_other_white_space_is_found(before: str, after: str) -> None:
    """What turtlefmt would lay out otherwise is one finding, with the line as it should be."""
    assert before in GOOD
    text = GOOD.replace(before, after)
    findings = list(pages.check("page.ttl", text, TABLE, generated=False))
    assert [each.rule for each in findings] == ["white-space"]
    assert findings[0].line >= 1
    assert "turtlefmt" in findings[0].advice


def test_a_generated_file_has_no_comment() -> None:
    """A comment in a generated file is found, and none is asked for."""
    bare = "".join(line for line in GOOD.splitlines(keepends=True) if not line.startswith("#"))
    assert found(bare, generated=True) == []
    assert found(GOOD, generated=True) == [("generated-comment", 15), ("generated-comment", 1)]


def test_axioms_and_paths_may_go_without_a_name() -> None:
    """Axioms about several terms, and SHACL paths, are in brackets."""
    text = (
        GOOD.replace("\n\n", f"\n{SH}\n", 1)
        + "\nnetwork:path1 sh:path [ sh:inversePath samsyn:isMemberOf ] .\n"
        + "\n[ a owl:AllDisjointClasses ; owl:members ( samsyn:A samsyn:B ) ] .\n"
    )
    assert found(text) == []


def test_every_turtle_file_can_be_followed(layout: Layout) -> None:
    """The reader of layouts understands every file of the repository, and gives it back."""
    paths = [
        path
        for folder in ("ontology", "data", "links")
        for path in sorted((layout.root / folder).rglob("*.ttl"))
    ]
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert turtle.read(text).text == text, path


def test_the_layout_is_that_of_turtlefmt(tmp_path: Path, layout: Layout) -> None:
    """What the check accepts, turtlefmt leaves alone but for a space before the first comment."""
    program = shutil.which("turtlefmt", path=str(Path(sys.executable).parent))
    assert program, "turtlefmt is one of the test requirements"
    pages_ = {"good": GOOD}
    for path in sorted(layout.ontology.glob("*.ttl")):
        pages_[path.stem] = path.read_text(encoding="utf-8")
    for name, text in pages_.items():
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
    subprocess.run([program, "--indentation", "2", *map(str, tmp_path.glob("*"))], check=True)
    for name, text in pages_.items():
        formatted = (tmp_path / f"{name}.ttl").read_text(encoding="utf-8")
        assert formatted.removeprefix(" ") == text, name
