"""Queries and updates by grammar, by mutation, and deeper than anybody would write them."""

from __future__ import annotations

from typing import Final

from tests.live.fuzzing.material import AWAY, MOST, Dice, mutated, nested, one, queries

_VARIABLES: Final = ("?a", "?b", "?c", "$d", "?x1", "?ä")
_PREFIXES: Final = (
    "PREFIX samsyn: <https://w3id.org/samsyn/ns#>",
    "PREFIX x: <urn:x:>",
    "BASE <http://example.org/>",
    "PREFIX : <>",
)
_IRIS: Final = (
    "<urn:x:a>", "<a>", "<>", "<#>", "a", "x:b", "samsyn:Network", "samsyn:reportsTo", "rdf:type",
    "owl:sameAs", "<https://w3id.org/samsyn/graph/stated/networks>", f"<{AWAY}>", "<urn:\\u0041>",
)  # fmt: skip
_LITERALS: Final = (
    "1", "-2.5", "1e3", "true", '"x"', "'y'@en", '"z"@en--ltr', "'''long'''", '"1"^^<urn:x:type>',
    '"2026-11-30"^^xsd:date', "1e400", "99999999999999999999", '"\\u00e4\\n"',
)  # fmt: skip
_FUNCTIONS: Final = (
    "STR", "LANG", "DATATYPE", "BOUND", "IRI", "ABS", "CEIL", "RAND", "NOW", "UUID", "STRUUID",
    "STRLEN", "SUBSTR", "UCASE", "CONCAT", "CONTAINS", "STRBEFORE", "REPLACE", "REGEX", "YEAR",
    "TZ", "MD5", "SHA512", "COALESCE", "IF", "STRDT", "STRLANG", "SAMETERM", "ISIRI", "TRIPLE",
    "SUBJECT", "ENCODE_FOR_URI", "BNODE", "xsd:integer", "xsd:dateTime", "x:unknown",
)  # fmt: skip
_SETS: Final = ("COUNT", "SUM", "MIN", "AVG", "SAMPLE", "GROUP_CONCAT")
_WRAPPERS: Final = (
    (b"ASK {", b"?s ?p ?o", b"}", b"{", b"}"),
    (b"ASK { FILTER(", b"1", b") }", b"(", b")"),
    (b"ASK { FILTER(", b"true", b") }", b"!", b""),
    (b"ASK { ?s ", b"<urn:p>", b" ?o }", b"(", b")*"),
    (b"ASK { ?s ", b"<urn:p>", b" ?o }", b"^", b""),
    (b"ASK { ?s ?p ", b"1", b" }", b"( ", b" )"),
    (b"ASK { ?s ?p ", b"1", b" }", b"[ <urn:p> ", b" ]"),
    (b"ASK { ?s ?p ", b"?o", b" }", b"<<( ?a ?b ", b" )>>"),
    (b"ASK { ", b"", b" }", b"OPTIONAL { ?a ?b ?c ", b"}"),
    (b"ASK { ", b"", b" }", b"FILTER NOT EXISTS { ?a ?b ?c ", b"}"),
    (b"SELECT * { ", b"?a ?b ?c", b" }", b"{ SELECT * { ", b" } }"),
    (b"SELECT (", b"1", b" AS ?n) {}", b"STR(", b")"),
    (b"SELECT (", b"1", b" AS ?n) {}", b"1 + ", b""),
    (b"ASK { } #", b"", b"\n", b"now#", b""),
    (b"ASK { FILTER(", b"'a'", b") }", b"'\\\\", b"'"),
    (b"SELECT ", b"", b" { ?a ?b ?c }", b"?a ", b""),
    (b"ASK { VALUES ?x { ", b"", b" } }", b"1 ", b""),
    (b"", b"ASK {}", b"", b"PREFIX x: <urn:x:> ", b""),
    (b"ASK { ", b"?s ?p ?o", b" }", b"", b" . ?s ?p ?o"),
)
"""Begin, core and end of a text, and what is put around its core again and again."""


def query(dice: Dice) -> bytes:
    """Make a query; most are close to good ones."""
    return one(dice, (_changed, _changed, _grown, _grown, _deep))


def update(dice: Dice) -> bytes:
    """Make an update."""
    text = " ; ".join(_operation(dice) for _ in range(dice.choice((1, 1, 2, 5))))
    whole = f"{_prologue(dice)} {text}".encode()
    return mutated(dice, whole) if dice.random() < 0.4 else whole


def _changed(dice: Dice) -> bytes:
    known = [text.encode() for text in queries()]
    return mutated(dice, dice.choice(known), known)


def _grown(dice: Dice) -> bytes:
    text = _query(dice).encode()
    return mutated(dice, text) if dice.random() < 0.3 else text


def _deep(dice: Dice) -> bytes:
    begin, core, end, left, right = dice.choice(_WRAPPERS)
    return (begin + nested(dice, left, core, right) + end)[:MOST]


def _prologue(dice: Dice) -> str:
    return " ".join(dice.choice(_PREFIXES) for _ in range(dice.randrange(3)))


def _query(dice: Dice) -> str:
    shown = dice.choice(
        ("*", "DISTINCT *", "REDUCED ?a", _variables(dice), f"({_term(dice)} AS ?n)")
    )
    if dice.random() < 0.2:
        shown = f"({dice.choice(_SETS)}(DISTINCT {_expression(dice, 1)}) AS ?n)"
    form = dice.choice(
        (f"SELECT {shown}", f"SELECT {shown}", "ASK", f"DESCRIBE {_iri(dice)}",
         f"CONSTRUCT {{ {_triples(dice)} }}")
    )  # fmt: skip
    named = dice.choice(("", "", "", f"FROM {_iri(dice)}", f"FROM NAMED {_iri(dice)}"))
    end = " ".join(_modifier(dice) for _ in range(dice.choice((0, 0, 1, 3))))
    return f"{_prologue(dice)} {form} {named} WHERE {_group(dice, 3)} {end}"


def _modifier(dice: Dice) -> str:
    return dice.choice(
        (f"ORDER BY DESC({_expression(dice, 1)})", f"LIMIT {dice.choice((0, 1, 20, 10**19))}",
         f"OFFSET {dice.choice((0, 3, 10**6))}", f"GROUP BY {_variables(dice)}",
         f"HAVING ({_expression(dice, 1)})", f"VALUES ?a {{ {_term(dice)} UNDEF }}")
    )  # fmt: skip


def _group(dice: Dice, depth: int) -> str:
    parts = [_part(dice, depth) for _ in range(dice.choice((1, 1, 2, 3)))]
    return f"{{ {' '.join(parts)} }}"


def _part(dice: Dice, depth: int) -> str:
    if depth == 0 or dice.random() < 0.4:
        return f"{_triples(dice)} ."
    inner = _group(dice, depth - 1)
    return dice.choice(
        (f"OPTIONAL {inner}", f"MINUS {inner}", f"{inner} UNION {_group(dice, depth - 1)}",
         f"GRAPH {dice.choice(('?g', _iri(dice)))} {inner}", f"FILTER EXISTS {inner}",
         f"SERVICE SILENT {_iri(dice)} {inner}", f"SERVICE <{AWAY}> {inner}",
         f"FILTER ({_expression(dice, 3)})", f"BIND ({_expression(dice, 3)} AS ?z{depth})",
         f"VALUES (?a ?b) {{ ({_term(dice)} UNDEF) }}", f"{{ SELECT {_variables(dice)} {inner} }}",
         f"FILTER NOT EXISTS {inner}", inner)
    )  # fmt: skip


def _triples(dice: Dice) -> str:
    verb = dice.choice((_path(dice, 3), _iri(dice), "?p"))
    return f"{_term(dice)} {verb} {_term(dice)}, {_term(dice)} ; a {_term(dice)}"


def _path(dice: Dice, depth: int) -> str:
    if depth == 0:
        return dice.choice(_IRIS)
    inner = _path(dice, depth - 1)
    return dice.choice(
        (inner, f"^{inner}", f"({inner})*", f"({inner})+", f"({inner})?",
         f"{inner}/{_path(dice, depth - 1)}", f"({inner}|{_path(dice, depth - 1)})",
         f"!({dice.choice(_IRIS)}|^{dice.choice(_IRIS)})")
    )  # fmt: skip


def _expression(dice: Dice, depth: int) -> str:
    if depth == 0 or dice.random() < 0.2:
        return _term(dice)
    one_, other = _expression(dice, depth - 1), _expression(dice, depth - 1)
    count = dice.choice((0, 1, 2, 3))
    called = ", ".join(_expression(dice, depth - 1) for _ in range(count))
    return dice.choice(
        (f"{dice.choice(_FUNCTIONS)}({called})", f"{dice.choice(_FUNCTIONS)}({called})",
         f"({one_} {dice.choice(('=', '<', '!=', '+', '*', '/', '&&', '||'))} {other})",
         f"{one_} IN ({other}, {one_})", f"!({one_})", f"-({one_})",
         f"EXISTS {{ {_triples(dice)} }}")
    )  # fmt: skip


def _variables(dice: Dice) -> str:
    return " ".join(dice.choice(_VARIABLES) for _ in range(dice.choice((1, 2, 4))))


def _term(dice: Dice) -> str:
    return dice.choice(
        (dice.choice(_VARIABLES), dice.choice(_VARIABLES), _iri(dice), dice.choice(_LITERALS),
         "[]", "_:b", "( 1 ?a )", "<<( ?a ?b 1 )>>")
    )  # fmt: skip


def _iri(dice: Dice) -> str:
    return dice.choice(_IRIS)


def _operation(dice: Dice) -> str:
    graph = dice.choice(("DEFAULT", "GRAPH <urn:x:g>", "NAMED", "ALL", f"GRAPH {_iri(dice)}"))
    silent = dice.choice(("", "SILENT"))
    return dice.choice(
        (f"INSERT DATA {{ {_ground(dice)} }}", f"DELETE DATA {{ {_ground(dice)} }}",
         f"INSERT DATA {{ GRAPH <urn:x:g> {{ {_ground(dice)} }} }}",
         f"DELETE {{ {_triples(dice)} }} INSERT {{ {_triples(dice)} }} WHERE {_group(dice, 2)}",
         f"DELETE WHERE {{ GRAPH <urn:x:g> {{ {_triples(dice)} }} }}",
         f"WITH <urn:x:g> DELETE {{ ?a ?b ?c }} WHERE {_group(dice, 1)}",
         f"LOAD {silent} <{AWAY}>", f"LOAD {silent} <{AWAY}> INTO GRAPH <urn:x:g>",
         f"CLEAR {silent} {graph}", f"DROP {silent} {graph}", f"CREATE {silent} GRAPH <urn:x:g>",
         f"COPY {silent} DEFAULT TO <urn:x:g>", f"MOVE {silent} <urn:x:g> TO <urn:x:h>",
         f"ADD {silent} <urn:x:h> TO DEFAULT")
    )  # fmt: skip


def _ground(dice: Dice) -> str:
    objects = (*_LITERALS, *_IRIS)
    return f"<urn:x:{dice.randrange(9)}> {dice.choice(_IRIS)} {dice.choice(objects)}"
