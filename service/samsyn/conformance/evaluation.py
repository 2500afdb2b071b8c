"""Cases of the answers themselves, where engines are known to differ (SPARQL 1.1 Query)."""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.asking import get
from samsyn.conformance.case import Area, Case, Clause, Given, Level, Step, says

_INTEGER: Final = "<http://www.w3.org/2001/XMLSchema#integer>"
_SAME: Final = f'<urn:x-check:hut> <urn:x-check:beds> "12"^^{_INTEGER} .'
_TWICE: Final = (Given("$graph", _SAME), Given("$other", _SAME))
_STEPS: Final = (("a", "p", "b"), ("a", "q", "b"), ("b", "p", "c"), ("b", "q", "c"))
_WAYS: Final = Given(
    "$graph",
    "\n".join(
        f"<urn:x-check:{start}> <urn:x-check:{property_}> <urn:x-check:{end}> ."
        for start, property_, end in _STEPS
    ),
)


def _case(name: str, section: str, title: str, *steps: Step, level: Level = Level.MUST) -> Case:
    return Case(name, Area.ANSWERS, Clause("Query", section), title, steps, level)


def _path(path: str, number: int) -> tuple[Step, ...]:
    head = "PREFIX x: <urn:x-check:> SELECT (COUNT(*) AS ?n) FROM <$graph>"
    return _WAYS, get(f"{head} {{ x:a {path} ?o }}", expect.table("n", str(number)))


def _value(expression: str, value: str, pattern: str = "") -> Step:
    text = f'SELECT (COALESCE({expression}, "error") AS ?x) {{ {pattern} }}'
    return get(text, expect.table("x", value))


CASES: Final = (
    _case(
        "from-is-a-set",
        "13.2",
        "counts a triple of two graphs of FROM once",
        *_TWICE,
        get(
            "SELECT (SUM(?b) AS ?n) FROM <$graph> FROM <$other> { ?s <urn:x-check:beds> ?b }",
            expect.table("n", "12"),
        ),
    ),
    Case(
        "default-graph-uri-is-a-set",
        Area.ANSWERS,
        Clause("Protocol", "2.1.4"),
        "counts a triple of two graphs of default-graph-uri once",
        (
            *_TWICE,
            get(
                "SELECT (SUM(?b) AS ?n) { ?s <urn:x-check:beds> ?b }",
                expect.table("n", "12"),
                more=(("default-graph-uri", "$graph"), ("default-graph-uri", "$other")),
            ),
        ),
        declines=says(400),
    ),
    _case(
        "from-repeated",
        "13.2",
        "counts a triple once where FROM names its graph twice",
        *_TWICE,
        get(
            "SELECT (COUNT(*) AS ?n) FROM <$graph> FROM <$graph> { ?s <urn:x-check:beds> ?b }",
            expect.table("n", "1"),
        ),
    ),
    _case("path-alternative", "18.4", "adds the solutions of alternatives", *_path("x:p|x:q", 2)),
    _case(
        "path-alternative-of-one",
        "18.4",
        "adds the solutions of an alternative of one property with itself",
        *_path("(x:p|x:p)", 2),
    ),
    _case(
        "path-alternatives-in-sequence",
        "18.4",
        "multiplies the solutions of alternatives that follow each other",
        *_path("(x:p|x:q)/(x:p|x:q)", 4),
    ),
    _case(
        "path-alternative-repeated",
        "18.4",
        "gives each node once that an alternative reaches by any number of steps",
        *_path("(x:p|x:q)*", 3),
    ),
    _case(
        "path-negated-set",
        "18.4",
        "gives a solution for each triple that a negated set matches, both ways",
        *_path("!(x:r|^x:r)", 2),
    ),
    _case(
        "group-concat-language",
        "18.5.1.7",
        "concatenates texts of one language to a simple literal",
        _value("GROUP_CONCAT(?v)", '"a b"', 'VALUES ?v { "a"@sv "b"@sv }'),
    ),
    _case(
        "group-concat-of-nothing",
        "18.5.1.7",
        "concatenates nothing to an empty text",
        _value("GROUP_CONCAT(?v)", '""', 'VALUES ?v { "a" } FILTER (false)'),
    ),
    _case(
        "group-concat-terms",
        "18.5.1.7",
        "concatenates IRIs and numbers as the texts that STR gives",
        _value('GROUP_CONCAT(?v; SEPARATOR=",")', '"urn:a,1"', "VALUES ?v { <urn:a> 1 }"),
        level=Level.SHOULD,
    ),
    _case(
        "regex-subtraction",
        "17.4.3.14",
        "subtracts a class of characters from another",
        _value('REGEX("a", "^[a-z-[aeiou]]$$")', "false"),
        _value('REGEX("b", "^[a-z-[aeiou]]$$")', "true"),
    ),
    _case(
        "regex-back-reference",
        "17.4.3.14",
        "refers to a group that has matched",
        _value(r'REGEX("abab", "^(ab)\\1$$")', "true"),
        _value(r'REGEX("abba", "^(ab)\\1$$")', "false"),
    ),
    _case(
        "regex-names",
        "17.4.3.14",
        "has classes for the names of XML",
        _value(r'REGEX("x1", "^\\i\\c*$$")', "true"),
        _value(r'REGEX("1x", "^\\i\\c*$$")', "false"),
    ),
    _case(
        "replace-dollar",
        "17.4.3.15",
        "takes a dollar sign behind a backslash for itself",
        _value(r'REPLACE("5 kr", " kr", "\\$$")', '"5$"'),
    ),
    _case(
        "replace-nothing",
        "17.4.3.15",
        "takes a pattern that matches an empty text for an error",
        _value('REPLACE("abc", "x*", "-")', '"error"'),
    ),
    _case(
        "truth-of-numbers",
        "17.2.2",
        "takes a number that is not well-formed for false",
        _value(f'IF("x"^^{_INTEGER}, "yes", "no")', '"no"'),
        _value('IF(<urn:x>, "yes", "no")', '"error"'),
    ),
)
