"""Random shapes of SHACL Core and random data for them.

All constraint components, paths and targets of the Recommendation are in use. The shapes mean
nothing: they lead two engines into every corner of it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import MappingProxyType
from typing import Final

PREFIXES: Final = """\
@prefix e: <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PROPERTIES: Final = ("e:p", "e:q", "e:r")
CLASSES: Final = ("e:C", "e:D")
NODES: Final = ("e:a", "e:b", "e:c", "_:x")
LANGUAGES: Final = ("en", "en-gb", "sv", "e", "EN")
KINDS: Final = (
    "sh:IRI", "sh:BlankNode", "sh:Literal", "sh:BlankNodeOrIRI", "sh:BlankNodeOrLiteral",
    "sh:IRIOrLiteral",
)  # fmt: skip
LITERALS: Final = (
    '"a"', '"b"', '""', '"abc"', '"a"@en', '"b"@en', '"a"@en-gb', '"a"@sv', '"1"', "1", "2", "01",
    "-1", "1.0", "1.5", "1e0", '"NaN"^^xsd:double', '"INF"^^xsd:float', '"1"^^xsd:float',
    '"x"^^xsd:integer', '"300"^^xsd:byte', '"1"^^xsd:byte', "true", "false", '"1"^^xsd:boolean',
    '"2020-01-01"^^xsd:date', '"2020-01-02"^^xsd:date', '"2020-13-01"^^xsd:date',
    '"2020-01-01T00:00:00"^^xsd:dateTime', '"2020-01-01T00:00:00Z"^^xsd:dateTime',
    '"2020-01-02T00:00:00"^^xsd:dateTime', '"a"^^e:datatype', '"P1D"^^xsd:duration',
    '"http://e/a"^^xsd:anyURI',
)  # fmt: skip
BOUNDS: Final = (
    "1", "2", "1.0", "1.5", "1e0", '"2020-01-01"^^xsd:date', '"b"',
    '"2020-01-01T00:00:00Z"^^xsd:dateTime', '"2020-01-02T00:00:00"^^xsd:dateTime',
)  # fmt: skip
DATATYPES: Final = (
    "xsd:string", "xsd:integer", "xsd:decimal", "xsd:double", "xsd:float", "xsd:boolean",
    "xsd:byte", "xsd:date", "xsd:dateTime", "xsd:anyURI", "rdf:langString", "e:datatype",
)  # fmt: skip
PATTERNS: Final = ('"a"', '"^a"', '"b$"', '"A" ; sh:flags "i"', '"^.$"', '"e/[ab]"')


def data(random: Random) -> str:
    """Return some random statements about a few nodes, in Turtle."""
    lines = [f"{node} a {random.choice(CLASSES)} ." for node in NODES if random.random() < 0.7]
    for _ in range(random.randint(2, 9)):
        value = random.choice(LITERALS) if random.random() < 0.7 else random.choice(NODES)
        lines.append(f"{random.choice(NODES)} {random.choice(PROPERTIES)} {value} .")
    lines += ["e:D rdfs:subClassOf e:C ."] if random.random() < 0.4 else []
    return PREFIXES + "\n".join(lines)


def shapes(random: Random) -> str:
    """Return a random shapes graph in Turtle; shapes refer to later ones alone."""
    made = _Made(random)
    return PREFIXES + "\n".join(made.written())


class _Made:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.number = random.randint(1, 5)
        self.paths = [random.random() < 0.6 for _ in range(self.number)]

    def written(self) -> list[str]:
        return [f"e:S{at} {' ; '.join(self._parts(at))} ." for at in range(self.number)]

    def _parts(self, at: int) -> list[str]:
        kind = "sh:PropertyShape" if self.paths[at] else "sh:NodeShape"
        parts = [f"a {kind}"]
        if self.paths[at]:
            parts.append(f"sh:path {self._path()}")
        if at == 0 or self.random.random() < 0.2:
            parts.append(self._target())
        names = sorted(CONSTRAINTS if self.paths[at] else CONSTRAINTS.keys() - ON_PATHS)
        if at + 1 == self.number:
            names = [name for name in names if name not in NESTING]
        chosen = self.random.sample(names, self.random.choice((1, 1, 2, 3)))
        parts += [CONSTRAINTS[name](self, at) for name in chosen]
        if self.random.random() < 0.05:
            parts.append("sh:deactivated true")
        if self.random.random() < 0.1:
            parts.append("sh:severity sh:Info")
        return parts

    def _path(self, depth: int = 0) -> str:
        if depth == 2 or self.random.random() < 0.6:
            return self.random.choice((*PROPERTIES, *PROPERTIES, "rdf:type"))
        inner = [self._path(depth + 1) for _ in range(2)]
        return self.random.choice(
            (
                f"[ sh:inversePath {inner[0]} ]",
                f"( {inner[0]} {inner[1]} )",
                f"[ sh:alternativePath ( {inner[0]} {inner[1]} ) ]",
                f"[ sh:zeroOrMorePath {inner[0]} ]",
                f"[ sh:oneOrMorePath {inner[0]} ]",
                f"[ sh:zeroOrOnePath {inner[0]} ]",
            )
        )

    def _target(self) -> str:
        return self.random.choice(
            (
                f"sh:targetClass {self.random.choice(CLASSES)}",
                f"sh:targetNode {self.random.choice(NODES[:3])}",
                f"sh:targetNode {self.random.choice(LITERALS)}",
                f"sh:targetSubjectsOf {self.random.choice(PROPERTIES)}",
                f"sh:targetObjectsOf {self.random.choice(PROPERTIES)}",
            )
        )

    def later(self, at: int, *, paths: bool | None = None) -> str:
        """Return a shape that comes later: any, a property shape or a node shape."""
        fit = [n for n in range(at + 1, self.number) if paths is None or self.paths[n] is paths]
        return f"e:S{self.random.choice(fit)}" if fit else ""

    def several(self, at: int) -> str:
        """Return a list of later shapes."""
        return " ".join(self.later(at) for _ in range(self.random.randint(1, 3)))


Maker = Callable[[_Made, int], str]


def _one_of(name: str, values: tuple[str, ...]) -> Maker:
    return lambda made, _: f"sh:{name} {made.random.choice(values)}"


def _listed(name: str, values: tuple[str, ...]) -> Maker:
    return lambda made, _: f"sh:{name} ( {' '.join(made.random.sample(values, 3))} )"


def _nested(name: str) -> Maker:
    return lambda made, at: f"sh:{name} {made.later(at)}"


def _all_of(name: str) -> Maker:
    return lambda made, at: f"sh:{name} ( {made.several(at)} )"


def _property(made: _Made, at: int) -> str:
    fit = made.later(at, paths=True)
    return f"sh:property {fit}" if fit else f"sh:not {made.later(at)}"


def _node(made: _Made, at: int) -> str:
    fit = made.later(at, paths=False)
    return f"sh:node {fit}" if fit else f"sh:not {made.later(at)}"


def _qualified(made: _Made, at: int) -> str:
    bound = made.random.choice(("Min", "Max"))
    also = " ; sh:qualifiedValueShapesDisjoint true" if made.random.random() < 0.3 else ""
    count = made.random.randint(0, 2)
    return f"sh:qualifiedValueShape {made.later(at)} ; sh:qualified{bound}Count {count}{also}"


def _closed(made: _Made, _: int) -> str:
    return f"sh:closed true ; sh:ignoredProperties ( rdf:type {made.random.choice(PROPERTIES)} )"


CONSTRAINTS: Final = MappingProxyType(
    {
        "class": _one_of("class", CLASSES),
        "datatype": _one_of("datatype", DATATYPES),
        "nodeKind": _one_of("nodeKind", KINDS),
        "minCount": _one_of("minCount", ("0", "1", "2")),
        "maxCount": _one_of("maxCount", ("0", "1", "2")),
        "minExclusive": _one_of("minExclusive", BOUNDS),
        "minInclusive": _one_of("minInclusive", BOUNDS),
        "maxExclusive": _one_of("maxExclusive", BOUNDS),
        "maxInclusive": _one_of("maxInclusive", BOUNDS),
        "minLength": _one_of("minLength", ("0", "1", "2", "10")),
        "maxLength": _one_of("maxLength", ("0", "1", "2", "10")),
        "pattern": _one_of("pattern", PATTERNS),
        "languageIn": _listed("languageIn", tuple(f'"{tag}"' for tag in LANGUAGES)),
        "uniqueLang": _one_of("uniqueLang", ("true", "false")),
        "equals": _one_of("equals", PROPERTIES),
        "disjoint": _one_of("disjoint", PROPERTIES),
        "lessThan": _one_of("lessThan", PROPERTIES),
        "lessThanOrEquals": _one_of("lessThanOrEquals", PROPERTIES),
        "not": _nested("not"),
        "and": _all_of("and"),
        "or": _all_of("or"),
        "xone": _all_of("xone"),
        "node": _node,
        "property": _property,
        "qualified": _qualified,
        "closed": _closed,
        "hasValue": _one_of("hasValue", (*LITERALS, *NODES[:3])),
        "in": _listed("in", (*LITERALS, *NODES[:3])),
    }
)
ON_PATHS: Final = frozenset(
    {"minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualified"}
)
NESTING: Final = frozenset({"not", "and", "or", "xone", "node", "property", "qualified"})
