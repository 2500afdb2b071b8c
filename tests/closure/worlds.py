"""Small random ontologies with data, for tests that compare two ways to close them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hypothesis import strategies as some
from tests.closure.turtle import node, number
from tests.closure.values import TABLE, typed

from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple

Node = NamedNode | BlankNode | Literal
Draw = Callable[..., object]

CLASSES: Final = (":A", ":B", ":C", ":D", ":E")
PROPERTIES: Final = (":p", ":q", ":r", ":s", ":t")
INDIVIDUALS: Final = (":a", ":b", ":c", ":d", ":e")
PLAIN: Final = (typed("1", "integer"), Literal("a"), Literal("b"))
"""Literals of three values, each in one writing."""
DATATYPES: Final = ("xsd:integer", "xsd:nonNegativeInteger", "xsd:string", "rdfs:Literal")
KINDS: Final = ("Symmetric", "Transitive", "Functional", "InverseFunctional")
DENYING_KINDS: Final = ("Irreflexive", "Asymmetric")
EXPRESSIONS: Final = (
    *("someValuesFrom", "allValuesFrom", "hasValue", "maxCardinality", "maxQualifiedCardinality"),
    *("intersectionOf", "unionOf", "oneOf", "complementOf"),
)
AXIOMS: Final = (
    *("subClassOf", "subClassOf", "equivalentClass", "disjointWith", "hasKey", "subPropertyOf"),
    *("subPropertyOf", "inverseOf", "equivalentProperty", "propertyDisjointWith", "chain", "kind"),
    *("kind", "domain", "range", "sameAs", "differentFrom", "denial", "AllDifferent"),
    *("AllDisjointClasses", "AllDisjointProperties", "declaration"),
)
LATE: Final = (
    *("own type", "own subClassOf", "own subPropertyOf", "own sameAs", "same class"),
    *("same property", "class of properties", "property as axiom"),
)


class _World:
    # Draws sentences and writes down their triples; blank nodes are numbered.

    def __init__(self, draw: Draw, literals: tuple[Literal, ...], *, valued: bool) -> None:
        self.draw = draw
        self.literals = literals
        self.valued = valued
        self.triples: list[Triple] = []
        self._count = 0

    def one(self, names: tuple[str, ...]) -> NamedNode:
        return node(str(self.draw(some.sampled_from(names))))

    def blank(self) -> BlankNode:
        self._count += 1
        return BlankNode(f"n{self._count}")

    def say(self, *places: Node | str) -> None:
        self.triples.append(Triple(*(node(x) if isinstance(x, str) else x for x in places)))

    def listed(self, items: list[Node]) -> Node:
        head: Node = node("rdf:nil")
        for item in reversed(items):
            cell = self.blank()
            self.say(cell, "rdf:first", item)
            self.say(cell, "rdf:rest", head)
            head = cell
        return head

    def some_of(self, make: Callable[[], Node], most: int = 3) -> Node:
        count = int(str(self.draw(some.integers(1, most))))
        return self.listed([make() for _ in range(count)])

    def different(self, names: tuple[str, ...]) -> Node:
        chosen = self.draw(
            some.lists(some.sampled_from(names), min_size=2, max_size=3, unique=True)
        )
        return self.listed([node(name) for name in chosen])  # type: ignore[attr-defined]

    def thing(self) -> Node:
        return self.one(INDIVIDUALS)

    def property(self) -> NamedNode:
        return self.one(PROPERTIES)

    def _values(self) -> tuple[Literal | None, ...]:
        # A thing as often as a literal, or more.
        return (*(None,) * len(self.literals), *self.literals)

    def value(self) -> Node:
        literal = self.draw(some.sampled_from(self._values()))
        return literal if isinstance(literal, Literal) else self.thing()

    def class_(self, depth: int = 0) -> Node:
        if depth > 1 or self.draw(some.booleans()):
            of_literals = self.valued and self.draw(some.booleans())
            return self.one(DATATYPES if of_literals else CLASSES)
        name = str(self.draw(some.sampled_from(EXPRESSIONS)))
        expression, inner = self.blank(), depth + 1
        if name in {"intersectionOf", "unionOf"}:
            self.say(expression, f"owl:{name}", self.some_of(lambda: self.class_(inner)))
        elif name == "oneOf":
            self.say(expression, "owl:oneOf", self.some_of(self.thing))
        elif name == "complementOf":
            self.say(expression, "owl:complementOf", self.class_(inner))
        else:
            self._restriction(expression, name, inner)
        return expression

    def _restriction(self, expression: BlankNode, name: str, depth: int) -> None:
        self.say(expression, "owl:onProperty", self.property())
        if name == "hasValue":
            self.say(expression, "owl:hasValue", self.value())
        elif name.startswith("max"):
            most = int(str(self.draw(some.sampled_from((0, 1, 1, 1, 2)))))
            self.say(expression, f"owl:{name}", number(most))
            if name == "maxQualifiedCardinality":
                self.say(expression, "owl:onClass", self._any_class(depth))
        else:
            self.say(expression, f"owl:{name}", self._any_class(depth))

    def _any_class(self, depth: int) -> Node:
        return node("owl:Thing") if self.draw(some.booleans()) else self.class_(depth)

    def axiom(self) -> None:
        name = str(self.draw(some.sampled_from(AXIOMS)))
        if name in {"subClassOf", "equivalentClass", "disjointWith"}:
            prefix = "rdfs" if name == "subClassOf" else "owl"
            self.say(self.class_(), f"{prefix}:{name}", self.class_())
        elif name in {"subPropertyOf", "inverseOf", "equivalentProperty", "propertyDisjointWith"}:
            prefix = "rdfs" if name == "subPropertyOf" else "owl"
            self.say(self.property(), f"{prefix}:{name}", self.property())
        elif name in {"domain", "range"}:
            self.say(self.property(), f"rdfs:{name}", self.class_())
        elif name in {"sameAs", "differentFrom"}:
            self.say(self.thing(), f"owl:{name}", self.thing())
        elif name.startswith("All"):
            self._of_all(name)
        else:
            getattr(self, f"_{name}")()

    def _hasKey(self) -> None:  # noqa: N802
        self.say(self.class_(), "owl:hasKey", self.some_of(self.property, 2))

    def _chain(self) -> None:
        self.say(self.property(), "owl:propertyChainAxiom", self.some_of(self.property))

    def _kind(self) -> None:
        kind = self.draw(some.sampled_from((*KINDS, *KINDS, *DENYING_KINDS)))
        self.say(self.property(), "rdf:type", f"owl:{kind}Property")

    def _declaration(self) -> None:
        name = str(self.draw(some.sampled_from(("Class", "ObjectProperty", "DatatypeProperty"))))
        self.say(self.one(CLASSES if name == "Class" else PROPERTIES), "rdf:type", f"owl:{name}")

    def _denial(self) -> None:
        denial, value = self.blank(), self.value()
        self.say(denial, "owl:sourceIndividual", self.thing())
        self.say(denial, "owl:assertionProperty", self.property())
        end = "targetValue" if isinstance(value, Literal) else "targetIndividual"
        self.say(denial, f"owl:{end}", value)

    def _of_all(self, name: str) -> None:
        axiom = self.blank()
        self.say(axiom, "rdf:type", f"owl:{name}")
        of = {"AllDifferent": INDIVIDUALS, "AllDisjointClasses": CLASSES}.get(name, PROPERTIES)
        self.say(axiom, "owl:members", self.different(of))

    def late(self) -> None:
        """Say something that makes axioms, types or sameness of terms that a plan may name."""
        name = str(self.draw(some.sampled_from(LATE)))
        if name == "own type":
            self.say(":mine", "rdfs:subPropertyOf", "rdf:type")
            kind = self.draw(some.sampled_from(KINDS))
            self.say(self.property(), ":mine", f"owl:{kind}Property")
            self.say(self.thing(), ":mine", self.one(CLASSES))
        elif name.startswith("own"):
            own = name.removeprefix("own ")
            ends = {"subClassOf": CLASSES, "subPropertyOf": PROPERTIES}.get(own, INDIVIDUALS)
            prefix = "owl" if own == "sameAs" else "rdfs"
            self.say(f":{own}", "rdfs:subPropertyOf", f"{prefix}:{own}")
            self.say(self.one(ends), f":{own}", self.one(ends))
        elif name == "class of properties":
            class_ = self.one(CLASSES)
            kind = self.draw(some.sampled_from(KINDS))
            self.say(class_, "rdfs:subClassOf", f"owl:{kind}Property")
            self.say(self.property(), "rdf:type", class_)
        elif name == "property as axiom":
            axiom = some.sampled_from(
                ("rdfs:subClassOf", "rdf:type", "owl:inverseOf", "owl:sameAs")
            )
            self.say(self.property(), "rdfs:subPropertyOf", str(self.draw(axiom)))
        else:
            ends = CLASSES if name == "same class" else PROPERTIES
            self.say(self.one(ends), "owl:sameAs", self.one(ends))

    def fact(self) -> None:
        if self.draw(some.booleans()):
            self.say(self.thing(), self.property(), self.value())
        else:
            self.say(self.thing(), "rdf:type", self.class_())


@some.composite
def worlds(draw: Draw, *, late: bool, valued: bool = False) -> list[Triple]:
    """Draw the triples of an ontology with data.

    Args:
        draw: given by hypothesis.
        late: whether there may be axioms that only follow, and sameness of classes and properties.
        valued: whether there are datatypes among the classes, and values with several writings.
    """
    world = _World(draw, tuple(TABLE) if valued else PLAIN, valued=valued)
    for _ in range(int(str(draw(some.integers(1, 6))))):
        world.axiom()
    for _ in range(int(str(draw(some.integers(0, 2 if late else 0))))):
        world.late()
    for _ in range(int(str(draw(some.integers(1, 8))))):
        world.fact()
    return world.triples
