"""The catalogue: ids, texts and messages of the rules, for our shapes, others' and the program."""

from __future__ import annotations

import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pyshacl.constraints import ALL_CONSTRAINT_COMPONENTS

from samsyn import names
from samsyn.dataset.exact import Triple, parse
from samsyn.validation import wording
from samsyn.validation.engines.result import Result
from samsyn.validation.engines.routing import validate
from samsyn.validation.finding import SEVERITIES, text
from samsyn.validation.profiles import find
from samsyn.validation.rules import Catalogue, program

PREFIXES = {"ex": "http://example.org/", "rdfs": names.RDFS, "xsd": names.XSD}
HEAD = "".join(f"@prefix {p}: <{space}> .\n" for p, space in PREFIXES.items())
HEAD += f"@prefix sh: <{names.SH}> .\n"
TABLE = Path(wording.__file__).with_name("rules.toml")
NODE = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; {} ."
PART = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property ex:P . ex:P sh:path ex:p ; {} ."


def triples(turtle: str) -> tuple[Triple, ...]:
    """Parse Turtle with the prefixes of these tests."""
    return tuple(quad.triple for quad in parse((HEAD + turtle).encode(), "turtle"))


def only(shapes: str, data: str) -> tuple[Result, Catalogue]:
    """Validate and return the only result, with the catalogue of the shapes."""
    declared = triples(shapes)
    (result,) = validate(triples(data), declared).results
    return result, Catalogue(declared, PREFIXES)


# The constraint, the data that breaks it, and what is said of it in English and in Swedish.
SENTENCES = [
    (
        "sh:minCount 2",
        "ex:a ex:p 1 .",
        "Fewer than 2 values of ex:p.",
        "Färre än 2 värden av ex:p.",
    ),
    ("sh:minCount 1", "ex:a ex:q 1 .", "No value of ex:p.", "Inget värde av ex:p."),
    (
        "sh:maxCount 1",
        "ex:a ex:p 1 , 2 .",
        "More than one value of ex:p.",
        "Mer än ett värde av ex:p.",
    ),
    (
        "sh:maxCount 0",
        "ex:a ex:p 1 .",
        "ex:p is not to be used here.",
        "ex:p ska inte användas här.",
    ),
    (
        "sh:class ex:C",
        "ex:a ex:p ex:b .",
        "The value ex:b is no ex:C.",
        "Värdet ex:b är ingen ex:C.",
    ),
    (
        "sh:datatype xsd:date",
        'ex:a ex:p "yesterday"@en .',
        'The value "yesterday"@en has not the datatype xsd:date, or is not written as one.',
        'Värdet "yesterday"@en har inte datatypen xsd:date, eller är inte skrivet som en sådan.',
    ),
    (
        'sh:languageIn ( "sv" "en" )',
        'ex:a ex:p "hei"@nb .',
        'The text "hei"@nb is in none of the languages sv, en.',
        'Texten "hei"@nb är inte på något av språken sv, en.',
    ),
    (
        "sh:in ()",
        "ex:a ex:p ex:b .",
        "ex:p is not to be used here: ex:b.",
        "ex:p ska inte användas här: ex:b.",
    ),
    (
        "sh:in ( ex:c 3 )",
        "ex:a ex:p 4 .",
        'The value "4" is none of ex:c, 3.',
        'Värdet "4" är inte något av ex:c, 3.',
    ),
    (
        "sh:lessThan ex:q",
        "ex:a ex:p 3 ; ex:q 2 .",
        'The value "3" is not less than that of ex:q, or cannot be compared with it.',
        'Värdet "3" är inte mindre än det av ex:q, eller går inte att jämföra med det.',
    ),
]


@pytest.mark.parametrize(("constraint", "data", "english", "swedish"), SENTENCES)
def test_a_shape_without_message_gets_one(
    constraint: str, data: str, english: str, swedish: str
) -> None:
    """The engine gives no default messages, so the sentence is made of path, value and demand."""
    result, catalogue = only(PART.format(constraint), data)
    assert result.messages == ()
    messages = catalogue.messages(result)
    assert (text(messages, "en"), text(messages, "sv")) == (english, swedish)


def test_every_constraint_component_has_its_sentences() -> None:
    """Each component that the reference engine knows as Core or SPARQL has words of its own."""
    tables = tomllib.loads(TABLE.read_text("utf-8"))["component"]
    known = {
        names.local(str(iri))
        for component in ALL_CONSTRAINT_COMPONENTS
        for iri in (component.shacl_constraint_component,)
    }
    core = {
        name.removesuffix("ConstraintComponent")
        for name in known
        if not name.startswith(("JS", "Expression", "NotImplemented"))
    }
    # It knows both qualified counts, and SPARQL queries, by other names.
    core = {name for name in core if name not in {"QualifiedValueShape"}}
    assert len(core) > 20
    assert core <= set(tables)
    for name, table in tables.items():
        for part, sentences in table.items():
            assert set(sentences) == {"sv", "en"}, name
            fields = [
                {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
                for sentence in sentences.values()
            ]
            assert fields[0] == fields[1], (
                f"{name}.{part} is filled otherwise in the other language"
            )
            assert fields[0] <= {"path", "value", "parameter", "component"}


def test_a_message_of_the_shape_goes_first() -> None:
    """Where a shape says what is wrong, nothing is made up."""
    result, catalogue = only(
        PART.format('sh:minCount 1 ; sh:message "Name it."@en'), "ex:a ex:q 1 ."
    )
    assert catalogue.messages(result) == (("en", "Name it."),)
    assert catalogue.rule_of(result).whats == (("en", "Name it."),)


def test_an_unknown_component_is_named() -> None:
    """A kind of constraint that came later is reported by its name."""
    result = Result("<urn:a>", "", '"x"', "urn:S", "violation", "LaterConstraintComponent", ())
    said = text(Catalogue(()).messages(result), "en")
    assert said == 'The node does not meet the condition LaterConstraintComponent: "x".'


def test_ids_of_shapes_of_others() -> None:
    """A shape of others is named by its IRI, an anonymous one by its owner and the component."""
    shapes = triples(PART.format("sh:not [ sh:minCount 1 ]"))
    catalogue = Catalogue(shapes, PREFIXES)
    assert catalogue.identifier("http://example.org/P") == "SAM-shape:http://example.org/P"
    (blank,) = (str(t.object) for t in shapes if t.predicate.value == names.SH + "not")
    rule = catalogue.rule(blank, "MinCountConstraintComponent")
    assert rule.id == "SAM-shape:http://example.org/P/MinCountConstraintComponent"
    assert rule.shape == "http://example.org/P"
    assert rule.help == ""
    assert rule.titles == (("", "P"),)


def test_an_anonymous_shape_in_a_list_has_an_owner() -> None:
    """Members of sh:or and the like belong to the shape that lists them."""
    shapes = triples(NODE.format("sh:or ( [ sh:class ex:C ] [ sh:class ex:D ] )"))
    second = [str(t.subject) for t in shapes if t.predicate.value == names.SH + "class"][1]
    identifier = Catalogue(shapes).identifier(second, "ClassConstraintComponent")
    assert identifier == "SAM-shape:http://example.org/S/ClassConstraintComponent"


def test_a_query_is_told_from_its_shape_by_its_message() -> None:
    """A result of a query names the shape only; the rule is that of the query."""
    shapes = find("core").triples()
    data = triples(
        f"@prefix samsyn: <{names.NS}> ."
        " ex:a samsyn:comesBefore ex:b . ex:b samsyn:comesBefore ex:a ."
    )
    asked = [t for t in shapes if t.predicate.value != names.SH + "entailment"]
    results = validate(data, asked).results
    (found,) = {
        Catalogue(shapes).rule_of(r).id for r in results if r.component.startswith("SPARQL")
    }
    assert found == "SAM-CoreOccurrentShape-no-loop"


def test_a_rule_of_a_profile_says_what_why_and_how() -> None:
    """Title, reason and the two parts of the message become the rule, with a place on the page."""
    rule = Catalogue(find("linking").triples()).rule(names.SHAPES + "LinkedSameAsShape-to")
    assert rule.id == "SAM-LinkedSameAsShape-to"
    assert text(rule.titles, "sv") == "owl:sameAs till en av våra saker"
    assert text(rule.whats, "en") == "owl:sameAs merges your node with ours."
    assert text(rule.remedies, "en").startswith("Use skos:exactMatch for concepts")
    assert text(rule.whys, "en").startswith("Under OWL 2 RL")
    assert rule.severity == "violation"
    assert rule.help == "https://w3id.org/samsyn/doc/validation-rules#SAM-LinkedSameAsShape-to"


def test_the_severity_of_a_rule_is_that_of_its_shape() -> None:
    """A shape that says nothing of its severity gives violations."""
    catalogue = Catalogue(find("core").triples())
    assert catalogue.rule(names.SHAPES + "CorePhasedNetworkShape-several").severity == "info"
    assert catalogue.rule(names.SHAPES + "CoreNetworkShape-level").severity == "warning"
    assert catalogue.rule(names.SHAPES + "CoreClaimShape-content").severity == "violation"


def test_a_required_shape_is_a_rule_too() -> None:
    """The repository's own shapes are no part of the page; their help is the shape itself."""
    rule = Catalogue(find("required").triples()).rule(names.SHAPES + "NetworkShape-label")
    assert rule.id == "SAM-NetworkShape-label"
    assert rule.help == names.SHAPES + "NetworkShape-label"


def test_the_program_has_rules_of_its_own() -> None:
    """Each has texts in both languages, a severity, and a place on the page."""
    rules = program()
    assert set(rules) == {
        "SAM-syntax",
        "SAM-left-out",
        "SAM-unknown-term",
        "SAM-unknown-thing",
        "SAM-wrong-namespace",
        "SAM-contradiction",
        "SAM-wrong-date",
        "SAM-wrong-object",
        "SAM-unmatched-shape",
        "SAM-not-evaluated",
        "SAM-faulty-shape",
        "SAM-stale-exception",
    }
    for name, rule in rules.items():
        assert rule.id == name
        assert rule.severity in SEVERITIES
        assert rule.help == f"https://w3id.org/samsyn/doc/validation-rules#{name}"
        for texts in (rule.titles, rule.whats, rule.whys, rule.remedies):
            assert [language for language, words in texts if words] == ["sv", "en"]


def test_iris_are_written_short() -> None:
    """Known namespaces become prefixes, in paths too; a literal keeps its language only."""
    catalogue = Catalogue((), PREFIXES)
    assert catalogue.short("(^http://example.org/p|http://example.org/q)") == "(^ex:p|ex:q)"
    assert catalogue.short("<http://example.org/p>") == "ex:p"
    assert catalogue.short("<http://example.com/p>") == "<http://example.com/p>"
    assert catalogue.short('"a <http://example.org/p>"@en') == '"a <http://example.org/p>"@en'
    assert catalogue.short(f'"1"^^<{names.XSD}integer>') == '"1"'


def test_texts_are_read_when_they_are_wanted() -> None:
    """Importing the catalogue reads no file and loads no reader of TOML."""
    code = (
        "import sys, samsyn.validation.rules, samsyn.validation.profiles;"
        "print(sorted({'tomllib', 'rdflib', 'pyshacl'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_shape_without_a_message_has_whole_sentences() -> None:
    """The rule of a shape that says nothing itself has no gaps in its words."""
    shapes = triples("ex:S a sh:NodeShape ; sh:targetNode ex:n ; sh:property ex:P .")
    rule = Catalogue(shapes).rule("http://example.org/S")
    assert text(rule.whats, "en") == "The data does not meet the shape."


def test_a_rule_knows_what_it_is_part_of() -> None:
    """A property shape belongs to every shape that leads to it, also through lists and rings."""
    shapes = triples(
        "ex:A sh:property ex:P . ex:B sh:or ( [ sh:property ex:P ] ex:C ) . ex:P sh:node ex:A ."
    )
    within = Catalogue(shapes).rule("http://example.org/P").within
    assert within == tuple(f"http://example.org/{name}" for name in "ABP")
